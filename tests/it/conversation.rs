//! Words in, cards out: what is said, understood, answered and kept.

use std::io::Cursor;

use anyhow::Context as _;
use atelier_proto::{
    request_id,
    v1::{self as wire, card::Body, message},
};
use atelier_tests::{
    Studio,
    acts::{self, soon},
    pictures,
    talk::{Talk, kind, seed, thumbnail},
};
use image::ImageFormat;
use tonic::Code;

/// The sentence of the first page of everything.
pub(crate) const SENTENCE: &str =
    "thumbnail for my video about baking sourdough, big title \"CRUST!\", warm colours";

#[tokio::test(flavor = "multi_thread")]
async fn one_sentence_becomes_a_picture() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let answer = talk.say(SENTENCE).await?;
    assert_eq!(answer.kinds(), ["quote", "progress", "result"]);
    let card = answer.quote()?;
    let quote = card.quote.as_ref().context("a quote without a price")?;
    assert_eq!((quote.price_credits, quote.auto_confirm), (1, true));
    assert!(card.actions.is_empty(), "it goes on by itself, so there is nothing to press");
    assert!(card.summary.contains("baking sourdough") && card.summary.contains("CRUST!"), "{}", card.summary);

    let job = answer.result()?;
    let asked = thumbnail(job)?;
    assert_eq!((asked.subject.as_str(), asked.title.as_str()), ("baking sourdough", "CRUST!"));
    assert_eq!(asked.style, ["big title", "warm"]);
    let result = job.results.first().context("no result")?;
    assert_eq!((result.width_px, result.height_px, result.media_type.as_str()), (1280, 720, "image/jpeg"));
    let file = ann.download(&result.asset_id, 0).await?;
    let picture = image::ImageReader::with_format(Cursor::new(file.bytes), ImageFormat::Jpeg).decode()?;
    assert_eq!((picture.width(), picture.height()), (1280, 720));
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_changed_and_repeated_in_words() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let first = talk.say(SENTENCE).await?.result()?.clone();

    let darker = talk.say("make it darker").await?.result()?.clone();
    let asked = thumbnail(&darker)?;
    assert_eq!(seed(&darker)?, seed(&first)?, "what was not to change stays");
    assert_eq!((asked.subject.as_str(), asked.title.as_str()), ("baking sourdough", "CRUST!"));
    assert!(asked.style.iter().any(|word| word.contains("dark")), "{:?}", asked.style);
    assert!(asked.style.iter().any(|word| word == "warm"), "{:?}", asked.style);

    let another = talk.say("another one").await?.result()?.clone();
    assert_ne!(seed(&another)?, seed(&darker)?);
    assert_eq!(thumbnail(&another)?.style, asked.style);
    let pictures = [&first, &darker, &another].map(|job| job.results[0].asset_id.clone());
    let mut files = Vec::new();
    for picture in &pictures {
        files.push(ann.download(picture, 0).await?.bytes);
    }
    assert!(files[0] != files[1] && files[1] != files[2], "three different pictures");
    assert_eq!(acts::balance(&ann).await?.available_credits, 17);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_survives_a_restart() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let first = talk.say(SENTENCE).await?.result()?.clone();
    let before = talk.history().await?;
    let kinds: Vec<_> = before
        .iter()
        .map(|message| match &message.body {
            Some(message::Body::Person(_)) => "person",
            Some(message::Body::Card(card)) => kind(card),
            None => "nothing",
        })
        .collect();
    assert_eq!(kinds, ["person", "quote", "result"]);
    studio.restart().await?;
    assert_eq!(talk.history().await?, before);
    let listed = ann.conversations().list_conversations(wire::ListConversationsRequest::default()).await?;
    let listed = listed.into_inner().conversations;
    assert_eq!(listed.len(), 1);
    assert!(SENTENCE.starts_with(&listed[0].title) && !listed[0].title.is_empty(), "{}", listed[0].title);
    // It is still known what "it" is.
    let darker = talk.say("make it darker").await?.result()?.clone();
    assert_eq!(seed(&darker)?, seed(&first)?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_under_the_same_id_are_said_once() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let words = talk.words(SENTENCE);
    let (one, two) = tokio::join!(talk.send(words.clone()), talk.send(words.clone()));
    let (one, two) = (one?, two?);
    let three = talk.send(words.clone()).await?;
    for answer in [&one, &two, &three] {
        assert_eq!(answer.result()?.job_id, one.result()?.job_id);
        assert_eq!(answer.quote()?.quote.as_ref().map(|quote| quote.price_credits), Some(1));
    }
    assert_eq!(talk.history().await?.len(), 3);
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);

    let other = wire::SayRequest { text: "something else".to_owned(), ..words };
    let refused = acts::refusal(talk.open(other).await)?;
    assert_eq!(refused.code(), Code::AlreadyExists);
    assert!(refused.message().contains("request_id"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_finished_although_nobody_listens() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    studio.valve.close();
    let words = talk.words(SENTENCE);
    let mut cards = talk.open(words.clone()).await?;
    soon(cards.message()).await??.context("no card")?;
    drop(cards);
    studio.valve.until_held().await;
    studio.valve.release();
    let answer = talk.send(words).await?;
    answer.result()?;
    assert_eq!(talk.history().await?.len(), 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_are_no_requests_are_answered() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    for (said, wanted) in [
        ("hello!", "Hello!"),
        ("what can you do?", "A picture costs 1 credit"),
        ("balance", "You have 20 credits. 20 free ones come each day."),
        ("status", "Nothing is being made at the moment."),
        ("cancel", "Nothing is being made at the moment."),
        ("history", "Nothing has been made yet."),
        ("make it darker", "There is nothing to change yet"),
        ("another one", "There is nothing to repeat yet"),
        ("animate this photo", "not installed in this studio yet"),
    ] {
        let answer = talk.say(said).await?;
        assert!(answer.text()?.contains(wanted), "{said}: {}", answer.text()?);
    }
    assert_eq!(acts::balance(&ann).await?.available_credits, 20, "talking costs nothing");

    studio.valve.close();
    let mut cards = talk.open(talk.words(SENTENCE)).await?;
    studio.valve.until_held().await;
    assert!(talk.say("status").await?.text()?.contains("being made right now"));
    assert!(talk.say("balance").await?.text()?.contains("and 1 are set aside"));
    let cancelled = talk.say("cancel").await?;
    assert!(cancelled.text()?.contains("The credits are back"), "{}", cancelled.text()?);
    studio.valve.release();
    let mut last = None;
    while let Some(message) = soon(cards.message()).await?? {
        last = message.card;
    }
    let last = last.and_then(|card| card.body).context("no card")?;
    assert!(matches!(&last, Body::Text(card) if card.text.contains("cancelled")), "{last:?}");
    assert!(talk.say("history").await?.text()?.contains("– Thumbnail: baking sourdough"));
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_is_sent_along_is_on_the_picture() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let photo = pictures::photo(600, 800, [255, 0, 255], ImageFormat::Jpeg)?;
    let photo = ann.upload(&request_id(), "me.jpg", photo.into()).await?;
    let talk = Talk::begin(&ann).await?;
    let words = wire::SayRequest {
        asset_ids: vec![photo.asset_id.clone()],
        ..talk.words("thumbnail about my first marathon, title \"42 KM\", put me on it")
    };
    let job = talk.send(words).await?.result()?.clone();
    assert_eq!(thumbnail(&job)?.subject_asset_id, photo.asset_id);
    let said = talk.history().await?;
    let Some(message::Body::Person(person)) = &said[0].body else { anyhow::bail!("{said:?}") };
    assert_eq!(person.asset_ids, [photo.asset_id]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_renamed_and_deleted() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let job = talk.say(SENTENCE).await?.result()?.clone();
    let rename = wire::RenameConversationRequest {
        request_id: request_id(),
        conversation_id: talk.id.clone(),
        title: "Bread".to_owned(),
    };
    let renamed = ann.conversations().rename_conversation(rename).await?.into_inner();
    assert_eq!(renamed.conversation.context("none")?.title, "Bread");
    let delete =
        wire::DeleteConversationRequest { request_id: request_id(), conversation_id: talk.id.clone() };
    ann.conversations().delete_conversation(delete.clone()).await?;
    ann.conversations().delete_conversation(delete).await?;
    let refused = acts::refusal(talk.history().await)?;
    assert_eq!(refused.code(), Code::NotFound);
    acts::job(&ann, &job.job_id).await.context("jobs stay")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_credits_are_said_in_the_conversation() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.set_price(50).await?;
    let talk = Talk::begin(&ann).await?;
    let words = wire::SayRequest { confirm: true, ..talk.words(SENTENCE) };
    let answer = talk.send(words).await?;
    let Some(Body::Error(card)) = &answer.last()?.body else { anyhow::bail!("{:?}", answer.last()?) };
    assert_eq!((card.reason(), card.charged), (wire::ErrorReason::Credits, false));
    assert!(card.text.contains("50 credits are needed, 20 are available"), "{}", card.text);
    studio.ledger_is_sound().await?;
    Ok(())
}
