//! Looks, moods and colours of the whole picture, as against those of the things in it.

use super::lexicon::{
    ARTS, BELONGS_BEFORE_LOOK, BIG, DEGREES, ENDS_LEFT_OUT, FRAME, IDLE_NO, JOINS_LOOKS, LAYOUT, LEAVE_OUT,
    LETTERING_NOUNS, LOOK_NOUNS, LOOK_NOUNS_FIRST, LOOKS, MOODS, NOT_A_QUALITY, OPENS_NO, SMALL, STYLE_OF,
    TIMES, TOO_MUCH, WITHOUT_PLAIN,
};
use super::phrases::{any_at, entry_at, is_word};
use super::qualities::{alone_in_tail, colour_at, named_look, of_the_layout, of_the_whole, quality_at};
use super::span::Use;
use super::tokens::{Reading, Taken};

/// What was said of the looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Looks {
    /// English looks and moods.
    pub style: Vec<String>,
    /// English colours or `#hex`.
    pub palette: Vec<String>,
    /// What must not be there.
    pub without: Vec<String>,
}

/// How freely looks are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only where they are said of the whole.
    Whole,
    /// Words that are nearly always looks, anywhere; colours stay with their things.
    Image,
    /// Everything: the request is known, only changes are looked for.
    Change,
}

/// Finds looks and takes their words.
pub(super) fn read(reading: &mut Reading, reach: Reach, is_thing: impl Fn(usize) -> bool) -> Looks {
    let mut looks = Looks::default();
    hex(reading, &mut looks);
    degrees(reading, reach, &mut looks);
    lettering(reading, &mut looks);
    without(reading, reach, &mut looks);
    clauses(reading, reach, &mut looks);
    scattered(reading, reach, &mut looks, &is_thing);
    looks
}

fn add(list: &mut Vec<String>, item: &str) {
    if !list.iter().any(|known| known == item) {
        list.push(item.to_owned());
    }
}

fn hex(reading: &mut Reading, looks: &mut Looks) {
    reading.rule(Use::Look, "a colour by its number");
    for index in 0..reading.tokens.len() {
        let word = reading.word(index);
        if reading.free(index)
            && let Some(digits) = word.strip_prefix('#')
            && matches!(digits.len(), 3 | 6)
            && digits.chars().all(|c| c.is_ascii_hexdigit())
        {
            let word = word.to_owned();
            add(&mut looks.palette, &word);
            let and = usize::from(is_word(reading.word(index + 1), &["and", "&", "y", "und", "et", "и"]));
            let before = usize::from(is_word(reading.before(index, 1), &LAYOUT));
            reading.take(index - before..index + 1 + and, Taken::Field);
        }
    }
}

/// `less x`, `too x`, `not so x`.
fn degrees(reading: &mut Reading, reach: Reach, looks: &mut Looks) {
    reading.rule(Use::Look, "less or too much of it");
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some(len) = any_at(reading, index, &TOO_MUCH) else {
            index += 1;
            continue;
        };
        let at = index + len;
        let narrow =
            is_word(reading.word(index), &["muito", "zu", "cok", "zyada", "too"]) && reach != Reach::Change;
        let quality = quality_at(reading, at);
        let word = match &quality {
            Some((_, name)) => Some(name.clone()),
            None if reach == Reach::Change
                && reading.free(at)
                && !is_word(reading.word(at), &NOT_A_QUALITY) =>
            {
                Some(reading.word(at).to_owned())
            }
            None => None,
        };
        if let Some(word) = word.filter(|word| !word.is_empty())
            && !narrow
        {
            add(&mut looks.style, &format!("less {word}"));
            reading.take(index..at + quality.map_or(1, |(len, _)| len), Taken::Wall);
        }
        index = at;
    }
}

/// `big title` and `small title`.
fn lettering(reading: &mut Reading, looks: &mut Looks) {
    reading.rule(Use::Look, "the size of the lettering");
    for index in 0..reading.tokens.len() {
        for (sizes, said, opposite) in
            [(&BIG, "big title", "small title"), (&SMALL, "small title", "big title")]
        {
            let name = if reading.before(index, 1) == "too" { opposite } else { said };
            let Some(len) = any_at(reading, index, sizes) else { continue };
            let before = (1..=4).find(|back| {
                is_word(reading.before(index, *back), &LETTERING_NOUNS)
                    && index.checked_sub(*back).is_some_and(|at| !reading.is_wall(at))
            });
            let after = (0..=2).find(|skip| {
                is_word(reading.word(index + len + skip), &LETTERING_NOUNS)
                    || says(reading, index + len + skip, &LETTERING_NOUNS)
            });
            if let Some(skip) = after {
                if let Some((_, colour)) = colour_at(reading, index + len).filter(|_| skip > 0) {
                    add(&mut looks.palette, &colour);
                }
                add(&mut looks.style, name);
                reading.take(index..index + len + skip + 1, Taken::Wall);
            } else if let Some(back) = before {
                add(&mut looks.style, name);
                reading.take(index - back..index + len, Taken::Wall);
            }
        }
    }
}

