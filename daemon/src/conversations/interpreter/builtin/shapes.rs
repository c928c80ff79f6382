//! The shape of the picture, from its own words or from the place it is for.

use super::lexicon::{MINE, NOT_A_PLACE, PLACE_THINGS, PLACES, SHAPE_NOUNS, SHAPED, SHAPES, TOWARDS};
use super::phrases::{entry_at, is_word};
use super::span::Use;
use super::tokens::{Reading, Taken};
use crate::conversations::interpreter::Aspect;

/// Finds the shape and takes its words; the latest one counts.
pub(super) fn aspect(reading: &mut Reading, is_thing: impl Fn(usize) -> bool) -> Option<Aspect> {
    reading.rule(Use::Aspect, "a shape or a place that has one");
    let mut found = None;
    let mut index = 0;
    while index < reading.tokens.len() {
        let shape = entry_at(reading, index, &SHAPES);
        let place =
            entry_at(reading, index, &PLACES).filter(|(len, _)| is_place(reading, index, *len, &is_thing));
        match shape.or(place) {
            Some((len, aspect)) => {
                let mut end = index + len;
                while is_word(reading.word(end), &SHAPE_NOUNS) {
                    end += 1;
                }
                reading.take(index..end, Taken::Field);
                found = Some(aspect);
                index = end;
            }
            None => index += 1,
        }
    }
    found
}

fn is_place(reading: &Reading, index: usize, len: usize, is_thing: &impl Fn(usize) -> bool) -> bool {
    let next = index + len;
    if matches!(reading.word(index), "short" | "story" | "phone" | "feed")
        && is_word(reading.word(next), &NOT_A_PLACE)
        && !(reading.word(index) == "short"
            && reading.word(next) == "about"
            && is_word(reading.before(index, 1), &TOWARDS))
    {
        return false;
    }
    if matches!(reading.word(index), "story" | "phone" | "feed" | "podcast" | "landscape" | "wide" | "tall") {
        let mine = is_word(reading.before(index, 1), &MINE);
        let shaped = is_word(reading.word(next), &SHAPED);
        let alone = reading.is_wall(next);
        return shaped || (mine && alone) || (alone && reading.clause_of(index).start == index);
    }
    let clause = reading.clause_of(index);
    is_thing(next)
        || is_word(reading.word(next), &PLACE_THINGS)
        || index.checked_sub(1).is_some_and(&is_thing)
            && is_word(reading.word(index), &["reel", "reels", "shorts", "tiktok"])
        || is_word(reading.before(index, 1), &TOWARDS)
        || (clause.start == index && (clause.end == next || clause.len() <= 3))
        || (matches!(reading.word(index), "reel" | "tiktok" | "shorts" | "reels")
            && clause.end == next
            && is_word(reading.before(index, 1), &["sec", "second", "s"]))
}
