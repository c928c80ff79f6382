//! People who write, command and press.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    Discord,
    state::{Asked, BOT, GUILD},
};

/// Somebody.
#[derive(Debug, Clone)]
pub struct Person {
    id: u64,
    name: String,
    locale: String,
}

impl Discord {
    /// Somebody.
    #[must_use]
    pub fn person(&self, id: u64, name: &str, locale: &str) -> Person {
        Person { id, name: name.to_owned(), locale: locale.to_owned() }
    }

    /// A person writes in a channel of the server, or in a direct message.
    pub fn say(
        &self,
        person: &Person,
        channel: u64,
        direct: bool,
        text: &str,
        files: &[(&str, &str, usize)],
    ) -> u64 {
        self.write(person, channel, direct, text, files, None)
    }

    fn write(
        &self,
        person: &Person,
        channel: u64,
        direct: bool,
        text: &str,
        files: &[(&str, &str, usize)],
        answered: Option<Value>,
    ) -> u64 {
        self.state.change(|inside| {
            let id = inside.next_id();
            let mentions =
                if text.contains(&format!("<@{BOT}>")) { vec![super::state::bot()] } else { Vec::new() };
            let attachments: Vec<_> = files
                .iter()
                .map(|(url, kind, size)| attachment(inside.next_id(), url, kind, *size))
                .collect();
            let mut message = message(id, person, channel, text);
            message["mentions"] = json!(mentions);
            message["attachments"] = json!(attachments);
            if !direct {
                message["guild_id"] = json!(GUILD.to_string());
                message["member"] = member();
            }
            if let Some(answered) = answered {
                message["type"] = json!(19);
                let place = json!({"message_id": answered["id"], "channel_id": channel.to_string()});
                message["message_reference"] = place;
                message["referenced_message"] = answered;
            }
            inside.messages.insert(id, message.clone());
            inside.events.push(("MESSAGE_CREATE".to_owned(), message));
            id
        })
    }

    /// A person writes a message that consists of a sticker, in a direct message.
    pub fn sticker(&self, person: &Person, channel: u64) {
        self.state.change(|inside| {
            let id = inside.next_id();
            let mut message = message(id, person, channel, "");
            message["sticker_items"] = json!([{"id": "31", "name": "Wave", "format_type": 1}]);
            inside.messages.insert(id, message.clone());
            inside.events.push(("MESSAGE_CREATE".to_owned(), message));
        });
    }

    /// A person changes what was written; Discord brings the message as it is now.
    pub fn rewrite(&self, id: u64, text: &str) {
        self.state.change(|inside| {
            let Some(message) = inside.messages.get_mut(&id) else { return };
            message["content"] = json!(text);
            message["edited_timestamp"] = json!("2030-01-01T00:01:00+00:00");
            let message = message.clone();
            inside.events.push(("MESSAGE_UPDATE".to_owned(), message));
        });
    }

    /// Somebody deletes a message.
    pub fn delete(&self, channel: u64, id: u64) {
        self.state.change(|inside| {
            inside.messages.remove(&id);
            let gone = json!({"id": id.to_string(), "channel_id": channel.to_string()});
            inside.events.push(("MESSAGE_DELETE".to_owned(), gone));
        });
    }

    /// A person gives a command; `photo` is the address and size of a picture. Gives the interaction's token.
    pub fn command(
        &self,
        person: &Person,
        channel: u64,
        name: &str,
        words: &str,
        photo: Option<(&str, usize)>,
    ) -> String {
        let mut options = Vec::new();
        let mut resolved = json!({});
        if !words.is_empty() {
            let option = if name == "link" { "code" } else { "about" };
            options.push(json!({"name": option, "type": 3, "value": words}));
        }
        if let Some((url, size)) = photo {
            options.push(json!({"name": "photo", "type": 11, "value": "77"}));
            resolved["attachments"] = json!({"77": attachment(77, url, "image/jpeg", size)});
        }
        let data = json!({"id": "66", "name": name, "type": 1, "options": options, "resolved": resolved});
        self.interaction(person, channel, 2, &data, None)
    }

    /// A person gives a command with pictures alone: names of options, addresses and sizes.
    pub fn command_with(
        &self,
        person: &Person,
        channel: u64,
        name: &str,
        pictures: &[(&str, &str, usize)],
    ) -> String {
        let (mut options, mut attachments) = (Vec::new(), json!({}));
        for (id, (option, url, size)) in (71..).zip(pictures) {
            options.push(json!({"name": option, "type": 11, "value": id.to_string()}));
            attachments[id.to_string()] = attachment(id, url, "image/jpeg", *size);
        }
        let resolved = json!({"attachments": attachments});
        let data = json!({"id": "68", "name": name, "type": 1, "options": options, "resolved": resolved});
        self.interaction(person, channel, 2, &data, None)
    }

