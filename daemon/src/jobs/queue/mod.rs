//! Which job is next. Pure: time comes in, nothing goes out but the answer.
//!
//! Members take turns, however many jobs each has waiting: every member has an account of virtual time, charged
//! for each job that is begun by its length over the weight of the member's plan, and the one who has used least
//! goes next (start-time fair queueing; Goyal, Vin, Cheng 1996). Waiting lowers a job's place in line, so that
//! nothing starves. Before one whose model has to be loaded, others go whose models are in memory, of the same
//! member too, but only a bounded number of times in a row.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{JobId, MemberId},
};

/// The numbers of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QueueConfig {
    /// Most jobs that may wait altogether.
    pub max_jobs: u32,
    /// Most jobs of one member that may wait.
    pub max_jobs_per_member: u32,
    /// Most jobs in a row that may go before one whose model has to be loaded, because theirs is in memory.
    pub affinity_run: u32,
    /// Waiting this long counts as much as having used one unit of work less, in seconds.
    pub ageing_s: u32,
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self { max_jobs: 500, max_jobs_per_member: 20, affinity_run: 4, ageing_s: 60 }
    }
}

/// A waiting job, as far as the queue cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The job.
    pub job: JobId,
    /// Its owner.
    pub member: MemberId,
    /// Share of the owner's plan, at least 1.
    pub weight: u32,
    /// How much work it is, in pictures.
    pub units: u32,
    /// The model that it needs; empty for none.
    pub model: String,
    /// Since when it waits.
    pub since: Timestamp,
    /// Not to be begun earlier.
    pub not_before: Timestamp,
}

/// Why no more can wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// The whole queue is full.
    #[error("the queue is full ({0} jobs wait); try again in a while")]
    Everyone(u32),
    /// This member has too many waiting.
    #[error("you already have {0} jobs waiting; wait for one to end or cancel one")]
    Member(u32),
}

/// Virtual time is counted in this many parts of a unit, so that dividing by a weight stays exact enough.
const PARTS: u64 = 1_000;

/// The queue.
#[derive(Debug, Clone)]
pub struct Queue {
    config: QueueConfig,
    /// Each member's waiting jobs, oldest first; never empty.
    waiting: BTreeMap<MemberId, VecDeque<Ticket>>,
    /// What each member has used; only of members who wait or have used more than the floor.
    used: BTreeMap<MemberId, u64>,
    /// Virtual time of the last pick: whoever comes back later begins here and gets no credit for absence.
    floor: u64,
    jobs: u32,
    affinity_used: u32,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(config: QueueConfig) -> Self {
        Self { config, waiting: BTreeMap::new(), used: BTreeMap::new(), floor: 0, jobs: 0, affinity_used: 0 }
    }

