//! What the moderation policy turns away, by the plainest words of it. The moderation of results comes on top.

use super::lexicon::{
    A_PERSON, ABOUT_DECEIT, BEFORE_AGE, CHILDREN, CONTEMPT, DECEIT, DEEDS, GROUPS, HATE, LINKS_CONTEMPT,
    NUDE_INNOCENT, PUBLIC, SCANT, SEEMS_REAL, SEXUAL, VIOLENCE, YEARS_OLD,
};
use super::phrases::{any_at, has, is_word};
use super::span::Use;
use super::tokens::Reading;
use crate::conversations::interpreter::RefuseReason;

/// Why a text is to be refused, if it is.
pub(super) fn read(reading: &Reading) -> Option<RefuseReason> {
    let child = has(reading, &CHILDREN) || has_young_age(reading);
    let sexual = has(reading, &SEXUAL) && !has(reading, &NUDE_INNOCENT);
    if child && (sexual || worn_by_child(reading)) {
        return Some(RefuseReason::Minor);
    }
    if sexual {
        return Some(RefuseReason::Sexual);
    }
    if has(reading, &HATE)
        && !has(
            reading,
            &["anti racist", "history of", "against racist", "fighting", "against", "documentary", "about"],
        )
        || despises(reading)
    {
        return Some(RefuseReason::Hate);
    }
    if deceives(reading) {
        return Some(RefuseReason::RealPersonDeception);
    }
    let told = has(
        reading,
        &[
            "history of",
            "museum",
            "medieval torture devices",
            "torture devices",
            "torture test",
            "torture instruments",
            "torture museum",
        ],
    );
    (has(reading, &VIOLENCE) && !told && !denied(reading)).then_some(RefuseReason::Violence)
}

/// Notes the words that speak for a refusal.
pub(super) fn note(reading: &mut Reading) {
    let lists: [&[&str]; 9] =
        [&SEXUAL, &SCANT, &CHILDREN, &VIOLENCE, &GROUPS, &CONTEMPT, &HATE, &DECEIT, &DEEDS];
    for index in 0..reading.tokens.len() {
        if let Some(len) = lists.iter().filter_map(|list| any_at(reading, index, list)).max() {
            reading.note(index..index + len, Use::Refused, "words of the policy");
        }
    }
}

/// Violence is named only to be kept out: "no gore".
fn denied(reading: &Reading) -> bool {
    (0..reading.tokens.len()).filter(|index| any_at(reading, *index, &VIOLENCE).is_some()).all(|index| {
        is_word(reading.before(index, 1), &["no", "not", "without", "less", "too", "isn't", "nothing"])
            || is_word(reading.before(index, 2), &["no", "not", "without", "nothing"])
    })
}

/// An age under eighteen said of a person.
fn has_young_age(reading: &Reading) -> bool {
    (0..reading.tokens.len()).any(|index| {
        let word = reading.word(index);
        let glued =
            word.strip_suffix("yo").or_else(|| word.strip_suffix('f')).or_else(|| word.strip_suffix('m'));
        let Ok(age) = glued.unwrap_or(word).parse::<u32>() else { return false };
        if !(1..18).contains(&age) {
            return false;
        }
        let after = any_at(reading, index + 1, &YEARS_OLD).is_some();
        let before = is_word(reading.before(index, 1), &BEFORE_AGE) && reading.is_wall(index + 1);
        glued.is_some_and(|_| word.ends_with("yo")) || after || before
    })
}

fn worn_by_child(reading: &Reading) -> bool {
    let scant = (0..reading.tokens.len()).any(|index| {
        let worn = match reading.word(index) {
            "hot" => is_word(reading.word(index + 1), &["girl", "teen", "and", "pose", "outfit"]),
            "shower" | "bathtub" => false,
            _ => true,
        };
        worn && any_at(reading, index, &SCANT).is_some()
    });
    scant && !has(reading, &["baby shower", "kids swim", "swim class", "swimming lesson", "swimming lessons"])
}

fn despises(reading: &Reading) -> bool {
    let places: Vec<usize> =
        (0..reading.tokens.len()).filter(|index| any_at(reading, *index, &GROUPS).is_some()).collect();
    let contempt: Vec<usize> =
        (0..reading.tokens.len()).filter(|index| any_at(reading, *index, &CONTEMPT).is_some()).collect();
    places.iter().any(|group| {
        contempt.iter().any(|word| {
            let near = group.abs_diff(*word) <= 5;
            let links =
                (*group.min(word)..=*group.max(word)).any(|at| is_word(reading.word(at), &LINKS_CONTEMPT));
            near && (links || group.abs_diff(*word) <= 1)
        })
    })
}

fn deceives(reading: &Reading) -> bool {
    let public = has(reading, &PUBLIC);
    let deceit = has(reading, &DECEIT);
    let deeds = has(reading, &DEEDS);
    let fake = has(reading, &["fake", "deepfake", "deep fake"]);
    let person = public || has(reading, &A_PERSON);
    let explains = has(reading, &ABOUT_DECEIT) && !has(reading, &["look real", "so people", "so ppl"]);
    !explains
        && ((public && deceit && (deeds || fake || has(reading, &DECEIT)))
            || ((deceit || has(reading, &SEEMS_REAL)) && deeds && person)
            || (public && fake && deeds)
            || (has(reading, &["deepfake", "deep fake"])
                && has(reading, &["deepfake of", "deepfake video", "a deepfake", "deep fake"])))
}
