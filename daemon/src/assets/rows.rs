//! The rows of files and of their bytes, changed together inside a transaction.

use super::blob::PinnedBlob;
use super::error::AssetError;
use super::quota;
use super::record::{
    ASSETS, Asset, BLOBS, BlobHash, BlobRow, Listed, MEMBER_ASSETS, ORPHANS, Origin, Orphan, clean_name,
};
use crate::clock::Timestamp;
use crate::id::{AssetId, JobId, MemberId};
use crate::store::{StoreError, Tx};

/// A result that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewResult {
    /// The id it gets; made outside, because transactions are pure.
    pub id: AssetId,
    /// Whose it is.
    pub owner: MemberId,
    /// The job that made it.
    pub job: JobId,
    /// A name for people; may be empty.
    pub file_name: String,
    /// When.
    pub now: Timestamp,
}

/// Keeps a result whose bytes are durable. Repeating it with the same id has no second effect.
///
/// The quota does not refuse it: the work is done. It counts for the next job and upload.
///
/// # Errors
/// The store's.
pub fn commit_result(tx: &mut Tx<'_>, blob: &PinnedBlob, result: &NewResult) -> Result<Asset, StoreError> {
    let asset = asset(
        blob,
        result.id,
        result.owner,
        Origin::Result { job: result.job },
        result.now,
        &result.file_name,
    );
    insert(tx, &asset)?;
    Ok(asset)
}

/// Deletes a file of `owner`; at `now` its bytes begin to wait for their end, if nothing else refers to them.
///
/// # Errors
/// [`AssetError::NotFound`], the store's.
pub fn delete(tx: &mut Tx<'_>, owner: MemberId, id: AssetId, now: Timestamp) -> Result<(), AssetError> {
    let asset = ASSETS.get(tx, &id)?.filter(|asset| asset.owner == owner).ok_or(AssetError::NotFound)?;
    ASSETS.remove(tx, &id)?;
    MEMBER_ASSETS.remove(tx, &(owner, asset.created_at, id))?;
    quota::subtract(tx, owner, asset.size_bytes)?;
    release(tx, asset.blob, now)?;
    Ok(())
}

/// Gives a file of one member to another; whether it was theirs.
pub(super) fn hand_over(
    tx: &mut Tx<'_>,
    id: AssetId,
    from: MemberId,
    to: MemberId,
) -> Result<bool, StoreError> {
    let Some(mut asset) = ASSETS.get(tx, &id)?.filter(|asset| asset.owner == from) else { return Ok(false) };
    MEMBER_ASSETS.remove(tx, &(from, asset.created_at, id))?;
    quota::subtract(tx, from, asset.size_bytes)?;
    asset.owner = to;
    ASSETS.put(tx, &id, &asset)?;
    MEMBER_ASSETS.put(tx, &(to, asset.created_at, id), &Listed { origin: asset.origin.kind() })?;
    quota::add(tx, to, asset.size_bytes)?;
    Ok(true)
}

/// The row of a file with these bytes.
pub(super) fn asset(
    blob: &PinnedBlob,
    id: AssetId,
    owner: MemberId,
    origin: Origin,
    created_at: Timestamp,
    file_name: &str,
) -> Asset {
    let facts = blob.facts();
    Asset {
        id,
        owner,
        blob: blob.hash(),
        media_type: facts.media_type,
        size_bytes: facts.size_bytes,
        width_px: facts.width_px,
        height_px: facts.height_px,
        origin,
        created_at,
        file_name: clean_name(file_name),
    }
}

/// Writes a file that was not there before, its place in the list, its share of the quota and its reference.
pub(super) fn insert(tx: &mut Tx<'_>, asset: &Asset) -> Result<(), StoreError> {
    if ASSETS.get(tx, &asset.id)?.is_some() {
        return Ok(());
    }
    ASSETS.put(tx, &asset.id, asset)?;
    let listed = Listed { origin: asset.origin.kind() };
    MEMBER_ASSETS.put(tx, &(asset.owner, asset.created_at, asset.id), &listed)?;
    quota::add(tx, asset.owner, asset.size_bytes)?;
    refer(tx, asset.blob, asset.size_bytes)
}

fn refer(tx: &mut Tx<'_>, hash: BlobHash, size_bytes: u64) -> Result<(), StoreError> {
    let row = BLOBS.get(tx, &hash)?;
    if let Some(at) = row.and_then(|row| row.orphaned_at) {
        ORPHANS.remove(tx, &(at, hash))?;
    }
    let refs = row.map_or(0, |row| row.refs).saturating_add(1);
    BLOBS.put(tx, &hash, &BlobRow { size_bytes, refs, orphaned_at: None })
}

fn release(tx: &mut Tx<'_>, hash: BlobHash, now: Timestamp) -> Result<(), StoreError> {
    let Some(row) = BLOBS.get(tx, &hash)? else {
        // Rows are written and removed together, so this is damage; the collector treats the file as a stray.
        tracing::error!(%hash, "a file refers to bytes that have no row");
        return Ok(());
    };
    let size_bytes = row.size_bytes;
    match row.refs.saturating_sub(1) {
        0 => {
            ORPHANS.put(tx, &(now, hash), &Orphan { size_bytes })?;
            BLOBS.put(tx, &hash, &BlobRow { size_bytes, refs: 0, orphaned_at: Some(now) })
        }
        refs => BLOBS.put(tx, &hash, &BlobRow { size_bytes, refs, orphaned_at: None }),
    }
}

/// Forgets bytes that have been waiting since `orphaned_at`, unless something refers to them again; true if
/// the file may go.
pub(super) fn forget_orphan(
    tx: &mut Tx<'_>,
    hash: BlobHash,
    orphaned_at: Timestamp,
) -> Result<bool, StoreError> {
    ORPHANS.remove(tx, &(orphaned_at, hash))?;
    match BLOBS.get(tx, &hash)? {
        Some(row) if row.refs == 0 && row.orphaned_at == Some(orphaned_at) => {
            BLOBS.remove(tx, &hash)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
