//! A file on its way in: spooled to disk, then checked, made durable and committed, or gone without a trace.

use std::path::{Path, PathBuf};

use atelier_models::{Photo, PhotoError, PhotoLimits};
use bytes::Bytes;
use tokio::fs::File;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::blob::{BlobFacts, PinnedBlob};
use super::error::AssetError;
use super::record::{ASSETS, Asset, BlobHash, MediaType, Origin, clean_name};
use super::slots::Slot;
use super::{Assets, quota, rows};
use crate::id::{AssetId, MemberId, RequestId};
use crate::once::{self, Digest, OnceError};
use crate::store::Tx;

/// Small pieces are gathered to this size before they go to the disk.
const WRITE_BYTES: usize = 256 << 10;

/// Removes what unfinished uploads left below `folder`, and gives the place for new ones. Blocks.
pub(super) fn clean_folder(folder: &Path) -> std::io::Result<PathBuf> {
    let incoming = folder.join("incoming");
    match std::fs::remove_dir_all(&incoming) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(&incoming)?;
    Ok(incoming)
}

/// An upload that has begun. Dropping it removes everything that has come.
pub struct Incoming {
    assets: Assets,
    member: MemberId,
    request: RequestId,
    file_name: String,
    declared_bytes: u64,
    received_bytes: u64,
    file: BufWriter<File>,
    spool: Spool,
    slot: Slot,
}

pub(super) async fn begin(
    assets: &Assets,
    member: MemberId,
    request: RequestId,
    declared_bytes: u64,
    file_name: &str,
) -> Result<Incoming, AssetError> {
    let limit_bytes = assets.inner.config.max_upload_bytes;
    if declared_bytes == 0 {
        return Err(PhotoError::Empty.into());
    }
    if declared_bytes > limit_bytes {
        return Err(AssetError::TooLarge { size_bytes: declared_bytes, limit_bytes });
    }
    check_quota(assets, member, request, declared_bytes).await?;
    let slot = assets.inner.uploads.take(member)?;
    let spool = Spool { path: assets.inner.incoming.join(uuid::Uuid::new_v4().to_string()) };
    // At once, as a task that is left alone could create the file after the spool has been dropped.
    let file = std::fs::File::create_new(&spool.path).map_err(|error| AssetError::unwritable(&error))?;
    Ok(Incoming {
        assets: assets.clone(),
        member,
        request,
        file_name: clean_name(file_name),
        declared_bytes,
        received_bytes: 0,
        file: BufWriter::with_capacity(WRITE_BYTES, File::from_std(file)),
        spool,
        slot,
    })
}

/// Refuses early what the commit would refuse. A repetition of an upload that was kept already needs no room.
async fn check_quota(
    assets: &Assets,
    member: MemberId,
    request: RequestId,
    declared_bytes: u64,
) -> Result<(), AssetError> {
    let quota_bytes = assets.inner.config.quota_bytes;
    let used = quota::read(&assets.inner.store, member)?;
    if used.fits(declared_bytes, quota_bytes) {
        return Ok(());
    }
    // The content is not known yet: a digest that belongs to nothing tells whether the id was ever used.
    let unknown = Digest::of("upload asset", &[]);
    let seen =
        assets.inner.store.transact(move |tx| once::answered(tx, member, request, &unknown).map(drop)).await;
    match seen {
        Err(OnceError::OtherContent) => Ok(()),
        Err(OnceError::Store(error)) => Err(error.into()),
        Ok(()) => Err(AssetError::OverQuota { used_bytes: used.bytes, quota_bytes }),
    }
}

