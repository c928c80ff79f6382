//! Files: photos that people send and pictures that were made.
//!
//! Bytes are kept once per content, by hash; a file is a row with a random id, an owner and a reference to
//! its bytes. Nothing here knows the wire, credits or how a picture is made.
//!
//! A result takes two steps, so that it can share the transaction of what it belongs to:
//! [`Assets::store_result`] makes its bytes durable and pins them, then [`commit_result`] refers to them
//! inside the caller's transaction.

mod blob;
mod config;
mod decoder;
mod error;
mod gc;
mod link;
mod preview;
mod quota;
mod record;
mod rows;
mod slots;
#[cfg(test)]
pub(crate) mod tests;
mod upload;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use atelier_models::PhotoLimits;
use bytes::Bytes;

pub use blob::{ByteStream, PinnedBlob};
pub use config::AssetsConfig;
pub use error::AssetError;
pub use gc::Collected;
pub use link::{LinkError, Links, LinksError, SignedLink};
pub use preview::{PREVIEW_MAX_PX, PREVIEW_MIN_PX};
pub use quota::Usage;
pub use record::{Asset, BlobHash, MediaType, Origin, OriginKind};
pub use rows::{NewResult, commit_result, delete};
pub use upload::Incoming;

use crate::clock::{Clock, Timestamp};
use crate::id::{AssetId, MemberId, RequestId};
use crate::once::{self, Digest};
use crate::page::{Listed, Page, PageError};
use crate::store::{Order, Store, StoreError, Tx};
use blob::{BlobFacts, Blobs};
use decoder::Decoder;
use preview::PreviewCache;
use record::{ASSETS, MEMBER_ASSETS};
use slots::Slots;

/// All files. Clones share everything.
#[derive(Clone)]
pub struct Assets {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    config: AssetsConfig,
    limits: PhotoLimits,
    blobs: Blobs,
    /// Where uploads lie until they are complete.
    incoming: PathBuf,
    uploads: Slots,
    /// Previews that are made, or wait for it.
    asked: Slots,
    decoder: Decoder,
    previews: PreviewCache,
}

impl Assets {
    /// Opens or creates the files below `folder`, and removes what a crash left half-done. Blocks.
    ///
    /// The caller makes sure that no other process has the folder open; the lock of the store does.
    ///
    /// # Errors
    /// [`AssetError::Unwritable`] when the folder cannot be used.
    pub fn open(
        store: Store,
        clock: Clock,
        folder: &Path,
        config: AssetsConfig,
    ) -> Result<Assets, AssetError> {
        let blobs = Blobs::open(&folder.join("blobs"))?;
        let incoming = upload::clean_folder(folder).map_err(|error| AssetError::unwritable(&error))?;
        let inner = Inner {
            store,
            clock,
            limits: config.photo_limits(),
            blobs,
            incoming,
            uploads: Slots::new(config.uploads_at_once, config.uploads_at_once_per_member),
            asked: Slots::new(config.previews_at_once, config.previews_at_once_per_member),
            decoder: Decoder::new(config.decodes_at_once),
            previews: PreviewCache::new(config.preview_cache_bytes),
            config,
        };
        Ok(Assets { inner: Arc::new(inner) })
    }

    /// Files of a member, oldest first, at most `most`.
    ///
    /// # Errors
    /// The store's.
    pub fn ids_of(&self, member: MemberId, most: usize) -> Result<Vec<AssetId>, StoreError> {
        let rows = record::MEMBER_ASSETS.scan_prefix(&self.inner.store, &member, Order::Ascending, most)?;
        Ok(rows.into_iter().map(|((_, _, id), _)| id).collect())
    }

