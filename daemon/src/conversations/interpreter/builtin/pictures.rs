//! Which of the sent pictures is which: the words first, then the labels where they may be seen, then the order.

use super::kind::{Part, garments};
use super::lexicon::{
    ARTICLES, CARDINALS, DISCARD, IS, LOGO, NUMBERED, ORDINALS, OUTFITS, PERSON, PICTURE, SHOWN, THIS_IS_ME,
};
use super::phrases::{any_at, entry_at, has, is_word};
use super::tokens::Reading;

/// A picture of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// Counted over the conversation from 0.
    pub index: usize,
    /// The turn it came with.
    pub turn: usize,
    /// What it shows, where that may be known.
    pub label: Option<String>,
}

impl Sent {
    /// Whether it visibly shows a person.
    pub(super) fn is_person(&self) -> bool {
        self.label.as_deref().is_some_and(|label| matches!(label, "face" | "person"))
    }

    /// Whether it visibly shows clothes.
    pub(super) fn is_garment(&self) -> bool {
        self.part().is_some()
    }

    fn part(&self) -> Option<Part> {
        match self.label.as_deref()? {
            "garment_top" => Some(Part::Top),
            "garment_bottom" => Some(Part::Bottom),
            "dress" => Some(Part::Dress),
            _ => None,
        }
    }
}

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Wears the clothes.
    Person,
    /// Is worn.
    Garment(Part),
    /// Is the sign of the maker.
    Logo,
}

/// Every picture with its role, as far as words and labels tell.
pub(super) fn roles(reading: &Reading, sent: &[Sent]) -> Vec<(usize, Role)> {
    let mut roles: Vec<(usize, Role)> = Vec::new();
    for (place, number) in mentions(reading) {
        let Some(picture) = nth(sent, number) else { continue };
        if let Some(role) = role_near(reading, place)
            && !roles.iter().any(|(index, _)| *index == picture.index)
        {
            roles.push((picture.index, role));
        }
    }
    for picture in sent {
        if roles.iter().any(|(index, _)| *index == picture.index) {
            continue;
        }
        let seen = match (picture.is_person(), picture.part(), picture.label.as_deref()) {
            (true, _, _) => Some(Role::Person),
            (_, Some(part), _) => Some(Role::Garment(part)),
            (_, _, Some("logo")) => Some(Role::Logo),
            _ => None,
        };
        if let Some(role) = seen.or_else(|| role_of_turn(reading, sent, picture)) {
            roles.push((picture.index, role));
        }
    }
    roles
}

fn nth(sent: &[Sent], number: u8) -> Option<&Sent> {
    match number {
        0 => sent.last(),
        n => sent.get(usize::from(n) - 1),
    }
}

/// Places where a picture is named by its number: the token and the number, 0 for the last.
pub(super) fn mentions(reading: &Reading) -> Vec<(usize, u8)> {
    let mut found = Vec::new();
    for index in 0..reading.tokens.len() {
        if let Some((len, number)) = entry_at_any(reading, index) {
            let named = is_word(reading.word(index + len), &PICTURE);
            let is = is_word(reading.word(index + len), &IS);
            let bare = reading.is_wall(index + len) && is_word(reading.before(index, 1), &ARTICLES);
            if named || is || bare {
                found.push((index, number));
            }
        } else if let Some(number) = small(reading, index)
            && (is_word(reading.before(index, 1), &NUMBERED)
                || (index > 1 && reading.tokens.get(index - 1).is_some_and(|t| t.mark && t.folded == "=")))
        {
            found.push((index, number));
        }
    }
    found
}

fn entry_at_any(reading: &Reading, index: usize) -> Option<(usize, u8)> {
    entry_at(reading, index, &ORDINALS)
}

fn small(reading: &Reading, index: usize) -> Option<u8> {
    let digits = reading.word(index).trim_start_matches('#').parse().ok();
    digits
        .or_else(|| entry_at(reading, index, &CARDINALS).map(|(_, number)| number))
        .and_then(|number| u8::try_from(number).ok())
        .filter(|number| (1..=9).contains(number))
}

/// The role named nearest before a mention, within its sentence and after the mention before, or else after it.
fn role_near(reading: &Reading, place: usize) -> Option<Role> {
    let taken: Vec<usize> = mentions(reading).into_iter().map(|(at, _)| at).collect();
    let mut at = place;
    while at > 0 {
        at -= 1;
        let sign = reading.tokens.get(at).is_some_and(|t| t.mark && t.folded == "=");
        if taken.contains(&at) || (reading.is_wall(at) && !sign) {
            break;
        }
        if let Some(role) = role_at(reading, at) {
            return Some(role);
        }
    }
    let mut at = place + 1;
    while at < reading.tokens.len() && !taken.contains(&at) && !reading.is_wall(at) {
        if let Some(role) = role_at(reading, at) {
            return Some(role);
        }
        at += 1;
    }
    None
}

fn role_at(reading: &Reading, index: usize) -> Option<Role> {
    if is_word(reading.word(index), &LOGO) {
        return Some(Role::Logo);
    }
    if let Some((_, part)) = garments(reading).find(|(at, _)| *at == index) {
        return Some(Role::Garment(part));
    }
    let owner = is_word(reading.word(index), &["my", "her", "his", "mi", "mein", "meu"])
        && (1..=2).any(|next| {
            is_word(reading.word(index + next), &OUTFITS)
                || garments(reading).any(|(at, _)| at == index + next)
        });
    let owner =
        owner || is_word(reading.word(index), &["my", "our"]) && is_word(reading.word(index + 1), &LOGO);
    (is_word(reading.word(index), &PERSON) && !owner).then_some(Role::Person)
}

/// What the words of a picture's own turn say of it, where it came alone.
fn role_of_turn(reading: &Reading, sent: &[Sent], picture: &Sent) -> Option<Role> {
    if sent.iter().filter(|other| other.turn == picture.turn).count() != 1 {
        return None;
    }
    let here: Vec<usize> = (0..reading.tokens.len())
        .filter(|at| reading.tokens.get(*at).is_some_and(|t| t.turn == picture.turn))
        .collect();
    let garment = garments(reading).find(|(at, _)| here.contains(at));
    let shown = garment.filter(|(at, _)| {
        (1..=4).any(|back| is_word(reading.before(*at, back), &SHOWN))
            || is_word(reading.word(at + 1), &["ini", "itu"])
    });
    if here.iter().any(|at| any_at(reading, *at, &THIS_IS_ME).is_some()) {
        return Some(Role::Person);
    }
    if let Some((_, part)) = shown.or(garment.filter(|_| sent.len() > 1)) {
        return Some(Role::Garment(part));
    }
    None
}

/// Leaves out the pictures that were called wrong.
pub(super) fn kept(reading: &Reading, sent: Vec<Sent>) -> Vec<Sent> {
    if sent.len() < 2 || !has(reading, &DISCARD) {
        return sent;
    }
    let turn = (0..reading.tokens.len())
        .find(|at| any_at(reading, *at, &DISCARD).is_some())
        .and_then(|at| reading.tokens.get(at))
        .map_or(0, |t| t.turn);
    let wrong = sent.iter().rev().find(|picture| picture.turn < turn).map(|picture| picture.index);
    sent.into_iter().filter(|picture| Some(picture.index) != wrong).collect()
}
