//! What an update of Telegram's says, if it says anything to this bot. Pure.

use teloxide_core::types::{CallbackQuery, MediaKind, Message, MessageKind, Update, UpdateKind, User};
use uuid::Uuid;

use super::change::token_of;
use crate::{
    dialogue::{Ask, Deed, FileRef, Kind, Line, Said},
    identity::ChatIdentity,
    phrases::Language,
};

/// Ids of acts are derived below this one; changing it makes old updates new.
const ACTS: Uuid = Uuid::from_u128(0x51c2_63b5_8a77_4d0e_a3a8_0b3f_96a1_0c64);

/// What a bot is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotName {
    /// Its id.
    pub id: u64,
    /// Its name, without the `@`.
    pub name: String,
}

/// Somebody said something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heard {
    pub(super) chat: i64,
    pub(super) ask: Ask,
    pub(super) said: Said,
    /// Whether the bot is meant.
    pub(super) addressed: bool,
    /// The album that it is a part of.
    pub(super) album: Option<String>,
}

/// What an update says; none when it says nothing to a bot.
pub(super) fn heard(bot: &BotName, update: Update) -> Option<Heard> {
    let id = i64::from(update.id.0);
    match update.kind {
        UpdateKind::Message(message) => of_message(bot, id, &message),
        UpdateKind::EditedMessage(message) => {
            let heard = of_message(bot, id, &message)?;
            // What was asked before may be made already.
            Some(Heard { said: Said::Only(Line::Edited), album: None, ..heard })
        }
        UpdateKind::CallbackQuery(query) => of_press(bot, id, query),
        _ => None,
    }
}

fn of_message(bot: &BotName, id: i64, message: &Message) -> Option<Heard> {
    let from = message.from.as_ref().filter(|from| !from.is_bot)?;
    let group = !message.chat.is_private();
    let common = match &message.kind {
        MessageKind::Common(common) => common,
        // Something new, or something that the library can't read: not passed over in silence.
        MessageKind::Empty {} if !group => {
            let (chat, number) = (message.chat.id.0, i64::from(message.id.0));
            let act = act(&format!("{}:{chat}:{number}", bot.id));
            let ask = Ask { message: Some(number), ..ask(id, act, from, None) };
            let said = Said::Only(Line::NothingSaid { kind: Kind::Other });
            return Some(Heard { chat, ask, said, addressed: true, album: None });
        }
        _ => return None,
    };
    let text = message.text().or_else(|| message.caption()).unwrap_or_default();
    let command = command(text, &bot.name)?;
    let mention = format!("@{}", bot.name);
    let mentioned = find(text, &mention).is_some();
    let replied = message.reply_to_message();
    let replied = replied.filter(|reply| reply.from.as_ref().is_some_and(|from| from.id.0 == bot.id));
    let is_reply = replied.is_some();
    let said = match (command, file_of(&common.media_kind)) {
        (Some((name, rest)), _) => of_command(name, rest),
        (None, Ok(files)) => {
            let words = without(text, &mention);
            let change = replied.and_then(|question| token_of(&bot.name, question));
            if let (Some(token), true) = (change, files.is_empty()) {
                Said::Change { token, text: words }
            } else if words.is_empty() && files.is_empty() {
                Said::Only(Line::Help)
            } else {
                Said::Words { text: words, files }
            }
        }
        (None, Err(line)) => Said::Only(line),
    };
    let chat = message.chat.id.0;
    let addressed = !group || command.is_some() || mentioned || is_reply;
    let message_id = i64::from(message.id.0);
    let act = act(&format!("{}:{chat}:{message_id}", bot.id));
    let ask = Ask { message: Some(message_id), ..ask(id, act, from, group.then_some(chat)) };
    let album = message.media_group_id().map(|group| group.0.clone());
    Some(Heard { chat, ask, said, addressed, album })
}

