//! Phrases of the lexicon found among the tokens.
//!
//! A phrase is words with one blank between them, folded as tokens are. A word that ends in `*` stands for every word
//! that begins so, which is how inflecting languages are covered.

use super::tokens::Reading;

/// How many tokens `phrase` covers at `index`, if it is there and untaken.
pub(super) fn at(reading: &Reading, index: usize, phrase: &str) -> Option<usize> {
    let mut next = index;
    for wanted in phrase.split(' ') {
        if !reading.free(next) {
            return None;
        }
        let word = reading.word(next);
        if !fits(word, wanted) {
            return None;
        }
        next += 1;
    }
    Some(next - index)
}

/// The longest of several phrases at `index`.
pub(super) fn any_at(reading: &Reading, index: usize, phrases: &[&str]) -> Option<usize> {
    let begins = begins_at(reading, index)?;
    phrases.iter().filter(|phrase| begins(phrase)).filter_map(|phrase| at(reading, index, phrase)).max()
}

/// The longest entry of a table at `index`, with its meaning.
pub(super) fn entry_at<T: Copy>(reading: &Reading, index: usize, table: &[(&str, T)]) -> Option<(usize, T)> {
    let begins = begins_at(reading, index)?;
    table
        .iter()
        .filter(|(phrase, _)| begins(phrase))
        .filter_map(|(phrase, meaning)| at(reading, index, phrase).map(|len| (len, *meaning)))
        .max_by_key(|(len, _)| *len)
}

/// Whether a phrase may stand at `index`: nine in ten begin with another letter, and that is quickly seen.
fn begins_at(reading: &Reading, index: usize) -> Option<impl Fn(&str) -> bool> {
    let word = reading.word(index);
    let first = word.bytes().next().filter(|_| reading.free(index))?;
    let plain = without_article(word).bytes().next();
    Some(move |phrase: &str| {
        let letter = phrase.bytes().next();
        letter == Some(first) || letter == plain
    })
}

/// Where the first of several phrases stands: index and length.
pub(super) fn find(reading: &Reading, phrases: &[&str]) -> Option<(usize, usize)> {
    (0..reading.tokens.len()).find_map(|index| any_at(reading, index, phrases).map(|len| (index, len)))
}

/// Whether any of several phrases is there.
pub(super) fn has(reading: &Reading, phrases: &[&str]) -> bool {
    find(reading, phrases).is_some()
}

/// Whether a folded word is an entry of a list (`*` as in phrases).
pub(super) fn is_word(word: &str, list: &[&str]) -> bool {
    let (first, plain) = (word.bytes().next(), without_article(word).bytes().next());
    list.iter()
        .filter(|entry| {
            let letter = entry.bytes().next();
            letter == first || letter == plain
        })
        .any(|entry| fits(word, entry))
}

/// Whether a folded word is the one that is looked for, alone or after a French article (`l'histoire`).
fn fits(word: &str, wanted: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let plain = without_article(word);
    match wanted.strip_suffix('*') {
        Some(stem) => plain.starts_with(stem),
        None => word == wanted || plain == wanted,
    }
}

fn without_article(word: &str) -> &str {
    ["l'", "d'", "qu'"].iter().find_map(|article| word.strip_prefix(article)).unwrap_or(word)
}
