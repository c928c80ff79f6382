//! Follows one job for the message that shows it, to its end.

use std::sync::Arc;

use atelier_proto::{
    client::{Backoff, News},
    v1::watch_job_response::News as Told,
};
use tonic::Code;

use super::{Inner, work::Answers};
use crate::{
    daemon::{Person, is_foreign},
    dialogue::{Ask, CardKey, Input},
    platform::Platform,
};

pub(super) async fn follow<P: Platform>(
    inner: Arc<Inner<P>>,
    answers: &Answers,
    key: CardKey,
    ask: &Ask,
    job: &str,
) {
    let person = inner.daemon.person(&ask.person);
    let mut backoff = Backoff::new();
    // Whoever follows anew is first told how the job stands, so what could not be read is read then.
    while !to_its_end(&person, answers, &key, job).await {
        tokio::time::sleep(backoff.next_pause()).await;
    }
}

/// False when it has to be followed anew.
async fn to_its_end(person: &Person, answers: &Answers, key: &CardKey, job: &str) -> bool {
    let mut news = person.follow(job);
    while let Some(news) = news.next().await {
        match news {
            News::Message(message) => match message.news {
                Some(Told::Progress(progress)) => {
                    answers.put(Input::News(key.clone(), Box::new(progress))).await;
                }
                // The card says more than the job: buttons, and what it is about.
                Some(Told::Snapshot(_)) => match person.card(key).await {
                    Ok(Some(card)) => answers.put(Input::Current(key.clone(), Box::new(card))).await,
                    Ok(None) => {
                        answers.put(Input::Lost(key.clone())).await;
                        return true;
                    }
                    Err(status) if is_foreign(&status) => {
                        answers.put(Input::Lost(key.clone())).await;
                        return true;
                    }
                    Err(status) => {
                        tracing::warn!(code = ?status.code(), "a card could not be read; it is tried again");
                        return false;
                    }
                },
                Some(Told::Event(_)) | None => {}
            },
            News::Connected | News::Lost(_) => {}
            News::Refused(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => {
                answers.put(Input::Lost(key.clone())).await;
                return true;
            }
            News::Refused(status) => {
                tracing::warn!(code = ?status.code(), "a job can't be followed any more");
                return true;
            }
        }
    }
    true
}
