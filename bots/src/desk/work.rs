//! Carries out what a dialogue wants, each on a task of its own that puts its answer into the mail.

use std::sync::Arc;

use atelier_proto::v1 as wire;
use tokio::sync::mpsc;

use super::{Chat, Inner, Mail, follow, talk};
use crate::{
    daemon::{Fetched, Person},
    dialogue::{Ask, CardKey, Deed, Effect, Input, Line, Outcome},
    phrases::fill,
    platform::{File, Platform, Refusal},
    render::Message,
};

/// The way into the mail of a chat.
#[derive(Clone)]
pub(super) struct Answers(mpsc::WeakSender<Mail>);

impl Answers {
    pub(super) async fn put(&self, input: Input) {
        // A chat that ended was stopped with the bot.
        if let Some(sender) = self.0.upgrade() {
            sender.send(Mail { input, receipt: None }).await.ok();
        }
    }
}

impl<P: Platform> Chat<P> {
    fn answers(&self) -> Answers {
        Answers(self.own.clone())
    }

    pub(super) fn begin(&mut self, effect: Effect) {
        let (inner, chat, answers) = (self.desk.inner.clone(), self.id, self.answers());
        self.tasks.spawn(async move {
            match effect {
                Effect::Say { ask, text, files } => {
                    talk::say(Arc::clone(&inner), &answers, ask, &text, files).await;
                }
                Effect::Press { ask, token, text } => {
                    talk::press(Arc::clone(&inner), &answers, ask, &token, &text).await;
                }
                Effect::More { ask, token } => talk::more(Arc::clone(&inner), &answers, ask, &token).await,
                Effect::Remove { ask, message } => {
                    if let Err(refusal) = remove(&*inner.platform, chat, message).await {
                        tracing::warn!(%refusal, "a message can't be taken away");
                        answers.put(Input::NotRemoved(ask)).await;
                    }
                }
                Effect::Do { ask, deed: Deed::Files { job } } => {
                    let (id, line) = (ask.id, originals(Arc::clone(&inner), chat, &ask, &job).await);
                    answers.put(Input::Told(id, line)).await;
                }
                Effect::Do { ask, deed } => talk::deed(Arc::clone(&inner), &answers, ask, deed).await,
                Effect::Typing => note("typing", inner.platform.typing(chat).await),
                Effect::Acknowledge { ask, words } => {
                    note("a press", inner.platform.acknowledge(&ask, words.as_deref()).await);
                }
                Effect::Send { ask, message } => {
                    let outcome = match with_files(Arc::clone(&inner), &ask, message).await {
                        Ok((message, files)) => inner.platform.send(chat, &ask, &message, files).await,
                        Err(refusal) => Err(refusal),
                    };
                    answers.put(Input::Done(outcome_of(outcome, Outcome::Sent))).await;
                }
                Effect::Edit { progress: true, .. } if !inner.platform.has_room() => {
                    answers.put(Input::Done(Outcome::LeftOut)).await;
                }
                Effect::Edit { ask, message, new, only_buttons: true, .. } => {
                    let outcome = inner.platform.rebutton(chat, &ask, message, &new).await;
                    answers.put(Input::Done(outcome_of(outcome, |()| Outcome::Edited))).await;
                }
                Effect::Edit { ask, message, new, .. } => {
                    let outcome = match with_files(Arc::clone(&inner), &ask, new).await {
                        Ok((new, files)) => inner.platform.edit(chat, &ask, message, &new, files).await,
                        Err(refusal) => Err(refusal),
                    };
                    answers.put(Input::Done(outcome_of(outcome, |()| Outcome::Edited))).await;
                }
                Effect::Follow { key, ask, job } => {
                    follow::follow(Arc::clone(&inner), &answers, key, &ask, &job).await;
                }
                Effect::Settled(_)
                | Effect::WakeAt(_)
                | Effect::Note(_)
                | Effect::Bind { .. }
                | Effect::Release { .. } => {}
            }
        });
    }

    pub(super) fn bind(&mut self, message: i64, key: CardKey, ask: Ask, job: String) {
        let person = self.desk.inner.daemon.person(&ask.person);
        let binding = wire::Binding {
            identity: ask.person,
            chat: self.id,
            message,
            conversation_id: key.conversation,
            card_id: key.card,
            job_id: job,
            language: ask.language.code().to_owned(),
        };
        self.note_down(async move {
            if let Err(status) = person.bind(binding).await {
                // The job is followed all the same, as long as the bot runs.
                tracing::warn!(code = ?status.code(), "the daemon does not remember a message");
            }
        });
    }

