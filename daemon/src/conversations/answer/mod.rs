//! What Atelier does about what was said or pressed.

mod make;
mod news;
mod press;
mod reading;
mod topic;

use tokio::sync::{OwnedMutexGuard, mpsc};

use self::{
    reading::{agreed, reading},
    topic::Topic,
};
use super::{
    Card, ConversationError, Conversations, Speaker,
    button::{Act, Button},
    interpreter::{self, Changes, Intent, Source, Turn},
    picture,
    records::{self, Conversation, Message, QuoteOutcome, Reason, Said},
    request, wording,
};
use crate::{
    id::{ConversationId, JobId, MemberId, RequestId},
    jobs::{
        Filter, JobError, Wanted,
        job::{Job, Work},
    },
    once::{self, Digest},
    page::Page,
};

/// Messages that the interpreter reads.
const MEMORY_MESSAGES: usize = 60;
/// Messages that one answer may have.
const ANSWERS: usize = 16;
/// Size of pictures where an algorithm names none.
const SIZE: (u32, u32) = (512, 512);
/// Jobs that "history" lists.
const HISTORY_JOBS: u32 = 8;

type Cards = mpsc::Sender<Result<Card, ConversationError>>;

/// Something to make.
struct Order {
    wanted: Wanted,
    notes: Vec<String>,
}

impl Conversations {
    /// Answers message `number`, or shows the answer that it was given before, and follows its job.
    pub(super) async fn answer(
        &self,
        turn: OwnedMutexGuard<()>,
        speaker: &Speaker,
        id: ConversationId,
        number: u32,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let before = self.answers_after(id, number)?;
        // Only the newest message is answered: one that others have followed meanwhile has been overtaken.
        let is_newest = self.get(speaker.payer.member, id)?.messages == number + 1;
        if is_newest {
            self.answer_anew(speaker, id, cards).await?;
        }
        for (number, message) in &before {
            if let Some(card) = self.draw(id, *number, message)? {
                cards.send(Ok(card)).await.ok();
            }
        }
        if let Some((quote, message)) = before.last()
            && let Said::Quote { work, notes, outcome: QuoteOutcome::Taken, .. } = &message.said
        {
            // The daemon stopped between the price and the job.
            let order = Order { wanted: work.clone().into(), notes: notes.clone() };
            self.make(speaker, id, *quote, order, cards).await?;
        }
        drop(turn);
        self.follow(id, number + 1, cards).await
    }

    async fn answer_anew(
        &self,
        speaker: &Speaker,
        id: ConversationId,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let member = speaker.payer.member;
        let messages = records::latest(&self.parts.store, id, MEMORY_MESSAGES)?;
        let Some(topic) = self.topic(self.get(member, id)?, messages)? else {
            let gone = "The picture that you want to change was deleted. Tell me what to make instead.";
            return self.question(id, gone, cards).await;
        };
        let Topic { conversation, messages, before, pointed } = topic;
        if let Some((quote, order)) = agreed(&messages) {
            self.mark_quote(id, quote, QuoteOutcome::Taken).await?;
            self.show(id, quote, cards).await?;
            self.make(speaker, id, quote, order, cards).await?;
            return Ok(());
        }
        let understood = self.parts.interpreter.understand(&reading(&conversation, &messages)).await;
        if let (Some((number, _)), true) = (messages.last(), understood.source != Source::default()) {
            self.mark_understood(id, *number, understood.source).await?;
        }
        let intent = understood.intent;
        let usual_size = self.parts.jobs.picture_size()?;
        if let Some(foreign) = wording::foreign_request(&intent, usual_size.is_some()) {
            let starter = vec![wording::STARTERS[0].into()];
            return self.refuse(id, wording::not_installed(foreign), starter, cards).await;
        }
        let pictures = &conversation.pictures;
        let seed = rand::random::<u32>().into();
        let last = conversation.last_request.clone();
        let (request, seed) = match (intent, last) {
            (request @ (Intent::Thumbnail(_) | Intent::Image(_)), _) => (request, seed),
            // The same seed keeps what was not to change.
            (Intent::Revise(changes), Some(last)) => (revised(last, &changes), before.unwrap_or(seed)),
            (Intent::Again { count }, Some(last)) => {
                (revised(last, &Changes { count, ..Changes::default() }), seed)
            }
            (Intent::Revise(_), None) => {
                return self.question(id, "There is nothing to change yet. What is it about?", cards).await;
            }
            (Intent::Again { .. }, None) => {
                return self.question(id, "There is nothing to repeat yet. What is it about?", cards).await;
            }
            // Said to one picture, it ends no job of another.
            (Intent::Smalltalk | Intent::Cancel, _) if pointed => {
                return self.question(id, wording::NO_CHANGE, cards).await;
            }
            (Intent::Clarify(clarify), _) => {
                return self.question(id, &wording::ask_for(&clarify.missing), cards).await;
            }
            (other, _) => return self.reply(speaker, id, &conversation, other, cards).await,
        };
        let (wanted, notes) = match &request {
            Intent::Thumbnail(words) => {
                let (work, notes) = request::thumbnail(words, pictures, seed);
                (work.into(), notes)
            }
            Intent::Image(words) => picture::image(words, pictures, seed, usual_size.unwrap_or(SIZE)),
            _ => return self.reply(speaker, id, &conversation, request, cards).await,
        };
        self.offer(speaker, id, Order { wanted, notes }, cards).await
    }

