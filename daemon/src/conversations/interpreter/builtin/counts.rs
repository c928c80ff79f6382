//! How many, how long, which one.

use super::lexicon::{
    AFTER_COUNT, BEFORE_WHICH, CARDINALS, COUNT_VERBS, NO_ADJECTIVES, NOT_COUNTED, ORDINALS, RESULTS,
    TIME_UNITS,
};
use super::phrases::{any_at, entry_at, is_word};
use super::span::Use;
use super::tokens::{Reading, Taken};

/// More than this many pictures at once are never made.
const MAX_COUNT: u32 = 8;

/// A number at `index` and how many tokens it covers.
pub(super) fn number_at(reading: &Reading, index: usize) -> Option<(usize, u32)> {
    if !reading.free(index) {
        return None;
    }
    if let Ok(value) = reading.word(index).replace(',', "").parse::<u32>() {
        return Some((1, value));
    }
    let (mut len, value) = entry_at(reading, index, &CARDINALS)?;
    if matches!(reading.word(index), "couple" | "few" | "pair") && reading.word(index + len) == "of" {
        len += 1;
    }
    Some((len, value))
}

/// The number of pictures; `is_thing` tells where the thing asked for is named.
pub(super) fn count(reading: &mut Reading, is_thing: impl Fn(usize) -> bool, bare: bool) -> Option<u8> {
    reading.rule(Use::Count, "a number of results");
    let mut found = None;
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some((taken, value)) = count_at(reading, index, &is_thing, bare) else {
            index += 1;
            continue;
        };
        if value > 0 {
            found = Some(value.min(MAX_COUNT) as u8);
        }
        reading.take(index..index + taken, Taken::Field);
        index += taken;
    }
    found
}

fn count_at(
    reading: &Reading,
    index: usize,
    is_thing: &impl Fn(usize) -> bool,
    bare: bool,
) -> Option<(usize, u32)> {
    let word = reading.word(index);
    if let Some(times) =
        word.strip_prefix('x').or_else(|| word.strip_suffix('x')).and_then(|n| n.parse().ok())
        && reading.free(index)
        && (1..=64).contains(&times)
    {
        return Some((1, times));
    }
    let (len, value) = number_at(reading, index)?;
    if value == 0 || value > 64 || (word == "a" && value == 1) {
        return None;
    }
    let after = index + len;
    if value == 1 && !word.starts_with('1') && !is_word(word, &["one"]) {
        return None;
    }
    if len == 2 && is_word(reading.word(after), &["them", "these", "those"]) {
        return Some((len + 1, value));
    }
    if let Some(more) = any_at(reading, after, &RESULTS)
        && !(word == "one" && reading.word(after) == "more")
    {
        return (!is_word(reading.before(index, 1), &["these", "those", "the", "both"]))
            .then_some((len + more, value));
    }
    if reading.word(after) == "x" && !reading.word(after + 1).starts_with(|c: char| c.is_ascii_digit()) {
        return Some((len + 1, value));
    }
    if value > 1
        && thing_follows(reading, after, is_thing)
        && !is_word(reading.before(index, 1), &NOT_COUNTED)
    {
        return Some((len, value));
    }
    let verb = is_word(reading.before(index, 1), &COUNT_VERBS);
    let clause = reading.clause_of(index);
    let only = clause.start == index
        && (after..clause.end).all(|at| is_word(reading.word(at), &AFTER_COUNT))
        && (0..index).any(|at| !reading.word(at).is_empty());
    let alone = reading.is_wall(after) || is_word(reading.word(after), &AFTER_COUNT);
    if alone
        && (verb || (only && value > 1) || (bare && reading.clause_of(index).start == index))
        && value <= 12
    {
        return Some((len, value));
    }
    None
}

/// The thing asked for, with at most three adjectives before it.
fn thing_follows(reading: &Reading, after: usize, is_thing: &impl Fn(usize) -> bool) -> bool {
    if entry_at(reading, after, &TIME_UNITS).is_some() {
        return false;
    }
    for skip in 0..4 {
        let at = after + skip;
        if is_thing(at) {
            return true;
        }
        if reading.is_wall(at) || is_word(reading.word(at), &NO_ADJECTIVES) {
            return false;
        }
    }
    false
}

