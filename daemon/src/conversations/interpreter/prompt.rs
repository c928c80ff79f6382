//! What a language model is told. The system's part never changes, so that servers keep it in their cache, as the
//! model on this machine does.

use std::fmt::Write as _;

use crate::conversations::interpreter::{Conversation, Speaker};

/// What the model is for.
pub(super) const SYSTEM: &str = include_str!("system.txt");

/// Of a conversation only so many of the latest messages are told.
const MESSAGES: usize = 40;
/// Of a message only so many characters are told.
const CHARS: usize = 4_000;

/// The conversation and the request that may be changed, as text.
pub(super) fn transcript(conversation: &Conversation) -> String {
    let mut text = String::from("The conversation:\n");
    let mut picture = 0;
    let before = conversation.turns.len().saturating_sub(MESSAGES);
    for (number, turn) in conversation.turns.iter().enumerate() {
        let first = picture;
        picture += turn.images.len();
        if number < before {
            continue;
        }
        let who = if turn.from == Speaker::User { "person" } else { "studio" };
        let words: String = turn.text.chars().take(CHARS).collect();
        // As a JSON string, so that no words can pretend to be another message.
        write!(text, "{who}: {}", serde_json::Value::from(words)).ok();
        for (offset, label) in turn.images.iter().enumerate() {
            let label = if conversation.labels_visible { label.as_str() } else { "not seen" };
            write!(text, " [picture {}: {label}]", first + offset).ok();
        }
        text.push('\n');
    }
    let last = conversation.last_request.as_ref().and_then(|last| serde_json::to_string(last).ok());
    write!(text, "\nThe latest request: {}\n", last.as_deref().unwrap_or("none")).ok();
    text
}
