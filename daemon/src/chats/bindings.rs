//! Which message of a platform shows which job: what a bot has to know when it starts.
//!
//! Rows belong to the bot's own account, so that two bots of one platform don't take each other's messages for theirs.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{ChatError, Chats};
use crate::{
    accounts::Caller,
    id::{ConversationId, JobId, MemberId},
    page::{Listed, Page},
    store::{Order, Store, StoreError, Table, TableId},
};

/// By the bot, chat and message.
static BINDINGS: Table<(MemberId, i64, i64), Binding> =
    Table::new(TableId::ChatMessages as u8, "chat messages");

/// Longest name of a language, such as `pt-BR`.
const LANGUAGE_LETTERS: usize = 16;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The chat or channel.
    pub chat: i64,
    /// The message there.
    pub message: i64,
}

/// A message that shows a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// For whom the bot acted, as it names them.
    pub identity: String,
    /// The conversation.
    pub conversation: ConversationId,
    /// The message of the conversation.
    pub number: u32,
    /// The job.
    pub job: JobId,
    /// What the person reads.
    pub language: String,
}

impl Chats {
    /// Remembers what a message of the caller's shows.
    ///
    /// # Errors
    /// [`ChatError::NoChatUser`], a conversation that is not the chat user's, the store's.
    pub async fn bind(&self, caller: &Caller, place: Place, mut binding: Binding) -> Result<(), ChatError> {
        let (Some(bot), Some(identity)) = (caller.bot, &caller.acting) else {
            return Err(ChatError::NoChatUser);
        };
        self.parts.conversations.get(caller.member.id, binding.conversation)?;
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-';
        if binding.language.len() > LANGUAGE_LETTERS || !binding.language.bytes().all(plain) {
            let problem = "is no name of a language; write it like en or pt-BR".to_owned();
            return Err(ChatError::Invalid { field: "language", problem });
        }
        binding.identity = identity.to_string();
        let key = (bot, place.chat, place.message);
        Ok(self.parts.store.transact(move |tx| BINDINGS.put(tx, &key, &binding)).await?)
    }

    /// Forgets what a message shows. Doing it twice is no error.
    ///
    /// # Errors
    /// [`ChatError::NoChatUser`], the store's.
    pub async fn release(&self, caller: &Caller, place: Place) -> Result<(), ChatError> {
        let bot = caller.bot.ok_or(ChatError::NoChatUser)?;
        let key = (bot, place.chat, place.message);
        Ok(self.parts.store.transact(move |tx| BINDINGS.remove(tx, &key)).await?)
    }

    /// The messages of the bot that calls.
    ///
    /// # Errors
    /// [`ChatError::NotForOthers`], a wrong page, the store's.
    pub fn bindings(&self, caller: &Caller, page: &Page) -> Result<Listed<(Place, Binding)>, ChatError> {
        if caller.acting.is_some() {
            return Err(ChatError::NotForOthers);
        }
        let wanted = |(_, chat, message): &(MemberId, i64, i64), binding| {
            Some((Place { chat: *chat, message: *message }, binding))
        };
        Ok(page.list_prefix(&self.parts.store, &BINDINGS, &caller.member.id, Order::Ascending, wanted)?)
    }
}

/// Forgets the messages of `<platform>:<user>`.
pub(super) async fn forget(store: &Store, person: &str) -> Result<(), StoreError> {
    let theirs = |identity: &str| {
        identity.strip_prefix(person).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    let mut found = Vec::new();
    BINDINGS.visit(store, .., Order::Ascending, |key, binding| {
        if theirs(&binding.identity) {
            found.push(key);
        }
        ControlFlow::Continue(())
    })?;
    store.transact(move |tx| found.iter().try_for_each(|key| BINDINGS.remove(tx, key))).await
}
