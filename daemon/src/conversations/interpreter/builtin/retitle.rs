//! Changes of the title: another, a corrected one, none.

use super::lexicon::{ALL_CAPS, CORRECTS, NO_CAPS, REMOVE, REMOVE_LAST, TITLE_GONE, TITLE_NOUNS};
use super::phrases::{any_at, find, has, is_word};
use super::span::Use;
use super::title::TitleWords;
use super::tokens::{Reading, Taken};
use super::typos;
use crate::conversations::interpreter::{Changes, Intent};

/// Finds the new title, its correction or its end.
pub(super) fn titles(reading: &mut Reading, title: &TitleWords, last: &Intent, changes: &mut Changes) {
    let Intent::Thumbnail(words) = last else { return };
    if let Some(text) = &title.text {
        changes.title = Some(text.clone());
        return;
    }
    if title.unwanted || takes_title_away(reading) {
        changes.title = Some(String::new());
        return;
    }
    if let Some(old) = &words.title {
        changes.title = corrected(reading, old);
    }
}

/// "lose the text", "take the words off".
fn takes_title_away(reading: &mut Reading) -> bool {
    reading.rule(Use::Title, "the title goes");
    for index in 0..reading.tokens.len() {
        let Some(len) = any_at(reading, index, &REMOVE) else { continue };
        let noun = (0..=3).find(|skip| is_word(reading.word(index + len + skip), &TITLE_NOUNS));
        if let Some(skip) = noun
            && !is_word(reading.word(index + len + skip + 1), &["shadow", "box", "color", "colour", "from"])
        {
            reading.take(index..index + len + skip + 1, Taken::Wall);
            return true;
        }
        let before = (1..=3).any(|back| is_word(reading.before(index, back), &TITLE_NOUNS));
        if before && is_word(reading.word(index), &REMOVE_LAST) {
            reading.take(reading.clause_of(index), Taken::Wall);
            return true;
        }
    }
    let weg = find(reading, &TITLE_GONE);
    if let Some((index, len)) = weg {
        reading.take(index..index + len, Taken::Wall);
    }
    weg.is_some()
}

/// A correction of the old title: a word put right, or its case.
fn corrected(reading: &mut Reading, old: &str) -> Option<String> {
    reading.rule(Use::Title, "a correction of the title");
    if let Some(text) = recased(reading, old) {
        return Some(text);
    }
    let words: Vec<&str> = old.split_whitespace().collect();
    let is_near = |candidate: &str, word: &str| {
        let (a, b) = (
            super::tokens::fold(candidate),
            super::tokens::fold(word.trim_matches(|c: char| !c.is_alphanumeric())),
        );
        candidate != word
            && a.chars().count() > 2
            && (a == b || typos::distance(&a, &b) <= 2 && a.chars().count() > 3)
    };
    let cue = has(reading, &CORRECTS);
    let (index, place) = (0..reading.tokens.len()).filter(|_| cue).find_map(|index| {
        let raw = reading.raw(index);
        let at = words.iter().position(|word| is_near(raw, word))?;
        let known = words.iter().any(|word| word.trim_matches(|c: char| !c.is_alphanumeric()) == raw);
        (!known && !is_word(reading.before(index, 1), &["not"]) && !reading.word(index).is_empty())
            .then_some((index, at))
    })?;
    let new = reading.raw(index).to_owned();
    let mut clauses: Vec<std::ops::Range<usize>> = reading.clauses();
    clauses.retain(|clause| {
        clause.contains(&index)
            || clause.clone().any(|at| is_word(reading.word(at), &["typo", "spelling", "oops"]))
    });
    for clause in clauses {
        reading.take(clause, Taken::Wall);
    }
    let word = words.get(place)?;
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    Some(
        words
            .iter()
            .enumerate()
            .map(|(at, word)| if at == place { word.replacen(core, &new, 1) } else { (*word).to_owned() })
            .collect::<Vec<_>>()
            .join(" "),
    )
}

/// The old title in another case or with another mark at its end.
fn recased(reading: &mut Reading, old: &str) -> Option<String> {
    for (phrases, upper) in [(&ALL_CAPS, true), (&NO_CAPS, false)] {
        if let Some((index, _)) = find(reading, phrases) {
            reading.take(reading.clause_of(index), Taken::Wall);
            return Some(if upper { old.to_uppercase() } else { old.to_lowercase() });
        }
    }
    for (phrases, sign) in
        [(["exclamation mark", "exclamation point"].as_slice(), '!'), (["question mark"].as_slice(), '?')]
    {
        if let Some((index, _)) = find(reading, phrases) {
            let clause = reading.clause_of(index);
            let away = clause.clone().any(|at| {
                is_word(
                    reading.word(at),
                    &["no", "remove", "without", "drop", "lose", "take", "delete", "off"],
                )
            });
            reading.take(clause, Taken::Wall);
            let bare = old.trim_end_matches(sign);
            return Some(if away { bare.to_owned() } else { format!("{bare}{sign}") });
        }
    }
    None
}
