//! Buttons: what a press does, and that a second press does nothing more.

use anyhow::Context as _;
use atelier_proto::{
    request_id,
    v1::{self as wire, JobState},
};
use atelier_tests::{
    Studio,
    acts::{self, soon},
    talk::{Answer, Talk, button, kind, seed, thumbnail},
};
use tonic::Code;

use crate::conversation::SENTENCE;

/// A studio that asks before anything that costs something.
async fn asking() -> anyhow::Result<Studio> {
    Studio::with(atelier_daemon::clock::Clock::system(), |config| {
        config.credits.auto_confirm_credits = Some(0);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_above_the_bound_waits_for_confirm() -> anyhow::Result<()> {
    let studio = asking().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let asked = talk.say(SENTENCE).await?;
    assert_eq!(asked.kinds(), ["quote"]);
    assert_eq!(acts::balance(&ann).await?.reserved_credits, 0);
    let confirm = button(asked.last()?, "Make it")?;
    let dismiss = button(asked.last()?, "Not now")?;

    let made = talk.press(&confirm).await?;
    assert_eq!(made.kinds(), ["quote", "progress", "result"]);
    assert!(made.quote()?.actions.is_empty(), "what is taken can't be pressed any more");
    let again = talk.press(&confirm).await?;
    assert_eq!(again.result()?.job_id, made.result()?.job_id);
    let late = talk.press(&dismiss).await?;
    assert_eq!(late.kinds(), ["quote"], "too late to say no, and nothing breaks");
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    assert_eq!(talk.history().await?.len(), 3);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_may_be_turned_down_or_accepted_beforehand() -> anyhow::Result<()> {
    let studio = asking().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let asked = talk.say(SENTENCE).await?;
    let (confirm, dismiss) = (button(asked.last()?, "Make it")?, button(asked.last()?, "Not now")?);
    for _ in 0..2 {
        let turned_down = talk.press(&dismiss).await?;
        let summary = &turned_down.quote()?.summary;
        assert!(summary.contains("not made"), "{summary}");
    }
    assert_eq!(talk.press(&confirm).await?.kinds(), ["quote"], "what was turned down is not made");
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);

    let words = wire::SayRequest { confirm: true, ..talk.words(SENTENCE) };
    assert_eq!(talk.send(words).await?.kinds(), ["quote", "progress", "result"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn again_and_vary_make_new_ones() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let first = talk.say(SENTENCE).await?;
    let (again, vary) = (button(first.last()?, "Again")?, button(first.last()?, "4 variants")?);

    let once = talk.press(&again).await?;
    assert_ne!(seed(once.result()?)?, seed(first.result()?)?);
    assert_eq!(thumbnail(once.result()?)?.title, "CRUST!");
    let varied = talk.press(&vary).await?;
    assert_eq!(varied.result()?.results.len(), 4);
    assert_eq!(acts::balance(&ann).await?.available_credits, 20 - 1 - 1 - 4);
    // Another press of the same button is another wish; buttons never wear out.
    let twice = talk.press(&again).await?;
    assert_ne!(twice.result()?.job_id, once.result()?.job_id);
    assert_ne!(seed(twice.result()?)?, seed(once.result()?)?);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_press_sent_twice_is_one_press() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let first = talk.say(SENTENCE).await?;
    let again = button(first.last()?, "Again")?;
    let id = request_id();
    let (one, two) = tokio::join!(talk.press_as(&id, &again), talk.press_as(&id, &again));
    let (one, two) = (one?, two?);
    assert_eq!(one.result()?.job_id, two.result()?.job_id);
    assert_eq!(talk.history().await?.len(), 5, "one price and one job more");
    assert_eq!(acts::balance(&ann).await?.available_credits, 18);
    let vary = button(first.last()?, "4 variants")?;
    let refused = status(talk.press_as(&id, &vary).await)?;
    assert_eq!(refused.code(), Code::AlreadyExists);
    Ok(())
}

/// The status of an answer that has to fail.
fn status(answer: anyhow::Result<Answer>) -> anyhow::Result<tonic::Status> {
    match answer {
        Ok(answer) => anyhow::bail!("it was not refused: {answer:?}"),
        Err(error) => error.downcast(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_and_start_again() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    studio.valve.close();
    let mut cards = talk.open(talk.words(SENTENCE)).await?;
    let cancel = loop {
        let card = soon(cards.message()).await??.and_then(|message| message.card).context("no card")?;
        if kind(&card) == "progress" {
            break button(&card, "Cancel")?;
        }
    };
    studio.valve.until_held().await;
    let mut cancelled = talk.press(&cancel).await?;
    for _ in 0..2 {
        assert!(cancelled.text()?.contains("cancelled. No credits were taken."), "{}", cancelled.text()?);
        cancelled = talk.press(&cancel).await?;
    }
    studio.valve.release();
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);

    let restart = button(cancelled.last()?, "Start it again")?;
    let made = talk.press(&restart).await?.result()?.clone();
    assert_eq!(made.state(), JobState::Succeeded);
    let jobs = ann.jobs().list_jobs(wire::ListJobsRequest::default()).await?.into_inner().jobs;
    assert_eq!(jobs.len(), 2);
    assert_eq!(seed(&jobs[0])?, seed(&jobs[1])?, "exactly the same again");
    // The button of the job that is over still works and changes nothing.
    assert!(talk.press(&cancel).await?.text()?.contains("cancelled"));
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_may_be_tried_again() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    studio.valve.panic_next(1);
    let failed = talk.say(SENTENCE).await?;
    let card = failed.error()?;
    assert_eq!((card.reason(), card.charged), (wire::ErrorReason::Failed, false));
    assert!(!card.text.contains("panicked") && card.advice.contains("No credits were taken"), "{card:?}");
    let retry = button(failed.last()?, "Try again")?;
    let made = talk.press(&retry).await?;
    made.result()?;
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_are_said_when_pressed() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let hello = talk.say("hello!").await?;
    let help = talk.press(&button(hello.last()?, "what can you do?")?).await?;
    assert!(help.text()?.contains("I make thumbnails"), "{}", help.text()?);
    let balance = talk.press(&button(help.last()?, "balance")?).await?;
    assert!(balance.text()?.contains("You have 20 credits"), "{}", balance.text()?);
    assert_eq!(talk.history().await?.len(), 6);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_work_after_a_restart_and_for_their_owner_alone() -> anyhow::Result<()> {
    let mut studio = asking().await?;
    let (ann, bob) = (studio.member("ann").await?, studio.member("bob").await?);
    let talk = Talk::begin(&ann).await?;
    let confirm = button(talk.say(SENTENCE).await?.last()?, "Make it")?;
    studio.restart().await?;
    let strange = Talk::begin(&bob).await?;
    assert_eq!(status(strange.press(&confirm).await)?.code(), Code::NotFound);
    let forged = format!("{}A", &confirm[..confirm.len() - 2]);
    let refused = status(talk.press(&forged).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition, "{refused}");
    talk.press(&confirm).await?.result()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_one_to_the_card_that_was_pressed() -> anyhow::Result<()> {
    let studio = asking().await?;
    let (ann, ben) = (studio.member("ann").await?, studio.member("ben").await?);
    let talk = Talk::begin(&ann).await?;
    let asked = talk.say(SENTENCE).await?;
    let (confirm, priced) = (button(asked.last()?, "Make it")?, button(asked.last()?, "Change …")?);
    // A price is changed before anything is made.
    let cheaper = talk.press_with(&request_id(), &priced, "title \"LOAF\"").await?;
    assert!(cheaper.quote()?.summary.contains("LOAF"), "{:?}", cheaper.quote()?.summary);
    let first = talk.press(&confirm).await?;
    let change = button(first.last()?, "Change …")?;
    let other = talk.say("thumbnail about hiking the Alps, title \"PEAK\"").await?;
    talk.press(&button(other.last()?, "Make it")?).await?;

    // The newest request is about the Alps; what is changed is the bread.
    let id = request_id();
    let revised = talk.press_with(&id, &change, "make it blue").await?;
    let summary = &revised.quote()?.summary;
    assert!(summary.contains("sourdough") && summary.contains("CRUST!"), "{summary}");
    let again = talk.press_with(&id, &change, "make it blue").await?;
    assert_eq!(again.last()?.card_id, revised.last()?.card_id, "the same press is one");
    let made = talk.press(&button(revised.last()?, "Make it")?).await?;
    assert_eq!(thumbnail(made.result()?)?.palette, ["blue"]);
    assert_eq!(seed(made.result()?)?, seed(first.result()?)?, "what was not to change stays");
    // From here on words change that one.
    let darker = talk.say("make it darker").await?;
    assert!(darker.quote()?.summary.contains("sourdough"));

    for words in ["hmm", "cancel"] {
        let vague = talk.press_with(&request_id(), &change, words).await?;
        assert_eq!(kind(vague.last()?), "question", "{words}: {vague:?}");
    }
    for (client, text, code) in [
        (&ann, "", Code::InvalidArgument),
        (&ann, "x".repeat(8_001).as_str(), Code::InvalidArgument),
        (&ben, "make it blue", Code::NotFound),
    ] {
        let talk = Talk::begin(client).await?;
        let refused = status(talk.press_with(&request_id(), &change, text).await)?;
        assert_eq!(refused.code(), code, "{refused}");
    }
    let refused = status(talk.press_with(&request_id(), &confirm, "please").await)?;
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_price_that_is_taken_gets_its_own_job() -> anyhow::Result<()> {
    let studio = asking().await?;
    let ann = studio.member("ann").await?;
    let talk = Talk::begin(&ann).await?;
    let first = button(talk.say(SENTENCE).await?.last()?, "Make it")?;
    let second = talk.say("thumbnail about hiking the Alps, title \"PEAK\"").await?;
    let second = button(second.last()?, "Make it")?;
    // The job of the first price is what follows the second one.
    let bread = talk.press(&first).await?.result()?.job_id.clone();
    let alps = talk.press(&second).await?.result()?.job_id.clone();
    assert_ne!(bread, alps);
    for (confirm, job) in [(&first, &bread), (&second, &alps)] {
        assert_eq!(&talk.press(confirm).await?.result()?.job_id, job, "one job for each");
    }
    assert_eq!(acts::balance(&ann).await?.available_credits, 18);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_asks_once_and_a_moderator_is_named() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (ann, ben) = (studio.member("ann").await?, studio.member("ben").await?);
    let talk = Talk::begin(&ann).await?;
    let made = talk.say(SENTENCE).await?;
    let job = made.result()?.clone();
    let delete = button(made.last()?, "Delete")?;
    let asked = talk.press(&delete).await?;
    let (surely, keep) = (button(asked.last()?, "Delete for good")?, button(asked.last()?, "Keep it")?);
    let kept = talk.press(&keep).await?;
    assert!(kind(kept.last()?) == "result" && kept.last()?.only_buttons, "{kept:?}");
    assert_eq!(acts::job(&ann, &job.job_id).await?.job_id, job.job_id, "nothing was deleted");

    let bens = async |token: &str| ben.conversations().press(acts::press(token)).await;
    assert_eq!(acts::refusal(bens(&surely).await)?.code(), Code::NotFound);
    studio.set_role("ben", wire::Role::Moderator).await?;
    let mut cards = bens(&surely).await?.into_inner();
    let card = soon(cards.message()).await??.and_then(|answer| answer.card).context("no card")?;
    assert!(card.deleted, "{card:?}");
    assert_eq!(acts::refusal(acts::job(&ann, &job.job_id).await)?.code(), Code::NotFound);
    assert!(talk.press(&surely).await?.last()?.deleted, "twice is as good as once");
    let again = talk.press(&button(made.last()?, "Again")?).await?;
    assert!(again.last()?.deleted, "a message that outlived its picture says so: {again:?}");
    let gone = talk.press_with(&request_id(), &button(made.last()?, "Change …")?, "make it blue").await?;
    assert_eq!(kind(gone.last()?), "question", "{gone:?}");

    // What somebody else cancels names them too, in both books.
    studio.valve.close();
    let request = wire::SayRequest { confirm: true, ..talk.words(SENTENCE) };
    let mut cards = talk.open(request).await?;
    let cancel = loop {
        let card = soon(cards.message()).await??.and_then(|answer| answer.card).context("no button")?;
        if let Ok(token) = button(&card, "Cancel") {
            break token;
        }
    };
    let mut ended = bens(&cancel).await?.into_inner();
    soon(ended.message()).await??.context("no card")?;
    let moderator = acts::who(&ben).await?.member_id;
    let transfers = ann.credits().list_transfers(wire::ListTransfersRequest::default()).await?.into_inner();
    let released: Vec<_> =
        transfers.transfers.iter().filter(|it| it.phase() == wire::TransferPhase::Release).collect();
    assert_eq!(released.iter().map(|it| it.actor.as_str()).collect::<Vec<_>>(), [moderator.as_str()]);
    let audit = studio.owner()?.admin().list_audit(wire::ListAuditRequest::default()).await?.into_inner();
    let acts: Vec<_> = audit.entries.iter().filter(|entry| entry.actor == "ben").collect();
    let acts: Vec<_> = acts.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(acts, ["job.cancel", "job.delete"], "the newest first");
    studio.valve.release();
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_names_its_message_and_a_forged_one_is_told_so() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let (ann, ben) = (studio.member("ann").await?, studio.member("ben").await?);
    let talk = Talk::begin(&ann).await?;
    let made = talk.say(SENTENCE).await?;
    let again = button(made.last()?, "Again")?;
    let named = |token: &str| wire::GetMessageRequest { token: token.to_owned(), ..Default::default() };
    let message = ann.conversations().get_message(named(&again)).await?.into_inner().message;
    let message = message.context("no message")?;
    let Some(wire::message::Body::Card(card)) = message.body else { anyhow::bail!("no card") };
    let result = card.clone();
    assert_eq!(result.card_id, made.last()?.card_id);
    let acts_of = |card: &wire::Card| -> Vec<wire::Act> {
        match &card.body {
            Some(wire::card::Body::Result(card)) => card.actions.iter().map(wire::Action::act).collect(),
            _ => Vec::new(),
        }
    };
    assert_eq!(acts_of(&card), [wire::Act::Again, wire::Act::Vary, wire::Act::Revise, wire::Act::Delete]);
    let foreign = acts::refusal(ben.conversations().get_message(named(&again)).await)?;
    assert_eq!(foreign.code(), Code::NotFound);
    let forged = acts::refusal(ann.conversations().get_message(named("forged.token")).await)?;
    assert!(forged.message().contains("isn't one of ours"), "{forged}");
    let forged = status(talk.press("forged.token").await)?;
    assert!(forged.message().contains("isn't one of ours"), "{forged}");
    let said = talk.history().await?;
    let by: Vec<_> = said.iter().map(wire::Message::understood_by).collect();
    assert_eq!(by[0], wire::Interpreter::Builtin);
    assert!(by[1..].iter().all(|by| *by == wire::Interpreter::Unspecified), "{by:?}");
    Ok(())
}
