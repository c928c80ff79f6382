//! What chat bots need besides talking: the conversation of somebody in a channel ([`Chats::enter`]), which message
//! of a platform shows which job ([`Binding`]), what holds in a channel ([`ChannelRules`]), and what becomes of a guest
//! who joins an account or wants to be forgotten.
//!
//! Nothing here knows a platform: users, channels and messages are ids.

mod bindings;
mod config;
mod enter;
mod error;
mod forget;
mod merge;
mod rules;

use std::sync::Arc;

use crate::{
    accounts::Accounts, assets::Assets, clock::Clock, conversations::Conversations, jobs::Jobs, store::Store,
};

pub use self::{
    bindings::{Binding, Place},
    config::{Access, ChatsConfig},
    error::ChatError,
    forget::Forgotten,
    merge::Joined,
    rules::{ChannelKey, ChannelRules, Terms},
};

/// What chats are made of.
pub struct ChatsParts {
    /// Where everything is written.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Who everybody is.
    pub accounts: Accounts,
    /// What was said.
    pub conversations: Conversations,
    /// What was made.
    pub jobs: Jobs,
    /// Pictures.
    pub assets: Assets,
    /// What holds where a channel has no rules of its own.
    pub config: ChatsConfig,
}

/// Everything that can be done with chats. Clones share it.
#[derive(Clone)]
pub struct Chats {
    parts: Arc<ChatsParts>,
}

impl Chats {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: ChatsParts) -> Self {
        Self { parts: Arc::new(parts) }
    }
}
