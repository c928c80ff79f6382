//! The exact words to set on a picture: quoted, announced (`title …`), or in capitals.

use super::lexicon::{
    ACRONYMS, AFTER, BEFORE, BETWEEN_CUE, CONNECTS, COURTESY, ENDS_TITLE, IS_THE_NAME, NAME_IS_TITLE, NAMES,
    NEXT_WISH, NONE, NOT_WORDS, PUTS, REMOVE_LAST, SET_VERBS, TITLE_TAIL, WEAK,
};
use super::phrases::{any_at, is_word};
use super::quotes::{Quote, quotes};
use super::span::Use;
use super::tokens::{Reading, Taken};

/// What was said of the title.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TitleWords {
    /// The words as typed.
    pub text: Option<String>,
    /// No words are wanted.
    pub unwanted: bool,
}

/// Finds the title and takes its words together with those that announce it.
pub(super) fn read(reading: &mut Reading) -> TitleWords {
    reading.rule(Use::Title, "no words are wanted");
    let mut found = TitleWords::default();
    while let Some((index, len)) = super::phrases::find(reading, &NONE) {
        reading.take(index..index + len, Taken::Wall);
        found.unwanted = true;
    }
    if let Some(text) = quoted(reading, found.unwanted) {
        found.text = Some(text);
    } else if let Some(text) = announced(reading) {
        found.text = Some(text);
    } else if let Some(text) = capitals(reading) {
        found.text = Some(text);
    }
    if found.text.is_some() {
        found.unwanted = false;
    }
    found
}

/// The quotation that is to be set: an announced one before any other, the latest of those.
fn quoted(reading: &mut Reading, unwanted: bool) -> Option<String> {
    reading.rule(Use::Title, "in quotes");
    let mut best: Option<(bool, Quote)> = None;
    for quote in quotes(&reading.text) {
        let Some(range) = covered(reading, &quote) else { continue };
        let announced = announcement(reading, range.start).is_some() || followed(reading, range.end);
        let named = any_at(reading, range.end, &IS_THE_NAME).is_some();
        let sign = usize::from(range.start.checked_sub(1).is_some_and(|at| is_sign(reading, at)));
        let name =
            !announced && (named || unwanted || is_word(reading.before(range.start, 1 + sign), &NAMES));
        if !name && best.as_ref().is_none_or(|(sure, _)| announced || !sure) {
            best = Some((announced, quote));
        }
    }
    let Some((_, quote)) = best else { return name_as_title(reading) };
    let range = covered(reading, &quote)?;
    let start = announcement(reading, range.start).unwrap_or(range.start);
    let end = range.end + any_at(reading, range.end, &AFTER).unwrap_or(0);
    reading.take(start..end, Taken::Wall);
    reading.text.get(quote.inner).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// "A webinar named “…”. That title should be on it": the name is both the topic and the title.
fn name_as_title(reading: &mut Reading) -> Option<String> {
    reading.rule(Use::Title, "the name is to be set as well");
    let (index, _) = super::phrases::find(reading, &NAME_IS_TITLE)?;
    let quote = quotes(&reading.text).pop()?;
    reading.take(reading.clause_of(index), Taken::Wall);
    reading.text.get(quote.inner).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn covered(reading: &Reading, quote: &Quote) -> Option<std::ops::Range<usize>> {
    let first = reading.tokens.iter().position(|t| t.start >= quote.outer.start)?;
    let end = reading.tokens.iter().position(|t| t.start >= quote.outer.end).unwrap_or(reading.tokens.len());
    (end > first).then_some(first..end)
}

/// Where the words that announce a title at `index` begin.
fn announcement(reading: &Reading, index: usize) -> Option<usize> {
    let mut end = index;
    while end > 0 && reading.tokens.get(end - 1).is_some_and(|t| matches!(t.folded.as_str(), ":" | "=" | ","))
    {
        end -= 1;
    }
    for skipped in 0..=3 {
        let stop = end.checked_sub(skipped)?;
        if skipped > 0 && !is_word(reading.word(stop), &BETWEEN_CUE) {
            return None;
        }
        let start = (1..=6).rev().filter_map(|back| stop.checked_sub(back)).find(|start| {
            BEFORE.iter().any(|phrase| super::phrases::at(reading, *start, phrase) == Some(stop - start))
        });
        if let Some(start) = start {
            let put = is_word(reading.before(start, 1), &PUTS);
            return Some(if put { start - 1 } else { start });
        }
    }
    (is_word(reading.before(end, 1), &SET_VERBS)).then(|| end - 1)
}

fn followed(reading: &Reading, index: usize) -> bool {
    any_at(reading, index, &AFTER).is_some()
}

/// Unquoted words after `title`, `text says` and the like.
fn announced(reading: &mut Reading) -> Option<String> {
    reading.rule(Use::Title, "announced");
    let mut found = None;
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some(len) = any_at(reading, index, &BEFORE) else {
            index += 1;
            continue;
        };
        let weak = any_at(reading, index, &WEAK) == Some(len);
        match set_words(reading, index, len, weak) {
            Some((range, text)) => {
                reading.take(range.clone(), Taken::Wall);
                index = range.end;
                found = Some(text);
            }
            None => index += len,
        }
    }
    found
}

fn set_words(
    reading: &Reading,
    cue: usize,
    len: usize,
    weak: bool,
) -> Option<(std::ops::Range<usize>, String)> {
    let mut first = cue + len;
    if let Some(more) = any_at(reading, first, &CONNECTS)
        && (is_sign(reading, first + more) || opens_title(reading, first + more))
    {
        first += more;
    }
    let sign = is_sign(reading, first);
    if sign {
        first += 1;
    }
    while matches!(reading.tokens.get(first).map(|t| t.folded.as_str()), Some("¿" | "¡")) {
        first += 1;
    }
    let word = reading.word(first);
    if word.is_empty() || !reading.free(first) {
        return None;
    }
    if !sign
        && !opens_title(reading, first)
        && (weak || is_word(word, &NOT_WORDS) || is_word(word, &COURTESY))
    {
        return None;
    }
    // "Başlığı kaldır": the verb that takes the title away comes last.
    if !sign && is_word(word, &REMOVE_LAST) && !opens_title(reading, first) {
        return None;
    }
    if !sign && is_word(reading.before(cue, 1), &["no", "without", "how", "he", "she", "they", "people"]) {
        return None;
    }
    let last = last_word(reading, first);
    let begin = reading.tokens.get(first).map(|t| opening(&reading.text, t.start))?;
    let end = closing(&reading.text, reading.tokens.get(last)?.end);
    let text = reading.text.get(begin..end)?.trim().to_owned();
    let mut stop = last + 1;
    while reading.tokens.get(stop).is_some_and(|t| t.start < end) {
        stop += 1;
    }
    stop += any_at(reading, stop, &AFTER).unwrap_or(0);
    Some((cue..stop, text))
}

fn is_sign(reading: &Reading, index: usize) -> bool {
    reading
        .tokens
        .get(index)
        .is_some_and(|t| t.mark && matches!(t.folded.as_str(), ":" | "=" | "-" | "–" | "—"))
}

/// Whether a token looks like the beginning of words to set: a capital, a digit, a price.
fn opens_title(reading: &Reading, index: usize) -> bool {
    let raw = reading.raw(index);
    raw.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '$' | '€' | '£' | '#'))
        && (raw != "I" || is_caps(reading.raw(index + 1)))
}

