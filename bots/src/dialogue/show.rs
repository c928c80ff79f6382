//! Which message is sent or edited next, and when.

use super::{
    CardKey, State, release,
    slot::Slot,
    words::{At, Effect, Outcome},
};
use crate::render::Message;

/// A send or an edit that the platform has not answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flight {
    key: CardKey,
    message: Message,
}

/// Begins the next send or edit, or says when there will be one.
pub(super) fn next(state: &mut State, now: At, effects: &mut Vec<Effect>) {
    forget_settled(state, effects);
    if state.flight.is_some() {
        return;
    }
    let due = |slot: &Slot| {
        let mut due = state.quiet_until;
        if let Some(moved_at) = state.moved_at {
            due = due.max(moved_at + state.rules.send_gap);
        }
        if slot.is_only_progress() { due.max(slot.edited_at + state.rules.edit_gap) } else { due }
    };
    // What is new or final goes before progress, and what waits longer before what waits less.
    let first = state
        .slots
        .iter()
        .filter(|(_, slot)| !slot.deleted || !slot.is_open())
        .filter_map(|(key, slot)| Some((key, slot, slot.wanted(&state.rules)?)))
        .filter(|(_, slot, wanted)| slot.shown.as_ref() != Some(wanted))
        .min_by_key(|(_, slot, _)| (due(slot).max(now), slot.is_open() && slot.shown.is_some(), slot.order));
    let Some((key, slot, wanted)) = first else { return };
    let due = due(slot);
    if due > now {
        effects.push(Effect::WakeAt(due));
        return;
    }
    let ask = slot.ask.clone();
    effects.push(match slot.message {
        None => Effect::Send { ask, message: wanted.clone() },
        Some(message) => {
            let (progress, only_buttons) = (slot.is_only_progress(), slot.only_buttons);
            Effect::Edit { ask, message, new: wanted.clone(), progress, only_buttons }
        }
    });
    state.flight = Some(Flight { key: key.clone(), message: wanted });
    state.moved_at = Some(now);
}

/// Takes in what the platform says.
pub(super) fn done(state: &mut State, now: At, outcome: Outcome, effects: &mut Vec<Effect>) {
    let Some(flight) = state.flight.take() else { return };
    state.moved_at = Some(now);
    if let Outcome::Slow(pause) = outcome {
        state.quiet_until = state.quiet_until.max(now + pause);
    }
    let rules = state.rules;
    let Some(slot) = state.slots.get_mut(&flight.key) else { return };
    match outcome {
        Outcome::Sent(message) => {
            (slot.message, slot.deleted) = (Some(message), false);
            shown(slot, flight.message, now);
        }
        Outcome::Edited => shown(slot, flight.message, now),
        Outcome::LeftOut => slot.edited_at = now,
        // The same is tried again when the silence is over: what is shown still differs.
        Outcome::Slow(_) => {}
        Outcome::Gone => {
            release(slot, effects);
            (slot.message, slot.shown, slot.bound) = (None, None, false);
            if slot.job.is_some() {
                slot.deleted = true;
            } else {
                // A price or question that somebody deleted is not brought back.
                state.slots.remove(&flight.key);
            }
        }
        Outcome::Refused => {
            effects.push(Effect::Note("the platform refused a message"));
            release(slot, effects);
            state.slots.remove(&flight.key);
        }
        Outcome::Unreachable => {
            slot.tries += 1;
            if slot.tries > rules.tries {
                // What is bound is taken up at the next start.
                effects.push(Effect::Note("a message was given up; the platform can't be reached"));
                state.slots.remove(&flight.key);
            } else {
                state.quiet_until = state.quiet_until.max(now + rules.pause(slot.tries));
            }
        }
    }
    bind(state, &flight.key, effects);
}

fn shown(slot: &mut Slot, message: Message, now: At) {
    slot.shown = Some(message);
    slot.edited_at = now;
    slot.tries = 0;
}

/// A message that shows a job under way is remembered by the daemon.
fn bind(state: &mut State, key: &CardKey, effects: &mut Vec<Effect>) {
    let Some(slot) = state.slots.get_mut(key) else { return };
    if let (Some(message), Some(job), false) = (slot.message, &slot.job, slot.bound) {
        effects.push(Effect::Bind { message, key: key.clone(), ask: slot.ask.clone(), job: job.clone() });
        slot.bound = true;
    }
}

/// Nothing more happens to a message that shows its end.
fn forget_settled(state: &mut State, effects: &mut Vec<Effect>) {
    let flying = state.flight.as_ref().map(|flight| flight.key.clone());
    let rules = state.rules;
    state.slots.retain(|key, slot| {
        let settled = flying.as_ref() != Some(key) && slot.is_settled(&rules);
        if settled {
            release(slot, effects);
        }
        !settled
    });
}
