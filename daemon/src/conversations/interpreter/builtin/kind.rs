//! Which thing is asked for, and where in the text it is named.

use super::lexicon::{
    ANIMATE, ASKS, BARE_PORTRAITS, BASE, BOTTOMS, DRAWN, DRESSES, IMAGE, LACKS, MOTIONS, NEGATIONS,
    NOT_A_COVER, NOT_A_FILM, ORBIT, OTHER_AS, OWN_PHOTO, OWN_VIDEO, POINTS_AT_SENT, PORTRAIT, PURPOSES,
    STATES, STRONG_TRIES, STUDY, SURE_PORTRAITS, TELLS, THUMBNAIL, TOPS, TRY, VIDEO, WEAK_PORTRAITS, WHOSE,
};
use super::phrases::{any_at, has, is_word};
use super::tokens::Reading;
use crate::conversations::interpreter::IntentName;

/// The thing asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    /// Which kind.
    pub kind: IntentName,
    /// Index of the first token of its name.
    pub index: usize,
    /// Number of tokens of its name; 0 where it was not named.
    pub len: usize,
}

/// What is known besides the words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// Pictures sent since the request began.
    pub pictures: usize,
    /// All of them visibly show people.
    pub only_people: bool,
    /// Some of them visibly show clothes.
    pub clothes: bool,
    /// Words to set on the picture were found.
    pub titled: bool,
}

/// Every place where a kind of `phrases` is named.
fn places(reading: &Reading, phrases: &[&str]) -> Vec<(usize, usize)> {
    (0..reading.tokens.len())
        .filter_map(|index| any_at(reading, index, phrases).map(|len| (index, len)))
        .filter(|(index, _)| !negated(reading, *index))
        .collect()
}

fn negated(reading: &Reading, index: usize) -> bool {
    let article = usize::from(is_word(reading.before(index, 1), &["a", "an", "the", "another"]));
    if is_word(reading.before(index, 1), &["no"]) && is_word(reading.before(index, 2), &LACKS) {
        return false;
    }
    is_word(reading.before(index, 1 + article), &NEGATIONS)
}

/// Where thumbnails are named.
pub(super) fn thumbnails(reading: &Reading) -> Vec<(usize, usize)> {
    let named = places(reading, &THUMBNAIL);
    named
        .into_iter()
        .filter(|(index, len)| {
            let cover = matches!(reading.word(*index), "cover" | "covers" | "header") && *len <= 2;
            let worn = is_word(reading.word(*index), &["cover", "covers", "poster", "posters"])
                && (1..=3).any(|back| reading.before(*index, back) == "me");
            !worn
                && !(cover
                    && (is_word(reading.word(index + 1), &NOT_A_COVER)
                        || is_word(
                            reading.before(*index, 1),
                            &["to", "album", "book", "we", "guitar", "they", "duvet"],
                        )))
        })
        .map(|(index, len)| {
            if is_word(reading.word(index + len - 1), &["for", "of"]) {
                (index, len - 1)
            } else {
                (index, len)
            }
        })
        .collect()
}

/// A thing named only as what the request is for: "for my video".
fn is_purpose(reading: &Reading, index: usize) -> bool {
    let before = |back| reading.before(index, back);
    (1..=4).any(|back| {
        is_word(before(back), &PURPOSES)
            && (1..back)
                .all(|near| !before(near).is_empty() && !is_word(before(near), &["and", "a"]) || near == back)
    }) || is_word(before(1), &OWN_VIDEO) && !is_word(before(2), &["animate", "make", "turn"])
        || is_word(reading.word(index), &["videom*", "videosuna"])
        || is_word(reading.word(index + 1), &["ke", "icin", "called", "is", "=", "we", "i"])
}