    /// Gives these files of one member to another; how many there were.
    ///
    /// # Errors
    /// The store's.
    pub async fn hand_over(
        &self,
        files: Vec<AssetId>,
        from: MemberId,
        to: MemberId,
    ) -> Result<u64, StoreError> {
        let handed = move |tx: &mut Tx<'_>| {
            let mut moved = 0;
            for id in &files {
                moved += u64::from(rows::hand_over(tx, *id, from, to)?);
            }
            Ok(moved)
        };
        self.inner.store.transact(handed).await
    }

    /// Deletes these files of a member; how many there were.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget(&self, files: Vec<AssetId>, member: MemberId) -> Result<u64, AssetError> {
        let now = self.inner.clock.now();
        let forget = move |tx: &mut Tx<'_>| {
            let mut gone = 0;
            for id in &files {
                match rows::delete(tx, member, *id, now) {
                    Ok(()) => gone += 1,
                    Err(AssetError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(gone)
        };
        self.inner.store.transact(forget).await
    }

    /// A member's own file; that of another one looks as if it did not exist.
    ///
    /// # Errors
    /// [`AssetError::NotFound`].
    pub fn read(&self, member: MemberId, id: AssetId) -> Result<Asset, AssetError> {
        let asset = self.read_any(id)?;
        if asset.owner == member { Ok(asset) } else { Err(AssetError::NotFound) }
    }

    /// Anybody's file, for the engine, signed links and administrators.
    ///
    /// # Errors
    /// [`AssetError::NotFound`].
    pub fn read_any(&self, id: AssetId) -> Result<Asset, AssetError> {
        ASSETS.read(&self.inner.store, &id)?.ok_or(AssetError::NotFound)
    }

    /// The bytes of a file, as they are read.
    ///
    /// # Errors
    /// [`AssetError::Unreadable`].
    pub async fn open_stream(&self, asset: &Asset) -> Result<ByteStream, AssetError> {
        self.open_range(asset, 0..asset.size_bytes).await
    }

    /// A part of the bytes of a file, which must lie within it and not be empty.
    ///
    /// # Errors
    /// [`AssetError::Unreadable`].
    pub async fn open_range(&self, asset: &Asset, range: Range<u64>) -> Result<ByteStream, AssetError> {
        self.inner.blobs.stream(asset.blob, range).await
    }

    /// All bytes of a file.
    ///
    /// # Errors
    /// [`AssetError::Unreadable`].
    pub async fn bytes(&self, asset: &Asset) -> Result<Bytes, AssetError> {
        self.inner.blobs.bytes(asset.blob).await
    }

    /// A page of a member's files, newest first.
    ///
    /// # Errors
    /// A wrong page; the store's.
    pub fn page(
        &self,
        member: MemberId,
        origin: Option<OriginKind>,
        page: &Page,
    ) -> Result<Listed<Asset>, PageError> {
        let store = &self.inner.store;
        let first = (member, Timestamp::from_millis(i64::MIN), AssetId::from_uuid(uuid::Uuid::nil()));
        let last = (member, Timestamp::MAX, AssetId::from_uuid(uuid::Uuid::max()));
        let listed =
            page.list(store, &MEMBER_ASSETS, first..=last, Order::Descending, |(_, _, id), row| {
                origin.is_none_or(|wanted| wanted == row.origin).then_some(*id)
            })?;
        let mut items = Vec::with_capacity(listed.items.len());
        for id in listed.items {
            // One that was deleted meanwhile is left out.
            items.extend(ASSETS.read(store, &id)?);
        }
        Ok(Listed { items, next: listed.next })
    }

    /// What a member's files take.
    ///
    /// # Errors
    /// The store's.
    pub fn usage(&self, member: MemberId) -> Result<Usage, AssetError> {
        Ok(quota::read(&self.inner.store, member)?)
    }

    /// What the files of one member may take.
    #[must_use]
    pub fn quota_bytes(&self) -> u64 {
        self.inner.config.quota_bytes
    }

    /// Whether a member's files take all the room there is, so that no new job may begin: the result of a
    /// finished one is kept in any case.
    ///
    /// # Errors
    /// The store's.
    pub fn over_quota(&self, tx: &mut Tx<'_>, member: MemberId) -> Result<bool, StoreError> {
        Ok(quota::get(tx, member)?.bytes >= self.inner.config.quota_bytes)
    }

    /// Makes the bytes of a result durable and pins them until the answer is dropped.
    ///
    /// # Errors
    /// [`AssetError::Unwritable`].
    pub async fn store_result(
        &self,
        bytes: Bytes,
        media_type: MediaType,
        width_px: u32,
        height_px: u32,
    ) -> Result<PinnedBlob, AssetError> {
        let hash = BlobHash::of(&bytes);
        let facts = BlobFacts { media_type, size_bytes: bytes.len() as u64, width_px, height_px };
        let pin = self.inner.blobs.keep(&self.inner.store, hash, bytes).await?;
        Ok(PinnedBlob::new(pin, facts))
    }

    /// Deletes a member's file, once per `request`. The bytes go when nothing refers to them and their grace
    /// period is over.
    ///
    /// # Errors
    /// [`AssetError::NotFound`], [`AssetError::OtherContent`], the store's.
    pub async fn delete(&self, member: MemberId, request: RequestId, id: AssetId) -> Result<(), AssetError> {
        let now = self.inner.clock.now();
        self.inner
            .store
            .transact(move |tx| {
                let digest = Digest::of("delete asset", &[id.as_bytes()]);
                if once::answered(tx, member, request, &digest)?.is_some() {
                    return Ok(());
                }
                delete(tx, member, id, now)?;
                Ok(once::record(tx, member, request, digest, id.to_string(), now)?)
            })
            .await
    }

    /// Begins an upload of exactly `declared_bytes`. What is not finished leaves nothing behind.
    ///
    /// # Errors
    /// [`AssetError::TooLarge`], [`AssetError::OverQuota`], [`AssetError::Busy`],
    /// [`AssetError::Picture`], the store's.
    pub async fn begin_upload(
        &self,
        member: MemberId,
        request: RequestId,
        declared_bytes: u64,
        file_name: &str,
    ) -> Result<Incoming, AssetError> {
        upload::begin(self, member, request, declared_bytes, file_name).await
    }

    /// A JPEG of a picture with at most `max_side_px` on its longer side, upright and never enlarged, for `member`.
    ///
    /// # Errors
    /// [`AssetError::PreviewSize`], [`AssetError::Busy`], [`AssetError::Unreadable`].
    pub async fn preview(
        &self,
        member: MemberId,
        asset: &Asset,
        max_side_px: u32,
    ) -> Result<Bytes, AssetError> {
        preview::make(self, member, asset, max_side_px).await
    }

    /// Removes the bytes that nothing has referred to for longer than the grace period.
    ///
    /// # Errors
    /// The store's, and [`AssetError::Unreadable`] when the files cannot be listed.
    pub async fn collect(&self, now: Timestamp) -> Result<Collected, AssetError> {
        gc::collect(self.clone(), now).await
    }
}
