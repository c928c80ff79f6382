//! People who write to the bot.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    Telegram,
    files::sizes,
    state::{BOT_NAME, Inside},
};

/// Somebody.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id, and that of their private chat.
    pub id: i64,
    name: String,
    language: String,
}

/// A group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id, which is negative.
    pub id: i64,
}

impl Telegram {
    /// Somebody who has begun to talk with the bot.
    #[must_use]
    pub fn person(&self, id: i64, name: &str, language: &str) -> Person {
        let chat = json!({"id": id, "type": "private", "first_name": name});
        self.state.change(|inside| inside.chats.insert(id, chat));
        Person { id, name: name.to_owned(), language: language.to_owned() }
    }

    /// A group that the bot is in, with privacy mode on.
    #[must_use]
    pub fn group(&self, id: i64, title: &str) -> Group {
        let chat = json!({"id": id, "type": "supergroup", "title": title});
        self.state.change(|inside| inside.chats.insert(id, chat));
        Group { id }
    }

    /// A person writes words; gives the message.
    pub fn say(&self, person: &Person, chat: i64, text: &str) -> i64 {
        self.write(person, chat, json!({"text": text}))
    }

    /// A person answers a message of the bot's.
    pub fn reply(&self, person: &Person, chat: i64, to: i64, text: &str) -> i64 {
        let answered = self.state.look(|inside| inside.messages.get(&(chat, to)).cloned());
        self.write(person, chat, json!({"text": text, "reply_to_message": answered}))
    }

    /// A person sends a photo.
    pub fn photo(
        &self,
        person: &Person,
        chat: i64,
        picture: &[u8],
        caption: &str,
        album: Option<&str>,
    ) -> i64 {
        let bytes = Bytes::copy_from_slice(picture);
        let photo = self.state.change(|inside| {
            let id = inside.files.keep("photos", "photo.jpg", bytes.clone());
            sizes(&id, &bytes)
        });
        let mut content = json!({"photo": photo});
        if !caption.is_empty() {
            content["caption"] = json!(caption);
        }
        if let Some(album) = album {
            content["media_group_id"] = json!(album);
        }
        self.write(person, chat, content)
    }

    /// A person sends a file.
    pub fn document(
        &self,
        person: &Person,
        chat: i64,
        name: &str,
        kind: &str,
        bytes: &[u8],
        caption: &str,
    ) -> i64 {
        let size = bytes.len();
        let bytes = Bytes::copy_from_slice(bytes);
        let id = self.state.change(|inside| inside.files.keep("documents", name, bytes));
        let document = json!({
            "file_id": id,
            "file_unique_id": format!("u{id}"),
            "file_name": name,
            "mime_type": kind,
            "file_size": size,
        });
        self.write(person, chat, json!({"document": document, "caption": caption}))
    }

    /// A person writes whatever this is.
    pub fn write(&self, person: &Person, chat: i64, content: Value) -> i64 {
        self.state.change(|inside| {
            let (number, message) = inside.message_of(person, chat, content);
            inside.messages.insert((chat, number), message.clone());
            if inside.reaches(chat, &message) {
                inside.add_update("message", &message);
            }
            number
        })
    }

    /// A person changes what was written.
    pub fn rewrite(&self, person: &Person, chat: i64, number: i64, text: &str) {
        self.state.change(|inside| {
            let (_, mut message) = inside.message_of(person, chat, json!({"text": text, "edit_date": 2}));
            message["message_id"] = json!(number);
            inside.messages.insert((chat, number), message.clone());
            inside.add_update("edited_message", &message);
        });
    }

    /// A person presses a button; gives the id of the press.
    pub fn press(&self, person: &Person, chat: i64, message: i64, data: &str) -> String {
        self.state.change(|inside| {
            let id = format!("{}", 4_382_000_000_000 + inside.last_update);
            inside.presses.push(id.clone());
            let shown = inside.messages.get(&(chat, message)).cloned();
            let press = json!({
                "id": id,
                "from": person.value(),
                "message": shown,
                "chat_instance": format!("{chat}"),
                "data": data,
            });
            inside.add_update("callback_query", &press);
            id
        })
    }

    /// Somebody deletes a message.
    pub fn delete(&self, chat: i64, message: i64) {
        self.state.change(|inside| inside.messages.remove(&(chat, message)));
    }

    /// Presses that the bot has not answered.
    #[must_use]
    pub fn unanswered(&self) -> Vec<String> {
        self.state.look(|inside| inside.presses.clone())
    }
}

impl Person {
    fn value(&self) -> Value {
        json!({
            "id": self.id,
            "is_bot": false,
            "first_name": self.name,
            "username": self.name,
            "language_code": self.language,
        })
    }
}

impl Inside {
    fn message_of(&mut self, person: &Person, chat: i64, content: Value) -> (i64, Value) {
        let number = self.next_message();
        let mut message = Map::from_iter([
            ("message_id".to_owned(), json!(number)),
            ("date".to_owned(), json!(1_800_000_000)),
            ("chat".to_owned(), self.chats.get(&chat).cloned().unwrap_or_default()),
            ("from".to_owned(), person.value()),
        ]);
        if let Value::Object(content) = content {
            message.extend(content);
        }
        (number, Value::Object(message))
    }

    /// With privacy mode on, a bot hears in groups what is meant for it: commands, mentions, and answers to it. Parts
    /// of an album come together.
    fn reaches(&self, chat: i64, message: &Value) -> bool {
        let private = self.chats.get(&chat).is_some_and(|chat| chat["type"] == json!("private"));
        let text = message["text"].as_str().or_else(|| message["caption"].as_str()).unwrap_or_default();
        let mention = format!("@{}", BOT_NAME.to_lowercase());
        private
            || text.starts_with('/')
            || text.to_lowercase().contains(&mention)
            || message["media_group_id"].is_string()
            || message["reply_to_message"]["from"]["is_bot"] == json!(true)
    }
}
