//! What each member's files take together.

use serde::{Deserialize, Serialize};

use crate::id::MemberId;
use crate::store::{Store, StoreError, Table, TableId, Tx};

static USE: Table<MemberId, Usage> = Table::new(TableId::AssetUse as u8, "asset_use");

/// What a member's files take. Files with equal bytes count once each: what others keep is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Their bytes.
    pub bytes: u64,
    /// How many there are.
    pub files: u64,
}

impl Usage {
    /// Whether `more_bytes` still fit.
    pub(super) const fn fits(self, more_bytes: u64, quota_bytes: u64) -> bool {
        self.bytes.saturating_add(more_bytes) <= quota_bytes
    }
}

/// The durable use of a member.
pub(super) fn read(store: &Store, member: MemberId) -> Result<Usage, StoreError> {
    Ok(USE.read(store, &member)?.unwrap_or_default())
}

/// The use of a member as a transaction sees it.
pub(super) fn get(tx: &mut Tx<'_>, member: MemberId) -> Result<Usage, StoreError> {
    Ok(USE.get(tx, &member)?.unwrap_or_default())
}

/// Counts a file that was kept.
pub(super) fn add(tx: &mut Tx<'_>, member: MemberId, size_bytes: u64) -> Result<(), StoreError> {
    let used = get(tx, member)?;
    let usage = Usage { bytes: used.bytes.saturating_add(size_bytes), files: used.files.saturating_add(1) };
    USE.put(tx, &member, &usage)
}

/// Forgets a file that was deleted.
pub(super) fn subtract(tx: &mut Tx<'_>, member: MemberId, size_bytes: u64) -> Result<(), StoreError> {
    let used = get(tx, member)?;
    let usage = Usage { bytes: used.bytes.saturating_sub(size_bytes), files: used.files.saturating_sub(1) };
    if usage.files == 0 { USE.remove(tx, &member) } else { USE.put(tx, &member, &usage) }
}
