//! Changes to the last request.

use super::kind::{Part, garments};
use super::lexicon::{AFTER_AGAIN, AGAIN, AROUND_PRAISE, CHAT, COUNTED_THINGS, SIZES, TITLE_NOUNS, UPSCALE};
use super::looks::{self, Reach};
use super::phrases::{any_at, find, has, is_word};
use super::pictures::{Role, Sent, roles};
use super::span::Use;
use super::title::TitleWords;
use super::tokens::{Reading, Taken};
use super::{counts, recast, requests, retitle, shapes, video};
use crate::conversations::interpreter::{Changes, Intent, RequestMode, TryonMode, TryonWords};

/// The larger picture that is asked for, if one is.
pub(super) fn upscale(reading: &mut Reading, last: &Intent) -> Option<Intent> {
    let (index, len) = find(reading, &UPSCALE)?;
    let which = counts::which(reading);
    let word = reading.word(index);
    let film = matches!(last, Intent::Video(_));
    let sure = is_word(
        word,
        &["upscale", "upscaled", "upsize", "enlarge", "enlarged", "hochskalier*", "апскейл*", "embiggen"],
    );
    if film && !sure {
        return None;
    }
    let size = is_word(word, &SIZES);
    let titles = (1..=2).any(|near| {
        is_word(reading.word(index + len - 1 + near), &TITLE_NOUNS)
            || is_word(reading.before(index, near), &TITLE_NOUNS)
    });
    let of_it = which.is_some()
        || is_word(reading.word(index + len), &["please", "pls", "version", "of", "file"])
        || reading.is_wall(index + len);
    if titles || (size && !of_it) {
        return None;
    }
    let number = which.map(|(_, number)| match number {
        0 => count_of(last).unwrap_or(1),
        n => n,
    });
    reading.note(index..index + len, Use::Again, "a larger picture");
    if let Some((at, _)) = which {
        reading.note(at..at + 1, Use::Count, "which of the results");
    }
    Some(Intent::Upscale { which: number })
}

fn count_of(last: &Intent) -> Option<u8> {
    match last {
        Intent::Thumbnail(words) => words.count,
        Intent::Image(words) => words.count,
        Intent::Portrait(words) => words.count,
        Intent::Tryon(words) => words.count,
        _ => None,
    }
}

/// The changes or the wish for the same again; `None` where the words want neither.
pub(super) fn read(
    reading: &mut Reading,
    title: &TitleWords,
    last: &Intent,
    sent: &[Sent],
) -> Option<Intent> {
    if let Intent::Tryon(words) = last
        && let Some(changes) = clothes(reading, words, sent)
    {
        return Some(Intent::Revise(Box::new(changes)));
    }
    if let Some((index, len)) = find(reading, &["good night", "good morning", "good evening"]) {
        reading.take(index..index + len, Taken::Field);
    }
    take_praise(reading);
    let mut changes = Changes::default();
    pictures(reading, last, sent, &mut changes);
    retitle::titles(reading, title, last, &mut changes);
    if matches!(last, Intent::Video(_)) {
        let film = video::film(reading);
        changes.seconds = film.seconds;
        changes.resolution = film.resolution;
        changes.format = film.format;
        changes.narration = film.narration;
        changes.captions = film.captions;
    }
    if matches!(last, Intent::Thumbnail(_)) {
        changes.template = requests::template(reading);
    }
    let again = take_again(reading);
    changes.count = counts::count(reading, |_| false, true).or_else(|| plural_count(reading));
    changes.aspect = shapes::aspect(reading, |_| false);
    let found = looks::read(reading, Reach::Change, |_| false);
    set_looks(found, last, &mut changes);
    recast::content(reading, again, last, &mut changes);
    if !changes.only_count() {
        return Some(Intent::Revise(Box::new(changes)));
    }
    (again || changes.count.is_some()).then_some(Intent::Again { count: changes.count })
}

fn set_looks(found: looks::Looks, last: &Intent, changes: &mut Changes) {
    match last {
        Intent::Image(_) => {
            changes.negative = Some(found.without.join(", ")).filter(|text| !text.is_empty());
            changes.style = found.style;
            changes.style.extend(found.palette);
        }
        Intent::Video(words) => {
            let mut look = found.style;
            look.extend(found.palette);
            look.extend(found.without.iter().map(|thing| format!("no {thing}")));
            if !look.is_empty() {
                changes.prompt = Some(format!("{}, {}", words.prompt, look.join(", ")));
            }
        }
        Intent::Thumbnail(_) => {
            changes.style = found.style;
            changes.style.extend(found.without.iter().map(|thing| format!("no {thing}")));
            changes.palette = found.palette;
        }
        _ => {
            changes.style = found.style;
            changes.style.extend(found.palette);
            changes.style.extend(found.without.iter().map(|thing| format!("no {thing}")));
        }
    }
}

