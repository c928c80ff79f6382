//! From a price that was taken to a job, or to why there is none.

use super::{
    ANSWERS, Cards, ConversationError, ConversationId, Conversations, Digest, Order, QuoteOutcome, Reason,
    RequestId, Said, Speaker, records, remember,
};
use crate::{
    assets::AssetError,
    catalogue::CatalogueError,
    jobs::{ChannelBound, JobError, Submission},
    ledger::LedgerError,
    limits::TakeError,
};

impl Conversations {
    /// Submits the job of quote `number` and shows its card. The job's id follows from the quote, so however often
    /// and from wherever this is done, there is one job. A refusal leaves the quote open, to be taken later. Answers the
    /// message that shows the job.
    pub(super) async fn make(
        &self,
        speaker: &Speaker,
        id: ConversationId,
        number: u32,
        order: Order,
        cards: &Cards,
    ) -> Result<Option<u32>, ConversationError> {
        if self.made_before(id, number)? {
            return Ok(Some(number + 1));
        }
        let algorithm = self.parts.jobs.fitting(&speaker.algorithm, order.wanted.kind())?;
        let quote = [b"quote".as_slice(), id.as_bytes(), &number.to_be_bytes()];
        let message = records::read_message(&self.parts.store, id, number)?;
        let max_price_credits = message.and_then(|message| match message.said {
            Said::Quote { price_credits, .. } => Some(price_credits),
            _ => None,
        });
        let submission = Submission {
            request: RequestId::derived(&quote),
            digest: Digest::of("conversation.make", &quote),
            wanted: order.wanted,
            algorithm,
            max_price_credits,
        };
        match self.parts.jobs.submit(speaker.payer, submission).await {
            Ok(job) => {
                let later = records::from(&self.parts.store, id, number + 1, ANSWERS)?;
                let shown = later.iter().find(
                    |(_, message)| matches!(&message.said, Said::Job { job: shown, .. } if *shown == job.id),
                );
                if let Some((shown, _)) = shown {
                    return Ok(Some(*shown));
                }
                let summary = job.work.summary();
                let said = Said::Job { job: job.id, summary, notes: order.notes };
                let shown = self
                    .put(id, said, cards, move |conversation| {
                        remember(conversation, &job.work);
                        conversation.last_job = Some(job.id);
                    })
                    .await?;
                Ok(Some(shown))
            }
            Err(error) => {
                self.mark_quote(id, number, QuoteOutcome::Open).await?;
                self.explain(id, error, cards).await?;
                self.show(id, number, cards).await?;
                Ok(None)
            }
        }
    }

    /// Whether quote `number` has its job: the one who asks may have been a guest then, whose jobs have other ids.
    fn made_before(&self, id: ConversationId, number: u32) -> Result<bool, ConversationError> {
        let next = records::read_message(&self.parts.store, id, number + 1)?;
        Ok(next.is_some_and(|next| matches!(next.said, Said::Job { .. })))
    }

    /// A refusal as a card, with what to do. Failures of the daemon itself end the stream instead.
    pub(super) async fn explain(
        &self,
        id: ConversationId,
        error: JobError,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let (advice, reason) = match &error {
            JobError::Store(_)
            | JobError::Once(_)
            | JobError::Ledger(LedgerError::Store(_))
            | JobError::Limit(TakeError::Store(_))
            | JobError::Catalogue(CatalogueError::Store(_))
            | JobError::Asset(AssetError::Store(_)) => return Err(error.into()),
            JobError::Ledger(LedgerError::Insufficient { .. }) => {
                let advice =
                    "No credits were taken. Ask for fewer pictures, or wait for the next day's free credits.";
                (advice, Reason::Credits)
            }
            JobError::Channel(ChannelBound::Mature) => (
                "No credits were taken. Say it differently, or ask the people who run the channel.",
                Reason::Other,
            ),
            JobError::Full(_) | JobError::Limit(_) | JobError::Channel(_) => {
                ("No credits were taken. Try again later.", Reason::Limit)
            }
            _ => ("No credits were taken. Say it differently and I try again.", Reason::Other),
        };
        let said = Said::Error { text: error.to_string(), advice: advice.to_owned(), reason };
        self.put(id, said, cards, |_| ()).await?;
        Ok(())
    }
}
