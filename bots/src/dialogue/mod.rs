//! A chat as a state machine: what was heard goes in, what is to be done comes out. Pure: no clock, no network, no
//! platform.
//!
//! It keeps the order of what each person says, shows every card in one message of ours, edits no faster than the
//! platform allows, waits when it is told to and tries the same again, and never lets a question without an answer.
//! One send or edit is under way at a time; everything else that shall be shown is the difference between what a
//! message shows and what it should, so nothing has to be queued that a later card makes pointless.

mod line;
mod lines;
mod rules;
mod show;
mod slot;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

pub use self::{
    line::{About, Kind, Line},
    rules::Rules,
    words::{Ask, At, CardKey, Deed, Effect, FileRef, Input, Outcome, Said},
};
use self::{
    lines::Lines,
    show::Flight,
    slot::{Content, FILES, FORGET, KEEP, OWN, Slot, user},
};
use crate::render::CHANGE;

/// One chat.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    rules: Rules,
    /// What every person has said and is not settled.
    lines: Lines,
    /// What was said and is being answered.
    asks: BTreeMap<i64, Ask>,
    /// Presses that the platform has not heard of, and until when it has to.
    presses: BTreeMap<i64, At>,
    /// Messages of ours that something may still happen to.
    slots: BTreeMap<CardKey, Slot>,
    /// Numbers what is to be shown.
    order: u64,
    flight: Option<Flight>,
    /// When something was last sent or edited.
    moved_at: Option<At>,
    /// The platform wants silence until then.
    quiet_until: At,
}

impl State {
    /// A chat in which nothing was said.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            lines: Lines::default(),
            asks: BTreeMap::new(),
            presses: BTreeMap::new(),
            slots: BTreeMap::new(),
            order: 0,
            flight: None,
            moved_at: None,
            quiet_until: At::ZERO,
        }
    }

    /// Whether nothing is under way, so that it may be forgotten.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.asks.is_empty() && self.slots.is_empty() && self.flight.is_none() && self.lines.is_empty()
    }

    /// Something new to show.
    fn show(&mut self, key: Option<CardKey>, ask: Ask, content: Content) {
        self.order += 1;
        // Sentences of the bot's own belong to no conversation.
        let key =
            key.unwrap_or_else(|| CardKey { conversation: String::new(), card: self.order.to_string() });
        self.slots.insert(key, Slot::new(self.order, ask, content));
    }

    fn say(&mut self, ask: Ask, line: Line) {
        self.show(None, ask, Content::Line(line));
    }
}

/// What follows from `input` at the moment `now`.
#[must_use]
pub fn step(mut state: State, now: At, input: Input) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    match input {
        Input::Heard(ask, said) => heard(&mut state, now, ask, said, &mut effects),
        Input::Accepted(ask) => accepted(&mut state, ask, &mut effects),
        Input::Card { ask, key, card, pressed } => answer(&mut state, ask, &key, card, pressed, &mut effects),
        Input::Answered(ask) => {
            acknowledge(&mut state, ask, None, &mut effects);
            accepted(&mut state, ask, &mut effects);
            state.asks.remove(&ask);
        }
        Input::Told(id, line) => told(&mut state, id, line, &mut effects),
        Input::NotRemoved(ask) => state.say(ask, Line::NotRemoved),
        Input::News(key, news) => {
            if let Some(slot) = state.slots.get_mut(&key) {
                slot.news = Some(news);
            }
        }
        Input::Current(key, card) => current(&mut state, &key, card, &mut effects),
        Input::Lost(key) => {
            if let Some(slot) = state.slots.remove(&key) {
                release(&slot, &mut effects);
            }
        }
        Input::TakeUp { key, message, ask, job } => {
            state.order += 1;
            let mut slot = Slot::new(state.order, ask.clone(), Content::Unknown);
            (slot.message, slot.bound, slot.job) = (Some(message), true, Some(job.clone()));
            state.slots.entry(key.clone()).or_insert(slot);
            effects.push(Effect::Follow { key, ask, job });
        }
        Input::Done(outcome) => show::done(&mut state, now, outcome, &mut effects),
        Input::Tick => {}
    }
    let overdue: Vec<_> =
        state.presses.iter().filter(|(_, until)| **until <= now).map(|(ask, _)| *ask).collect();
    for ask in overdue {
        acknowledge(&mut state, ask, None, &mut effects);
    }
    show::next(&mut state, now, &mut effects);
    if let Some(until) = state.presses.values().min() {
        effects.push(Effect::WakeAt(*until));
    }
    (state, effects)
}

