//! The interpreter by rules: words of the lexicon, their order, and the pictures' order.
//!
//! It understands short requests of the usual kinds in the usual languages and says so honestly where it does not:
//! what it cannot place is small talk, never a guess at a costly job. It must stay pure and quick on any input.

mod commands;
mod counts;
mod kind;
mod lexicon;
mod looks;
mod phrases;
mod pictures;
mod qualities;
mod quotes;
mod recast;
mod refusal;
mod requests;
mod retitle;
mod revise;
mod shapes;
mod span;
mod subject;
mod title;
mod tokens;
mod tryon;
mod typos;
mod video;
mod window;

use super::{Conversation, Intent, IntentName};
use kind::{Around, Thing};
use lexicon::{OPENS_TOPIC, POINTS_AT_LAST, TELLS_TOPIC};
use pictures::Sent;
pub use span::Span;
use span::Use;
use title::TitleWords;
use tokens::{Reading, Taken};

/// Says what the person wants now.
pub fn understand(conversation: &Conversation) -> Intent {
    read(conversation).0
}

/// Says what the person wants now, and what each span of the words was taken for.
pub fn explain(conversation: &Conversation) -> (Intent, Vec<Span>) {
    let (intent, reading) = read(conversation);
    (intent, span::spans(&reading))
}

/// The intent, and the words as they were taken for it.
fn read(conversation: &Conversation) -> (Intent, Reading) {
    let latest = window::latest(conversation);
    let together = window::together(conversation);
    let now = window::reading(conversation, &latest);
    let mut all = window::reading(conversation, &together);
    if let Some(reason) = refusal::read(&all) {
        refusal::note(&mut all);
        return (Intent::Refuse { reason }, all);
    }
    let pictured = !window::pictures(conversation, &latest).is_empty();
    if let Some((command, place)) = command(&now, pictured) {
        let mut now = now;
        now.note(place, Use::Command, "a command or a question");
        return (command, now);
    }
    let earlier = together.len() > latest.len();
    let understood = match &conversation.last_request {
        Some(last) if !earlier => follow_up(conversation, last, &now, &latest),
        _ => request(conversation, &relevant(conversation, together)),
    };
    understood.unwrap_or((Intent::Smalltalk, now))
}

/// Longer messages are never commands.
const MAX_COMMAND_TOKENS: usize = 60;

/// The command of a message, if it is one.
fn command(now: &Reading, pictured: bool) -> Option<(Intent, std::ops::Range<usize>)> {
    if now.tokens.len() > MAX_COMMAND_TOKENS {
        return None;
    }
    let mut reading = now.clone();
    title::read(&mut reading);
    let around = Around { pictures: 0, only_people: false, clothes: false, titled: false };
    let thing = kind::find(&reading, around).filter(|thing| thing.len > 0);
    let content = thing.is_some_and(|thing| words_after(&reading, thing) >= 2);
    commands::read(&reading, thing.map(|thing| thing.index), content, pictured)
}

/// How many words besides those of asking come after the thing.
fn words_after(reading: &Reading, thing: Thing) -> usize {
    let mut rest = reading.clone();
    rest.take(thing.index..thing.index + thing.len, Taken::Field);
    (thing.index + thing.len..rest.tokens.len())
        .filter(|at| !rest.is_wall(*at) && !phrases::is_word(rest.word(*at), &lexicon::FRAME))
        .count()
}

/// Turns that were commands or talk of their own say nothing of the request.
fn relevant(conversation: &Conversation, turns: Vec<usize>) -> Vec<usize> {
    let last = turns.last().copied();
    turns
        .into_iter()
        .filter(|turn| {
            let reading = window::reading(conversation, &[*turn]);
            let pictured = conversation.turns.get(*turn).is_some_and(|turn| !turn.images.is_empty());
            Some(*turn) == last
                || pictured
                || (command(&reading, false).is_none() && !subject::only_talks(&reading))
        })
        .collect()
}

/// A new request told by the given turns.
fn request(conversation: &Conversation, turns: &[usize]) -> Option<(Intent, Reading)> {
    let mut reading = window::reading(conversation, turns);
    let sent = pictures::kept(&reading, window::pictures(conversation, turns));
    let untitled = reading.clone();
    let title = title::read(&mut reading);
    let thing = kind::find(&reading, around(&sent, title.text.is_some()))?;
    let talks = (title.text.is_none() || thing.len == 0) && subject::only_talks(&reading);
    if (talks || kind::is_stated(&reading, thing)) && sent.is_empty() {
        return None;
    }
    Some(build(reading, untitled, thing, title, &sent))
}

