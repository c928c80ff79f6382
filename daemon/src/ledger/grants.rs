//! Credits that come in: purchases, plans, bonuses and the free ones of the day.

use super::account::AccountId;
use super::book::{Book, Entry};
use super::day::Day;
use super::error::LedgerError;
use super::merge;
use super::transfer::{Context, Kind, Phase, Reference, Transfer};
use super::wallet::{BONUS_LIMIT, Daily};
use crate::clock::Timestamp;
use crate::id::{MemberId, TransferId};
use crate::store::Tx;

/// Asks for credits to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRequest {
    /// The idempotency key; derive it from the payment, coupon or whatever causes the grant.
    pub id: TransferId,
    /// Who gets them.
    pub member: MemberId,
    /// How many.
    pub amount: u64,
    /// What they are.
    pub source: GrantSource,
    /// What they belong to.
    pub reference: Reference,
}

/// What granted credits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantSource {
    /// Bought; they never expire.
    Purchase,
    /// A plan's credits; what is left of an earlier period lapses.
    Plan {
        /// When the period ends.
        ends: Timestamp,
    },
    /// A grant with an account of its own.
    Bonus {
        /// Why.
        kind: BonusKind,
        /// When it lapses, if ever.
        expires: Option<Timestamp>,
    },
}

/// Why a bonus was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BonusKind {
    /// A trial.
    Trial,
    /// A coupon.
    Coupon,
    /// Somebody was brought along.
    Referral,
    /// A present.
    Gift,
}

/// Asks for the free credits of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyRequest {
    /// Who gets them.
    pub member: MemberId,
    /// The plan's number.
    pub level: u64,
    /// The day that it is.
    pub day: Day,
}

/// Grants credits once. Asked again with the same content, it answers what was recorded.
pub fn grant(tx: &mut Tx<'_>, request: &GrantRequest, context: &Context) -> Result<Transfer, LedgerError> {
    let entry = grant_entry(request);
    let mut book = Book::open(tx)?;
    if let Some(known) = book.recorded(request.id)? {
        return match <[Transfer; 1]>::try_from(known) {
            Ok([known]) if same(&known, &entry) => Ok(known),
            Ok(_) | Err(_) => Err(LedgerError::AlreadyExists(request.id)),
        };
    }
    if request.amount == 0 {
        return Err(LedgerError::ZeroAmount);
    }
    book.settle(request.member, context)?;
    let wallet = book.wallet(request.member)?;
    match request.source {
        GrantSource::Bonus { .. } if wallet.bonuses() >= BONUS_LIMIT => {
            return Err(LedgerError::TooManyGrants(BONUS_LIMIT));
        }
        GrantSource::Plan { ends } => {
            let left = wallet.pot(entry.credit).copied();
            if let Some(pot) = left.filter(|pot| pot.available > 0 && pot.expires < Some(ends)) {
                book.expire(pot.account, pot.available, pot.expires, context)?;
            }
        }
        GrantSource::Bonus { .. } | GrantSource::Purchase => {}
    }
    book.post(entry, context)?;
    merge::follow(&mut book, request.member, context)?;
    only(book.close()?, request.id)
}

/// Grants the free credits of the day if that has not happened yet: tops the account up to the level. A
/// higher level later on the same day adds the difference. Answers the new transfer, if any.
pub fn ensure_daily(
    tx: &mut Tx<'_>,
    request: &DailyRequest,
    context: &Context,
) -> Result<Option<Transfer>, LedgerError> {
    let DailyRequest { member, level, day } = *request;
    let account = AccountId::Daily(member);
    let mut book = Book::open(tx)?;
    if book.wallet(member)?.merged_into.is_some() {
        return Err(LedgerError::Merged(member));
    }
    book.settle(member, context)?;
    let wallet = book.wallet(member)?;
    let (id, amount) = match wallet.daily {
        Some(Daily { day: last, level: before }) if last == day.date => {
            (daily_id(member, day, Some(level)), level.saturating_sub(before))
        }
        Some(_) | None => {
            let left = wallet.pot(account).map_or(0, |pot| pot.available);
            (daily_id(member, day, None), level.saturating_sub(left))
        }
    };
    // The id decides, not the order of days: a clock that went back and forth grants no day twice.
    if amount == 0 || book.recorded(id)?.is_some() {
        book.close()?;
        return Ok(None);
    }
    let entry = Entry {
        request: id,
        debit: AccountId::Mint(Kind::Free),
        credit: account,
        amount,
        kind: Kind::Free,
        phase: Phase::Posted,
        reference: Reference::Day { day: day.date, level },
        expires: Some(day.end),
    };
    book.post(entry, context)?;
    only(book.close()?, id).map(Some)
}

fn grant_entry(request: &GrantRequest) -> Entry {
    let member = request.member;
    let (credit, kind, expires) = match request.source {
        GrantSource::Purchase => (AccountId::Purchased(member), Kind::Purchase, None),
        GrantSource::Plan { ends } => (AccountId::Plan(member), Kind::Plan, Some(ends)),
        GrantSource::Bonus { kind, expires } => {
            let kind = match kind {
                BonusKind::Trial => Kind::Trial,
                BonusKind::Coupon => Kind::Coupon,
                BonusKind::Referral => Kind::Referral,
                BonusKind::Gift => Kind::Gift,
            };
            (AccountId::Bonus(member, request.id), kind, expires)
        }
    };
    Entry {
        request: request.id,
        debit: AccountId::Mint(kind),
        credit,
        amount: request.amount,
        kind,
        phase: Phase::Posted,
        reference: request.reference.clone(),
        expires,
    }
}

fn same(known: &Transfer, entry: &Entry) -> bool {
    known.debit == entry.debit
        && known.credit == entry.credit
        && known.amount == entry.amount
        && known.kind == entry.kind
        && known.phase == entry.phase
        && known.reference == entry.reference
        && known.expires == entry.expires
}

/// The one transfer that answers `request`, without what expired or moved on beside it.
fn only(transfers: Vec<Transfer>, request: TransferId) -> Result<Transfer, LedgerError> {
    let nothing = || LedgerError::Damaged("a grant entered no transfer".to_owned());
    transfers.into_iter().find(|transfer| transfer.request == request).ok_or_else(nothing)
}

fn daily_id(member: MemberId, day: Day, raised_to: Option<u64>) -> TransferId {
    let day = day.date.to_string();
    match raised_to {
        None => TransferId::derived(&[b"daily", member.as_bytes(), day.as_bytes()]),
        Some(level) => {
            TransferId::derived(&[b"daily", member.as_bytes(), day.as_bytes(), &level.to_be_bytes()])
        }
    }
}
