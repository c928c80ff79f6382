//! A member's transfers, newest first.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::transfer::{Kind, Transfer};
use super::{JOURNAL, MEMBER_TRANSFERS};
use crate::clock::Timestamp;
use crate::id::MemberId;
use crate::store::{Order, Store};

/// The most transfers that one page holds.
const PAGE_LIMIT: usize = 500;

/// What the list needs to know to skip a transfer without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IndexRow {
    pub(super) kind: Kind,
    pub(super) at: Timestamp,
}

/// Which transfers are wanted; nothing set means all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TransferFilter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// Which part of the list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only transfers with a smaller sequence: the `next` of the page before.
    pub before: Option<u64>,
    /// How many; at most 500 are given.
    pub limit: usize,
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferPage {
    /// The transfers, newest first.
    pub transfers: Vec<Transfer>,
    /// Where the next page begins, if there may be one.
    pub next: Option<u64>,
}

/// A page of the transfers of `member`, newest first.
pub fn transfers(
    store: &Store,
    member: MemberId,
    filter: &TransferFilter,
    page: Page,
) -> Result<TransferPage, LedgerError> {
    let limit = page.limit.clamp(1, PAGE_LIMIT);
    let range = (member, 0)..(member, page.before.unwrap_or(u64::MAX));
    let mut sequences = Vec::new();
    MEMBER_TRANSFERS.visit(store, range, Order::Descending, |(_, sequence), row| {
        if filter.wants(&row) {
            sequences.push(sequence);
        }
        // One more than asked for tells whether there is a next page.
        if sequences.len() <= limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let missing = |sequence| LedgerError::Damaged(format!("transfer {sequence} is missing"));
    let read = |sequence: &u64| JOURNAL.read(store, sequence)?.ok_or_else(|| missing(*sequence));
    let more = sequences.len() > limit;
    sequences.truncate(limit);
    let next = sequences.last().copied().filter(|_| more);
    let transfers = sequences.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(TransferPage { transfers, next })
}

impl TransferFilter {
    fn wants(&self, row: &IndexRow) -> bool {
        self.kind.is_none_or(|kind| kind == row.kind)
            && self.from.is_none_or(|from| row.at >= from)
            && self.to.is_none_or(|to| row.at < to)
    }
}
