//! What is known about a file and about its bytes, and the tables of both.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::id::{AssetId, JobId, MemberId};
use crate::store::{Key, Table, TableId};

/// Longer names are cut; they are for people only.
const NAME_LIMIT_CHARS: usize = 120;

pub(super) static ASSETS: Table<AssetId, Asset> = Table::new(TableId::Assets as u8, "assets");
pub(super) static MEMBER_ASSETS: Table<(MemberId, Timestamp, AssetId), Listed> =
    Table::new(TableId::MemberAssets as u8, "member_assets");
pub(super) static BLOBS: Table<BlobHash, BlobRow> = Table::new(TableId::Blobs as u8, "blobs");
pub(super) static ORPHANS: Table<(Timestamp, BlobHash), Orphan> =
    Table::new(TableId::Orphans as u8, "orphans");

/// A type of content that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A WebP picture.
    Webp,
    /// A GIF picture.
    Gif,
}

impl MediaType {
    const ALL: [MediaType; 4] = [MediaType::Png, MediaType::Jpeg, MediaType::Webp, MediaType::Gif];

    /// The one that is called so on the wire.
    #[must_use]
    pub fn named(name: &str) -> Option<MediaType> {
        MediaType::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// Its name on the wire, such as `image/png`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            MediaType::Png => "image/png",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Webp => "image/webp",
            MediaType::Gif => "image/gif",
        }
    }

    /// What the name of such a file ends with, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            MediaType::Png => "png",
            MediaType::Jpeg => "jpg",
            MediaType::Webp => "webp",
            MediaType::Gif => "gif",
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Sent by a person.
    Upload,
    /// Made by a job.
    Result {
        /// The job.
        job: JobId,
    },
}

impl Origin {
    /// Its kind, for filters.
    #[must_use]
    pub const fn kind(self) -> OriginKind {
        match self {
            Origin::Upload => OriginKind::Upload,
            Origin::Result { .. } => OriginKind::Result,
        }
    }

    /// The job that made it.
    #[must_use]
    pub const fn job(self) -> Option<JobId> {
        match self {
            Origin::Upload => None,
            Origin::Result { job } => Some(job),
        }
    }
}

/// The kind of place where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// Sent by a person.
    Upload,
    /// Made by a job.
    Result,
}

/// A file that belongs to a member. Its bytes never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its id; tells nothing of its content.
    pub id: AssetId,
    /// Whose it is.
    pub owner: MemberId,
    /// Where its bytes are.
    pub blob: BlobHash,
    /// Its type, told by content.
    pub media_type: MediaType,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// Width as it is shown.
    pub width_px: u32,
    /// Height as it is shown.
    pub height_px: u32,
    /// Where it came from.
    pub origin: Origin,
    /// When it was kept.
    pub created_at: Timestamp,
    /// The name it was sent with, for people only; may be empty.
    pub file_name: String,
}

/// A row of a member's list; lets a filter skip files without reading them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) origin: OriginKind,
}

/// How many files share the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BlobRow {
    pub(super) size_bytes: u64,
    /// How many files refer to them.
    pub(super) refs: u64,
    /// Since when none does; set exactly when `refs` is 0.
    pub(super) orphaned_at: Option<Timestamp>,
}

/// Bytes that wait for their grace period to end.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Orphan {
    pub(super) size_bytes: u64,
}

/// The SHA-256 of a file's bytes: where they are kept, and never shown to anybody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BlobHash([u8; 32]);

impl BlobHash {
    /// Sorts before all others.
    pub(super) const MIN: BlobHash = BlobHash([0; 32]);

    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> BlobHash {
        BlobHash(Sha256::digest(bytes).into())
    }

    /// The hash as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobHash({self})")
    }
}

impl FromStr for BlobHash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<BlobHash, hex::FromHexError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(BlobHash(bytes))
    }
}

impl Key for BlobHash {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
    }

    fn take(bytes: &mut &[u8]) -> Option<BlobHash> {
        <[u8; 32]>::take(bytes).map(BlobHash)
    }
}

/// The last part of a name as it was sent, without anything that could steer a terminal or a path.
pub(super) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let printable = last.chars().filter(|char| !char.is_control() && !is_invisible(*char));
    printable.take(NAME_LIMIT_CHARS).collect::<String>().trim().to_owned()
}

/// Characters that turn or hide what is written around them.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
