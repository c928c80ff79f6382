//! What a request is to show: the words that no other rule has used, without those of asking.

use super::lexicon::{BACKDROPS, CHATTER, COURTESY, FRAME, REFERENCE, TAIL, TALK, THUMBNAIL, TOPICS};
use super::phrases::{any_at, has, is_word};
use super::span::Use;
use super::tokens::{Reading, Taken};
use crate::conversations::interpreter::score::is_stop_word;

/// How clauses about sent pictures are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum References {
    /// They say which picture is which: not part of the subject.
    Drop,
    /// They may be part of it.
    Keep,
}

/// The subject, clause by clause, joined by commas. `frame` lists further words that clauses may begin with.
/// `closing` lists further words that they may end with.
pub(super) fn read(
    reading: &mut Reading,
    references: References,
    frame: &[&str],
    closing: &[&str],
) -> String {
    courtesy(reading);
    let start = topic(reading);
    // Only what comes before the request can be its why and wherefore.
    let asked = (0..reading.tokens.len()).find(|at| is_word(reading.word(*at), &THUMBNAIL));
    let mut clauses: Vec<String> = Vec::new();
    for clause in reading.clauses() {
        if clause.end <= start
            && asked.is_none_or(|asked| clause.start <= asked)
            && !shows(reading, clause.clone())
        {
            reading.note(clause, Use::Unused, "said before the topic");
            continue;
        }
        if references == References::Drop && refers(reading, clause.clone()) {
            reading.note(clause, Use::Picture, "which picture is which");
            continue;
        }
        let from = if clause.end <= start { clause.start } else { clause.start.max(start) };
        let tail: &[&str] = if references == References::Keep { &BACKDROPS } else { &[] };
        if let Some(core) = strip(reading, from..clause.end, frame, closing, tail) {
            let text = text_of(reading, core.clone());
            reading.note(clause.start..core.start, Use::Asking, "words of asking");
            reading.note(core.end..clause.end, Use::Asking, "words of asking");
            if has_content(&text) {
                reading.note(core, Use::Subject, "what no other rule took");
                clauses.push(text);
                continue;
            }
        }
        reading.note(clause, Use::Asking, "words of asking and small talk");
    }
    clauses.join(", ")
}

/// Whether any word of a text says something.
pub(super) fn has_content(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .any(|word| !word.is_empty() && !is_stop_word(&word.to_lowercase()))
}

fn courtesy(reading: &mut Reading) {
    reading.rule(Use::Courtesy, "courtesy");
    for index in 0..reading.tokens.len() {
        if let Some(len) = any_at(reading, index, &COURTESY) {
            reading.take(index..index + len, Taken::Field);
        }
    }
}

/// The index from which the topic is told, where that is announced.
fn topic(reading: &Reading) -> usize {
    (0..reading.tokens.len())
        .filter_map(|index| any_at(reading, index, &TOPICS).map(|len| (index, len)))
        .filter(|(index, len)| {
            let next = reading.tokens.get(index + len);
            let sign = next.is_some_and(|t| t.mark && matches!(t.folded.as_str(), ":" | "="));
            let clause = reading.clause_of(*index);
            let before = (clause.start..*index)
                .filter(|at| reading.free(*at))
                .all(|at| is_word(reading.word(at), &FRAME));
            let single = *len == 1 && !sign;
            let content = (0..8).any(|more| {
                reading.free(index + len + more) && !is_stop_word(reading.word(index + len + more))
            });
            content
                && (!single || (before && reading.before(*index, 1) != "the"))
                && (before || *len > 1)
                && !has_subject_before(reading, *index)
        })
        .map(|(index, len)| index + len)
        .next()
        .unwrap_or(0)
}

/// "A thumbnail of an old radio": a clause that says what is to be seen, whatever is said of the topic later.
fn shows(reading: &Reading, clause: std::ops::Range<usize>) -> bool {
    clause.clone().any(|at| {
        is_word(reading.word(at), &THUMBNAIL)
            && is_word(reading.word(at + 1), &["of", "with", "showing", "where", "featuring", "depicting"])
            && at + 2 < clause.end
    })
}

