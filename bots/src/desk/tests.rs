//! Nobody waits for somebody else's chat.

use std::sync::{Arc, Mutex};

use atelier_proto::{
    client::Endpoint,
    v1::{Card, Job, JobState, ProgressCard, card::Body},
};
use tokio::{net::UnixListener, sync::Notify};
use uuid::Uuid;

use super::*;
use crate::{
    dialogue::{CardKey, FileRef, Line, Rules},
    phrases::Language,
    platform::{File, Incoming, Refusal},
    render::Message,
};

/// Shorter than the daemon is waited for, so that whoever waits for it is found out.
const GUARD: Duration = Duration::from_secs(5);

/// A platform that takes everything, and tells when something is shown.
#[derive(Default)]
struct Wall {
    shown: Mutex<Vec<(i64, String)>>,
    news: Notify,
}

impl Wall {
    async fn until(&self, chat: i64, words: &str) {
        loop {
            let heard = self.news.notified();
            let shown = self.shown.lock().unwrap().iter().any(|(at, text)| *at == chat && text == words);
            if shown {
                return;
            }
            heard.await;
        }
    }
}

#[tonic::async_trait]
impl Platform for Wall {
    fn rules(&self, _chat: i64) -> Rules {
        Rules { send_gap: Duration::ZERO, heard_per_minute: 10_000, ..Rules::DISCORD }
    }

    fn largest_in(&self) -> u64 {
        0
    }

    fn largest_out(&self) -> u64 {
        0
    }

    fn largest_original(&self) -> u64 {
        0
    }

    fn has_room(&self) -> bool {
        true
    }

    async fn send(&self, chat: i64, _: &Ask, message: &Message, _: Vec<File>) -> Result<i64, Refusal> {
        let mut shown = self.shown.lock().unwrap();
        shown.push((chat, message.text.clone()));
        self.news.notify_waiters();
        Ok(i64::try_from(shown.len()).unwrap())
    }

    async fn edit(&self, _: i64, _: &Ask, _: i64, _: &Message, _: Vec<File>) -> Result<(), Refusal> {
        Ok(())
    }

    async fn rebutton(&self, _: i64, _: &Ask, _: i64, _: &Message) -> Result<(), Refusal> {
        Ok(())
    }

    async fn remove(&self, _: i64, _: i64) -> Result<(), Refusal> {
        Ok(())
    }

    async fn send_originals(&self, _: i64, _: &Ask, _: Vec<File>) -> Result<(), Refusal> {
        Ok(())
    }

    async fn acknowledge(&self, _: &Ask, _: Option<&str>) -> Result<(), Refusal> {
        Ok(())
    }

    async fn typing(&self, _: i64) -> Result<(), Refusal> {
        Ok(())
    }

    async fn open(&self, _: &FileRef) -> Result<Incoming, Refusal> {
        Err(Refusal::Gone)
    }
}

fn ask(id: i64, person: u64) -> Ask {
    Ask {
        id,
        act: Uuid::from_u128(id.unsigned_abs().into()),
        person: format!("telegram:{person}"),
        language: Language::English,
        message: Some(id),
        pressed: None,
        handle: String::new(),
    }
}

#[tokio::test]
async fn a_chat_that_is_behind_keeps_nobody_else_from_being_heard() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("daemon.sock");
    // A daemon that takes every call and answers none.
    let listener = UnixListener::bind(&path).unwrap();
    let silent = tokio::spawn(async move {
        let mut calls = Vec::new();
        while let Ok((call, _)) = listener.accept().await {
            calls.push(call);
        }
    });
    let wall = Arc::new(Wall::default());
    let daemon = Daemon::new(&Endpoint::Unix(path), "key").unwrap();
    let desk = Desk::new(Arc::clone(&wall), daemon);
    let word = |text: &str| Said::Words { text: text.to_owned(), files: Vec::new() };
    drop(desk.hear(1, ask(1, 7), word("make")).await);
    // Its message shows a job, which the daemon is to remember and does not answer.
    let job = Job { job_id: "j".to_owned(), state: JobState::Running.into(), ..Job::default() };
    let card = ProgressCard { job: Some(job), summary: "Bread".to_owned(), actions: Vec::new() };
    let card = Box::new(Card { body: Some(Body::Progress(card)), ..Card::default() });
    let key = CardKey { conversation: "c".to_owned(), card: "1".to_owned() };
    desk.post(1, Mail { input: Input::Card { ask: 1, key, card, pressed: false }, receipt: None }).await;
    wall.until(1, "Bread\nWorking on it…").await;
    // Far more than one chat may have waiting, through the same ears.
    let others = async {
        for number in 0..4 * ROOM as i64 {
            drop(desk.hear(1, ask(10 + number, 7), word("more")).await);
        }
        drop(desk.hear(2, ask(2, 8), Said::Only(Line::Kept)).await);
        wall.until(2, &Line::Kept.text(Language::English.phrases())).await;
    };
    tokio::time::timeout(GUARD, others).await.unwrap();
    // The one that is behind says so, once.
    let behind = Line::Behind.text(Language::English.phrases());
    wall.until(1, &behind).await;
    silent.abort();
}
