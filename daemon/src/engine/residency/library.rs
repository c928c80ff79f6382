//! Where models come from, and what a loaded one can do.

use std::sync::Arc;

use atelier_models::{Error, Pipeline};

use crate::engine::Recipe;

/// A model that can be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its name, by which algorithms refer to it.
    pub name: String,
    /// Its family, such as `stable-diffusion`.
    pub family: String,
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

    /// Reads a model into memory. Blocks, on an engine thread, for as long as it takes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when its files cannot be used, [`Error::Transient`] when another try may go better.
    fn load(&self, name: &str) -> Result<Arc<dyn Loaded>, Error>;

    /// The model of this name.
    fn find(&self, name: &str) -> Option<Installed> {
        self.installed().into_iter().find(|model| model.name == name)
    }
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
}

/// A library without books.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModels;

impl Library for NoModels {
    fn installed(&self) -> Vec<Installed> {
        Vec::new()
    }

    fn load(&self, name: &str) -> Result<Arc<dyn Loaded>, Error> {
        Err(Error::Invalid { field: "model", problem: format!("`{name}` is not installed") })
    }
}
