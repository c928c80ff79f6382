//! From a card of the daemon's to a message that every chat platform can show. Pure: it draws and decides nothing.
//!
//! Texts are plain. An adapter must send them without markup and without pinging anybody (`parse_mode` unset,
//! allowed mentions empty), because people's own words are in them.

mod layout;
#[cfg(test)]
mod tests;
mod words;

use atelier_proto::v1::{Act, Action, Card, Progress, card::Body};
use thiserror::Error;

use self::layout::arrange;
pub use self::words::{UNKNOWN, progress_bar, shorten};

/// Stands before the token of a button that asks for words, so that an adapter can ask for them before it presses.
pub const CHANGE: &str = "!c:";
/// A question with more answers than this has a list, where a platform has lists.
const MOST_ANSWERS: usize = 5;

/// What a platform allows in one message. Lengths of texts are counted in UTF-16 units, as Telegram does; Discord
/// counts code points, which are never more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text.
    pub text: usize,
    /// Longest label of a button.
    pub label: usize,
    /// Longest token of a button, in bytes.
    pub token_bytes: usize,
    /// Most rows of buttons.
    pub rows: usize,
    /// Most buttons in a row.
    pub row_buttons: usize,
    /// Most letters on the buttons of one row, so that a telephone shows them whole.
    pub row_letters: usize,
    /// Most pictures.
    pub pictures: usize,
    /// Most lines of a list to choose from; 0 where there are no lists.
    pub options: usize,
}

impl Limits {
    /// Discord's. A token could have 100 bytes there; the smaller limit holds everywhere, so that a conversation
    /// can move.
    pub const DISCORD: Self = Self {
        text: 2000,
        label: 80,
        token_bytes: 64,
        rows: 5,
        row_buttons: 5,
        row_letters: 60,
        pictures: 10,
        options: 25,
    };
    /// Telegram's. Captions are shorter and albums have no buttons, so an adapter sends text and pictures apart.
    pub const TELEGRAM: Self = Self {
        text: 4096,
        label: 64,
        token_bytes: 64,
        rows: 12,
        row_buttons: 8,
        row_letters: 36,
        pictures: 10,
        options: 0,
    };
}

/// A message for a chat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The words; never empty, without markup.
    pub text: String,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
    /// Ids of the pictures to show, in order.
    pub pictures: Vec<String>,
    /// A list to choose one from, below the buttons.
    pub list: Vec<Button>,
    /// The token that an answer to this message presses, with its words.
    pub asks_for: Option<String>,
    /// Whether it says no, which concerns the one who asked alone, where a platform can show it to one alone.
    pub alone: bool,
}

impl Message {
    /// Words alone.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Something to press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What to send to `Conversations.Press`.
    pub token: String,
    /// How it looks.
    pub style: Style,
}

/// How a button looks, where a platform has looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What most people press.
    Primary,
    /// Everything else.
    Secondary,
    /// Takes something away.
    Danger,
}

/// Why a card cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderError {
    /// A platform would refuse the whole message.
    #[error("the token of the button {label:?} has {bytes} bytes, allowed are 1 to {most}")]
    Token {
        /// The button.
        label: String,
        /// Bytes of its token.
        bytes: usize,
        /// Most that the platform takes.
        most: usize,
    },
}

/// Draws a card. `news` is the newest progress of the job of a [`Body::Progress`], if any is known; other cards
/// do not look at it.
///
/// # Errors
/// When a button has a token that the platform does not take.
pub fn render(card: &Card, news: Option<&Progress>, limits: &Limits) -> Result<Message, RenderError> {
    let (mut text, actions, pictures) = match &card.body {
        Some(Body::Text(card)) => (card.text.clone(), card.actions.as_slice(), Vec::new()),
        Some(Body::Question(card)) => (card.text.clone(), card.choices.as_slice(), Vec::new()),
        Some(Body::Quote(card)) => (words::quote(card), card.actions.as_slice(), Vec::new()),
        Some(Body::Progress(card)) => (words::progress(card, news), card.actions.as_slice(), Vec::new()),
        Some(Body::Result(card)) => {
            let results = card.job.as_ref().map(|job| job.results.as_slice()).unwrap_or_default();
            let shown = results.iter().take(limits.pictures).map(|result| result.asset_id.clone()).collect();
            (words::result(card, limits.pictures), card.actions.as_slice(), shown)
        }
        Some(Body::Error(card)) => (words::error(card), card.actions.as_slice(), Vec::new()),
        None => (words::UNKNOWN.to_owned(), [].as_slice(), Vec::new()),
    };
    let mut buttons = actions.iter().map(|action| button(action, limits)).collect::<Result<Vec<_>, _>>()?;
    let many = matches!(card.body, Some(Body::Question(_))) && buttons.len() > MOST_ANSWERS;
    let list = if many && limits.options > 0 {
        let rest = buttons.split_off(buttons.len().min(limits.options));
        std::mem::replace(&mut buttons, rest)
    } else {
        Vec::new()
    };
    let (buttons, left) = match list.is_empty() {
        true => arrange(buttons, limits),
        // The list has the room of all buttons.
        false => (Vec::new(), buttons.into_iter().map(|button| button.label).collect()),
    };
    if !left.is_empty() {
        text = format!("{text}\nOr say: {}", left.join(", "));
    }
    if text.trim().is_empty() {
        text = words::NOTHING.to_owned();
    }
    let alone = match &card.body {
        Some(Body::Text(card)) => card.refusal,
        Some(Body::Error(_)) => true,
        _ => false,
    };
    Ok(Message { text: shorten(&text, limits.text), buttons, pictures, list, asks_for: None, alone })
}

fn button(action: &Action, limits: &Limits) -> Result<Button, RenderError> {
    let before = if action.act() == Act::Revise { CHANGE } else { "" };
    let token = format!("{before}{}", action.token);
    let bytes = if action.token.is_empty() { 0 } else { token.len() };
    if !(1..=limits.token_bytes).contains(&bytes) {
        return Err(RenderError::Token { label: action.label.clone(), bytes, most: limits.token_bytes });
    }
    let style = match (action.destructive, action.key.as_str()) {
        (true, _) => Style::Danger,
        (false, "enter") => Style::Primary,
        (false, _) => Style::Secondary,
    };
    Ok(Button { label: shorten(&action.label, limits.label), token, style })
}
