//! Removes bytes that nothing refers to.
//!
//! The row goes first and the file after it, so a crash between the two leaves a file without a row, which
//! the sweep for strays finds. What is younger than the grace period or pinned stays.

use std::ops::Bound;

use futures::StreamExt as _;

use super::Assets;
use super::blob::Stored;
use super::error::AssetError;
use super::record::{BLOBS, BlobHash, ORPHANS};
use super::rows;
use crate::clock::Timestamp;
use crate::store::Order;

/// How many orphans are read at a time.
const CHUNK_ROWS: usize = 256;

/// What a collection did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Collected {
    /// Files removed because nothing referred to them any more.
    pub orphans: u64,
    /// Files removed because no row had ever named them, or not since a crash.
    pub strays: u64,
    /// What all removed files took.
    pub removed_bytes: u64,
    /// Files that are left.
    pub kept_files: u64,
    /// What these take.
    pub kept_bytes: u64,
    /// Files that do not belong there; they are left alone.
    pub foreign_files: u64,
    /// Files that could not be removed; the next collection tries again.
    pub failed_files: u64,
}

/// Runs as a task of its own: were it dropped while a removal is under way on another thread, the removal
/// could hit a file that has been written anew.
pub(super) async fn collect(assets: Assets, now: Timestamp) -> Result<Collected, AssetError> {
    let task = tokio::spawn(async move {
        let cutoff = now.minus(assets.inner.config.grace());
        let mut report = Collected::default();
        collect_orphans(&assets, cutoff, &mut report).await?;
        collect_strays(&assets, cutoff, &mut report).await?;
        Ok(report)
    });
    task.await.unwrap_or_else(|error| Err(AssetError::unwritable(&error)))
}

async fn collect_orphans(
    assets: &Assets,
    cutoff: Timestamp,
    report: &mut Collected,
) -> Result<(), AssetError> {
    let end = Bound::Excluded((cutoff, BlobHash::MIN));
    let mut start = Bound::Unbounded;
    loop {
        let range = (start, end);
        let rows = ORPHANS.scan(&assets.inner.store, range, Order::Ascending, CHUNK_ROWS)?;
        for ((at, hash), orphan) in &rows {
            if collect_orphan(assets, *hash, *at).await? {
                report.orphans += 1;
                report.removed_bytes += orphan.size_bytes;
            }
        }
        match rows.last() {
            Some((key, _)) if rows.len() == CHUNK_ROWS => start = Bound::Excluded(*key),
            _ => return Ok(()),
        }
    }
}

async fn collect_orphan(assets: &Assets, hash: BlobHash, at: Timestamp) -> Result<bool, AssetError> {
    let _turn = assets.inner.blobs.turn(hash).await;
    if assets.inner.blobs.is_pinned(hash) {
        return Ok(false);
    }
    let forgotten = assets.inner.store.transact(move |tx| rows::forget_orphan(tx, hash, at)).await?;
    // A file that cannot be removed now has become a stray, which the sweep counts.
    Ok(forgotten && assets.inner.blobs.remove(hash).await.is_ok())
}

async fn collect_strays(
    assets: &Assets,
    cutoff: Timestamp,
    report: &mut Collected,
) -> Result<(), AssetError> {
    let mut files = assets.inner.blobs.all();
    while let Some(file) = files.next().await {
        let file = file?;
        match sweep(assets, &file, cutoff).await {
            Ok(Swept::Removed) => {
                report.strays += 1;
                report.removed_bytes += file.size_bytes;
            }
            Ok(Swept::Kept) => {
                report.kept_files += 1;
                report.kept_bytes += file.size_bytes;
            }
            Ok(Swept::Foreign) => report.foreign_files += 1,
            Err(AssetError::Store(error)) => return Err(error.into()),
            Err(_) => report.failed_files += 1,
        }
    }
    Ok(())
}

enum Swept {
    Kept,
    Removed,
    Foreign,
}

async fn sweep(assets: &Assets, file: &Stored, cutoff: Timestamp) -> Result<Swept, AssetError> {
    let Some(hash) = file.hash else { return Ok(Swept::Foreign) };
    let known = |hash| BLOBS.read(&assets.inner.store, &hash).map(|row| row.is_some());
    if file.written_at >= cutoff || known(hash)? {
        return Ok(Swept::Kept);
    }
    let _turn = assets.inner.blobs.turn(hash).await;
    // Somebody may have begun to refer to it meanwhile.
    if assets.inner.blobs.is_pinned(hash) || known(hash)? {
        return Ok(Swept::Kept);
    }
    assets.inner.blobs.remove(hash).await?;
    Ok(Swept::Removed)
}