    /// Answers what asks for no picture.
    async fn reply(
        &self,
        speaker: &Speaker,
        id: ConversationId,
        conversation: &Conversation,
        intent: Intent,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let member = speaker.payer.member;
        let (text, suggestions) = match intent {
            Intent::Cancel => (self.cancel_last(speaker, conversation.last_job).await?, Vec::new()),
            Intent::Status => (self.status(speaker, conversation.last_job)?, Vec::new()),
            Intent::Balance => (self.balance(speaker).await?, Vec::new()),
            Intent::History => {
                let page = Page::parse(HISTORY_JOBS, "")?;
                let jobs = self.parts.jobs.list(Some(member), Filter::default(), &page)?;
                (wording::history(&jobs.items), Vec::new())
            }
            Intent::Help => {
                let paints = self.parts.jobs.picture_size()?.is_some();
                wording::help(self.parts.jobs.usual_price().ok(), paints)
            }
            Intent::Refuse { reason } => {
                return self.refuse(id, wording::refuse(reason), Vec::new(), cards).await;
            }
            _ => wording::smalltalk(),
        };
        self.text(id, text, suggestions, cards).await
    }

    /// Tells the price, and goes on where it needs no answer.
    async fn offer(
        &self,
        speaker: &Speaker,
        id: ConversationId,
        order: Order,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let algorithm = self.parts.jobs.fitting(&speaker.algorithm, order.wanted.kind())?;
        let quote = match self.parts.jobs.quote(speaker.payer, order.wanted, &algorithm).await {
            Ok(quote) => quote,
            Err(error) => return self.explain(id, error, cards).await,
        };
        let goes_on = quote.auto_confirm || speaker.confirm;
        let outcome = if goes_on { QuoteOutcome::Taken } else { QuoteOutcome::Open };
        let price_credits = quote.price_credits;
        let (work, notes) = (quote.work.clone(), order.notes);
        let order = Order { wanted: work.clone().into(), notes: notes.clone() };
        let said = Said::Quote { work: work.clone(), price_credits, notes, outcome };
        let (quiet, _) = mpsc::channel(1);
        let number = self.put(id, said, &quiet, move |conversation| remember(conversation, &work)).await?;
        self.show_quote(id, number, quote, cards).await?;
        if goes_on {
            self.make(speaker, id, number, order, cards).await?;
        }
        Ok(())
    }

    /// Sends the card of the first job among the messages from `first` on whenever it changes, until it has ended: later
    /// ones belong to other presses.
    async fn follow(&self, id: ConversationId, first: u32, cards: &Cards) -> Result<(), ConversationError> {
        let messages = records::from(&self.parts.store, id, first, ANSWERS)?;
        let mut answer =
            messages.into_iter().take_while(|(_, message)| !matches!(message.said, Said::Person { .. }));
        let found = answer.find_map(|(number, message)| match message.said {
            Said::Job { job, .. } => Some((number, job)),
            _ => None,
        });
        let Some((number, job)) = found else { return Ok(()) };
        let live = self.parts.jobs.hub().live(job);
        let mut events = live.events();
        loop {
            events.borrow_and_update();
            let ended = self.parts.jobs.get_any(job)?.is_none_or(|job| job.state.has_ended());
            self.show(id, number, cards).await?;
            if ended {
                return Ok(());
            }
            tokio::select! {
                changed = events.changed() => if changed.is_err() { return Ok(()) },
                () = cards.closed() => return Ok(()),
            }
        }
    }

    async fn show(&self, id: ConversationId, number: u32, cards: &Cards) -> Result<(), ConversationError> {
        let Some(message) = records::read_message(&self.parts.store, id, number)? else { return Ok(()) };
        if let Some(card) = self.draw(id, number, &message)? {
            // Nobody listening any more is fine.
            cards.send(Ok(card)).await.ok();
        }
        Ok(())
    }

    async fn show_quote(
        &self,
        id: ConversationId,
        number: u32,
        quote: crate::jobs::Quote,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let Some(message) = records::read_message(&self.parts.store, id, number)? else { return Ok(()) };
        if let Some(mut card) = self.draw(id, number, &message)? {
            if let super::Body::Quote { quote: shown, .. } = &mut card.body {
                *shown = Some(Box::new(quote));
            }
            cards.send(Ok(card)).await.ok();
        }
        Ok(())
    }

    async fn text(
        &self,
        id: ConversationId,
        text: String,
        suggestions: Vec<String>,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        self.put(id, Said::Text { text, suggestions, refusal: false }, cards, |_| ()).await?;
        Ok(())
    }

    /// Words that turn a request away.
    async fn refuse(
        &self,
        id: ConversationId,
        text: String,
        suggestions: Vec<String>,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        self.put(id, Said::Text { text, suggestions, refusal: true }, cards, |_| ()).await?;
        Ok(())
    }

    async fn question(&self, id: ConversationId, text: &str, cards: &Cards) -> Result<(), ConversationError> {
        let said = Said::Question { text: text.to_owned() };
        self.put(id, said, cards, |_| ()).await?;
        Ok(())
    }
}

/// The latest request is the one that was priced or made last.
fn remember(conversation: &mut Conversation, work: &Work) {
    conversation.last_request = Some(request::intent_of(work, &conversation.pictures));
}

/// The request after a change to it.
fn revised(last: Intent, changes: &Changes) -> Intent {
    match last {
        Intent::Thumbnail(words) => Intent::Thumbnail(request::revise(&words, changes)),
        Intent::Image(words) => Intent::Image(picture::revise(&words, changes)),
        other => other,
    }
}
