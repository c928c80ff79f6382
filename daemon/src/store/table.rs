//! Typed tables over the store's bytes.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, ControlFlow, RangeBounds};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec::{Key, KeyPrefix, decode_value, encode_value};
use super::engine::{Order, Span};
use super::{Store, StoreError, Tx};

/// Larger values belong into files; the engine handles them badly.
pub const VALUE_LIMIT_BYTES: usize = 64 << 10;

/// How many rows a streaming scan holds at a time.
const CHUNK_ROWS: usize = 256;

/// Rows of one kind, sorted by key.
pub struct Table<K, V> {
    id: u8,
    name: &'static str,
    rows: PhantomData<fn() -> (K, V)>,
}

impl<K, V> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {} ({})", self.name, self.id)
    }
}

impl<K, V> Table<K, V> {
    /// A table with its number from [`super::TableId`] and a name for messages.
    pub const fn new(id: u8, name: &'static str) -> Table<K, V> {
        assert!(id < u8::MAX, "the last number stays free");
        Table { id, name, rows: PhantomData }
    }

    /// The table's number.
    pub const fn id(&self) -> u8 {
        self.id
    }
}

impl<K: Key, V: Serialize + DeserializeOwned> Table<K, V> {
    /// The value of `key` as the transaction sees it.
    pub fn get(&self, tx: &mut Tx<'_>, key: &K) -> Result<Option<V>, StoreError> {
        let bytes = tx.get(&self.key(key))?;
        bytes.map(|bytes| self.value(&bytes)).transpose().map_err(|error| tx.fail(error))
    }

    /// Writes `value`, replacing what was there.
    pub fn put(&self, tx: &mut Tx<'_>, key: &K, value: &V) -> Result<(), StoreError> {
        let bytes =
            encode_value(value).map_err(|reason| tx.fail(StoreError::Encode { table: self.name, reason }))?;
        if bytes.len() > VALUE_LIMIT_BYTES {
            let (size, limit) = (bytes.len(), VALUE_LIMIT_BYTES);
            return Err(tx.fail(StoreError::TooLarge { table: self.name, size, limit }));
        }
        tx.set(self.key(key), Some(bytes));
        Ok(())
    }

    /// Removes `key`; a missing one is no error.
    pub fn remove(&self, tx: &mut Tx<'_>, key: &K) -> Result<(), StoreError> {
        tx.set(self.key(key), None);
        Ok(())
    }

    /// The durable value of `key`, outside a transaction.
    pub fn read(&self, store: &Store, key: &K) -> Result<Option<V>, StoreError> {
        store.durable().get(&self.key(key))?.map(|bytes| self.value(&bytes)).transpose()
    }

    /// Up to `limit` durable rows of `range`.
    pub fn scan(
        &self,
        store: &Store,
        range: impl RangeBounds<K>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<(K, V)>, StoreError> {
        self.collect(store, &self.span(&range), order, limit)
    }

    /// Up to `limit` durable rows whose keys begin with `prefix`.
    pub fn scan_prefix(
        &self,
        store: &Store,
        prefix: &impl KeyPrefix<K>,
        order: Order,
        limit: usize,
    ) -> Result<Vec<(K, V)>, StoreError> {
        self.collect(store, &self.prefix_span(prefix), order, limit)
    }

    /// Visits the durable rows of `range` one by one, in bounded memory, until the visitor breaks.
    ///
    /// Rows are fetched in chunks. Each chunk is one durable state, but changes may become visible between
    /// chunks; for one state throughout, call it inside [`Store::at_rest`].
    pub fn visit(
        &self,
        store: &Store,
        range: impl RangeBounds<K>,
        order: Order,
        visit: impl FnMut(K, V) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.stream(store, self.span(&range), order, visit)
    }

    /// Like [`Table::visit`], for the keys that begin with `prefix`.
    pub fn visit_prefix(
        &self,
        store: &Store,
        prefix: &impl KeyPrefix<K>,
        order: Order,
        visit: impl FnMut(K, V) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.stream(store, self.prefix_span(prefix), order, visit)
    }

    /// Reads a value from its bytes, as a mirror gets them.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Result<V, StoreError> {
        self.value(bytes)
    }

    fn collect(
        &self,
        store: &Store,
        span: &Span,
        order: Order,
        limit: usize,
    ) -> Result<Vec<(K, V)>, StoreError> {
        let rows = store.durable().rows(span, order, limit)?;
        rows.iter().map(|(key, value)| self.row(key, value)).collect()
    }

    fn stream(
        &self,
        store: &Store,
        mut span: Span,
        order: Order,
        mut visit: impl FnMut(K, V) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        loop {
            let rows = store.durable().rows(&span, order, CHUNK_ROWS)?;
            for (key, value) in &rows {
                let (key, value) = self.row(key, value)?;
                if let ControlFlow::Break(()) = visit(key, value) {
                    return Ok(());
                }
            }
            match rows.last() {
                Some((last, _)) if rows.len() == CHUNK_ROWS => span = span.after(last, order),
                _ => return Ok(()),
            }
        }
    }

    fn key(&self, key: &K) -> Vec<u8> {
        let mut bytes = vec![self.id];
        key.encode(&mut bytes);
        bytes
    }

    fn span(&self, range: &impl RangeBounds<K>) -> Span {
        let start = match range.start_bound() {
            Bound::Included(key) => Bound::Included(self.key(key)),
            Bound::Excluded(key) => Bound::Excluded(self.key(key)),
            Bound::Unbounded => Bound::Included(vec![self.id]),
        };
        let end = match range.end_bound() {
            Bound::Included(key) => Bound::Included(self.key(key)),
            Bound::Excluded(key) => Bound::Excluded(self.key(key)),
            Bound::Unbounded => Bound::Excluded(vec![self.id.saturating_add(1)]),
        };
        Span { start, end }
    }

    fn prefix_span(&self, prefix: &impl KeyPrefix<K>) -> Span {
        let mut bytes = vec![self.id];
        prefix.encode_prefix(&mut bytes);
        Span::prefix(bytes)
    }

    fn row(&self, key: &[u8], value: &[u8]) -> Result<(K, V), StoreError> {
        let decoded = key.get(1..).and_then(K::decode);
        let key = decoded.ok_or_else(|| self.corrupt("its key has another shape".to_owned()))?;
        Ok((key, self.value(value)?))
    }

    fn value(&self, bytes: &[u8]) -> Result<V, StoreError> {
        decode_value(bytes).map_err(|reason| self.corrupt(reason))
    }

    fn corrupt(&self, reason: String) -> StoreError {
        StoreError::Corrupt { table: self.name, reason }
    }
}
