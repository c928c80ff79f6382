//! What the newest words are about: the conversation so far, or the one message whose "Change …" was pressed.

use super::{Conversation, ConversationError, Conversations, Message, Said, records, request};

/// What is read to understand the newest words.
pub(super) struct Topic {
    /// The conversation, whose last request is the one that may be changed.
    pub(super) conversation: Conversation,
    /// The messages that belong to it, the newest last.
    pub(super) messages: Vec<(u32, Message)>,
    /// The seed of that request.
    pub(super) before: Option<u64>,
    /// Whether a message was pointed at.
    pub(super) pointed: bool,
}

impl Conversations {
    /// The topic of the newest of `messages`; none where it points at what was deleted.
    pub(super) fn topic(
        &self,
        mut conversation: Conversation,
        mut messages: Vec<(u32, Message)>,
    ) -> Result<Option<Topic>, ConversationError> {
        let member = conversation.member;
        let about = messages.last().and_then(|(_, newest)| match newest.said {
            Said::Person { about, .. } => about,
            _ => None,
        });
        let Some(about) = about else {
            let job = conversation.last_job.and_then(|job| self.parts.jobs.get(member, job).ok());
            let before = job.map(|job| job.work.seed());
            return Ok(Some(Topic { conversation, messages, before, pointed: false }));
        };
        let message = records::read_message(&self.parts.store, conversation.id, about)?;
        let work = match message.map(|message| message.said) {
            Some(Said::Quote { work, .. }) => Some(work),
            Some(Said::Job { job, .. }) => self.parts.jobs.get_any(job)?.map(|job| job.work),
            _ => None,
        };
        let Some(work) = work else { return Ok(None) };
        conversation.last_request = Some(request::intent_of(&work, &conversation.pictures));
        // What was said in between is about something else.
        let newest = messages.split_off(messages.len().saturating_sub(1));
        Ok(Some(Topic { conversation, messages: newest, before: Some(work.seed()), pointed: true }))
    }
}
