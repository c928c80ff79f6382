//! "Change …" without a window: a message that asks what to change, and the answer to it.
//!
//! What is behind the button travels in a link that the question holds, because Telegram brings the question along with
//! its answer; so the bot keeps nothing, and a question of before a restart is answered like any other.

use teloxide_core::types::{ForceReply, Message, MessageEntity, MessageEntityKind};
use url::Url;

/// The link of a question, to the bot itself: who follows it is where they were.
fn link(bot: &str, token: &str) -> Option<Url> {
    Url::parse_with_params(&format!("https://t.me/{bot}"), [("change", token)]).ok()
}

/// What a question has besides its words: the token under its first letter, and the name of whom it is for.
pub(super) fn entities(bot: &str, token: &str, person: &str, text: &str) -> Vec<MessageEntity> {
    let entity = |url: Url, offset: usize, length: usize| {
        MessageEntity::new(MessageEntityKind::TextLink { url }, offset, length)
    };
    let units = |text: &str| text.encode_utf16().count();
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let word = rest.split(' ').next().unwrap_or_default();
    // A mention makes a group's question one for a single person.
    let user = person.split(':').nth(1).and_then(|id| Url::parse(&format!("tg://user?id={id}")).ok());
    let mention = user.filter(|_| !word.is_empty());
    let token = link(bot, token).map(|url| entity(url, 0, units(first)));
    token.into_iter().chain(mention.map(|url| entity(url, units(first) + 1, units(word)))).collect()
}

/// Opens the field for the answer.
pub(super) fn field(hint: &str) -> ForceReply {
    // Telegram's bound.
    let hint: String = hint.chars().take(64).collect();
    ForceReply::new().input_field_placeholder(hint).selective()
}

/// What is behind the button, if `question` asks what to change.
pub(super) fn token_of(bot: &str, question: &Message) -> Option<String> {
    let link = question.entities()?.iter().find_map(|entity| match &entity.kind {
        MessageEntityKind::TextLink { url } if url.domain() == Some("t.me") => Some(url),
        _ => None,
    })?;
    let ours = link.path().trim_start_matches('/').eq_ignore_ascii_case(bot);
    let (_, token) = link.query_pairs().find(|(name, _)| ours && name == "change")?;
    Some(token.into_owned())
}
