//! Acts that happen once, however often they are asked for.
//!
//! A caller names each act by a `request_id` before sending it. The id and a digest of what was asked are
//! written in the transaction of the act itself; a repetition finds them and gets the recorded answer, and the
//! same id with other content is refused.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    id::{MemberId, RequestId},
    store::{StoreError, Table, TableId, Tx},
};

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