/// Whether an earlier line already was an answer: a topic told before stays.
fn has_subject_before(reading: &Reading, index: usize) -> bool {
    (0..index).any(|at| any_at(reading, at, &TOPICS).is_some_and(|len| at + len < index && len > 1))
}

/// A clause about sent pictures rather than about what to show.
fn refers(reading: &Reading, clause: std::ops::Range<usize>) -> bool {
    // "A photo of a bus" and "my logo and a hoop for our tournament" say what to show.
    let named = clause.clone().find_map(|index| {
        let len = any_at(reading, index, &REFERENCE)?;
        (reading.word(index + len) != "of").then_some(index + len)
    });
    let topic = named.is_some_and(|from| {
        (from..clause.end)
            .any(|at| is_word(reading.word(at), &["for", "about"]) && clause.end.saturating_sub(at) > 2)
    });
    let content = clause
        .filter(|at| {
            reading.free(*at)
                && !is_stop_word(reading.word(*at))
                && !is_word(reading.word(*at), &FRAME)
                && !is_word(reading.word(*at), &REFERENCE)
        })
        .count();
    named.is_some() && content <= if topic { 2 } else { 5 }
}

/// A clause without its words of asking; `None` where nothing is left. `kept` are usual ends that stay here.
fn strip(
    reading: &Reading,
    clause: std::ops::Range<usize>,
    frame: &[&str],
    closing: &[&str],
    kept: &[&str],
) -> Option<std::ops::Range<usize>> {
    let mut start = clause.start;
    let mut end = clause.end;
    let settled = |index: usize| reading.tokens.get(index).is_none_or(|t| t.taken != Taken::No);
    while start < end
        && (settled(start) || is_word(reading.word(start), &FRAME) || is_word(reading.word(start), frame))
    {
        start += 1;
    }
    // What comes before the asking itself is why, not what: "i have an exam tomorrow make a video …".
    let asked = (start..end).find(|at| {
        is_word(reading.word(*at), &["make", "create", "generate", "gimme", "design"])
            && is_word(reading.word(at + 1), &["a", "an", "me", "some"])
            && !is_word(reading.before(*at, 1), &["to", "that", "who", "which", "can", "we", "you", "they"])
    });
    if let Some(at) = asked {
        start = at;
        while start < end
            && (settled(start) || is_word(reading.word(start), &FRAME) || is_word(reading.word(start), frame))
        {
            start += 1;
        }
    }
    let ends = |at: usize| {
        settled(at)
            || is_word(reading.word(at), closing)
            || is_word(reading.word(at), &TAIL) && !is_word(reading.word(at), kept)
    };
    while end > start && ends(end - 1) {
        end -= 1;
    }
    let words = (start..end).filter(|at| reading.free(*at)).count();
    (words > 0 && !is_chatter(reading, start..end)).then_some(start..end)
}

/// The words of a range that no rule has used, as typed.
fn text_of(reading: &Reading, range: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    let mut last: Option<usize> = None;
    for index in range.filter(|at| reading.free(*at)) {
        if last.is_some_and(|last| last + 1 != index) {
            text.push(' ');
        } else if let Some(last) = last
            && let (Some(a), Some(b)) = (reading.tokens.get(last), reading.tokens.get(index))
        {
            text.push_str(reading.text.get(a.end..b.start).unwrap_or(" "));
        }
        text.push_str(reading.raw(index));
        last = Some(index);
    }
    text.trim().to_owned()
}

/// Small talk within a request.
fn is_chatter(reading: &Reading, clause: std::ops::Range<usize>) -> bool {
    let mut index = clause.start;
    while index < clause.end {
        if any_at(reading, index, &CHATTER).is_some() {
            return true;
        }
        index += 1;
    }
    false
}

/// Whether the text only talks: something is watched, thought or told.
pub(super) fn only_talks(reading: &Reading) -> bool {
    has(reading, &TALK) && !has(reading, &super::lexicon::ASKS)
}
