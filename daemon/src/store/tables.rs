//! The registry of tables: one number each, stored in front of every key.
//!
//! The compiler refuses two names with one number. A number is never used again for something else.
//! Number 255 stays free, so that every table has a successor. Each subject has a block of sixteen:
//! 0 store and ledger, 16 accounts, 32 billing, 48 catalogue and templates, 64 conversations, 80 jobs,
//! 96 assets, 112 notify, 128 audit; from 192 on, numbers belong to tests.

/// Every table of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum TableId {
    /// What the store knows about itself.
    Meta = 0,

    /// Ledger: accounts and their four totals.
    LedgerAccounts = 1,
    /// Ledger: the journal of transfers by sequence.
    LedgerJournal = 2,
    /// Ledger: which transfers answered a request.
    LedgerPostings = 3,
    /// Ledger: reservations by job.
    LedgerReservations = 4,
    /// Ledger: what each member holds.
    LedgerWallets = 5,
    /// Ledger: transfers of each member, by sequence.
    LedgerMemberTransfers = 6,
    /// Ledger: the last sequence of the journal.
    LedgerHead = 7,
}
