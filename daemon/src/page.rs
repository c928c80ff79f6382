//! Lists in pages: how many rows, and where the last page ended.
//!
//! A token is the key of the last row that was shown, behind the number of its table, so a page never depends
//! on how many rows were added meanwhile. It is opaque to clients, but no secret: whoever lists checks that the
//! rows belong to the caller, whatever the token says.

use std::ops::{Bound, ControlFlow, RangeBounds};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{Key, KeyPrefix, Order, Store, StoreError, Table};

/// Rows on a page when the caller does not say.
const USUAL_SIZE: usize = 50;
/// Most rows on a page.
const LARGEST_SIZE: usize = 200;
/// No key of a list is longer, so no honest token is either.
const LONGEST_TOKEN: usize = 1024;
/// A search looks at this many rows before it hands back what it has, so that a page costs a bounded time.
const LOOKED_AT: usize = 10_000;

/// Why a page can't be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// The size is out of bounds.
    #[error("a page has 1 to {LARGEST_SIZE} rows (0 means {USUAL_SIZE}), not {0}")]
    Size(u32),
    /// The token does not come from this list.
    #[error("this page_token does not belong to this list; leave it empty to start from the first page")]
    Token,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    size: usize,
    after: Option<Vec<u8>>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The token of the next page; empty when this is the last.
    pub next: String,
}

impl<T> Listed<T> {
    /// The page with each row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}

impl Page {
    /// Parses what a client sent: a size (0 means the usual one) and a token (empty means from the start).
    ///
    /// # Errors
    /// [`PageError::Size`] and [`PageError::Token`].
    pub fn parse(size: u32, token: &str) -> Result<Page, PageError> {
        let wanted = match size {
            0 => USUAL_SIZE,
            _ => usize::try_from(size).map_err(|_| PageError::Size(size))?,
        };
        if wanted > LARGEST_SIZE {
            return Err(PageError::Size(size));
        }
        let after = match token {
            "" => None,
            _ if token.len() > LONGEST_TOKEN => return Err(PageError::Token),
            _ => Some(BASE64.decode(token).map_err(|_| PageError::Token)?),
        };
        Ok(Page { size: wanted, after })
    }

    /// The first page of the largest size.
    #[must_use]
    pub fn largest() -> Page {
        Page { size: LARGEST_SIZE, after: None }
    }

    /// How many rows the page may have.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// The key behind which the page begins, if it is not the first.
    ///
    /// # Errors
    /// [`PageError::Token`] when the token was made for another list.
    pub fn after<K: Key, V>(&self, table: &Table<K, V>) -> Result<Option<K>, PageError> {
        let Some(token) = &self.after else { return Ok(None) };
        match token.split_first() {
            Some((id, key)) if *id == table.id() => K::decode(key).map(Some).ok_or(PageError::Token),
            _ => Err(PageError::Token),
        }
    }

    /// A page of the rows of `range` that `wanted` accepts.
    ///
    /// A page may be shorter than asked for and still have a next one, when much was looked at and little found.
    ///
    /// # Errors
    /// [`PageError::Token`] and the store's.
    pub fn list<K, V, T>(
        &self,
        store: &Store,
        table: &Table<K, V>,
        range: impl RangeBounds<K>,
        order: Order,
        wanted: impl FnMut(&K, V) -> Option<T>,
    ) -> Result<Listed<T>, PageError>
    where
        K: Key,
        V: Serialize + DeserializeOwned,
    {
        let after = self.after(table)?;
        if after.as_ref().is_some_and(|key| !contains(&range, key)) {
            return Err(PageError::Token);
        }
        let after = after.as_ref();
        let bounds = match (after, order) {
            (None, _) => (range.start_bound(), range.end_bound()),
            (Some(key), Order::Ascending) => (Bound::Excluded(key), range.end_bound()),
            (Some(key), Order::Descending) => (range.start_bound(), Bound::Excluded(key)),
        };
        let mut taker = Taker::new(self.size, table.id(), wanted);
        table.visit(store, Span(bounds), order, |key, value| taker.take(&key, value))?;
        Ok(taker.listed())
    }

    /// A page of the rows whose keys begin with `prefix`, such as all that belong to one member.
    ///
    /// # Errors
    /// [`PageError::Token`] and the store's.
    pub fn list_prefix<K, V, T>(
        &self,
        store: &Store,
        table: &Table<K, V>,
        prefix: &impl KeyPrefix<K>,
        order: Order,
        wanted: impl FnMut(&K, V) -> Option<T>,
    ) -> Result<Listed<T>, PageError>
    where
        K: Key,
        V: Serialize + DeserializeOwned,
    {
        let mut taker = Taker::new(self.size, table.id(), wanted);
        let Some(after) = self.after(table)? else {
            table.visit_prefix(store, prefix, order, |key, value| taker.take(&key, value))?;
            return Ok(taker.listed());
        };
        let mut begins = Vec::new();
        prefix.encode_prefix(&mut begins);
        if !encoded(&after).starts_with(&begins) {
            return Err(PageError::Token);
        }
        let bounds = match order {
            Order::Ascending => (Bound::Excluded(&after), Bound::Unbounded),
            Order::Descending => (Bound::Unbounded, Bound::Excluded(&after)),
        };
        table.visit(store, Span(bounds), order, |key, value| {
            if !encoded(&key).starts_with(&begins) {
                return ControlFlow::Break(());
            }
            taker.take(&key, value)
        })?;
        Ok(taker.listed())
    }
}

/// Collects a page, and one row more to know whether there is a next one.
struct Taker<F, T> {
    size: usize,
    table: u8,
    wanted: F,
    looked_at: usize,
    last: Vec<u8>,
    items: Vec<T>,
    more: bool,
}

impl<F, T> Taker<F, T> {
    fn new(size: usize, table: u8, wanted: F) -> Self {
        Taker { size, table, wanted, looked_at: 0, last: Vec::new(), items: Vec::new(), more: false }
    }

