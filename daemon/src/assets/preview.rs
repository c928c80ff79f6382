//! Scaled-down pictures, made when they are asked for and kept in memory while there is room.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use atelier_models::thumbnail::thumbnail;
use bytes::Bytes;

use super::Assets;
use super::error::AssetError;
use super::record::{Asset, BlobHash};
use crate::id::MemberId;

/// The smallest longer side that can be asked for.
pub const PREVIEW_MIN_PX: u32 = 64;
/// The largest longer side that can be asked for.
pub const PREVIEW_MAX_PX: u32 = 2048;

pub(super) async fn make(
    assets: &Assets,
    member: MemberId,
    asset: &Asset,
    max_side_px: u32,
) -> Result<Bytes, AssetError> {
    if !(PREVIEW_MIN_PX..=PREVIEW_MAX_PX).contains(&max_side_px) {
        return Err(AssetError::PreviewSize { min: PREVIEW_MIN_PX, max: PREVIEW_MAX_PX });
    }
    let key = (asset.blob, max_side_px);
    if let Some(preview) = assets.inner.previews.get(key) {
        return Ok(preview);
    }
    // Downloads are not counted as calls, so whoever asks for many new sizes is stopped here.
    let _place = assets.inner.asked.take(member)?;
    let turn = assets.inner.decoder.turn().await?;
    let bytes = assets.bytes(asset).await?;
    let limits = assets.inner.limits;
    // It was let in once, so what is wrong now is for the operator to know.
    let work = move || {
        let jpeg = thumbnail(&bytes, max_side_px, limits).map_err(|error| AssetError::unreadable(&error))?;
        Ok(Bytes::from(jpeg))
    };
    let (preview, _turn) = turn.run(work).await?;
    assets.inner.previews.put(key, preview.clone());
    Ok(preview)
}

type PreviewKey = (BlobHash, u32);

/// The previews that were asked for last, up to a number of bytes.
pub(super) struct PreviewCache {
    limit_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Oldest first. Previews are some ten kilobytes each, so this stays short enough to search.
    entries: VecDeque<(PreviewKey, Bytes)>,
    bytes: usize,
}

impl PreviewCache {
    pub(super) fn new(limit_bytes: usize) -> PreviewCache {
        PreviewCache { limit_bytes, kept: Mutex::default() }
    }

    fn get(&self, key: PreviewKey) -> Option<Bytes> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.entries.iter().position(|(held, _)| *held == key)?;
        let entry = kept.entries.remove(at)?;
        let preview = entry.1.clone();
        kept.entries.push_back(entry);
        Some(preview)
    }

    fn put(&self, key: PreviewKey, preview: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if preview.len() > self.limit_bytes || kept.entries.iter().any(|(held, _)| *held == key) {
            return;
        }
        kept.bytes += preview.len();
        kept.entries.push_back((key, preview));
        while kept.bytes > self.limit_bytes
            && let Some((_, oldest)) = kept.entries.pop_front()
        {
            kept.bytes -= oldest.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_forgets_what_was_not_used_for_longest() {
        let cache = PreviewCache::new(10);
        let key = |n: u8| (BlobHash::of(&[n]), 64);
        cache.put(key(1), Bytes::from_static(b"12345"));
        cache.put(key(2), Bytes::from_static(b"12345"));
        assert!(cache.get(key(1)).is_some());
        cache.put(key(3), Bytes::from_static(b"123"));
        assert!(cache.get(key(2)).is_none());
        assert!(cache.get(key(1)).is_some() && cache.get(key(3)).is_some());
        cache.put(key(4), Bytes::from_static(b"too large for it"));
        assert!(cache.get(key(4)).is_none());
    }
}
