//! Looks, moods and colours of the whole picture, as against those of the things in it.

use super::lexicon::asking::FRAME;
use super::lexicon::colours::{COLOURS, LAYOUT, SHADES};
use super::lexicon::moods::{DEGREES, LOOK_NOUNS, LOOK_NOUNS_FIRST, LOOKS, MOODS, TIMES};
use super::lexicon::videos::WITHOUT;
use super::phrases::{any_at, entry_at, is_word};
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
    without(reading, &mut looks);
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
            let before = usize::from(is_word(reading.before(index, 1), LAYOUT));
            reading.take(index - before..index + 1 + and, Taken::Field);
        }
    }
}

/// `less x`, `too x`, `not so x`.
fn degrees(reading: &mut Reading, reach: Reach, looks: &mut Looks) {
    let openings: &[&str] = &[
        "less",
        "too",
        "too much",
        "too many",
        "way too",
        "way too much",
        "a bit too",
        "not so",
        "not as",
        "not too",
        "nothing too",
        "isn't so",
        "fewer",
        "tone down the",
        "menos",
        "demasiado",
        "muito",
        "moins de",
        "moins",
        "trop",
        "trop de",
        "weniger",
        "zu",
        "zu viel",
        "nicht so",
        "меньше",
        "слишком",
        "не так",
        "не такой",
        "daha az",
        "cok fazla",
        "kurang",
        "jangan terlalu",
        "terlalu",
        "kam",
        "zyada",
        "not that",
    ];
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some(len) = any_at(reading, index, openings) else {
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
                && !is_word(
                    reading.word(at),
                    &["of", "to", "big", "small", "late", "long", "short", "bad", "a", "the", "much", "many"],
                ) =>
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

fn quality_at(reading: &Reading, index: usize) -> Option<(usize, String)> {
    let look = entry_at(reading, index, LOOKS).or_else(|| entry_at(reading, index, MOODS));
    look.map(|(len, name)| (len, name.to_owned())).or_else(|| colour_at(reading, index))
}

/// `big title` and `small title`.
fn lettering(reading: &mut Reading, looks: &mut Looks) {
    let nouns = &[
        "title",
        "text",
        "words",
        "letters",
        "lettering",
        "font",
        "headline",
        "caption",
        "titulo",
        "texto",
        "letras",
        "titre",
        "texte",
        "titel",
        "schrift",
        "текст*",
        "заголов*",
        "надпис*",
        "шрифт*",
        "букв*",
        "yazi*",
        "baslik",
        "basligi",
        "judul*",
        "teks*",
        "tulisan*",
    ];
    let big = &[
        "bigger",
        "big",
        "larger",
        "large",
        "huge",
        "massive",
        "giant",
        "enormous",
        "biggest",
        "mas grande",
        "grande",
        "maior",
        "plus gros",
        "plus grand",
        "gros",
        "grosser",
        "grosse",
        "больше",
        "побольше",
        "крупнее",
        "крупн*",
        "buyuk",
        "daha buyuk",
        "besar",
        "gede",
        "lebih besar",
        "bada",
        "huge",
    ];
    let small = &[
        "smaller",
        "small",
        "tiny",
        "tinier",
        "mas pequeno",
        "pequeno",
        "menor",
        "plus petit",
        "petit",
        "kleiner",
        "kleine",
        "меньше",
        "поменьше",
        "kucuk",
        "daha kucuk",
        "kecil",
        "lebih kecil",
        "chhota",
    ];
    for index in 0..reading.tokens.len() {
        for (sizes, name) in [(big.as_slice(), "big title"), (small.as_slice(), "small title")] {
            let Some(len) = any_at(reading, index, sizes) else { continue };
            let before = (1..=4).find(|back| {
                is_word(reading.before(index, *back), nouns)
                    && index.checked_sub(*back).is_some_and(|at| !reading.is_wall(at))
            });
            let after = (0..=2).find(|skip| {
                is_word(reading.word(index + len + skip), nouns) || says(reading, index + len + skip, nouns)
            });
            if let Some(skip) = after {
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
fn without(reading: &mut Reading, looks: &mut Looks) {
    let openings: &[&str] = &[
        "no",
        "without",
        "without any",
        "get rid of",
        "get rid of the",
        "remove the",
        "remove",
        "lose the",
        "take out the",
        "delete the",
        "drop the",
        "take away the",
        "minus the",
        "w o",
        "don't show any",
        "don't show",
        "dont show",
        "don't include",
        "dont include",
        "avoid",
        "and no",
        "not any",
        "sin",
        "quita",
        "quita el",
        "quita la",
        "quita los",
        "quita las",
        "sem",
        "tira o",
        "tira a",
        "tira os",
        "tira as",
        "sans",
        "enleve le",
        "enleve la",
        "enleve les",
        "ohne",
        "kein",
        "keine",
        "keinen",
        "entferne die",
        "entferne den",
        "entferne das",
        "без",
        "убери",
        "tanpa",
        "hapus",
        "hilangkan",
        "bina",
        "pas de",
    ];
    let stops = &[
        "and", "but", "just", "please", "pls", "plz", "in", "on", "with", "at", "it", "only", "y", "e", "et",
        "und", "и", "dan", "or", "for", "from", "instead", "as", "make", "anywhere", "though",
    ];
    let mut index = 0;
    while index < reading.tokens.len() {
        let Some(len) = any_at(reading, index, openings) else {
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
            && !is_word(reading.word(end), stops)
        {
            end += 1;
        }
        // Within a clause a plain "no" belongs to a name: "a no hit run".
        let opens = index == 0
            || reading.is_wall(index - 1)
            || is_word(
                reading.before(index, 1),
                &[
                    "and", "but", "with", "please", "has", "have", "there's", "should", "be", "y", "e", "et",
                    "und", "и",
                ],
            );
        if reading.word(index) == "no" && len == 1 && !opens {
            index += 1;
            continue;
        }
        let idle = [
            "wait", "thanks", "need", "rush", "idea", "problem", "matter", "way", "one", "worries", "longer",
            "more", "it", "i", "you", "that", "this", "yes", "not", "name", "clue", "make", "spoilers",
            "sorry", "don't", "let",
        ];
        if end > first && !is_word(reading.word(first), &idle) {
            let thing = reading.slice(first, end - 1).to_lowercase();
            add(&mut looks.without, &thing);
            reading.take(index..end, Taken::Wall);
        }
        index = end.max(index + 1);
    }
}

/// Clauses that speak of nothing but looks.
fn clauses(reading: &mut Reading, reach: Reach, looks: &mut Looks) {
    for clause in reading.clauses() {
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
            let time = (reach == Reach::Change).then(|| entry_at(reading, index, TIMES)).flatten();
            let look = entry_at(reading, index, LOOKS).or_else(|| entry_at(reading, index, MOODS)).or(time);
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
                    layout |= is_word(reading.word(index), LAYOUT);
                    pure &= is_word(reading.word(index), DEGREES)
                        || is_word(reading.word(index), LAYOUT)
                        || is_word(reading.word(index), WITHOUT_PLAIN);
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

/// Fillers of a clause of looks beside the words of degree.
const WITHOUT_PLAIN: &[&str] = &[
    "on",
    "the",
    "to",
    "letters",
    "go",
    "give",
    "me",
    "is",
    "my",
    "also",
    "then",
    "now",
    "little",
    "different",
    "change",
    "switch",
    "turn",
    "instead",
    "everything",
    "prefer",
    "mainly",
    "mostly",
    "feels",
    "should",
];

/// Looks within clauses that also speak of the subject.
fn scattered(reading: &mut Reading, reach: Reach, looks: &mut Looks, is_thing: &impl Fn(usize) -> bool) {
    let mut index = 0;
    while index < reading.tokens.len() {
        if let Some((len, name)) = entry_at(reading, index, LOOKS)
            && (reach != Reach::Whole
                || of_the_whole(reading, index, len, is_thing)
                || alone_in_tail(reading, index, len))
            && !(reach == Reach::Image
                && index + len < reading.tokens.len()
                && is_word(reading.word(index + len), &["convention", "character", "store", "shop"]))
        {
            add(&mut looks.style, name);
            index = take_look(reading, index, len);
        } else if let Some((len, name)) = entry_at(reading, index, MOODS)
            && !(colour_at(reading, index).is_some_and(|(more, _)| more > len))
            && (reach == Reach::Change || of_the_whole(reading, index, len, is_thing))
        {
            add(&mut looks.style, name);
            index = take_look(reading, index, len);
        } else if let Some((len, name)) = entry_at(reading, index, TIMES)
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

/// Takes a look with the words that belong to it on both sides and says where to go on.
fn take_look(reading: &mut Reading, index: usize, len: usize) -> usize {
    let mut end = index + len;
    if is_word(reading.word(end), &["and", "&", "n", "y", "e", "et", "und", "и", "ve", "dan"])
        && (quality_at(reading, end + 1).is_some())
    {
        end += 1;
    } else {
        while reading.free(end)
            && (is_word(reading.word(end), LOOK_NOUNS) || is_word(reading.word(end), LAYOUT))
        {
            end += 1;
        }
    }
    let mut start = index;
    while start > 0
        && reading.free(start - 1)
        && !reading.is_wall(start - 1)
        && (is_word(
            reading.before(start, 1),
            &[
                "in",
                "with",
                "very",
                "really",
                "kinda",
                "more",
                "a",
                "bit",
                "something",
                "en",
                "em",
                "im",
                "com",
                "con",
                "on",
                "using",
                "against",
                "thoda",
                "etwas",
                "в",
                "avec",
                "mit",
                "dengan",
            ],
        ) || is_word(reading.before(start, 1), LOOK_NOUNS_FIRST)
            || is_word(reading.before(start, 1), LAYOUT))
    {
        start -= 1;
    }
    reading.take(start..end, Taken::Field);
    end
}

/// Whether a mood is said of the whole picture.
fn of_the_whole(reading: &Reading, index: usize, len: usize, is_thing: &impl Fn(usize) -> bool) -> bool {
    let mut next = index + len;
    loop {
        let word = reading.word(next);
        if is_word(word, LOOK_NOUNS) || is_word(word, &["background", "bg", "backdrop"]) {
            return !is_word(reading.word(next + 1), &["at", "back"]);
        }
        if is_thing(next) && !is_thing(index) {
            return true;
        }
        if is_word(word, &["and", "&", "n", "but", "y", "e", "et", "und", "и", "ve", "dan"])
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
    while is_word(
        reading.before(index, back),
        &[
            "very", "really", "kinda", "a", "bit", "more", "little", "thoda", "etwas", "bem", "muy", "and",
            "&", "sehr", "tres",
        ],
    ) || (back > 1 && index.checked_sub(back).is_some_and(|at| quality_at(reading, at).is_some()))
    {
        back += 1;
    }
    let before = reading.before(index, back);
    let tail = reading.is_wall(index + len)
        || is_word(reading.word(index + len), &["and", "with", "but", "please", "pls"]);
    is_word(before, LOOK_NOUNS_FIRST) && tail
        || is_word(before, &["it", "something", "keep", "look", "looking", "feel"]) && tail
}

/// Whether a look ends a clause after `in`, as in "a fox in watercolor".
fn alone_in_tail(reading: &Reading, index: usize, len: usize) -> bool {
    reading.is_wall(index + len) && is_word(reading.before(index, 1), &["in", "as", "en", "em", "im", "в"])
}

/// A colour with its shade at `index`.
fn colour_at(reading: &Reading, index: usize) -> Option<(usize, String)> {
    let plain = entry_at(reading, index, COLOURS).map(|(len, name)| (len, name.to_owned()));
    if plain.is_none() && is_word(reading.word(index), SHADES) && reading.free(index) {
        let (len, name) = entry_at(reading, index + 1, COLOURS)?;
        return Some((len + 1, format!("{} {name}", reading.word(index))));
    }
    plain
}

/// Whether a colour is one of background, letters or scheme.
fn of_the_layout(reading: &Reading, index: usize, len: usize, reach: Reach) -> bool {
    if reach == Reach::Change
        && reading.clause_of(index).len() <= 6
        && !is_word(reading.before(index, 1), &["a", "the"])
    {
        return true;
    }
    let mut next = index + len;
    let mut list = false;
    loop {
        if is_word(reading.word(next), LAYOUT) {
            return true;
        }
        let and = usize::from(is_word(
            reading.word(next),
            &["and", "&", "n", "y", "e", "et", "und", "и", "ve", "dan", "on", "aur"],
        ));
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
        && (is_word(
            reading.before(index, back),
            &[
                "is", "in", "and", "&", "n", "the", "a", "be", "should", "bitte", "please", "of", "to", "ve",
                "dan", "y", "e", "et", "und", "и", "mostly",
            ],
        ) || index.checked_sub(back).is_some_and(|at| entry_any(reading, at)))
    {
        back += 1;
    }
    let layout_before = is_word(reading.before(index, back), LAYOUT);
    let ends = reading.is_wall(next) || is_word(reading.word(next), &["please", "pls", "bitte"]);
    layout_before || (ends && list && is_word(reading.before(index, 1), &["in", "en", "em", "with"]))
}

/// Whether a colour stands at `index`, used up or not.
fn entry_any(reading: &Reading, index: usize) -> bool {
    COLOURS.iter().any(|(name, _)| *name == reading.word(index)) || is_word(reading.word(index), SHADES)
}

/// A look that only its noun tells: the word or two before `style`, `look`, `vibe`.
fn named_look(reading: &Reading, index: usize) -> Option<usize> {
    let plain = |at: usize| {
        reading.free(at)
            && !reading.is_wall(at)
            && !is_word(reading.word(at), FRAME)
            && !is_word(
                reading.word(at),
                &[
                    "same",
                    "that",
                    "different",
                    "other",
                    "whatever",
                    "life",
                    "free",
                    "hair",
                    "how",
                    "look",
                    "how",
                ],
            )
    };
    let nouns: &[&str] = &[
        "style",
        "look",
        "vibe",
        "vibes",
        "aesthetic",
        "aesthetics",
        "feel",
        "mood",
        "stil",
        "tarzi",
        "tarzinda",
        "stilinde",
    ];
    if !plain(index) || is_word(reading.word(index), nouns) || is_word(reading.word(index), WITHOUT) {
        return None;
    }
    let opens = is_word(
        reading.before(index, 1),
        &["in", "a", "an", "with", "kinda", "that", "the", "like", "of", "and", "more", "give", "it"],
    ) || index == 0
        || reading.is_wall(index - 1);
    if !opens {
        return None;
    }
    if is_word(reading.word(index + 1), nouns)
        && !is_word(reading.word(index + 2), &["at", "like", "back", "into", "good", "guide"])
    {
        return Some(1);
    }
    (plain(index + 1)
        && is_word(reading.word(index + 2), nouns)
        && !is_word(reading.word(index + 3), &["at", "like", "back", "into"]))
    .then_some(2)
}
