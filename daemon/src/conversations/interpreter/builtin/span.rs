//! What each span of the words was taken for, and by which rule: the built-in interpreter's account of itself.

use super::tokens::Reading;
use serde::Serialize;

/// What words were taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// A command or a question.
    Command,
    /// What the policy turns away.
    Refused,
    /// The name of the thing asked for, or of the video that it is for.
    Thing,
    /// Words to set, with those that announce them.
    Title,
    /// How many.
    Count,
    /// How long.
    Seconds,
    /// The shape, or the place that has it.
    Aspect,
    /// File kind, lines, voice, subtitles.
    Film,
    /// Looks, moods, colours.
    Look,
    /// What must not be there.
    LeftOut,
    /// The template to look for.
    Template,
    /// Which picture is which.
    Picture,
    /// A garment.
    Garment,
    /// The same once more, or larger.
    Again,
    /// How the result was liked, and other courtesies.
    Courtesy,
    /// A change of what is to be seen.
    Change,
    /// Words of asking, which say nothing of what is to be seen.
    Asking,
    /// What is to be seen.
    Subject,
    /// Nothing: no rule knew what to do with it.
    Unused,
}

/// Words that stand together and were taken for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Index of the message in the conversation.
    pub turn: usize,
    /// The words as typed.
    pub text: String,
    /// What they were taken for.
    pub role: Use,
    /// The rule that took them.
    pub rule: &'static str,
}

/// The spans of everything that was read, in order.
pub(super) fn spans(reading: &Reading) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut first = 0;
    for index in 0..reading.tokens.len() {
        let Some(token) = reading.tokens.get(index) else { break };
        let same = reading
            .tokens
            .get(first)
            .is_some_and(|begin| begin.turn == token.turn && begin.used == token.used && index > first);
        if !same {
            first = index;
        }
        let (role, rule) = token.used.unwrap_or((Use::Unused, "no rule"));
        let mut text = reading.slice(first, index).trim().to_owned();
        // Quotation marks are no tokens; the closing one belongs to what it closes.
        let after = reading.text.get(token.end..).and_then(|rest| rest.chars().next());
        text.extend(after.filter(|mark| matches!(mark, '"' | '”' | '»' | '’')));
        if same {
            spans.pop();
        }
        spans.push(Span { turn: token.turn, text, role, rule });
    }
    spans.retain(|span| span.role != Use::Unused || span.text.chars().any(char::is_alphanumeric));
    spans
}
