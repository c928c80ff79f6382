//! Who makes this call? Looked up anew on every call, so that nothing has to be taken back later.

use super::Accounts;
use super::api_key;
use super::caller::{Caller, Credential, Origin};
use super::error::{AccountsError, AuthError};
use super::member::{self, MEMBERS};
use super::session::SESSIONS;
use super::token;

impl Accounts {
    /// The caller who shows an access token or an API key.
    ///
    /// # Errors
    /// [`AccountsError::Unauthenticated`] with the reason, and the store's.
    pub fn authenticate(&self, bearer: &str, origin: &Origin) -> Result<Caller, AccountsError> {
        let bearer = bearer.trim();
        if bearer.starts_with(api_key::START) {
            return self.by_api_key(bearer, origin);
        }
        let now = self.now();
        let access = token::check_access(self.keys(), self.config(), bearer, now)?;
        let row = SESSIONS.read(self.store(), &access.session)?;
        let row = row.filter(|row| row.member == access.member && now < row.session.expires_at);
        if row.is_none() {
            return Err(AuthError::SessionEnded.into());
        }
        let member = MEMBERS.read(self.store(), &access.member)?.ok_or(AuthError::SessionEnded)?;
        let credential = Credential::Session { id: access.session, expires_at: access.expires_at };
        Ok(Caller { member, credential, acting: None, bot: None, origin: origin.clone() })
    }

    /// The owner, who called over the daemon's own socket.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] before [`Accounts::seed_owner`].
    pub fn local_owner(&self, origin: &Origin) -> Result<Caller, AccountsError> {
        let member = self.member(member::owner_id())?;
        Ok(Caller {
            member,
            credential: Credential::LocalOwner,
            acting: None,
            bot: None,
            origin: origin.clone(),
        })
    }
}
