//! Replays every transfer and compares the outcome with all that is stored.
//!
//! The totals are copied at one sequence, in one turn of the writer; the journal is then replayed up to that
//! sequence while the daemon works on, so there are no false alarms. Memory grows with the number of
//! accounts and of open reservations, not with the number of transfers.

mod fault;
mod replay;

use std::collections::HashMap;
use std::ops::ControlFlow;

pub use fault::{Fault, Report};

use replay::{OpenJob, Replay};

use super::account::{Account, AccountId, Totals};
use super::error::LedgerError;
use super::reservation::{ReservationState, reserve_id};
use super::wallet::Wallet;
use super::{ACCOUNTS, HEAD, JOURNAL, POSTINGS, RESERVATIONS, WALLETS};
use crate::id::{JobId, MemberId};
use crate::store::{Order, Store, StoreError};

/// How far a job is, as far as its credits are concerned. Deleted jobs leave this behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndState {
    /// It waits or runs.
    Running,
    /// It succeeded.
    Succeeded,
    /// It failed, was refused or cancelled.
    Unsuccessful,
}

/// The records at one sequence.
struct Copied {
    head: u64,
    accounts: Vec<(AccountId, Account)>,
    wallets: Vec<(MemberId, Wallet)>,
}

/// Verifies the whole ledger; `job_end` says how a job stands, or that nobody knows it. Blocks the calling
/// thread for as long as it takes.
///
/// # Errors
/// When something could not be read: what was not seen is neither sound nor a fault.
pub fn verify(
    store: &Store,
    job_end: impl Fn(JobId) -> Result<Option<EndState>, StoreError>,
) -> Result<Report, LedgerError> {
    let copied = store.at_rest(copy)??;
    let mut report = Report { accounts: copied.accounts.len(), ..Report::default() };
    let mut replay = Replay::default();
    let mut outcome = Ok(());
    JOURNAL.visit(store, ..=copied.head, Order::Ascending, |sequence, transfer| {
        let step = replay.step(store, sequence, &transfer, &mut report).and_then(|ended| match ended {
            Some((job, captured)) => check_ended(store, job, captured, job_end(job)?, &mut report),
            None => Ok(()),
        });
        match step {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                outcome = Err(error);
                ControlFlow::Break(())
            }
        }
    })?;
    outcome?;
    if replay.last != copied.head {
        report.add(Fault::WrongEnd { head: copied.head, last: replay.last });
    }
    report.transfers = replay.transfers;
    report.open_reservations = replay.open.len();
    compare(&copied, &replay, &mut report);
    for job in replay.open.keys() {
        check_open(store, *job, job_end(*job)?, &mut report)?;
    }
    check_known(store, &mut report)?;
    Ok(report)
}

fn copy(store: &Store) -> Result<Copied, StoreError> {
    let head = HEAD.read(store, &())?.unwrap_or(0);
    let (mut accounts, mut wallets) = (Vec::new(), Vec::new());
    ACCOUNTS.visit(store, .., Order::Ascending, |id, account| {
        accounts.push((id, account));
        ControlFlow::Continue(())
    })?;
    WALLETS.visit(store, .., Order::Ascending, |member, wallet| {
        wallets.push((member, wallet));
        ControlFlow::Continue(())
    })?;
    Ok(Copied { head, accounts, wallets })
}

fn compare(copied: &Copied, replay: &Replay, report: &mut Report) {
    let mut left: HashMap<AccountId, Totals> = replay.totals.clone();
    let mut sums = [0_u128; 4];
    for (account, record) in &copied.accounts {
        let (account, stored) = (*account, record.totals);
        let replayed = left.remove(&account).unwrap_or_default();
        if stored != replayed {
            report.add(Fault::WrongTotals { account, stored, replayed });
        }
        let parts =
            [stored.debits_pending, stored.credits_pending, stored.debits_posted, stored.credits_posted];
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum += u128::from(part);
        }
    }
    for (account, replayed) in left {
        report.add(Fault::WrongTotals { account, stored: Totals::default(), replayed });
    }
    if sums[0] != sums[1] || sums[2] != sums[3] {
        report.add(Fault::Unbalanced);
    }
    compare_wallets(copied, report);
}

/// Builds each wallet's view from the copied accounts again.
fn compare_wallets(copied: &Copied, report: &mut Report) {
    let mut expected: HashMap<MemberId, Wallet> = HashMap::new();
    for (account, record) in &copied.accounts {
        let Some(member) = account.member() else { continue };
        if expected.entry(member).or_default().show(*account, record).is_err() {
            report.add(Fault::WrongWallet(member));
        }
    }
    for (member, wallet) in &copied.wallets {
        if expected.remove(member).unwrap_or_default().pots != wallet.pots {
            report.add(Fault::WrongWallet(*member));
        }
    }
    for (member, _) in expected.into_iter().filter(|(_, wallet)| !wallet.pots.is_empty()) {
        report.add(Fault::WrongWallet(member));
    }
}

/// A reservation that ended in the replay: its end is final, so the present must agree.
fn check_ended(
    store: &Store,
    job: JobId,
    captured: u64,
    end: Option<EndState>,
    report: &mut Report,
) -> Result<(), LedgerError> {
    let state = RESERVATIONS.read(store, &job)?.map(|reservation| reservation.state());
    let expected = match captured {
        0 => ReservationState::Released,
        _ => ReservationState::Captured(captured),
    };
    if state != Some(expected) {
        report.add(Fault::WrongReservation(job));
    }
    match end {
        None => report.add(Fault::WithoutJob(job)),
        Some(EndState::Succeeded) if captured == 0 => report.add(Fault::SucceededWithoutCapture(job)),
        Some(EndState::Succeeded | EndState::Unsuccessful | EndState::Running) => {}
    }
    Ok(())
}

/// A reservation that was open at the sequence. Its job may have ended since, but then the reservation has
/// too: both commit together, and the job was asked first.
fn check_open(
    store: &Store,
    job: JobId,
    end: Option<EndState>,
    report: &mut Report,
) -> Result<(), LedgerError> {
    let state = RESERVATIONS.read(store, &job)?.map(|reservation| reservation.state());
    match (state, end) {
        (None, _) => report.add(Fault::WrongReservation(job)),
        (Some(_), None) => report.add(Fault::WithoutJob(job)),
        (Some(ReservationState::Open), Some(EndState::Succeeded | EndState::Unsuccessful)) => {
            report.add(Fault::EndedWithOpenReservation(job));
        }
        (Some(_), Some(_)) => {}
    }
    Ok(())
}

/// Every stored reservation must come from the journal.
fn check_known(store: &Store, report: &mut Report) -> Result<(), LedgerError> {
    let mut outcome = Ok(());
    RESERVATIONS.visit(store, .., Order::Ascending, |job, _| {
        match POSTINGS.read(store, &reserve_id(job)) {
            Ok(Some(_)) => ControlFlow::Continue(()),
            Ok(None) => {
                report.add(Fault::WrongReservation(job));
                ControlFlow::Continue(())
            }
            Err(error) => {
                outcome = Err(error);
                ControlFlow::Break(())
            }
        }
    })?;
    outcome.map_err(LedgerError::from)
}

impl OpenJob {
    /// What is still set aside.
    fn left(&self) -> u64 {
        self.reserved.saturating_sub(self.captured).saturating_sub(self.released)
    }
}