/// Decides what is asked for; `None` where nothing is.
pub(super) fn find(reading: &Reading, around: Around) -> Option<Thing> {
    let thing = |kind, (index, len): (usize, usize)| Thing { kind, index, len };
    let thumbs = thumbnails(reading);
    let mut videos = places(reading, &VIDEO);
    videos.retain(|(index, len)| !is_word(reading.word(index + len), &NOT_A_FILM) || *len > 1);
    let head = videos.iter().copied().find(|(index, _)| !is_purpose(reading, *index));
    if let Some(thumb) = thumbs.first() {
        let topic = (1..=6).any(|back| is_word(reading.before(thumb.0, back), &["about", "how", "why"]));
        return match head {
            Some(video) if video.0 < thumb.0 && topic => Some(thing(IntentName::Video, video)),
            _ => Some(thing(IntentName::Thumbnail, *thumb)),
        };
    }
    if wants_clothes(reading, around, head.is_some()) {
        return Some(thing(IntentName::Tryon, (0, 0)));
    }
    if around.pictures > 0
        && (has(reading, &ANIMATE) || makes_move(reading))
        && (head.is_some() || !has(reading, &PORTRAIT))
        && !has(reading, BASE_ONLY)
    {
        return Some(thing(IntentName::Video, head.unwrap_or((0, 0))));
    }
    let images: Vec<_> =
        places(reading, &IMAGE).into_iter().filter(|(index, len)| !sent(reading, *index, *len)).collect();
    let image = images
        .iter()
        .copied()
        .find(|(index, _)| !is_purpose(reading, *index) || is_word(reading.before(*index, 1), &["new"]));
    let portraits = places(reading, &PORTRAIT);
    let portrait = own_person(reading, around).or_else(|| {
        portraits.iter().copied().find(|(index, len)| {
            let weak = is_word(reading.word(*index), &WEAK_PORTRAITS);
            let bare = is_word(reading.word(*index), &BARE_PORTRAITS) && *len == 1;
            !is_word(reading.word(index + len), &["orientation", "format", "mode"])
                && (!weak
                    || any_at(reading, *index, &SURE_PORTRAITS).is_some()
                    || (around.pictures > 0
                        && image.is_none_or(|i| {
                            // "Put me in a painting" still is a picture of me.
                            is_word(reading.word(*index), &["put", "imagine", "turn"])
                                || i.0 == *index
                                || is_word(reading.word(i.0 + i.1), &["of", "me"])
                                || sent(reading, i.0, i.1)
                        })))
                && (!bare || around.pictures > 0)
        })
    });
    match (head, portrait, image) {
        (Some(video), Some(portrait), _) if portrait.0 < video.0 => {
            Some(thing(IntentName::Portrait, portrait))
        }
        (Some(video), None, Some(image))
            if image.0 < video.0 && image.0 + 4 > video.0 && is_purpose(reading, video.0) =>
        {
            Some(thing(IntentName::Image, image))
        }
        (Some(video), _, image)
            if image.is_none_or(|image| {
                video.0 <= image.0 || around.pictures > 0 || !is_word(reading.word(image.0), &DRAWN)
            }) =>
        {
            Some(thing(IntentName::Video, video))
        }
        (_, Some(portrait), _) => Some(thing(IntentName::Portrait, portrait)),
        (_, None, Some(image)) if around.titled && !is_sign(reading, image) => {
            Some(thing(IntentName::Thumbnail, image))
        }
        (_, None, Some(image)) => Some(thing(IntentName::Image, image)),
        (_, None, None) => unnamed(reading, around),
    }
}

/// "Make the water in this picture flow".
fn makes_move(reading: &Reading) -> bool {
    (0..reading.tokens.len()).any(|at| {
        let clause = reading.clause_of(at);
        is_word(reading.word(at), &["make", "let", "have", "making"])
            && is_word(reading.word(at + 1), &["the", "her", "his", "him", "them", "my", "it", "this", "our"])
            && (at + 2..clause.end).any(|verb| is_word(reading.word(verb), &MOTIONS))
            && !(at..clause.end).any(|look| is_word(reading.word(look), &["look", "into", "like", "as"]))
    })
}

/// "My boyfriend as a pirate captain", said beside a photo: the place of `as`.
fn own_person(reading: &Reading, around: Around) -> Option<(usize, usize)> {
    let find = |index: usize| {
        let whose = (2..=4).any(|back| is_word(reading.before(index, back), &WHOSE));
        is_word(reading.word(index), &["as", "como", "comme", "als", "как", "olarak", "sebagai"])
            && whose
            && !(1..=2).any(|next| is_word(reading.word(index + next), &OTHER_AS))
    };
    (0..reading.tokens.len()).filter(|_| around.pictures > 0).find(|index| find(*index)).map(|at| (at, 1))
}

/// The thing is what a statement is about: "thumbnails are half the battle".
pub(super) fn is_stated(reading: &Reading, thing: Thing) -> bool {
    thing.len > 0 && !has(reading, &ASKS) && is_word(reading.word(thing.index + thing.len), &STATES)
}

