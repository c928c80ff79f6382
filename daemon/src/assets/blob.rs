//! Bytes by their hash, durable before anybody refers to them.
//!
//! A pin keeps the collector away from bytes whose transaction is still on its way. Pinning, writing and
//! removing one hash take turns, so bytes are never removed while somebody is about to refer to them.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard};

use super::error::AssetError;
use super::record::{BLOBS, BlobHash, MediaType};
use crate::clock::Timestamp;
use crate::store::Store;

/// How many hashes may be written or removed at the same time.
const LANES: usize = 64;

/// A stream of a file's bytes, in pieces of a few kilobytes.
pub type ByteStream = BoxStream<'static, Result<Bytes, AssetError>>;

/// The bytes of all files.
pub(super) struct Blobs {
    files: Arc<dyn ObjectStore>,
    pins: Arc<Pins>,
    /// Whoever writes or removes a hash holds its lane.
    lanes: Vec<AsyncMutex<()>>,
}

/// Something that lies in the file store.
pub(super) struct Stored {
    /// None for what is no file of ours by name or place.
    pub(super) hash: Option<BlobHash>,
    pub(super) size_bytes: u64,
    pub(super) written_at: Timestamp,
}

impl Blobs {
    /// Opens or creates the folder, and removes what a crash left half-written in it. Blocks.
    pub(super) fn open(folder: &Path) -> Result<Blobs, AssetError> {
        std::fs::create_dir_all(folder).map_err(|error| AssetError::unwritable(&error))?;
        remove_half_written(folder).map_err(|error| AssetError::unwritable(&error))?;
        let files = LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| AssetError::unwritable(&error))?
            // Syncs the file before and its folder after giving it its name.
            .with_fsync(true);
        Ok(Blobs::over(Arc::new(files)))
    }

    fn over(files: Arc<dyn ObjectStore>) -> Blobs {
        let lanes = (0..LANES).map(|_| AsyncMutex::new(())).collect();
        Blobs { files, pins: Arc::default(), lanes }
    }

    /// Makes `bytes` durable and pins them.
    pub(super) async fn keep(&self, store: &Store, hash: BlobHash, bytes: Bytes) -> Result<Pin, AssetError> {
        let _turn = self.turn(hash).await;
        let pin = Pins::pin(&self.pins, hash);
        // A file alone may be what a failed write left. One with a row was made durable before that row.
        let known = BLOBS.read(store, &hash)?.is_some();
        if known && self.has(hash, bytes.len() as u64).await {
            return Ok(pin);
        }
        let payload = PutPayload::from_bytes(bytes);
        self.files.put(&location(hash), payload).await.map_err(|error| AssetError::unwritable(&error))?;
        Ok(pin)
    }

    async fn has(&self, hash: BlobHash, size_bytes: u64) -> bool {
        self.files.head(&location(hash)).await.is_ok_and(|meta| meta.size == size_bytes)
    }

    /// All bytes at once.
    pub(super) async fn bytes(&self, hash: BlobHash) -> Result<Bytes, AssetError> {
        let file = self.files.get(&location(hash)).await.map_err(|error| AssetError::unreadable(&error))?;
        file.bytes().await.map_err(|error| AssetError::unreadable(&error))
    }

    /// A part of the bytes, as they are read. An open stream survives the removal of the file.
    pub(super) async fn stream(&self, hash: BlobHash, range: Range<u64>) -> Result<ByteStream, AssetError> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let file = self
            .files
            .get_opts(&location(hash), options)
            .await
            .map_err(|error| AssetError::unreadable(&error))?;
        Ok(file.into_stream().map_err(|error| AssetError::unreadable(&error)).boxed())
    }

    /// Everything that lies in the file store.
    pub(super) fn all(&self) -> BoxStream<'static, Result<Stored, AssetError>> {
        let files = self.files.list(None).map_ok(|meta| Stored {
            hash: hash_at(&meta.location),
            size_bytes: meta.size,
            written_at: Timestamp::from_millis(meta.last_modified.timestamp_millis()),
        });
        files.map_err(|error| AssetError::unreadable(&error)).boxed()
    }

    /// Waits for the turn of a hash. While it is held, nobody can pin or write that hash.
    pub(super) async fn turn(&self, hash: BlobHash) -> MutexGuard<'_, ()> {
        let lane = usize::from(hash.as_bytes()[0]) % LANES;
        self.lanes[lane].lock().await
    }

    /// Whether a transaction that needs the bytes may be on its way. Ask while holding the turn.
    pub(super) fn is_pinned(&self, hash: BlobHash) -> bool {
        self.pins.contains(hash)
    }

    /// Removes the file of a hash; a missing one is no error.
    pub(super) async fn remove(&self, hash: BlobHash) -> Result<(), AssetError> {
        match self.files.delete(&location(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(AssetError::unwritable(&error)),
        }
    }
}

/// Files are spread over 256 folders.
fn location(hash: BlobHash) -> Location {
    let name = hash.to_string();
    Location::from_iter([&name[..2], &name])
}

fn hash_at(found: &Location) -> Option<BlobHash> {
    let hash = found.filename()?.parse().ok()?;
    (location(hash) == *found).then_some(hash)
}

/// The file store writes to `name#number` first, hides such files from its lists and never removes them
/// after a crash.
fn remove_half_written(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            remove_half_written(&path)?;
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().contains('#')) {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// How often each hash is pinned.
#[derive(Default)]
struct Pins {
    counts: Mutex<HashMap<BlobHash, usize>>,
}

impl Pins {
    fn pin(pins: &Arc<Pins>, hash: BlobHash) -> Pin {
        *pins.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(hash).or_default() += 1;
        Pin { hash, pins: Arc::clone(pins) }
    }

    fn contains(&self, hash: BlobHash) -> bool {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&hash)
    }

    fn unpin(&self, hash: BlobHash) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&hash) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&hash);
            }
        }
    }
}

/// Keeps bytes from being collected until it is dropped.
pub(super) struct Pin {
    hash: BlobHash,
    pins: Arc<Pins>,
}

impl Pin {
    pub(super) fn hash(&self) -> BlobHash {
        self.hash
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.pins.unpin(self.hash);
    }
}

/// Bytes that are durable and stay until every clone of this is gone.
///
/// Move a clone into the closure that commits them: the closure lives until its outcome is durable, even if
/// the one who waits for it goes away.
#[derive(Clone)]
pub struct PinnedBlob {
    inner: Arc<PinnedInner>,
}

struct PinnedInner {
    pin: Pin,
    facts: BlobFacts,
}

/// What is known about some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlobFacts {
    pub(super) media_type: MediaType,
    pub(super) size_bytes: u64,
    pub(super) width_px: u32,
    pub(super) height_px: u32,
}

impl PinnedBlob {
    pub(super) fn new(pin: Pin, facts: BlobFacts) -> PinnedBlob {
        PinnedBlob { inner: Arc::new(PinnedInner { pin, facts }) }
    }

    /// The hash of the bytes.
    #[must_use]
    pub fn hash(&self) -> BlobHash {
        self.inner.pin.hash()
    }

    /// How many bytes there are.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.inner.facts.size_bytes
    }

    pub(super) fn facts(&self) -> BlobFacts {
        self.inner.facts
    }
}

impl std::fmt::Debug for PinnedBlob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinnedBlob").field("hash", &self.hash()).field("facts", &self.facts()).finish()
    }
}
