//! What a verification can find.

use crate::id::{JobId, MemberId};
use crate::ledger::account::{AccountId, Totals};

/// How many faults a report lists; a broken ledger would list every transfer.
const LISTED_FAULTS: usize = 100;

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The journal has a gap.
    #[error("the journal has no transfer {0}")]
    Gap(u64),
    /// The last transfer is not the one that the head names.
    #[error("the journal should end with transfer {head}, but ends with {last}")]
    WrongEnd {
        /// What the head says.
        head: u64,
        /// What the journal has.
        last: u64,
    },
    /// A transfer that cannot have happened.
    #[error("transfer {sequence} is impossible: {reason}")]
    Impossible {
        /// The transfer.
        sequence: u64,
        /// Why.
        reason: &'static str,
    },
    /// A member's account went below zero.
    #[error("account {account} is below zero after transfer {sequence}")]
    BelowZero {
        /// The account.
        account: AccountId,
        /// The transfer.
        sequence: u64,
    },
    /// A transfer names another balance than its replay.
    #[error("transfer {sequence} names another balance for {member} than its replay")]
    WrongBalance {
        /// The transfer.
        sequence: u64,
        /// The member.
        member: MemberId,
    },
    /// An account's totals are not the sums of its transfers.
    #[error("account {account} has {stored:?}, but its transfers make {replayed:?}")]
    WrongTotals {
        /// The account.
        account: AccountId,
        /// What is stored.
        stored: Totals,
        /// What the transfers make.
        replayed: Totals,
    },
    /// A wallet shows something else than the accounts.
    #[error("the wallet of {0} does not show what its accounts hold")]
    WrongWallet(MemberId),
    /// Debits and credits over all accounts differ.
    #[error("all debits and all credits differ")]
    Unbalanced,
    /// Credits are reserved for a job that nobody knows.
    #[error("credits were reserved for job {0}, which does not exist")]
    WithoutJob(JobId),
    /// A reservation that the journal does not know, or knows otherwise.
    #[error("the reservation of job {0} does not follow from the journal")]
    WrongReservation(JobId),
    /// A pending transfer was captured or released beyond its amount.
    #[error("the reservation of job {0} ended twice")]
    EndedTwice(JobId),
    /// A job succeeded and was not charged.
    #[error("job {0} succeeded, but its reservation was not captured")]
    SucceededWithoutCapture(JobId),
    /// A job ended and its credits are still set aside.
    #[error("job {0} has ended, but its reservation is still open")]
    EndedWithOpenReservation(JobId),
}

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many transfers were replayed.
    pub transfers: u64,
    /// How many accounts were compared.
    pub accounts: usize,
    /// How many reservations were open.
    pub open_reservations: usize,
    /// The first faults; empty if all is well.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more_faults: u64,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn add(&mut self, fault: Fault) {
        if self.faults.len() < LISTED_FAULTS {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }
}
