//! What messages and interactions of Discord's say, if they say anything to this bot. Pure.

use serenity::all::{
    CommandInteraction, ComponentInteraction, ComponentInteractionDataKind, Message, MessageUpdateEvent,
    ModalInteraction, ResolvedValue, User,
};
use uuid::Uuid;

use super::{
    forms::{self, Form},
    menu::PRIVATE,
    message_menu,
    places::Place,
};
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

/// Whether a message is meant for the bot. In direct messages it always is.
pub(super) fn is_meant(bot: &BotName, message: &Message) -> bool {
    let mentioned = message.mentions.iter().any(|user| user.id.get() == bot.id);
    let replied = message.referenced_message.as_ref().is_some_and(|it| it.author.id.get() == bot.id);
    !message.author.bot && (message.guild_id.is_none() || mentioned || replied)
}

/// What a message says that is meant for the bot; it was written at `place`, unless in a direct message.
pub(super) fn of_message(bot: &BotName, message: &Message, place: Option<Place>) -> Heard {
    let words = [format!("<@{}>", bot.id), format!("<@!{}>", bot.id)]
        .iter()
        .fold(message.content.clone(), |words, mention| words.replace(mention, " "));
    let mut files = Vec::new();
    let mut foreign = None;
    for file in &message.attachments {
        let kind = file.content_type.as_deref().unwrap_or_default();
        if kind.starts_with("image/") {
            files.push(message_menu::file(file));
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
    let ask = Ask { message: Some(number), ..ask(message.id.get(), &message.author, place, "") };
    Heard { chat: snowflake(message.channel_id.get()), ask, said }
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
    // What is answered is no request, so it does not matter whether this is a thread.
    let place = change.guild_id.map(|_| Place::of(change.channel_id, None));
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
            ResolvedValue::Attachment(file) => files.push(message_menu::file(file)),
            _ => {}
        }
    }
    let words = |text: &str| Said::Words { text: text.to_owned(), files: Vec::new() };
    let said = match name {
        message_menu::USE => message_menu::use_pictures(command),
        message_menu::MORE => match message_menu::token(command) {
            Some(token) => Said::More { token },
            None => Said::Only(Line::NoPicture),
        },
        message_menu::ABOUT => match message_menu::token(command) {
            Some(token) => Said::Deed(Deed::About { token }),
            None => Said::Only(Line::NoPicture),
        },
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
    let place = command.guild_id.map(|_| Place::of(command.channel_id, command.channel.as_ref()));
    let ask = ask(command.id.get(), &command.user, place, &command.locale);
    (Heard { chat: snowflake(command.channel_id.get()), ask, said }, PRIVATE.contains(&name))
}

/// The pictures of a command that opens a form, in the order of its options.
pub(super) fn pictures_of(command: &CommandInteraction) -> Vec<FileRef> {
    let files = command.data.options().into_iter().filter_map(|option| match option.value {
        ResolvedValue::Attachment(file) => Some(message_menu::file(file)),
        _ => None,
    });
    files.collect()
}

/// What a press says.
pub(super) fn of_press(press: &ComponentInteraction) -> Heard {
    let token = match &press.data.kind {
        // A list says which of its lines was chosen.
        ComponentInteractionDataKind::StringSelect { values } => values.first().cloned().unwrap_or_default(),
        _ => press.data.custom_id.clone(),
    };
    let place = press.guild_id.map(|_| Place::of(press.channel_id, press.channel.as_ref()));
    let pressed = Some(snowflake(press.message.id.get()));
    let ask = Ask { pressed, ..ask(press.id.get(), &press.user, place, &press.locale) };
    Heard { chat: snowflake(press.channel_id.get()), ask, said: Said::Press { token } }
}

/// What a form says that was sent; `pictures` finds those that came with the command which opened it.
pub(super) fn of_form(sent: &ModalInteraction, pictures: impl FnOnce(i64) -> Option<Vec<FileRef>>) -> Heard {
    let text = forms::words_of(sent);
    let said = match Form::read(&sent.data.custom_id) {
        Some(Form::Change { token }) => Said::Change { token, text },
        Some(Form::Tryon { command }) => match pictures(command) {
            Some(files) => Said::Words { text: forms::tryon(&text), files },
            None => Said::Only(Line::FormLost),
        },
        None => Said::Only(Line::FormLost),
    };
    let place = sent.guild_id.map(|_| Place::of(sent.channel_id, sent.channel.as_ref()));
    let pressed = sent.message.as_ref().map(|message| snowflake(message.id.get()));
    let ask = Ask { pressed, ..ask(sent.id.get(), &sent.user, place, &sent.locale) };
    Heard { chat: snowflake(sent.channel_id.get()), ask, said }
}

fn ask(id: u64, user: &User, place: Option<Place>, locale: &str) -> Ask {
    let channel = place.map(|place| place.channel);
    let parent = place.and_then(|place| place.parent);
    Ask {
        id: snowflake(id),
        // Ids of Discord's are unique over everything that it has.
        act: Uuid::new_v5(&ACTS, &id.to_be_bytes()),
        person: ChatIdentity::Discord { user: user.id.get(), channel, parent }.to_string(),
        language: Language::of_code(locale),
        message: None,
        pressed: None,
        handle: String::new(),
    }
}

pub(super) fn snowflake(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}
