//! Transfers: the immutable facts from which everything else follows.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::account::AccountId;
use crate::clock::Timestamp;
use crate::id::{JobId, MemberId, TransferId};

/// The longest reference to something outside, in characters.
pub(super) const REFERENCE_LIMIT_CHARS: usize = 255;
/// The longest note, in characters, because the reasons that people give are counted so.
pub(super) const NOTE_LIMIT_CHARS: usize = 1000;

/// Why credits move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A job.
    Usage,
    /// Credits were bought.
    Purchase,
    /// A plan's credits for a period.
    Plan,
    /// Daily free credits.
    Free,
    /// A trial.
    Trial,
    /// A coupon.
    Coupon,
    /// Somebody was brought along.
    Referral,
    /// A present.
    Gift,
    /// Given back, or taken back after a purchase was reversed.
    Refund,
    /// Corrected by hand.
    AdminAdjustment,
    /// Two members became one.
    Merge,
    /// Lapsed.
    Expiry,
}

crate::enum_key!(Kind {
    Usage = 1,
    Purchase = 2,
    Plan = 3,
    Free = 4,
    Trial = 5,
    Coupon = 6,
    Referral = 7,
    Gift = 8,
    Refund = 9,
    AdminAdjustment = 10,
    Merge = 11,
    Expiry = 12,
});

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Usage => "usage",
            Kind::Purchase => "purchase",
            Kind::Plan => "plan",
            Kind::Free => "free",
            Kind::Trial => "trial",
            Kind::Coupon => "coupon",
            Kind::Referral => "referral",
            Kind::Gift => "gift",
            Kind::Refund => "refund",
            Kind::AdminAdjustment => "admin_adjustment",
            Kind::Merge => "merge",
            Kind::Expiry => "expiry",
        })
    }
}

/// How far a transfer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// At once and for good.
    Posted,
    /// Set aside until captured or released.
    Pending,
    /// Takes all or part of a pending transfer.
    Capture {
        /// The pending transfer.
        of: TransferId,
    },
    /// Gives all or part of a pending transfer back.
    Release {
        /// The pending transfer.
        of: TransferId,
    },
}

/// What a transfer belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Nothing in particular.
    None,
    /// A job.
    Job(JobId),
    /// The payment provider's name for a payment.
    Payment(String),
    /// A coupon's code.
    Coupon(String),
    /// Another member.
    Member(MemberId),
    /// A day's free credits, and the number they were topped up to.
    Day {
        /// The day, by the house's rule.
        day: Date,
        /// The plan's number.
        level: u64,
    },
    /// The account's holding that lapsed.
    Lapsed(Option<Timestamp>),
}

impl Reference {
    /// How many characters of free text it carries.
    pub(super) fn text_chars(&self) -> usize {
        match self {
            Reference::Payment(text) | Reference::Coupon(text) => text.chars().count(),
            Reference::None
            | Reference::Job(_)
            | Reference::Member(_)
            | Reference::Day { .. }
            | Reference::Lapsed(_) => 0,
        }
    }
}

/// Who caused a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The daemon itself.
    System,
    /// The payment provider.
    Provider,
    /// A member.
    Member(MemberId),
    /// An administrator, by the member that they are.
    Admin(MemberId),
    /// Whoever runs commands on the machine.
    Operator,
}

/// The circumstances of a verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// What time it is.
    pub now: Timestamp,
    /// Who asks.
    pub actor: Actor,
    /// A remark for people.
    pub note: String,
}

impl Context {
    /// The circumstances without a remark.
    pub const fn new(now: Timestamp, actor: Actor) -> Context {
        Context { now, actor, note: String::new() }
    }
}

/// One movement of credits. Never changed, never removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its place in the journal, from 1, without gaps.
    pub sequence: u64,
    /// Its own id; that of its request for the first transfer of a request.
    pub id: TransferId,
    /// The request that it answers.
    pub request: TransferId,
    /// Where the credits come from.
    pub debit: AccountId,
    /// Where the credits go to.
    pub credit: AccountId,
    /// How many; never zero.
    pub amount: u64,
    /// Why.
    pub kind: Kind,
    /// How far it goes.
    pub phase: Phase,
    /// What it belongs to.
    pub reference: Reference,
    /// When the credited grant lapses; for a pending transfer, when its source does.
    pub expires: Option<Timestamp>,
    /// What the debited member can spend afterwards, in all accounts.
    pub debit_after: Option<u64>,
    /// What the credited member can spend afterwards, in all accounts.
    pub credit_after: Option<u64>,
    /// Who caused it.
    pub actor: Actor,
    /// When; a wrong clock may let it run backwards.
    pub at: Timestamp,
    /// A remark for people.
    pub note: String,
}

impl Transfer {
    /// What `member` can spend after this transfer; none if it is not theirs.
    pub fn balance_after(&self, member: MemberId) -> Option<u64> {
        if self.debit.member() == Some(member) {
            self.debit_after
        } else if self.credit.member() == Some(member) {
            self.credit_after
        } else {
            None
        }
    }

    /// The members on its two sides.
    pub(super) fn members(&self) -> impl Iterator<Item = MemberId> + use<> {
        let (debit, credit) = (self.debit.member(), self.credit.member());
        debit.into_iter().chain(credit.filter(|member| Some(*member) != debit))
    }
}

/// The transfers that answered one request; they follow each other in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Posting {
    /// The sequence of the first.
    pub(super) first: u64,
    /// How many.
    pub(super) count: u64,
}

/// The id of the transfer at `index` within the answer to `request`.
pub(super) fn part_id(request: TransferId, index: u64) -> TransferId {
    match index {
        0 => request,
        _ => TransferId::derived(&[b"part", request.as_bytes(), &index.to_be_bytes()]),
    }
}
