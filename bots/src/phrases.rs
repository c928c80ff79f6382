//! What bots say of their own, in several languages. The sentences are data: `languages/*.toml`, one file each.

use std::sync::LazyLock;

use figment::{
    Figment,
    providers::{Format as _, Toml},
};
use serde::Deserialize;

/// A language that there is a file for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Language {
    /// English, for everybody whose language there is no file for.
    #[default]
    English,
    /// German.
    German,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Spanish];

    /// The language of a platform's code, such as `de-AT`.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        let begin = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == begin).unwrap_or_default()
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
        }
    }

    /// What is said in it.
    #[must_use]
    pub fn phrases(self) -> &'static Phrases {
        &FILES[self as usize]
    }
}

static FILES: LazyLock<[Phrases; 3]> = LazyLock::new(|| {
    [
        include_str!("../languages/en.toml"),
        include_str!("../languages/de.toml"),
        include_str!("../languages/es.toml"),
    ]
    .map(read)
});

fn read(file: &str) -> Phrases {
    let read = Figment::from(Toml::string(file)).extract();
    read.unwrap_or_else(|error| panic!("a file of languages is built in and tested: {error}"))
}

/// Whole sentences; `{…}` is filled in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is named after what it says; the English file shows them all")]
pub struct Phrases {
    pub start: String,
    pub help: String,
    pub privacy: String,
    pub begun: String,
    pub away: String,
    pub broken: String,
    pub slow_down: String,
    pub behind: String,
    pub not_yours: String,
    pub not_a_picture: String,
    pub unknown_file: String,
    pub too_large: String,
    pub too_long: String,
    pub nothing_said: String,
    pub edited: String,
    pub link_how: String,
    pub linked: String,
    pub unlinked: String,
    pub forget_sure: String,
    pub forget_yes: String,
    pub forget_no: String,
    pub forgotten: String,
    pub kept: String,
    pub as_file: String,
    pub files_sent: String,
    pub larger_at: String,
    pub what_next: String,
    pub change_how: String,
    pub change_title: String,
    pub change_label: String,
    pub change_hint: String,
    pub about: String,
    pub no_picture: String,
    pub not_removed: String,
    pub tryon_title: String,
    pub tryon_label: String,
    pub tryon_hint: String,
    pub form_lost: String,
    pub kinds: Kinds,
    pub commands: Commands,
}

/// What can't be understood, in the plural.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is named after what it is")]
pub struct Kinds {
    pub voice: String,
    pub sticker: String,
    pub video: String,
    pub other: String,
}

/// What the menu of commands says of each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is named after its command")]
pub struct Commands {
    pub new: String,
    pub balance: String,
    pub queue: String,
    pub cancel: String,
    pub help: String,
    pub link: String,
    pub privacy: String,
    pub forget: String,
}

impl Commands {
    /// Names and descriptions, in the order of the menu.
    #[must_use]
    pub fn menu(&self) -> [(&'static str, &str); 8] {
        [
            ("new", &self.new),
            ("balance", &self.balance),
            ("queue", &self.queue),
            ("cancel", &self.cancel),
            ("help", &self.help),
            ("link", &self.link),
            ("privacy", &self.privacy),
            ("forget", &self.forget),
        ]
    }
}

/// A sentence with its places filled.
#[must_use]
pub fn fill(sentence: &str, places: &[(&str, &str)]) -> String {
    places
        .iter()
        .fold(sentence.to_owned(), |sentence, (name, value)| sentence.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn languages_are_told_by_their_codes() {
        for (code, language) in [
            ("de-AT", Language::German),
            ("es", Language::Spanish),
            ("pt-br", Language::English),
            ("", Language::English),
            ("DE", Language::German),
        ] {
            assert_eq!(Language::of_code(code), language, "{code}");
        }
    }

    #[test]
    fn every_language_says_everything_and_has_the_same_places() {
        let places = |file: &str| -> BTreeMap<String, Vec<String>> {
            let table: BTreeMap<String, figment::value::Value> =
                Figment::from(Toml::string(file)).extract().unwrap();
            let sentences = table.into_iter().filter_map(|(name, value)| Some((name, value.into_string()?)));
            let named = |sentence: String| {
                let mut found: Vec<_> = sentence
                    .split('{')
                    .skip(1)
                    .map(|rest| rest.split('}').next().unwrap().to_owned())
                    .collect();
                found.sort();
                found
            };
            sentences.map(|(name, sentence)| (name, named(sentence))).collect()
        };
        let english = places(include_str!("../languages/en.toml"));
        for (file, language) in [
            (include_str!("../languages/de.toml"), Language::German),
            (include_str!("../languages/es.toml"), Language::Spanish),
        ] {
            assert_eq!(places(file), english, "{language:?}");
            // Telegram takes descriptions of 1 to 256 letters.
            assert!(
                language.phrases().commands.menu().iter().all(|(_, says)| (1..=100).contains(&says.len()))
            );
        }
    }

    #[test]
    fn places_are_filled() {
        assert_eq!(fill("in {seconds} s, {seconds}", &[("seconds", "7")]), "in 7 s, 7");
    }
}
