//! Says and presses things for people, and brings the cards back.

use std::sync::Arc;

use atelier_proto::{
    client::is_away,
    v1::{self as wire, card::Body, job_request::Work},
};
use tonic::{Code, Status};
use uuid::Uuid;

use super::{Inner, work::Answers};
use crate::{
    daemon::{Person, is_foreign},
    dialogue::{About, Ask, CardKey, Deed, FileRef, Input, Line},
    phrases::Language,
    platform::{Platform, Refusal},
};

/// Says words with pictures.
pub(super) async fn say<P: Platform>(
    inner: Arc<Inner<P>>,
    answers: &Answers,
    ask: Ask,
    text: &str,
    files: Vec<FileRef>,
) {
    let id = ask.id;
    if let Err(line) = said(inner, answers, ask, text, files).await {
        answers.put(Input::Told(id, line)).await;
    }
}

async fn said<P: Platform>(
    inner: Arc<Inner<P>>,
    answers: &Answers,
    ask: Ask,
    text: &str,
    files: Vec<FileRef>,
) -> Result<(), Line> {
    let person = inner.daemon.person(&ask.person);
    let conversation =
        person.enter(part(ask.act, "enter"), false).await.map_err(|status| line_of(&status))?;
    let mut pictures = Vec::with_capacity(files.len());
    for (number, file) in files.iter().enumerate() {
        let most = inner.platform.largest_in();
        if file.size_bytes > most {
            return Err(Line::TooLarge { megabytes: most / 1_000_000 });
        }
        if file.size_bytes == 0 {
            return Err(Line::NotAPicture { kind: None });
        }
        let incoming = inner.platform.open(file).await.map_err(|refusal| line_of_file(&refusal))?;
        let act = part(ask.act, &format!("upload {number}"));
        let kept = person.upload(act, &file.name, incoming).await.map_err(|status| line_of(&status))?;
        pictures.push(kept.asset_id);
    }
    let mut cards =
        person.say(ask.act, &conversation, text, pictures).await.map_err(|status| line_of(&status))?;
    answers.put(Input::Accepted(ask.id)).await;
    loop {
        match cards.message().await {
            Ok(Some(wire::SayResponse { card: Some(card) })) => {
                let key = CardKey { conversation: conversation.clone(), card: card.card_id.clone() };
                let goes_on = bring(answers, ask.id, key, card, false).await;
                if !goes_on {
                    break;
                }
            }
            Ok(Some(wire::SayResponse { card: None })) => {}
            Ok(None) => break,
            Err(status) => return Err(line_of(&status)),
        }
    }
    answers.put(Input::Answered(ask.id)).await;
    Ok(())
}

/// Presses a button.
pub(super) async fn press<P: Platform>(
    inner: Arc<Inner<P>>,
    answers: &Answers,
    ask: Ask,
    token: &str,
    text: &str,
) {
    let id = ask.id;
    if let Err(status) = pressed(inner, answers, ask, token, text).await {
        answers.put(Input::Told(id, line_of_own(&status))).await;
    }
}

/// Presses "4 variants" of the message that has this button.
pub(super) async fn more<P: Platform>(inner: Arc<Inner<P>>, answers: &Answers, ask: Ask, token: &str) {
    let line = match inner.daemon.person(&ask.person).card_of(token).await {
        Ok(Some(wire::Card { body: Some(Body::Result(card)), .. })) => {
            let vary = card.actions.into_iter().find(|action| action.act() == wire::Act::Vary);
            match vary {
                Some(vary) => return press(inner, answers, ask, &vary.token, "").await,
                None => Line::NoPicture,
            }
        }
        Ok(_) => Line::NoPicture,
        Err(status) => line_of_own(&status),
    };
    answers.put(Input::Told(ask.id, line)).await;
}

/// How the pictures were made of the message that has this button.
async fn about(person: &Person, token: &str) -> Line {
    match person.card_of(token).await {
        Ok(Some(wire::Card { body: Some(Body::Result(card)), .. })) => {
            card.job.and_then(|job| told(card.summary, &job)).map_or(Line::NoPicture, Line::About)
        }
        Ok(_) => Line::NoPicture,
        Err(status) => line_of_own(&status),
    }
}

