//! Two members become one: a guest's credits move to the account that it was linked to.

use super::account::AccountId;
use super::book::{Book, Entry};
use super::error::LedgerError;
use super::transfer::{Context, Kind, Phase, Reference, Transfer};
use super::wallet::BONUS_LIMIT;
use crate::id::{MemberId, TransferId};
use crate::store::Tx;

/// How many members in a row may have become another one.
const LONGEST_CHAIN: usize = 32;
/// A merge may fill a wallet beyond what single grants may.
const MERGED_BONUS_LIMIT: usize = 2 * BONUS_LIMIT;

/// Asks to move everything from one member to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeRequest {
    /// The idempotency key.
    pub id: TransferId,
    /// Who ends.
    pub from: MemberId,
    /// Who goes on.
    pub to: MemberId,
}

/// Moves everything that `from` can spend to `to`, with its expiry; the free credits of the day lapse where
/// they are. What comes back to `from` later, from running jobs, follows by itself.
pub fn merge(
    tx: &mut Tx<'_>,
    request: &MergeRequest,
    context: &Context,
) -> Result<Vec<Transfer>, LedgerError> {
    let MergeRequest { id, from, to } = *request;
    let mut book = Book::open(tx)?;
    if let Some(known) = book.recorded(id)? {
        let same = |transfer: &Transfer| {
            transfer.kind == Kind::Merge
                && transfer.debit.member() == Some(from)
                && transfer.credit.member() == Some(to)
        };
        return if known.iter().all(same) { Ok(known) } else { Err(LedgerError::AlreadyExists(id)) };
    }
    if from == to {
        return Err(LedgerError::SameMember);
    }
    if book.wallet(to)?.merged_into.is_some() {
        return Err(LedgerError::Merged(to));
    }
    if book.wallet(from)?.merged_into.is_some_and(|owner| owner != to) {
        return Err(LedgerError::Merged(from));
    }
    if book.wallet(from)?.bonuses().saturating_add(book.wallet(to)?.bonuses()) > MERGED_BONUS_LIMIT {
        return Err(LedgerError::TooManyGrants(MERGED_BONUS_LIMIT));
    }
    move_all(&mut book, id, from, to, context)?;
    book.mark_merged(from, to)?;
    let transfers = book.close()?;
    Ok(transfers.into_iter().filter(|transfer| transfer.request == id).collect())
}

/// Sends what has come back to a member on to whom that member became.
pub(super) fn follow(
    book: &mut Book<'_, '_>,
    member: MemberId,
    context: &Context,
) -> Result<(), LedgerError> {
    let owner = owner(book, member)?;
    if owner == member {
        return Ok(());
    }
    let request = TransferId::derived(&[b"follow", member.as_bytes(), &book.head().to_be_bytes()]);
    move_all(book, request, member, owner, context)
}

/// Who holds the credits of `member` now.
pub(super) fn owner(book: &mut Book<'_, '_>, member: MemberId) -> Result<MemberId, LedgerError> {
    let mut owner = member;
    for _ in 0..LONGEST_CHAIN {
        match book.wallet(owner)?.merged_into {
            Some(next) => owner = next,
            None => return Ok(owner),
        }
    }
    Err(LedgerError::Damaged(format!("member {member} was merged without end")))
}

fn move_all(
    book: &mut Book<'_, '_>,
    request: TransferId,
    from: MemberId,
    to: MemberId,
    context: &Context,
) -> Result<(), LedgerError> {
    book.settle(from, context)?;
    for pot in book.wallet(from)?.pots.clone() {
        // What does not fit stays where it is, so that no job is kept from ending.
        let full = book.wallet(to)?.bonuses() >= MERGED_BONUS_LIMIT;
        let credit = match pot.account {
            _ if pot.available == 0 => continue,
            AccountId::Purchased(_) => AccountId::Purchased(to),
            AccountId::Plan(_) | AccountId::Bonus(..) if !full => {
                AccountId::Bonus(to, book.next_id(request)?)
            }
            _ => continue,
        };
        let entry = Entry {
            request,
            debit: pot.account,
            credit,
            amount: pot.available,
            kind: Kind::Merge,
            phase: Phase::Posted,
            reference: Reference::Member(from),
            expires: pot.expires,
        };
        book.post(entry, context)?;
    }
    Ok(())
}
