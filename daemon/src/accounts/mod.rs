//! Accounts: who somebody is and what they may do.
//!
//! Members with roles, passwords, sessions with rotating refresh tokens, API keys, invitations, and chat users whom
//! bots act for. The rules are plain functions over values (`role`, `throttle`, `session`, `api_key`); [`Accounts`]
//! applies them, each verb in one transaction. Rights are looked up on every call and never read from a token, so
//! a changed role, a suspension or a logout counts at once.
//!
//! Nothing here knows the wire. Secrets leave as [`secrecy::SecretString`] and stay as hashes.

mod admin;
mod api_key;
mod authenticate;
mod caller;
mod change_password;
mod config;
mod error;
mod identity;
mod invitation;
mod keyring;
mod link;
mod login;
mod member;
mod password;
mod register;
mod revocation;
mod role;
mod secret;
mod session;
#[cfg(test)]
mod tests;
mod throttle;
mod token;
mod upkeep;
mod usage;

use std::sync::Arc;

use tokio::sync::watch;

pub use admin::{NewInvitation, OneTimePassword};
pub use api_key::{ApiKey, NewApiKey};
pub use caller::{Caller, Credential, Origin};
pub use config::{AccountsConfig, Backoff, PasswordConfig, Registration};
pub use error::{AccountsError, AuthError, Closed};
pub use identity::ChatIdentity;
pub use keyring::{KeyRing, KeyRingError, Purpose, SigningKey};
pub use link::{LinkCode, Linked};
pub use member::Member;
pub use revocation::Ended;
pub use role::{Denied, Permission, Role, Scope};
pub use session::{Logout, Session};
pub use token::Tokens;

use crate::clock::{Clock, Timestamp};
use crate::id::MemberId;
use crate::store::Store;
use member::{MEMBERS, NAMES};
use password::Hasher;
use usage::Usage;

/// The accounts of the studio. Clones share them.
#[derive(Clone)]
pub struct Accounts {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    keys: KeyRing,
    config: Arc<AccountsConfig>,
    hasher: Hasher,
    /// Calls with API keys that are not in the store yet.
    usage: Usage,
    /// Counts up whenever a credential may have ended, after that is durable.
    ended: watch::Sender<u64>,
}

impl Accounts {
    /// The accounts kept in `store`. Computes one password hash, so it blocks for a moment.
    ///
    /// # Errors
    /// [`AccountsError::Invalid`] when the configuration can't work.
    pub fn new(
        store: Store,
        clock: Clock,
        keys: KeyRing,
        config: AccountsConfig,
    ) -> Result<Accounts, AccountsError> {
        config.check()?;
        let hasher = Hasher::new(&config.password)?;
        let (usage, ended, config) = (Usage::default(), watch::Sender::new(0), Arc::new(config));
        Ok(Accounts { inner: Arc::new(Inner { store, clock, keys, config, hasher, usage, ended }) })
    }

    /// The member with this id.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], and the store's.
    pub fn member(&self, id: MemberId) -> Result<Member, AccountsError> {
        MEMBERS.read(self.store(), &id)?.ok_or(AccountsError::NotFound("member"))
    }

    /// The member with this id or name, for calls that have been checked to come from an admin.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`], and the store's.
    pub fn find(&self, id_or_name: &str) -> Result<Member, AccountsError> {
        let not_found = AccountsError::NotFound("member");
        let id = match member::parse_id(id_or_name) {
            Some(id) => id,
            None => {
                let Ok(name) = member::parse_name(id_or_name) else { return Err(not_found) };
                NAMES.read(self.store(), &name)?.ok_or(not_found)?
            }
        };
        self.member(id)
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    fn config(&self) -> &AccountsConfig {
        &self.inner.config
    }

    fn config_handle(&self) -> Arc<AccountsConfig> {
        Arc::clone(&self.inner.config)
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}
