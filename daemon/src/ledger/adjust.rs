//! Repairs: corrections by hand, charges that are given back, purchases that are reversed.

use super::account::AccountId;
use super::book::{Book, Entry};
use super::error::LedgerError;
use super::reservation::ReservationState;
use super::transfer::{Context, Kind, Phase, Reference, Transfer};
use super::{merge, rules};
use crate::id::{JobId, MemberId, TransferId};
use crate::store::Tx;

/// Asks for a correction by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustRequest {
    /// The idempotency key.
    pub id: TransferId,
    /// Whose credits.
    pub member: MemberId,
    /// How many are added, or taken if negative.
    pub change: i64,
    /// What it belongs to.
    pub reference: Reference,
}

/// Asks to give back all or part of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundRequest {
    /// The idempotency key.
    pub id: TransferId,
    /// The job that was charged.
    pub job: JobId,
    /// How much.
    pub amount: u64,
}

/// Asks to take back bought credits, after the payment was reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeRequest {
    /// The idempotency key; derive it from the provider's event.
    pub id: TransferId,
    /// Who bought them.
    pub member: MemberId,
    /// How many.
    pub amount: u64,
    /// The payment.
    pub reference: Reference,
}

/// Corrects a balance: adds to `purchased`, or takes in the order in which credits are spent. Asked again
/// with the same content, it answers what was recorded.
pub fn adjust(
    tx: &mut Tx<'_>,
    request: &AdjustRequest,
    context: &Context,
) -> Result<Vec<Transfer>, LedgerError> {
    let member = request.member;
    let mint = AccountId::Mint(Kind::AdminAdjustment);
    let mut book = Book::open(tx)?;
    if let Some(known) = book.recorded(request.id)? {
        let amount = sum(&known);
        let side = |transfer: &Transfer| if request.change > 0 { transfer.credit } else { transfer.debit };
        let same = amount == Some(request.change.unsigned_abs())
            && known.iter().all(|transfer| {
                transfer.kind == Kind::AdminAdjustment
                    && side(transfer).member() == Some(member)
                    && transfer.reference == request.reference
            });
        return if same { Ok(known) } else { Err(LedgerError::AlreadyExists(request.id)) };
    }
    book.settle(member, context)?;
    let takes = match request.change {
        0 => return Err(LedgerError::ZeroAmount),
        1.. => vec![(mint, AccountId::Purchased(member), request.change.unsigned_abs())],
        _ => {
            let takes = rules::spend(&book.wallet(member)?.pots, request.change.unsigned_abs(), context.now)?;
            takes.into_iter().map(|take| (take.account, mint, take.amount)).collect()
        }
    };
    for (debit, credit, amount) in takes {
        let entry = Entry {
            request: request.id,
            debit,
            credit,
            amount,
            kind: Kind::AdminAdjustment,
            phase: Phase::Posted,
            reference: request.reference.clone(),
            expires: None,
        };
        book.post(entry, context)?;
    }
    merge::follow(&mut book, member, context)?;
    Ok(of_request(book.close()?, request.id))
}

/// Gives back all or part of what a job was charged, to the accounts that paid; what has expired there
/// meanwhile expires. Asked again with the same content, it answers what was recorded.
pub fn refund(
    tx: &mut Tx<'_>,
    request: &RefundRequest,
    context: &Context,
) -> Result<Vec<Transfer>, LedgerError> {
    let reference = Reference::Job(request.job);
    let mut book = Book::open(tx)?;
    if let Some(known) = book.recorded(request.id)? {
        let same = sum(&known) == Some(request.amount)
            && known.iter().all(|transfer| transfer.kind == Kind::Refund && transfer.reference == reference);
        return if same { Ok(known) } else { Err(LedgerError::AlreadyExists(request.id)) };
    }
    let reservation = book.reservation(request.job)?.clone();
    let charged = match reservation.state() {
        ReservationState::Captured(charged) => charged,
        ReservationState::Open | ReservationState::Released => 0,
    };
    let refundable = charged.saturating_sub(reservation.refunded);
    if request.amount == 0 {
        return Err(LedgerError::ZeroAmount);
    }
    if request.amount > refundable {
        return Err(LedgerError::RefundTooLarge { refundable, asked: request.amount });
    }
    let parts = rules::give_back(&reservation.lines, reservation.refunded, request.amount);
    let returned = || reservation.lines.iter().zip(&parts).filter(|(_, part)| **part > 0);
    for (line, part) in returned() {
        let entry = Entry {
            request: request.id,
            debit: AccountId::Revenue,
            credit: line.account,
            amount: *part,
            kind: Kind::Refund,
            phase: Phase::Posted,
            reference: reference.clone(),
            expires: None,
        };
        book.post(entry, context)?;
    }
    for (line, part) in returned() {
        book.expire_returned(line.account, *part, line.expires, context)?;
    }
    merge::follow(&mut book, reservation.member, context)?;
    Ok(of_request(book.close()?, request.id))
}

/// Takes back bought credits, as far as they are still there: what was spent is the house's loss. Answers
/// the transfer, or nothing if nothing was left. Asked again, it answers what was recorded.
pub fn revoke_purchase(
    tx: &mut Tx<'_>,
    request: &RevokeRequest,
    context: &Context,
) -> Result<Option<Transfer>, LedgerError> {
    let mut book = Book::open(tx)?;
    let owner = merge::owner(&mut book, request.member)?;
    if let Some(known) = book.recorded(request.id)? {
        let known = known.into_iter().next().filter(|transfer| {
            transfer.kind == Kind::Refund
                && transfer.reference == request.reference
                && transfer.amount <= request.amount
        });
        return match known.as_ref().map(|transfer| transfer.debit) {
            // The buyer may have become somebody else between the two tries.
            Some(AccountId::Purchased(buyer)) if merge::owner(&mut book, buyer)? == owner => Ok(known),
            Some(_) | None => Err(LedgerError::AlreadyExists(request.id)),
        };
    }
    if request.amount == 0 {
        return Err(LedgerError::ZeroAmount);
    }
    let purchased = AccountId::Purchased(owner);
    let left = book.wallet(owner)?.pot(purchased).map_or(0, |pot| pot.available);
    let amount = left.min(request.amount);
    if amount == 0 {
        return Ok(None);
    }
    let entry = Entry {
        request: request.id,
        debit: purchased,
        credit: AccountId::Mint(Kind::Purchase),
        amount,
        kind: Kind::Refund,
        phase: Phase::Posted,
        reference: request.reference.clone(),
        expires: None,
    };
    book.post(entry, context)?;
    Ok(of_request(book.close()?, request.id).into_iter().next())
}

fn sum(transfers: &[Transfer]) -> Option<u64> {
    transfers.iter().try_fold(0_u64, |sum, transfer| sum.checked_add(transfer.amount))
}

/// What answers the request itself, without what expired or moved on beside it.
fn of_request(transfers: Vec<Transfer>, request: TransferId) -> Vec<Transfer> {
    transfers.into_iter().filter(|transfer| transfer.request == request).collect()
}
