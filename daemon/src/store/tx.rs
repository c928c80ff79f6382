//! What a change sees and writes: its own overlay over the batch so far, over the engine.

use super::StoreError;
use super::engine::{Engine, WriteSet};

/// One transaction. Reads see its own writes, then everything that was accepted before it.
///
/// A store error raised inside stays with the transaction: even a change that overlooks it is refused.
pub struct Tx<'a> {
    engine: &'a dyn Engine,
    batch: &'a WriteSet,
    writes: WriteSet,
    failure: Option<StoreError>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(engine: &'a dyn Engine, batch: &'a WriteSet) -> Tx<'a> {
        Tx { engine, batch, writes: WriteSet::new(), failure: None }
    }

    pub(super) fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(value) = self.writes.get(key).or_else(|| self.batch.get(key)) {
            return Ok(value.clone());
        }
        self.engine.get(key).map_err(|error| self.fail(error))
    }

    pub(super) fn set(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.writes.insert(key, value);
    }

    /// Remembers `error`, so that the transaction cannot be committed any more.
    pub(super) fn fail(&mut self, error: StoreError) -> StoreError {
        self.failure.get_or_insert(error).clone()
    }

    pub(super) fn into_writes(self) -> Result<WriteSet, StoreError> {
        match self.failure {
            Some(error) => Err(error),
            None => Ok(self.writes),
        }
    }

    pub(super) fn failure(&self) -> Option<&StoreError> {
        self.failure.as_ref()
    }
}
