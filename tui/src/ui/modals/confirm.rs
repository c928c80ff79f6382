//! A question with answers.

use super::super::msg::Cmd;

/// A question with answers.
#[derive(Debug)]
pub(crate) struct Confirm {
    /// What it is about.
    pub(crate) title: String,
    /// The question.
    pub(crate) text: String,
    /// The answers.
    pub(crate) choices: Vec<Choice>,
    /// Which of them is selected.
    pub(crate) selected: usize,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// Its key.
    pub(crate) key: char,
    /// Its words.
    pub(crate) label: String,
    /// Whether it takes something away.
    pub(crate) destructive: bool,
    /// What it leads to; nothing closes the question.
    pub(crate) cmds: Vec<Cmd>,
}

impl Confirm {
    /// A question, the first answer selected.
    pub(crate) fn new(title: &str, text: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { title: title.to_owned(), text: text.into(), choices, selected: 0 }
    }
}

impl Choice {
    /// An answer that does something.
    pub(crate) fn new(key: char, label: impl Into<String>, cmds: Vec<Cmd>) -> Self {
        Self { key, label: label.into(), destructive: false, cmds }
    }

    /// An answer that takes something away.
    pub(crate) fn destructive(key: char, label: impl Into<String>, cmds: Vec<Cmd>) -> Self {
        Self { destructive: true, ..Self::new(key, label, cmds) }
    }

    /// An answer that leaves everything as it is.
    pub(crate) fn stay(key: char, label: &str) -> Self {
        Self::new(key, label, Vec::new())
    }
}
