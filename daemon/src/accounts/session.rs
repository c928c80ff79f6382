//! Sessions: one login each, kept alive by refresh tokens that count once.
//!
//! A session that has ended is gone from the store. Of two refreshes with one token the first wins; the second is a
//! reuse and ends the session for both, because nobody can tell which of them was the thief.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::Accounts;
use super::caller::{Caller, Origin, clean};
use super::config::AccountsConfig;
use super::error::{AccountsError, AuthError};
use super::member::MEMBERS;
use super::secret::Hashed;
use super::token::{self, Refresh, Tokens};
use crate::audit::{self, Act, Actor};
use crate::clock::Timestamp;
use crate::id::{MemberId, SessionId};
use crate::store::{StoreError, Table, TableId, Tx};

pub(super) static SESSIONS: Table<SessionId, SessionRow> = Table::new(TableId::Sessions as u8, "sessions");
/// The living sessions of each member, oldest first.
pub(super) static OF_MEMBER: Table<MemberId, Vec<SessionId>> =
    Table::new(TableId::MemberSessions as u8, "member sessions");

/// Longer names of devices are cut.
const LONGEST_DEVICE: usize = 64;

/// A place where an account is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Id of the session.
    pub id: SessionId,
    /// What the client called itself.
    pub device: String,
    /// The address it was opened from; empty for the machine itself.
    pub address: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its tokens were last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends, unless its tokens are refreshed.
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SessionRow {
    pub(super) session: Session,
    pub(super) member: MemberId,
    /// The turn of the one refresh token that counts.
    turn: u32,
    secret: Hashed,
}

/// What a refresh token does to a session.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    GoesOn,
    Expired,
    Reused,
}

fn judge(row: &SessionRow, token: &Refresh, now: Timestamp) -> Verdict {
    if now >= row.session.expires_at {
        Verdict::Expired
    } else if token.turn == row.turn && row.secret.matches(&token.secret) {
        Verdict::GoesOn
    } else {
        // It was signed here, so it is an older one, or from a state of the store that was rolled back.
        Verdict::Reused
    }
}

/// A session that is about to begin.
#[derive(Debug, Clone)]
pub(super) struct NewSession {
    pub(super) token: Refresh,
    device: String,
    address: String,
}

impl NewSession {
    pub(super) fn new(device: &str, origin: &Origin, now: Timestamp) -> NewSession {
        let device = if device.trim().is_empty() { &origin.client } else { device };
        NewSession {
            token: Refresh::first(SessionId::new(now)),
            device: clean(device, LONGEST_DEVICE),
            address: origin.address_text(),
        }
    }

    /// Begins it; a member with too many sessions loses the oldest ones.
    pub(super) fn begin(
        &self,
        tx: &mut Tx<'_>,
        config: &AccountsConfig,
        member: MemberId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = self.token.session;
        let mut living = Vec::new();
        for id in OF_MEMBER.get(tx, &member)?.unwrap_or_default() {
            match SESSIONS.get(tx, &id)? {
                Some(row) if now < row.session.expires_at => living.push(id),
                _ => SESSIONS.remove(tx, &id)?,
            }
        }
        while living.len() >= config.max_sessions {
            SESSIONS.remove(tx, &living.remove(0))?;
        }
        living.push(id);
        OF_MEMBER.put(tx, &member, &living)?;
        let session = Session {
            id,
            device: self.device.clone(),
            address: self.address.clone(),
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(config.refresh_ttl()),
        };
        let secret = Hashed::of(&self.token.secret);
        SESSIONS.put(tx, &id, &SessionRow { session, member, turn: self.token.turn, secret })
    }
}

/// Ends one session of a member; whether there was one.
pub(super) fn end(tx: &mut Tx<'_>, member: MemberId, id: SessionId) -> Result<bool, StoreError> {
    let mut living = OF_MEMBER.get(tx, &member)?.unwrap_or_default();
    let before = living.len();
    living.retain(|other| *other != id);
    if living.len() == before {
        return Ok(false);
    }
    SESSIONS.remove(tx, &id)?;
    OF_MEMBER.put(tx, &member, &living)?;
    Ok(true)
}

/// Ends all sessions of a member; how many there were.
pub(super) fn end_all(tx: &mut Tx<'_>, member: MemberId) -> Result<usize, StoreError> {
    let living = OF_MEMBER.get(tx, &member)?.unwrap_or_default();
    for id in &living {
        SESSIONS.remove(tx, id)?;
    }
    OF_MEMBER.remove(tx, &member)?;
    Ok(living.len())
}

