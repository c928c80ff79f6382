//! Passwords: their rule, their hashes, and the few places where they may be computed.
//!
//! argon2id is made to be slow and large, so hashes are computed on blocking threads, a few at a time, and callers
//! beyond the waiting line hear that it is full.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::config::PasswordConfig;
use super::error::AccountsError;
use super::secret::{self, Hashed};
use crate::clock::Timestamp;
use crate::id::{MemberId, RequestId};
use crate::store::{Table, TableId};

pub(super) static PASSWORDS: Table<MemberId, PasswordRow> = Table::new(TableId::Passwords as u8, "passwords");

const FEWEST: usize = 10;
const MOST: usize = 256;

/// What a member can prove to be themselves with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct PasswordRow {
    /// The argon2id hash in PHC form; absent until a password was set.
    pub(super) hash: Option<String>,
    /// A code to set a new password with, once.
    pub(super) code: Option<OneTimeCode>,
}

/// An admin's one-time code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OneTimeCode {
    pub(super) hash: Hashed,
    pub(super) expires_at: Timestamp,
    /// The act that made it; a repetition of that act shows another code in its place.
    pub(super) request: Option<RequestId>,
}

impl PasswordRow {
    /// Whether a text is the one-time code, which has not expired.
    pub(super) fn code_matches(&self, typed: &SecretString, now: Timestamp) -> bool {
        let code = self.code.as_ref().filter(|code| now < code.expires_at);
        code.zip(secret::code_hash(typed)).is_some_and(|(code, typed)| code.hash.same(&typed))
    }
}

/// Whether a text may be a new password.
pub(super) fn check_new(password: &SecretString, name: &str) -> Result<(), AccountsError> {
    let text = password.expose_secret();
    let letters = text.chars().count();
    if !(FEWEST..=MOST).contains(&letters) {
        let problem = format!(
            "has {letters} characters; a password has {FEWEST} to {MOST}, and a few words make a good one"
        );
        return Err(AccountsError::invalid("password", problem));
    }
    if text.eq_ignore_ascii_case(name) {
        return Err(AccountsError::invalid(
            "password",
            "is the name itself; choose one that others can't guess",
        ));
    }
    Ok(())
}

/// Computes hashes, a few at a time. Clones share the turns.
#[derive(Clone)]
pub(super) struct Hasher {
    argon: Argon2<'static>,
    line: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    /// Compared with when there is no such member, so that the answer takes as long.
    nobody: Arc<str>,
}

/// A turn at the hasher.
pub(super) struct Turn {
    argon: Argon2<'static>,
    nobody: Arc<str>,
    _line: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

impl Hasher {
    pub(super) fn new(config: &PasswordConfig) -> Result<Hasher, AccountsError> {
        let params = Params::new(config.memory_kib, config.passes, config.lanes, None).map_err(|error| {
            AccountsError::invalid("password", format!("argon2 refuses the numbers: {error}"))
        })?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon, &hex::encode(rand::random::<[u8; 16]>()))?.into();
        let line = Arc::new(Semaphore::new(config.at_a_time + config.waiting));
        Ok(Hasher { argon, line, turns: Arc::new(Semaphore::new(config.at_a_time)), nobody })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`AccountsError::Busy`] when too many wait already.
    pub(super) async fn turn(&self) -> Result<Turn, AccountsError> {
        let line = Arc::clone(&self.line).try_acquire_owned().map_err(|_| AccountsError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| AccountsError::Busy)?;
        let (argon, nobody) = (self.argon.clone(), Arc::clone(&self.nobody));
        Ok(Turn { argon, nobody, _line: line, _turn: turn })
    }
}

impl Turn {
    /// Whether the password has this hash; without a hash, no, but not faster.
    pub(super) async fn verify(
        self,
        password: &SecretString,
        hash: Option<String>,
    ) -> Result<(Turn, bool), AccountsError> {
        let password = password.clone();
        self.compute(move |turn| {
            let (text, known) = match &hash {
                Some(hash) => (hash.as_str(), true),
                None => (&*turn.nobody, false),
            };
            let parsed = PasswordHash::new(text).map_err(|error| {
                AccountsError::Internal(format!("a password hash can't be read: {error}"))
            })?;
            // Longer ones were never accepted; there is no use in hashing megabytes.
            let short = password.expose_secret().len() <= MOST * 4;
            let same =
                short && turn.argon.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
            Ok(same && known)
        })
        .await
    }

    /// The hash of a new password.
    pub(super) async fn hash(self, password: &SecretString) -> Result<String, AccountsError> {
        let password = password.clone();
        Ok(self.compute(move |turn| hash(&turn.argon, password.expose_secret())).await?.1)
    }

    /// The turn goes along to the blocking thread, so that it stays taken even if the caller goes away.
    async fn compute<T: Send + 'static>(
        self,
        work: impl FnOnce(&Turn) -> Result<T, AccountsError> + Send + 'static,
    ) -> Result<(Turn, T), AccountsError> {
        tokio::task::spawn_blocking(move || {
            let outcome = work(&self)?;
            Ok((self, outcome))
        })
        .await
        .unwrap_or_else(|error| Err(AccountsError::Internal(format!("hashing a password failed: {error}"))))
    }
}

fn hash(argon: &Argon2<'static>, password: &str) -> Result<String, AccountsError> {
    let hash = argon
        .hash_password(password.as_bytes())
        .map_err(|error| AccountsError::Internal(format!("a password can't be hashed: {error}")))?;
    Ok(hash.to_string())
}
