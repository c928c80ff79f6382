//! A try-on: whose picture, which clothes.

use super::counts;
use super::kind::{Part, garments};
use super::lexicon::{COUNTED_PICTURES, THIS};
use super::phrases::is_word;
use super::pictures::{Role, Sent, mentions, roles};
use super::span::Use;
use super::tokens::Reading;
use crate::conversations::interpreter::{Clarify, Intent, IntentName, TryonMode, TryonWords};

/// Builds the request from the words that are left and the pictures.
pub(super) fn read(reading: &mut Reading, sent: &[Sent]) -> Intent {
    let pictures: Vec<bool> =
        (0..reading.tokens.len()).map(|at| is_word(reading.word(at), &COUNTED_PICTURES)).collect();
    let counted = |at: usize| pictures.get(at).copied().unwrap_or(false);
    let mut words = TryonWords { count: counts::count(reading, counted, false), ..TryonWords::default() };
    note(reading);
    let reading = &*reading;
    let known = roles(reading, sent);
    for (index, role) in &known {
        place(&mut words, *index, *role);
    }
    let mut spoken: Vec<Part> = Vec::new();
    for (_, part) in garments(reading) {
        if !spoken.contains(&part) {
            spoken.push(part);
        }
    }
    let mut open: Vec<usize> =
        sent.iter().map(|p| p.index).filter(|index| !known.iter().any(|(at, _)| at == index)).collect();
    let wanted: Vec<Part> =
        spoken.iter().copied().filter(|part| picture_of(&words, *part).is_none()).collect();
    if words.person_image.is_none() && !open.is_empty() && (open.len() > wanted.len() || !has_shown(reading))
    {
        words.person_image = Some(open.remove(0));
    }
    let mut open = open.into_iter();
    for part in wanted {
        if let Some(index) = open.next() {
            place(&mut words, index, Role::Garment(part));
        }
    }
    if spoken.is_empty()
        && words.top_image.is_none()
        && words.bottom_image.is_none()
        && words.dress_image.is_none()
        && let Some(index) = open.next()
    {
        words.top_image = Some(index);
    }
    words.mode = mode(&words, &spoken);
    let mut missing = Vec::new();
    if words.person_image.is_none() {
        missing.push("person_image".to_owned());
    }
    for (part, name) in
        [(Part::Top, "top_image"), (Part::Bottom, "bottom_image"), (Part::Dress, "dress_image")]
    {
        if spoken.contains(&part) && picture_of(&words, part).is_none() && !replaced(&words, part) {
            missing.push(name.to_owned());
        }
    }
    let none = words.top_image.is_none() && words.bottom_image.is_none() && words.dress_image.is_none();
    if none && spoken.is_empty() {
        missing.push("top_image".to_owned());
    }
    if missing.is_empty() {
        return Intent::Tryon(words);
    }
    let partial = Some(Box::new(Intent::Tryon(words)));
    Intent::Clarify(Clarify { intent_for: IntentName::Tryon, missing, partial })
}

/// Notes where garments and pictures are named.
fn note(reading: &mut Reading) {
    let worn: Vec<usize> = garments(reading).map(|(at, _)| at).collect();
    for at in worn {
        reading.note(at..at + 1, Use::Garment, "the name of a garment");
    }
    for (at, _) in mentions(reading) {
        reading.note(at..at + 1, Use::Picture, "a picture by its number");
    }
}

fn place(words: &mut TryonWords, index: usize, role: Role) {
    let field = match role {
        Role::Person => &mut words.person_image,
        Role::Garment(Part::Top) => &mut words.top_image,
        Role::Garment(Part::Bottom) => &mut words.bottom_image,
        Role::Garment(Part::Dress) => &mut words.dress_image,
        Role::Logo => return,
    };
    field.get_or_insert(index);
}

fn picture_of(words: &TryonWords, part: Part) -> Option<usize> {
    match part {
        Part::Top => words.top_image,
        Part::Bottom => words.bottom_image,
        Part::Dress => words.dress_image,
    }
}

/// The person's words for a garment and the label differ ("this top" on a dress): the label tells the part.
fn replaced(words: &TryonWords, part: Part) -> bool {
    match part {
        Part::Top => words.dress_image.is_some(),
        Part::Dress => words.top_image.is_some(),
        Part::Bottom => false,
    }
}

/// Whether a garment is pointed at, as one does with a picture of it.
fn has_shown(reading: &Reading) -> bool {
    garments(reading)
        .any(|(at, _)| (1..=3).any(|back| super::phrases::is_word(reading.before(at, back), &THIS)))
}

fn mode(words: &TryonWords, spoken: &[Part]) -> Option<TryonMode> {
    let has = |part: Part| picture_of(words, part).is_some() || spoken.contains(&part);
    if words.dress_image.is_some() || (has(Part::Dress) && words.top_image.is_none()) {
        return Some(TryonMode::Dress);
    }
    match (has(Part::Top), has(Part::Bottom)) {
        (true, true) => Some(TryonMode::Full),
        (_, true) => Some(TryonMode::Bottom),
        (true, _) => Some(TryonMode::Top),
        _ => None,
    }
}
