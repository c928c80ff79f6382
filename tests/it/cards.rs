//! Buttons: what a press does, and that a second press does nothing more.

use anyhow::Context as _;
use atelier_proto::{
    request_id,
    v1::{self as wire, JobState, card::Body},
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
    let Some(Body::Error(card)) = &failed.last()?.body else { anyhow::bail!("{:?}", failed.last()?) };
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
