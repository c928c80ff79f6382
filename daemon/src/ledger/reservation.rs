//! The life of a charge: reserved at submit, then captured or released, exactly once.

use serde::{Deserialize, Serialize};

use super::account::AccountId;
use super::book::{Book, Entry};
use super::error::LedgerError;
use super::transfer::{Context, Kind, Phase, Reference, Transfer};
use super::{RESERVATIONS, merge, rules};
use crate::clock::Timestamp;
use crate::id::{JobId, MemberId, TransferId};
use crate::store::Tx;

/// What is or was set aside for a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// The job.
    pub job: JobId,
    /// Who pays.
    pub member: MemberId,
    /// The accounts that pay, in the order in which they are spent.
    pub lines: Vec<Line>,
    /// When it began.
    pub at: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How much of the charge was given back later.
    pub refunded: u64,
}

/// One account's part of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The pending transfer.
    pub transfer: TransferId,
    /// The account that pays.
    pub account: AccountId,
    /// How much was set aside.
    pub amount: u64,
    /// When the account was to lapse.
    pub expires: Option<Timestamp>,
    /// How much was charged.
    pub captured: u64,
    /// How much went back.
    pub released: u64,
}

/// How far a reservation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReservationState {
    /// Set aside.
    Open,
    /// Charged; what was not, went back.
    Captured(u64),
    /// Everything went back.
    Released,
}

/// Asks for credits to be set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReserveRequest {
    /// The job; it can have one reservation only.
    pub job: JobId,
    /// Who pays.
    pub member: MemberId,
    /// How much; a job that costs nothing has no reservation.
    pub amount: u64,
}

/// Sets credits aside for a job. Asked again with the same content, it answers what was recorded.
pub fn reserve(
    tx: &mut Tx<'_>,
    request: &ReserveRequest,
    context: &Context,
) -> Result<Reservation, LedgerError> {
    let id = reserve_id(request.job);
    if let Some(known) = RESERVATIONS.get(tx, &request.job)? {
        let same = known.member == request.member && known.amount() == Some(request.amount);
        return if same { Ok(known) } else { Err(LedgerError::AlreadyExists(id)) };
    }
    let mut book = Book::open(tx)?;
    if book.wallet(request.member)?.merged_into.is_some() {
        return Err(LedgerError::Merged(request.member));
    }
    book.settle(request.member, context)?;
    let takes = rules::spend(&book.wallet(request.member)?.pots, request.amount, context.now)?;
    for take in takes {
        let entry = Entry {
            request: id,
            debit: take.account,
            credit: AccountId::Revenue,
            amount: take.amount,
            kind: Kind::Usage,
            phase: Phase::Pending,
            reference: Reference::Job(request.job),
            expires: take.expires,
        };
        book.post(entry, context)?;
    }
    let reservation = book.reservation(request.job)?.clone();
    book.close()?;
    Ok(reservation)
}

/// Charges `amount` of what is reserved for `job` and gives the rest back. A reservation that has ended
/// before answers how it ended, whatever is asked now.
pub fn capture(
    tx: &mut Tx<'_>,
    job: JobId,
    amount: u64,
    context: &Context,
) -> Result<Reservation, LedgerError> {
    end(tx, job, Some(amount), context)
}

/// Gives back everything that is reserved for `job`. A reservation that has ended before answers how it
/// ended.
pub fn release(tx: &mut Tx<'_>, job: JobId, context: &Context) -> Result<Reservation, LedgerError> {
    end(tx, job, None, context)
}

