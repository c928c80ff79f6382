//! The methods of the Bot API, as far as bots of ours call them, with their refusals.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::form::Body;

use super::{
    files::sizes,
    state::{Call, Inside, State, bot},
};

/// How a call is answered.
pub(super) enum Answer {
    /// With this.
    Good(Value),
    /// With a number and words.
    Refused(u16, String),
    /// Come back after so many seconds.
    Slow(u64),
}

/// Longest time that an answer is kept open.
const OPEN: Duration = Duration::from_secs(50);
const TEXT: usize = 4096;
const CAPTION: usize = 1024;
const SECRET_BYTES: usize = 256;
const DATA_BYTES: usize = 64;
const PHOTO_BYTES: usize = 10_000_000;

type Checked<T> = Result<T, String>;

pub(super) async fn call(state: &State, method: &str, body: Body) -> Answer {
    let at = Instant::now();
    let name = method.to_lowercase();
    let parameters = body.parameters.clone();
    let slow = state.change(|inside| {
        let text = format!("text {}", body.text("text").unwrap_or_default());
        let place = inside.refusals.iter().position(|(refused, _)| *refused == name || *refused == text);
        place.and_then(|place| inside.refusals.remove(place)).map(|(_, after)| after)
    });
    // Written down together with what it changed, so that whoever sees the one finds the other.
    let note = |inside: &mut Inside, answer: &Answer| {
        let code = match answer {
            Answer::Good(_) => 200,
            Answer::Refused(code, _) => *code,
            Answer::Slow(_) => 429,
        };
        inside.calls.push(Call { method: method.to_owned(), parameters, code, at });
    };
    if slow.is_none() && name == "getupdates" {
        let answer = updates(state, &body).await;
        state.change(|inside| note(inside, &answer));
        return answer;
    }
    state.change(|inside| {
        let answer = match slow {
            Some(after) => Answer::Slow(after),
            None => match answer(inside, &name, &body) {
                Ok(result) => Answer::Good(result),
                Err(problem) if problem == "Not Found" => Answer::Refused(404, problem),
                Err(problem) => Answer::Refused(400, format!("Bad Request: {problem}")),
            },
        };
        note(inside, &answer);
        answer
    })
}

/// Confirms what lies before the offset and waits for what comes after it.
async fn updates(state: &State, body: &Body) -> Answer {
    if state.look(|inside| !inside.webhook.is_empty()) {
        let words = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first";
        return Answer::Refused(409, words.to_owned());
    }
    let offset = body.number("offset").unwrap_or(0);
    let limit = body.number("limit").unwrap_or(100).clamp(1, 100) as usize;
    let open = Duration::from_secs(body.number("timeout").unwrap_or(0).unsigned_abs()).min(OPEN);
    state.change(|inside| inside.updates = inside.updates.split_off(&offset));
    let found = state
        .until(open, |inside| {
            let found: Vec<_> = inside.updates.values().take(limit).cloned().collect();
            (!found.is_empty()).then_some(found)
        })
        .await;
    Answer::Good(Value::Array(found.unwrap_or_default()))
}

