//! Telling long streams that their caller's credential has ended.

use super::Accounts;
use super::api_key::KEYS;
use super::caller::{Caller, Credential};
use super::error::{AccountsError, AuthError};
use super::member::MEMBERS;
use super::role::Role;
use super::session::SESSIONS;

/// Why a credential does not count any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Its time is over.
    Expired,
    /// It was ended, or the account's rights have changed.
    Revoked,
}

impl From<Ended> for AuthError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Expired => AuthError::Expired,
            Ended::Revoked => AuthError::SessionEnded,
        }
    }
}

impl Accounts {
    /// Resolves when the caller's credential expires or is ended, or when the member's role or suspension changes.
    /// A stream that outlives one call waits for it and closes; the client then authenticates anew.
    pub fn revoked(&self, caller: &Caller) -> impl Future<Output = Ended> + Send + use<> {
        let (accounts, caller) = (self.clone(), caller.clone());
        // Subscribed before the first look, so that no end falls between the two.
        let mut changes = self.inner.ended.subscribe();
        async move {
            loop {
                match accounts.still(&caller) {
                    Ok(None) => {}
                    Ok(Some(ended)) => return ended,
                    Err(error) => {
                        tracing::warn!(%error, "a stream ends, because its caller can't be looked up");
                        return Ended::Revoked;
                    }
                }
                let expiry = async {
                    match caller.expires_at() {
                        Some(end) => accounts.inner.clock.sleep_until(end).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = expiry => return Ended::Expired,
                    // It can't fail: this future itself keeps the sender alive.
                    _changed = changes.changed() => {}
                }
            }
        }
    }

    /// Wakes all who wait in [`Accounts::revoked`]; they look for themselves. Called when the end is durable.
    pub(super) fn something_ended(&self) {
        self.inner.ended.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn still(&self, caller: &Caller) -> Result<Option<Ended>, AccountsError> {
        let now = self.now();
        if caller.expires_at().is_some_and(|end| now >= end) {
            return Ok(Some(Ended::Expired));
        }
        let holder = match &caller.credential {
            Credential::LocalOwner => Some(caller.member.id),
            Credential::Session { id, .. } => SESSIONS.read(self.store(), id)?.map(|row| row.member),
            Credential::ApiKey { id, version, .. } => {
                let row = KEYS.read(self.store(), id)?;
                row.filter(|row| row.living(now).is_ok() && row.version == *version).map(|row| row.member)
            }
        };
        let Some(holder) = holder else { return Ok(Some(Ended::Revoked)) };
        let may_act = caller.acting.is_none()
            || MEMBERS
                .read(self.store(), &holder)?
                .is_some_and(|bot| bot.role == Role::Bot && !bot.suspended);
        let same = MEMBERS.read(self.store(), &caller.member.id)?.is_some_and(|member| {
            member.role == caller.member.role && member.suspended == caller.member.suspended
        });
        Ok((!may_act || !same).then_some(Ended::Revoked))
    }
}
