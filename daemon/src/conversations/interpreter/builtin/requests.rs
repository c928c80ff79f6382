//! New requests for pictures: thumbnails, images, portraits.

use super::kind::Thing;
use super::lexicon::{
    COVERS, FACES, IMAGE, IMAGE_FRAME, IN_SUBJECTS, NOT_A_TEMPLATE, POINTS_AT_BASE, PORTRAIT, PORTRAIT_FRAME,
    PORTRAYED, RESULTS, SHOWS_PERSON, THUMBNAIL, VIDEO_COMPOUNDS, VIDEO_WORDS, WHOSE,
};
use super::looks::{self, Reach};
use super::phrases::{any_at, find, is_word};
use super::pictures::{Role, Sent, roles};
use super::span::Use;
use super::subject::{References, has_content};
use super::title::TitleWords;
use super::tokens::{Reading, Taken};
use super::{counts, shapes, subject};
use crate::conversations::interpreter::{
    Aspect, Clarify, ImageWords, Intent, IntentName, PortraitWords, ThumbnailWords,
};

/// Marks where the things of a kind are named, before the words are taken.
fn named(reading: &Reading, phrases: &[&str], thing: Thing) -> Vec<bool> {
    (0..reading.tokens.len())
        .map(|index| {
            let known = thing.len > 0 && (thing.index..thing.index + thing.len).contains(&index);
            known
                || any_at(reading, index, phrases)
                    .is_some_and(|len| len > 1 || !is_word(reading.word(index), &IN_SUBJECTS))
        })
        .collect()
}

/// Builds a thumbnail.
pub(super) fn thumbnail(reading: &mut Reading, thing: Thing, title: TitleWords, sent: &[Sent]) -> Intent {
    let things = named(reading, &THUMBNAIL, thing);
    let is_thing = |index: usize| things.get(index).copied().unwrap_or(false);
    let (subject_image, logo_image) = thumbnail_pictures(reading, sent);
    let mut words =
        ThumbnailWords { title: title.text, subject_image, logo_image, ..ThumbnailWords::default() };
    words.template = template(reading);
    words.count = counts::count(reading, is_thing, false);
    settle_count(reading, words.count);
    words.aspect = shapes::aspect(reading, is_thing).or_else(|| cover_of_sound(reading, thing));
    let found = looks::read(reading, Reach::Whole, is_thing);
    words.style = found.style;
    words.style.extend(found.without.iter().map(|thing| format!("no {thing}")));
    words.palette = found.palette;
    reading.rule(Use::Thing, "the name of the thing");
    for (index, named) in things.iter().enumerate() {
        let open = reading.word(index + 1) != "song" && reading.free(index);
        if *named && open {
            reading.take(index..index + 1, Taken::Field);
        }
    }
    take_videos(reading);
    words.subject = subject::read(reading, References::Drop, &["intro", "new"], &[]);
    if has_content(&words.subject) {
        return Intent::Thumbnail(words);
    }
    let partial = Some(Box::new(Intent::Thumbnail(words)));
    Intent::Clarify(Clarify {
        intent_for: IntentName::Thumbnail,
        missing: vec!["subject".to_owned()],
        partial,
    })
}

/// Covers of podcasts are square, whichever way round they are named.
fn cover_of_sound(reading: &Reading, thing: Thing) -> Option<Aspect> {
    let sound = (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &["podcast*", "подкаст*"]));
    let cover = (thing.index..thing.index + thing.len).any(|at| is_word(reading.word(at), &COVERS));
    (sound && cover).then_some(Aspect::Square)
}

/// "three, no wait four": once the number is settled, numbers that end an asking clause mean nothing.
fn settle_count(reading: &mut Reading, count: Option<u8>) {
    reading.rule(Use::Count, "a number that was corrected");
    if count.is_none() {
        return;
    }
    for index in 0..reading.tokens.len() {
        let asked =
            is_word(reading.before(index, 1), &["get", "make", "want", "need", "me", "have", "like", "do"]);
        if asked && reading.is_wall(index + 1) && counts::number_at(reading, index).is_some() {
            reading.take(index..index + 1, Taken::Field);
        }
    }
    if let Some((index, len)) =
        find(reading, &["no wait", "wait no", "no make that", "make that", "actually"])
    {
        reading.take(index..index + len, Taken::Field);
    }
}

