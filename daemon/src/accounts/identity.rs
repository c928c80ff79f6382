//! Chat identities: somebody on another platform, whom a bot acts for.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::Accounts;
use super::caller::Caller;
use super::error::AccountsError;
use super::member::{self, GUEST_PREFIX, MEMBERS, Member};
use super::role::{Denied, Permission, Role};
use crate::id::{MemberId, RequestId};
use crate::store::{Table, TableId};

/// The member behind a platform's user.
pub(super) static IDENTITIES: Table<(String, String), MemberId> =
    Table::new(TableId::Identities as u8, "chat identities");

const RULE: &str = "must be <platform>:<user>[:<channel>], such as discord:1234:5678; the platform has 2 to 16 letters a-z, \
                    the others 1 to 64 letters, digits or any of -_.@";

/// Somebody on a chat platform, and where they spoke.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChatIdentity {
    platform: String,
    user: String,
    channel: Option<String>,
}

impl ChatIdentity {
    /// An identity from its parts.
    ///
    /// # Errors
    /// When a part has other characters than ids of platforms have.
    pub fn new(platform: &str, user: &str, channel: Option<&str>) -> Result<ChatIdentity, AccountsError> {
        let named =
            (2..=16).contains(&platform.len()) && platform.bytes().all(|byte| byte.is_ascii_lowercase());
        let id = |text: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
            (1..=64).contains(&text.len()) && text.bytes().all(plain)
        };
        if named && id(user) && channel.is_none_or(id) {
            let (platform, user) = (platform.to_owned(), user.to_owned());
            Ok(ChatIdentity { platform, user, channel: channel.map(str::to_owned) })
        } else {
            Err(AccountsError::invalid("atelier-on-behalf-of", RULE))
        }
    }

    /// The platform, such as `discord`.
    #[must_use]
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// The user's id there.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The channel's id there, if it was said.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// The guest who always belongs to this user of this platform.
    fn guest_id(&self) -> MemberId {
        MemberId::derived(&[b"guest", self.platform.as_bytes(), self.user.as_bytes()])
    }

    /// A guest for somebody who had an account before.
    pub(super) fn another_guest(&self, request: RequestId) -> MemberId {
        MemberId::derived(&[
            b"guest again",
            self.platform.as_bytes(),
            self.user.as_bytes(),
            request.as_bytes(),
        ])
    }

    /// `<platform>:<user>`, whatever the channel.
    #[must_use]
    pub fn person(&self) -> String {
        format!("{}:{}", self.platform, self.user)
    }

    pub(super) fn key(&self) -> (String, String) {
        (self.platform.clone(), self.user.clone())
    }

    fn guest_name(&self) -> String {
        guest_name(self.guest_id())
    }
}

/// What a guest is called: nothing that tells who they are.
pub(super) fn guest_name(id: MemberId) -> String {
    let hash = Sha256::digest(id.as_bytes());
    format!("{GUEST_PREFIX}{}", hex::encode(hash.first_chunk::<8>().unwrap_or(&[0; 8])))
}

impl FromStr for ChatIdentity {
    type Err = AccountsError;

    fn from_str(text: &str) -> Result<Self, AccountsError> {
        let mut parts = text.splitn(3, ':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(platform), Some(user), channel) => ChatIdentity::new(platform, user, channel),
            _ => Err(AccountsError::invalid("atelier-on-behalf-of", RULE)),
        }
    }
}

impl fmt::Display for ChatIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.platform, self.user)?;
        self.channel.as_ref().map_or(Ok(()), |channel| write!(f, ":{channel}"))
    }
}

impl Accounts {
    /// The caller as a chat user, whose guest account is opened when it is first needed. Only for bots.
    ///
    /// # Errors
    /// [`Denied`] for anybody but a bot that is not suspended.
    pub async fn act_for(&self, caller: &Caller, identity: ChatIdentity) -> Result<Caller, AccountsError> {
        if caller.member.role != Role::Bot || caller.acting.is_some() {
            return Err(Denied::NotBot.into());
        }
        if caller.member.suspended {
            return Err(Denied::Suspended(Permission::Generate).into());
        }
        let member = match self.known(&identity)? {
            Some(member) => member,
            None => self.open_guest(identity.clone()).await?,
        };
        let (credential, origin) = (caller.credential.clone(), caller.origin.clone());
        Ok(Caller { member, credential, acting: Some(identity), bot: Some(caller.member.id), origin })
    }

    fn known(&self, identity: &ChatIdentity) -> Result<Option<Member>, AccountsError> {
        let key = (identity.platform.clone(), identity.user.clone());
        let id = IDENTITIES.read(self.store(), &key)?;
        Ok(id.map(|id| MEMBERS.read(self.store(), &id)).transpose()?.flatten())
    }

    async fn open_guest(&self, identity: ChatIdentity) -> Result<Member, AccountsError> {
        let guest = Member::new(identity.guest_id(), identity.guest_name(), Role::Guest, self.now());
        let key = (identity.platform, identity.user);
        self.store()
            .transact(move |tx| {
                let id = IDENTITIES.get(tx, &key)?.unwrap_or(guest.id);
                if let Some(member) = MEMBERS.get(tx, &id)? {
                    return Ok(member);
                }
                member::add(tx, &guest)?;
                IDENTITIES.put(tx, &key, &guest.id)?;
                Ok(guest.clone())
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_read_as_they_are_written() {
        for text in ["discord:1234", "telegram:1234:-100567", "web:a@b.c:x"] {
            assert_eq!(text.parse::<ChatIdentity>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "discord",
            "discord:",
            ":1",
            "d:1",
            "Discord:1",
            "discord:1:",
            "discord:1:2:3",
            "discord:é",
            "discord:1 2",
        ] {
            assert!(text.parse::<ChatIdentity>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_guest_belongs_to_the_user_and_not_to_the_channel() {
        let id = |text: &str| text.parse::<ChatIdentity>().unwrap().guest_id();
        assert_eq!(id("discord:1:2"), id("discord:1:3"));
        assert_ne!(id("discord:1"), id("telegram:1"));
        let name = "discord:1".parse::<ChatIdentity>().unwrap().guest_name();
        assert_eq!(member::parse_name(&name).unwrap(), name);
    }
}
