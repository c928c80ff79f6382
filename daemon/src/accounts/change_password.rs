//! Setting a new password, with the old one or with an admin's one-time code.

use secrecy::SecretString;

use super::Accounts;
use super::caller::{Caller, Origin};
use super::error::{AccountsError, AuthError};
use super::login::{Proof, Proved};
use super::member::{self, Member, NAMES};
use super::password::{self, PASSWORDS, PasswordRow};
use super::session::{self, NewSession};
use super::token::Tokens;
use crate::id::RequestId;
use crate::once::{self, Digest};

impl Accounts {
    /// Sets a new password and logs in with it; all other sessions end. `name` may be empty for a caller who is
    /// logged in. A repetition is a login with the new password.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`] when `current` is neither the password nor a living code, and those of a login.
    pub async fn change_password(
        &self,
        request: RequestId,
        caller: Option<&Caller>,
        name: &str,
        current: &SecretString,
        new: &SecretString,
        origin: &Origin,
    ) -> Result<(Member, Tokens), AccountsError> {
        let name = match caller {
            Some(caller) => {
                caller.owns_credentials()?;
                caller.member.name.clone()
            }
            None => member::parse_name(name)?,
        };
        password::check_new(new, &name)?;
        // The passwords are no part of it: a digest of them would be an easy hash to search.
        let digest = Digest::of("change_password", &[name.as_bytes()]);
        if let Some(id) = NAMES.read(self.store(), &name)? {
            let done = self.store().transact(move |tx| once::answered(tx, id, request, &digest)).await?;
            if done.is_some() {
                return self.login(&name, new, "", origin).await;
            }
        }
        let proved = self.prove(&name, current, Proof::PasswordOrCode, origin).await?;
        let Proved { member: id, row, attempt, turn } = proved;
        let hash = turn.hash(new).await?;
        let (now, config) = (self.now(), self.config_handle());
        let opened = NewSession::new("", origin, now);
        let (token, expires_at) = (opened.token, now.plus(config.refresh_ttl()));
        let member = self
            .store()
            .transact(move |tx| {
                if PASSWORDS.get(tx, &id)?.as_ref() != Some(&row) {
                    return Err(AuthError::WrongPassword.into());
                }
                attempt.succeed(tx, now)?;
                PASSWORDS.put(tx, &id, &PasswordRow { hash: Some(hash.clone()), code: None })?;
                session::end_all(tx, id)?;
                opened.begin(tx, &config, id, now)?;
                once::record(tx, id, request, digest, String::new(), now)?;
                let member = member::update(tx, id, |member| member.last_login_at = Some(now))?;
                member.ok_or(AccountsError::Unauthenticated(AuthError::WrongPassword))
            })
            .await?;
        self.something_ended();
        let tokens = self.tokens(id, &token, expires_at, now)?;
        Ok((member, tokens))
    }
}
