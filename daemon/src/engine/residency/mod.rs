//! Which models are in memory: loaded when a job wants them, kept for a while, evicted for others.
//!
//! [`Books`] decides, purely: sizes, times and wishes go in, a [`Plan`] comes out. [`Residency`] does what it
//! decides, on the thread of whoever wants a model. Where models come from is a [`Library`].

mod books;
mod handle;
mod key;
mod library;
mod memory;

use serde::{Deserialize, Serialize};

pub use self::{
    books::{Books, Busy, Phase, Place, Plan, Row, TooLarge},
    handle::{Lease, ModelError, Residency, Standing},
    key::ModelKey,
    library::{Installed, Library, Loaded, NoModels, Role},
};

/// Loaded models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResidencyConfig {
    /// Most memory that loaded models may take together, in bytes. The default is half of this machine's memory
    /// (or of what the daemon's control group may use, where that is less).
    pub memory_budget_bytes: u64,
    /// How long a model that nothing uses stays loaded, in seconds.
    pub keep_alive_s: u64,
    /// Models that stay loaded once they are, by name.
    pub pinned: Vec<String>,
}

impl Default for ResidencyConfig {
    fn default() -> Self {
        Self { memory_budget_bytes: memory::half_of_machine(), keep_alive_s: 900, pinned: Vec::new() }
    }
}
