//! What can be set about files.

use std::time::Duration;

use atelier_models::PhotoLimits;
use serde::{Deserialize, Serialize};

/// Limits and times of the file store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssetsConfig {
    /// The largest file that may be sent.
    pub max_upload_bytes: u64,
    /// How many uploads may run at once.
    pub uploads_at_once: usize,
    /// How many of these may be one member's.
    pub uploads_at_once_per_member: usize,
    /// What one member's files may take together.
    pub quota_bytes: u64,
    /// The most pixels on either side of a picture.
    pub max_side_px: u32,
    /// The most pixels of a picture.
    pub max_pixels: u64,
    /// The most memory that a decoded picture may take.
    pub max_decoded_bytes: u64,
    /// How many pictures may be decoded at once; each may take `max_decoded_bytes`.
    pub decodes_at_once: usize,
    /// How many scaled-down pictures may be asked for at once; those beyond `decodes_at_once` wait.
    pub previews_at_once: usize,
    /// How many of these may be one member's. A gallery asks for two dozen.
    pub previews_at_once_per_member: usize,
    /// Memory for scaled-down pictures that were made already.
    pub preview_cache_bytes: usize,
    /// How long bytes stay after nothing refers to them any more.
    pub grace_s: u64,
    /// How long a link works at most, and if nothing is said.
    pub link_valid_s: u64,
}

impl Default for AssetsConfig {
    fn default() -> AssetsConfig {
        AssetsConfig {
            max_upload_bytes: 32 << 20,
            uploads_at_once: 32,
            uploads_at_once_per_member: 4,
            quota_bytes: 2 << 30,
            max_side_px: 16_384,
            max_pixels: 52_000_000,
            max_decoded_bytes: 256 << 20,
            decodes_at_once: 2,
            previews_at_once: 256,
            previews_at_once_per_member: 48,
            preview_cache_bytes: 32 << 20,
            grace_s: 24 * 60 * 60,
            link_valid_s: 24 * 60 * 60,
        }
    }
}

impl AssetsConfig {
    /// What every picture from outside must keep, here and in the engine.
    #[must_use]
    pub fn photo_limits(&self) -> PhotoLimits {
        PhotoLimits {
            side_px: self.max_side_px,
            pixels: self.max_pixels,
            decoded_bytes: self.max_decoded_bytes,
        }
    }

    pub(super) fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_s)
    }
}
