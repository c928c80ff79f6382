//! Every command, found by a few letters.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};
use tui_input::Input;

use super::super::keymap::Action;

/// Every command, found by a few letters.
#[derive(Debug)]
pub(crate) struct Palette {
    /// The letters.
    pub(crate) input: Input,
    /// All commands.
    pub(crate) commands: Vec<Command>,
    /// Those that match, the best first.
    pub(crate) found: Vec<usize>,
    /// Which of those is selected.
    pub(crate) selected: usize,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its words.
    pub(crate) label: String,
    /// Its keys.
    pub(crate) keys: String,
    /// What it does.
    pub(crate) deed: Deed,
}

/// What a command does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// One of the interface's actions.
    Action(Action),
    /// A button of the selected card.
    Press(String),
}

impl Palette {
    /// All of these.
    pub(crate) fn new(commands: Vec<Command>) -> Self {
        let found = (0..commands.len()).collect();
        Self { input: Input::default(), commands, found, selected: 0 }
    }

    /// Searches anew after the letters have changed.
    pub(crate) fn search(&mut self) {
        let pattern = Pattern::parse(self.input.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut letters = Vec::new();
        let mut scored: Vec<(u32, usize)> = self
            .commands
            .iter()
            .enumerate()
            .filter_map(|(index, command)| {
                let words = Utf32Str::new(&command.label, &mut letters);
                pattern.score(words, &mut matcher).map(|score| (score, index))
            })
            .collect();
        scored.sort_by_key(|(score, index)| (u32::MAX - score, *index));
        self.found = scored.into_iter().map(|(_, index)| index).collect();
        self.selected = 0;
    }

    /// The path after `attach`, when that is what was typed.
    pub(crate) fn attachment(&self) -> Option<&str> {
        self.input
            .value()
            .trim_start_matches(':')
            .strip_prefix("attach ")
            .map(str::trim)
            .filter(|path| !path.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_find_a_command() {
        let command = |label: &str| Command {
            label: label.to_owned(),
            keys: String::new(),
            deed: Deed::Action(Action::Quit),
        };
        let mut palette =
            Palette::new(["go to Gallery", "go to Wallet", "new conversation", "quit"].map(command).to_vec());
        for (letters, wanted) in [("gal", "go to Gallery"), ("nconv", "new conversation"), ("qu", "quit")] {
            palette.input = Input::from(letters);
            palette.search();
            assert_eq!(palette.commands[palette.found[0]].label, wanted, "{letters}");
        }
        palette.input = Input::from("attach ~/me.jpg");
        assert_eq!(palette.attachment(), Some("~/me.jpg"));
    }
}
