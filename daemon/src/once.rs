//! Acts that happen once, however often they are asked for.
//!
//! A caller names each act by a `request_id` before sending it. The id and a digest of what was asked are
//! written in the transaction of the act itself; a repetition finds them and gets the recorded answer, and the
//! same id with other content is refused. After so long that nobody asks again, an act is forgotten.

use std::ops::Bound;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    id::{MemberId, RequestId},
    store::{Order, Store, StoreError, Table, TableId, Tx},
};

/// Acts that are looked at, and forgotten, together.
const TOGETHER: usize = 256;

static ACTS: Table<(MemberId, RequestId), Act> = Table::new(TableId::Acts as u8, "acts");

/// A digest of everything that was asked, so that a repetition can be told from another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of a verb and the parts of its question.
    #[must_use]
    pub fn of(verb: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(&verb.as_bytes()).chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

#[derive(Serialize, Deserialize)]
struct Act {
    digest: Digest,
    answer: String,
    at: Timestamp,
}

/// Why an act can't be taken up.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// The id stands for another act.
    #[error("this request_id was used for something else; make a new one for each act")]
    OtherContent,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The answer recorded for this act, if it was done before.
///
/// # Errors
/// [`OnceError::OtherContent`] when the id was used for another question.
pub fn answered(
    tx: &mut Tx<'_>,
    member: MemberId,
    request: RequestId,
    digest: &Digest,
) -> Result<Option<String>, OnceError> {
    match ACTS.get(tx, &(member, request))? {
        None => Ok(None),
        Some(act) if act.digest == *digest => Ok(Some(act.answer)),
        Some(_) => Err(OnceError::OtherContent),
    }
}

/// Records the answer of an act: enough to give it again, and no secret.
///
/// # Errors
/// The store's.
pub fn record(
    tx: &mut Tx<'_>,
    member: MemberId,
    request: RequestId,
    digest: Digest,
    answer: String,
    at: Timestamp,
) -> Result<(), StoreError> {
    ACTS.put(tx, &(member, request), &Act { digest, answer, at })
}

/// Forgets the acts from before `until`, and answers how many there were.
///
/// # Errors
/// The store's; what is left is forgotten the next time.
pub async fn forget(store: &Store, until: Timestamp) -> Result<u64, StoreError> {
    let mut forgotten = 0;
    let mut start = Bound::Unbounded;
    loop {
        let rows = ACTS.scan(store, (start, Bound::Unbounded), Order::Ascending, TOGETHER)?;
        let old: Vec<_> = rows.iter().filter(|(_, act)| act.at < until).map(|(key, _)| *key).collect();
        if !old.is_empty() {
            forgotten += store.transact(move |tx| remove(tx, &old, until)).await?;
        }
        match rows.last() {
            Some((key, _)) if rows.len() == TOGETHER => start = Bound::Excluded(*key),
            _ => return Ok(forgotten),
        }
    }
}

fn remove(tx: &mut Tx<'_>, keys: &[(MemberId, RequestId)], until: Timestamp) -> Result<u64, StoreError> {
    let mut removed = 0;
    for key in keys {
        // Its answer may have been recorded anew since it was looked at.
        if ACTS.get(tx, key)?.is_some_and(|act| act.at < until) {
            ACTS.remove(tx, key)?;
            removed += 1;
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    #[tokio::test]
    async fn old_acts_are_forgotten_and_young_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        let members = [MemberId::derived(&[b"ann"]), MemberId::derived(&[b"bob"])];
        let at = |number| Timestamp::from_millis(i64::from(number));
        let request = |number: u32| RequestId::derived(&[&number.to_be_bytes()]);
        let digest = Digest::of("bake", &[b"bread"]);
        let most = TOGETHER as u32;
        let write = move |tx: &mut Tx<'_>| {
            for member in members {
                for number in 0..most {
                    record(tx, member, request(number), digest, number.to_string(), at(number))?;
                }
            }
            Ok::<_, StoreError>(())
        };
        store.transact(write).await.unwrap();

        let until = at(most - 10);
        assert_eq!(forget(&store, until).await, Ok(u64::from(2 * (most - 10))));
        assert_eq!(forget(&store, until).await, Ok(0));
        for (number, answer) in [(most - 11, None), (most - 10, Some((most - 10).to_string()))] {
            let ask = move |tx: &mut Tx<'_>| answered(tx, members[1], request(number), &digest);
            assert_eq!(store.transact(ask).await.unwrap(), answer);
        }
    }
}
