//! What admins do to members. Each act is written to the audit log in its own transaction.
//!
//! The actor and the member are looked up again inside the transaction, so two admins who act on each other at the
//! same moment get the answer of one order or the other.

use std::time::Duration;

use secrecy::SecretString;

use super::Accounts;
use super::caller::Caller;
use super::error::AccountsError;
use super::invitation::{self, INVITATIONS};
use super::member::{self, Member, NAMES};
use super::password::{OneTimeCode, PASSWORDS, PasswordRow};
use super::role::{self, Denied, Permission, Role};
use super::secret::{self, Hashed};
use super::session;
use crate::audit::{self, Act};
use crate::clock::Timestamp;
use crate::id::{MemberId, RequestId};
use crate::once::{self, Digest};
use crate::page::{Listed, Page};
use crate::store::{Order, Tx};

/// A code to set a new password with.
#[derive(Debug, Clone)]
pub struct OneTimePassword {
    /// The code. Shown this once.
    pub code: SecretString,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// An invitation.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The code. Shown this once.
    pub code: SecretString,
    /// When it stops working.
    pub expires_at: Timestamp,
}

const LONGEST_REASON: usize = 500;

impl Accounts {
    /// Members whose name contains `search`, by name.
    ///
    /// # Errors
    /// [`Denied`], and a wrong page.
    pub fn members(
        &self,
        caller: &Caller,
        search: &str,
        page: &Page,
    ) -> Result<Listed<Member>, AccountsError> {
        caller.require(Permission::Administer)?;
        let search = search.trim().to_ascii_lowercase();
        let found = page.list(self.store(), &NAMES, .., Order::Ascending, |name: &String, id| {
            name.contains(&search).then_some(id)
        })?;
        let mut members = Vec::new();
        for id in found.items {
            members.push(self.member(id)?);
        }
        Ok(Listed { items: members, next: found.next })
    }

    /// Opens an account for somebody, however registration is set, with a one-time code to set its password with. A
    /// repetition shows a new code in place of the first, as long as that one was not used.
    ///
    /// # Errors
    /// [`Denied`], [`AccountsError::Taken`], [`AccountsError::Invalid`] for an impossible name,
    /// [`AccountsError::Conflict`] for a repetition that comes too late.
    pub async fn create_member(
        &self,
        caller: &Caller,
        request: RequestId,
        name: &str,
    ) -> Result<(Member, OneTimePassword), AccountsError> {
        caller.require(Permission::Administer)?;
        let name = member::parse_new_name(name)?;
        // Derived, so that a repetition finds the account it opened.
        let target = MemberId::derived(&[b"create", caller.member.id.as_bytes(), request.as_bytes()]);
        let (action, now) = ("member.create", self.now());
        let digest = Digest::of(action, &[name.as_bytes()]);
        let act = AdminAct { caller: caller.clone(), request, target, action, digest, now };
        let (code, hash) = secret::new_code();
        let expires_at = now.plus(self.config().reset_ttl());
        let new = Member::new(target, name, Role::Member, now);
        let member = self
            .store()
            .transact(move |tx| {
                if act.actor(tx)?.is_none() {
                    show_again(tx, target, request, hash, expires_at)?;
                    return member::get(tx, target);
                }
                member::add(tx, &new)?;
                let code = OneTimeCode { hash, expires_at, request: Some(request) };
                PASSWORDS.put(tx, &target, &PasswordRow { hash: None, code: Some(code) })?;
                act.close(tx, &new.name, "", &new.role.to_string(), "")?;
                Ok(new.clone())
            })
            .await?;
        Ok((member, OneTimePassword { code, expires_at }))
    }

    /// Changes a role. Only the owner makes and unmakes admins; nobody unmakes the owner.
    ///
    /// # Errors
    /// [`Denied`], [`AccountsError::NotFound`].
    pub async fn set_role(
        &self,
        caller: &Caller,
        request: RequestId,
        who: &str,
        role: Role,
    ) -> Result<Member, AccountsError> {
        let act = self.begin(caller, request, who, "member.role", &role.to_string())?;
        let member = self
            .store()
            .transact(move |tx| {
                let Some((actor, target)) = act.open(tx)? else { return member::get(tx, act.target) };
                act.not_oneself()?;
                role::may_set_role(actor.role, target.role, role)?;
                let now = Member { role, ..target.clone() };
                member::MEMBERS.put(tx, &now.id, &now)?;
                act.close(tx, &now.name, &target.role.to_string(), &role.to_string(), "")?;
                Ok(now)
            })
            .await?;
        self.something_ended();
        Ok(member)
    }

