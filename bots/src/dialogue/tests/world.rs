//! A small world around a dialogue: a platform that may be slow or away, a daemon with one answer of each kind, and jobs
//! that end when they are told to. Everything that happens is remembered.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use atelier_proto::v1::{
    Action, Card, ErrorCard, Job, JobState, Progress, ProgressCard, Quote, QuoteCard, ResultCard, TextCard,
    card::Body,
};
use uuid::Uuid;

use super::super::*;
use crate::{phrases::Language, render::Message};

/// How the platform takes the next sends and edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    Slow,
    Away,
}

pub(super) struct World {
    pub(super) state: Option<State>,
    pub(super) now: At,
    pub(super) weather: VecDeque<Weather>,
    /// What every message shows.
    pub(super) shown: BTreeMap<i64, Message>,
    /// Which of them people deleted.
    pub(super) deleted: Vec<i64>,
    pub(super) sends: usize,
    /// Whether the platform has no room for progress.
    pub(super) crowded: bool,
    /// Messages of which only the buttons were to change.
    pub(super) rebuttoned: Vec<i64>,
    /// Whether messages can't be taken away.
    pub(super) stuck: bool,
    /// When each edit was made, by message.
    pub(super) edits: BTreeMap<i64, Vec<At>>,
    pub(super) settled: Vec<i64>,
    pub(super) acknowledged: Vec<(i64, Option<String>)>,
    pub(super) pressed: Vec<String>,
    /// What was pressed with words.
    pub(super) changed: Vec<String>,
    pub(super) bound: Vec<i64>,
    pub(super) jobs: Vec<(CardKey, String)>,
    pub(super) said: u32,
    inputs: VecDeque<Input>,
    wake_at: Option<At>,
    next_ask: i64,
}

impl World {
    pub(super) fn new(rules: Rules) -> Self {
        Self {
            state: Some(State::new(rules)),
            now: At::ZERO,
            weather: VecDeque::new(),
            shown: BTreeMap::new(),
            deleted: Vec::new(),
            sends: 0,
            crowded: false,
            rebuttoned: Vec::new(),
            stuck: false,
            edits: BTreeMap::new(),
            settled: Vec::new(),
            acknowledged: Vec::new(),
            pressed: Vec::new(),
            changed: Vec::new(),
            bound: Vec::new(),
            jobs: Vec::new(),
            said: 0,
            inputs: VecDeque::new(),
            wake_at: None,
            next_ask: 0,
        }
    }

    pub(super) fn ask(&mut self, person: u8) -> Ask {
        self.next_ask += 1;
        Ask {
            id: self.next_ask,
            act: Uuid::nil(),
            person: format!("telegram:{person}"),
            language: Language::English,
            message: None,
            pressed: None,
            handle: String::new(),
        }
    }

    pub(super) fn say(&mut self, person: u8, text: &str) -> i64 {
        let ask = self.ask(person);
        let id = ask.id;
        self.put(Input::Heard(ask, Said::Words { text: text.to_owned(), files: Vec::new() }));
        id
    }

    pub(super) fn press(&mut self, person: u8, message: i64, token: &str) -> i64 {
        let ask = Ask { pressed: Some(message), ..self.ask(person) };
        let id = ask.id;
        self.put(Input::Heard(ask, Said::Press { token: token.to_owned() }));
        id
    }

    /// Takes an input, and everything that follows at this moment.
    pub(super) fn put(&mut self, input: Input) {
        self.inputs.push_back(input);
        while let Some(input) = self.inputs.pop_front() {
            let state = self.state.take().expect("a step gives the state back");
            let (state, effects) = step(state, self.now, input);
            self.state = Some(state);
            self.wake_at = None;
            for effect in effects {
                self.follow(effect);
            }
        }
    }

