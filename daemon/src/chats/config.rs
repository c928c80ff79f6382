//! What holds in chats where a channel has no rules of its own.

use std::path::PathBuf;

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
    /// File with the words that only channels marked as mature may ask for; without it, the built-in list.
    pub mature_words: Option<PathBuf>,
}

impl Default for ChatsConfig {
    fn default() -> Self {
        Self { access: Access::Everybody, most_waiting: 3, cooldown_s: 0, mature_words: None }
    }
}
