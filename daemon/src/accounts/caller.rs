//! Who makes a call, with which credential, from where, and for whom.

use std::net::IpAddr;

use super::identity::ChatIdentity;
use super::member::Member;
use super::role::{Denied, Permission, Scope};
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::id::{KeyId, MemberId, SessionId};

/// Longer names of clients are cut.
const LONGEST_CLIENT: usize = 200;

/// Where a call comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The address; absent on the Unix socket.
    pub address: Option<IpAddr>,
    /// What the client calls itself; never trusted.
    pub client: String,
}

impl Origin {
    /// An origin; the client's own words are cleaned and cut.
    #[must_use]
    pub fn new(address: Option<IpAddr>, client: &str) -> Origin {
        Origin { address, client: clean(client, LONGEST_CLIENT) }
    }

    pub(super) fn address_text(&self) -> String {
        self.address.map(|address| address.to_canonical().to_string()).unwrap_or_default()
    }

    /// Whom to count for this address. Somebody with IPv6 has a whole /64, so that counts as one.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        self.address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        })
    }
}

/// Text of a client without control characters, at most `longest` letters.
pub(super) fn clean(text: &str, longest: usize) -> String {
    text.trim().chars().filter(|letter| !letter.is_control()).take(longest).collect()
}

/// What a caller showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Nothing: the call came over the daemon's own socket, which only the owner of the process can open.
    LocalOwner,
    /// An access token.
    Session {
        /// The session it belongs to.
        id: SessionId,
        /// When the token stops working.
        expires_at: Timestamp,
    },
    /// An API key.
    ApiKey {
        /// The key.
        id: KeyId,
        /// What its owner calls it.
        name: String,
        /// What it may be used for.
        scopes: Vec<Scope>,
        /// When it stops working, if ever.
        expires_at: Option<Timestamp>,
        /// Which of the key's secrets was shown; a new secret counts up.
        version: u32,
    },
}

impl Credential {
    fn covers(&self, permission: Permission) -> bool {
        match self {
            Credential::LocalOwner | Credential::Session { .. } => true,
            Credential::ApiKey { scopes, .. } => scopes.iter().any(|scope| scope.covers(permission)),
        }
    }
}

/// Somebody who makes a call, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account that asks, owns and pays; for a bot that acts for a chat user, the chat user's.
    pub member: Member,
    /// What the caller showed; for a bot that acts for a chat user, the bot's.
    pub credential: Credential,
    /// The chat user whom a bot acts for.
    pub acting: Option<ChatIdentity>,
    /// The bot that acts, where one does.
    pub bot: Option<MemberId>,
    /// Where the call comes from.
    pub origin: Origin,
}

impl Caller {
    /// Whether the caller may do it.
    #[must_use]
    pub fn may(&self, needed: Permission) -> bool {
        self.require(needed).is_ok()
    }

    /// Refuses what the caller may not do, and says why.
    ///
    /// # Errors
    /// The first thing in the way.
    pub fn require(&self, needed: Permission) -> Result<(), Denied> {
        if self.acting.is_some() && !matches!(needed, Permission::Read | Permission::Generate) {
            // A linked account may be an admin's; whoever controls the chat must not get that far.
            return Err(Denied::Acting(needed));
        }
        if !self.member.role.grants(needed) {
            return Err(Denied::Role { role: self.member.role, needed });
        }
        if self.member.suspended && needed != Permission::Read {
            return Err(Denied::Suspended(needed));
        }
        if !self.credential.covers(needed) {
            return Err(Denied::Scope(needed));
        }
        Ok(())
    }

    /// Whether the caller may end what somebody else began, and delete what came of it. Moderators may from a chat too:
    /// whoever controls that chat gets no further than to give people their credits back and to delete the pictures
    /// whose buttons they see, and the audit log names them.
    #[must_use]
    pub fn may_end_for_others(&self) -> bool {
        let chatting = self.acting.is_some() && self.may(Permission::Generate);
        self.may(Permission::Moderate) || (chatting && self.member.role.grants(Permission::Moderate))
    }

    /// Refuses whoever did not log in: credentials are shown and ended by the holder of the account alone. Unlike
    /// [`Permission::ManageOwn`] it lets the suspended through, who may look and leave.
    pub(super) fn owns_credentials(&self) -> Result<(), Denied> {
        if self.acting.is_some() {
            return Err(Denied::Acting(Permission::ManageOwn));
        }
        match self.credential {
            Credential::LocalOwner | Credential::Session { .. } => Ok(()),
            Credential::ApiKey { .. } => Err(Denied::Scope(Permission::ManageOwn)),
        }
    }

    /// When the credential stops working by itself, if ever.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match &self.credential {
            Credential::LocalOwner => None,
            Credential::Session { expires_at, .. } => Some(*expires_at),
            Credential::ApiKey { expires_at, .. } => *expires_at,
        }
    }

    /// The session in use, if it is one.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        match self.credential {
            Credential::Session { id, .. } => Some(id),
            Credential::LocalOwner | Credential::ApiKey { .. } => None,
        }
    }

    /// The caller as the audit log names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            name: self.member.name.clone(),
            id: Some(self.member.id),
            address: self.origin.address_text(),
            client: self.origin.client.clone(),
        }
    }
}
