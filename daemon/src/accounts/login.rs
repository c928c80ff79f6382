//! Logging in with a name and a password.

use secrecy::SecretString;

use super::Accounts;
use super::caller::Origin;
use super::error::{AccountsError, AuthError};
use super::member::{self, Member};
use super::password::{PASSWORDS, PasswordRow, Turn};
use super::session::NewSession;
use super::throttle::Attempt;
use super::token::Tokens;
use crate::id::MemberId;

/// A member who has just proved to be themselves.
pub(super) struct Proved {
    pub(super) member: MemberId,
    /// What was compared with; if it is another one by now, the proof is void.
    pub(super) row: PasswordRow,
    pub(super) attempt: Attempt,
    pub(super) turn: Turn,
}

/// What is accepted as a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Password,
    PasswordOrCode,
}

impl Accounts {
    /// Exchanges a name and a password for tokens. `device` is what the session is called in the list of sessions.
    ///
    /// # Errors
    /// [`AuthError::WrongPassword`] (never says which of both is wrong), [`AuthError::CodeForPassword`],
    /// [`AccountsError::Throttled`] after too many failures, [`AccountsError::Busy`].
    pub async fn login(
        &self,
        name: &str,
        password: &SecretString,
        device: &str,
        origin: &Origin,
    ) -> Result<(Member, Tokens), AccountsError> {
        let proved = self.prove(name, password, Proof::Password, origin).await?;
        let (now, config) = (self.now(), self.config_handle());
        let session = NewSession::new(device, origin, now);
        let token = session.token;
        let (Proved { member: id, row, attempt, .. }, expires_at) = (proved, now.plus(config.refresh_ttl()));
        let member = self
            .store()
            .transact(move |tx| {
                // The password may have been reset while this one was being checked.
                if PASSWORDS.get(tx, &id)?.as_ref() != Some(&row) {
                    return Err(AuthError::WrongPassword.into());
                }
                attempt.succeed(tx, now)?;
                session.begin(tx, &config, id, now)?;
                let member = member::update(tx, id, |member| member.last_login_at = Some(now))?;
                member.ok_or(AccountsError::Unauthenticated(AuthError::WrongPassword))
            })
            .await?;
        // An older session may have had to make room.
        self.something_ended();
        let tokens = self.tokens(id, &token, expires_at, now)?;
        Ok((member, tokens))
    }

    /// Checks a proof, at the same cost whether or not there is such a member, and counts it as a failure until
    /// the caller's transaction says that it succeeded.
    pub(super) async fn prove(
        &self,
        name: &str,
        secret: &SecretString,
        accepted: Proof,
        origin: &Origin,
    ) -> Result<Proved, AccountsError> {
        let name = member::parse_name(name).ok();
        let turn = self.inner.hasher.turn().await?;
        let attempt = Attempt::new(name.as_deref(), origin);
        let (counted, config, now) = (attempt.clone(), self.config_handle(), self.now());
        self.store().transact(move |tx| counted.begin(tx, &config, now)).await?;
        let known = match name {
            Some(name) => member::NAMES.read(self.store(), &name)?,
            None => None,
        };
        let row =
            known.map(|id| PASSWORDS.read(self.store(), &id)).transpose()?.flatten().unwrap_or_default();
        let by_code = row.code_matches(secret, now);
        let (turn, by_password) = turn.verify(secret, row.hash.clone()).await?;
        match (known, accepted) {
            (Some(member), _) if by_password => Ok(Proved { member, row, attempt, turn }),
            (Some(member), Proof::PasswordOrCode) if by_code => Ok(Proved { member, row, attempt, turn }),
            (Some(_), Proof::Password) if by_code => Err(AuthError::CodeForPassword.into()),
            _ => Err(AuthError::WrongPassword.into()),
        }
    }
}