    /// Lets time pass, with everything that is due meanwhile.
    pub(super) fn wait(&mut self, span: Duration) {
        let until = self.now + span;
        while let Some(at) = self.wake_at.filter(|at| *at <= until) {
            self.now = at.max(self.now);
            self.put(Input::Tick);
        }
        self.now = until;
    }

    /// Everything that is under way comes to its end.
    pub(super) fn settle(&mut self) {
        self.weather.clear();
        for (key, job) in std::mem::take(&mut self.jobs) {
            self.put(Input::Current(key, Box::new(result(&job))));
        }
        for _ in 0..10_000 {
            let Some(at) = self.wake_at else { break };
            self.now = at.max(self.now);
            self.put(Input::Tick);
        }
    }

    pub(super) fn advance(&mut self, which: usize, fraction: f32) {
        let Some((key, _)) = self.jobs.get(which % self.jobs.len().max(1)).cloned() else { return };
        let news = Progress { fraction, stage: 2, ..Progress::default() };
        self.put(Input::News(key, Box::new(news)));
    }

    pub(super) fn finish(&mut self, which: usize) {
        if self.jobs.is_empty() {
            return;
        }
        let (key, job) = self.jobs.remove(which % self.jobs.len());
        self.put(Input::Current(key, Box::new(result(&job))));
    }

    fn follow(&mut self, effect: Effect) {
        match effect {
            Effect::Say { ask, text, .. } => self.answer(ask.id, &text, None),
            Effect::Press { ask, token, text } if !text.is_empty() => {
                self.changed.push(format!("{token} {text}"));
                self.answer(ask.id, &text, None);
            }
            Effect::More { ask, .. } => self.answer(ask.id, "price", None),
            Effect::Remove { ask, message } => {
                if self.stuck {
                    self.inputs.push_back(Input::NotRemoved(ask));
                } else {
                    self.shown.remove(&message);
                }
            }
            Effect::Press { ask, token, .. } => {
                self.pressed.push(token.clone());
                self.answer(ask.id, &token, ask.pressed);
            }
            Effect::Do { ask, .. } => self.inputs.push_back(Input::Told(ask.id, Line::Begun)),
            Effect::Typing | Effect::Note(_) => {}
            Effect::Acknowledge { ask, words } => self.acknowledged.push((ask.id, words)),
            Effect::Settled(ask) => self.settled.push(ask),
            Effect::Send { message, .. } => {
                let outcome = self.weather().unwrap_or_else(|| {
                    self.sends += 1;
                    let id = 1_000 + self.sends as i64;
                    self.shown.insert(id, message);
                    Outcome::Sent(id)
                });
                self.inputs.push_back(Input::Done(outcome));
            }
            Effect::Edit { progress: true, .. } if self.crowded => {
                self.inputs.push_back(Input::Done(Outcome::LeftOut));
            }
            Effect::Edit { message, new, only_buttons, .. } => {
                if only_buttons {
                    self.rebuttoned.push(message);
                }
                let outcome = match self.weather() {
                    Some(outcome) => outcome,
                    None if self.deleted.contains(&message) => Outcome::Gone,
                    None => {
                        self.edits.entry(message).or_default().push(self.now);
                        self.shown.insert(message, new);
                        Outcome::Edited
                    }
                };
                self.inputs.push_back(Input::Done(outcome));
            }
            Effect::Bind { message, .. } => self.bound.push(message),
            Effect::Release { message, .. } => self.bound.retain(|bound| *bound != message),
            Effect::Follow { key, job, .. } => self.jobs.push((key, job)),
            Effect::WakeAt(at) => self.wake_at = Some(self.wake_at.map_or(at, |known| known.min(at))),
        }
    }

    fn weather(&mut self) -> Option<Outcome> {
        Some(match self.weather.pop_front()? {
            Weather::Slow => Outcome::Slow(Duration::from_secs(7)),
            Weather::Away => Outcome::Unreachable,
        })
    }