/// Words for the video that the thumbnail is for, at the ends of what it is about.
fn take_videos(reading: &mut Reading) {
    reading.rule(Use::Thing, "the video that it is for");
    for index in 0..reading.tokens.len() {
        let word = is_word(reading.word(index), &VIDEO_WORDS);
        if word && reading.free(index) && !is_word(reading.word(index + 1), &VIDEO_COMPOUNDS) {
            reading.take(index..index + 1, Taken::Field);
        }
    }
}

/// The words to look for a template by.
pub(super) fn template(reading: &mut Reading) -> Option<String> {
    reading.rule(Use::Template, "beside the word template");
    let (at, len) = find(
        reading,
        &["template", "templates", "plantilla", "vorlage", "шаблон*", "sablon*", "modelo", "templat"],
    )?;
    let plain = |index: usize| reading.free(index) && !is_word(reading.word(index), &NOT_A_TEMPLATE);
    let mut start = at;
    while start > 0 && at - start < 3 && !reading.is_wall(start - 1) && plain(start - 1) {
        start -= 1;
    }
    let name = if start < at {
        reading.slice(start, at - 1).to_owned()
    } else {
        let first =
            at + len + usize::from(is_word(reading.word(at + len), &["called", "named", "with", "de"]));
        let mut last = first;
        while !reading.is_wall(last) && last < first + 3 {
            last += 1;
        }
        reading.slice(first, last.saturating_sub(1).max(first)).to_owned()
    };
    let clause = reading.clause_of(at);
    reading.take(clause, Taken::Wall);
    Some(name).filter(|name| !name.is_empty())
}

fn thumbnail_pictures(reading: &Reading, sent: &[Sent]) -> (Option<usize>, Option<usize>) {
    let known = roles(reading, sent);
    let spoken = (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &super::lexicon::LOGO));
    let mut logo = known.iter().find(|(_, role)| *role == Role::Logo).map(|(index, _)| *index);
    let face = (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &FACES));
    if logo.is_none() && spoken {
        logo = match sent {
            [] => None,
            [only] if !face && !only.is_person() => Some(only.index),
            [_] => None,
            _ => sent
                .iter()
                .rev()
                .find(|p| {
                    !p.is_person()
                        && known.iter().all(|(index, role)| *index != p.index || *role == Role::Logo)
                })
                .map(|p| p.index),
        };
    }
    let person = known
        .iter()
        .find(|(_, role)| *role == Role::Person)
        .map(|(index, _)| *index)
        .filter(|index| Some(*index) != logo);
    let subject = person.or_else(|| sent.iter().map(|p| p.index).find(|index| Some(*index) != logo));
    (subject, logo)
}

/// Builds an image.
pub(super) fn image(reading: &mut Reading, thing: Thing, sent: &[Sent]) -> Intent {
    let things = named(reading, &IMAGE, thing);
    let is_thing = |index: usize| things.get(index).copied().unwrap_or(false);
    let mut words = ImageWords { init_image: sent.first().map(|p| p.index), ..ImageWords::default() };
    words.count = counts::count(reading, is_thing, false);
    settle_count(reading, words.count);
    words.aspect = shapes::aspect(reading, is_thing);
    let found = looks::read(reading, Reach::Image, is_thing);
    words.style = found.style;
    words.negative = Some(found.without.join(", ")).filter(|text| !text.is_empty());
    take_reference(reading, sent);
    words.prompt = subject::read(reading, References::Keep, &IMAGE_FRAME, &[]);
    if !has_content(&words.prompt) && words.init_image.is_some() {
        words.prompt = words.style.join(", ");
    }
    if has_content(&words.prompt) {
        return Intent::Image(words);
    }
    let partial = Some(Box::new(Intent::Image(words)));
    Intent::Clarify(Clarify { intent_for: IntentName::Image, missing: vec!["prompt".to_owned()], partial })
}

