//! What can go wrong with files, in words for the person who sent or asked for them.

use atelier_models::PhotoError;

use crate::once::OnceError;
use crate::store::StoreError;

/// Why a file could not be taken, found or given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// There is no such file, or it belongs to somebody else; both look the same.
    #[error("there is no such file; it may have been deleted")]
    NotFound,
    /// The declared size is over the limit.
    #[error("the file has {size_bytes} bytes, but at most {limit_bytes} are accepted; send a smaller one")]
    TooLarge {
        /// What was declared.
        size_bytes: u64,
        /// What is accepted.
        limit_bytes: u64,
    },
    /// More bytes came than were declared.
    #[error(
        "more than the declared {declared_bytes} bytes were sent; send the file again with its true size"
    )]
    MoreThanDeclared {
        /// What was declared.
        declared_bytes: u64,
    },
    /// The upload ended early.
    #[error("only {received_bytes} of the declared {declared_bytes} bytes arrived; send the file again")]
    LessThanDeclared {
        /// What was declared.
        declared_bytes: u64,
        /// What came.
        received_bytes: u64,
    },
    /// The content is no picture that can be used.
    #[error("the file {0}")]
    Picture(#[from] PhotoError),
    /// The member's files take all the room there is.
    #[error(
        "your files take {used_bytes} of {quota_bytes} bytes, which leaves no room; delete some files first"
    )]
    OverQuota {
        /// What the member's files take now.
        used_bytes: u64,
        /// What they may take.
        quota_bytes: u64,
    },
    /// Too many uploads or previews at once.
    #[error("too many files are being sent or opened at the moment; try again shortly")]
    Busy,
    /// The request id stands for another act.
    #[error("this request_id was used for something else; make a new one for each act")]
    OtherContent,
    /// A smaller picture was asked for in a size that is not made.
    #[error("a smaller picture can have {min} to {max} pixels on its longer side")]
    PreviewSize {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// The file is known, but its bytes are gone or cannot be read.
    #[error("the bytes of this file cannot be read; the operator finds the reason in the log")]
    Unreadable,
    /// Files cannot be written.
    #[error("the file could not be kept because the file store failed; try again later")]
    Unwritable,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AssetError {
    /// Logs what the file store said and hides it: paths are of no use to the one who asked.
    pub(super) fn unreadable(error: &impl std::fmt::Display) -> AssetError {
        tracing::error!(%error, "a file cannot be read");
        AssetError::Unreadable
    }

    /// Logs why a file could not be written, and hides it.
    pub(super) fn unwritable(error: &impl std::fmt::Display) -> AssetError {
        tracing::error!(%error, "a file cannot be written");
        AssetError::Unwritable
    }
}

impl From<OnceError> for AssetError {
    fn from(error: OnceError) -> AssetError {
        match error {
            OnceError::OtherContent => AssetError::OtherContent,
            OnceError::Store(error) => AssetError::Store(error),
        }
    }
}
