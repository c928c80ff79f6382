//! What holds in chats where a channel has no rules of its own.

use serde::{Deserialize, Serialize};

/// Who may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Everybody.
    Everybody,
    /// The users on the channel's list.
    Listed,
    /// Nobody.
    Nobody,
}

/// The numbers of chats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChatsConfig {
    /// Who may speak in a channel that has no rules; `nobody` makes a list of the channels that have.
    pub access: Access,
    /// Most waiting jobs of one chat user.
    pub most_waiting: u32,
    /// Time between two jobs of one chat user.
    pub cooldown_s: u32,
}

impl Default for ChatsConfig {
    fn default() -> Self {
        Self { access: Access::Everybody, most_waiting: 3, cooldown_s: 0 }
    }
}