/// Words that only point at the picture that was sent.
fn take_reference(reading: &mut Reading, sent: &[Sent]) {
    reading.rule(Use::Picture, "the picture to begin from");
    if sent.is_empty() {
        return;
    }
    for index in 0..reading.tokens.len() {
        if let Some(len) = any_at(reading, index, &POINTS_AT_BASE) {
            reading.take(index..index + len, Taken::Field);
        }
    }
}

/// Builds a portrait.
pub(super) fn portrait(reading: &mut Reading, thing: Thing, sent: &[Sent]) -> Intent {
    let things = named(reading, &PORTRAIT, thing);
    let is_thing = |index: usize| {
        things.get(index).copied().unwrap_or(false)
            || is_word(
                reading.word(index),
                &["headshots", "headshot", "portraits", "portrait", "photos", "pictures"],
            )
    };
    let counted: Vec<bool> = (0..reading.tokens.len()).map(is_thing).collect();
    let is_counted = |index: usize| counted.get(index).copied().unwrap_or(false);
    let people: Vec<usize> = sent
        .iter()
        .filter(|p| p.label.is_none() || p.is_person() || p.label.as_deref() == Some("unknown"))
        .map(|p| p.index)
        .collect();
    let mut words = PortraitWords { identity_images: people, ..PortraitWords::default() };
    take_faces(reading);
    take_of_whom(reading);
    words.count = counts::count(reading, is_counted, false);
    // A portrait has no shape of its own, yet its words are not part of the prompt.
    shapes::aspect(reading, |_| false);
    words.style = looks::read(reading, Reach::Image, |_| false).style;
    words.prompt = subject::read(reading, References::Keep, &PORTRAIT_FRAME, &[]);
    if !has_content(&words.prompt) {
        words.prompt = words.style.join(", ");
    }
    let mut missing = Vec::new();
    if words.identity_images.is_empty() {
        missing.push("identity_images".to_owned());
    }
    if !has_content(&words.prompt) {
        missing.push("prompt".to_owned());
    }
    if missing.is_empty() {
        return Intent::Portrait(words);
    }
    let partial = Some(Box::new(Intent::Portrait(words)));
    Intent::Clarify(Clarify { intent_for: IntentName::Portrait, missing, partial })
}

/// "A portrait of my mum": whose it is says nothing of what it should show.
fn take_of_whom(reading: &mut Reading) {
    reading.rule(Use::Picture, "whom the photos show");
    for index in 0..reading.tokens.len() {
        if !is_word(reading.word(index), &PORTRAYED) || reading.word(index + 1) != "of" {
            continue;
        }
        let whose = is_word(reading.word(index + 2), &WHOSE);
        if whose || is_word(reading.word(index + 2), &["me", "us", "myself", "him", "them"]) {
            reading.take(index + 1..index + 3 + usize::from(whose), Taken::Field);
        }
    }
}

/// Sentences that only say that the photos show the person.
fn take_faces(reading: &mut Reading) {
    reading.rule(Use::Picture, "whom the photos show");
    for clause in reading.clauses() {
        let about =
            clause.clone().find_map(|index| any_at(reading, index, &SHOWS_PERSON).map(|len| (index, len)));
        let short = clause
            .clone()
            .filter(|at| {
                !is_word(reading.word(*at), &super::lexicon::FRAME) && !is_word(reading.word(*at), &RESULTS)
            })
            .count()
            <= 5;
        if let Some((index, len)) = about {
            if short
                && !is_word(reading.word(index + len), &["as", "in", "on"])
                && len > 1
                && !is_word(reading.word(index), &["virtual"])
            {
                let headshots = clause
                    .clone()
                    .any(|at| is_word(reading.word(at), &["headshot", "headshots", "make", "as"]));
                if !headshots {
                    reading.take(clause, Taken::Wall);
                }
            } else {
                reading.take(index..index + len, Taken::Field);
            }
        }
    }
}