fn answer(inside: &mut Inside, method: &str, body: &Body) -> Checked<Value> {
    match method {
        "getme" => {
            let mut me = bot();
            for (flag, is) in [
                ("can_join_groups", true),
                ("can_read_all_group_messages", false),
                ("supports_inline_queries", false),
                ("can_connect_to_business", false),
                ("has_main_web_app", false),
            ] {
                me[flag] = json!(is);
            }
            Ok(me)
        }
        "getwebhookinfo" => Ok(json!({
            "url": inside.webhook,
            "has_custom_certificate": false,
            "pending_update_count": inside.updates.len(),
        })),
        "setwebhook" => {
            let secret = body.text("secret_token").unwrap_or_default();
            let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            if secret.len() > SECRET_BYTES || !secret.chars().all(fits) {
                return Err("secret token contains unallowed characters".to_owned());
            }
            secret.clone_into(&mut inside.secret);
            body.text("url").unwrap_or_default().clone_into(&mut inside.webhook);
            Ok(json!(true))
        }
        "deletewebhook" => {
            inside.webhook.clear();
            Ok(json!(true))
        }
        "setmycommands" => {
            let language = body.text("language_code").unwrap_or_default().to_owned();
            let commands = body.parameters.get("commands").cloned().ok_or("commands are missing")?;
            inside.menus.insert(language, commands);
            Ok(json!(true))
        }
        "getmycommands" => {
            let language = body.text("language_code").unwrap_or_default();
            Ok(inside.menus.get(language).cloned().unwrap_or(json!([])))
        }
        "sendmessage" => {
            let (text, entities) = (text_of(body)?, body.parameters.get("entities").cloned());
            let sent = inside.send(body, json!({"text": text, "entities": entities}))?;
            let asks = body.parameters.get("reply_markup").is_some_and(|it| it["force_reply"] == json!(true));
            if let (Some(chat), Some(number), true) =
                (sent["chat"]["id"].as_i64(), sent["message_id"].as_i64(), asks)
            {
                inside.questions.insert((chat, number));
            }
            Ok(sent)
        }
        "sendphoto" => {
            let photo = inside.photo(body, body.parameters.get("photo"), "photo")?;
            let content = json!({"photo": photo, "caption": caption_of(&body.parameters.clone().into())?});
            inside.send(body, content)
        }
        "senddocument" | "sendvideo" => {
            let kind = method.trim_start_matches("send");
            let (name, bytes) =
                body.file(body.parameters.get(kind), kind).ok_or("there is no file in the request")?;
            let size = bytes.len();
            let id = inside.files.keep("documents", &name, bytes);
            let mut file = json!({
                "file_id": id,
                "file_unique_id": format!("u{id}"),
                "file_name": name,
                "file_size": size,
            });
            if kind == "video" {
                file["width"] = json!(1);
                file["height"] = json!(1);
                file["duration"] = json!(1);
            }
            let content = json!({kind: file, "caption": caption_of(&body.parameters.clone().into())?});
            inside.send(body, content)
        }
        "sendmediagroup" => album(inside, body),
        "editmessagetext" => {
            let text = text_of(body)?;
            inside.edit(body, |message| {
                if message["photo"].is_array() || message["document"].is_object() {
                    return Err("there is no text in the message to edit".to_owned());
                }
                message["text"] = json!(text);
                Ok(())
            })
        }
        "editmessagecaption" => {
            let caption = caption_of(&body.parameters.clone().into())?;
            inside.edit(body, |message| {
                message["caption"] = caption;
                Ok(())
            })
        }
        "editmessagereplymarkup" => inside.edit(body, |_| Ok(())),
        "editmessagemedia" => {
            let media = body.parameters.get("media").cloned().ok_or("media is missing")?;
            let photo = inside.photo(body, media.get("media"), "media")?;
            let caption = caption_of(&media)?;
            inside.edit(body, |message| {
                if let Some(message) = message.as_object_mut() {
                    message.remove("text");
                }
                message["photo"] = photo;
                message["caption"] = caption;
                Ok(())
            })
        }
        "deletemessage" => {
            let key = inside.key(body)?;
            inside.messages.remove(&key).ok_or("message to delete not found")?;
            Ok(json!(true))
        }
        "sendchataction" => {
            inside.chat(body)?;
            Ok(json!(true))
        }
        "getfile" => {
            let id = body.text("file_id").ok_or("file_id is missing")?;
            inside.files.describe(id).ok_or_else(|| "wrong file id".to_owned())
        }
        "answercallbackquery" => {
            let id = match body.parameters.get("callback_query_id") {
                Some(Value::String(id)) => id.clone(),
                Some(id) => id.to_string(),
                None => return Err("callback_query_id is missing".to_owned()),
            };
            let place = inside.presses.iter().position(|press| *press == id);
            let place =
                place.ok_or("query is too old and response timeout expired or query id is invalid")?;
            inside.presses.remove(place);
            Ok(json!(true))
        }
        _ => Err("Not Found".to_owned()),
    }
}

fn album(inside: &mut Inside, body: &Body) -> Checked<Value> {
    let media = body.parameters.get("media").and_then(Value::as_array).cloned().ok_or("media is missing")?;
    if !(2..=10).contains(&media.len()) {
        return Err("group must have 2 to 10 items".to_owned());
    }
    if body.parameters.contains_key("reply_markup") {
        return Err("albums have no buttons".to_owned());
    }
    inside.albums += 1;
    let group = inside.albums.to_string();
    let mut sent = Vec::new();
    for item in &media {
        let photo = inside.photo(body, item.get("media"), "media")?;
        let content = json!({"photo": photo, "caption": caption_of(item)?, "media_group_id": group});
        sent.push(inside.send(body, content)?);
    }
    Ok(Value::Array(sent))
}

impl Inside {
    fn chat(&self, body: &Body) -> Checked<i64> {
        let chat = body.number("chat_id").ok_or("chat_id is missing")?;
        if self.chats.contains_key(&chat) { Ok(chat) } else { Err("chat not found".to_owned()) }
    }

