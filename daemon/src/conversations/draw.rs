//! Cards of messages, as things stand.

use std::collections::HashMap;

use super::{
    Card, ConversationError, Conversations, Message,
    button::Button,
    card::{self, Surroundings},
    records::Said,
};
use crate::{
    id::{ConversationId, JobId, MemberId},
    jobs::Ahead,
};

impl Conversations {
    /// The message that a button was made for, as [`Self::message`], with its number.
    ///
    /// # Errors
    /// [`ConversationError::Forged`], and those of [`Self::message`].
    pub fn message_of(
        &self,
        member: MemberId,
        token: &str,
    ) -> Result<(u32, Message, Option<Card>), ConversationError> {
        let button = Button::verify(token, &self.parts.keys).ok_or(ConversationError::Forged)?;
        let (message, card) = self.message(member, button.conversation, button.message)?;
        Ok((button.message, message, card))
    }

    /// The card of a message.
    pub(super) fn draw(
        &self,
        id: ConversationId,
        number: u32,
        message: &Message,
    ) -> Result<Option<Card>, ConversationError> {
        self.draw_with(id, number, message, &self.parts.jobs.ahead(), false)
    }

    /// The same for one of several, or with the question whether it shall be deleted.
    pub(super) fn draw_with(
        &self,
        id: ConversationId,
        number: u32,
        message: &Message,
        ahead: &HashMap<JobId, Ahead>,
        deleting: bool,
    ) -> Result<Option<Card>, ConversationError> {
        let job = match &message.said {
            Said::Job { job, .. } => self.parts.jobs.get_any(*job)?,
            _ => None,
        };
        let around = Surroundings { keys: &self.parts.keys, conversation: id, job, ahead, deleting };
        Ok(card::draw(number, message, &around))
    }
}
