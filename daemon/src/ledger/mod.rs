//! Credits: a double-entry, append-only ledger with two-phase transfers.
//!
//! Every verb is a function over a transaction, so that a change of state and the credits it costs commit
//! together. A verb decides purely (`rules`), then enters transfers in the `Book`; all other records are
//! folded from the transfers alone, so they can be rebuilt from the journal. A verb that fails leaves no
//! trace in the transaction. The ledger knows no prices, plans or jobs beyond their ids.

mod account;
mod adjust;
mod balance;
mod book;
mod day;
mod error;
mod grants;
mod journal;
mod list;
mod merge;
mod rebuild;
mod reservation;
mod rules;
#[cfg(test)]
mod tests;
mod transfer;
mod verify;
mod wallet;

use crate::id::{JobId, MemberId, TransferId};
use crate::store::{Table, TableId};

pub use account::{Account, AccountId, Side, Totals};
pub use adjust::{AdjustRequest, RefundRequest, RevokeRequest, adjust, refund, revoke_purchase};
pub use balance::{Balance, Holding, balance, read_balance};
pub use day::{Day, DayRule};
pub use error::LedgerError;
pub use grants::{BonusKind, DailyRequest, GrantRequest, GrantSource, ensure_daily, grant};
pub use journal::{Journal, Mismatch, compare_with_store};
pub use list::{Page, TransferFilter, TransferPage, transfers};
pub use merge::{MergeRequest, merge};
pub use rebuild::rebuild;
pub use reservation::{Line, Reservation, ReservationState, ReserveRequest, capture, release, reserve};
pub use transfer::{Actor, Context, Kind, Phase, Reference, Transfer};
pub use verify::{EndState, Fault, Report, verify};

use list::IndexRow;
use transfer::Posting;
use wallet::Wallet;

/// Accounts and their totals.
static ACCOUNTS: Table<AccountId, Account> = Table::new(TableId::LedgerAccounts as u8, "ledger accounts");
/// All transfers, in the order in which they were accepted, from 1.
static JOURNAL: Table<u64, Transfer> = Table::new(TableId::LedgerJournal as u8, "ledger journal");
/// The transfers that a request caused; the memory behind idempotency.
static POSTINGS: Table<TransferId, Posting> = Table::new(TableId::LedgerPostings as u8, "ledger postings");
/// What is or was set aside for a job.
static RESERVATIONS: Table<JobId, Reservation> =
    Table::new(TableId::LedgerReservations as u8, "ledger reservations");
/// What each member holds, in one row.
static WALLETS: Table<MemberId, Wallet> = Table::new(TableId::LedgerWallets as u8, "ledger wallets");
/// The transfers of each member, for lists.
static MEMBER_TRANSFERS: Table<(MemberId, u64), IndexRow> =
    Table::new(TableId::LedgerMemberTransfers as u8, "ledger member transfers");
/// The last sequence of the journal.
static HEAD: Table<(), u64> = Table::new(TableId::LedgerHead as u8, "ledger head");
