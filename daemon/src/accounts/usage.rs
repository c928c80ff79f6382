//! How often API keys are used: counted in memory, written once a minute.
//!
//! A crash loses at most the last minute of counts, which guard nothing; a write per call would cost a flush each.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Accounts;
use super::api_key::KEYS;
use super::error::AccountsError;
use crate::clock::Timestamp;
use crate::id::KeyId;
use crate::store::StoreError;

/// Keys that are written in one transaction.
const TOGETHER: usize = 256;

/// Calls with API keys since the last write.
#[derive(Default)]
pub(super) struct Usage {
    pending: Mutex<HashMap<KeyId, Calls>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Calls {
    count: u64,
    last_at: Timestamp,
}

impl Usage {
    pub(super) fn count(&self, key: KeyId, now: Timestamp) {
        self.add(key, Calls { count: 1, last_at: now });
    }

    fn add(&self, key: KeyId, more: Calls) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = pending.entry(key).or_insert(Calls { count: 0, last_at: more.last_at });
        calls.count = calls.count.saturating_add(more.count);
        calls.last_at = calls.last_at.max(more.last_at);
    }

    fn take(&self) -> Vec<(KeyId, Calls)> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }
}

impl Accounts {
    /// Writes down how often API keys were used. What can't be written is kept for the next time.
    ///
    /// # Errors
    /// The store's.
    pub async fn flush_usage(&self) -> Result<(), AccountsError> {
        let taken = self.inner.usage.take();
        let mut outcome = Ok(());
        for chunk in taken.chunks(TOGETHER) {
            let chunk = chunk.to_vec();
            let written = chunk.clone();
            let write = self.store().transact(move |tx| {
                for (id, calls) in &written {
                    // A key that is gone needs no count.
                    let Some(mut row) = KEYS.get(tx, id)? else { continue };
                    row.key.call_count = row.key.call_count.saturating_add(calls.count);
                    row.key.last_used_at = row.key.last_used_at.max(Some(calls.last_at));
                    KEYS.put(tx, id, &row)?;
                }
                Ok::<_, StoreError>(())
            });
            if let Err(error) = write.await {
                for (id, calls) in chunk {
                    self.inner.usage.add(id, calls);
                }
                outcome = Err(error.into());
            }
        }
        outcome
    }
}
