//! Pictures of each member on each day, kept in the store.
//!
//! A member has one row, for the last day on which they asked for anything. Days begin at midnight UTC, so that
//! they have the same length everywhere. Only a job that never ran gives its pictures back: what was computed and
//! then refused, failed or thrown away has cost the machine its time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Exceeded, Limit, LimitsConfig};
use crate::accounts::Role;
use crate::clock::Timestamp;
use crate::id::MemberId;
use crate::store::{Store, StoreError, Table, TableId, Tx};

static COUNTS: Table<MemberId, Count> = Table::new(TableId::Generations as u8, "generations");

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    /// Days since the epoch.
    day: i64,
    used: u32,
}

/// Why pictures can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TakeError {
    /// There are not so many left today.
    #[error(transparent)]
    Exceeded(#[from] Exceeded),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Counts `pictures` for a member, in the transaction that submits their job.
///
/// # Errors
/// [`Exceeded`] with the time until the next day begins, and the store's.
pub fn take_generation(
    tx: &mut Tx<'_>,
    config: &LimitsConfig,
    member: MemberId,
    role: Role,
    now: Timestamp,
    pictures: u32,
) -> Result<(), TakeError> {
    let used = on_day(COUNTS.get(tx, &member)?, now).saturating_add(pictures);
    if let Some(allowed) = config.generations_of(role).filter(|allowed| used > *allowed) {
        let retry_after = until_tomorrow(now);
        return Err(Exceeded { limit: Limit::Generations, allowed, retry_after }.into());
    }
    COUNTS.put(tx, &member, &Count { day: day(now), used })?;
    Ok(())
}

/// Takes back what [`take_generation`] counted at `taken_at`, for a job that was cancelled before it ran. Nothing
/// comes back from a day that is over.
///
/// # Errors
/// The store's.
pub fn give_back(
    tx: &mut Tx<'_>,
    member: MemberId,
    taken_at: Timestamp,
    pictures: u32,
) -> Result<(), StoreError> {
    match COUNTS.get(tx, &member)? {
        Some(count) if count.day == day(taken_at) => {
            COUNTS.put(tx, &member, &Count { used: count.used.saturating_sub(pictures), ..count })
        }
        _ => Ok(()),
    }
}

/// How many pictures a member has asked for today.
///
/// # Errors
/// The store's.
pub fn used(store: &Store, member: MemberId, now: Timestamp) -> Result<u32, StoreError> {
    Ok(on_day(COUNTS.read(store, &member)?, now))
}

fn on_day(count: Option<Count>, now: Timestamp) -> u32 {
    count.filter(|count| count.day == day(now)).map_or(0, |count| count.used)
}

fn day(now: Timestamp) -> i64 {
    now.as_millis().div_euclid(DAY_MS)
}

fn until_tomorrow(now: Timestamp) -> Duration {
    let left = DAY_MS - now.as_millis().rem_euclid(DAY_MS);
    Duration::from_millis(left.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    #[test]
    fn a_day_has_its_number_of_pictures() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let member = MemberId::derived(&[b"zoe"]);
        let noon = Timestamp::from_millis(DAY_MS * 100 + DAY_MS / 2);
        let take = |role, now, pictures| {
            store.transact_blocking(move |tx| {
                take_generation(tx, &LimitsConfig::default(), member, role, now, pictures)
            })
        };
        let full = Err(TakeError::Exceeded(Exceeded {
            limit: Limit::Generations,
            allowed: 50,
            retry_after: Duration::from_secs(12 * 60 * 60),
        }));
        take(Role::Member, noon, 49).unwrap();
        assert_eq!(take(Role::Member, noon, 2), full);
        assert_eq!(used(&store, member, noon), Ok(49));
        take(Role::Member, noon, 1).unwrap();
        assert_eq!(take(Role::Member, noon, 1), full);
        assert_eq!(take(Role::Member, noon, u32::MAX), full);
        take(Role::Moderator, noon, 1).unwrap();
        take(Role::Owner, noon, 1_000).unwrap();
        let tomorrow = noon.plus(Duration::from_secs(12 * 60 * 60));
        assert_eq!(used(&store, member, tomorrow), Ok(0));
        take(Role::Member, tomorrow, 50).unwrap();
    }

    #[test]
    fn what_never_ran_comes_back_on_the_same_day_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let member = MemberId::derived(&[b"zoe"]);
        let today = Timestamp::from_millis(DAY_MS * 100);
        let tomorrow = Timestamp::from_millis(DAY_MS * 101);
        let change = |act: fn(&mut Tx<'_>, MemberId, Timestamp) -> Result<(), TakeError>, at| {
            store.transact_blocking(move |tx| act(tx, member, at)).unwrap();
        };
        change(|tx, id, at| take_generation(tx, &LimitsConfig::default(), id, Role::Guest, at, 3), today);
        change(|tx, id, at| Ok(give_back(tx, id, at, 2)?), today);
        assert_eq!(used(&store, member, today), Ok(1));
        change(|tx, id, at| Ok(give_back(tx, id, at, 9)?), today);
        assert_eq!(used(&store, member, today), Ok(0));
        change(|tx, id, at| take_generation(tx, &LimitsConfig::default(), id, Role::Guest, at, 3), tomorrow);
        change(|tx, id, at| Ok(give_back(tx, id, at, 3)?), today);
        assert_eq!(used(&store, member, tomorrow), Ok(3));
    }
}