/// "2 more thumbnails", "4 pictures": a number with the name of the thing.
fn plural_count(reading: &mut Reading) -> Option<u8> {
    reading.rule(Use::Count, "a number of results");
    for index in 0..reading.tokens.len() {
        if let Some((len, value)) = counts::number_at(reading, index)
            && value > 1
            && (0..=2).any(|skip| is_word(reading.word(index + len + skip), &COUNTED_THINGS))
        {
            reading.take(index..index + len, Taken::Field);
            return Some(value.min(8) as u8);
        }
    }
    None
}

/// Clauses that only say how the result was liked: "beautiful" is no wish there.
fn take_praise(reading: &mut Reading) {
    reading.rule(Use::Courtesy, "how the result was liked");
    for clause in reading.clauses() {
        let mut index = clause.start;
        let mut praised = false;
        while index < clause.end {
            let praise = any_at(reading, index, &CHAT);
            praised |= praise.is_some();
            if praise.is_none() && !is_word(reading.word(index), &AROUND_PRAISE) {
                break;
            }
            index += praise.unwrap_or(1);
        }
        if praised && index >= clause.end {
            reading.take(clause, Taken::Wall);
        }
    }
}

fn take_again(reading: &mut Reading) -> bool {
    reading.rule(Use::Again, "the same once more");
    let mut again = false;
    for index in 0..reading.tokens.len() {
        if let Some(len) = any_at(reading, index, &AGAIN) {
            let word = reading.word(index);
            let comparing = len == 1
                && matches!(
                    word,
                    "more" | "mas" | "mais" | "daha" | "lagi" | "еще" | "neu" | "encore" | "aur"
                );
            let counted = counts::number_at(reading, index.saturating_sub(1)).is_some() && index > 0;
            let ends = reading.is_wall(index + len) || is_word(reading.word(index + len), &AFTER_AGAIN);
            if comparing && !ends {
                continue;
            }
            again = true;
            if !counted {
                reading.take(index..index + len, Taken::Field);
            }
        }
    }
    again
}

fn pictures(reading: &mut Reading, last: &Intent, sent: &[Sent], changes: &mut Changes) {
    reading.rule(Use::Picture, "a picture for the last request");
    let Some(newest) = sent.last() else { return };
    match last {
        Intent::Thumbnail(_) => {
            let known = roles(reading, sent);
            let logo = (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &super::lexicon::LOGO));
            if logo || known.iter().any(|(index, role)| *index == newest.index && *role == Role::Logo) {
                changes.logo_image = Some(newest.index);
            } else {
                changes.subject_image = Some(newest.index);
            }
        }
        Intent::Image(_) => changes.init_image = Some(newest.index),
        Intent::Portrait(_) => changes.identity_images = sent.iter().map(|p| p.index).collect(),
        Intent::Video(words) if words.document.is_some() => changes.document = Some(newest.index),
        Intent::Video(_) => changes.image = Some(newest.index),
        _ => {}
    }
    for clause in reading.clauses() {
        if clause.clone().any(|at| any_at(reading, at, &super::lexicon::REFERENCE).is_some())
            && clause.len() <= 10
        {
            reading.take(clause, Taken::Wall);
        }
    }
}

/// Another garment, another person.
fn clothes(reading: &Reading, last: &TryonWords, sent: &[Sent]) -> Option<Changes> {
    let newest = sent.last()?;
    let mut changes = Changes::default();
    let known =
        roles(reading, sent).into_iter().find(|(index, _)| *index == newest.index).map(|(_, role)| role);
    let spoken = garments(reading).last().map(|(_, part)| Role::Garment(part));
    let usual = match last.mode {
        Some(TryonMode::Bottom) => Part::Bottom,
        Some(TryonMode::Dress) => Part::Dress,
        _ => Part::Top,
    };
    let role = known.or(spoken).unwrap_or_else(|| {
        if has(reading, &super::lexicon::THIS_IS_ME) { Role::Person } else { Role::Garment(usual) }
    });
    let mode = match role {
        Role::Person | Role::Logo => {
            changes.person_image = Some(newest.index);
            last.mode
        }
        Role::Garment(Part::Top) => {
            changes.top_image = Some(newest.index);
            Some(if last.bottom_image.is_some() { TryonMode::Full } else { TryonMode::Top })
        }
        Role::Garment(Part::Bottom) => {
            changes.bottom_image = Some(newest.index);
            Some(if last.top_image.is_some() { TryonMode::Full } else { TryonMode::Bottom })
        }
        Role::Garment(Part::Dress) => {
            changes.dress_image = Some(newest.index);
            Some(TryonMode::Dress)
        }
    };
    changes.mode = mode.filter(|mode| Some(*mode) != last.mode).map(RequestMode::Tryon);
    Some(changes)
}