    pub(super) fn release(&mut self, message: i64, ask: &Ask) {
        let (person, chat) = (self.desk.inner.daemon.person(&ask.person), self.id);
        self.note_down(async move {
            if let Err(status) = person.release(chat, message).await {
                // At the next start it is shown once more as it is, which changes nothing.
                tracing::warn!(code = ?status.code(), "the daemon does not forget a message");
            }
        });
    }

    /// One after the other, so that a message is not let go before it is bound; on a task of its own, which outlives the
    /// chat's.
    fn note_down(&mut self, what: impl Future<Output = ()> + Send + 'static) {
        let before = self.noting.take();
        self.noting = Some(tokio::spawn(async move {
            if let Some(before) = before {
                // One that broke is over too.
                before.await.ok();
            }
            what.await;
        }));
    }
}

/// Takes a message of ours away, with patience. One that is gone is away too.
async fn remove<P: Platform>(platform: &P, chat: i64, message: i64) -> Result<(), Refusal> {
    let rules = platform.rules(chat);
    let mut tries = 0;
    loop {
        let pause = match platform.remove(chat, message).await {
            Ok(()) | Err(Refusal::Gone) => return Ok(()),
            Err(Refusal::Slow(pause)) => pause,
            Err(Refusal::Unreachable(_)) if tries < rules.tries => {
                tries += 1;
                rules.pause(tries)
            }
            Err(refusal) => return Err(refusal),
        };
        tokio::time::sleep(pause).await;
    }
}

/// A message with the bytes of its pictures. What can't be fitted is linked.
async fn with_files<P: Platform>(
    inner: Arc<Inner<P>>,
    ask: &Ask,
    mut message: Message,
) -> Result<(Message, Vec<File>), Refusal> {
    if message.pictures.is_empty() {
        return Ok((message, Vec::new()));
    }
    let person = inner.daemon.person(&ask.person);
    let (files, links) = fetch(&person, &message.pictures, inner.platform.largest_out()).await?;
    for url in links {
        message.text =
            format!("{}\n{}", message.text, fill(&ask.language.phrases().larger_at, &[("url", &url)]));
    }
    Ok((message, files))
}

async fn fetch(
    person: &Person,
    pictures: &[String],
    most_bytes: u64,
) -> Result<(Vec<File>, Vec<String>), Refusal> {
    let (mut files, mut links) = (Vec::new(), Vec::new());
    for picture in pictures {
        match person.fetch(picture, most_bytes).await {
            Ok(Fetched::File(file)) => files.push(file),
            Ok(Fetched::Link(url)) => links.push(url),
            // Deleted meanwhile: the rest is shown.
            Err(status) if crate::daemon::is_foreign(&status) => {}
            Err(status) => return Err(Refusal::Unreachable(format!("the daemon says {:?}", status.code()))),
        }
    }
    Ok((files, links))
}

/// Sends the pictures of a job as files.
async fn originals<P: Platform>(inner: Arc<Inner<P>>, chat: i64, ask: &Ask, job: &str) -> Line {
    let person = inner.daemon.person(&ask.person);
    let pictures = match person.pictures_of(job).await {
        Ok(pictures) => pictures,
        Err(status) if crate::daemon::is_foreign(&status) => return Line::NotYours,
        Err(status) => return talk::line_of(&status),
    };
    let files = match fetch(&person, &pictures, inner.platform.largest_original()).await {
        Ok((files, _)) => files,
        Err(_) => return Line::Away,
    };
    match inner.platform.send_originals(chat, ask, files).await {
        Ok(()) => Line::FilesSent,
        Err(_) => Line::Behind,
    }
}

fn outcome_of<T>(result: Result<T, Refusal>, good: impl FnOnce(T) -> Outcome) -> Outcome {
    match result {
        Ok(value) => good(value),
        Err(Refusal::Slow(pause)) => Outcome::Slow(pause),
        Err(Refusal::Gone) => Outcome::Gone,
        Err(Refusal::Refused(reason)) => {
            tracing::warn!(reason, "the platform refused a message");
            Outcome::Refused
        }
        Err(Refusal::Unreachable(reason)) => {
            tracing::debug!(reason, "a message could not be sent; it is tried again");
            Outcome::Unreachable
        }
    }
}

fn note(what: &'static str, result: Result<(), Refusal>) {
    if let Err(refusal) = result {
        tracing::debug!(%refusal, "{what} could not be shown");
    }
}