fn told(asked: String, job: &wire::Job) -> Option<About> {
    let request = job.request.as_ref()?;
    let seed = match request.work.as_ref()? {
        Work::Thumbnail(thumbnail) => thumbnail.seed,
        Work::Image(image) => image.seed,
    };
    let first = job.results.first()?;
    let one = format!("{}×{}", first.width_px, first.height_px);
    let size = if job.results.len() > 1 { format!("{} × {one}", job.results.len()) } else { one };
    let (algorithm, seed) = (request.algorithm.clone(), seed.unwrap_or_default());
    Some(About { asked, algorithm, seed, size, credits: job.charged_credits })
}

/// What the daemon's refusal means where a message or button may be somebody else's.
fn line_of_own(status: &Status) -> Line {
    if is_foreign(status) { Line::NotYours } else { line_of(status) }
}

async fn pressed<P: Platform>(
    inner: Arc<Inner<P>>,
    answers: &Answers,
    ask: Ask,
    token: &str,
    text: &str,
) -> Result<(), Status> {
    let mut cards = inner.daemon.person(&ask.person).press(ask.act, token, text).await?;
    answers.put(Input::Accepted(ask.id)).await;
    while let Some(message) = cards.message().await? {
        let Some(card) = message.card else { continue };
        let pressed = card.card_id == message.pressed_card_id;
        let key = CardKey { conversation: message.conversation_id, card: card.card_id.clone() };
        if !bring(answers, ask.id, key, card, pressed).await {
            break;
        }
    }
    answers.put(Input::Answered(ask.id)).await;
    Ok(())
}

/// Hands a card on; false when what follows is a job, which has a follower of its own.
async fn bring(answers: &Answers, ask: i64, key: CardKey, card: wire::Card, pressed: bool) -> bool {
    let is_job = matches!(card.body, Some(Body::Progress(_)));
    answers.put(Input::Card { ask, key, card: Box::new(card), pressed }).await;
    !is_job
}

/// Does what needs no conversation.
pub(super) async fn deed<P: Platform>(inner: Arc<Inner<P>>, answers: &Answers, ask: Ask, deed: Deed) {
    let person = inner.daemon.person(&ask.person);
    let done = match deed {
        Deed::About { token } => Ok(about(&person, &token).await),
        Deed::Begin => person.enter(ask.act, true).await.map(|_| Line::Begun),
        Deed::Link { code } => person.link(ask.act, &code).await.map(|joined| Line::Linked {
            member: joined.member,
            credits: joined.moved_credits,
            items: joined.moved_items,
        }),
        Deed::Unlink => person.unlink(ask.act).await.map(|()| Line::Unlinked),
        Deed::Forget => person
            .forget(ask.act)
            .await
            .map(|done| Line::Forgotten { items: done.deleted_items, stays: done.stays }),
        Deed::Files { job } => person.pictures_of(&job).await.map(|_| Line::FilesSent),
    };
    let line = done.unwrap_or_else(|status| line_of(&status));
    answers.put(Input::Told(ask.id, line)).await;
}

/// What the daemon's refusal means to the person.
pub(super) fn line_of(status: &Status) -> Line {
    match status.code() {
        _ if is_away(status) => Line::Away,
        Code::DeadlineExceeded | Code::Unauthenticated | Code::Internal | Code::Unknown => Line::Away,
        _ => Line::Daemon { words: status.message().to_owned() },
    }
}

fn line_of_file(refusal: &Refusal) -> Line {
    match refusal {
        Refusal::Gone | Refusal::Refused(_) => Line::NotAPicture { kind: None },
        Refusal::Slow(_) | Refusal::Unreachable(_) => Line::Behind,
    }
}

/// A message of an earlier run.
pub(super) fn taken_up(binding: wire::Binding) -> Input {
    let ask = Ask {
        // Nobody asks; the message itself is as unique.
        id: binding.message,
        act: Uuid::nil(),
        person: binding.identity,
        language: Language::of_code(&binding.language),
        message: None,
        pressed: None,
        handle: String::new(),
    };
    let key = CardKey { conversation: binding.conversation_id, card: binding.card_id };
    Input::TakeUp { key, message: binding.message, ask, job: binding.job_id }
}

/// The id of a part of an act: the same whenever the act is the same.
fn part(act: Uuid, name: &str) -> Uuid {
    Uuid::new_v5(&act, name.as_bytes())
}
