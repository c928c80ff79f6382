//! From anybody's words to the few that the built-in model knows, and those that it can't use. Pure.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use serde::Deserialize;

use crate::thumbnail::oklab;

const JSON: &str = include_str!("../../../tiny/lexicon.json");
/// Families of scenes that show a time of day. In the others it changes nothing.
const TIMED: [&str; 7] = ["clouds", "ocean", "mountains", "forest", "desert", "city", "desk"];
/// Families that show weather, and how many kinds of it.
const WEATHERED: [(&str, usize); 5] =
    [("ocean", 5), ("mountains", 5), ("forest", 5), ("city", 5), ("desert", 2)];
/// Kinds of weather as the families count them.
const WEATHERS: [&str; 5] = ["clear", "cloudy", "misty", "snow", "rain"];
/// Backgrounds that go with everything and that the model paints well, for words that name no scene.
const ABSTRACT: [&str; 4] = ["liquid", "bokeh", "waves", "rays"];
/// The same where a time of day or weather is named, which those don't show.
const OUTDOORS: [&str; 3] = ["mountains", "ocean", "forest"];

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    // It is compiled in, and a test reads it.
    Lexicon::new(serde_json::from_str(JSON).unwrap_or_default())
});

/// What a word means to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Factor {
    Family,
    Palette,
    Side,
    Time,
    Weather,
}

/// The side that stays calm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Whichever the words name, if any.
    Said,
    /// This one, by the model's name for it; none for no side.
    Is(Option<&'static str>),
}

/// What was made of somebody's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What the model is asked for: family, palette, side, time, weather, in its plain words.
    pub prompt: String,
    /// What it can't use, as it was written. Words that carry no meaning here are not among it.
    pub unused: Vec<String>,
}

