//! Which turns are about the request of now.

use super::lexicon::ASKS_BACK;
use super::pictures::Sent;
use super::tokens::Reading;
use crate::conversations::interpreter::{Conversation, Speaker, Turn};

/// Of each message only so many characters are looked at: what comes later is never needed and would cost time.
pub(super) const MAX_CHARS: usize = 4000;

/// Of a conversation only so many of the latest messages are looked at.
pub(super) const MAX_TURNS: usize = 40;

/// Over all messages together only so many characters are looked at, the latest messages first.
const MAX_WINDOW_CHARS: usize = 8000;

/// Every user's turn, joined, from `first` on; the later ones are sure to be in.
pub(super) fn reading(conversation: &Conversation, turns: &[usize]) -> Reading {
    let mut kept: Vec<(usize, String)> = Vec::new();
    let mut room = MAX_WINDOW_CHARS;
    for index in turns.iter().rev() {
        let Some(turn) = conversation.turns.get(*index) else { continue };
        let text: String = turn.text.chars().take(MAX_CHARS.min(room)).collect();
        room = room.saturating_sub(text.chars().count());
        kept.push((*index, text));
    }
    let mut reading = Reading::default();
    for (index, text) in kept.iter().rev() {
        reading.push_turn(*index, text);
    }
    reading
}

/// The person's messages since the studio last spoke.
pub(super) fn latest(conversation: &Conversation) -> Vec<usize> {
    let turns = &conversation.turns;
    let end = turns.iter().rposition(is_user).map_or(0, |at| at + 1);
    let start = turns.iter().take(end).rposition(|turn| !is_user(turn)).map_or(0, |at| at + 1);
    (start.max(end.saturating_sub(MAX_TURNS))..end).collect()
}

/// The person's messages that belong together: those before the latest only where the studio asked back.
pub(super) fn together(conversation: &Conversation) -> Vec<usize> {
    let turns = &conversation.turns;
    let end = turns.iter().rposition(is_user).map_or(0, |at| at + 1);
    let mut start = end;
    for index in (end.saturating_sub(MAX_TURNS)..end).rev() {
        match turns.get(index) {
            Some(turn) if is_user(turn) => start = index,
            Some(turn) if asks_back(&turn.text) => {}
            _ => break,
        }
    }
    (start..end).filter(|index| turns.get(*index).is_some_and(is_user)).collect()
}

fn is_user(turn: &Turn) -> bool {
    turn.from == Speaker::User
}

/// Whether the studio asked for something rather than delivered it.
fn asks_back(text: &str) -> bool {
    let text: String = text.chars().take(MAX_CHARS).flat_map(char::to_lowercase).collect();
    ASKS_BACK.iter().any(|ask| text.contains(ask))
}

/// Every picture of the conversation, those of the given turns only.
pub(super) fn pictures(conversation: &Conversation, turns: &[usize]) -> Vec<Sent> {
    let mut sent = Vec::new();
    let mut index = 0;
    for (turn, said) in conversation.turns.iter().enumerate() {
        for label in &said.images {
            if turns.contains(&turn) {
                let label = conversation.labels_visible.then(|| label.clone());
                sent.push(Sent { index, turn, label });
            }
            index += 1;
        }
    }
    sent
}
