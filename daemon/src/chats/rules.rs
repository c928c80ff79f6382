//! What holds in a channel: who may speak, what is made, how much of it, and who pays.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Access, ChatError, Chats, ChatsConfig};
use crate::{
    accounts::{Caller, ChatIdentity},
    act::AdminAct,
    audit,
    jobs::Bounds,
    once::{self, Digest},
    page::{Listed, Page},
    store::{Order, StoreError, Table, TableId},
};

/// A platform and the id of a channel there.
pub type ChannelKey = (String, String);

static CHANNELS: Table<ChannelKey, ChannelRules> =
    Table::new(TableId::ChatChannels as u8, "rules of channels");

/// Most users on a list.
const MOST_USERS: usize = 200;
/// Longest cooldown.
const DAY_S: u32 = 24 * 60 * 60;

/// The rules of one channel. What is absent is as the configuration has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelRules {
    /// Who may speak.
    pub access: Option<Access>,
    /// Users on the list, by their ids at the platform.
    pub users: Vec<String>,
    /// Algorithm for what can be made by it; empty for the studio's.
    pub algorithm: String,
    /// Most pictures of one request.
    pub most_pictures: Option<u32>,
    /// Most credits of one request.
    pub most_credits: Option<u64>,
    /// Member who pays; empty: everybody for themselves.
    pub paid_by: String,
    /// Most waiting jobs of one user.
    pub most_waiting: Option<u32>,
    /// Seconds between two jobs of one user.
    pub cooldown_s: Option<u32>,
    /// Whether words of the mature list may be asked for.
    pub mature: bool,
}

/// What holds for one caller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Algorithm for what can be made by it; empty for the studio's.
    pub algorithm: String,
    /// Member who pays, where it is not the caller.
    pub paid_by: Option<String>,
    /// How much.
    pub bounds: Bounds,
}

impl ChannelRules {
    /// Whether a user may speak.
    fn admits(&self, user: &str, config: &ChatsConfig) -> bool {
        match self.access.unwrap_or(config.access) {
            Access::Everybody => true,
            Access::Listed => self.users.iter().any(|listed| listed == user),
            Access::Nobody => false,
        }
    }

    fn terms(&self, config: &ChatsConfig) -> Terms {
        let cooldown_s = self.cooldown_s.unwrap_or(config.cooldown_s);
        Terms {
            algorithm: self.algorithm.clone(),
            paid_by: Some(self.paid_by.clone()).filter(|name| !name.is_empty()),
            bounds: Bounds {
                most_pictures: self.most_pictures,
                most_credits: self.most_credits,
                most_waiting: Some(self.most_waiting.unwrap_or(config.most_waiting)),
                cooldown: Duration::from_secs(cooldown_s.into()),
                no_mature: !self.mature,
            },
        }
    }

    fn check(&self) -> Result<(), ChatError> {
        let invalid = |field, problem: String| Err(ChatError::Invalid { field, problem });
        if self.users.len() > MOST_USERS {
            return invalid("users", format!("has {}, at most {MOST_USERS} fit", self.users.len()));
        }
        if let Some(wrong) = self.users.iter().find(|user| ChatIdentity::new("chat", user, None).is_err()) {
            return invalid("users", format!("`{wrong}` is no id of a user"));
        }
        if self.cooldown_s.is_some_and(|seconds| seconds > DAY_S) {
            return invalid("cooldown_s", format!("is at most {DAY_S}"));
        }
        Ok(())
    }
}

impl Chats {
    /// What holds for a caller: nothing special outside of chats.
    ///
    /// # Errors
    /// [`ChatError::Closed`] where the caller may not speak; the store's.
    pub fn terms(&self, caller: &Caller) -> Result<Terms, ChatError> {
        let Some(identity) = &caller.acting else { return Ok(Terms::default()) };
        let config = &self.parts.config;
        let mut rules = None;
        // A thread has the rules of its channel, unless it has its own.
        for place in [identity.channel(), identity.parent()].into_iter().flatten() {
            if rules.is_none() {
                rules = self.rules(identity.platform(), place)?;
            }
        }
        match rules {
            Some(rules) if rules.admits(identity.user(), config) => Ok(rules.terms(config)),
            Some(_) => Err(ChatError::Closed),
            // A direct message is nobody's channel.
            None if identity.channel().is_none()
                || ChannelRules::default().admits(identity.user(), config) =>
            {
                Ok(ChannelRules::default().terms(config))
            }
            None => Err(ChatError::Closed),
        }
    }

