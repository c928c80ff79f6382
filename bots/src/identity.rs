//! Whom a bot acts for: the value of the metadata `atelier-on-behalf-of`, `<platform>:<user>[:<channel>[:<parent>]]`.
//!
//! Platforms number their users and channels, so an identity made of numbers cannot be malformed. The daemon
//! gives every user of a platform a guest account; the channel says where they spoke, and belongs to nobody.

use std::fmt;

/// Key of the metadata that carries a [`ChatIdentity`].
pub use atelier_proto::ON_BEHALF_OF;

/// Somebody on a chat platform, and where they spoke; written as the daemon reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChatIdentity {
    /// On Discord, where ids are snowflakes.
    Discord {
        /// The user.
        user: u64,
        /// The channel; none in a direct message.
        channel: Option<u64>,
        /// The channel that it is a thread of; its rules hold in the thread too.
        parent: Option<u64>,
    },
    /// On Telegram, where ids of groups and channels are negative.
    Telegram {
        /// The user.
        user: u64,
        /// The chat; none in a private one.
        chat: Option<i64>,
    },
}

impl ChatIdentity {
    /// The platform as the daemon knows it.
    #[must_use]
    pub fn platform(self) -> &'static str {
        match self {
            Self::Discord { .. } => "discord",
            Self::Telegram { .. } => "telegram",
        }
    }
}

impl fmt::Display for ChatIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let platform = self.platform();
        match self {
            Self::Discord { user, channel: None, .. } | Self::Telegram { user, chat: None } => {
                write!(f, "{platform}:{user}")
            }
            Self::Discord { user, channel: Some(channel), parent } => {
                write!(f, "{platform}:{user}:{channel}")?;
                parent.map_or(Ok(()), |parent| write!(f, ":{parent}"))
            }
            Self::Telegram { user, chat: Some(chat) } => write!(f, "{platform}:{user}:{chat}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_written_as_the_daemon_reads_it() {
        for (identity, written) in [
            (ChatIdentity::Discord { user: 1234, channel: None, parent: None }, "discord:1234"),
            (ChatIdentity::Discord { user: 1234, channel: Some(5678), parent: None }, "discord:1234:5678"),
            (
                ChatIdentity::Discord { user: 1234, channel: Some(5678), parent: Some(9) },
                "discord:1234:5678:9",
            ),
            (
                ChatIdentity::Discord { user: u64::MAX, channel: Some(u64::MAX), parent: None },
                "discord:18446744073709551615:18446744073709551615",
            ),
            (ChatIdentity::Telegram { user: 42, chat: None }, "telegram:42"),
            (
                ChatIdentity::Telegram { user: 42, chat: Some(-1_001_234_567_890) },
                "telegram:42:-1001234567890",
            ),
        ] {
            assert_eq!(identity.to_string(), written);
        }
    }

    #[test]
    fn every_part_has_only_letters_that_the_daemon_takes() {
        let extremes = [
            ChatIdentity::Discord { user: 0, channel: Some(u64::MAX), parent: Some(u64::MAX) },
            ChatIdentity::Telegram { user: u64::MAX, chat: Some(i64::MIN) },
        ];
        for identity in extremes {
            let written = identity.to_string();
            let parts: Vec<_> = written.split(':').collect();
            assert!((3..=4).contains(&parts.len()), "{written}");
            for part in parts {
                assert!((1..=64).contains(&part.len()), "{written}");
                assert!(part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{written}");
            }
        }
    }
}
