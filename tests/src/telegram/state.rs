//! What the double knows.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use tokio::{sync::watch, time::Instant};

use super::files::Files;

/// Id of the bot.
pub(super) const BOT: u64 = 1_000_001;
/// Its name.
pub(super) const BOT_NAME: &str = "AtelierTestBot";

/// A call that came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method, as it was written.
    pub method: String,
    /// The parameters.
    pub parameters: Map<String, Value>,
    /// How it was answered: 200, or the number of the error.
    pub code: u16,
    /// When.
    pub at: Instant,
}

/// A message of the bot's as people see it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its id.
    pub message: i64,
    /// The words, under a picture too.
    pub text: String,
    /// Labels and what is behind them.
    pub buttons: Vec<(String, String)>,
    /// The picture or file.
    pub file: Option<Bytes>,
    /// Whether it is a photo, which Telegram makes smaller.
    pub is_photo: bool,
    /// The album that it is in.
    pub album: Option<String>,
    /// The message that it answers.
    pub answers: Option<i64>,
    /// How often it was changed.
    pub edits: usize,
    /// Whether it opens the field for an answer.
    pub asks: bool,
    /// When it first showed a picture.
    pub pictured_at: Option<Instant>,
}

impl Shown {
    /// What is behind the button of this label.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<&str> {
        self.buttons.iter().find(|(own, _)| own == label).map(|(_, token)| token.as_str())
    }
}

/// Everything, and whoever waits for it to change.
pub(super) struct State {
    pub(super) token: String,
    inside: Mutex<Inside>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
pub(super) struct Inside {
    /// Updates that were not confirmed, by number.
    pub(super) updates: BTreeMap<i64, Value>,
    pub(super) last_update: i64,
    /// Messages by chat and number.
    pub(super) messages: BTreeMap<(i64, i64), Value>,
    pub(super) edits: HashMap<(i64, i64), usize>,
    /// Messages that open the field for an answer.
    pub(super) questions: HashSet<(i64, i64)>,
    /// When messages of the bot's first showed a picture.
    pub(super) pictured: HashMap<(i64, i64), Instant>,
    pub(super) last_message: i64,
    pub(super) albums: u64,
    pub(super) chats: HashMap<i64, Value>,
    pub(super) files: Files,
    pub(super) calls: Vec<Call>,
    pub(super) refusals: VecDeque<(String, u64)>,
    /// Presses that were not answered.
    pub(super) presses: Vec<String>,
    pub(super) menus: HashMap<String, Value>,
    pub(super) webhook: String,
    /// What is shown with every update that is brought.
    pub(super) secret: String,
}

impl State {
    pub(super) fn new(token: &str) -> Self {
        Self { token: token.to_owned(), inside: Mutex::default(), changed: watch::Sender::new(0) }
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

    /// Waits until `wanted` finds something; none when it takes too long.
    pub(super) async fn until<T>(
        &self,
        longest: Duration,
        wanted: impl Fn(&Inside) -> Option<T>,
    ) -> Option<T> {
        let mut changes = self.changed.subscribe();
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
    pub(super) fn add_update(&mut self, kind: &str, content: &Value) {
        self.last_update += 1;
        self.updates.insert(self.last_update, json!({"update_id": self.last_update, kind: content}));
    }

    pub(super) fn next_message(&mut self) -> i64 {
        self.last_message += 1;
        self.last_message
    }

    /// Keeps a message of the bot's as it is now.
    pub(super) fn keep(&mut self, key: (i64, i64), message: &Value) {
        if message["photo"].is_array() {
            self.pictured.entry(key).or_insert_with(Instant::now);
        }
        self.messages.insert(key, message.clone());
    }

    pub(super) fn shown(&self, chat: i64) -> Vec<Shown> {
        let bots = |message: &&Value| message["from"]["id"] == json!(BOT);
        let messages = self.messages.range((chat, 0)..=(chat, i64::MAX)).map(|(_, message)| message);
        messages.filter(bots).map(|message| self.show(chat, message)).collect()
    }

    fn show(&self, chat: i64, message: &Value) -> Shown {
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        let number = message["message_id"].as_i64().unwrap_or_default();
        let rows = message["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
        let buttons = rows.iter().filter_map(Value::as_array).flatten();
        let button = |button: &Value| {
            let part = |name: &str| button[name].as_str().unwrap_or_default().to_owned();
            (part("text"), part("callback_data"))
        };
        let photo = message["photo"].as_array().and_then(|sizes| sizes.last());
        let file = photo.or_else(|| message.get("document")).and_then(|file| file["file_id"].as_str());
        Shown {
            message: number,
            text: if message["text"].is_string() { text("text") } else { text("caption") },
            buttons: buttons.map(button).collect(),
            file: file.and_then(|file| self.files.bytes(file)),
            is_photo: photo.is_some(),
            album: message["media_group_id"].as_str().map(str::to_owned),
            answers: message["reply_to_message"]["message_id"].as_i64(),
            edits: self.edits.get(&(chat, number)).copied().unwrap_or_default(),
            asks: self.questions.contains(&(chat, number)),
            pictured_at: self.pictured.get(&(chat, number)).copied(),
        }
    }
}

pub(super) fn bot() -> Value {
    json!({
        "id": BOT,
        "is_bot": true,
        "first_name": "Atelier",
        "username": BOT_NAME,
    })
}
