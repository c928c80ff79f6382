//! The border to an ordered key-value engine: three verbs over plain bytes.
//!
//! The writer above serialises all changes, so an engine needs no transactions of its own: it applies one
//! plain write set atomically and makes it durable. An engine that several daemons share must fence them
//! (one writer at a time) when it is opened.

use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};

use super::StoreError;

/// Key to new value, or to `None` where the key is removed.
pub type WriteSet = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A row as bytes.
pub(super) type Row = (Vec<u8>, Vec<u8>);

/// Receives one row; breaking ends the scan.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'a;

/// An ordered key-value engine below the store.
pub trait Engine: Send + Sync + 'static {
    /// The value of `key`.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Visits the rows of `span` in `order` until the visitor breaks.
    fn scan(&self, span: &Span, order: Order, visit: &mut Visit<'_>) -> Result<(), StoreError>;

    /// Applies the whole set or nothing, and returns only when it would survive a power cut.
    fn commit(&self, writes: &WriteSet) -> Result<(), StoreError>;
}

/// The direction of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest key first.
    Ascending,
    /// Largest key first.
    Descending,
}

/// A range of encoded keys that is never inverted unless it says so in [`Span::is_empty`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The lower end.
    pub start: Bound<Vec<u8>>,
    /// The upper end.
    pub end: Bound<Vec<u8>>,
}

impl Span {
    /// All keys that begin with `prefix`.
    pub fn prefix(prefix: Vec<u8>) -> Span {
        let end = successor(&prefix).map_or(Bound::Unbounded, Bound::Excluded);
        Span { start: Bound::Included(prefix), end }
    }

    /// Whether no key can lie inside; ordered maps refuse such ranges.
    pub fn is_empty(&self) -> bool {
        match (&self.start, &self.end) {
            (Bound::Included(start), Bound::Included(end)) => start > end,
            (
                Bound::Included(start) | Bound::Excluded(start),
                Bound::Excluded(end) | Bound::Included(end),
            ) => start >= end,
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        }
    }

    /// What is left of the span behind `key` in the direction of `order`.
    pub fn after(&self, key: &[u8], order: Order) -> Span {
        let edge = Bound::Excluded(key.to_vec());
        match order {
            Order::Ascending => Span { start: edge, end: self.end.clone() },
            Order::Descending => Span { start: self.start.clone(), end: edge },
        }
    }

    /// The span as the pair of bounds that ordered maps take.
    pub fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (as_slice(&self.start), as_slice(&self.end))
    }
}

fn as_slice(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    match bound {
        Bound::Included(key) => Bound::Included(key),
        Bound::Excluded(key) => Bound::Excluded(key),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// The smallest key above everything that begins with `prefix`.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut next = prefix[..=last].to_vec();
    next[last] += 1;
    Some(next)
}
