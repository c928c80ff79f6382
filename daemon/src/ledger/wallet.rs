//! What a member holds, in one record, so that no verb has to search.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::account::{Account, AccountId};
use super::error::LedgerError;
use crate::clock::Timestamp;
use crate::id::MemberId;

/// How many separate bonus grants a member may hold.
pub(super) const BONUS_LIMIT: usize = 64;

/// A member's record: a summary of their accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wallet {
    /// The accounts that hold something or may be filled again.
    pub(super) pots: Vec<Pot>,
    /// The last day whose free credits were granted.
    pub(super) daily: Option<Daily>,
    /// Where the credits went when this member became part of another.
    #[serde(default)]
    pub(super) merged_into: Option<MemberId>,
}

/// One account as the wallet shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pot {
    /// The account.
    pub(super) account: AccountId,
    /// What can be spent.
    pub(super) available: u64,
    /// What is set aside.
    pub(super) reserved: u64,
    /// When it lapses.
    pub(super) expires: Option<Timestamp>,
}

/// A day of free credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Daily {
    /// The day, by the house's rule.
    pub(super) day: Date,
    /// The number that it was topped up to.
    pub(super) level: u64,
}

impl Pot {
    /// Whether what it holds has lapsed.
    pub(super) fn lapsed(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl Wallet {
    /// Everything that is not set aside, lapsed or not.
    pub(super) fn available(&self) -> Result<u64, LedgerError> {
        self.pots
            .iter()
            .try_fold(0_u64, |sum, pot| sum.checked_add(pot.available))
            .ok_or(LedgerError::Overflow)
    }

    /// How many bonus grants it holds.
    pub(super) fn bonuses(&self) -> usize {
        self.pots.iter().filter(|pot| matches!(pot.account, AccountId::Bonus(..))).count()
    }

    /// The pot of `account`.
    pub(super) fn pot(&self, account: AccountId) -> Option<&Pot> {
        self.pots.iter().find(|pot| pot.account == account)
    }

    /// Shows what `record` holds now. A bonus pot goes away with its last credit.
    pub(super) fn show(&mut self, account: AccountId, record: &Account) -> Result<(), LedgerError> {
        let available = record
            .totals
            .available()
            .ok_or_else(|| LedgerError::Damaged(format!("account {account} would be below zero")))?;
        let reserved = record.totals.debits_pending;
        let pot = Pot { account, available, reserved, expires: record.expires };
        let gone = matches!(account, AccountId::Bonus(..)) && available == 0 && reserved == 0;
        // Kept in order, so that two wallets with the same content are equal.
        match (self.pots.binary_search_by_key(&account, |pot| pot.account), gone) {
            (Ok(index), true) => drop(self.pots.remove(index)),
            (Ok(index), false) => self.pots[index] = pot,
            (Err(_), true) => {}
            (Err(index), false) => self.pots.insert(index, pot),
        }
        Ok(())
    }
}