/// The length of a video in seconds.
pub(super) fn seconds(reading: &mut Reading) -> Option<u32> {
    reading.rule(Use::Seconds, "a length of time");
    let mut found = None;
    let mut index = 0;
    while index < reading.tokens.len() {
        match seconds_at(reading, index) {
            Some((len, value)) if value > 0 => {
                let long =
                    usize::from(is_word(reading.word(index + len), &["long", "lang", "longo", "largo"]));
                reading.take(index..index + len + long, Taken::Field);
                found = Some(value);
                index += len;
            }
            _ => index += 1,
        }
    }
    found
}

fn seconds_at(reading: &Reading, index: usize) -> Option<(usize, u32)> {
    if !reading.free(index) {
        return None;
    }
    let fixed: &[(&str, u32)] = &[
        ("half a minute", 30),
        ("half minute", 30),
        ("a half minute", 30),
        ("minute and a half", 90),
        ("a minute and a half", 90),
        ("one and a half minutes", 90),
        ("a minute", 60),
        ("one minute", 60),
        ("couple of minutes", 120),
        ("medio minuto", 30),
        ("meio minuto", 30),
        ("un minuto", 60),
        ("um minuto", 60),
        ("une minute", 60),
        ("eine minute", 60),
        ("einer minute", 60),
        ("eine halbe minute", 30),
        ("halbe minute", 30),
        ("полминуты", 30),
        ("минуту", 60),
        ("на минуту", 60),
        ("yarim dakika", 30),
        ("bir dakika", 60),
        ("bir dakikalik", 60),
        ("setengah menit", 30),
        ("satu menit", 60),
        ("semenit", 60),
        ("ek minute", 60),
        ("aadha minute", 30),
        ("demi minute", 30),
        ("une demi minute", 30),
        ("quarter of a minute", 15),
        ("minute long", 60),
    ];
    if let Some((len, value)) = entry_at(reading, index, fixed) {
        return Some((len, value));
    }
    let word = reading.word(index);
    if let Some((minutes, seconds)) = word.split_once(':')
        && seconds.len() == 2
        && let (Ok(minutes), Ok(seconds)) = (minutes.parse::<u32>(), seconds.parse::<u32>())
        && seconds < 60
        && minutes < 60
        && !matches!(word, "9:16" | "4:5" | "1:1" | "16:9")
    {
        return Some((1, minutes * 60 + seconds));
    }
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && digits < word.len() && digits <= 4 {
        let (number, unit) = word.split_at(digits);
        if let Some((_, factor)) = TIME_UNITS.iter().find(|(name, _)| *name == unit) {
            return number.parse::<u32>().ok().map(|n| (1, n * factor));
        }
    }
    let (len, value) = number_at(reading, index)?;
    if value > 3600 {
        return None;
    }
    let (more, factor) = entry_at(reading, index + len, &TIME_UNITS)?;
    if reading.word(index + len) == "second"
        && is_word(reading.word(index + len + 1), &["photo", "pic", "picture", "one"])
    {
        return None;
    }
    Some((len + more, value * factor))
}

/// Which of several is meant: `#3`, `the second one`, `number 2`, `the last`; 0 is the last. With its place.
pub(super) fn which(reading: &Reading) -> Option<(usize, u8)> {
    (0..reading.tokens.len()).find_map(|index| {
        let word = reading.word(index);
        if let Some(number) = word.strip_prefix('#').and_then(|n| n.parse::<u8>().ok()) {
            return Some((index, number));
        }
        if let Some((_, value)) = entry_at(reading, index, &ORDINALS) {
            return Some((index, value));
        }
        let number = number_at(reading, index).filter(|(_, n)| *n <= 16).map(|(_, n)| n as u8)?;
        let named = is_word(reading.before(index, 1), &BEFORE_WHICH);
        let alone = word.starts_with(|c: char| c.is_ascii_digit()) && reading.clause_of(index).len() <= 6;
        (named || alone && !is_word(reading.word(index + 1), &["versions", "more", "times", "of", "x"]))
            .then_some((index, number))
    })
}