    /// What the daemon says: by the words, or by what was pressed.
    fn answer(&mut self, ask: i64, words: &str, pressed: Option<i64>) {
        self.said += 1;
        let number = self.said.to_string();
        let key = CardKey { conversation: "c".to_owned(), card: number.clone() };
        let body = match words {
            "away" => return self.inputs.push_back(Input::Told(ask, Line::Away)),
            "theirs" => return self.inputs.push_back(Input::Told(ask, Line::NotYours)),
            "price" => quote(),
            "make" | "confirm" => progress(&number),
            "late" => {
                // The job ended before it was cancelled: the card of the message shows how.
                let key = CardKey { card: "result".to_owned(), ..key };
                self.inputs.push_back(Input::Accepted(ask));
                let card = Box::new(result("j"));
                self.inputs.push_back(Input::Card { ask, key, card, pressed: true });
                return self.inputs.push_back(Input::Answered(ask));
            }
            "delete" | "gone" => {
                // The card itself comes back: with a question, or as what is left of it.
                let asks = vec![action("Delete for good", "gone"), action("Keep it", "kept")];
                let mut card = Card { only_buttons: true, ..result("j") };
                if let Some(Body::Result(shown)) = &mut card.body {
                    shown.actions = asks;
                }
                if words == "gone" {
                    card = Card { body: Some(plain("Bread (deleted)")), deleted: true, ..Card::default() };
                }
                let key = CardKey { card: "result".to_owned(), ..key };
                self.inputs.push_back(Input::Accepted(ask));
                self.inputs.push_back(Input::Card { ask, key, card: Box::new(card), pressed: true });
                return self.inputs.push_back(Input::Answered(ask));
            }
            "fail" => Body::Error(ErrorCard { text: "It failed.".to_owned(), ..ErrorCard::default() }),
            "silence" => {
                self.inputs.push_back(Input::Accepted(ask));
                return self.inputs.push_back(Input::Answered(ask));
            }
            other => plain(other),
        };
        self.inputs.push_back(Input::Accepted(ask));
        if let (Some(_), "confirm") = (pressed, words) {
            // The price shows that it was taken.
            let taken = Card { card_id: "price".to_owned(), body: Some(plain("Taken")), ..Card::default() };
            let key = CardKey { card: format!("price {number}"), ..key.clone() };
            self.inputs.push_back(Input::Card { ask, key, card: Box::new(taken), pressed: true });
        }
        let card = Box::new(Card { card_id: number, body: Some(body), ..Card::default() });
        self.inputs.push_back(Input::Card { ask, key, card, pressed: false });
        self.inputs.push_back(Input::Answered(ask));
    }
}

fn plain(text: &str) -> Body {
    Body::Text(TextCard { text: text.to_owned(), ..TextCard::default() })
}

pub(super) fn action(label: &str, token: &str) -> Action {
    Action { label: label.to_owned(), token: token.to_owned(), ..Action::default() }
}

fn quote() -> Body {
    let quote = Quote { price_credits: 9, available_credits: 20, ..Quote::default() };
    let actions = vec![action("Make it", "confirm"), action("Not now", "dismissed")];
    Body::Quote(QuoteCard { summary: "Bread".to_owned(), quote: Some(quote), actions })
}

fn progress(number: &str) -> Body {
    let job = Job { job_id: format!("j{number}"), state: JobState::Running.into(), ..Job::default() };
    let actions = vec![action("Cancel", "cancelled")];
    Body::Progress(ProgressCard { job: Some(job), summary: "Bread".to_owned(), actions })
}

pub(super) fn result(job: &str) -> Card {
    let job = Job { job_id: job.to_owned(), state: JobState::Succeeded.into(), ..Job::default() };
    let actions = vec![action("Again", "make")];
    let card =
        ResultCard { job: Some(job), summary: "Bread, done".to_owned(), actions, ..ResultCard::default() };
    Card { body: Some(Body::Result(card)), ..Card::default() }
}
