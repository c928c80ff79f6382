//! Opening accounts: the owner's at the first start, and everybody else's by registration.

use secrecy::SecretString;

use super::Accounts;
use super::caller::Origin;
use super::config::Registration;
use super::error::{AccountsError, AuthError, Closed};
use super::invitation;
use super::member::{self, MEMBERS, Member, NAMES};
use super::password::{self, OneTimeCode, PASSWORDS, PasswordRow};
use super::role::Role;
use super::secret;
use super::session::NewSession;
use super::token::Tokens;
use crate::audit::{self, Act, Actor};
use crate::id::{MemberId, RequestId};
use crate::once::{self, Digest};

impl Accounts {
    /// Makes the owner's account if there is none yet, and returns a one-time code to set its password with. It is
    /// shown this once; a later one comes from `reset_password` over the daemon's own socket.
    ///
    /// # Errors
    /// [`AccountsError::Invalid`] for an impossible name.
    pub async fn seed_owner(&self, name: &str) -> Result<Option<SecretString>, AccountsError> {
        let name = member::parse_new_name(name)?;
        let now = self.now();
        let owner = Member::new(member::owner_id(), name, Role::Owner, now);
        let (code, hash) = secret::new_code();
        let code_row = OneTimeCode { hash, expires_at: now.plus(self.config().reset_ttl()), request: None };
        let made = self
            .store()
            .transact(move |tx| {
                if MEMBERS.get(tx, &owner.id)?.is_some() {
                    return Ok::<_, AccountsError>(false);
                }
                member::add(tx, &owner)?;
                PASSWORDS.put(tx, &owner.id, &PasswordRow { hash: None, code: Some(code_row.clone()) })?;
                let act = Act::new(Actor::daemon(), now, "owner.seed", &owner.name);
                audit::append(tx, &act.changed("", Role::Owner.to_string()))?;
                Ok(true)
            })
            .await?;
        Ok(made.then_some(code))
    }

    /// Opens an account and logs in. A repetition with the same password logs in again.
    ///
    /// # Errors
    /// [`Closed`] when nobody is let in this way, [`AccountsError::Taken`], [`AccountsError::Invalid`].
    pub async fn register(
        &self,
        request: RequestId,
        name: &str,
        password: &SecretString,
        invitation: &SecretString,
        origin: &Origin,
    ) -> Result<(Member, Tokens), AccountsError> {
        let name = member::parse_new_name(name)?;
        password::check_new(password, &name)?;
        // Derived, so that a repetition finds the account it opened.
        let id = MemberId::derived(&[b"register", request.as_bytes()]);
        let digest = Digest::of("register", &[name.as_bytes()]);
        let done = self.store().transact(move |tx| once::answered(tx, id, request, &digest)).await?;
        if done.is_some() {
            return self.register_again(&name, password, origin).await;
        }
        let invitation = self.let_in(invitation)?;
        if NAMES.read(self.store(), &name)?.is_some() {
            return Err(AccountsError::Taken);
        }
        let hash = self.inner.hasher.turn().await?.hash(password).await?;
        let (now, config) = (self.now(), self.config_handle());
        let member = Member { last_login_at: Some(now), ..Member::new(id, name.clone(), Role::Member, now) };
        let session = NewSession::new("", origin, now);
        let (token, expires_at) = (session.token, now.plus(config.refresh_ttl()));
        let opened = member.clone();
        let done = self
            .store()
            .transact(move |tx| {
                if once::answered(tx, id, request, &digest)?.is_some() {
                    return Ok(false);
                }
                if let Some(invitation) = &invitation {
                    invitation::take(tx, invitation, now)?;
                }
                member::add(tx, &member)?;
                PASSWORDS.put(tx, &id, &PasswordRow { hash: Some(hash.clone()), code: None })?;
                session.begin(tx, &config, id, now)?;
                once::record(tx, id, request, digest, String::new(), now)?;
                Ok::<_, AccountsError>(true)
            })
            .await?;
        if !done {
            return self.register_again(&name, password, origin).await;
        }
        let tokens = self.tokens(id, &token, expires_at, now)?;
        Ok((opened, tokens))
    }

    async fn register_again(
        &self,
        name: &str,
        password: &SecretString,
        origin: &Origin,
    ) -> Result<(Member, Tokens), AccountsError> {
        match self.login(name, password, "", origin).await {
            Err(AccountsError::Unauthenticated(AuthError::WrongPassword)) => Err(AccountsError::OtherContent),
            outcome => outcome,
        }
    }

    /// The hash of the invitation that has to be taken, if one is needed. Refuses before a password is hashed.
    fn let_in(&self, shown: &SecretString) -> Result<Option<secret::Hashed>, AccountsError> {
        match self.config().registration {
            Registration::Open => Ok(None),
            Registration::Closed => Err(Closed::Registration.into()),
            Registration::Invite => self.look_at_invitation(shown).map(Some),
        }
    }
}