fn heard(state: &mut State, now: At, ask: Ask, said: Said, effects: &mut Vec<Effect>) {
    // Words for a button may come as a message, which the platform does not wait for.
    let is_press = match said {
        Said::Press { .. } => true,
        Said::Change { .. } => ask.pressed.is_some(),
        _ => false,
    };
    if is_press {
        state.asks.insert(ask.id, ask.clone());
        state.presses.insert(ask.id, now + state.rules.acknowledge_within);
    }
    if let Err(refusal) = state.lines.listen(&ask.person, now, &state.rules) {
        // Whole seconds, and never too few: who waits so long is heard.
        let line = Line::SlowDown { seconds: refusal.wait.as_millis().div_ceil(1_000) as u64 };
        if is_press {
            let words = line.text(ask.language.phrases());
            acknowledge(state, ask.id, Some(words), effects);
        } else if refusal.first {
            state.say(ask.clone(), line);
        }
        return settled(state, ask.id, effects);
    }
    if state.slots.len() + state.lines.waiting() >= state.rules.waiting {
        let told = |slot: &Slot| slot.content == Content::Line(Line::Behind);
        if !state.slots.values().any(told) {
            state.say(ask.clone(), Line::Behind);
        }
        return settled(state, ask.id, effects);
    }
    let letters = state.rules.letters;
    match said {
        Said::Only(line) => {
            state.say(ask.clone(), line);
            settled(state, ask.id, effects);
        }
        Said::Words { text, .. } | Said::Change { text, .. } if text.chars().nth(letters).is_some() => {
            state.say(ask.clone(), Line::TooLong { letters });
            settled(state, ask.id, effects);
        }
        Said::Press { token } if token.starts_with(OWN) => own_button(state, ask, &token, effects),
        said => queue(state, ask, said, effects),
    }
}

/// A button that the daemon knows nothing of.
fn own_button(state: &mut State, ask: Ask, token: &str, effects: &mut Vec<Effect>) {
    if let Some(job) = token.strip_prefix(FILES) {
        // Not acknowledged yet: a stranger is told alone.
        let deed = Deed::Files { job: job.to_owned() };
        return queue(state, ask, Said::Deed(deed), effects);
    }
    if let Some(token) = token.strip_prefix(CHANGE) {
        acknowledge(state, ask.id, None, effects);
        state.say(ask.clone(), Line::ChangeHow { token: token.to_owned() });
        return settled(state, ask.id, effects);
    }
    if token.strip_prefix(FORGET) == Some(user(&ask.person)) {
        acknowledge(state, ask.id, None, effects);
        return queue(state, ask, Said::Deed(Deed::Forget), effects);
    }
    if token == KEEP {
        acknowledge(state, ask.id, None, effects);
        state.say(ask.clone(), Line::Kept);
    } else {
        // Whoever presses what somebody else was asked loses nothing.
        let words = Line::NotYours.text(ask.language.phrases());
        acknowledge(state, ask.id, Some(words), effects);
    }
    settled(state, ask.id, effects);
}

/// Says it to the daemon once all that this person said before is there.
fn queue(state: &mut State, ask: Ask, said: Said, effects: &mut Vec<Effect>) {
    state.asks.insert(ask.id, ask.clone());
    if let Some((ask, said)) = state.lines.push(ask, said) {
        begin(ask, said, effects);
    }
}

