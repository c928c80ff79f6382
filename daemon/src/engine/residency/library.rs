//! Where models come from, and what a loaded one can do.

use std::sync::Arc;

use atelier_models::{Error, Pipeline, language::Language};

use super::ModelKey;
use crate::engine::Recipe;

/// What an installed model does for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It paints. LoRAs for its family are merged into it.
    Paints,
    /// It is merged into models of this family; none where only merging shows what it fits.
    Lora {
        /// The family.
        base: Option<String>,
    },
    /// It draws previews.
    Previews,
    /// It reads conversations.
    Reads,
    /// Nothing: why it can't be used.
    Unusable(String),
}

/// A model that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its name, by which algorithms refer to it.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// Its family, such as `stable-diffusion`.
    pub family: String,
    /// Whether every file was read whole and is the one that was installed.
    pub verified: bool,
    /// Its licence (SPDX where there is one).
    pub licence: String,
    /// Whether its licence allows commercial use.
    pub commercial_use: bool,
    /// What it honestly is, in one line.
    pub summary: String,
    /// Size on disk.
    pub disk_bytes: u64,
    /// What it will take in memory, estimated from its files; the true size is learnt by loading it.
    pub memory_bytes: u64,
}

/// The models of this daemon.
pub trait Library: Send + Sync {
    /// What is installed now, by name. Asked at every submit, so it must be cheap; what is installed while the
    /// daemon runs appears here.
    fn installed(&self) -> Vec<Installed>;

    /// Reads a model into memory, with its LoRAs. Blocks, on an engine thread, for as long as it takes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when its files cannot be used, [`Error::Transient`] when another try may go better.
    fn load(&self, key: &ModelKey) -> Result<Arc<dyn Loaded>, Error>;
}

/// A model in memory. Dropping the last reference frees it.
pub trait Loaded: Send + Sync {
    /// What it takes in memory, in bytes.
    fn bytes(&self) -> u64;

    /// What makes the things of `recipe` with it. Made for one job and dropped after it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it cannot make such things.
    fn pipeline(self: Arc<Self>, recipe: &Recipe) -> Result<Box<dyn Pipeline>, Error>;

    /// The language model that it is, where it is one.
    fn language(&self) -> Option<&Language> {
        None
    }
}

/// A library without books.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModels;

impl Library for NoModels {
    fn installed(&self) -> Vec<Installed> {
        Vec::new()
    }

    fn load(&self, key: &ModelKey) -> Result<Arc<dyn Loaded>, Error> {
        Err(Error::Invalid { field: "model", problem: format!("`{}` is not installed", key.model) })
    }
}
