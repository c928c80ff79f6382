//! What buttons do.

use super::{
    Act, Button, Card, Cards, Conversation, ConversationError, Conversations, Digest, Job, JobError,
    MemberId, Order, QuoteOutcome, RequestId, Said, Speaker, once, records,
};

impl Conversations {
    /// The conversation of a button that `speaker` may press: one's own, and to end or delete a job, for some, anybody's.
    ///
    /// # Errors
    /// [`ConversationError::NotFound`] for another's as for none.
    pub(in crate::conversations) fn pressable(
        &self,
        speaker: &Speaker,
        button: Button,
    ) -> Result<Conversation, ConversationError> {
        let ends = matches!(button.act, Act::Cancel | Act::Delete | Act::DeleteSurely | Act::Keep);
        let anybodys = speaker.ends_for_others && ends;
        records::read(&self.parts.store, button.conversation)?
            .filter(|conversation| anybodys || conversation.member == speaker.payer.member)
            .ok_or(ConversationError::NotFound)
    }

    /// What a press of a button that is no answer does.
    pub(in crate::conversations) async fn pressed(
        &self,
        speaker: &Speaker,
        request: RequestId,
        button: Button,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let (id, member) = (button.conversation, speaker.payer.member);
        let turn = self.turn(id).await;
        let message = records::read_message(&self.parts.store, id, button.message)?
            .ok_or(ConversationError::NoButton)?;
        let conversation = self.pressable(speaker, button)?;
        let first = conversation.messages;
        match (button.act, message.said.clone()) {
            (Act::Dismiss, Said::Quote { outcome, .. }) => {
                if outcome == QuoteOutcome::Open {
                    self.mark_quote(id, button.message, QuoteOutcome::Dismissed).await?;
                }
                return self.show(id, button.message, cards).await;
            }
            (Act::Confirm, Said::Quote { work, notes, outcome, .. }) => {
                if outcome == QuoteOutcome::Dismissed {
                    return self.show(id, button.message, cards).await;
                }
                self.mark_quote(id, button.message, QuoteOutcome::Taken).await?;
                self.show(id, button.message, cards).await?;
                let order = Order { wanted: work.into(), notes };
                // Others may have been made since the price was told.
                let shown = self.make(speaker, id, button.message, order, cards).await?;
                drop(turn);
                return match shown {
                    Some(shown) => self.follow(id, shown, cards).await,
                    None => Ok(()),
                };
            }
            (Act::Cancel, Said::Job { job, .. }) => {
                // The owner's job and credits, whoever ends it; its record names the one who did.
                let owner = conversation.member;
                return match self.parts.jobs.cancel(owner, job, speaker.actor.clone()).await {
                    // One that has just ended otherwise shows how.
                    Ok(_) | Err(JobError::Illegal(_)) => self.show(id, button.message, cards).await,
                    Err(error) => Err(error.into()),
                };
            }
            (Act::Delete | Act::Keep, Said::Job { .. }) => {
                let (ahead, asks) = (self.parts.jobs.ahead(), button.act == Act::Delete);
                if let Some(card) = self.draw_with(id, button.message, &message, &ahead, asks)? {
                    cards.send(Ok(Card { only_buttons: !card.deleted, ..card })).await.ok();
                }
                return Ok(());
            }
            (Act::DeleteSurely, Said::Job { job, .. }) => {
                return match self.parts.jobs.delete(conversation.member, job, speaker.actor.clone()).await {
                    Ok(()) | Err(JobError::NotFound) => self.show(id, button.message, cards).await,
                    Err(error) => Err(error.into()),
                };
            }
            (Act::Again | Act::Vary | Act::Retry, Said::Job { job, notes, .. }) => {
                if let Some(answer) = self.pressed_before(member, request, &button).await? {
                    drop(turn);
                    return self.follow(id, answer, cards).await;
                }
                if self.parts.jobs.get_any(job)?.is_none() {
                    // Deleted, which the card says.
                    return self.show(id, button.message, cards).await;
                }
                let job = self.parts.jobs.get(member, job)?;
                let order = order_from(&job, button.act, request, notes);
                self.offer(speaker, id, order, cards).await?;
                self.note_press(member, request, &button, first).await?;
            }
            _ => return Err(ConversationError::NoButton),
        }
        drop(turn);
        self.follow(id, first, cards).await
    }

    /// The first message of the answer to this press, if it was answered.
    async fn pressed_before(
        &self,
        member: MemberId,
        request: RequestId,
        button: &Button,
    ) -> Result<Option<u32>, ConversationError> {
        let digest = press_digest(button);
        let answer =
            self.parts.store.transact(move |tx| once::answered(tx, member, request, &digest)).await?;
        Ok(answer.and_then(|number| number.parse().ok()))
    }

    async fn note_press(
        &self,
        member: MemberId,
        request: RequestId,
        button: &Button,
        first: u32,
    ) -> Result<(), ConversationError> {
        let (digest, now) = (press_digest(button), self.parts.clock.now());
        let noted = self
            .parts
            .store
            .transact(move |tx| once::record(tx, member, request, digest, first.to_string(), now));
        Ok(noted.await?)
    }
}

fn press_digest(button: &Button) -> Digest {
    let act = format!("{:?}", button.act);
    Digest::of("press", &[button.conversation.as_bytes(), &button.message.to_be_bytes(), act.as_bytes()])
}

/// The order behind a button of a finished or failed job.
fn order_from(job: &Job, act: Act, request: RequestId, notes: Vec<String>) -> Order {
    // The seed follows from the press, so that a repeated press asks for the same.
    let [a, b, c, d, ..] = *RequestId::derived(&[b"seed", request.as_bytes()]).as_bytes();
    let seed = u64::from(u32::from_be_bytes([a, b, c, d]));
    let mut work = job.work.clone();
    if act != Act::Retry {
        work = work.with_seed(seed);
    }
    if act == Act::Vary {
        work = work.with_count(4);
    }
    Order { wanted: work.into(), notes }
}