fn of_press(bot: &BotName, id: i64, query: CallbackQuery) -> Option<Heard> {
    let (message, token) = (query.message?, query.data?);
    let chat = message.chat();
    let (place, group) = (chat.id.0, !chat.is_private());
    let act = act(&format!("{}:press:{}", bot.id, query.id.0));
    let pressed = Some(i64::from(message.id().0));
    let ask = Ask { pressed, handle: query.id.0, ..ask(id, act, &query.from, group.then_some(place)) };
    Some(Heard { chat: place, ask, said: Said::Press { token }, addressed: true, album: None })
}

fn ask(id: i64, act: Uuid, from: &User, chat: Option<i64>) -> Ask {
    Ask {
        id,
        act,
        person: ChatIdentity::Telegram { user: from.id.0, chat }.to_string(),
        language: Language::of_code(from.language_code.as_deref().unwrap_or_default()),
        message: None,
        pressed: None,
        handle: String::new(),
    }
}

fn act(name: &str) -> Uuid {
    Uuid::new_v5(&ACTS, name.as_bytes())
}

/// The command that a text begins with. None at all for a command of another bot.
#[expect(clippy::option_option, reason = "no command, and somebody else's")]
fn command<'a>(text: &'a str, bot: &str) -> Option<Option<(&'a str, &'a str)>> {
    let Some(rest) = text.strip_prefix('/') else { return Some(None) };
    let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match name.split_once('@') {
        Some((name, whose)) if whose.eq_ignore_ascii_case(bot) => Some(Some((name, rest.trim()))),
        Some(_) => None,
        None => Some(Some((name, rest.trim()))),
    }
}

fn of_command(name: &str, rest: &str) -> Said {
    let words = |text: &str| Said::Words { text: text.to_owned(), files: Vec::new() };
    match name.to_ascii_lowercase().as_str() {
        "start" => Said::Only(Line::Start),
        "privacy" => Said::Only(Line::Privacy),
        "new" => Said::Deed(Deed::Begin),
        "balance" => words("balance"),
        "queue" => words("status"),
        "cancel" => words("cancel"),
        "link" if rest.is_empty() => Said::Only(Line::LinkHow),
        "link" => Said::Deed(Deed::Link { code: rest.to_owned() }),
        "unlink" => Said::Deed(Deed::Unlink),
        "forget" => Said::Only(Line::ForgetSure),
        kind @ ("thumbnail" | "image" | "video" | "tryon" | "portrait") if !rest.is_empty() => {
            words(&format!("{kind}: {rest}"))
        }
        _ => Said::Only(Line::Help),
    }
}

/// The picture of a message, or why it has none that can be used.
fn file_of(media: &MediaKind) -> Result<Vec<FileRef>, Line> {
    let nothing = |kind: Kind| Err(Line::NothingSaid { kind });
    match media {
        MediaKind::Text(_) => Ok(Vec::new()),
        MediaKind::Photo(photo) => {
            let largest =
                photo.photo.iter().max_by_key(|size| u64::from(size.width) * u64::from(size.height));
            Ok(largest
                .map(|size| FileRef {
                    reference: size.file.id.0.clone(),
                    name: "photo.jpg".to_owned(),
                    size_bytes: size.file.size.into(),
                })
                .into_iter()
                .collect())
        }
        MediaKind::Document(document) => {
            let document = &document.document;
            match &document.mime_type {
                Some(kind) if kind.type_() == "image" => Ok(vec![FileRef {
                    reference: document.file.id.0.clone(),
                    name: document.file_name.clone().unwrap_or_default(),
                    size_bytes: document.file.size.into(),
                }]),
                Some(kind) => Err(Line::NotAPicture { kind: Some(kind.to_string()) }),
                None => Err(Line::NotAPicture { kind: None }),
            }
        }
        MediaKind::Voice(_) | MediaKind::Audio(_) => nothing(Kind::Voice),
        MediaKind::Sticker(_) => nothing(Kind::Sticker),
        MediaKind::Video(_) | MediaKind::VideoNote(_) | MediaKind::Animation(_) => nothing(Kind::Video),
        _ => nothing(Kind::Other),
    }
}