fn begin(ask: Ask, said: Said, effects: &mut Vec<Effect>) {
    match said {
        Said::Words { text, files } => {
            effects.push(Effect::Typing);
            effects.push(Effect::Say { ask, text, files });
        }
        Said::Press { token } => effects.push(Effect::Press { ask, token, text: String::new() }),
        Said::Change { token, text } => effects.push(Effect::Press { ask, token, text }),
        Said::More { token } => effects.push(Effect::More { ask, token }),
        Said::Deed(deed) => effects.push(Effect::Do { ask, deed }),
        // Answered at once, without waiting.
        Said::Only(_) => {}
    }
}

/// The daemon has it: the next one may follow.
fn accepted(state: &mut State, id: i64, effects: &mut Vec<Effect>) {
    let Some(ask) = state.asks.get(&id) else { return };
    if let Some(next) = state.lines.pop(&ask.person, id) {
        effects.push(Effect::Settled(id));
        if let Some((ask, said)) = next {
            begin(ask, said, effects);
        }
    }
}

fn settled(state: &mut State, id: i64, effects: &mut Vec<Effect>) {
    acknowledge(state, id, None, effects);
    state.asks.remove(&id);
    effects.push(Effect::Settled(id));
}

fn acknowledge(state: &mut State, id: i64, words: Option<String>, effects: &mut Vec<Effect>) {
    if state.presses.remove(&id).is_some()
        && let Some(ask) = state.asks.get(&id)
    {
        effects.push(Effect::Acknowledge { ask: ask.clone(), words });
    }
}

fn told(state: &mut State, id: i64, line: Line, effects: &mut Vec<Effect>) {
    let Some(ask) = state.asks.get(&id).cloned() else { return };
    if state.presses.contains_key(&id) && line != Line::FilesSent {
        let words = line.text(ask.language.phrases());
        acknowledge(state, id, Some(words), effects);
    } else {
        acknowledge(state, id, None, effects);
        state.say(ask, line);
    }
    accepted(state, id, effects);
    state.asks.remove(&id);
}

fn answer(
    state: &mut State,
    id: i64,
    key: &CardKey,
    card: Box<atelier_proto::v1::Card>,
    pressed: bool,
    effects: &mut Vec<Effect>,
) {
    let Some(ask) = state.asks.get(&id).cloned() else { return };
    acknowledge(state, id, None, effects);
    if let Some(message) = ask.pressed.filter(|_| pressed && card.deleted) {
        if let Some(slot) = state.slots.remove(key) {
            release(&slot, effects);
        }
        effects.push(Effect::Remove { ask, message });
        return;
    }
    if !state.slots.contains_key(key) {
        state.show(Some(key.clone()), ask.clone(), Content::Unknown);
        if let Some(slot) = state.slots.get_mut(key).filter(|_| pressed) {
            slot.message = ask.pressed;
            slot.only_buttons = card.only_buttons;
        }
    }
    current(state, key, card, effects);
}

/// The card as it stands now.
fn current(state: &mut State, key: &CardKey, card: Box<atelier_proto::v1::Card>, effects: &mut Vec<Effect>) {
    let Some(slot) = state.slots.get_mut(key) else { return };
    slot.content = Content::Card(card);
    if let Some(job) = slot.open_job().filter(|job| slot.job.as_ref() != Some(job)) {
        slot.job = Some(job.clone());
        effects.push(Effect::Follow { key: key.clone(), ask: slot.ask.clone(), job });
    }
}

/// The daemon need not remember the message any more.
fn release(slot: &Slot, effects: &mut Vec<Effect>) {
    if let Some(message) = slot.message.filter(|_| slot.bound) {
        effects.push(Effect::Release { message, ask: slot.ask.clone() });
    }
}
