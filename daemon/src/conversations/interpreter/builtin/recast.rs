//! Changes of what is to be seen.

use super::lexicon::{ANEW, BEFORE_SWAPPED, BRING_FRAME, BRINGS, CHAT, RESULTS};
use super::phrases::{find, has, is_word};
use super::span::Use;
use super::subject;
use super::subject::{References, has_content};
use super::tokens::{Reading, Taken};
use crate::conversations::interpreter::{Changes, Intent};

/// What is to be seen otherwise: the whole subject anew.
pub(super) fn content(reading: &mut Reading, again: bool, last: &Intent, changes: &mut Changes) {
    reading.rule(Use::Change, "what is to be seen otherwise");
    let old = match last {
        Intent::Thumbnail(words) => &words.subject,
        Intent::Image(words) => &words.prompt,
        Intent::Portrait(words) => &words.prompt,
        Intent::Video(words) if changes.prompt.is_none() => &words.prompt,
        _ => return,
    };
    let brings =
        (0..reading.tokens.len()).find(|at| reading.free(*at) && is_word(reading.word(*at), &BRINGS));
    let Some(from) = brings else { return };
    let anew = find(reading, &ANEW).filter(|(at, _)| *at <= 4);
    reading.take(0..anew.map_or(from, |(at, len)| at + len), Taken::Field);
    while let Some((at, len)) =
        find(reading, &["instead", "stattdessen", "en vez"]).filter(|_| anew.is_some())
    {
        reading.take(at..at + len, Taken::Field);
    }
    let swap = swapped(reading, old);
    let text = swap.clone().unwrap_or_else(|| subject::read(reading, References::Keep, &BRING_FRAME, &[]));
    let vague = has(reading, &CHAT) && !again && changes.only_count() && text.split_whitespace().count() <= 1;
    let counted = has(reading, &RESULTS) && text.split_whitespace().count() <= 1;
    if !has_content(&text) || vague || counted {
        return;
    }
    let whole = if swap.is_some() || anew.is_some() { text } else { format!("{old}, {text}") };
    match last {
        Intent::Thumbnail(_) => changes.subject = Some(whole),
        _ => changes.prompt = Some(whole),
    }
}

/// "change the dog to a cat", "a cat instead of the dog": the old words with that one exchanged.
fn swapped(reading: &Reading, old: &str) -> Option<String> {
    let trim = |from: usize, to: usize| {
        let mut from = from;
        while from < to && (is_word(reading.word(from), &BEFORE_SWAPPED) || !reading.free(from)) {
            from += 1;
        }
        (from < to).then(|| reading.slice(from, to - 1).to_owned())
    };
    let (first, middle, away_first) =
        if let Some((at, len)) = find(reading, &["change", "replace", "swap", "switch", "turn"]) {
            let middle = (at + len..reading.tokens.len())
                .find(|i| is_word(reading.word(*i), &["to", "with", "for", "into"]))?;
            (at + len, middle..middle + 1, true)
        } else {
            let (at, len) = find(reading, &["instead of", "rather than"])?;
            (reading.clause_of(at).start, at..at + len, false)
        };
    let end = reading.clause_of(middle.end).end;
    let (left, right) = (trim(first, middle.start)?, trim(middle.end, end)?);
    let (away, new) = if away_first { (left, right) } else { (right, left) };
    let at = super::tokens::fold(old).find(&super::tokens::fold(&away))?;
    let range = at..at + away.len();
    (old.get(range.clone())?.to_lowercase() == away.to_lowercase()).then(|| {
        let mut text = old.to_owned();
        text.replace_range(range, &new);
        text
    })
}
