//! A question with a line to type.

use tui_input::Input;

/// A question with a line to type.
#[derive(Debug)]
pub(crate) struct Prompt {
    /// The question.
    pub(crate) title: String,
    /// What may be typed.
    pub(crate) hint: String,
    /// The line.
    pub(crate) input: Input,
    /// What the answer is for.
    pub(crate) ask: Ask,
    /// Why the answer can't be taken.
    pub(crate) refusal: Option<String>,
}

/// What an answer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Search in the place.
    Search,
    /// A picture to attach.
    Attach,
    /// Another name for this conversation.
    Rename(String),
    /// How many credits for this member, and why.
    Adjust(String),
    /// Why this member is suspended, or no longer.
    Suspend(String, bool),
    /// Why the price of this job is given back.
    Refund(String),
    /// Where this file is kept.
    Save(String),
}

impl Prompt {
    /// A question with these words to begin with.
    pub(crate) fn new(title: impl Into<String>, hint: &str, start: &str, ask: Ask) -> Self {
        Self { title: title.into(), hint: hint.to_owned(), input: Input::from(start), ask, refusal: None }
    }
}

/// `+500 a gift` as a number and a reason.
pub(crate) fn parse_adjustment(line: &str) -> Result<(i64, String), &'static str> {
    let (amount, reason) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let change = amount
        .replace(['−', '–'], "-")
        .parse::<i64>()
        .map_err(|_| "Begin with a whole number, such as +500 or -20.")?;
    match (change, reason.trim()) {
        (0, _) => Err("Zero credits would change nothing."),
        (_, "") => Err("Say why after the number; the member will see it."),
        (change, reason) => Ok((change, reason.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjustments() {
        for (line, wanted) in [
            ("+500 a gift", Some((500, "a gift"))),
            ("-20 typo ", Some((-20, "typo"))),
            ("−20 typo", Some((-20, "typo"))),
            ("500", None),
            ("0 x", None),
            ("many thanks", None),
            ("", None),
        ] {
            let got = parse_adjustment(line).ok();
            assert_eq!(got.as_ref().map(|(change, why)| (*change, why.as_str())), wanted, "{line}");
        }
    }
}
