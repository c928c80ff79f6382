//! What can go wrong in the store, in words that a person can act on.

use std::path::PathBuf;

/// An error of the store.
///
/// `Busy` may be tried again at once or later. After `Stopped` and `Closed` nothing will be written by this
/// process; whether the refused change reached the disk is only known after the next start, so a caller
/// repeats it under the same id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The bounded queue of the writer is full.
    #[error("the store has too many changes waiting; try again in a moment")]
    Busy,
    /// A write or flush failed, and the store refuses all changes from then on.
    #[error("the store has stopped writing ({0}); check the disk and restart the daemon")]
    Stopped(String),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The change itself panicked; nothing of it was written.
    #[error("a change to the store failed unexpectedly and was not written")]
    Panicked,
    /// A value is larger than the store accepts.
    #[error("a value of {size} bytes is too large for table {table} (limit {limit})")]
    TooLarge {
        /// The table that was written to.
        table: &'static str,
        /// The size of the encoded value.
        size: usize,
        /// The largest size that is accepted.
        limit: usize,
    },
    /// A value could not be encoded.
    #[error("a value for table {table} cannot be encoded: {reason}")]
    Encode {
        /// The table that was written to.
        table: &'static str,
        /// What the encoder said.
        reason: String,
    },
    /// A stored row does not have the shape that this version expects.
    #[error("a row of table {table} cannot be read: {reason}")]
    Corrupt {
        /// The table that was read.
        table: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// Another process has the data folder open.
    #[error("another daemon ({holder}) holds {path}; stop it first or talk to it instead")]
    Locked {
        /// The data folder.
        path: PathBuf,
        /// Who holds it, as far as the lock file says.
        holder: String,
    },
    /// The data was written by a version with another layout.
    #[error("the data has layout {found}, but this version reads layout {wanted}; use the matching version")]
    Schema {
        /// The layout found on disk.
        found: u32,
        /// The layout that this version reads and writes.
        wanted: u32,
    },
    /// The mirror file and the store contradict each other.
    #[error("the journal file does not fit the store: {0}")]
    Mirror(String),
    /// The engine could not be opened or read.
    #[error("the store cannot be read: {0}")]
    Engine(String),
    /// A file beside the engine could not be used.
    #[error("{action} {path}: {reason}")]
    File {
        /// What was tried, as in "cannot create".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl StoreError {
    /// Names the file and the attempt beside what the system said.
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        StoreError::File { action, path: path.into(), reason: error.to_string() }
    }
}
