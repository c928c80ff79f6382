//! What a member can spend.

use super::WALLETS;
use super::account::AccountId;
use super::error::LedgerError;
use super::rules;
use super::wallet::Wallet;
use crate::clock::Timestamp;
use crate::id::MemberId;
use crate::store::{Store, Tx};

/// What a member has. Free credits count once [`super::ensure_daily`] has granted them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balance {
    /// What can be spent.
    pub available: u64,
    /// What is set aside for jobs.
    pub reserved: u64,
    /// Where it lies, in the order in which it is spent; lapsed and empty accounts are left out.
    pub holdings: Vec<Holding>,
}

/// What one account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The account.
    pub account: AccountId,
    /// What can be spent.
    pub available: u64,
    /// What is set aside for jobs.
    pub reserved: u64,
    /// When it lapses.
    pub expires: Option<Timestamp>,
}

/// The balance as a transaction sees it.
pub fn balance(tx: &mut Tx<'_>, member: MemberId, now: Timestamp) -> Result<Balance, LedgerError> {
    summarise(WALLETS.get(tx, &member)?, now)
}

/// The durable balance.
pub fn read_balance(store: &Store, member: MemberId, now: Timestamp) -> Result<Balance, LedgerError> {
    summarise(WALLETS.read(store, &member)?, now)
}

fn summarise(wallet: Option<Wallet>, now: Timestamp) -> Result<Balance, LedgerError> {
    let mut balance = Balance::default();
    let mut pots = wallet.unwrap_or_default().pots;
    pots.sort_by_key(rules::turn);
    for pot in pots {
        let available = if pot.lapsed(now) { 0 } else { pot.available };
        let sum = |total: u64, part: u64| total.checked_add(part).ok_or(LedgerError::Overflow);
        balance.available = sum(balance.available, available)?;
        balance.reserved = sum(balance.reserved, pot.reserved)?;
        if available > 0 || pot.reserved > 0 {
            let (account, reserved, expires) = (pot.account, pot.reserved, pot.expires);
            balance.holdings.push(Holding { account, available, reserved, expires });
        }
    }
    Ok(balance)
}