    fn key(&self, body: &Body) -> Checked<(i64, i64)> {
        Ok((self.chat(body)?, body.number("message_id").ok_or("message identifier is not specified")?))
    }

    fn photo(&mut self, body: &Body, value: Option<&Value>, own: &str) -> Checked<Value> {
        let (name, bytes) = match body.file(value, own) {
            Some(file) => file,
            None => {
                let known = value.and_then(Value::as_str).and_then(|id| self.files.bytes(id));
                ("photo.jpg".to_owned(), known.ok_or("there is no photo in the request")?)
            }
        };
        if bytes.len() > PHOTO_BYTES {
            return Err("file is too big".to_owned());
        }
        let id = self.files.keep("photos", &name, bytes.clone());
        sizes(&id, &bytes).ok_or_else(|| "IMAGE_PROCESS_FAILED".to_owned())
    }

    fn send(&mut self, body: &Body, content: Value) -> Checked<Value> {
        let chat = self.chat(body)?;
        let markup = markup_of(body)?;
        let answered = body.parameters.get("reply_parameters").cloned();
        let answers = answered.as_ref().and_then(|answered| answered["message_id"].as_i64());
        let known = answers.and_then(|answers| self.messages.get(&(chat, answers)).cloned());
        let without = answered.as_ref().is_some_and(|it| it["allow_sending_without_reply"] == json!(true));
        if answers.is_some() && known.is_none() && !without {
            return Err("message to be replied not found".to_owned());
        }
        let number = self.next_message();
        let mut message = content;
        message["message_id"] = json!(number);
        message["date"] = json!(1_800_000_000);
        message["chat"] = self.chats.get(&chat).cloned().unwrap_or_default();
        message["from"] = bot();
        if let Some(mut known) = known {
            // An answer to an answer is shown without the latter.
            if let Some(known) = known.as_object_mut() {
                known.remove("reply_to_message");
            }
            message["reply_to_message"] = known;
        }
        if let Some(markup) = markup {
            message["reply_markup"] = markup;
        }
        drop_nulls(&mut message);
        self.keep((chat, number), &message);
        Ok(message)
    }

    fn edit(&mut self, body: &Body, change: impl FnOnce(&mut Value) -> Checked<()>) -> Checked<Value> {
        let key = self.key(body)?;
        let markup = markup_of(body)?;
        let before = self.messages.get(&key).cloned().ok_or("message to edit not found")?;
        if before["from"] != bot() {
            return Err("message can't be edited".to_owned());
        }
        let mut message = before.clone();
        change(&mut message)?;
        match markup {
            Some(markup) => message["reply_markup"] = markup,
            None => {
                if let Some(message) = message.as_object_mut() {
                    message.remove("reply_markup");
                }
            }
        }
        drop_nulls(&mut message);
        if message == before {
            return Err(
                "message is not modified: specified new message content and reply markup are exactly \
                        the same as a current content and reply markup of the message"
                    .to_owned(),
            );
        }
        message["edit_date"] = json!(1_800_000_001);
        self.keep(key, &message);
        *self.edits.entry(key).or_default() += 1;
        Ok(message)
    }
}

fn drop_nulls(message: &mut Value) {
    if let Some(message) = message.as_object_mut() {
        message.retain(|_, value| !value.is_null());
    }
}

fn text_of(body: &Body) -> Checked<String> {
    let text = match body.parameters.get("text") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    match text.encode_utf16().count() {
        0 => Err("message text is empty".to_owned()),
        1..=TEXT => Ok(text),
        _ => Err("message is too long".to_owned()),
    }
}

fn caption_of(of: &Value) -> Checked<Value> {
    let Some(caption) = of.get("caption").and_then(Value::as_str) else { return Ok(Value::Null) };
    if caption.encode_utf16().count() > CAPTION {
        return Err("message caption is too long".to_owned());
    }
    Ok(json!(caption))
}

/// The keyboard, checked; none for an empty one.
fn markup_of(body: &Body) -> Checked<Option<Value>> {
    let Some(markup) = body.parameters.get("reply_markup") else { return Ok(None) };
    let rows = markup["inline_keyboard"].as_array().cloned().unwrap_or_default();
    for button in rows.iter().filter_map(Value::as_array).flatten() {
        let data = button["callback_data"].as_str().unwrap_or_default();
        if !(1..=DATA_BYTES).contains(&data.len()) {
            return Err("BUTTON_DATA_INVALID".to_owned());
        }
        if button["text"].as_str().unwrap_or_default().is_empty() {
            return Err("can't parse inline keyboard button: text is empty".to_owned());
        }
    }
    Ok((!rows.is_empty()).then(|| markup.clone()))
}
