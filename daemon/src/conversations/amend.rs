//! What is noted at a message after it was said.

use super::{
    interpreter::Source,
    records::{self, Message, QuoteOutcome, Said},
    service::{ConversationError, Conversations},
};
use crate::id::ConversationId;

impl Conversations {
    /// Marks what has become of a quote.
    pub(super) async fn mark_quote(
        &self,
        id: ConversationId,
        number: u32,
        outcome: QuoteOutcome,
    ) -> Result<(), ConversationError> {
        self.amend(id, number, move |message| {
            if let Said::Quote { outcome: current, .. } = &mut message.said {
                *current = outcome;
            }
        })
        .await
    }

    /// Keeps with a message which interpreter understood it.
    pub(super) async fn mark_understood(
        &self,
        id: ConversationId,
        number: u32,
        source: Source,
    ) -> Result<(), ConversationError> {
        self.amend(id, number, move |message| message.understood_by = source).await
    }

    /// Changes a message, if it is still there.
    async fn amend(
        &self,
        id: ConversationId,
        number: u32,
        change: impl Fn(&mut Message) + Send + 'static,
    ) -> Result<(), ConversationError> {
        self.parts
            .store
            .transact(move |tx| {
                let Some(mut message) = records::message(tx, id, number)? else { return Ok(()) };
                change(&mut message);
                Ok(records::replace(tx, id, number, &message)?)
            })
            .await
    }
}
