//! Slowing down guesses: failures are counted per name and per network, and the wait doubles.
//!
//! An attempt is counted as a failure before the password is looked at, and forgiven when it was right. So many
//! attempts at the same moment are as slow as one after the other, and a restart forgets nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::caller::Origin;
use super::config::{AccountsConfig, Backoff};
use super::error::AccountsError;
use crate::clock::Timestamp;
use crate::store::{StoreError, Table, TableId, Tx};

pub(super) static FAILURES: Table<String, Failures> =
    Table::new(TableId::LoginFailures as u8, "login failures");

/// What is remembered of a name or a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failures {
    count: u32,
    last_at: Timestamp,
    until: Timestamp,
}

impl Failures {
    pub(super) fn forgotten(&self, rule: &Backoff, now: Timestamp) -> bool {
        now.since(self.last_at) >= Duration::from_secs(rule.forget_after_s)
    }
}

/// What is remembered after one more failure, or how long to wait before the attempt.
fn fail(before: Option<Failures>, rule: &Backoff, now: Timestamp) -> Result<Failures, Duration> {
    let longest = Duration::from_secs(rule.longest_wait_s);
    let before = before.filter(|before| !before.forgotten(rule, now));
    if let Some(before) = before {
        let left = before.until.since(now);
        // A longer wait than any that was ever set means that the clock was set back.
        if !left.is_zero() && left <= longest {
            return Err(left);
        }
    }
    let count = before.map_or(0, |before| before.count).saturating_add(1);
    let until = match count.checked_sub(rule.free) {
        None => now,
        Some(doublings) => {
            let factor = 1u64.checked_shl(doublings).filter(|_| doublings < 32).unwrap_or(u64::MAX);
            now.plus(Duration::from_secs(rule.first_wait_s.saturating_mul(factor)).min(longest))
        }
    };
    Ok(Failures { count, last_at: now, until })
}

/// What is remembered when the attempt that was just counted was right.
fn forgive(counted: Failures, now: Timestamp) -> Option<Failures> {
    let count = counted.count.saturating_sub(1);
    (count > 0).then_some(Failures { count, until: now, ..counted })
}

/// Whom an attempt counts for.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    name: Option<String>,
    network: Option<String>,
}

impl Attempt {
    /// An attempt on a name, as far as it can be one, from somewhere.
    pub(super) fn new(name: Option<&str>, origin: &Origin) -> Attempt {
        Attempt {
            name: name.map(|name| format!("name {name}")),
            network: origin.network().map(|network| format!("{NETWORK}{network}")),
        }
    }

    /// Counts it as a failure for now.
    ///
    /// # Errors
    /// How long to wait, and the store's.
    pub(super) fn begin(
        &self,
        tx: &mut Tx<'_>,
        config: &AccountsConfig,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        for (key, rule) in self.counters(config) {
            let counted = fail(FAILURES.get(tx, key)?, rule, now)
                .map_err(|retry_after| AccountsError::Throttled { retry_after })?;
            FAILURES.put(tx, key, &counted)?;
        }
        Ok(())
    }

    /// It was right: the name has a clean record, and the network is no worse off than before.
    pub(super) fn succeed(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
        if let Some(name) = &self.name {
            FAILURES.remove(tx, name)?;
        }
        let Some(network) = &self.network else { return Ok(()) };
        match FAILURES.get(tx, network)?.and_then(|counted| forgive(counted, now)) {
            Some(left) => FAILURES.put(tx, network, &left),
            None => FAILURES.remove(tx, network),
        }
    }

    fn counters<'a>(&'a self, config: &'a AccountsConfig) -> impl Iterator<Item = (&'a String, &'a Backoff)> {
        let name = self.name.iter().map(|key| (key, &config.name_backoff));
        name.chain(self.network.iter().map(|key| (key, &config.address_backoff)))
    }
}

const NETWORK: &str = "network ";

/// The rule that a counter is kept by.
pub(super) fn rule_of<'a>(key: &str, config: &'a AccountsConfig) -> &'a Backoff {
    if key.starts_with(NETWORK) { &config.address_backoff } else { &config.name_backoff }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Backoff = Backoff { free: 3, first_wait_s: 1, longest_wait_s: 10, forget_after_s: 3600 };

    #[test]
    fn the_wait_doubles_up_to_the_longest_and_is_forgotten() {
        let mut now = Timestamp::from_millis(0);
        let mut failures = None;
        let mut waits = Vec::new();
        for _ in 0..8 {
            let next = fail(failures, &RULE, now).unwrap();
            let wait = next.until.since(now);
            waits.push(wait.as_secs());
            if !wait.is_zero() {
                assert_eq!(fail(Some(next), &RULE, now), Err(wait));
                assert!(
                    fail(Some(next), &RULE, now.plus(wait.saturating_sub(Duration::from_millis(1)))).is_err()
                );
            }
            now = now.plus(wait);
            failures = Some(next);
        }
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 10, 10]);
        let later = fail(failures, &RULE, now.plus(Duration::from_secs(3600))).unwrap();
        assert_eq!(later.count, 1);
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let late = Timestamp::from_millis(10_000_000);
        let failures = Failures { count: 9, last_at: late, until: late.plus(Duration::from_secs(10)) };
        assert!(fail(Some(failures), &RULE, Timestamp::from_millis(0)).is_ok());
    }

    #[test]
    fn counting_never_overflows() {
        let failures =
            Failures { count: u32::MAX, last_at: Timestamp::default(), until: Timestamp::default() };
        let rule = Backoff { first_wait_s: u64::MAX, longest_wait_s: 60, ..RULE };
        let next = fail(Some(failures), &rule, Timestamp::default()).unwrap();
        assert_eq!(next.until.since(Timestamp::default()), Duration::from_secs(60));
    }

    #[test]
    fn a_right_password_takes_back_its_own_failure_only() {
        let now = Timestamp::from_millis(7);
        let two = Failures { count: 2, last_at: now, until: now.plus(Duration::from_secs(9)) };
        let one = forgive(two, now).unwrap();
        assert_eq!((one.count, one.until), (1, now));
        assert_eq!(forgive(one, now), None);
    }
}