fn end(
    tx: &mut Tx<'_>,
    job: JobId,
    charge: Option<u64>,
    context: &Context,
) -> Result<Reservation, LedgerError> {
    let mut book = Book::open(tx)?;
    let reservation = book.reservation(job)?.clone();
    if reservation.ended.is_some() {
        return Ok(reservation);
    }
    let reserved = reservation.amount().ok_or(LedgerError::Overflow)?;
    match charge {
        Some(0) => return Err(LedgerError::ZeroAmount),
        Some(asked) if asked > reserved => return Err(LedgerError::CaptureTooLarge { reserved, asked }),
        Some(_) | None => {}
    }
    let request = if charge.is_some() { capture_id(job) } else { release_id(job) };
    let parts = rules::split(&reservation.lines, charge.unwrap_or(0));
    let lines = || reservation.lines.iter().zip(&parts);
    let entry = |line: &Line, amount: u64, phase: Phase| Entry {
        request,
        debit: line.account,
        credit: AccountId::Revenue,
        amount,
        kind: Kind::Usage,
        phase,
        reference: Reference::Job(job),
        expires: None,
    };
    for (line, captured) in lines().filter(|(_, captured)| **captured > 0) {
        book.post(entry(line, *captured, Phase::Capture { of: line.transfer }), context)?;
    }
    let returned =
        || lines().map(|(line, captured)| (line, line.amount - captured)).filter(|(_, rest)| *rest > 0);
    for (line, rest) in returned() {
        book.post(entry(line, rest, Phase::Release { of: line.transfer }), context)?;
    }
    // Only now, so that the transfers of the request stay together in the journal.
    for (line, rest) in returned() {
        book.expire_returned(line.account, rest, line.expires, context)?;
    }
    merge::follow(&mut book, reservation.member, context)?;
    let reservation = book.reservation(job)?.clone();
    book.close()?;
    Ok(reservation)
}

impl Reservation {
    /// A reservation before its first line.
    pub(super) fn begin(job: JobId, transfer: &Transfer) -> Result<Reservation, LedgerError> {
        let nobody = || LedgerError::Damaged(format!("job {job} is paid by the house"));
        let member = transfer.debit.member().ok_or_else(nobody)?;
        Ok(Reservation { job, member, lines: Vec::new(), at: transfer.at, ended: None, refunded: 0 })
    }

    /// How much was set aside; none if the sum does not fit.
    pub fn amount(&self) -> Option<u64> {
        self.sum(|line| line.amount)
    }

    /// How it stands.
    pub fn state(&self) -> ReservationState {
        match (self.ended, self.sum(|line| line.captured)) {
            (None, _) => ReservationState::Open,
            (Some(_), Some(0) | None) => ReservationState::Released,
            (Some(_), Some(captured)) => ReservationState::Captured(captured),
        }
    }

    /// Adds what a transfer of this job does to it.
    pub(super) fn fold(&mut self, transfer: &Transfer) -> Result<(), LedgerError> {
        let amount = transfer.amount;
        match transfer.phase {
            Phase::Pending => self.lines.push(Line {
                transfer: transfer.id,
                account: transfer.debit,
                amount,
                expires: transfer.expires,
                captured: 0,
                released: 0,
            }),
            Phase::Capture { of } => add(&mut self.line(of)?.captured, amount)?,
            Phase::Release { of } => add(&mut self.line(of)?.released, amount)?,
            Phase::Posted => add(&mut self.refunded, amount)?,
        }
        let done = |line: &Line| line.captured.checked_add(line.released) == Some(line.amount);
        if self.ended.is_none() && self.lines.iter().all(done) {
            self.ended = Some(transfer.at);
        }
        Ok(())
    }

    fn line(&mut self, of: TransferId) -> Result<&mut Line, LedgerError> {
        let missing = || LedgerError::Damaged(format!("job {} has no pending transfer {of}", self.job));
        match self.lines.iter().position(|line| line.transfer == of) {
            Some(index) => Ok(&mut self.lines[index]),
            None => Err(missing()),
        }
    }

    fn sum(&self, part: impl Fn(&Line) -> u64) -> Option<u64> {
        self.lines.iter().try_fold(0_u64, |sum, line| sum.checked_add(part(line)))
    }
}

fn add(sum: &mut u64, amount: u64) -> Result<(), LedgerError> {
    *sum = sum.checked_add(amount).ok_or(LedgerError::Overflow)?;
    Ok(())
}

/// The request that reserves for `job`.
pub(super) fn reserve_id(job: JobId) -> TransferId {
    TransferId::derived(&[b"reserve", job.as_bytes()])
}

fn capture_id(job: JobId) -> TransferId {
    TransferId::derived(&[b"capture", job.as_bytes()])
}

fn release_id(job: JobId) -> TransferId {
    TransferId::derived(&[b"release", job.as_bytes()])
}
