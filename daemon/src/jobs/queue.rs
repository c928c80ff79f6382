//! Which job is next. Pure: time comes in, nothing goes out but the answer.
//!
//! Members take turns, however many jobs each has waiting: every member has an account of virtual time, charged
//! for each job that is begun by its length over the weight of the member's plan, and the one who has used least
//! goes next (start-time fair queueing; Goyal, Vin, Cheng 1996). Waiting lowers a job's place in line, so that
//! nothing starves. Before one whose model has to be loaded, others go whose models are in memory, of the same
//! member too, but only a bounded number of times in a row.

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn ticket(job: u128, member: u128, weight: u32, model: &str, since_s: i64) -> Ticket {
        let since = Timestamp::from_millis(since_s * 1_000);
        Ticket {
            job: JobId::from_uuid(Uuid::from_u128(job)),
            member: MemberId::from_uuid(Uuid::from_u128(member)),
            weight,
            units: 1,
            model: model.to_owned(),
            since,
            not_before: since,
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// What is picked with memory for one model, in which `loaded` is.
    fn picks(queue: &mut Queue, now_s: i64, loaded: &str) -> Vec<u128> {
        let mut at_hand = BTreeSet::from([loaded.to_owned()]);
        std::iter::from_fn(|| {
            let ticket = queue.pick(at(now_s), &at_hand)?;
            if !ticket.model.is_empty() {
                at_hand = BTreeSet::from([ticket.model]);
            }
            Some(ticket.job.as_uuid().as_u128())
        })
        .collect()
    }

    /// One line per rule: (job, member, weight, model, since), loaded model, order wanted.
    #[test]
    fn order() {
        type Line = (u128, u128, u32, &'static str, i64);
        type Case = (&'static str, &'static [Line], &'static str, &'static [u128]);
        let cases: &[Case] = &[
            ("first come, first served", &[(1, 1, 1, "a", 0), (2, 1, 1, "a", 1)], "a", &[1, 2]),
            (
                "members take turns",
                &[
                    (1, 1, 1, "a", 0),
                    (2, 1, 1, "a", 0),
                    (3, 1, 1, "a", 0),
                    (4, 2, 1, "a", 1),
                    (5, 3, 1, "a", 2),
                ],
                "a",
                &[1, 4, 5, 2, 3],
            ),
            (
                "twice the weight, twice the turns",
                &[
                    (1, 1, 2, "a", 0),
                    (2, 1, 2, "a", 0),
                    (3, 1, 2, "a", 0),
                    (4, 1, 2, "a", 0),
                    (5, 2, 1, "a", 0),
                    (6, 2, 1, "a", 0),
                ],
                "a",
                &[1, 5, 2, 3, 6, 4],
            ),
            (
                "the loaded model goes first",
                &[(1, 1, 1, "b", 0), (2, 2, 1, "a", 0), (3, 3, 1, "a", 0)],
                "a",
                &[2, 3, 1],
            ),
            (
                "but only so many times",
                &[
                    (1, 1, 1, "b", 0),
                    (2, 2, 1, "a", 0),
                    (3, 3, 1, "a", 0),
                    (4, 4, 1, "a", 0),
                    (5, 5, 1, "a", 0),
                ],
                "a",
                &[2, 3, 1, 4, 5],
            ),
            (
                "of one member too",
                &[(1, 1, 1, "a", 0), (2, 1, 1, "b", 1), (3, 1, 1, "a", 2), (4, 1, 1, "b", 3)],
                "b",
                &[2, 4, 1, 3],
            ),
            (
                "what needs no model is not kept back, and keeps nothing back",
                &[(1, 1, 1, "b", 0), (2, 2, 1, "", 0), (3, 3, 1, "a", 0), (4, 4, 1, "", 0)],
                "a",
                &[3, 1, 2, 4],
            ),
            (
                "who waits long enough passes who has used less",
                &[(1, 1, 1, "a", 0), (2, 1, 1, "a", 0), (3, 2, 1, "a", 100)],
                "a",
                &[1, 2, 3],
            ),
        ];
        for (rule, lines, loaded, wanted) in cases {
            let config = QueueConfig { affinity_run: 2, ..QueueConfig::default() };
            let mut queue = Queue::new(config);
            for (job, member, weight, model, since) in *lines {
                queue.push(ticket(*job, *member, *weight, model, *since));
            }
            let at_hand = BTreeSet::from([(*loaded).to_owned()]);
            let planned: Vec<_> =
                queue.order(at(100), &at_hand).iter().map(|job| job.as_uuid().as_u128()).collect();
            assert_eq!(picks(&mut queue, 100, loaded), *wanted, "{rule}");
            assert_eq!(planned, *wanted, "{rule}: the order that is shown");
            assert!(queue.is_empty(), "{rule}");
        }
    }

    #[test]
    fn coming_back_gives_no_credit_for_absence() {
        let mut queue = Queue::new(QueueConfig::default());
        for job in 0..10 {
            queue.push(ticket(job, 1, 1, "a", 0));
        }
        assert_eq!((0..5).filter_map(|_| queue.pick(at(0), &BTreeSet::new())).count(), 5);
        for job in 20..25 {
            queue.push(ticket(job, 2, 1, "a", 0));
        }
        let order = picks(&mut queue, 0, "a");
        let lead = order.iter().take(4).filter(|job| **job >= 20).count();
        assert!(lead <= 3, "a newcomer must not take all the turns: {order:?}");
    }

    /// Two models that memory can't hold together: a swap pays for at least four jobs, and nobody is passed over
    /// by more than a run of them.
    #[test]
    fn swaps_are_few_and_nobody_starves() {
        for members in [1, 2, 5] {
            let mut queue = Queue::new(QueueConfig::default());
            for job in 0..80 {
                queue.push(ticket(job, job / 2 % members, 1, ["a", "b"][job as usize % 2], 0));
            }
            let order = picks(&mut queue, 0, "");
            let swaps = order.windows(2).filter(|pair| pair[0] % 2 != pair[1] % 2).count();
            assert!(swaps <= 80 / 4, "{members} members: {swaps} swaps in {order:?}");
            let mut waited = 0;
            for (place, job) in order.iter().enumerate() {
                // How many later ones of its own member went before it.
                let later = |other: &&u128| *other > job && *other / 2 % members == job / 2 % members;
                waited = waited.max(order[..place].iter().filter(later).count());
            }
            assert!(waited <= 8, "{members} members: {waited} overtook one of {order:?}");
        }
    }

    #[test]
    fn a_paused_job_waits_and_blocks_nobody() {
        let mut queue = Queue::new(QueueConfig::default());
        queue.push(Ticket { not_before: at(50), ..ticket(1, 1, 1, "a", 0) });
        queue.push(ticket(2, 1, 1, "a", 1));
        assert_eq!(picks(&mut queue, 10, "a"), [2]);
        assert_eq!(queue.next_ready(at(10)), Some(at(50)));
        assert_eq!(picks(&mut queue, 50, "a"), [1]);
    }

    #[test]
    fn bounds() {
        let config = QueueConfig { max_jobs: 3, max_jobs_per_member: 2, ..QueueConfig::default() };
        let mut queue = Queue::new(config);
        let member = |number| MemberId::from_uuid(Uuid::from_u128(number));
        queue.push(ticket(1, 1, 1, "a", 0));
        assert_eq!(queue.has_room(member(1), (0, 0)), Ok(()));
        assert_eq!(queue.has_room(member(1), (1, 1)), Err(Full::Member(2)));
        queue.push(ticket(2, 1, 1, "a", 0));
        assert_eq!((queue.waiting_of(member(1)), queue.waiting_of(member(2))), (2, 0));
        assert_eq!(queue.has_room(member(1), (0, 0)), Err(Full::Member(2)));
        assert_eq!(queue.has_room(member(2), (1, 0)), Err(Full::Everyone(3)));
        queue.push(ticket(3, 2, 1, "a", 0));
        assert_eq!(queue.has_room(member(3), (0, 0)), Err(Full::Everyone(3)));
    }

    proptest! {
        /// Whatever is pushed is picked exactly once, counts agree, and nobody starves.
        #[test]
        fn nothing_is_lost_or_doubled(
            pushes in proptest::collection::vec((0_u128..6, 1_u32..5, 0_usize..3, 0_i64..1_000), 1..60),
            removals in proptest::collection::vec(0_usize..60, 0..10),
        ) {
            let mut queue = Queue::new(QueueConfig::default());
            for (number, (member, weight, model, since)) in pushes.iter().enumerate() {
                let model = ["a", "b", "c"][*model];
                queue.push(ticket(number as u128, *member, *weight, model, *since));
                queue.push(ticket(number as u128, *member, *weight, model, *since));
            }
            let mut left: Vec<u128> = (0..pushes.len() as u128).collect();
            for number in removals {
                let job = JobId::from_uuid(Uuid::from_u128(number as u128));
                let was_there = left.contains(&(number as u128));
                prop_assert_eq!(queue.remove(job).is_some(), was_there);
                left.retain(|other| *other != number as u128);
            }
            prop_assert_eq!(queue.len() as usize, left.len());
            prop_assert_eq!(queue.order(at(2_000), &BTreeSet::from(["a".to_owned()])).len(), left.len());
            let mut got = picks(&mut queue, 2_000, "a");
            got.sort_unstable();
            prop_assert_eq!(got, left);
            prop_assert!(queue.is_empty());
        }
    }
}