fn around(sent: &[Sent], titled: bool) -> Around {
    Around {
        pictures: sent.len(),
        only_people: !sent.is_empty() && sent.iter().all(Sent::is_person),
        clothes: sent.iter().any(Sent::is_garment),
        titled,
    }
}

fn build(
    mut reading: Reading,
    mut untitled: Reading,
    thing: Thing,
    title: TitleWords,
    sent: &[Sent],
) -> (Intent, Reading) {
    // Only thumbnails carry words, so elsewhere what looked like a title is part of the prompt.
    let intent = match thing.kind {
        IntentName::Thumbnail => return (requests::thumbnail(&mut reading, thing, title, sent), reading),
        IntentName::Image => requests::image(&mut untitled, thing, sent),
        IntentName::Portrait => requests::portrait(&mut untitled, thing, sent),
        IntentName::Video => video::read(&mut untitled, sent),
        IntentName::Tryon => tryon::read(&mut untitled, sent),
    };
    (intent, untitled)
}

/// What words after a complete request mean: a new one, a larger result, changes, the same again.
fn follow_up(
    conversation: &Conversation,
    last: &Intent,
    now: &Reading,
    turns: &[usize],
) -> Option<(Intent, Reading)> {
    let sent = pictures::kept(now, window::pictures(conversation, turns));
    let mut reading = now.clone();
    let title = title::read(&mut reading);
    if let Some(thing) = kind::find(&reading, around(&sent, false))
        && is_new(&reading, thing, last)
    {
        let mut built = build(reading, now.clone(), thing, title, &sent);
        if sent.is_empty() {
            borrow_picture(&mut built.0, last, now);
        }
        return Some(built);
    }
    if let Some(intent) = revise::upscale(&mut reading, last) {
        return Some((intent, reading));
    }
    let intent = revise::read(&mut reading, &title, last, &sent)?;
    Some((intent, reading))
}

/// Whether a thing named after a request is another one rather than that.
fn is_new(reading: &Reading, thing: Thing, last: &Intent) -> bool {
    let same = matches!(
        (thing.kind, last),
        (IntentName::Thumbnail, Intent::Thumbnail(_))
            | (IntentName::Image, Intent::Image(_) | Intent::Thumbnail(_) | Intent::Portrait(_))
            | (IntentName::Video, Intent::Video(_))
            | (IntentName::Portrait, Intent::Portrait(_))
            | (IntentName::Tryon, Intent::Tryon(_))
    );
    if thing.len == 0 {
        let worn = matches!(last, Intent::Tryon(_)) && thing.kind == IntentName::Portrait;
        return !same && !worn && thing.kind != IntentName::Thumbnail;
    }
    let pointed = phrases::is_word(reading.before(thing.index, 1), &POINTS_AT_LAST);
    let end = thing.index + thing.len;
    let about = phrases::is_word(reading.word(end), &OPENS_TOPIC)
        || reading.tokens.get(end).is_some_and(|t| t.mark && t.folded == ":");
    let topic = phrases::has(reading, &["topic is", "topic", "subject", "konu", "tema", "thema", "sujet"]);
    let told = phrases::is_word(reading.word(end), &TELLS_TOPIC);
    let content = words_after(reading, thing) >= if told { 1 } else { 2 };
    if same { !pointed && (about || topic) && content } else { !pointed && content }
}

/// A thing of the last request that is spoken of again brings its picture along.
fn borrow_picture(built: &mut Intent, last: &Intent, now: &Reading) {
    let (name, picture) = match last {
        Intent::Video(words) => (&words.prompt, words.image),
        Intent::Thumbnail(words) => (&words.subject, words.subject_image),
        Intent::Image(words) => (&words.prompt, words.init_image),
        _ => return,
    };
    let words = super::score::content_words(name);
    let spoken = now.tokens.iter().any(|token| words.contains(&token.folded));
    if let (Intent::Thumbnail(words), true) = (built, spoken) {
        words.subject_image = words.subject_image.or(picture);
        words.subject.clone_from(name);
    }
}