impl Incoming {
    /// Takes the next piece.
    ///
    /// # Errors
    /// [`AssetError::MoreThanDeclared`], [`AssetError::Unwritable`]; drop the upload then.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), AssetError> {
        let declared_bytes = self.declared_bytes;
        let received_bytes = self.received_bytes.saturating_add(piece.len() as u64);
        if received_bytes > declared_bytes {
            return Err(AssetError::MoreThanDeclared { declared_bytes });
        }
        self.file.write_all(&piece).await.map_err(|error| AssetError::unwritable(&error))?;
        self.received_bytes = received_bytes;
        Ok(())
    }

    /// Checks the picture and keeps it. Repeating an upload under its request id gives the same file.
    ///
    /// # Errors
    /// [`AssetError::LessThanDeclared`], [`AssetError::Picture`], [`AssetError::OverQuota`],
    /// [`AssetError::OtherContent`], [`AssetError::NotFound`] when the file was deleted since,
    /// [`AssetError::Unwritable`], the store's.
    pub async fn finish(self) -> Result<Asset, AssetError> {
        let Incoming { assets, member, request, file_name, declared_bytes, received_bytes, .. } = self;
        let (mut file, spool, _slot) = (self.file, self.spool, self.slot);
        if received_bytes < declared_bytes {
            return Err(AssetError::LessThanDeclared { declared_bytes, received_bytes });
        }
        file.flush().await.map_err(|error| AssetError::unwritable(&error))?;
        drop(file);
        let limits = assets.inner.limits;
        let turn = assets.inner.decoder.turn().await?;
        let (Checked { bytes, facts, hash }, turn) = turn.run(move || check(&spool, limits)).await?;
        let pin = assets.inner.blobs.keep(&assets.inner.store, hash, bytes).await?;
        drop(turn);
        let now = assets.inner.clock.now();
        let blob = PinnedBlob::new(pin, facts);
        let upload = Upload {
            asset: rows::asset(&blob, AssetId::new(now), member, Origin::Upload, now, &file_name),
            request,
            quota_bytes: assets.inner.config.quota_bytes,
            _pinned: blob,
        };
        assets.inner.store.transact(move |tx| upload.commit(tx)).await
    }
}

/// What a spooled file turned out to be.
struct Checked {
    bytes: Bytes,
    facts: BlobFacts,
    hash: BlobHash,
}

/// Reads and decodes the spooled file, and removes it. Blocks.
fn check(spool: &Spool, limits: PhotoLimits) -> Result<Checked, AssetError> {
    let bytes = std::fs::read(&spool.path).map_err(|error| AssetError::unreadable(&error))?;
    let picture = Photo::inspect(&bytes, limits)?;
    let facts = BlobFacts {
        media_type: MediaType::named(picture.media_type).ok_or(PhotoError::UnknownType)?,
        size_bytes: bytes.len() as u64,
        width_px: picture.width,
        height_px: picture.height,
    };
    Ok(Checked { hash: BlobHash::of(&bytes), facts, bytes: Bytes::from(bytes) })
}

/// An upload that is complete and checked.
struct Upload {
    asset: Asset,
    request: RequestId,
    quota_bytes: u64,
    /// The bytes stay while the transaction is on its way.
    _pinned: PinnedBlob,
}

impl Upload {
    fn commit(&self, tx: &mut Tx<'_>) -> Result<Asset, AssetError> {
        let Upload { asset, request, quota_bytes, .. } = self;
        let digest =
            Digest::of("upload asset", &[asset.blob.as_bytes().as_slice(), asset.file_name.as_bytes()]);
        if let Some(answer) = once::answered(tx, asset.owner, *request, &digest)? {
            let id: AssetId = answer.parse().map_err(|_| AssetError::NotFound)?;
            return ASSETS.get(tx, &id)?.ok_or(AssetError::NotFound);
        }
        let used = quota::get(tx, asset.owner)?;
        if !used.fits(asset.size_bytes, *quota_bytes) {
            return Err(AssetError::OverQuota { used_bytes: used.bytes, quota_bytes: *quota_bytes });
        }
        rows::insert(tx, asset)?;
        once::record(tx, asset.owner, *request, digest, asset.id.to_string(), asset.created_at)?;
        Ok(asset.clone())
    }
}

/// A spooled file; removed when dropped.
struct Spool {
    path: PathBuf,
}

impl Drop for Spool {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "an unfinished upload could not be removed; the next start does");
            }
            _ => {}
        }
    }
}
