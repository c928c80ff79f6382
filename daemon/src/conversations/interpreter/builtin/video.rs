//! A video: what it is made from, its length, shape, voice and words.

use super::lexicon::{
    ANIMATE_FRAME, CAPTIONS, FILM_FRAME, FILM_TAIL, FORMATS, ORBIT, ORBIT_FRAME, OWN, OWN_PHOTO, PAGES,
    RESOLUTIONS, STORY, STORY_FRAME, STUDY, STUDY_FRAME, VIDEO, VOICE_FILLERS, VOICES, WITHOUT,
    WITHOUT_AFTER,
};
use super::phrases::{any_at, entry_at, find, has, is_word};
use super::pictures::Sent;
use super::span::Use;
use super::subject::{References, has_content};
use super::tokens::{Reading, Taken};
use super::{counts, shapes, subject};
use crate::conversations::interpreter::{
    Clarify, Format, Intent, IntentName, Resolution, VideoMode, VideoWords,
};

/// What is said of the file and the sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Film {
    /// Length.
    pub seconds: Option<u32>,
    /// Lines.
    pub resolution: Option<Resolution>,
    /// File kind.
    pub format: Option<Format>,
    /// A voice.
    pub narration: Option<bool>,
    /// Words to read along.
    pub captions: Option<bool>,
}

/// Finds what is said of file and sound, and takes its words.
pub(super) fn film(reading: &mut Reading) -> Film {
    let mut film = Film { seconds: counts::seconds(reading), ..Film::default() };
    let mut index = 0;
    while index < reading.tokens.len() {
        reading.rule(Use::Film, "lines or file kind");
        if let Some((len, resolution)) = entry_at(reading, index, &RESOLUTIONS) {
            film.resolution = Some(resolution);
            reading.take(index..index + len, Taken::Field);
            index += len;
        } else if let Some((len, format)) = entry_at(reading, index, &FORMATS) {
            film.format = Some(format);
            reading.take(index..index + len, Taken::Field);
            index += len;
        } else if let Some(len) = any_at(reading, index, &VOICES) {
            film.narration = Some(wanted(reading, index, len));
            index += len;
        } else if let Some(len) = any_at(reading, index, &CAPTIONS) {
            film.captions = Some(wanted(reading, index, len));
            index += len;
        } else {
            index += 1;
        }
    }
    film
}

/// Whether something is wanted or not, by the words around it; takes them.
fn wanted(reading: &mut Reading, index: usize, len: usize) -> bool {
    reading.rule(Use::Film, "voice or subtitles");
    let mut start = index;
    let mut no = false;
    while start > 0 {
        let word = reading.before(start, 1);
        let negation = is_word(word, &WITHOUT);
        let filler = is_word(word, &VOICE_FILLERS);
        let shared = is_word(word, &["or", "and"])
            && (2..=4).any(|back| is_word(reading.before(start, back), &WITHOUT));
        no |= (negation && !is_word(word, &["any", "turn"])) || shared && is_word(word, &["or"]);
        if !(negation || filler) {
            break;
        }
        start -= 1;
    }
    let mut end = index + len;
    if is_word(reading.word(end), &WITHOUT_AFTER) {
        no = true;
        end += 1;
    } else if is_word(reading.word(end), &["yes", "on", "please", "too"]) {
        end += 1;
    }
    reading.take(start..end, Taken::Field);
    !no
}

