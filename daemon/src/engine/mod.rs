//! The engine: threads that run pipelines, one job at a time each.
//!
//! The threads are the system's, not the runtime's, and run at a lower priority, so that the daemon answers
//! while it paints. Nothing but an [`Assignment`] goes in and nothing but its outcome comes out.

mod control;
mod remaining;
mod thread;

use std::{collections::BTreeMap, sync::Arc};

use atelier_models::{Error, Output, PhotoLimits, Pipeline, thumbnail::Draft};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

pub use self::control::{Control, Progress, Stop};
use crate::{clock::Clock, jobs::job::Work};

/// The numbers of the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineConfig {
    /// How many jobs run at a time.
    pub threads: u32,
    /// How much lower than the daemon's the threads' priority is, 0 to 19 (the system's "nice").
    pub niceness: u32,
    /// Attempts at a job whose failures might pass.
    pub max_attempts: u32,
    /// Pause after the first failed attempt, doubled by each further one, in milliseconds.
    pub retry_pause_ms: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self { threads: 1, niceness: 10, max_attempts: 3, retry_pause_ms: 1_000 }
    }
}

/// The pipelines of one thread, by name.
pub type Pipelines = BTreeMap<&'static str, Box<dyn Pipeline>>;

/// Makes the pipelines of a thread, on that thread.
pub type MakePipelines = Arc<dyn Fn() -> Pipelines + Send + Sync>;

/// Name of the pipeline that paints procedurally.
pub const PROCEDURAL: &str = "procedural";

/// The pipelines that are built in.
#[must_use]
pub fn built_in() -> MakePipelines {
    Arc::new(|| {
        let draft: Box<dyn Pipeline> = Box::new(Draft::new());
        Pipelines::from([(PROCEDURAL, draft)])
    })
}

/// One job for one thread.
pub struct Assignment {
    /// Which pipeline runs it.
    pub pipeline: String,
    /// What to make.
    pub work: Work,
    /// The subject's photo, as uploaded.
    pub photo: Option<Vec<u8>>,
    /// What the photo must keep.
    pub photo_limits: PhotoLimits,
    /// Progress out, stop in.
    pub control: Arc<Control>,
    /// Where the outcome goes.
    pub reply: oneshot::Sender<Result<Vec<Output>, Error>>,
}

/// A handle on one engine thread. Dropping it ends the thread after its job.
#[derive(Debug, Clone)]
pub struct Lane {
    assignments: tokio::sync::mpsc::Sender<Assignment>,
}

impl Lane {
    /// Starts a thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        number: u32,
        niceness: u32,
        clock: Clock,
        pipelines: MakePipelines,
    ) -> std::io::Result<Self> {
        let (assignments, incoming) = tokio::sync::mpsc::channel(1);
        std::thread::Builder::new()
            .name(format!("engine-{number}"))
            .spawn(move || thread::work(incoming, niceness, &clock, &pipelines))?;
        Ok(Self { assignments })
    }

    /// Runs one job to its end.
    ///
    /// # Errors
    /// The pipeline's, and [`Error::Transient`] when the thread is gone.
    pub async fn run(
        &self,
        assignment: impl FnOnce(oneshot::Sender<Result<Vec<Output>, Error>>) -> Assignment,
    ) -> Result<Vec<Output>, Error> {
        let gone = || Error::Transient("the engine has stopped".to_owned());
        let (reply, outcome) = oneshot::channel();
        self.assignments.send(assignment(reply)).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}