/// Where a mention stands, whatever its case.
fn find(text: &str, mention: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let mention = mention.to_ascii_lowercase();
    lower.match_indices(&mention).map(|(place, _)| place).find(|place| {
        // `@atelierbot` is no mention of `@atelier`.
        let after = lower[place + mention.len()..].chars().next();
        !after.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

fn without(text: &str, mention: &str) -> String {
    let Some(place) = find(text, mention) else { return text.trim().to_owned() };
    let before = text[..place].trim_end();
    let after = text[place + mention.len()..].trim_start_matches([',', ':']).trim_start();
    format!("{before} {after}").trim().to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Somebody's words with files, in a private chat.
    pub(in crate::telegram) fn words(text: &str, files: &[&str]) -> Heard {
        let file = |name: &&str| FileRef {
            reference: (*name).to_owned(),
            name: "photo.jpg".to_owned(),
            size_bytes: 9,
        };
        let said = Said::Words { text: text.to_owned(), files: files.iter().map(file).collect() };
        let user = User { language_code: None, ..serde_json::from_value(person(42, "Zoe", false)).unwrap() };
        let ask = Ask { message: Some(5), ..ask(7, act("1:42:5"), &user, None) };
        Heard { chat: 42, ask, said, addressed: true, album: None }
    }

    fn person(id: u64, name: &str, is_bot: bool) -> Value {
        json!({"id": id, "is_bot": is_bot, "first_name": name, "username": name, "language_code": "de"})
    }

    fn update(message: &Value) -> Update {
        let private = json!({"id": 42, "type": "private", "first_name": "Zoe"});
        let mut whole =
            json!({"message_id": 5, "date": 1, "chat": private, "from": person(42, "Zoe", false)});
        let more = message.as_object().unwrap().clone();
        whole.as_object_mut().unwrap().extend(more);
        parsed(&json!({"update_id": 7, "message": whole}))
    }

    /// From text, as it comes: teloxide borrows from it.
    fn parsed(update: &Value) -> Update {
        serde_json::from_str(&update.to_string()).unwrap()
    }

    fn bot() -> BotName {
        BotName { id: 1, name: "AtelierBot".to_owned() }
    }

    fn said(message: &Value) -> Option<(Said, bool)> {
        heard(&bot(), update(message)).map(|heard| (heard.said, heard.addressed))
    }

    #[test]
    fn messages_are_understood_by_where_and_how_they_are_said() {
        let group = || json!({"id": -77, "type": "supergroup", "title": "Bakers"});
        let plain = |text: &str| Said::Words { text: text.to_owned(), files: Vec::new() };
        let by_bot = json!({"message_id": 4, "date": 1, "chat": group(), "text": "?", "from": person(1, "AtelierBot", true)});
        let question = |url: &str| {
            let link = json!({"type": "text_link", "offset": 0, "length": 1, "url": url});
            let mut question = by_bot.clone();
            question["entities"] = json!([link]);
            question
        };
        for (message, wanted) in [
            (json!({"text": "a loaf"}), Some((plain("a loaf"), true))),
            (json!({"text": "/start ref1"}), Some((Said::Only(Line::Start), true))),
            (json!({"text": "/balance"}), Some((plain("balance"), true))),
            (json!({"text": "/thumbnail bread"}), Some((plain("thumbnail: bread"), true))),
            (
                json!({"text": "/link abcd-efgh"}),
                Some((Said::Deed(Deed::Link { code: "abcd-efgh".to_owned() }), true)),
            ),
            (json!({"text": "/nonsense"}), Some((Said::Only(Line::Help), true))),
            (json!({"chat": group(), "text": "a loaf"}), Some((plain("a loaf"), false))),
            (json!({"chat": group(), "text": "@atelierbot, a loaf"}), Some((plain("a loaf"), true))),
            (
                json!({"chat": group(), "text": "a loaf @AtelierBot please"}),
                Some((plain("a loaf please"), true)),
            ),
            (json!({"chat": group(), "text": "ask @atelierbot2"}), Some((plain("ask @atelierbot2"), false))),
            (json!({"chat": group(), "text": "/help@AtelierBot"}), Some((Said::Only(Line::Help), true))),
            (json!({"chat": group(), "text": "/help@otherbot"}), None),
            (
                json!({"chat": group(), "text": "bigger", "reply_to_message": by_bot}),
                Some((plain("bigger"), true)),
            ),
            (
                json!({"text": "bigger", "reply_to_message": question("https://t.me/AtelierBot?change=ab.c-d_e")}),
                Some((Said::Change { token: "ab.c-d_e".to_owned(), text: "bigger".to_owned() }, true)),
            ),
            (
                json!({"text": "bigger", "reply_to_message": question("https://t.me/OtherBot?change=ab.c")}),
                Some((plain("bigger"), true)),
            ),
            (json!({"text": "hello", "from": person(9, "robot", true)}), None),
            (json!({"new_chat_title": "Bakers"}), None),
        ] {
            assert_eq!(said(&message), wanted, "{message}");
        }
    }

    #[test]
    fn files_are_pictures_or_told_otherwise() {
        let file = |id: &str| json!({"file_id": id, "file_unique_id": id, "file_size": 9});
        let size = |id: &str, side: u32| {
            let mut size = file(id);
            size.as_object_mut()
                .unwrap()
                .extend(json!({"width": side, "height": side}).as_object().unwrap().clone());
            size
        };
        let photo =
            json!({"photo": [size("small", 90), size("large", 900), size("middle", 300)], "caption": "me"});
        let heard_photo = heard(&bot(), update(&photo)).unwrap();
        assert_eq!(heard_photo.said, words("me", &["large"]).said);
        let document = |kind: &str| {
            let mut document = file("d");
            document
                .as_object_mut()
                .unwrap()
                .extend(json!({"file_name": "a.x", "mime_type": kind}).as_object().unwrap().clone());
            json!({"document": document})
        };
        assert!(
            matches!(said(&document("image/png")), Some((Said::Words { files, .. }, _)) if files.len() == 1)
        );
        let pdf = Said::Only(Line::NotAPicture { kind: Some("application/pdf".to_owned()) });
        assert_eq!(said(&document("application/pdf")), Some((pdf, true)));
        let hologram = json!({"hologram": file("h")});
        let other = Said::Only(Line::NothingSaid { kind: Kind::Other });
        assert_eq!(said(&hologram), Some((other, true)), "nothing is passed over in silence");
        let mut voice = file("v");
        voice
            .as_object_mut()
            .unwrap()
            .extend(json!({"duration": 3, "mime_type": "audio/ogg"}).as_object().unwrap().clone());
        let heard = Said::Only(Line::NothingSaid { kind: Kind::Voice });
        assert_eq!(said(&json!({"voice": voice})), Some((heard, true)));
    }

    #[test]
    fn presses_name_their_message_and_are_the_same_act_when_they_come_again() {
        let press = |update: u32| -> Update {
            let message = json!({"message_id": 5, "date": 1, "chat": {"id": -77, "type": "supergroup", "title": "B"}, "text": "?"});
            let query = json!({"id": "99", "from": person(42, "Zoe", false), "message": message, "chat_instance": "1", "data": "t.o"});
            parsed(&json!({"update_id": update, "callback_query": query}))
        };
        let first = heard(&bot(), press(7)).unwrap();
        assert_eq!((first.chat, first.ask.pressed, first.ask.handle.as_str()), (-77, Some(5), "99"));
        assert_eq!((first.ask.person.as_str(), first.ask.language), ("telegram:42:-77", Language::German));
        assert_eq!(first.said, Said::Press { token: "t.o".to_owned() });
        assert_eq!(heard(&bot(), press(8)).unwrap().ask.act, first.ask.act);
        let edited = update(&json!({"text": "x"}));
        let UpdateKind::Message(message) = edited.kind.clone() else { panic!("{edited:?}") };
        let edited = Update { kind: UpdateKind::EditedMessage(message), ..edited };
        assert_eq!(heard(&bot(), edited).unwrap().said, Said::Only(Line::Edited));
    }
}
