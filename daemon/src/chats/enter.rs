//! The conversation that somebody has in a channel.

use std::ops::ControlFlow;

use super::{ChatError, Chats};
use crate::{
    accounts::{Caller, ChatIdentity},
    conversations::Conversation,
    id::{ConversationId, RequestId},
    store::{Order, Store, StoreError, Table, TableId},
};

/// The conversation that goes on, by platform, channel (empty for a direct message) and user.
static CHATS: Table<(String, String, String), ConversationId> = Table::new(TableId::Chats as u8, "chats");

impl Chats {
    /// The conversation that the chat user has in this channel; a new one where there is none that can go on, or when
    /// it shall be `fresh`.
    ///
    /// # Errors
    /// [`ChatError::NoChatUser`], [`ChatError::Closed`], and the store's.
    pub async fn enter(
        &self,
        caller: &Caller,
        request: RequestId,
        fresh: bool,
    ) -> Result<Conversation, ChatError> {
        let identity = caller.acting.as_ref().ok_or(ChatError::NoChatUser)?;
        self.terms(caller)?;
        let (key, member) = (key_of(identity), caller.member.id);
        let before = CHATS.read(&self.parts.store, &key)?;
        let known = before.and_then(|id| self.parts.conversations.get(member, id).ok());
        if let Some(known) = known.filter(|known| !fresh && !known.is_full()) {
            return Ok(known);
        }
        // Two who ask at the same time ask for the same one.
        let next = match (fresh, before) {
            (true, _) => request,
            (false, before) => {
                let before = before.map_or([0; 16], |id| *id.as_bytes());
                let (platform, channel, user) = &key;
                // Whoever was forgotten begins anew: buttons of then are not buttons of now.
                let since = caller.member.created_at.as_millis().to_be_bytes();
                let parts = [
                    b"chat",
                    platform.as_bytes(),
                    channel.as_bytes(),
                    user.as_bytes(),
                    since.as_slice(),
                    before.as_slice(),
                ];
                RequestId::derived(&parts)
            }
        };
        let begun = self.parts.conversations.create(member, next, String::new()).await?;
        let id = begun.id;
        self.parts.store.transact(move |tx| CHATS.put(tx, &key, &id)).await?;
        Ok(begun)
    }
}

fn key_of(identity: &ChatIdentity) -> (String, String, String) {
    let channel = identity.channel().unwrap_or_default();
    (identity.platform().to_owned(), channel.to_owned(), identity.user().to_owned())
}

/// Forgets which conversations go on for `<platform>:<user>`.
pub(super) async fn forget(store: &Store, person: &str) -> Result<(), StoreError> {
    let (platform, user) = person.split_once(':').unwrap_or_default();
    let mut found = Vec::new();
    CHATS.visit_prefix(store, &platform.to_owned(), Order::Ascending, |key, _| {
        if key.2 == user {
            found.push(key);
        }
        ControlFlow::Continue(())
    })?;
    store.transact(move |tx| found.iter().try_for_each(|key| CHATS.remove(tx, key))).await
}
