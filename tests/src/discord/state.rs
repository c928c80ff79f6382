//! What the double knows.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::{sync::watch, time::Instant};

/// Ids of the bot and of its application.
pub(super) const BOT: u64 = 900_000_000_000_000_001;
/// The server that channels with people belong to.
pub(super) const GUILD: u64 = 800_000_000_000_000_001;

/// A call that came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// Such as `PATCH`.
    pub method: String,
    /// Without the beginning that all have.
    pub path: String,
    /// The number of the answer.
    pub code: u16,
    /// When.
    pub at: Instant,
}

/// A message of the bot's as people see it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its id.
    pub message: u64,
    /// The words.
    pub text: String,
    /// Labels and what is behind them.
    pub buttons: Vec<(String, String)>,
    /// The files.
    pub files: Vec<Bytes>,
    /// Whether one person alone sees it.
    pub private: bool,
    /// The message that it answers.
    pub answers: Option<u64>,
    /// When it first showed a file.
    pub pictured_at: Option<Instant>,
}

impl Shown {
    /// What is behind the button of this label.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<&str> {
        self.buttons.iter().find(|(own, _)| own == label).map(|(_, token)| token.as_str())
    }
}

/// An interaction that the bot has to answer.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) id: u64,
    pub(super) channel: u64,
    pub(super) since: Instant,
    /// 2 for a command, 3 for a press, 5 for a form.
    pub(super) kind: u8,
    pub(super) acknowledged: bool,
    /// The message that the answer is.
    pub(super) original: Option<u64>,
    pub(super) private: bool,
    /// The message whose button was pressed.
    pub(super) message: Option<Value>,
    /// Whether the promised answer was taken back.
    pub(super) deleted: bool,
    /// The form that was opened.
    pub(super) form: Option<Value>,
}

pub(super) struct State {
    pub(super) token: String,
    pub(super) gateway: String,
    inside: Mutex<Inside>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
pub(super) struct Inside {
    pub(super) last_id: u64,
    /// How long the token of an interaction lives.
    pub(super) token_life: Duration,
    pub(super) messages: BTreeMap<u64, Value>,
    pub(super) sent_files: HashMap<u64, Vec<Bytes>>,
    /// When messages of the bot's first showed a file.
    pub(super) pictured: HashMap<u64, Instant>,
    pub(super) files: HashMap<String, Bytes>,
    pub(super) asked: HashMap<String, Asked>,
    pub(super) violations: Vec<String>,
    pub(super) calls: Vec<Call>,
    pub(super) refusals: Vec<(String, String, f64)>,
    pub(super) commands: Vec<Value>,
    /// Channels by their threads.
    pub(super) threads: HashMap<u64, u64>,
    /// Events of the gateway, in order: name and content.
    pub(super) events: Vec<(String, Value)>,
    pub(super) identified: u32,
    pub(super) resumed: u32,
    /// How often connections were to be broken.
    pub(super) breaks: u32,
}

impl State {
    pub(super) fn new(token: &str, gateway: String, token_life: Duration) -> Self {
        let inside = Inside { last_id: 1_000_000_000_000_000_000, token_life, ..Inside::default() };
        Self { token: token.to_owned(), gateway, inside: Mutex::new(inside), changed: watch::Sender::new(0) }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Inside) -> T) -> T {
        look(&self.inside())
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Inside) -> T) -> T {
        let done = change(&mut self.inside());
        self.changed.send_modify(|count| *count += 1);
        done
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until `wanted` finds something; none when it takes too long.
    pub(super) async fn until<T>(
        &self,
        longest: Duration,
        wanted: impl Fn(&Inside) -> Option<T>,
    ) -> Option<T> {
        let mut changes = self.changes();
        let found = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = self.look(&wanted) {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(longest, found).await.ok()
    }
}

impl Inside {
    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Keeps files that a message of the bot's shows from now on.
    pub(super) fn attach(&mut self, message: u64, files: Vec<Bytes>) {
        if !files.is_empty() {
            self.pictured.entry(message).or_insert_with(Instant::now);
        }
        self.sent_files.entry(message).or_default().extend(files);
    }

    pub(super) fn shown(&self, channel: u64) -> Vec<Shown> {
        let here = |message: &&Value| {
            message["channel_id"] == json!(channel.to_string()) && message["author"]["bot"] == json!(true)
        };
        self.messages.values().filter(here).map(|message| self.show(message)).collect()
    }

    fn show(&self, message: &Value) -> Shown {
        let number = |value: &Value| value.as_str().and_then(|id| id.parse().ok());
        let rows = message["components"].as_array().cloned().unwrap_or_default();
        let parts = rows.iter().filter_map(|row| row["components"].as_array()).flatten();
        // The lines of a list are something to press too.
        let buttons = parts.flat_map(|part| match part["options"].as_array() {
            Some(options) => options.iter().collect(),
            None => vec![part],
        });
        let part = |button: &Value, name: &str| button[name].as_str().unwrap_or_default().to_owned();
        let id = number(&message["id"]).unwrap_or_default();
        Shown {
            message: id,
            text: message["content"].as_str().unwrap_or_default().to_owned(),
            buttons: buttons
                .map(|button| (part(button, "label"), part(button, "custom_id") + &part(button, "value")))
                .collect(),
            files: self.sent_files.get(&id).cloned().unwrap_or_default(),
            private: message["flags"].as_u64().is_some_and(|flags| flags & 64 > 0),
            answers: number(&message["message_reference"]["message_id"]),
            pictured_at: self.pictured.get(&id).copied(),
        }
    }
}

pub(super) fn bot() -> Value {
    json!({
        "id": BOT.to_string(),
        "username": "AtelierTest",
        "discriminator": "0",
        "global_name": null,
        "avatar": null,
        "bot": true,
        "mfa_enabled": false,
        "verified": true,
        "email": null,
        "flags": 0,
    })
}