    /// A person fills in the form that the bot opened as an answer to an interaction, and sends it. Gives the token of the
    /// new interaction; none where no form was opened.
    pub fn fill_in(&self, person: &Person, token: &str, words: &str) -> Option<String> {
        let asked = self.state.look(|inside| inside.asked.get(token).cloned())?;
        let form = asked.form?;
        let field = &form["components"][0]["components"][0];
        let field = json!({"type": 4, "custom_id": field["custom_id"], "value": words});
        let rows = json!([{"type": 1, "components": [field]}]);
        let data = json!({"custom_id": form["custom_id"], "components": rows});
        Some(self.interaction(person, asked.channel, 5, &data, asked.message))
    }

    /// A person chooses what the menu of a message offers. Gives the interaction's token.
    pub fn choose(&self, person: &Person, channel: u64, message: u64, name: &str) -> String {
        let target = message.to_string();
        let written = self.state.look(|inside| inside.messages.get(&message).cloned());
        let resolved = json!({"messages": {&target: written}});
        let data = json!({"id": "67", "name": name, "type": 3, "target_id": target, "resolved": resolved});
        self.interaction(person, channel, 2, &data, None)
    }

    /// A person answers a message of the bot's without mentioning it.
    pub fn reply(&self, person: &Person, channel: u64, to: u64, text: &str) -> u64 {
        let answered = self.state.look(|inside| inside.messages.get(&to).cloned());
        self.write(person, channel, false, text, &[], answered)
    }

    /// A person presses a button. Gives the interaction's token.
    pub fn press(&self, person: &Person, channel: u64, message: u64, custom_id: &str) -> String {
        let shown = self.state.look(|inside| inside.messages.get(&message).cloned());
        let data = json!({"custom_id": custom_id, "component_type": 2});
        self.interaction(person, channel, 3, &data, shown)
    }

    fn interaction(
        &self,
        person: &Person,
        channel: u64,
        kind: u8,
        data: &Value,
        message: Option<Value>,
    ) -> String {
        self.state.change(|inside| {
            let id = inside.next_id();
            let token = format!("interaction-token-{id}");
            let mut place = json!({"id": channel.to_string(), "type": 0, "name": "bakery", "position": 0, "permissions": "0", "guild_id": GUILD.to_string()});
            if let Some(parent) = inside.threads.get(&channel) {
                place["type"] = json!(11);
                place["parent_id"] = json!(parent.to_string());
            }
            let mut event = json!({
                "id": id.to_string(),
                "application_id": BOT.to_string(),
                "type": kind,
                "data": data,
                "guild_id": GUILD.to_string(),
                "channel_id": channel.to_string(),
                "channel": place,
                "member": {"user": person.user()},
                "token": token,
                "version": 1,
                "app_permissions": "0",
                "locale": person.locale,
                "guild_locale": "en-US",
                "entitlements": [],
                "authorizing_integration_owners": {"0": GUILD.to_string()},
                "context": 0,
                "attachment_size_limit": 10_485_760,
            });
            if let (Some(event), Some(more)) = (event["member"].as_object_mut(), member().as_object()) {
                event.extend(more.clone());
            }
            if let Some(message) = message {
                event["message"] = message;
            }
            let asked = Asked {
                id,
                channel,
                since: Instant::now(),
                kind,
                acknowledged: false,
                original: None,
                private: false,
                message: event.get("message").cloned(),
                deleted: false,
                form: None,
            };
            inside.asked.insert(token.clone(), asked);
            inside.events.push(("INTERACTION_CREATE".to_owned(), event));
            token
        })
    }
}

impl Person {
    fn user(&self) -> Value {
        json!({
            "id": self.id.to_string(),
            "username": self.name,
            "discriminator": "0",
            "global_name": null,
            "avatar": null,
            "bot": false,
        })
    }
}

fn message(id: u64, person: &Person, channel: u64, text: &str) -> Value {
    json!({
        "id": id.to_string(),
        "channel_id": channel.to_string(),
        "author": person.user(),
        "content": text,
        "timestamp": "2030-01-01T00:00:00+00:00",
        "edited_timestamp": null,
        "tts": false,
        "mention_everyone": false,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": false,
        "type": 0,
    })
}

fn member() -> Value {
    json!({
        "roles": [],
        "joined_at": "2030-01-01T00:00:00+00:00",
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "permissions": "0",
        "guild_id": GUILD.to_string(),
    })
}

fn attachment(id: u64, url: &str, kind: &str, size: usize) -> Value {
    json!({
        "id": id.to_string(),
        "filename": url.rsplit('/').next().unwrap_or("file"),
        "content_type": kind,
        "size": size,
        "url": url,
        "proxy_url": url,
        "ephemeral": false,
    })
}
