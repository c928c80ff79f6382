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

const RULE: &str = "must be <platform>:<user>[:<channel>[:<parent>]], such as discord:1234:5678; the platform has 2 to 16 \
                    letters a-z, the others 1 to 64 letters, digits or any of -_.@";

/// Somebody on a chat platform, and where they spoke.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChatIdentity {
    platform: String,
    user: String,
    channel: Option<String>,
    parent: Option<String>,
}

impl ChatIdentity {
    /// An identity from its parts.
    ///
    /// # Errors
    /// When a part has other characters than ids of platforms have.
    pub fn new(platform: &str, user: &str, channel: Option<&str>) -> Result<ChatIdentity, AccountsError> {
        let named =
            (2..=16).contains(&platform.len()) && platform.bytes().all(|byte| byte.is_ascii_lowercase());
        if named && is_id(user) && channel.is_none_or(is_id) {
            let (platform, user) = (platform.to_owned(), user.to_owned());
            Ok(ChatIdentity { platform, user, channel: channel.map(str::to_owned), parent: None })
        } else {
            Err(AccountsError::invalid("atelier-on-behalf-of", RULE))
        }
    }

    /// The same in a channel that is a thread of another one.
    ///
    /// # Errors
    /// When the parent has other characters than ids of platforms have.
    fn within(self, parent: &str) -> Result<ChatIdentity, AccountsError> {
        if is_id(parent) {
            Ok(ChatIdentity { parent: Some(parent.to_owned()), ..self })
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

    /// The channel that the channel is a thread of, if it was said.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref()
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

fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// What a guest is called: nothing that tells who they are.
pub(super) fn guest_name(id: MemberId) -> String {
    let hash = Sha256::digest(id.as_bytes());
    format!("{GUEST_PREFIX}{}", hex::encode(hash.first_chunk::<8>().unwrap_or(&[0; 8])))
}

impl FromStr for ChatIdentity {
    type Err = AccountsError;

    fn from_str(text: &str) -> Result<Self, AccountsError> {
        let mut parts = text.splitn(4, ':');
        let (Some(platform), Some(user), channel) = (parts.next(), parts.next(), parts.next()) else {
            return Err(AccountsError::invalid("atelier-on-behalf-of", RULE));
        };
        let identity = ChatIdentity::new(platform, user, channel)?;
        match parts.next() {
            Some(parent) => identity.within(parent),
            None => Ok(identity),
        }
    }
}

impl fmt::Display for ChatIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.platform, self.user)?;
        [&self.channel, &self.parent].into_iter().flatten().try_for_each(|part| write!(f, ":{part}"))
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
        for text in ["discord:1234", "telegram:1234:-100567", "web:a@b.c:x", "discord:1:2:3"] {
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
            "discord:1:2:",
            "discord:1:2:3:4",
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