    fn take<K: Key, V>(&mut self, key: &K, value: V) -> ControlFlow<()>
    where
        F: FnMut(&K, V) -> Option<T>,
    {
        if self.looked_at == LOOKED_AT {
            self.more = true;
            return ControlFlow::Break(());
        }
        self.looked_at += 1;
        let item = (self.wanted)(key, value);
        if item.is_some() && self.items.len() == self.size {
            self.more = true;
            return ControlFlow::Break(());
        }
        self.items.extend(item);
        self.last = encoded(key);
        ControlFlow::Continue(())
    }

    fn listed(self) -> Listed<T> {
        let next = match self.more {
            true => BASE64.encode([&[self.table], self.last.as_slice()].concat()),
            false => String::new(),
        };
        Listed { items: self.items, next }
    }
}

fn encoded<K: Key>(key: &K) -> Vec<u8> {
    let mut bytes = Vec::new();
    key.encode(&mut bytes);
    bytes
}

/// A pair of borrowed bounds, as a range of keys.
struct Span<'a, K>((Bound<&'a K>, Bound<&'a K>));

impl<K> RangeBounds<K> for Span<'_, K> {
    fn start_bound(&self) -> Bound<&K> {
        self.0.0
    }

    fn end_bound(&self) -> Bound<&K> {
        self.0.1
    }
}

/// Whether a key lies in a range, by the order of the store rather than by `Ord`.
fn contains<K: Key>(range: &impl RangeBounds<K>, key: &K) -> bool {
    let key = encoded(key);
    let behind_start = match range.start_bound() {
        Bound::Included(start) => key >= encoded(start),
        Bound::Excluded(start) => key > encoded(start),
        Bound::Unbounded => true,
    };
    let before_end = match range.end_bound() {
        Bound::Included(end) => key <= encoded(end),
        Bound::Excluded(end) => key < encoded(end),
        Bound::Unbounded => true,
    };
    behind_start && before_end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    static NUMBERS: Table<u64, u64> = Table::new(210, "numbers");
    static OTHERS: Table<u64, u64> = Table::new(211, "others");
    static PAIRS: Table<(u8, u64), u64> = Table::new(212, "pairs");

    fn filled() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let fill = |tx: &mut crate::store::Tx<'_>| {
            for number in 0..7 {
                NUMBERS.put(tx, &number, &(number * 10))?;
                for group in [1, 2, 3] {
                    PAIRS.put(tx, &(group, number), &number)?;
                }
            }
            Ok::<_, StoreError>(())
        };
        store.transact_blocking(fill).unwrap();
        (folder, store)
    }

    fn walk(mut list: impl FnMut(&Page) -> Listed<u64>) -> Vec<Vec<u64>> {
        let mut pages = Vec::new();
        let mut token = String::new();
        loop {
            let listed = list(&Page::parse(3, &token).unwrap());
            pages.push(listed.items);
            token = listed.next;
            if token.is_empty() {
                return pages;
            }
        }
    }

    #[test]
    fn pages_follow_each_other_in_both_directions() {
        let (_folder, store) = filled();
        let all = |order| walk(|page| page.list(&store, &NUMBERS, .., order, |key, _| Some(*key)).unwrap());
        assert_eq!(all(Order::Ascending), [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
        assert_eq!(all(Order::Descending), [vec![6, 5, 4], vec![3, 2, 1], vec![0]]);
        let even = walk(|page| {
            let even = |key: &u64, _| key.is_multiple_of(2).then_some(*key);
            page.list(&store, &NUMBERS, 1.., Order::Ascending, even).unwrap()
        });
        assert_eq!(even, [[2, 4, 6]]);
        let mine =
            |order| walk(|page| page.list_prefix(&store, &PAIRS, &2, order, |key, _| Some(key.1)).unwrap());
        assert_eq!(mine(Order::Ascending), [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
        assert_eq!(mine(Order::Descending), [vec![6, 5, 4], vec![3, 2, 1], vec![0]]);
    }

    #[test]
    fn sizes_and_foreign_tokens_are_refused() {
        let (_folder, store) = filled();
        assert_eq!(Page::parse(0, "").unwrap().size(), 50);
        assert_eq!(Page::parse(201, ""), Err(PageError::Size(201)));
        assert_eq!(Page::parse(1, "not base64!"), Err(PageError::Token));
        assert_eq!(Page::parse(1, &"A".repeat(5000)), Err(PageError::Token));
        let first = Page::parse(2, "").unwrap();
        let next = first.list(&store, &NUMBERS, .., Order::Ascending, |key, _| Some(*key)).unwrap().next;
        let page = Page::parse(2, &next).unwrap();
        let other = page.list(&store, &OTHERS, .., Order::Ascending, |key, _| Some(*key));
        assert_eq!(other, Err(PageError::Token));
        let outside = page.list(&store, &NUMBERS, 5.., Order::Ascending, |key, _| Some(*key));
        assert_eq!(outside, Err(PageError::Token));
        let next = first.list_prefix(&store, &PAIRS, &1, Order::Ascending, |key, _| Some(*key)).unwrap().next;
        let page = Page::parse(2, &next).unwrap();
        let foreign = page.list_prefix(&store, &PAIRS, &2, Order::Ascending, |key, _| Some(*key));
        assert_eq!(foreign, Err(PageError::Token));
    }
}
