//! Accounts and their four totals.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::transfer::{Kind, Phase};
use crate::clock::Timestamp;
use crate::id::{MemberId, TransferId};
use crate::store::Key;

/// Who holds credits. The house's accounts have no limit; a member's never go below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountId {
    /// What a member bought; never expires.
    Purchased(MemberId),
    /// A member's free credits of today.
    Daily(MemberId),
    /// What a member's plan gives for this period.
    Plan(MemberId),
    /// One grant with an expiry of its own, named by the transfer that made it.
    Bonus(MemberId, TransferId),
    /// Where credits of a kind come from.
    Mint(Kind),
    /// What was spent.
    Revenue,
    /// What lapsed.
    Expired,
}

impl AccountId {
    /// The member whose account it is; none for the house.
    pub const fn member(&self) -> Option<MemberId> {
        match self {
            AccountId::Purchased(member)
            | AccountId::Daily(member)
            | AccountId::Plan(member)
            | AccountId::Bonus(member, _) => Some(*member),
            AccountId::Mint(_) | AccountId::Revenue | AccountId::Expired => None,
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AccountId::Purchased(member) => write!(f, "purchased:{member}"),
            AccountId::Daily(member) => write!(f, "daily:{member}"),
            AccountId::Plan(member) => write!(f, "plan:{member}"),
            AccountId::Bonus(member, grant) => write!(f, "bonus:{member}:{grant}"),
            AccountId::Mint(kind) => write!(f, "mint:{kind}"),
            AccountId::Revenue => f.write_str("revenue"),
            AccountId::Expired => f.write_str("expired"),
        }
    }
}

// The tags are stored: never reuse one.
impl Key for AccountId {
    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            AccountId::Purchased(member) => (1_u8, *member).encode(out),
            AccountId::Daily(member) => (2_u8, *member).encode(out),
            AccountId::Plan(member) => (3_u8, *member).encode(out),
            AccountId::Bonus(member, grant) => (4_u8, *member, *grant).encode(out),
            AccountId::Mint(kind) => (16_u8, *kind).encode(out),
            AccountId::Revenue => 17_u8.encode(out),
            AccountId::Expired => 18_u8.encode(out),
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            1 => MemberId::take(bytes).map(AccountId::Purchased),
            2 => MemberId::take(bytes).map(AccountId::Daily),
            3 => MemberId::take(bytes).map(AccountId::Plan),
            4 => <(MemberId, TransferId)>::take(bytes).map(|(member, grant)| AccountId::Bonus(member, grant)),
            16 => Kind::take(bytes).map(AccountId::Mint),
            17 => Some(AccountId::Revenue),
            18 => Some(AccountId::Expired),
            _ => None,
        }
    }
}

/// An account's record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The sums of all its transfers.
    pub totals: Totals,
    /// When what it holds lapses.
    pub expires: Option<Timestamp>,
}

/// A side of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Where the credits come from.
    Debit,
    /// Where the credits go to.
    Credit,
}

/// The sums of everything that was ever debited and credited, pending and posted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Reserved to leave.
    pub debits_pending: u64,
    /// Gone.
    pub debits_posted: u64,
    /// Promised to arrive.
    pub credits_pending: u64,
    /// Arrived.
    pub credits_posted: u64,
}

impl Totals {
    /// The totals after one more transfer, seen from `side`; none if a sum leaves its range.
    #[must_use]
    pub fn after(mut self, side: Side, phase: Phase, amount: u64) -> Option<Totals> {
        let (pending, posted) = match side {
            Side::Debit => (&mut self.debits_pending, &mut self.debits_posted),
            Side::Credit => (&mut self.credits_pending, &mut self.credits_posted),
        };
        match phase {
            Phase::Posted => *posted = posted.checked_add(amount)?,
            Phase::Pending => *pending = pending.checked_add(amount)?,
            Phase::Capture { .. } => {
                *pending = pending.checked_sub(amount)?;
                *posted = posted.checked_add(amount)?;
            }
            Phase::Release { .. } => *pending = pending.checked_sub(amount)?,
        }
        Some(self)
    }

    /// What can be spent; none if the account is below zero, as the house's sources are.
    pub const fn available(&self) -> Option<u64> {
        match self.credits_posted.checked_sub(self.debits_posted) {
            Some(held) => held.checked_sub(self.debits_pending),
            None => None,
        }
    }
}
