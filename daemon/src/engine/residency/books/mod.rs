//! What is loaded, and what has to go. Pure: time and sizes come in, a plan goes out.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use crate::clock::Timestamp;

/// Whether a model is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not in memory.
    Absent,
    /// Somebody reads it; its memory is spoken for.
    Loading,
    /// In memory.
    Resident,
}

/// What to do about a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// It is in memory.
    There,
    /// Evict these, in this order, then load it.
    Load {
        /// Idle models, the least recently used first.
        evict: Vec<String>,
    },
    /// Not now: it is being loaded, what would have to go is in use, or somebody asked before.
    Wait,
    /// It can't be loaded, whatever is evicted.
    Never(TooLarge),
}

/// A model that is larger than all the memory it could ever get.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model `{name}` takes {} of memory, but models may take {}{}; an admin can raise \
         `residency.memory_budget_bytes` or install a smaller variant", size(*.bytes), size(*.budget), beside(*.pinned))]
pub struct TooLarge {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub bytes: u64,
    /// What all models may take together.
    pub budget: u64,
    /// What pinned models take of that.
    pub pinned: u64,
}

/// A model that can't be evicted now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the model `{0}` is at work; try again when its jobs have ended")]
pub struct Busy(pub String);

/// A place in the line of those who want a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(u64);

/// A model, for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whether it is in memory.
    pub phase: Phase,
    /// What it takes, or took when it was loaded last; 0 if it never was.
    pub bytes: u64,
    /// Jobs that use it now.
    pub in_use: u32,
    /// When a job began or ended with it last.
    pub used_at: Option<Timestamp>,
    /// When it will be evicted for being idle; none while it is in use or pinned.
    pub expires_at: Option<Timestamp>,
    /// Whether it stays loaded once it is.
    pub pinned: bool,
    /// Its place in the order in which models make room for others, from 1; none while it can't go.
    pub goes: Option<u32>,
    /// Why it could not be loaded the last time it was tried, and when.
    pub failure: Option<(Timestamp, String)>,
}

#[derive(Debug, Clone)]
struct Entry {
    bytes: u64,
    loading: bool,
    in_use: u32,
    used_at: Timestamp,
    /// Which use of all was its latest: the order of time, without ties.
    turn: u64,
}

/// The models in memory and those who want one.
#[derive(Debug, Clone)]
pub struct Books {
    budget: u64,
    keep_alive: Duration,
    pinned: BTreeSet<String>,
    entries: BTreeMap<String, Entry>,
    /// What each model took when it was loaded.
    measured: BTreeMap<String, u64>,
    failures: BTreeMap<String, (Timestamp, String)>,
    /// First come, first served: otherwise small models that are always in use would keep a large one out for ever.
    line: VecDeque<Place>,
    turns: u64,
}

impl Books {
    /// Nothing is loaded.
    #[must_use]
    pub fn new(budget: u64, keep_alive: Duration, pinned: impl IntoIterator<Item = String>) -> Self {
        Self {
            budget,
            keep_alive,
            pinned: pinned.into_iter().collect(),
            entries: BTreeMap::new(),
            measured: BTreeMap::new(),
            failures: BTreeMap::new(),
            line: VecDeque::new(),
            turns: 0,
        }
    }

