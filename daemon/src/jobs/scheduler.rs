//! Which job goes to which engine thread, and when.
//!
//! The queue is a pure value behind a mutex that is never held across an await; one task picks from it whenever
//! something changed and a thread is idle.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::queue::{Full, Queue, QueueConfig, Ticket};
use crate::{
    clock::Clock,
    engine::residency::Residency,
    id::{JobId, MemberId},
};

/// A place in the queue that is kept while a job is being submitted. Dropping it gives the place back.
pub struct Promise {
    scheduler: Scheduler,
    member: MemberId,
}

/// A handle on the queue; clones share it.
#[derive(Clone)]
pub struct Scheduler {
    shared: Arc<Shared>,
}

struct Shared {
    residency: Residency,
    state: Mutex<State>,
    changed: Notify,
    finished: Notify,
    /// How often the order has changed.
    moves: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    queue: Queue,
    promised: HashMap<MemberId, u32>,
    /// Jobs under way, with their models.
    running: HashMap<JobId, String>,
    accepting: bool,
    /// The order as it was shown last, and when that was computed.
    shown: Option<(std::time::Instant, Arc<HashMap<JobId, Ahead>>)>,
}

/// A queue up to this length is put in order whenever somebody looks.
const SHORT_QUEUE: u32 = 64;
/// A longer one at most this often: the order is for people's eyes.
const SHOWN_FOR: std::time::Duration = std::time::Duration::from_millis(250);

/// What is ahead of a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Jobs that go first, running ones included.
    pub jobs: u32,
}

impl Scheduler {
    /// An empty queue that accepts work.
    #[must_use]
    pub fn new(config: QueueConfig, residency: Residency) -> Self {
        let state = State {
            queue: Queue::new(config),
            promised: HashMap::new(),
            running: HashMap::new(),
            accepting: true,
            shown: None,
        };
        Self {
            shared: Arc::new(Shared {
                residency,
                state: Mutex::new(state),
                changed: Notify::new(),
                finished: Notify::new(),
                moves: watch::Sender::new(0),
            }),
        }
    }

    /// Keeps a place for a job that is about to be submitted.
    ///
    /// # Errors
    /// [`Full`].
    pub fn promise(&self, member: MemberId) -> Result<Promise, Full> {
        let mut state = self.state();
        let all = state.promised.values().sum();
        let own = state.promised.get(&member).copied().unwrap_or(0);
        state.queue.has_room(member, (all, own))?;
        *state.promised.entry(member).or_default() += 1;
        Ok(Promise { scheduler: self.clone(), member })
    }

    /// Adds a job that is durable.
    pub fn push(&self, ticket: Ticket) {
        self.state().queue.push(ticket);
        self.shared.changed.notify_one();
        self.moved();
    }

    /// Takes a waiting job out.
    pub fn remove(&self, job: JobId) {
        self.state().queue.remove(job);
        self.shared.changed.notify_one();
        self.moved();
    }

    /// Waiting jobs and running jobs.
    #[must_use]
    pub fn load(&self) -> (u32, u32) {
        let state = self.state();
        (state.queue.len(), state.running.len() as u32)
    }

    /// Waiting jobs of one member.
    #[must_use]
    pub fn waiting_of(&self, member: MemberId) -> u32 {
        self.state().queue.waiting_of(member)
    }

    /// How many jobs are ahead of each waiting one, running ones included. Of a long queue it may be a moment old.
    #[must_use]
    pub fn ahead(&self, clock: &Clock) -> Arc<HashMap<JobId, Ahead>> {
        let mut state = self.state();
        if let Some((at, shown)) = &state.shown
            && state.queue.len() > SHORT_QUEUE
            && at.elapsed() < SHOWN_FOR
        {
            return Arc::clone(shown);
        }
        let running = state.running.len() as u32;
        let order = state.queue.order(clock.now(), &self.at_hand(&state));
        let places = (0_u32..).zip(order);
        let shown = Arc::new(places.map(|(place, job)| (job, Ahead { jobs: running + place })).collect());
        state.shown = Some((std::time::Instant::now(), Arc::clone(&shown)));
        shown
    }

