//! The engine: threads that run pipelines, one job at a time each.
//!
//! The threads are the system's, not the runtime's, and run at a lower priority, so that the daemon answers
//! while it paints. Nothing but an [`Assignment`] goes in and nothing but its outcome comes out.

mod control;
mod remaining;
pub mod residency;
mod thread;

use std::sync::Arc;

use atelier_models::{Error, Output, PhotoLimits, Pipeline, thumbnail::Draft};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

pub use self::control::{Control, Progress, Stop};
use self::residency::{Loaded, ModelKey, Residency};
use crate::{
    catalogue::{Algorithm, Defaults},
    clock::Clock,
    jobs::job::{Kind, Work},
    metrics::Metrics,
};

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

/// Name of the pipeline that paints procedurally.
pub const PROCEDURAL: &str = "procedural";
/// Name of the pipelines that paint with a diffusion model.
pub const DIFFUSION: &str = "diffusion";

/// How something is made: what the engine has to know of an algorithm.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The kind of thing.
    pub kind: Kind,
    /// The pipeline, [`PROCEDURAL`] or [`DIFFUSION`].
    pub pipeline: String,
    /// The model that it needs; empty for none.
    pub model: String,
    /// What the algorithm fixes. Images have it in their request already; backgrounds of thumbnails need it here.
    pub defaults: Defaults,
}

impl Recipe {
    /// The model that `work` needs: an image has said which LoRAs, under a thumbnail lie the algorithm's.
    #[must_use]
    pub fn key(&self, work: &Work) -> ModelKey {
        let loras = match work {
            Work::Image { loras, .. } => loras,
            Work::Thumbnail { .. } => &self.defaults.loras,
        };
        ModelKey { model: self.model.clone(), loras: loras.clone() }
    }
}

impl From<Algorithm> for Recipe {
    fn from(algorithm: Algorithm) -> Self {
        let defaults = algorithm.usual();
        let Algorithm { kind, pipeline, model, .. } = algorithm;
        Self { kind, pipeline, model, defaults }
    }
}

/// Makes the pipeline for a recipe, with its model where it needs one, on the thread that will run it.
pub type MakePipeline =
    Arc<dyn Fn(&Recipe, Option<Arc<dyn Loaded>>) -> Result<Box<dyn Pipeline>, Error> + Send + Sync>;

/// The pipelines that are built in.
#[must_use]
pub fn built_in() -> MakePipeline {
    Arc::new(|recipe, model| match (recipe.pipeline.as_str(), model) {
        (PROCEDURAL, _) => Ok(Box::new(Draft::new())),
        (DIFFUSION, Some(model)) => model.pipeline(recipe),
        _ => Err(Error::Invalid {
            field: "algorithm",
            problem: format!("needs the pipeline `{}`, which this daemon does not have", recipe.pipeline),
        }),
    })
}

/// Pictures that a job starts from, as uploaded.
#[derive(Debug, Clone, Default)]
pub struct Uploads {
    /// The subject's photo.
    pub photo: Option<Vec<u8>>,
    /// The picture to change.
    pub init: Option<Vec<u8>>,
    /// Where it is changed.
    pub mask: Option<Vec<u8>>,
}

/// One job for one thread.
pub struct Assignment {
    /// How it is made.
    pub recipe: Recipe,
    /// What to make.
    pub work: Work,
    /// What it starts from.
    pub uploads: Uploads,
    /// What uploads must keep.
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
        make: MakePipeline,
        residency: Residency,
        metrics: Metrics,
    ) -> std::io::Result<Self> {
        let (assignments, incoming) = tokio::sync::mpsc::channel(1);
        std::thread::Builder::new()
            .name(format!("engine-{number}"))
            .spawn(move || thread::work(incoming, niceness, &clock, &make, &residency, &metrics))?;
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
