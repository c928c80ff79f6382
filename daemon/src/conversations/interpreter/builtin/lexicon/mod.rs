//! The words the rules know: text files, one a subject, that are part of the program and read once, when they are first
//! asked for. README.md beside them says how they are written.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use crate::conversations::interpreter::{Aspect, Format, Resolution};

/// Words and phrases.
type Words = LazyLock<Vec<&'static str>>;

/// Words and phrases with what they mean.
type Meanings<T> = LazyLock<Vec<(&'static str, T)>>;

/// Names the lists of one file. What is listed here and not in the file fails a test, and the other way round.
macro_rules! lexicon {
    ($($file:literal { $($name:ident $(: $meaning:ty = $parse:expr)?),+ $(,)? })+) => {
        $($(lexicon!(@list $file, $name $(, $meaning, $parse)?);)+)+

        /// Every file with the lists that are read from it and their lengths.
        #[cfg(test)]
        fn lists() -> Vec<(&'static str, &'static str, usize)> {
            vec![$($((include_str!($file), stringify!($name), $name.len())),+),+]
        }
    };
    (@list $file:literal, $name:ident) => {
        pub(super) static $name: Words = LazyLock::new(|| words(include_str!($file), stringify!($name)));
    };
    (@list $file:literal, $name:ident, $meaning:ty, $parse:expr) => {
        pub(super) static $name: Meanings<$meaning> =
            LazyLock::new(|| meanings(include_str!($file), stringify!($name), $parse));
    };
}

lexicon! {
    "around_changes.words" {
        AROUND_PRAISE, SIZES, COUNTED_THINGS, AFTER_AGAIN, REMOVE_LAST, TITLE_GONE, ALL_CAPS, NO_CAPS, CORRECTS, BRINGS,
        BRING_FRAME, ANEW, BEFORE_SWAPPED,
    }
    "around_commands.words" {
        PAID_INTO, PAYS_IN, ASKS_BALANCE, NOT_OWN_CREDITS, ONES_OWN, PURSE, PRICES, BEFORE_CANCEL, NOT_OWN_HISTORY, ASKS_TO_SEE, WALLET, PAYS_PLAINLY, CREDIT_NOUNS, OPENS_QUESTION,
        CAN_YOU, ONE_THING, LINKS_LAST, ASKS_BACK,
    }
    "around_looks.words" {
        STYLE_OF, ARTS, OPENS_MOOD, TOO_MUCH, NOT_A_QUALITY, LETTERING_NOUNS, BIG, SMALL, LEAVE_OUT, ENDS_LEFT_OUT, OPENS_NO, IDLE_NO,
        WITHOUT_PLAIN, JOINS_LOOKS, BELONGS_BEFORE_LOOK, JOINS_MOODS, BACK_OVER_MOODS, JOINS_COLOURS,
        BACK_OVER_COLOURS, NOT_A_LOOK, LOOK_SINGULAR, OPENS_NAMED_LOOK,
    }
    "around_policy.words" {
        NUDE_INNOCENT, YEARS_OLD, BEFORE_AGE, LINKS_CONTEMPT, A_PERSON, ABOUT_DECEIT,
    }
    "around_requests.words" {
        TELLS_TOPIC, BACKDROPS, PORTRAYED, OTHER_AS, WHOSE, SURE_PORTRAITS, LACKS, NOT_COUNTED, COUNTED_PICTURES, COVERS, STATES, COUNT_VERBS, AFTER_COUNT, NO_ADJECTIVES, BEFORE_WHICH, PURPOSES, OWN_VIDEO, WEAK_PORTRAITS,
        BARE_PORTRAITS, DRAWN, POINTS_AT_SENT, STRONG_TRIES, POINTS_AT_LAST, OPENS_TOPIC, IS, ARTICLES,
        NUMBERED, SHOWN, IN_SUBJECTS, VIDEO_COMPOUNDS, VIDEO_WORDS, NOT_A_TEMPLATE, FACES, IMAGE_FRAME,
        POINTS_AT_BASE, PORTRAIT_FRAME, SHOWS_PERSON, SHAPE_NOUNS, NOT_A_PLACE, MINE, SHAPED, PLACE_THINGS,
        CHATTER, THIS,
    }
    "around_titles.words" {
        NAME_IS_TITLE, NAMES, IS_THE_NAME, BETWEEN_CUE, PUTS, SET_VERBS, CONNECTS, NEXT_WISH, TITLE_TAIL,
    }
    "around_videos.words" {
        PAGES, TELLS, MOTIONS, FILM_TAIL, NOT_A_FILM, VOICE_FILLERS, OWN, OWN_PHOTO, FILM_FRAME, STUDY_FRAME, STORY_FRAME, ORBIT_FRAME,
    }
    "asking.words" {
        ASKS, FRAME, TAIL, COURTESY, TOPICS, TALK,
    }
    "clothes.words" {
        OUTFITS, TOPS, BOTTOMS, DRESSES, TRY,
    }
    "colours.words" {
        COLOURS: &'static str = Some, SHADES, LAYOUT,
    }
    "commands.words" {
        CANCEL, STATUS, BALANCE, BUY, HISTORY, AGAIN, UPSCALE, HELP, LINK_VERBS, LINK_OBJECTS, LINK_CODES,
        CHAT,
    }
    "kinds.words" {
        SWAPPABLE, LONG_WORDS, THUMBNAIL, NOT_A_COVER, VIDEO, IMAGE, PORTRAIT, NEGATIONS,
    }
    "moods.words" {
        LOOKS: &'static str = Some, MOODS: &'static str = Some, TIMES: &'static str = Some, LOOK_NOUNS,
        LOOK_NOUNS_FIRST, DEGREES,
    }
    "numbers.words" {
        CARDINALS: u32 = number, ORDINALS: u8 = number, RESULTS, TIME_UNITS: u32 = number,
    }
    "pictures.words" {
        PICTURE, PERSON, LOGO, REFERENCE, DISCARD, THIS_IS_ME, BASE,
    }
    "platforms.words" {
        SHAPES: Aspect = field, PLACES: Aspect = field, TOWARDS,
    }
    "policy.words" {
        SEEMS_REAL, SEXUAL, SCANT, CHILDREN, VIOLENCE, GROUPS, CONTEMPT, HATE, PUBLIC, DEEDS, DECEIT,
    }
    "titles.words" {
        BEFORE, AFTER, ENDS_TITLE, NOT_WORDS, NONE, REMOVE, TITLE_NOUNS, ACRONYMS, WEAK,
    }
    "videos.words" {
        RESOLUTIONS: Resolution = field, FORMATS: Format = field, VOICES, CAPTIONS, WITHOUT, WITHOUT_AFTER,
        STORY, STUDY, ORBIT, ANIMATE, ANIMATE_FRAME,
    }
}

/// The lines of a list: what stands below `[name]`, without remarks.
fn lines(file: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    let header = format!("[{}]", name.to_ascii_lowercase());
    file.lines()
        .map(str::trim)
        .skip_while(move |line| !line.starts_with(&header))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn items(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn words(file: &'static str, name: &str) -> Vec<&'static str> {
    lines(file, name).flat_map(items).collect()
}

/// `meaning = word, word`; a word on a line without a sign means itself.
fn meanings<T: Copy>(
    file: &'static str,
    name: &str,
    parse: fn(&'static str) -> Option<T>,
) -> Vec<(&'static str, T)> {
    let mut entries = Vec::new();
    for line in lines(file, name) {
        match line.split_once(" = ") {
            Some((meaning, words)) => {
                entries.extend(items(words).filter_map(|word| Some((word, parse(meaning)?))));
            }
            None => entries.extend(items(line).filter_map(|word| Some((word, parse(word)?)))),
        }
    }
    entries
}

fn number<T: std::str::FromStr>(text: &'static str) -> Option<T> {
    text.parse().ok()
}

/// A value as the fields of requests name it.
fn field<T: Deserialize<'static>>(text: &'static str) -> Option<T> {
    T::deserialize(IntoDeserializer::<Error>::into_deserializer(text)).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::tokens::fold;
    use super::*;

    #[test]
    fn every_list_is_there_and_read() {
        let mut known: BTreeSet<(&str, String)> = BTreeSet::new();
        for (file, name, len) in lists() {
            assert!(len > 0, "{name} is empty or missing");
            known.insert((file, name.to_ascii_lowercase()));
        }
        for (file, ..) in lists() {
            for header in file.lines().filter_map(|line| line.strip_prefix('[')) {
                let name = header.split(']').next().unwrap().to_owned();
                assert!(known.contains(&(file, name.clone())), "[{name}] is read by nothing");
            }
        }
    }

    #[test]
    fn words_are_written_as_they_are_looked_for() {
        for (file, name, _) in lists() {
            for word in lines(file, name).filter(|line| !line.contains(" = ")).flat_map(items) {
                if !matches!(name, "ACRONYMS" | "ASKS_BACK") {
                    assert_eq!(word, fold(word), "in {name}");
                }
            }
            for line in lines(file, name).filter(|line| line.contains(" = ")) {
                let (meaning, words) = line.split_once(" = ").unwrap();
                for word in items(words) {
                    assert_eq!(word, fold(word), "in {name}");
                }
                let found = meanings(file, name, Some);
                assert!(found.iter().any(|(_, known)| *known == meaning), "{meaning} in {name}");
            }
        }
    }
}
