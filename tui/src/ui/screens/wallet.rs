//! Credits.

use super::{
    super::model::{Fault, Transfer, TransferKind},
    List, Remote,
};

/// The wallet's history; the balance itself belongs to the whole interface.
#[derive(Debug, Default)]
pub(crate) struct WalletScreen {
    /// Transfers, newest first.
    pub(crate) transfers: Remote<Transfer>,
    /// Selection among them.
    pub(crate) list: List,
    /// Only this kind.
    pub(crate) kind: Option<TransferKind>,
    /// Why the balance could not be had.
    pub(crate) fault: Option<Fault>,
}

impl WalletScreen {
    /// The next kind to filter by; after the last, all.
    pub(crate) fn next_kind(&self) -> Option<TransferKind> {
        let place = self.kind.and_then(|kind| TransferKind::ALL.iter().position(|other| *other == kind));
        TransferKind::ALL.get(place.map_or(0, |place| place + 1)).copied()
    }
}