    /// How many jobs wait.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.jobs
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs == 0
    }

    /// How many jobs of `member` wait.
    #[must_use]
    pub fn waiting_of(&self, member: MemberId) -> u32 {
        self.waiting.get(&member).map_or(0, |jobs| jobs.len() as u32)
    }

    /// Whether `member` may add a job, `promised` being places given away already (of all, of this member).
    ///
    /// # Errors
    /// [`Full`] with the bound that was reached.
    pub fn has_room(&self, member: MemberId, promised: (u32, u32)) -> Result<(), Full> {
        let own = self.waiting_of(member);
        if self.jobs + promised.0 >= self.config.max_jobs {
            return Err(Full::Everyone(self.config.max_jobs));
        }
        if own + promised.1 >= self.config.max_jobs_per_member {
            return Err(Full::Member(self.config.max_jobs_per_member));
        }
        Ok(())
    }

    /// Adds a job. What was admitted or recovered always fits. Adding one twice changes nothing.
    pub fn push(&mut self, ticket: Ticket) {
        let used = self.used.entry(ticket.member).or_insert(self.floor);
        *used = (*used).max(self.floor);
        let line = self.waiting.entry(ticket.member).or_default();
        if line.iter().any(|waiting| waiting.job == ticket.job) {
            return;
        }
        let place =
            line.partition_point(|waiting| (waiting.since, waiting.job) <= (ticket.since, ticket.job));
        line.insert(place, ticket);
        self.jobs += 1;
    }

    /// Takes a job out, wherever it waits.
    pub fn remove(&mut self, job: JobId) -> Option<Ticket> {
        let (member, place) = self.waiting.iter().find_map(|(member, line)| {
            line.iter().position(|ticket| ticket.job == job).map(|place| (*member, place))
        })?;
        self.take(member, place)
    }

    /// Takes the job that goes next, if one may begin now; `at_hand` names the models in memory.
    pub fn pick(&mut self, now: Timestamp, at_hand: &BTreeSet<String>) -> Option<Ticket> {
        let has_to_load = |ticket: &Ticket| !ticket.model.is_empty() && !at_hand.contains(&ticket.model);
        let best = self.best(now, |_| true)?;
        let at_hand = |ticket: &Ticket| at_hand.contains(&ticket.model);
        let mut chosen = best;
        let mut affine = false;
        if self.affinity_used < self.config.affinity_run
            && self.waiting.get(&best.0).is_some_and(|line| has_to_load(&line[best.1]))
            && let Some(cheaper) = self.best(now, at_hand)
        {
            chosen = cheaper;
            affine = true;
        }
        let (member, place) = chosen;
        self.affinity_used = if affine { self.affinity_used + 1 } else { 0 };
        let ticket = self.take(member, place)?;
        let used = self.used.entry(member).or_insert(self.floor);
        self.floor = self.floor.max(*used);
        *used += u64::from(ticket.units.max(1)) * PARTS / u64::from(ticket.weight.max(1));
        if !self.waiting.contains_key(&member) && *used <= self.floor {
            self.used.remove(&member);
        }
        let floor = self.floor;
        let waiting = &self.waiting;
        self.used.retain(|member, used| waiting.contains_key(member) || *used > floor);
        Some(ticket)
    }

    /// Where the job is that goes first of those that may begin now and that `suits`: each member's oldest, and of
    /// these the one of the member who has used least.
    fn best(&self, now: Timestamp, suits: impl Fn(&Ticket) -> bool) -> Option<(MemberId, usize)> {
        let heads = self.waiting.iter().filter_map(|(member, line)| {
            let ripe = |(_, ticket): &(usize, &Ticket)| ticket.not_before <= now && suits(ticket);
            line.iter().enumerate().find(ripe).map(|(place, ticket)| {
                let used = self.used.get(member).copied().unwrap_or(self.floor);
                let waited_s = now.since(ticket.since).as_secs();
                let aged = waited_s * PARTS / u64::from(self.config.ageing_s.max(1));
                // Floors differ from the present only by work done, so ageing may reach below them.
                let rank = i128::from(used) - i128::from(aged);
                ((rank, ticket.since, ticket.job), (*member, place))
            })
        });
        heads.min().map(|(_, place)| place)
    }

    /// When the next job may begin, of those that may not begin yet at `now`.
    #[must_use]
    pub fn next_ready(&self, now: Timestamp) -> Option<Timestamp> {
        self.waiting.values().flatten().map(|ticket| ticket.not_before).filter(|at| *at > now).min()
    }

    /// All waiting jobs in the order in which they would be picked if nothing else came; those that pause after
    /// a failed attempt come last. Whatever has to be loaded is presumed to take the place of all others.
    #[must_use]
    pub fn order(&self, now: Timestamp, at_hand: &BTreeSet<String>) -> Vec<JobId> {
        let mut future = self.clone();
        let mut at_hand = at_hand.clone();
        let mut order = Vec::with_capacity(self.jobs as usize);
        while let Some(ticket) = future.pick(now, &at_hand) {
            order.push(ticket.job);
            if !ticket.model.is_empty() && !at_hand.contains(&ticket.model) {
                at_hand = BTreeSet::from([ticket.model]);
            }
        }
        let mut paused: Vec<_> =
            future.waiting.values().flatten().map(|ticket| (ticket.not_before, ticket.job)).collect();
        paused.sort_unstable();
        order.extend(paused.into_iter().map(|(_, job)| job));
        order
    }

    fn take(&mut self, member: MemberId, place: usize) -> Option<Ticket> {
        let line = self.waiting.get_mut(&member)?;
        let ticket = line.remove(place)?;
        if line.is_empty() {
            self.waiting.remove(&member);
        }
        self.jobs -= 1;
        Some(ticket)
    }
}
