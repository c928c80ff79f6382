//! Errors to gRPC codes: the one place where that is decided.
//!
//! A message says what was wrong and what to do. What only the operator can mend is logged in full, and the caller
//! hears no more than that it is so.

use std::time::Duration;

use atelier_proto::RETRY_AFTER_MS;
use tonic::{Code, Status};

use crate::{
    accounts::{AccountsError, AuthError, Denied},
    assets::{AssetError, LinksError},
    catalogue::CatalogueError,
    chats::ChatError,
    conversations::ConversationError,
    credits::AdjustError,
    engine::residency::ModelError,
    jobs::JobError,
    ledger::LedgerError,
    limits::{Exceeded, TakeError},
    once::OnceError,
    page::PageError,
    store::StoreError,
};

/// An error that has a code.
pub(super) trait IntoStatus {
    /// The answer on the wire.
    fn into_status(self) -> Status;
}

/// Turns results of the subjects into results of the wire.
pub(super) trait OrStatus<T> {
    /// The value, or the error as its status.
    fn or_status(self) -> Result<T, Status>;
}

impl<T, E: IntoStatus> OrStatus<T> for Result<T, E> {
    fn or_status(self) -> Result<T, Status> {
        self.map_err(IntoStatus::into_status)
    }
}

/// A status that tells when to try again.
pub(super) fn later(code: Code, message: impl Into<String>, wait: Duration) -> Status {
    let mut status = Status::new(code, message);
    let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    status.metadata_mut().insert(RETRY_AFTER_MS, millis.into());
    status
}

/// Something is wrong on this side.
fn internal(error: &dyn std::error::Error) -> Status {
    tracing::error!(%error, "a call failed inside");
    Status::internal(
        "something broke inside Atelier; it was written to the daemon's log, and nothing was charged",
    )
}

impl IntoStatus for StoreError {
    fn into_status(self) -> Status {
        match self {
            StoreError::Busy => later(
                Code::ResourceExhausted,
                "the store has too many changes waiting; try again in a moment",
                Duration::from_secs(1),
            ),
            StoreError::Closed => Status::unavailable("the daemon is stopping; try again in a moment"),
            error => {
                tracing::error!(%error, "the store failed");
                Status::unavailable(
                    "the store takes no changes at the moment; ask the operator to look at the log",
                )
            }
        }
    }
}

impl IntoStatus for OnceError {
    fn into_status(self) -> Status {
        match self {
            Self::OtherContent => Status::already_exists(self.to_string()),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for PageError {
    fn into_status(self) -> Status {
        match self {
            Self::Store(error) => error.into_status(),
            error => Status::invalid_argument(error.to_string()),
        }
    }
}

impl IntoStatus for Denied {
    fn into_status(self) -> Status {
        Status::permission_denied(self.to_string())
    }
}

impl IntoStatus for AuthError {
    fn into_status(self) -> Status {
        Status::unauthenticated(self.to_string())
    }
}

impl IntoStatus for AccountsError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::Invalid { .. } => Status::invalid_argument(message),
            Self::NotFound(_) => Status::not_found(message),
            Self::Taken | Self::OtherContent => Status::already_exists(message),
            Self::Closed(_) | Self::Denied(_) => Status::permission_denied(message),
            Self::Unauthenticated(_) => Status::unauthenticated(message),
            Self::Throttled { retry_after } => later(Code::ResourceExhausted, message, retry_after),
            Self::Busy => later(Code::ResourceExhausted, message, Duration::from_secs(3)),
            Self::Exhausted(_) => Status::resource_exhausted(message),
            Self::Conflict(_) => Status::failed_precondition(message),
            Self::Store(error) => error.into_status(),
            error @ (Self::Keys(_) | Self::Internal(_)) => internal(&error),
        }
    }
}

impl IntoStatus for Exceeded {
    fn into_status(self) -> Status {
        later(Code::ResourceExhausted, self.to_string(), self.retry_after)
    }
}

impl IntoStatus for TakeError {
    fn into_status(self) -> Status {
        match self {
            Self::Store(error) => error.into_status(),
            Self::Exceeded(exceeded) => exceeded.into_status(),
        }
    }
}

