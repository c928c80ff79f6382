//! How accounts behave, as one value.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::AccountsError;
use super::keyring::Purpose;

/// Who may open an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anyone.
    Open,
    /// Whoever has an invitation.
    Invite,
    /// Nobody.
    Closed,
}

/// How accounts behave. Units are in the names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountsConfig {
    /// Who may open an account.
    pub registration: Registration,
    /// Who makes the access tokens.
    pub issuer: String,
    /// Whom the access tokens are for.
    pub audience: String,
    /// Life of an access token; at most a day.
    pub access_ttl_s: u64,
    /// Life of a refresh token; at most 90 days.
    pub refresh_ttl_s: u64,
    /// Life of a one-time code.
    pub reset_ttl_s: u64,
    /// Life of a code that joins a chat identity.
    pub link_ttl_s: u64,
    /// Life of an invitation when its maker does not say.
    pub invitation_ttl_s: u64,
    /// Sessions of one member; a further login ends the oldest.
    pub max_sessions: usize,
    /// API keys of one member that are not revoked.
    pub max_api_keys: usize,
    /// What hashing a password costs.
    pub password: PasswordConfig,
    /// How failed logins of one name are slowed down.
    pub name_backoff: Backoff,
    /// How failed logins from one address are slowed down.
    pub address_backoff: Backoff,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        AccountsConfig {
            registration: Registration::Closed,
            issuer: "atelier".to_owned(),
            audience: "atelier".to_owned(),
            access_ttl_s: 15 * 60,
            refresh_ttl_s: 7 * 24 * 60 * 60,
            reset_ttl_s: 24 * 60 * 60,
            link_ttl_s: 10 * 60,
            invitation_ttl_s: 7 * 24 * 60 * 60,
            max_sessions: 20,
            max_api_keys: 20,
            password: PasswordConfig::default(),
            name_backoff: Backoff {
                free: 5,
                first_wait_s: 1,
                longest_wait_s: 15 * 60,
                forget_after_s: 24 * 60 * 60,
            },
            // Many people may share an address.
            address_backoff: Backoff {
                free: 20,
                first_wait_s: 1,
                longest_wait_s: 15 * 60,
                forget_after_s: 60 * 60,
            },
        }
    }
}

/// What hashing a password costs (argon2id).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordConfig {
    /// Memory of one hash.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// Hashes that are computed at a time.
    pub at_a_time: usize,
    /// Callers that may wait for their turn; beyond it they hear "busy".
    pub waiting: usize,
}

impl Default for PasswordConfig {
    fn default() -> Self {
        PasswordConfig { memory_kib: 19 * 1024, passes: 2, lanes: 1, at_a_time: 2, waiting: 32 }
    }
}

/// How failures are slowed down: the first ones are free, then the wait doubles with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// Failures without a wait.
    pub free: u32,
    /// The first wait.
    pub first_wait_s: u64,
    /// The longest wait.
    pub longest_wait_s: u64,
    /// Failures are forgotten this long after the last one.
    pub forget_after_s: u64,
}

impl AccountsConfig {
    /// Refuses what can't work, before anything starts.
    ///
    /// # Errors
    /// [`AccountsError::Invalid`].
    pub fn check(&self) -> Result<(), AccountsError> {
        let short = |field, ttl_s, purpose: Purpose| match purpose.longest_life() {
            Some(most) if Duration::from_secs(ttl_s) > most => Err(AccountsError::invalid(
                field,
                format!("{ttl_s} s is too long; at most {} s", most.as_secs()),
            )),
            _ if ttl_s == 0 => Err(AccountsError::invalid(field, "must be more than 0 s")),
            _ => Ok(()),
        };
        short("access_ttl_s", self.access_ttl_s, Purpose::Access)?;
        short("refresh_ttl_s", self.refresh_ttl_s, Purpose::Refresh)?;
        for (field, number) in [
            ("max_sessions", self.max_sessions),
            ("max_api_keys", self.max_api_keys),
            ("password.at_a_time", self.password.at_a_time),
        ] {
            // Sessions and keys of a member share one row.
            if !(1..=100).contains(&number) {
                return Err(AccountsError::invalid(field, format!("must be 1 to 100, not {number}")));
            }
        }
        for (field, text) in [("issuer", &self.issuer), ("audience", &self.audience)] {
            if text.is_empty() {
                return Err(AccountsError::invalid(field, "must not be empty"));
            }
        }
        Ok(())
    }

    pub(super) fn access_ttl(&self) -> Duration {
        Duration::from_secs(self.access_ttl_s)
    }

    pub(super) fn refresh_ttl(&self) -> Duration {
        Duration::from_secs(self.refresh_ttl_s)
    }

    pub(super) fn reset_ttl(&self) -> Duration {
        Duration::from_secs(self.reset_ttl_s)
    }

    pub(super) fn invitation_ttl(&self) -> Duration {
        Duration::from_secs(self.invitation_ttl_s)
    }
}
