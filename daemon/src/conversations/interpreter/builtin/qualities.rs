//! Single looks and colours, and what they are said of: the whole picture, its layout, or a thing in it.

use super::lexicon::{
    BACK_OVER_COLOURS, BACK_OVER_MOODS, COLOURS, FRAME, JOINS_COLOURS, JOINS_MOODS, LAYOUT, LOOK_NOUNS,
    LOOK_NOUNS_FIRST, LOOK_SINGULAR, LOOKS, MOODS, NOT_A_LOOK, OPENS_MOOD, OPENS_NAMED_LOOK, SHADES, WITHOUT,
};
use super::looks::Reach;
use super::phrases::{entry_at, is_word};
use super::tokens::Reading;

/// A look, a mood or a colour at `index`.
pub(super) fn quality_at(reading: &Reading, index: usize) -> Option<(usize, String)> {
    let look = entry_at(reading, index, &LOOKS).or_else(|| entry_at(reading, index, &MOODS));
    look.map(|(len, name)| (len, name.to_owned())).or_else(|| colour_at(reading, index))
}

/// A colour with its shade at `index`.
pub(super) fn colour_at(reading: &Reading, index: usize) -> Option<(usize, String)> {
    let plain = entry_at(reading, index, &COLOURS).map(|(len, name)| (len, name.to_owned()));
    if plain.is_none() && is_word(reading.word(index), &SHADES) && reading.free(index) {
        let (len, name) = entry_at(reading, index + 1, &COLOURS)?;
        return Some((len + 1, format!("{} {name}", reading.word(index))));
    }
    plain
}

/// Whether a colour stands at `index`, used up or not.
fn entry_any(reading: &Reading, index: usize) -> bool {
    COLOURS.iter().any(|(name, _)| *name == reading.word(index)) || is_word(reading.word(index), &SHADES)
}

/// Whether a mood is said of the whole picture.
pub(super) fn of_the_whole(
    reading: &Reading,
    index: usize,
    len: usize,
    is_thing: &impl Fn(usize) -> bool,
) -> bool {
    let mut next = index + len;
    loop {
        let word = reading.word(next);
        if is_word(word, &LOOK_NOUNS) || is_word(word, &["background", "bg", "backdrop"]) {
            return !is_word(reading.word(next + 1), &["at", "back"]);
        }
        if is_thing(next) && !is_thing(index) {
            return true;
        }
        if is_word(word, &JOINS_MOODS)
            && let Some((more, _)) = quality_at(reading, next + 1)
        {
            next += 1 + more;
        } else if let Some((more, _)) = quality_at(reading, next) {
            next += more;
        } else {
            break;
        }
    }
    let mut back = 1;
    while is_word(reading.before(index, back), &BACK_OVER_MOODS)
        || (back > 1
            && index.checked_sub(back).is_some_and(|at| {
                quality_at(reading, at).is_some() || (!reading.is_wall(at) && !reading.free(at))
            }))
    {
        back += 1;
    }
    let before = reading.before(index, back);
    let tail = reading.is_wall(index + len)
        || is_word(reading.word(index + len), &["and", "with", "but", "please", "pls"]);
    tail && (is_word(before, &LOOK_NOUNS_FIRST) || is_word(before, &OPENS_MOOD))
}

/// Whether a colour is one of background, letters or scheme.
pub(super) fn of_the_layout(reading: &Reading, index: usize, len: usize, reach: Reach) -> bool {
    if reach == Reach::Change
        && reading.clause_of(index).len() <= 6
        && !is_word(reading.before(index, 1), &["a", "the"])
    {
        return true;
    }
    let mut next = index + len;
    let mut list = false;
    loop {
        if is_word(reading.word(next), &LAYOUT) {
            return true;
        }
        let and = usize::from(is_word(reading.word(next), &JOINS_COLOURS));
        match colour_at(reading, next + and) {
            Some((more, _)) => {
                next += and + more;
                list = true;
            }
            None => break,
        }
    }
    let mut back = 1;
    while back < 8
        && (is_word(reading.before(index, back), &BACK_OVER_COLOURS)
            || index.checked_sub(back).is_some_and(|at| entry_any(reading, at)))
    {
        back += 1;
    }
    // The last one of a list is one of it, too.
    list |= (1..back).any(|near| index.checked_sub(near).is_some_and(|at| entry_any(reading, at)));
    let layout_before = is_word(reading.before(index, back), &LAYOUT);
    let ends = reading.is_wall(next) || is_word(reading.word(next), &["please", "pls", "bitte"]);
    let opens = ["in", "en", "em", "with", "mit", "в"];
    layout_before || (ends && list && (1..=back).any(|near| is_word(reading.before(index, near), &opens)))
}

/// Whether a look ends a clause after `in`, as in "a fox in watercolor".
pub(super) fn alone_in_tail(reading: &Reading, index: usize, len: usize) -> bool {
    reading.is_wall(index + len) && is_word(reading.before(index, 1), &["in", "as", "en", "em", "im", "в"])
}

/// A look that only its noun tells: the word or two before `style`, `look`, `vibe`.
pub(super) fn named_look(reading: &Reading, index: usize) -> Option<usize> {
    let plain = |at: usize| {
        reading.free(at)
            && !reading.is_wall(at)
            && !is_word(reading.word(at), &FRAME)
            && !is_word(reading.word(at), &NOT_A_LOOK)
    };
    if !plain(index) || is_word(reading.word(index), &LOOK_SINGULAR) || is_word(reading.word(index), &WITHOUT)
    {
        return None;
    }
    let opens =
        is_word(reading.before(index, 1), &OPENS_NAMED_LOOK) || index == 0 || reading.is_wall(index - 1);
    if !opens {
        return None;
    }
    if is_word(reading.word(index + 1), &LOOK_SINGULAR)
        && !is_word(reading.word(index + 2), &["at", "like", "back", "into", "good", "guide"])
    {
        return Some(1);
    }
    (2..=3).find(|len| {
        (1..*len).all(|at| plain(index + at))
            && (*len == 2 || index == 0 || reading.is_wall(index - 1))
            && is_word(reading.word(index + len), &LOOK_SINGULAR)
            && !is_word(reading.word(index + len + 1), &["at", "like", "back", "into"])
    })
}