    /// Suspends a member, who may then look but not act, or ends the suspension. The reason is required.
    ///
    /// # Errors
    /// [`Denied`], [`AccountsError::NotFound`], [`AccountsError::Invalid`] without a reason.
    pub async fn set_suspended(
        &self,
        caller: &Caller,
        request: RequestId,
        who: &str,
        suspended: bool,
        reason: &str,
    ) -> Result<Member, AccountsError> {
        let reason = reason.trim().to_owned();
        if !(1..=LONGEST_REASON).contains(&reason.chars().count()) {
            let problem = format!("say why, in 1 to {LONGEST_REASON} characters");
            return Err(AccountsError::invalid("reason", problem));
        }
        let act =
            self.begin(caller, request, who, "member.suspend", if suspended { "suspend" } else { "end" })?;
        let member = self
            .store()
            .transact(move |tx| {
                let Some((actor, target)) = act.open(tx)? else { return member::get(tx, act.target) };
                act.not_oneself()?;
                outranks(&actor, &target)?;
                let now = Member { suspended, ..target.clone() };
                member::MEMBERS.put(tx, &now.id, &now)?;
                act.close(tx, &now.name, state(target.suspended), state(suspended), &reason)?;
                Ok(now)
            })
            .await?;
        self.something_ended();
        Ok(member)
    }

    /// Ends a member's sessions, voids the password, and makes a one-time code to set a new one with. A repetition
    /// shows a new code in place of the first, as long as that one was not used.
    ///
    /// # Errors
    /// [`Denied`], [`AccountsError::NotFound`], [`AccountsError::Conflict`] for a repetition that comes too late.
    pub async fn reset_password(
        &self,
        caller: &Caller,
        request: RequestId,
        who: &str,
    ) -> Result<OneTimePassword, AccountsError> {
        let act = self.begin(caller, request, who, "member.reset_password", "")?;
        // The owner has no one above, so over the daemon's own socket the owner resets the own password.
        let own = caller.credential == super::Credential::LocalOwner;
        let (code, hash) = secret::new_code();
        let expires_at = act.now.plus(self.config().reset_ttl());
        self.store()
            .transact(move |tx| {
                let Some((actor, target)) = act.open(tx)? else {
                    return show_again(tx, act.target, act.request, hash, expires_at);
                };
                if !(own && actor.id == target.id) {
                    act.not_oneself()?;
                    outranks(&actor, &target)?;
                }
                if target.role == Role::Guest {
                    return Err(Denied::Guest.into());
                }
                let code = OneTimeCode { hash, expires_at, request: Some(act.request) };
                PASSWORDS.put(tx, &target.id, &PasswordRow { hash: None, code: Some(code) })?;
                let ended = session::end_all(tx, target.id)?;
                act.close(tx, &target.name, &format!("{ended} sessions"), "a one-time code", "")
            })
            .await?;
        self.something_ended();
        Ok(OneTimePassword { code, expires_at })
    }

