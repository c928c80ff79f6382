//! Why chats say no.

use crate::{
    accounts::AccountsError, conversations::ConversationError, jobs::JobError, page::PageError,
    store::StoreError,
};

/// Why something about a chat can't be done.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// It was asked for oneself, where it makes sense for a chat user only.
    #[error("only a bot can ask this, for a chat user named by atelier-on-behalf-of")]
    NoChatUser,
    /// It was asked for a chat user, where it makes sense for the bot only.
    #[error("a bot asks this for itself, without atelier-on-behalf-of")]
    NotForOthers,
    /// The channel, or the user, is not on the list.
    #[error("I may not answer you in this channel; ask the people who run it")]
    Closed,
    /// A job is under way.
    #[error("a job of yours is under way; try again when it is done, or cancel it")]
    Busy,
    /// The chat user has an account.
    #[error(
        "this chat belongs to the account {0}: /unlink separates it, and `atelier forget` deletes what the account has"
    )]
    Linked(String),
    /// Something in the question can't be right.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The accounts say no.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// The conversations say no.
    #[error(transparent)]
    Conversation(#[from] ConversationError),
    /// The jobs say no.
    #[error(transparent)]
    Job(#[from] JobError),
    /// A page that does not exist.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
