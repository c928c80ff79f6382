//! Conversations that go to somebody else, or for good.

use super::{Conversations, records};
use crate::{
    id::{ConversationId, MemberId},
    store::StoreError,
};

impl Conversations {
    /// Conversations of a member, at most `most`.
    ///
    /// # Errors
    /// The store's.
    pub fn ids_of(&self, member: MemberId, most: usize) -> Result<Vec<ConversationId>, StoreError> {
        records::ids_of(&self.parts.store, member, most)
    }

    /// Gives a conversation of one member to another; whether it was theirs.
    ///
    /// # Errors
    /// The store's.
    pub async fn hand_over(
        &self,
        id: ConversationId,
        from: MemberId,
        to: MemberId,
    ) -> Result<bool, StoreError> {
        // Whoever speaks at this moment finishes first.
        let _turn = self.turn(id).await;
        self.parts.store.transact(move |tx| records::hand_over(tx, id, from, to)).await
    }

    /// Deletes a conversation of `member`'s; whether there was one.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget(&self, member: MemberId, id: ConversationId) -> Result<bool, StoreError> {
        let _turn = self.turn(id).await;
        self.parts
            .store
            .transact(move |tx| {
                let Some(found) = records::get(tx, id)?.filter(|found| found.member == member) else {
                    return Ok(false);
                };
                records::remove(tx, &found)?;
                Ok(true)
            })
            .await
    }
}