    /// Hears whenever jobs may have another place than before.
    #[must_use]
    pub fn moves(&self) -> watch::Receiver<u64> {
        self.shared.moves.subscribe()
    }

    fn moved(&self) {
        self.shared.moves.send_modify(|moves| *moves += 1);
    }

    /// Stops handing out jobs; what is running goes on.
    pub fn stop(&self) {
        self.state().accepting = false;
    }

    /// Hands jobs to idle lanes until `ended`. Each lane is a channel with room for the job it works on; a lane
    /// says through `idle` that it is free.
    pub async fn run(
        self,
        lanes: Vec<mpsc::Sender<Ticket>>,
        mut idle: mpsc::Receiver<usize>,
        clock: Clock,
        ended: CancellationToken,
    ) {
        let mut free: Vec<usize> = (0..lanes.len()).rev().collect();
        loop {
            let wake_at = {
                let mut state = self.state();
                while state.accepting
                    && let Some(lane) = free.last().copied()
                {
                    let at_hand = self.at_hand(&state);
                    let Some(ticket) = state.queue.pick(clock.now(), &at_hand) else { break };
                    state.running.insert(ticket.job, ticket.model.clone());
                    free.pop();
                    self.moved();
                    // The lane said that it is free, so its channel has room; it is closed only at the end.
                    if lanes[lane].try_send(ticket).is_err() {
                        return;
                    }
                }
                if free.is_empty() { None } else { state.queue.next_ready(clock.now()) }
            };
            let ripe = async {
                match wake_at {
                    Some(at) => clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = ended.cancelled() => return,
                () = self.shared.changed.notified() => {}
                () = ripe => {}
                lane = idle.recv() => match lane {
                    Some(lane) => free.push(lane),
                    None => return,
                },
            }
        }
    }

    /// Notes that a job is no longer under way.
    pub fn finished(&self, job: JobId) {
        self.state().running.remove(&job);
        self.shared.finished.notify_waiters();
        self.moved();
    }

    /// Returns when no job is under way.
    pub async fn idle(&self) {
        loop {
            let finished = self.shared.finished.notified();
            if self.state().running.is_empty() {
                return;
            }
            finished.await;
        }
    }

    /// The jobs under way.
    #[must_use]
    pub fn running(&self) -> Vec<JobId> {
        self.state().running.keys().copied().collect()
    }

    /// The models in memory, and those that jobs under way are about to load.
    fn at_hand(&self, state: &State) -> BTreeSet<String> {
        let mut models = self.shared.residency.at_hand();
        models.extend(state.running.values().filter(|model| !model.is_empty()).cloned());
        models
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        let mut state = self.scheduler.state();
        if let Some(count) = state.promised.get_mut(&self.member) {
            *count -= 1;
            if *count == 0 {
                state.promised.remove(&self.member);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Timestamp,
        engine::residency::{NoModels, ResidencyConfig},
        metrics::Metrics,
    };

    #[test]
    fn every_change_of_places_is_heard() {
        let clock = Clock::manual(Timestamp::from_millis(0));
        let config = ResidencyConfig::default();
        let residency = Residency::new(&config, Arc::new(NoModels), clock.clone(), Metrics::new("0"));
        let scheduler = Scheduler::new(QueueConfig::default(), residency);
        let mut moves = scheduler.moves();
        let member = MemberId::new(clock.now());
        let jobs = [JobId::derived(&[b"1"]), JobId::derived(&[b"2"])];
        let place = |job| scheduler.ahead(&clock).get(&job).map(|ahead| ahead.jobs);
        for (since, job) in (0..).zip(jobs) {
            let since = Timestamp::from_millis(since);
            let (weight, units, model) = (1, 1, String::new());
            scheduler.push(Ticket { job, member, weight, units, model, since, not_before: since });
            assert!(moves.has_changed().unwrap());
            moves.borrow_and_update();
        }
        assert_eq!(jobs.map(place), [Some(0), Some(1)]);
        scheduler.remove(jobs[0]);
        assert!(moves.has_changed().unwrap());
        assert_eq!(jobs.map(place), [None, Some(0)]);
    }
}
