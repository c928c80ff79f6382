//! A conversation as the interpreter reads it. Pure.

use super::{Conversation, Message, Order, QuoteOutcome, Said, Turn, interpreter, wording};

/// The open quote that the newest message says yes to.
pub(super) fn agreed(messages: &[(u32, Message)]) -> Option<(u32, Order)> {
    let [.., (number, quote), (_, newest)] = messages else { return None };
    match (&quote.said, &newest.said) {
        (
            Said::Quote { work, notes, outcome: QuoteOutcome::Open, .. },
            Said::Person { text, pictures, about: None },
        ) if pictures.is_empty() && wording::is_yes(text) => {
            Some((*number, Order { wanted: work.clone().into(), notes: notes.clone() }))
        }
        _ => None,
    }
}

/// The conversation as the interpreter reads it. Pictures that scrolled out of its memory still count in its
/// indexes, so they come first, without words.
pub(super) fn reading(conversation: &Conversation, messages: &[(u32, Message)]) -> interpreter::Conversation {
    let mut turns: Vec<Turn> = messages.iter().map(|(_, message)| turn(message)).collect();
    let shown: usize = turns.iter().map(|turn| turn.images.len()).sum();
    let before = conversation.pictures.len().saturating_sub(shown);
    if before > 0 {
        turns.insert(0, Turn { images: unknown(before), ..Turn::user("") });
    }
    interpreter::Conversation {
        turns,
        labels_visible: false,
        last_request: conversation.last_request.clone(),
    }
}

/// The message as the interpreter reads it.
fn turn(message: &Message) -> Turn {
    match &message.said {
        Said::Person { text, pictures, .. } => Turn { images: unknown(pictures.len()), ..Turn::user(text) },
        Said::Text { text, .. } | Said::Question { text } | Said::Error { text, .. } => Turn::atelier(text),
        Said::Job { summary, .. } => Turn::atelier(summary),
        Said::Quote { work, .. } => Turn::atelier(work.summary()),
    }
}

fn unknown(pictures: usize) -> Vec<String> {
    vec!["unknown".to_owned(); pictures]
}
