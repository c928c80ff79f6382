//! Credits.

use jiff::Timestamp;

/// The caller's wallet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wallet {
    /// What can be spent now.
    pub(crate) available: u64,
    /// Set aside for jobs that have not ended.
    pub(crate) reserved: u64,
    /// The parts, in the order in which they are spent.
    pub(crate) pockets: Vec<Pocket>,
    /// Free credits each day.
    pub(crate) daily_free: u64,
    /// When the day's free credits are renewed.
    pub(crate) next_reset_at: Option<Timestamp>,
    /// Prices at or under this run without asking.
    pub(crate) auto_confirm: u64,
}

/// A part of the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pocket {
    /// Its name.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) available: u64,
    /// When that runs out.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Why credits moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransferKind {
    /// Paid for a job.
    Usage,
    /// Bought.
    Purchase,
    /// Came with a plan.
    Plan,
    /// Today's free credits.
    Free,
    /// A trial.
    Trial,
    /// A coupon.
    Coupon,
    /// Somebody was brought along.
    Referral,
    /// A gift.
    Gift,
    /// Given back.
    Refund,
    /// An admin's correction.
    Adjustment,
    /// Moved when a guest was linked.
    Merge,
    /// Ran out.
    Expiry,
}

impl TransferKind {
    /// Every kind, in the order of the filter.
    pub(crate) const ALL: [Self; 12] = [
        Self::Usage,
        Self::Purchase,
        Self::Plan,
        Self::Free,
        Self::Trial,
        Self::Coupon,
        Self::Referral,
        Self::Gift,
        Self::Refund,
        Self::Adjustment,
        Self::Merge,
        Self::Expiry,
    ];

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Usage => "picture",
            Self::Purchase => "purchase",
            Self::Plan => "plan",
            Self::Free => "free",
            Self::Trial => "trial",
            Self::Coupon => "coupon",
            Self::Referral => "referral",
            Self::Gift => "gift",
            Self::Refund => "refund",
            Self::Adjustment => "adjustment",
            Self::Merge => "merge",
            Self::Expiry => "expiry",
        }
    }
}

/// Whether credits have moved or are only set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransferPhase {
    /// Moved.
    Posted,
    /// Set aside.
    Pending,
    /// Was set aside, has moved now.
    Captured,
    /// Was set aside, is free again.
    Released,
}

impl TransferPhase {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Posted => "booked",
            Self::Pending => "set aside",
            Self::Captured => "charged",
            Self::Released => "given back",
        }
    }
}

/// One line of a wallet's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transfer {
    /// Its id.
    pub(crate) id: String,
    /// Why.
    pub(crate) kind: TransferKind,
    /// Moved or set aside.
    pub(crate) phase: TransferPhase,
    /// Effect on what can be spent.
    pub(crate) change: i64,
    /// In the pocket, afterwards.
    pub(crate) balance_after: u64,
    /// The pocket.
    pub(crate) pocket: String,
    /// A job, payment or coupon.
    pub(crate) reference: String,
    /// Who did it.
    pub(crate) actor: String,
    /// When.
    pub(crate) at: Option<Timestamp>,
    /// A word on it.
    pub(crate) note: String,
}