fn is_caps(raw: &str) -> bool {
    raw.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !raw.chars().any(char::is_lowercase)
}

fn is_lower(raw: &str) -> bool {
    raw.starts_with(char::is_lowercase)
}

/// The last token of a title that begins at `first`.
fn last_word(reading: &Reading, first: usize) -> usize {
    let clause_caps =
        is_caps(reading.raw(first)) || (!is_lower(reading.raw(first)) && is_caps(reading.raw(first + 1)));
    let capital = opens_title(reading, first);
    let mut last = first;
    let mut index = first + 1;
    while let Some(token) = reading.tokens.get(index) {
        if token.taken == Taken::Wall {
            break;
        }
        if token.mark {
            let goes_on = match token.folded.as_str() {
                "!" | "?" | "…" => clause_caps && is_caps(reading.raw(index + 1)),
                ":" | "/" | "|" => capital && !is_lower(reading.raw(index + 1)),
                _ => false,
            };
            if !goes_on {
                break;
            }
            index += 1;
            continue;
        }
        let lower = is_lower(reading.raw(index));
        if clause_caps && lower && token.folded != "x" && token.folded != "vs" {
            break;
        }
        if any_at(reading, index, &COURTESY).is_some() || (lower && ends_title(reading, index, capital)) {
            break;
        }
        last = index;
        index += 1;
    }
    last
}

