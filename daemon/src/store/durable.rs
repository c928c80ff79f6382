//! The durable view: what readers outside a transaction may see.
//!
//! The engine shows a write set as soon as it is applied, which is before it has reached the disk. So the
//! writer first publishes the *old* values of every key it is about to change, and readers prefer these
//! until the write set is durable. The lock is free while the write set goes to the disk, so readers do not
//! wait for a flush; and if it fails the old values stay for good: nobody ever sees what may be lost.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{OnceLock, PoisonError, RwLock};

use super::StoreError;
use super::engine::{Engine, Order, Row, Span, WriteSet};
use super::lock::FolderLock;
use super::mirror::Mirror;

/// The engine, together with what hides its unfinished writes.
pub(super) struct Durable {
    engine: Box<dyn Engine>,
    /// The old values of the write set that is on its way to the disk; empty between batches.
    old: RwLock<WriteSet>,
    /// Why writing stopped; set once.
    stopped: OnceLock<String>,
    /// Released last, when the engine is gone.
    _lock: FolderLock,
}

impl Durable {
    pub(super) fn new(engine: Box<dyn Engine>, lock: FolderLock) -> Durable {
        Durable { engine, old: RwLock::new(WriteSet::new()), stopped: OnceLock::new(), _lock: lock }
    }

    pub(super) fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    pub(super) fn health(&self) -> Result<(), StoreError> {
        self.stopped.get().map_or(Ok(()), |reason| Err(StoreError::Stopped(reason.clone())))
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let old = self.old.read().unwrap_or_else(PoisonError::into_inner);
        old.get(key).map_or_else(|| self.engine.get(key), |value| Ok(value.clone()))
    }

    /// Up to `limit` rows of `span`, all from one durable state.
    pub(super) fn rows(&self, span: &Span, order: Order, limit: usize) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        if limit == 0 || span.is_empty() {
            return Ok(rows);
        }
        let old = self.old.read().unwrap_or_else(PoisonError::into_inner);
        let mut ascending = old.range::<[u8], _>(span.bounds());
        let hidden = std::iter::from_fn(|| match order {
            Order::Ascending => ascending.next(),
            Order::Descending => ascending.next_back(),
        });
        let mut hidden = hidden.peekable();
        let before = |a: &[u8], b: &[u8]| match order {
            Order::Ascending => a < b,
            Order::Descending => a > b,
        };
        self.engine.scan(span, order, &mut |key, value| {
            while let Some((old_key, old_value)) = hidden.next_if(|(old_key, _)| before(old_key, key)) {
                rows.extend(old_value.as_ref().map(|value| (old_key.clone(), value.clone())));
            }
            match hidden.next_if(|(old_key, _)| old_key.as_slice() == key) {
                Some((_, old_value)) => {
                    rows.extend(old_value.as_ref().map(|value| (key.to_vec(), value.clone())));
                }
                None => rows.push((key.to_vec(), value.to_vec())),
            }
            if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if rows.len() < limit {
            rows.extend(hidden.filter_map(|(key, value)| Some((key.clone(), value.clone()?))));
        }
        rows.truncate(limit);
        Ok(rows)
    }

    /// Makes one write set durable, in the engine and then in the mirror, and only then shows it.
    ///
    /// The engine comes first: a mirror that is behind can be repaired from the engine, and a mirror that
    /// is ahead is a sure sign that the engine lost data.
    pub(super) fn commit(
        &self,
        writes: &WriteSet,
        mirror: Option<&mut (dyn Mirror + 'static)>,
    ) -> Result<(), StoreError> {
        self.health()?;
        let write = || {
            self.hide(writes)?;
            self.engine.commit(writes)?;
            mirror.map_or(Ok(()), |mirror| mirror_rows(mirror, writes))
        };
        // A panic in the middle leaves the same doubt as an error, and must be as visible.
        let outcome = catch_unwind(AssertUnwindSafe(write))
            .unwrap_or_else(|_| Err(StoreError::Engine("the engine panicked while writing".to_owned())));
        if let Err(error) = outcome {
            let reason = self.stopped.get_or_init(|| error.to_string());
            tracing::error!(reason, "the store stops: a change could not be made durable");
            return Err(StoreError::Stopped(reason.clone()));
        }
        self.old.write().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    fn hide(&self, writes: &WriteSet) -> Result<(), StoreError> {
        let mut before = WriteSet::new();
        for key in writes.keys() {
            before.insert(key.clone(), self.engine.get(key)?);
        }
        *self.old.write().unwrap_or_else(PoisonError::into_inner) = before;
        Ok(())
    }
}

fn mirror_rows(mirror: &mut dyn Mirror, writes: &WriteSet) -> Result<(), StoreError> {
    let span = Span::prefix(vec![mirror.table()]);
    let rows: Vec<(&[u8], &[u8])> = writes
        .range::<[u8], _>(span.bounds())
        .filter_map(|(key, value)| Some((key.get(1..)?, value.as_deref()?)))
        .collect();
    if rows.is_empty() { Ok(()) } else { mirror.append(&rows) }
}
