//! The decisions of the ledger, as functions from values to values.

use super::account::AccountId;
use super::error::LedgerError;
use super::reservation::Line;
use super::wallet::Pot;
use crate::clock::Timestamp;

/// What is taken from one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Take {
    pub(super) account: AccountId,
    pub(super) amount: u64,
    pub(super) expires: Option<Timestamp>,
}

/// When the pot's turn to be spent is: earliest expiry first, purchased last.
pub(super) fn turn(pot: &Pot) -> (bool, Timestamp, AccountId) {
    let purchased = matches!(pot.account, AccountId::Purchased(_));
    (purchased, pot.expires.unwrap_or(Timestamp::MAX), pot.account)
}

/// Takes `amount` from the pots in the order of their [`turn`]. Lapsed pots do not count.
pub(super) fn spend(pots: &[Pot], amount: u64, now: Timestamp) -> Result<Vec<Take>, LedgerError> {
    if amount == 0 {
        return Err(LedgerError::ZeroAmount);
    }
    let mut usable: Vec<&Pot> = pots.iter().filter(|pot| pot.available > 0 && !pot.lapsed(now)).collect();
    usable.sort_by_key(|pot| turn(pot));
    let mut left = amount;
    let mut takes = Vec::new();
    for pot in usable {
        let part = left.min(pot.available);
        takes.push(Take { account: pot.account, amount: part, expires: pot.expires });
        left -= part;
        if left == 0 {
            return Ok(takes);
        }
    }
    Err(LedgerError::Insufficient { needed: amount, available: amount - left })
}

/// For each line of a reservation, how much of it is captured; the rest is released.
pub(super) fn split(lines: &[Line], amount: u64) -> Vec<u64> {
    let mut left = amount;
    let share = |line: &Line| {
        let part = left.min(line.amount);
        left -= part;
        part
    };
    lines.iter().map(share).collect()
}

/// How much of each line's captured part is given back: what was spent last comes back first.
pub(super) fn give_back(lines: &[Line], before: u64, amount: u64) -> Vec<u64> {
    let (mut skip, mut left) = (before, amount);
    let mut parts: Vec<u64> = lines
        .iter()
        .rev()
        .map(|line| {
            let skipped = skip.min(line.captured);
            skip -= skipped;
            let part = left.min(line.captured - skipped);
            left -= part;
            part
        })
        .collect();
    parts.reverse();
    parts
}

/// Whether credits that left an account when it expired at `then` lapse when they return to it.
///
/// An account that is refilled (daily, plan) has another expiry by then, and a clock that went backwards
/// must not bring an old day's credits back.
pub(super) fn lapses(then: Option<Timestamp>, account: Option<Timestamp>, now: Timestamp) -> bool {
    then.is_some_and(|then| then <= now) || then != account
}
