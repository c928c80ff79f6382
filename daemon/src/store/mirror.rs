//! A second, append-only copy of one table, kept in step by the writer.

use std::ops::ControlFlow;

use super::StoreError;
use super::engine::{Engine, Order, Row, Span};

/// How many rows are copied at a time while a mirror catches up.
const CATCH_UP_ROWS: usize = 1024;

/// Receives every new row of one table whose keys only grow, before the change is acknowledged.
pub trait Mirror: Send + 'static {
    /// The id of the mirrored table.
    fn table(&self) -> u8;

    /// The key of the last complete row, after a torn tail was cut off.
    fn last_key(&mut self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Whether `value`, which the store has under the last key, is what the last row holds.
    fn agrees(&mut self, value: &[u8]) -> Result<bool, StoreError>;

    /// Appends rows, given as key and value in ascending order, and returns when they are durable.
    fn append(&mut self, rows: &[(&[u8], &[u8])]) -> Result<(), StoreError>;
}

/// Appends what the mirror lacks after a crash, and refuses a mirror that knows more than the engine or other things.
pub(super) fn catch_up(engine: &dyn Engine, mirror: &mut dyn Mirror) -> Result<(), StoreError> {
    let table = vec![mirror.table()];
    let mut span = Span::prefix(table.clone());
    let mirrored = mirror.last_key()?.map(|key| [table.as_slice(), &key].concat());
    let stored = rows(engine, &span, Order::Descending, 1)?.pop().map(|(key, _)| key);
    if mirrored > stored {
        return Err(StoreError::Mirror(
            "it has rows that the store lacks, so the store lost data; rebuild the store from the journal"
                .into(),
        ));
    }
    if let Some(key) = mirrored {
        let same = engine.get(&key)?.map_or(Ok(false), |value| mirror.agrees(&value))?;
        if !same {
            return Err(StoreError::Mirror(
                "its last row is another one than the store's, so it belongs to another store; put the right file \
                 back, or move this one away and it is written anew from the store"
                    .into(),
            ));
        }
        span = span.after(&key, Order::Ascending);
    }
    loop {
        let missing = rows(engine, &span, Order::Ascending, CATCH_UP_ROWS)?;
        let Some((last, _)) = missing.last() else { return Ok(()) };
        let parts: Vec<(&[u8], &[u8])> =
            missing.iter().filter_map(|(key, value)| Some((key.get(1..)?, value.as_slice()))).collect();
        mirror.append(&parts)?;
        span = span.after(last, Order::Ascending);
    }
}

fn rows(engine: &dyn Engine, span: &Span, order: Order, limit: usize) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    if span.is_empty() {
        return Ok(rows);
    }
    engine.scan(span, order, &mut |key, value| {
        rows.push((key.to_vec(), value.to_vec()));
        if rows.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(rows)
}