/// Which sessions shall end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logout {
    /// The one that makes the call.
    Current,
    /// This one of the caller's.
    One(SessionId),
    /// All of the caller's.
    Everywhere,
}

impl Accounts {
    /// Exchanges a refresh token, once, for new tokens. Using one twice ends the whole session.
    ///
    /// # Errors
    /// [`AuthError`] when the token does not count (any more).
    pub async fn refresh(&self, token: &SecretString, origin: &Origin) -> Result<Tokens, AccountsError> {
        let token = Refresh::check(self.keys(), token.expose_secret())?;
        let (next, now, config) = (token.next(), self.now(), self.config_handle());
        let address = origin.address_text();
        let client = origin.client.clone();
        let outcome = self
            .store()
            .transact(move |tx| {
                let Some(mut row) = SESSIONS.get(tx, &token.session)? else {
                    return Ok(Err(AuthError::SessionEnded));
                };
                let verdict = judge(&row, &token, now);
                if verdict == Verdict::GoesOn {
                    (row.turn, row.secret) = (next.turn, Hashed::of(&next.secret));
                    row.session.last_used_at = now;
                    row.session.expires_at = now.plus(config.refresh_ttl());
                    SESSIONS.put(tx, &token.session, &row)?;
                    return Ok(Ok((row.member, row.session.expires_at)));
                }
                // The end must be written, so the refusal is an outcome and not an error of the transaction.
                end(tx, row.member, token.session)?;
                if verdict == Verdict::Expired {
                    return Ok(Err(AuthError::Expired));
                }
                let name = MEMBERS.get(tx, &row.member)?.map(|member| member.name).unwrap_or_default();
                let (address, client) = (address.clone(), client.clone());
                let actor = Actor { name: name.clone(), id: Some(row.member), address, client };
                let act = Act::new(actor, now, "session.reuse", name)
                    .changed(token.session.to_string(), "ended")
                    .because("a refresh token was used twice");
                audit::append(tx, &act)?;
                Ok::<_, StoreError>(Err(AuthError::Reused))
            })
            .await?;
        match outcome {
            Ok((member, expires_at)) => self.tokens(member, &next, expires_at, now),
            Err(reason) => {
                if reason == AuthError::Reused {
                    tracing::warn!(session = %token.session, "a refresh token was used twice; the session was ended");
                }
                self.something_ended();
                Err(reason.into())
            }
        }
    }

    /// Ends sessions of the caller; how many.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the caller has no such session.
    pub async fn logout(&self, caller: &Caller, which: Logout) -> Result<usize, AccountsError> {
        caller.owns_credentials()?;
        let member = caller.member.id;
        let one = match which {
            Logout::Everywhere => None,
            Logout::One(id) => Some(id),
            Logout::Current => Some(caller.session().ok_or(AccountsError::NotFound("session"))?),
        };
        let ended = self
            .store()
            .transact(move |tx| match one {
                None => end_all(tx, member),
                Some(id) => end(tx, member, id).map(usize::from),
            })
            .await?;
        self.something_ended();
        // Ending the current session twice is no mistake: the answer of the first try may have been lost.
        if ended == 0 && matches!(which, Logout::One(_)) {
            return Err(AccountsError::NotFound("session"));
        }
        Ok(ended)
    }

    /// The caller's living sessions, newest first.
    ///
    /// # Errors
    /// [`Denied`](super::Denied) to API keys and chat users, and the store's.
    pub fn sessions(&self, caller: &Caller) -> Result<Vec<Session>, AccountsError> {
        caller.owns_credentials()?;
        let now = self.now();
        let mut sessions = Vec::new();
        for id in OF_MEMBER.read(self.store(), &caller.member.id)?.unwrap_or_default().iter().rev() {
            let row = SESSIONS.read(self.store(), id)?.filter(|row| now < row.session.expires_at);
            sessions.extend(row.map(|row| row.session));
        }
        Ok(sessions)
    }

    /// The tokens of a session's turn.
    pub(super) fn tokens(
        &self,
        member: MemberId,
        turn: &Refresh,
        refresh_expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Tokens, AccountsError> {
        let (access, access_expires_at) =
            token::issue_access(self.keys(), self.config(), member, turn.session, now)?;
        Ok(Tokens { access, access_expires_at, refresh: turn.signed(self.keys()), refresh_expires_at })
    }
}
