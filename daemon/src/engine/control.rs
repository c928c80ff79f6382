//! What a running job and its owner tell each other.

use std::sync::atomic::{AtomicU8, Ordering};

use atelier_models::Stage;
use tokio::sync::watch;

/// Why a job shall stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Somebody cancelled it.
    Cancel,
    /// The daemon stops; the job is queued again.
    Drain,
}

/// How far a job is. Latest wins; never stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Share that is done, 0 to 1.
    pub fraction: f32,
    /// Which picture, from 0.
    pub variant: u32,
    /// Denoising steps done and wanted; both 0 where there are none.
    pub steps: (u32, u32),
    /// Estimated time until the end, in milliseconds; 0 while it is not known.
    pub remaining_ms: u32,
    /// A small JPEG of it, the newest there is.
    pub preview: Option<std::sync::Arc<[u8]>>,
}

const GO_ON: u8 = 0;
const CANCEL: u8 = 1;
const DRAIN: u8 = 2;

/// Progress out, stop in. Shared by a job's thread and everybody who watches it.
#[derive(Debug)]
pub struct Control {
    stop: AtomicU8,
    progress: watch::Sender<Option<Progress>>,
}

impl Default for Control {
    fn default() -> Self {
        Self { stop: AtomicU8::new(GO_ON), progress: watch::Sender::new(None) }
    }
}

impl Control {
    /// Asks the job to stop at its next step. A cancel outranks a drain.
    pub fn stop(&self, why: Stop) {
        match why {
            Stop::Cancel => self.stop.store(CANCEL, Ordering::Release),
            Stop::Drain => {
                // Someone may have cancelled first; that stays.
                self.stop.compare_exchange(GO_ON, DRAIN, Ordering::AcqRel, Ordering::Acquire).ok();
            }
        }
    }

    /// Whether it shall stop, and why.
    #[must_use]
    pub fn stopped(&self) -> Option<Stop> {
        match self.stop.load(Ordering::Acquire) {
            CANCEL => Some(Stop::Cancel),
            DRAIN => Some(Stop::Drain),
            _ => None,
        }
    }

    /// Tells how far the job is.
    pub fn report(&self, progress: Progress) {
        self.progress.send_replace(Some(progress));
    }

    /// Hears how far the job is.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<Progress>> {
        self.progress.subscribe()
    }
}
