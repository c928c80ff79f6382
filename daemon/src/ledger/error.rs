//! Why the ledger refuses.

use crate::id::{JobId, MemberId, TransferId};
use crate::store::StoreError;

/// An error of the ledger. Nothing was changed when one is returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The member cannot pay.
    #[error("{needed} credits are needed, {available} are available")]
    Insufficient {
        /// What was asked for.
        needed: u64,
        /// What can be spent.
        available: u64,
    },
    /// Nothing is never moved.
    #[error("the amount must be more than zero")]
    ZeroAmount,
    /// The id was used before, for something else.
    #[error("{0} was used before for something else")]
    AlreadyExists(TransferId),
    /// No credits were ever reserved for this job.
    #[error("no credits are reserved for job {0}")]
    UnknownReservation(JobId),
    /// More than was reserved.
    #[error("{asked} credits cannot be captured, only {reserved} are reserved")]
    CaptureTooLarge {
        /// What was reserved.
        reserved: u64,
        /// What was to be captured.
        asked: u64,
    },
    /// More than was charged and not yet given back.
    #[error("{asked} credits cannot be given back, only {refundable} are left of the charge")]
    RefundTooLarge {
        /// What is left of the charge.
        refundable: u64,
        /// What was asked for.
        asked: u64,
    },
    /// The member holds too many separate grants.
    #[error("the member holds {0} grants already; let some be spent or expire first")]
    TooManyGrants(usize),
    /// The wallet went to another member.
    #[error("the credits of {0} were moved to another member")]
    Merged(MemberId),
    /// A member cannot be merged with itself.
    #[error("a member cannot be merged with itself")]
    SameMember,
    /// A reference or note is too long.
    #[error("the {field} is longer than {limit} characters")]
    TooLong {
        /// What is too long.
        field: &'static str,
        /// The longest that is accepted.
        limit: usize,
    },
    /// A sum does not fit.
    #[error("the amount is too large")]
    Overflow,
    /// A time outside the calendar.
    #[error("the time is outside the calendar")]
    Time,
    /// The records contradict each other.
    #[error("the ledger is damaged ({0}); run `atelierd ledger verify`")]
    Damaged(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