/// A picture is changed, not moved.
const BASE_ONLY: &[&str] = &["redo", "restyle", "repaint"];

/// A logo with words on it still is an image.
fn is_sign(reading: &Reading, image: (usize, usize)) -> bool {
    is_word(reading.word(image.0), &["logo"])
}

/// The word is for a picture that was sent, not for one that is wanted.
fn sent(reading: &Reading, index: usize, len: usize) -> bool {
    let before = reading.before(index, 1);
    is_word(before, &POINTS_AT_SENT) && !is_word(reading.word(index + len), &["of", "with"])
        || is_word(reading.word(index + len), &["ini", "itu", "1", "2", "3", "attached", "one", "meri"])
}

fn wants_clothes(reading: &Reading, around: Around, video: bool) -> bool {
    let garment = garments(reading).next().is_some();
    let tries = has(reading, &TRY);
    let strong = has(reading, &STRONG_TRIES);
    if video && !strong {
        return false;
    }
    let portrait =
        has(reading, &["headshot", "headshots", "portrait", "portraits", "photoshoot", "same face"]);
    let image = places(reading, &IMAGE).into_iter().any(|(i, l)| {
        !sent(reading, i, l)
            && is_word(reading.word(i + l), &["of"])
            && !is_word(reading.word(i + l + 1), &["me", "my"])
    });
    if portrait || image {
        return false;
    }
    strong || (garment && (tries || around.pictures > 0)) || (tries && around.clothes)
}

/// Every garment that is named: place and part of the body.
pub(super) fn garments(reading: &Reading) -> impl Iterator<Item = (usize, Part)> + '_ {
    (0..reading.tokens.len()).filter_map(move |index| {
        let found = [(&TOPS, Part::Top), (&BOTTOMS, Part::Bottom), (&DRESSES, Part::Dress)];
        let (len, part) = found
            .into_iter()
            .filter_map(|(list, part)| any_at(reading, index, list).map(|len| (len, part)))
            .max_by_key(|(len, _)| *len)?;
        let verb = is_word(reading.word(index), &["dress"])
            && is_word(reading.word(index + len), &["me", "up", "him", "her", "my"]);
        let other = is_word(reading.word(index), &["top", "bottom"])
            && is_word(reading.word(index + len), &["of", "5", "10", "left", "right", "me", "up"]);
        (!verb && !other).then_some((index, part))
    })
}

/// Part of the body a garment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Above the waist.
    Top,
    /// Below it.
    Bottom,
    /// All of it.
    Dress,
}

/// Nothing names a thing: what the pictures and a few verbs suggest.
fn unnamed(reading: &Reading, around: Around) -> Option<Thing> {
    let nowhere = |kind| Some(Thing { kind, index: 0, len: 0 });
    if around.pictures > 0 && has(reading, &ORBIT) {
        return nowhere(IntentName::Video);
    }
    if around.pictures == 0
        && has(reading, &["explain", "teach me", "jelaskan", "explica*", "erklar*", "объясни*"])
        && has(reading, &STUDY)
        && reading.tokens.len() > 4
    {
        return nowhere(IntentName::Video);
    }
    if around.pictures > 0 && has(reading, &BASE) {
        return nowhere(IntentName::Image);
    }
    if has(reading, &["tell the story", "tell a story", "tell me a story"]) {
        return nowhere(IntentName::Video);
    }
    if around.pictures == 0 && has(reading, &ANIMATE) && has(reading, &OWN_PHOTO) {
        return nowhere(IntentName::Video);
    }
    if around.pictures == 0 && has(reading, &ASKS) && has(reading, &TELLS) {
        return nowhere(IntentName::Video);
    }
    if around.titled {
        return nowhere(IntentName::Thumbnail);
    }
    let me = reading.clauses().iter().any(|clause| {
        clause.len() > 1 && is_word(reading.word(clause.start), &["me", "myself", "moi", "ich", "yo", "eu"])
    });
    if around.pictures > 0 && me {
        return nowhere(IntentName::Portrait);
    }
    if around.pictures > 0 && around.only_people && reading.tokens.iter().filter(|t| !t.mark).count() >= 3 {
        return nowhere(IntentName::Portrait);
    }
    None
}
