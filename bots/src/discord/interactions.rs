//! Tokens of interactions, and which messages they may still change. They are secrets of a quarter of an hour.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::dialogue::FileRef;

/// More than can be alive at a time; the oldest go first.
const MOST: usize = 10_000;

#[derive(Clone)]
struct Interaction {
    token: String,
    since: Instant,
    /// Whether "is thinking …" stands there and waits for its answer.
    promised: bool,
    /// Whether the answer is for one pair of eyes.
    private: bool,
}

/// How an answer to a command is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Promise {
    /// The token with which it is given.
    pub(super) token: String,
    /// Whether one pair of eyes alone sees it.
    pub(super) private: bool,
}

/// What is known of interactions.
pub(super) struct Interactions {
    life: Duration,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    /// By the id of what was asked.
    asked: BTreeMap<i64, Interaction>,
    /// By chat and message.
    shown: BTreeMap<(i64, i64), Interaction>,
    /// Pictures of commands that opened a form.
    forms: BTreeMap<i64, (Instant, Vec<FileRef>)>,
}

impl Interactions {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, inside: Mutex::default() }
    }

    fn inside(&self, now: Instant) -> MutexGuard<'_, Inside> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let life = self.life;
        let fresh = |known: &Interaction| now.saturating_duration_since(known.since) < life;
        inside.asked.retain(|_, known| fresh(known));
        inside.shown.retain(|_, known| fresh(known));
        inside.forms.retain(|_, (since, _)| now.saturating_duration_since(*since) < life);
        while inside.asked.len() > MOST {
            inside.asked.pop_first();
        }
        while inside.shown.len() > MOST {
            inside.shown.pop_first();
        }
        while inside.forms.len() > MOST {
            inside.forms.pop_first();
        }
        inside
    }

    /// A command or press has come; `promise` says, where Discord shows that an answer will follow, whether it is for
    /// one pair of eyes.
    pub(super) fn asked(&self, ask: i64, token: &str, promise: Option<bool>, now: Instant) {
        let (promised, private) = (promise.is_some(), promise.unwrap_or_default());
        let known = Interaction { token: token.to_owned(), since: now, promised, private };
        self.inside(now).asked.insert(ask, known);
    }

    /// The answer that was promised and not given.
    pub(super) fn promised(&self, ask: i64, now: Instant) -> Option<Promise> {
        let inside = self.inside(now);
        let known = inside.asked.get(&ask).filter(|known| known.promised)?;
        Some(Promise { token: known.token.clone(), private: known.private })
    }

    /// Keeps the pictures of a command that opened a form.
    pub(super) fn keep_pictures(&self, command: i64, pictures: Vec<FileRef>, now: Instant) {
        self.inside(now).forms.insert(command, (now, pictures));
    }

    /// The pictures of such a command, while it may still be answered.
    pub(super) fn pictures(&self, command: i64, now: Instant) -> Option<Vec<FileRef>> {
        self.inside(now).forms.remove(&command).map(|(_, pictures)| pictures)
    }

    /// The token of what was asked, while it lives.
    pub(super) fn token_of(&self, ask: i64, now: Instant) -> Option<String> {
        self.inside(now).asked.get(&ask).map(|known| known.token.clone())
    }

    /// An answer was given, in this message.
    pub(super) fn kept(&self, ask: i64, chat: i64, message: i64, now: Instant) {
        let mut inside = self.inside(now);
        if let Some(known) = inside.asked.get_mut(&ask) {
            known.promised = false;
            let known = known.clone();
            inside.shown.insert((chat, message), known);
        }
    }

    /// The token that may change this message, while it lives.
    pub(super) fn token_for(&self, chat: i64, message: i64, now: Instant) -> Option<String> {
        self.inside(now).shown.get(&(chat, message)).map(|known| known.token.clone())
    }

    /// From now on it is an ordinary message.
    pub(super) fn hand_over(&self, chat: i64, message: i64, now: Instant) {
        self.inside(now).shown.remove(&(chat, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_handed_over_before_its_token_dies() {
        let begun = Instant::now();
        let at = |seconds| begun + Duration::from_secs(seconds);
        let interactions = Interactions::new(Duration::from_secs(14 * 60));
        interactions.asked(1, "token", Some(true), at(0));
        let promise = Promise { token: "token".to_owned(), private: true };
        assert_eq!(interactions.promised(1, at(0)), Some(promise));
        interactions.kept(1, 7, 9, at(1));
        assert_eq!(interactions.promised(1, at(2)), None, "the promise is kept once");
        assert_eq!(interactions.token_for(7, 9, at(839)).as_deref(), Some("token"));
        assert_eq!((interactions.token_for(7, 9, at(840)), interactions.token_of(1, at(840))), (None, None));
    }

    #[test]
    fn pictures_of_a_form_are_kept_until_it_is_sent_or_too_old() {
        let begun = Instant::now();
        let interactions = Interactions::new(Duration::from_secs(60));
        let picture = FileRef { reference: "a".to_owned(), name: "a.jpg".to_owned(), size_bytes: 1 };
        interactions.keep_pictures(1, vec![picture.clone()], begun);
        interactions.keep_pictures(2, vec![picture.clone()], begun);
        assert_eq!(interactions.pictures(1, begun), Some(vec![picture]));
        assert_eq!(interactions.pictures(1, begun), None);
        assert_eq!(interactions.pictures(2, begun + Duration::from_secs(60)), None);
    }
}