/// The noun was taken as part of a title: `big title "CRUST!"`.
fn says(reading: &Reading, index: usize, nouns: &[&str]) -> bool {
    reading.tokens.get(index).is_some_and(|t| !t.mark && t.taken == Taken::Wall && is_word(&t.folded, nouns))
}

/// `no people`, `without cars`, `get rid of the …`.
fn without(reading: &mut Reading, reach: Reach, looks: &mut Looks) {
    reading.rule(Use::LeftOut, "after a word of leaving out");
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some(len) = any_at(reading, index, &LEAVE_OUT) else {
            index += 1;
            continue;
        };
        let mut end = index + len;
        if is_word(reading.word(end), &["the", "any", "a", "los", "las", "die", "der"]) {
            end += 1;
        }
        let first = end;
        while end < first + 3
            && !reading.is_wall(end)
            && reading.free(end)
            && !is_word(reading.word(end), &ENDS_LEFT_OUT)
        {
            end += 1;
        }
        // Within a clause a plain "no" belongs to a name: "a no hit run".
        let opens = index == 0 || reading.is_wall(index - 1) || is_word(reading.before(index, 1), &OPENS_NO);
        if reading.word(index) == "no" && len == 1 && !opens {
            index += 1;
            continue;
        }
        // "Take the people out" is one, "take the second" is not.
        let parted = is_word(reading.word(end - 1), &["out", "off", "away"]) && end > first + 1;
        if reading.word(index) == "take" && reading.word(index + 1) == "the" {
            if !parted {
                index += 1;
                continue;
            }
            reading.take(end - 1..end, Taken::Wall);
            end -= 1;
        }
        if end > first && !is_word(reading.word(first), &IDLE_NO) {
            let thing = reading.slice(first, end - 1).to_lowercase();
            add(&mut looks.without, &thing);
            // "Recipes without an oven" is what the picture is about.
            if reach != Reach::Whole || opens || is_word(reading.before(index, 1), &OPENS_NO) {
                reading.take(index..end, Taken::Wall);
            }
        }
        index = end.max(index + 1);
    }
}

/// A short clause of its own that ends with the name of an art: "digital painting", "japanese woodblock".
fn is_technique(reading: &Reading, clause: &std::ops::Range<usize>) -> bool {
    clause.start > 0
        && (2..=3).contains(&clause.len())
        && clause.clone().all(|at| reading.free(at))
        && !clause.clone().any(|at| {
            is_word(reading.word(at), &FRAME)
                || is_word(reading.word(at), &LEAVE_OUT)
                || quality_at(reading, at).is_some()
        })
        && is_word(reading.word(clause.end - 1), &ARTS)
}

/// Clauses that speak of nothing but looks.
fn clauses(reading: &mut Reading, reach: Reach, looks: &mut Looks) {
    reading.rule(Use::Look, "a clause of nothing but looks");
    for clause in reading.clauses() {
        if reach != Reach::Change && is_technique(reading, &clause) {
            let name = reading.slice(clause.start, clause.end - 1).to_lowercase();
            add(&mut looks.style, &name);
            reading.take(clause, Taken::Wall);
            continue;
        }
        let mut index = clause.start;
        let mut found: Vec<(usize, usize, bool, String)> = Vec::new();
        let mut pure = true;
        let mut layout = false;
        while index < clause.end {
            if !reading.free(index) {
                index += 1;
                continue;
            }
            let colour = colour_at(reading, index);
            let time = (reach == Reach::Change).then(|| entry_at(reading, index, &TIMES)).flatten();
            let look = entry_at(reading, index, &LOOKS).or_else(|| entry_at(reading, index, &MOODS)).or(time);
            match (look, colour) {
                (Some((len, name)), colour) if colour.as_ref().is_none_or(|(other, _)| *other <= len) => {
                    found.push((index, len, false, name.to_owned()));
                    index += len;
                }
                (_, Some((len, name))) => {
                    found.push((index, len, true, name));
                    index += len;
                }
                _ => {
                    layout |= is_word(reading.word(index), &LAYOUT);
                    pure &= is_word(reading.word(index), &DEGREES)
                        || is_word(reading.word(index), &LAYOUT)
                        || is_word(reading.word(index), &WITHOUT_PLAIN);
                    index += 1;
                }
            }
        }
        let colours_only = found.iter().all(|(_, _, colour, _)| *colour);
        if found.is_empty()
            || !pure
            || (reach == Reach::Image && colours_only)
            || (reach == Reach::Image && layout)
        {
            continue;
        }
        for (index, len, colour, name) in found {
            add(if colour { &mut looks.palette } else { &mut looks.style }, &name);
            reading.take(index..index + len, Taken::Field);
        }
        reading.take(clause, Taken::Wall);
    }
}