/// Reads `entries` (a subject, looks, colours: phrases don't reach from one into the next). Of two words for one thing
/// the first counts. Where no scene is named the `seed` picks one that goes with everything: there is always a picture.
pub(crate) fn read<'a>(entries: impl IntoIterator<Item = &'a str>, side: Side, seed: u64) -> Reading {
    let (mut known, mut unused) = LEXICON.look_up(entries, side);
    let outdoors = known.contains_key(&Factor::Time) || known.contains_key(&Factor::Weather);
    let fitting: &[&'static str] = if outdoors { &OUTDOORS } else { &ABSTRACT };
    let value = fitting[(seed % fitting.len() as u64) as usize];
    let family = known.entry(Factor::Family).or_insert(Said { value, words: String::new() }).value;
    known.retain(|factor, said| {
        let shown = match factor {
            Factor::Time => TIMED.contains(&family),
            Factor::Weather => shows_weather(family, said.value),
            _ => true,
        };
        if !shown {
            unused.push(said.words.clone());
        }
        shown
    });
    Reading { prompt: LEXICON.plain(&known), unused }
}

/// The known ones of these words, in the model's plain words; empty where there are none. For what a picture shall
/// not show.
pub(crate) fn known(words: &str) -> String {
    let (known, _) = LEXICON.look_up([words], Side::Said);
    LEXICON.plain(&known)
}

fn shows_weather(family: &str, weather: &str) -> bool {
    let kinds = WEATHERED.iter().find(|(name, _)| *name == family).map_or(0, |(_, kinds)| *kinds);
    WEATHERS[..kinds].contains(&weather)
}

/// A value, and the words that named it.
#[derive(Debug, Clone)]
struct Said {
    value: &'static str,
    words: String,
}

type Known = BTreeMap<Factor, Said>;

#[derive(Deserialize, Default)]
#[serde(bound(deserialize = "'de: 'static"))]
struct File {
    family: Values,
    palette: Values,
    side: Values,
    time: Values,
    weather: Values,
    stop: Vec<&'static str>,
    colours: Values,
}

/// Values with their words (the plain one first) or colours.
type Values = BTreeMap<&'static str, Vec<&'static str>>;

struct Lexicon {
    /// By their words, folded.
    phrases: BTreeMap<Vec<String>, (Factor, &'static str)>,
    longest: usize,
    /// The plain word of each value.
    plain: BTreeMap<(Factor, &'static str), &'static str>,
    /// Words that say nothing here.
    stop: Vec<&'static str>,
    /// Palettes with colours that they have.
    colours: Vec<(&'static str, [f32; 3])>,
}

impl Lexicon {
    fn new(file: File) -> Self {
        let factors = [
            (Factor::Family, file.family),
            (Factor::Palette, file.palette),
            (Factor::Side, file.side),
            (Factor::Time, file.time),
            (Factor::Weather, file.weather),
        ];
        let (mut phrases, mut plain) = (BTreeMap::new(), BTreeMap::new());
        for (factor, values) in factors {
            for (value, means) in values {
                plain.insert((factor, value), means.first().copied().unwrap_or(value));
                for phrase in means {
                    phrases.entry(folded(&words(phrase))).or_insert((factor, value));
                }
            }
        }
        let colours = file
            .colours
            .into_iter()
            .flat_map(|(name, all)| all.into_iter().filter_map(rgb).map(move |colour| (name, oklab(colour))));
        Self {
            longest: phrases.keys().map(Vec::len).max().unwrap_or_default(),
            colours: colours.collect(),
            stop: file.stop,
            phrases,
            plain,
        }
    }

    /// What is said of each thing, and what can't be used.
    fn look_up<'a>(&self, entries: impl IntoIterator<Item = &'a str>, side: Side) -> (Known, Vec<String>) {
        let (mut known, mut unused) = (Known::new(), Vec::new());
        if let Side::Is(Some(value)) = side {
            known.insert(Factor::Side, Said { value, words: String::new() });
        }
        for entry in entries {
            let colour = rgb(entry.trim()).and_then(|colour| self.nearest(colour));
            let (words, found) = match colour {
                Some(value) => (vec![entry.trim()], vec![(Factor::Palette, value, 0..1)]),
                None => {
                    let words = words(entry);
                    let found = self.find(&folded(&words));
                    (words, found)
                }
            };
            let mut used = vec![false; words.len()];
            for (factor, value, range) in found {
                let counts = match (factor, side) {
                    (Factor::Side, Side::Is(given)) => given == Some(value),
                    _ => known.get(&factor).is_none_or(|said| said.value == value),
                };
                used[range.clone()].fill(true);
                let said = Said { value, words: words[range].join(" ") };
                if counts {
                    known.entry(factor).or_insert(said);
                } else {
                    unused.push(said.words);
                }
            }
            unused.extend(self.left_over(&words, &used));
        }
        (known, unused)
    }

    /// The phrases in `words` in their order, and where they stand. Longer ones go first where they overlap.
    fn find(&self, words: &[String]) -> Vec<(Factor, &'static str, Range<usize>)> {
        let mut taken = vec![false; words.len()];
        let mut found = Vec::new();
        for length in (1..=self.longest.min(words.len())).rev() {
            for first in 0..=words.len() - length {
                let range = first..first + length;
                if taken[range.clone()].contains(&true) {
                    continue;
                }
                if let Some((factor, value)) = self.meaning(&words[range.clone()]) {
                    taken[range.clone()].fill(true);
                    found.push((*factor, *value, range));
                }
            }
        }
        found.sort_by_key(|(.., range)| range.start);
        found
    }

    /// What a phrase means, also where its last word is a plural.
    fn meaning(&self, phrase: &[String]) -> Option<&(Factor, &'static str)> {
        self.phrases.get(phrase).or_else(|| {
            let (last, before) = phrase.split_last()?;
            let singulars = [("ies", "y"), ("es", ""), ("s", "")];
            singulars.into_iter().find_map(|(plural, singular)| {
                let word = format!("{}{singular}", last.strip_suffix(plural)?);
                self.phrases.get(&[before, &[word]].concat())
            })
        })
    }

    /// Words that were not used, neighbours together; those that say nothing part them.
    fn left_over(&self, words: &[&str], used: &[bool]) -> Vec<String> {
        let says = |(word, used): (&&str, &bool)| !used && !self.stop.contains(&fold(word).as_str());
        let says: Vec<bool> = words.iter().zip(used).map(says).collect();
        let mut runs: Vec<Vec<&str>> = Vec::new();
        for (at, word) in words.iter().enumerate().filter(|(at, _)| says[*at]) {
            match runs.last_mut() {
                Some(run) if at > 0 && says[at - 1] => run.push(word),
                _ => runs.push(vec![word]),
            }
        }
        runs.into_iter().map(|run| run.join(" ")).collect()
    }

    /// The palette that is most like a colour.
    fn nearest(&self, rgb: [u8; 3]) -> Option<&'static str> {
        let wanted = oklab(rgb);
        let apart = |colour: &[f32; 3]| -> f32 {
            colour.iter().zip(wanted).map(|(one, other)| (one - other).powi(2)).sum()
        };
        let nearest = self.colours.iter().min_by(|(_, one), (_, other)| apart(one).total_cmp(&apart(other)));
        nearest.map(|(value, _)| *value)
    }

    fn plain(&self, known: &Known) -> String {
        // "none" is what the model paints when no side is named.
        let said = known.iter().filter(|(factor, said)| **factor != Factor::Side || said.value != "none");
        let words = said.filter_map(|(factor, said)| self.plain.get(&(*factor, said.value)).copied());
        words.collect::<Vec<_>>().join(", ")
    }
}

/// The words of a text as they were written, without marks.
fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_alphanumeric() && !is_combining(letter))
        .filter(|word| !word.is_empty())
        .collect()
}

fn folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| fold(word)).collect()
}

/// Lower case, without accents.
fn fold(word: &str) -> String {
    let lower = word.chars().flat_map(char::to_lowercase).filter(|letter| !is_combining(*letter));
    lower
        .map(|letter| match letter {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            letter => letter,
        })
        .collect()
}

fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// The colour `#rrggbb`.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let bytes = hex::decode(text.strip_prefix('#')?).ok()?;
    bytes.try_into().ok()
}
