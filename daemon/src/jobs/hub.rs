//! Who hears of what. Everything here is news of what is durable already, or progress that never will be.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
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

/// What can be watched of one job. It exists as long as somebody holds it: the runner of the job, or a watcher.
#[derive(Debug)]
pub struct Live {
    /// The job's progress and its stop.
    pub control: Arc<Control>,
    last_event: watch::Sender<u64>,
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
    live: Mutex<HashMap<JobId, Weak<Live>>>,
    news: broadcast::Sender<News>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { live: Mutex::default(), news: broadcast::Sender::new(ROOM) }
    }
}

impl Hub {
    /// What can be watched of `job`. Hold it before reading the job, so that no change falls in between.
    #[must_use]
    pub fn live(&self, job: JobId) -> Arc<Live> {
        let mut map = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(live) = map.get(&job).and_then(Weak::upgrade) {
            return live;
        }
        // What nobody holds any more goes now, so the map stays as small as what is watched and run.
        map.retain(|_, live| live.strong_count() > 0);
        let live = Arc::new(Live { control: Arc::default(), last_event: watch::Sender::new(0) });
        map.insert(job, Arc::downgrade(&live));
        live
    }

    /// Announces a change that is durable. One that was overtaken by a newer one is not news any more.
    pub fn changed(&self, job: Job) {
        let live = {
            let map = self.live.lock().unwrap_or_else(PoisonError::into_inner);
            map.get(&job.id).and_then(Weak::upgrade)
        };
        if let Some(live) = live {
            let overtaken = *live.last_event.borrow() > job.last_event;
            if overtaken {
                return;
            }
            live.last_event.send_replace(job.last_event);
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