    /// Makes an invitation: 0 uses mean one, no life means the usual one. A repetition shows a new code in place of
    /// the first.
    ///
    /// # Errors
    /// [`Denied`], [`AccountsError::Invalid`], [`AccountsError::Conflict`] for a repetition that comes too late.
    pub async fn create_invitation(
        &self,
        caller: &Caller,
        request: RequestId,
        uses: u32,
        valid: Duration,
    ) -> Result<NewInvitation, AccountsError> {
        caller.require(Permission::Administer)?;
        let (now, by, actor) = (self.now(), caller.member.id, caller.actor());
        let new = invitation::parse(uses, valid, self.config().invitation_ttl(), now, by)?;
        let digest =
            Digest::of("create_invitation", &[&uses.to_be_bytes(), &valid.as_millis().to_be_bytes()]);
        let (code, hash) = secret::new_code();
        let expires_at = self
            .store()
            .transact(move |tx| {
                const LATE: AccountsError =
                    AccountsError::Conflict("this invitation was used up meanwhile; make a new one");
                if let Some(answer) = once::answered(tx, by, request, &digest)? {
                    let old = Hashed::from_hex(&answer).ok_or(LATE)?;
                    let expires_at = invitation::rename(tx, &old, &hash, now)?.ok_or(LATE)?;
                    once::record(tx, by, request, digest, hash.to_hex(), now)?;
                    return Ok(expires_at);
                }
                INVITATIONS.put(tx, hash.as_bytes(), &new)?;
                let made = format!("{} uses until {}", new.uses_left, new.expires_at);
                let act = Act::new(actor.clone(), now, "invitation.create", "invitation").changed("", made);
                audit::append(tx, &act)?;
                once::record(tx, by, request, digest, hash.to_hex(), now)?;
                Ok::<_, AccountsError>(new.expires_at)
            })
            .await?;
        Ok(NewInvitation { code, expires_at })
    }

    fn begin(
        &self,
        caller: &Caller,
        request: RequestId,
        who: &str,
        action: &'static str,
        value: &str,
    ) -> Result<AdminAct, AccountsError> {
        caller.require(Permission::Administer)?;
        let (now, target) = (self.now(), self.find(who)?.id);
        let digest = Digest::of(action, &[target.as_bytes(), value.as_bytes()]);
        Ok(AdminAct { caller: caller.clone(), request, target, action, digest, now })
    }
}

/// An admin's act on a member.
struct AdminAct {
    caller: Caller,
    request: RequestId,
    target: MemberId,
    action: &'static str,
    digest: Digest,
    now: Timestamp,
}

impl AdminAct {
    /// The actor and the member as they are now, or nothing if the act was done before.
    fn open(&self, tx: &mut Tx<'_>) -> Result<Option<(Member, Member)>, AccountsError> {
        let Some(actor) = self.actor(tx)? else { return Ok(None) };
        Ok(Some((actor, member::get(tx, self.target)?)))
    }

    /// The actor as they are now, or nothing if the act was done before.
    fn actor(&self, tx: &mut Tx<'_>) -> Result<Option<Member>, AccountsError> {
        let actor = member::get(tx, self.caller.member.id)?;
        let current = Caller { member: actor.clone(), ..self.caller.clone() };
        current.require(Permission::Administer)?;
        let answered = once::answered(tx, actor.id, self.request, &self.digest)?;
        Ok(answered.is_none().then_some(actor))
    }

    fn not_oneself(&self) -> Result<(), Denied> {
        if self.caller.member.id == self.target { Err(Denied::Oneself) } else { Ok(()) }
    }

    fn close(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
        old: &str,
        new: &str,
        reason: &str,
    ) -> Result<(), AccountsError> {
        let act =
            Act::new(self.caller.actor(), self.now, self.action, name).changed(old, new).because(reason);
        audit::append(tx, &act)?;
        once::record(tx, self.caller.member.id, self.request, self.digest, String::new(), self.now)?;
        Ok(())
    }
}

fn outranks(actor: &Member, target: &Member) -> Result<(), Denied> {
    if actor.role.outranks(target.role) {
        Ok(())
    } else {
        Err(Denied::Outranked { actor: actor.role, target: target.role })
    }
}

fn state(suspended: bool) -> &'static str {
    if suspended { "suspended" } else { "active" }
}

/// Replaces the code of an act whose answer was lost.
fn show_again(
    tx: &mut Tx<'_>,
    target: MemberId,
    request: RequestId,
    hash: Hashed,
    expires_at: Timestamp,
) -> Result<(), AccountsError> {
    let row = PASSWORDS.get(tx, &target)?.unwrap_or_default();
    match row.code {
        Some(code) if code.request == Some(request) => {
            let code = OneTimeCode { hash, expires_at, request: Some(request) };
            Ok(PASSWORDS.put(tx, &target, &PasswordRow { code: Some(code), ..row })?)
        }
        _ => Err(AccountsError::Conflict(
            "this code was used or replaced meanwhile; reset the password if another one is needed",
        )),
    }
}