/// Builds the request.
pub(super) fn read(reading: &mut Reading, sent: &[Sent]) -> Intent {
    let mode = mode(reading, sent);
    let film = film(reading);
    let aspect = shapes::aspect(reading, |_| false);
    let picture = sent.last().map(|picture| picture.index);
    let first = sent.first().map(|picture| picture.index);
    let mut words = VideoWords {
        mode: Some(mode),
        seconds: film.seconds,
        resolution: film.resolution,
        format: film.format,
        narration: film.narration,
        captions: film.captions,
        aspect,
        ..VideoWords::default()
    };
    match mode {
        VideoMode::Study => words.document = picture,
        VideoMode::Image | VideoMode::Orbit | VideoMode::Text => {
            words.image = first.filter(|_| mode != VideoMode::Text);
        }
        VideoMode::Story => words.image = None,
    }
    let frame: Vec<&str> = frame(mode);
    take_names(reading);
    let references = if mode == VideoMode::Study { References::Drop } else { References::Keep };
    words.prompt = subject::read(reading, references, &frame, &FILM_TAIL);
    let lacks_picture = matches!(mode, VideoMode::Image) && words.image.is_none()
        || mode == VideoMode::Orbit && words.image.is_none() && own_thing(reading);
    let mut missing = Vec::new();
    if lacks_picture {
        missing.push("image".to_owned());
    }
    if !has_content(&words.prompt)
        && mode != VideoMode::Image
        && words.document.is_none()
        && !(mode == VideoMode::Orbit && words.image.is_some())
    {
        missing.push("prompt".to_owned());
    }
    if missing.is_empty() {
        return Intent::Video(words);
    }
    let partial = Some(Box::new(Intent::Video(words)));
    Intent::Clarify(Clarify { intent_for: IntentName::Video, missing, partial })
}

/// The thing to go around is one of the person's own, of which a picture is needed.
fn own_thing(reading: &Reading) -> bool {
    (0..reading.tokens.len()).any(|at| is_word(reading.word(at), &OWN))
}

fn mode(reading: &Reading, sent: &[Sent]) -> VideoMode {
    let photo = has(reading, &OWN_PHOTO);
    if has(reading, &ORBIT) && !has(reading, &["around the world", "all around the"]) {
        return VideoMode::Orbit;
    }
    if !sent.is_empty() && has(reading, &PAGES) {
        return VideoMode::Study;
    }
    if has(reading, &STUDY) && !(sent.len() == 1 && has(reading, &["animate", "to life"])) {
        return VideoMode::Study;
    }
    let plot = find(reading, &STORY).is_some_and(|(index, len)| {
        // "For my insta story" is a place, not a plot.
        let places = ["insta", "ig", "instagram", "my", "fb", "snap", "facebook", "for"];
        let next = reading.word(index + len);
        let place = reading.word(index) == "story"
            && is_word(reading.before(index, 1), &places)
            && !is_word(next, &["video", "about", "of"]);
        !place && !is_word(next, &["instagram", "insta"])
    });
    if plot {
        return VideoMode::Story;
    }
    if !sent.is_empty() || photo {
        return VideoMode::Image;
    }
    VideoMode::Text
}

fn frame(mode: VideoMode) -> Vec<&'static str> {
    let mut frame: Vec<&str> = VIDEO.iter().copied().filter(|phrase| !phrase.contains(' ')).collect();
    frame.extend(FILM_FRAME.iter());
    match mode {
        VideoMode::Image => frame.extend(ANIMATE_FRAME.iter()),
        VideoMode::Study => frame.extend(STUDY_FRAME.iter()),
        VideoMode::Story => frame.extend(STORY_FRAME.iter()),
        VideoMode::Orbit => frame.extend(ORBIT_FRAME.iter()),
        VideoMode::Text => frame.extend(["animated", "animate"]),
    }
    frame
}

/// The word for the thing itself is not part of what it shows.
fn take_names(reading: &mut Reading) {
    reading.rule(Use::Thing, "the name of the thing");
    for index in 0..reading.tokens.len() {
        if reading.free(index)
            && is_word(
                reading.word(index),
                &["video", "vid", "videos", "clip", "videosu", "видео", "ролик", "videonya"],
            )
            && !is_word(
                reading.word(index + 1),
                &["game", "games", "call", "store", "editor", "editing", "card"],
            )
        {
            reading.take(index..index + 1, Taken::Field);
        }
    }
}