    /// The rules of a channel, if it has any of its own.
    ///
    /// # Errors
    /// The store's.
    pub fn rules(&self, platform: &str, channel: &str) -> Result<Option<ChannelRules>, StoreError> {
        CHANNELS.read(&self.parts.store, &(platform.to_owned(), channel.to_owned()))
    }

    /// The channels that have rules of their own.
    ///
    /// # Errors
    /// A wrong page, the store's.
    pub fn channels(&self, page: &Page) -> Result<Listed<(ChannelKey, ChannelRules)>, ChatError> {
        let each = |key: &ChannelKey, rules| Some((key.clone(), rules));
        Ok(page.list(&self.parts.store, &CHANNELS, .., Order::Ascending, each)?)
    }

    /// Sets the rules of a channel as an act of an admin; none take them away.
    ///
    /// # Errors
    /// Rules that can't hold; the store's.
    pub async fn set_rules(
        &self,
        act: AdminAct,
        platform: &str,
        channel: &str,
        rules: Option<ChannelRules>,
    ) -> Result<(), ChatError> {
        let place = ChatIdentity::new(platform, channel, None).map_err(|_| ChatError::Invalid {
            field: "channel",
            problem: "must be a platform such as telegram and the id of a channel there".to_owned(),
        })?;
        if let Some(rules) = &rules {
            rules.check()?;
            if !rules.paid_by.is_empty() {
                self.parts.accounts.find(&rules.paid_by)?;
            }
        }
        let key = (place.platform().to_owned(), place.user().to_owned());
        let told = format!("{rules:?}");
        let digest = Digest::of("channel.rules", &[key.0.as_bytes(), key.1.as_bytes(), told.as_bytes()]);
        self.parts
            .store
            .transact(move |tx| {
                if once::answered(tx, act.member, act.request, &digest)
                    .map_err(crate::accounts::AccountsError::from)?
                    .is_some()
                {
                    return Ok(());
                }
                let before = CHANNELS.get(tx, &key)?;
                match &rules {
                    Some(rules) => CHANNELS.put(tx, &key, rules)?,
                    None => CHANNELS.remove(tx, &key)?,
                }
                let entity = format!("{}:{}", key.0, key.1);
                audit::append(tx, &act.entry("channel.rules", &entity, &format!("{before:?}"), &told))?;
                once::record(tx, act.member, act.request, digest, String::new(), act.at)?;
                Ok(())
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_speak_is_the_channels_word_before_the_configurations() {
        let open = ChatsConfig::default();
        let closed = ChatsConfig { access: Access::Nobody, ..ChatsConfig::default() };
        let listed = ChannelRules {
            access: Some(Access::Listed),
            users: vec!["7".to_owned()],
            ..ChannelRules::default()
        };
        let nobody = ChannelRules { access: Some(Access::Nobody), ..ChannelRules::default() };
        for (rules, config, user, admitted) in [
            (&ChannelRules::default(), &open, "8", true),
            (&ChannelRules::default(), &closed, "8", false),
            (&listed, &closed, "7", true),
            (&listed, &open, "8", false),
            (&nobody, &open, "7", false),
        ] {
            assert_eq!(rules.admits(user, config), admitted, "{rules:?} {user}");
        }
    }

    #[test]
    fn what_a_channel_leaves_open_is_as_configured() {
        let config = ChatsConfig { most_waiting: 3, cooldown_s: 9, ..ChatsConfig::default() };
        let terms = ChannelRules { cooldown_s: Some(0), ..ChannelRules::default() }.terms(&config);
        assert_eq!((terms.bounds.most_waiting, terms.bounds.cooldown), (Some(3), Duration::ZERO));
        let terms = ChannelRules { most_waiting: Some(1), ..ChannelRules::default() }.terms(&config);
        assert_eq!((terms.bounds.most_waiting, terms.bounds.cooldown), (Some(1), Duration::from_secs(9)));
        let many = ChannelRules { users: vec!["1".to_owned(); 201], ..ChannelRules::default() };
        let wrong = ChannelRules { users: vec!["a b".to_owned()], ..ChannelRules::default() };
        let slow = ChannelRules { cooldown_s: Some(DAY_S + 1), ..ChannelRules::default() };
        for rules in [many, wrong, slow] {
            assert!(rules.check().is_err(), "{rules:?}");
        }
    }
}