impl IntoStatus for LedgerError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::Insufficient { .. } => {
                Status::failed_precondition(format!("{message}; nothing was charged"))
            }
            Self::ZeroAmount | Self::TooLong { .. } | Self::Overflow | Self::SameMember => {
                Status::invalid_argument(message)
            }
            Self::AlreadyExists(_) => Status::already_exists(message),
            Self::CaptureTooLarge { .. }
            | Self::RefundTooLarge { .. }
            | Self::TooManyGrants(_)
            | Self::Merged(_)
            | Self::UnknownReservation(_) => Status::failed_precondition(message),
            Self::Store(error) => error.into_status(),
            error @ (Self::Time | Self::Damaged(_)) => internal(&error),
        }
    }
}

impl IntoStatus for AdjustError {
    fn into_status(self) -> Status {
        match self {
            Self::Ledger(error) => error.into_status(),
            Self::Once(error) => error.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for CatalogueError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::NotFound(_) => Status::not_found(message),
            Self::Taken(_) => Status::already_exists(message),
            Self::Retired(_) | Self::NoneActive | Self::StillActive(_) => {
                Status::failed_precondition(message)
            }
            Self::Price(_) | Self::Invalid { .. } => Status::invalid_argument(message),
            Self::Once(error) => error.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for ModelError {
    fn into_status(self) -> Status {
        Status::failed_precondition(self.to_string())
    }
}

impl IntoStatus for AssetError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::NotFound => Status::not_found(message),
            Self::TooLarge { .. }
            | Self::MoreThanDeclared { .. }
            | Self::LessThanDeclared { .. }
            | Self::Picture(_)
            | Self::PreviewSize { .. } => Status::invalid_argument(message),
            Self::OverQuota { .. } => Status::resource_exhausted(message),
            Self::Busy => later(Code::ResourceExhausted, message, Duration::from_secs(2)),
            Self::OtherContent => Status::already_exists(message),
            Self::Store(error) => error.into_status(),
            error => internal(&error),
        }
    }
}

impl IntoStatus for LinksError {
    fn into_status(self) -> Status {
        internal(&self)
    }
}

impl IntoStatus for atelier_models::Error {
    fn into_status(self) -> Status {
        match self {
            Self::Invalid { .. } => Status::invalid_argument(self.to_string()),
            error => internal(&error),
        }
    }
}

impl IntoStatus for JobError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::NotFound => Status::not_found(message),
            Self::Invalid(error) => error.into_status(),
            Self::Price { .. } => Status::aborted(message),
            Self::Illegal(_) | Self::NotEnded | Self::NothingToRefund => Status::failed_precondition(message),
            Self::Channel(bound) => match bound.retry_after() {
                Some(wait) => later(Code::ResourceExhausted, message, wait),
                None => Status::failed_precondition(message),
            },
            Self::Model(error) => error.into_status(),
            Self::Full(_) => later(
                Code::ResourceExhausted,
                format!("{message}; nothing was charged"),
                Duration::from_secs(10),
            ),
            Self::OverQuota => Status::resource_exhausted(message),
            Self::Limit(error) => error.into_status(),
            Self::Catalogue(error) => error.into_status(),
            Self::Ledger(error) => error.into_status(),
            Self::Asset(error) => error.into_status(),
            Self::Once(error) => error.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for ConversationError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::NotFound => Status::not_found(message),
            Self::NoButton | Self::Forged | Self::Full => Status::failed_precondition(message),
            Self::Invalid { .. } => Status::invalid_argument(message),
            Self::Asset(error) => error.into_status(),
            Self::Job(error) => error.into_status(),
            Self::Ledger(error) => error.into_status(),
            Self::Once(error) => error.into_status(),
            Self::Page(error) => error.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for ChatError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::Closed => Status::permission_denied(message),
            Self::NoChatUser | Self::NotForOthers | Self::Busy | Self::Linked(_) => {
                Status::failed_precondition(message)
            }
            Self::Invalid { .. } => Status::invalid_argument(message),
            Self::Accounts(error) => error.into_status(),
            Self::Conversation(error) => error.into_status(),
            Self::Job(error) => error.into_status(),
            Self::Page(error) => error.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}
