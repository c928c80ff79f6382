//! From a price that was taken to a job, or to why there is none.

use super::{
    Cards, ConversationError, ConversationId, Conversations, Digest, Message, Order, QuoteOutcome, Reason,
    RequestId, Said, Speaker, records, remember,
};
use crate::{
    assets::AssetError,
    catalogue::CatalogueError,
    conversations::service::MESSAGES,
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
        if let Some(shown) = self.made_before(id, number)? {
            return Ok(Some(shown));
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
                let summary = job.work.summary();
                let said = Said::Job { job: job.id, summary, notes: order.notes, quote: Some(number) };
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

    /// The message that shows the job of quote `number`, if it has one: the one who asks may have been a guest then, whose
    /// jobs have other ids. What directly follows the price may be the job of an earlier one.
    fn made_before(&self, id: ConversationId, number: u32) -> Result<Option<u32>, ConversationError> {
        let later = records::from(&self.parts.store, id, number + 1, MESSAGES as usize)?;
        let is_its =
            |message: &Message| matches!(message.said, Said::Job { quote, .. } if quote == Some(number));
        Ok(later.into_iter().find(|(_, message)| is_its(message)).map(|(shown, _)| shown))
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
