//! Who hears of what. Everything here is news of what is durable already, or progress that never will be.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{broadcast, watch};

use super::job::Job;
use crate::{
    engine::{Control, Progress},
    id::{JobId, MemberId},
};

/// News that a slow watcher may lag behind before it gets a fresh snapshot instead.
const ROOM: usize = 256;

/// One piece of news.
#[derive(Debug, Clone)]
pub enum News {
    /// A job changed; the change is durable.
    Changed(Arc<Job>),
    /// A running job made progress.
    Progress {
        /// Its owner.
        member: MemberId,
        /// The job.
        job: JobId,
        /// How far it is.
        progress: Progress,
    },
}

/// What can be watched of one job that has not ended.
#[derive(Debug, Clone)]
pub struct Live {
    /// Its progress and its stop.
    pub control: Arc<Control>,
    last_event: Arc<watch::Sender<u64>>,
}

impl Live {
    /// Hears the number of the newest event.
    #[must_use]
    pub fn events(&self) -> watch::Receiver<u64> {
        self.last_event.subscribe()
    }
}

/// Where changes are announced.
#[derive(Debug)]
pub struct Hub {
    live: Mutex<HashMap<JobId, Live>>,
    news: broadcast::Sender<News>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { live: Mutex::default(), news: broadcast::Sender::new(ROOM) }
    }
}

impl Hub {
    /// What can be watched of `job`. Ask for it before reading the job, so that no change falls in between, and
    /// [`Hub::forget`] it when the job turns out to have ended.
    #[must_use]
    pub fn live(&self, job: JobId) -> Live {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Live { control: Arc::default(), last_event: Arc::new(watch::Sender::new(0)) };
        live.entry(job).or_insert_with(fresh).clone()
    }

    /// Drops what was kept to watch `job`. Whoever holds it already still hears the last news.
    pub fn forget(&self, job: JobId) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).remove(&job);
    }

    /// Announces a change that is durable.
    pub fn changed(&self, job: Job) {
        let live = self.live(job.id);
        live.last_event.send_if_modified(|last| {
            let newer = job.last_event > *last;
            *last = (*last).max(job.last_event);
            newer
        });
        if job.state.has_ended() {
            self.forget(job.id);
        }
        // Nobody listening is fine.
        self.news.send(News::Changed(Arc::new(job))).ok();
    }

    /// Announces progress.
    pub fn progress(&self, member: MemberId, job: JobId, progress: Progress) {
        self.news.send(News::Progress { member, job, progress }).ok();
    }

    /// Hears all news from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }
}