/// Looks within clauses that also speak of the subject.
fn scattered(reading: &mut Reading, reach: Reach, looks: &mut Looks, is_thing: &impl Fn(usize) -> bool) {
    reading.rule(Use::Look, "a look of the whole");
    let mut index = 0;
    while index < reading.tokens.len() {
        if let Some((first, end)) = in_the_style_of(reading, index) {
            let name = reading.slice(first, end - 1).to_lowercase();
            add(&mut looks.style, &name);
            reading.take(index..end, Taken::Field);
            index = end;
        } else if let Some((len, name)) = entry_at(reading, index, &LOOKS)
            && (reach != Reach::Whole
                || of_the_whole(reading, index, len, is_thing)
                || alone_in_tail(reading, index, len))
            && !(reach == Reach::Image
                && index + len < reading.tokens.len()
                && is_word(reading.word(index + len), &["convention", "character", "store", "shop"]))
        {
            add(&mut looks.style, name);
            index = take_look(reading, index, len);
        } else if let Some((len, name)) = entry_at(reading, index, &MOODS)
            && colour_at(reading, index).is_none_or(|(more, _)| more <= len)
            && (reach == Reach::Change || of_the_whole(reading, index, len, is_thing))
        {
            add(&mut looks.style, name);
            index = take_look(reading, index, len);
        } else if let Some((len, name)) = entry_at(reading, index, &TIMES)
            && reach == Reach::Change
        {
            add(&mut looks.style, name);
            index = take_look(reading, index, len);
        } else if let Some((len, name)) = colour_at(reading, index)
            && reach != Reach::Image
            && of_the_layout(reading, index, len, reach)
        {
            add(&mut looks.palette, &name);
            index = take_look(reading, index, len);
        } else if let Some(len) = named_look(reading, index) {
            let name = reading.slice(index, index + len - 1).to_lowercase();
            add(&mut looks.style, &name);
            index = take_look(reading, index, len);
        } else {
            index += 1;
        }
    }
}

/// The one or two words after `in the style of`: where they begin and end.
fn in_the_style_of(reading: &Reading, index: usize) -> Option<(usize, usize)> {
    let mut first = index + any_at(reading, index, &STYLE_OF)?;
    while is_word(reading.word(first), &["a", "an", "the", "un", "una", "um", "uma", "une", "einem", "einer"])
    {
        first += 1;
    }
    let mut end = first;
    while end < first + 2
        && reading.free(end)
        && !reading.is_wall(end)
        && !is_word(reading.word(end), &ENDS_LEFT_OUT)
    {
        end += 1;
    }
    (end > first).then_some((first, end))
}

/// Takes a look with the words that belong to it on both sides and says where to go on.
fn take_look(reading: &mut Reading, index: usize, len: usize) -> usize {
    let mut end = index + len;
    if is_word(reading.word(end), &JOINS_LOOKS) && (quality_at(reading, end + 1).is_some()) {
        end += 1;
    } else {
        while reading.free(end)
            && (is_word(reading.word(end), &LOOK_NOUNS) || is_word(reading.word(end), &LAYOUT))
        {
            end += 1;
        }
    }
    let mut start = index;
    while start > 0
        && reading.free(start - 1)
        && !reading.is_wall(start - 1)
        && (is_word(reading.before(start, 1), &BELONGS_BEFORE_LOOK)
            || is_word(reading.before(start, 1), &LOOK_NOUNS_FIRST)
            || is_word(reading.before(start, 1), &LAYOUT))
    {
        start -= 1;
    }
    reading.take(start..end, Taken::Field);
    end
}
