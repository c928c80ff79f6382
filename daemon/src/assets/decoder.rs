//! Decodes on threads that may block, a few pictures at a time: each may take a lot of memory.

use std::sync::Arc;

use atelier_models::PhotoError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::AssetError;

/// Gives turns for decoding.
pub(super) struct Decoder {
    turns: Arc<Semaphore>,
}

/// The right to hold a picture in memory and to decode it; given back when dropped.
pub(super) struct Turn {
    permit: OwnedSemaphorePermit,
}

impl Decoder {
    pub(super) fn new(at_once: usize) -> Decoder {
        Decoder { turns: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// Waits for a turn. Take it before reading the bytes, and keep it for as long as they are held.
    pub(super) async fn turn(&self) -> Result<Turn, AssetError> {
        let permit = Arc::clone(&self.turns).acquire_owned().await;
        permit.map(|permit| Turn { permit }).map_err(|_| AssetError::Busy)
    }
}

impl Turn {
    /// Runs `work` and gives the turn back to its caller. What panics is a damaged picture: decoders are
    /// other people's code, and the pictures are strangers'.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, AssetError> + Send + 'static,
    ) -> Result<(T, Turn), AssetError> {
        let Turn { permit } = self;
        // The permit goes along, so that it lasts as long as the work even if nobody waits any more.
        let task = tokio::task::spawn_blocking(move || work().map(|done| (done, Turn { permit })));
        task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "decoding a picture failed unexpectedly");
            Err(PhotoError::Damaged.into())
        })
    }
}