/// Whether a lower-case word begins something else than the title.
fn ends_title(reading: &Reading, index: usize, capital: bool) -> bool {
    if any_at(reading, index, &ENDS_TITLE).is_some() {
        return true;
    }
    if is_word(reading.word(index), &["and", "but", "then"])
        && is_word(reading.word(index + 1), &NEXT_WISH)
        && !opens_title(reading, index + 1)
    {
        return true;
    }
    if !capital || !is_word(reading.word(index), &TITLE_TAIL) {
        return false;
    }
    let clause_end =
        (index..reading.tokens.len()).find(|at| reading.is_wall(*at)).unwrap_or(reading.tokens.len());
    !(index..clause_end).any(|at| opens_title(reading, at))
}

/// Moves back over signs that belong to the first word.
fn opening(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    before.trim_end_matches(['¿', '¡', '(', '@']).len()
}

/// Moves on over signs that belong to the last word.
fn closing(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    if let Some(after) = rest.strip_prefix("...") {
        return text.len() - after.len();
    }
    let signs = rest.len() - rest.trim_start_matches(['!', '?', '…', '%', '°', '+', '™', '$', '€']).len();
    let spaced = rest.len() - rest.trim_start().len();
    let after_space = rest.get(spaced..).unwrap_or_default();
    if signs == 0 && spaced > 0 && after_space.starts_with(['!', '?']) {
        return end + spaced + (after_space.len() - after_space.trim_start_matches(['!', '?']).len());
    }
    end + signs
}

/// A run of capitals in text that is lower-case otherwise.
fn capitals(reading: &mut Reading) -> Option<String> {
    reading.rule(Use::Title, "in capitals");
    let mut best: Option<(usize, usize)> = None;
    let mut index = 0;
    while index < reading.tokens.len() {
        if !starts_run(reading, index) {
            index += 1;
            continue;
        }
        let mut last = index;
        while reading.free(last + 1) && goes_on(reading, last + 1) {
            last += 1;
        }
        if is_title_run(reading, index, last) {
            best = Some((index, last));
        }
        index = last + 1;
    }
    let (first, last) = best?;
    let end = closing(&reading.text, reading.tokens.get(last)?.end);
    let begin = opening(&reading.text, reading.tokens.get(first)?.start);
    let outside: String = [reading.text.get(..begin)?, reading.text.get(end..)?].concat();
    let lower = outside.chars().filter(|c| c.is_lowercase()).count();
    let upper = outside.chars().filter(|c| c.is_uppercase()).count();
    if lower <= upper * 2 {
        return None;
    }
    let text = reading.text.get(begin..end)?.to_owned();
    let start = announcement(reading, first).unwrap_or(first);
    let stop = last + 1 + any_at(reading, last + 1, &AFTER).unwrap_or(0);
    reading.take(start..stop, Taken::Wall);
    Some(text)
}

fn starts_run(reading: &Reading, index: usize) -> bool {
    let raw = reading.raw(index);
    reading.free(index)
        && !reading.word(index).is_empty()
        && (is_caps(raw)
            || (raw.starts_with(['$', '€', '£']) && is_caps(reading.raw(index + 1)))
            || (is_number(raw)
                && (is_caps(reading.raw(index + 1))
                    || (reading.raw(index + 1) == "A" && is_caps(reading.raw(index + 2))))
                && !ACRONYMS.contains(&reading.raw(index + 1)))
            || (matches!(raw, "I" | "A") && is_caps(reading.raw(index + 1))))
}

fn is_number(raw: &str) -> bool {
    raw.chars().all(|c| c.is_ascii_digit() || matches!(c, '%' | '€' | '$' | '£'))
}

fn goes_on(reading: &Reading, index: usize) -> bool {
    let raw = reading.raw(index);
    !reading.word(index).is_empty() && !raw.chars().any(char::is_lowercase)
        || (raw == "x" || raw == "vs" || raw == "v") && is_caps(reading.raw(index + 1))
        || raw.starts_with(|c: char| c.is_ascii_digit()) && raw.len() <= 4 && raw.contains('v')
}

fn is_title_run(reading: &Reading, first: usize, last: usize) -> bool {
    let words: Vec<&str> = (first..=last).map(|at| reading.raw(at)).filter(|raw| is_caps(raw)).collect();
    let plain = words.iter().filter(|raw| !ACRONYMS.contains(raw)).count();
    let letters = words.iter().map(|raw| raw.chars().count()).max().unwrap_or(0);
    let end = reading.tokens.get(last).map_or(0, |t| t.end);
    let shouted = reading.text.get(end..).is_some_and(|rest| rest.starts_with(['!', '?']));
    let placed = any_at(reading, last + 1, &AFTER).is_some();
    plain > 0 && (last > first || letters >= 4 || shouted || placed)
}
