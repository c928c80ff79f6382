//! What messages and interactions of Discord's say, if they say anything to this bot. Pure.

use serenity::all::{
    CommandInteraction, ComponentInteraction, Message, MessageUpdateEvent, ResolvedValue, User,
};
use uuid::Uuid;

use super::{menu::PRIVATE, message_menu};
use crate::{
    dialogue::{Ask, Deed, FileRef, Kind, Line, Said},
    identity::ChatIdentity,
    phrases::Language,
};

/// Ids of acts are derived below this one; changing it makes old events new.
const ACTS: Uuid = Uuid::from_u128(0x0d9e_2f0c_4b6b_4c55_8a52_53cf_71d6_90ae);

/// What a bot is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotName {
    /// Its id as a user.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its id as an application.
    pub application: u64,
}

/// Somebody said something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heard {
    pub(super) chat: i64,
    pub(super) ask: Ask,
    pub(super) said: Said,
}

/// What a message says; none when the bot is not meant. In direct messages it always is.
pub(super) fn of_message(bot: &BotName, message: &Message) -> Option<Heard> {
    if message.author.bot {
        return None;
    }
    let mentioned = message.mentions.iter().any(|user| user.id.get() == bot.id);
    let replied = message.referenced_message.as_ref().is_some_and(|it| it.author.id.get() == bot.id);
    if message.guild_id.is_some() && !mentioned && !replied {
        return None;
    }
    let words = [format!("<@{}>", bot.id), format!("<@!{}>", bot.id)]
        .iter()
        .fold(message.content.clone(), |words, mention| words.replace(mention, " "));
    let mut files = Vec::new();
    let mut foreign = None;
    for file in &message.attachments {
        let kind = file.content_type.as_deref().unwrap_or_default();
        if kind.starts_with("image/") {
            files.push(FileRef {
                reference: file.url.clone(),
                name: file.filename.clone(),
                size_bytes: file.size.into(),
            });
        } else {
            foreign = Some(match kind.split('/').next() {
                Some("audio") => Line::NothingSaid { kind: Kind::Voice },
                Some("video") => Line::NothingSaid { kind: Kind::Video },
                _ => Line::NotAPicture { kind: Some(kind.to_owned()).filter(|kind| !kind.is_empty()) },
            });
        }
    }
    let text = words.trim().to_owned();
    let said = match foreign {
        Some(line) => Said::Only(line),
        None if text.is_empty() && files.is_empty() && !message.sticker_items.is_empty() => {
            Said::Only(Line::NothingSaid { kind: Kind::Sticker })
        }
        None if text.is_empty() && files.is_empty() => Said::Only(Line::Help),
        None => Said::Words { text, files },
    };
    let number = snowflake(message.id.get());
    let channel = message.channel_id.get();
    let place = message.guild_id.map(|_| channel);
    let ask = Ask { message: Some(number), ..ask(message.id.get(), &message.author, place, "") };
    Some(Heard { chat: snowflake(channel), ask, said })
}

/// What a changed message says; none when nobody changed its words, or the bot is not meant. Discord also tells of
/// messages that got a picture of a page.
pub(super) fn of_change(bot: &BotName, change: &MessageUpdateEvent) -> Option<Heard> {
    change.edited_timestamp?;
    let author = change.author.as_ref().filter(|author| !author.bot)?;
    change.content.as_ref()?;
    let mentions = change.mentions.as_deref().unwrap_or_default();
    if change.guild_id.is_some() && !mentions.iter().any(|user| user.id.get() == bot.id) {
        return None;
    }
    let number = change.id.get();
    let place = change.guild_id.map(|_| change.channel_id.get());
    let ask = Ask {
        // The message itself was heard under its number.
        id: -snowflake(number),
        message: Some(snowflake(number)),
        ..ask(number, author, place, "")
    };
    Some(Heard { chat: snowflake(change.channel_id.get()), ask, said: Said::Only(Line::Edited) })
}

/// What a command says, and whether only the one who gave it may see the answer.
pub(super) fn of_command(command: &CommandInteraction) -> (Heard, bool) {
    let name = command.data.name.as_str();
    let (mut text, mut files) = (String::new(), Vec::new());
    for option in command.data.options() {
        match option.value {
            ResolvedValue::String(words) => words.trim().clone_into(&mut text),
            ResolvedValue::Attachment(file) => files.push(FileRef {
                reference: file.url.clone(),
                name: file.filename.clone(),
                size_bytes: file.size.into(),
            }),
            _ => {}
        }
    }
    let words = |text: &str| Said::Words { text: text.to_owned(), files: Vec::new() };
    let said = match name {
        message_menu::USE => message_menu::use_pictures(command),
        "balance" => words("balance"),
        "queue" => words("status"),
        "cancel" => words("cancel"),
        "privacy" => Said::Only(Line::Privacy),
        "new" => Said::Deed(Deed::Begin),
        "link" if text.is_empty() => Said::Only(Line::LinkHow),
        "link" => Said::Deed(Deed::Link { code: text }),
        "unlink" => Said::Deed(Deed::Unlink),
        "forget" => Said::Only(Line::ForgetSure),
        "thumbnail" | "image" if !text.is_empty() => Said::Words { text: format!("{name}: {text}"), files },
        _ => Said::Only(Line::Help),
    };
    let channel = command.channel_id.get();
    let place = command.guild_id.map(|_| channel);
    let ask = ask(command.id.get(), &command.user, place, &command.locale);
    (Heard { chat: snowflake(channel), ask, said }, PRIVATE.contains(&name))
}

/// What a press says.
pub(super) fn of_press(press: &ComponentInteraction) -> Heard {
    let channel = press.channel_id.get();
    let place = press.guild_id.map(|_| channel);
    let pressed = Some(snowflake(press.message.id.get()));
    let ask = Ask { pressed, ..ask(press.id.get(), &press.user, place, &press.locale) };
    Heard { chat: snowflake(channel), ask, said: Said::Press { token: press.data.custom_id.clone() } }
}

fn ask(id: u64, user: &User, channel: Option<u64>, locale: &str) -> Ask {
    Ask {
        id: snowflake(id),
        // Ids of Discord's are unique over everything that it has.
        act: Uuid::new_v5(&ACTS, &id.to_be_bytes()),
        person: ChatIdentity::Discord { user: user.id.get(), channel }.to_string(),
        language: Language::of_code(locale),
        message: None,
        pressed: None,
        handle: String::new(),
    }
}

fn snowflake(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}