    /// What loaded models take, those being loaded included.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.entries.values().map(|entry| entry.bytes).sum()
    }

    /// What all models may take together.
    #[must_use]
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// Whether a model is there.
    #[must_use]
    pub fn phase(&self, name: &str) -> Phase {
        match self.entries.get(name) {
            None => Phase::Absent,
            Some(Entry { loading: true, .. }) => Phase::Loading,
            Some(_) => Phase::Resident,
        }
    }

    /// The models in memory and on their way there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Whether a model of about `estimate` bytes can ever be loaded beside what is pinned.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn fits(&self, name: &str, estimate: u64) -> Result<(), TooLarge> {
        let bytes = self.size(name, estimate);
        let others = self.entries.iter().filter(|(other, _)| *other != name && self.pinned.contains(*other));
        let pinned = others.map(|(_, entry)| entry.bytes).sum();
        if bytes <= self.budget.saturating_sub(pinned) {
            return Ok(());
        }
        Err(TooLarge { name: name.to_owned(), bytes, budget: self.budget, pinned })
    }

    /// Takes the last place in the line. Whoever takes one must [leave](Self::leave).
    pub fn queue(&mut self) -> Place {
        self.turns += 1;
        let place = Place(self.turns);
        self.line.push_back(place);
        place
    }

    /// Leaves the line.
    pub fn leave(&mut self, place: Place) {
        self.line.retain(|other| *other != place);
    }

    /// How many are in the line.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.line.len()
    }

    /// What to do for the one at `place` who wants a model of about `estimate` bytes. Changes nothing.
    #[must_use]
    pub fn want(&self, place: Place, name: &str, estimate: u64) -> Plan {
        if let Err(too_large) = self.fits(name, estimate) {
            return Plan::Never(too_large);
        }
        if self.line.front() != Some(&place) {
            return Plan::Wait;
        }
        match self.phase(name) {
            Phase::Resident => return Plan::There,
            Phase::Loading => return Plan::Wait,
            Phase::Absent => {}
        }
        match self.room_for(self.size(name, estimate), name) {
            Some(evict) => Plan::Load { evict },
            None => Plan::Wait,
        }
    }

    /// Speaks for the memory of a model that is about to be loaded. What the plan evicts must be gone.
    pub fn begin(&mut self, name: &str, estimate: u64, now: Timestamp) {
        let bytes = self.size(name, estimate);
        let turn = self.next_turn();
        let entry = Entry { bytes, loading: true, in_use: 0, used_at: now, turn };
        self.entries.insert(name.to_owned(), entry);
    }

    /// Notes that a model was loaded and what it takes. Answers what has to go because that is more than was thought.
    ///
    /// # Errors
    /// [`Busy`] when there is no room for its true size now: it is not in the books any more, and must be dropped.
    pub fn loaded(&mut self, name: &str, bytes: u64, now: Timestamp) -> Result<Vec<String>, Busy> {
        self.measured.insert(name.to_owned(), bytes);
        self.entries.remove(name);
        let Some(evict) = self.room_for(bytes, name) else { return Err(Busy(name.to_owned())) };
        for victim in &evict {
            self.entries.remove(victim);
        }
        self.failures.remove(name);
        let turn = self.next_turn();
        let entry = Entry { bytes, loading: false, in_use: 0, used_at: now, turn };
        self.entries.insert(name.to_owned(), entry);
        Ok(evict)
    }

    /// Notes that a model could not be loaded.
    pub fn failed(&mut self, name: &str, reason: String, now: Timestamp) {
        self.entries.remove(name);
        self.failures.insert(name.to_owned(), (now, reason));
    }

    /// Notes that a job begins to use a loaded model.
    pub fn take(&mut self, name: &str, now: Timestamp) {
        let turn = self.next_turn();
        if let Some(entry) = self.entries.get_mut(name) {
            entry.in_use += 1;
            (entry.used_at, entry.turn) = (now, turn);
        }
    }

    /// Notes that a job no longer uses a model.
    pub fn give_back(&mut self, name: &str, now: Timestamp) {
        let turn = self.next_turn();
        if let Some(entry) = self.entries.get_mut(name) {
            entry.in_use = entry.in_use.saturating_sub(1);
            (entry.used_at, entry.turn) = (now, turn);
        }
    }

    /// Takes an idle model out, pinned or not. False when it is not there.
    ///
    /// # Errors
    /// [`Busy`].
    pub fn evict(&mut self, name: &str) -> Result<bool, Busy> {
        match self.entries.get(name) {
            None => Ok(false),
            Some(entry) if entry.loading || entry.in_use > 0 => Err(Busy(name.to_owned())),
            Some(_) => Ok(self.entries.remove(name).is_some()),
        }
    }

    /// Takes out what has been idle for long enough, and answers what that was.
    pub fn expire(&mut self, now: Timestamp) -> Vec<String> {
        let old = |(name, entry): (&String, &Entry)| {
            self.expiry(name, entry).is_some_and(|at| at <= now).then(|| name.clone())
        };
        let expired: Vec<_> = self.entries.iter().filter_map(old).collect();
        for name in &expired {
            self.entries.remove(name);
        }
        expired
    }

    /// Says whether a model stays loaded once it is. Answers how it was before.
    pub fn pin(&mut self, name: &str, pinned: bool) -> bool {
        if pinned { !self.pinned.insert(name.to_owned()) } else { self.pinned.remove(name) }
    }

    /// Every model that there is something to say about, by name.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let names = self.entries.keys().chain(&self.pinned).chain(self.failures.keys());
        let names: BTreeSet<&String> = names.collect();
        let order: Vec<_> = self.idle("").into_iter().map(|(name, _)| name).collect();
        names.into_iter().map(|name| self.row(name, &order)).collect()
    }

    fn row(&self, name: &str, order: &[&String]) -> Row {
        let entry = self.entries.get(name);
        Row {
            name: name.to_owned(),
            phase: self.phase(name),
            bytes: entry.map_or_else(|| self.size(name, 0), |entry| entry.bytes),
            in_use: entry.map_or(0, |entry| entry.in_use),
            used_at: entry.map(|entry| entry.used_at),
            expires_at: entry.and_then(|entry| self.expiry(name, entry)),
            pinned: self.pinned.contains(name),
            goes: (1..).zip(order).find(|(_, other)| other.as_str() == name).map(|(place, _)| place),
            failure: self.failures.get(name).cloned(),
        }
    }

    /// What has to go for `bytes` more; none when not enough can go now.
    fn room_for(&self, bytes: u64, name: &str) -> Option<Vec<String>> {
        let mut free = self.budget.saturating_sub(self.bytes());
        let mut idle = self.idle(name).into_iter();
        let mut evict = Vec::new();
        while free < bytes {
            let (other, entry) = idle.next()?;
            free += entry.bytes;
            evict.push(other.clone());
        }
        Some(evict)
    }

    /// The models other than `name` that can go, the least recently used first.
    fn idle(&self, name: &str) -> Vec<(&String, &Entry)> {
        let idle = |(other, entry): &(&String, &Entry)| {
            *other != name && !entry.loading && entry.in_use == 0 && !self.pinned.contains(*other)
        };
        let mut idle: Vec<_> = self.entries.iter().filter(idle).collect();
        idle.sort_by_key(|(_, entry)| entry.turn);
        idle
    }

    fn size(&self, name: &str, estimate: u64) -> u64 {
        self.measured.get(name).copied().unwrap_or(estimate)
    }

    fn expiry(&self, name: &str, entry: &Entry) -> Option<Timestamp> {
        let idle = !entry.loading && entry.in_use == 0 && !self.pinned.contains(name);
        idle.then(|| entry.used_at.plus(self.keep_alive))
    }

    fn next_turn(&mut self) -> u64 {
        self.turns += 1;
        self.turns
    }
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

fn beside(pinned: u64) -> String {
    match pinned {
        0 => String::new(),
        pinned => format!(", {} of it kept by pinned models", size(pinned)),
    }
}
