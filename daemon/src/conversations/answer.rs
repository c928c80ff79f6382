//! What Atelier does about what was said or pressed.

use tokio::sync::mpsc;

use super::{
    Card, ConversationError, Conversations, Speaker,
    button::{Act, Button},
    interpreter::{self, Intent, Turn},
    records::{self, Message, QuoteOutcome, Reason, Said},
    request, wording,
};
use crate::{
    id::{ConversationId, JobId, RequestId},
    jobs::{
        Filter, JobError, Submission,
        job::{Job, Work},
    },
    ledger::LedgerError,
    once::Digest,
    page::Page,
};

/// Messages that the interpreter reads.
const MEMORY_MESSAGES: usize = 60;
/// Jobs that "history" lists.
const HISTORY_JOBS: u32 = 8;

type Cards = mpsc::Sender<Result<Card, ConversationError>>;

/// Something to make.
struct Order {
    work: Work,
    notes: Vec<String>,
    algorithm: String,
    intent: Option<Intent>,
}

impl Conversations {
    /// Answers message `number`, or shows the answer that it was given before, and follows its job.
    pub(super) async fn answer(
        &self,
        speaker: &Speaker,
        request: RequestId,
        id: ConversationId,
        number: u32,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        {
            let _turn = self.turn(id).await;
            let before = self.answers_after(id, number)?;
            if before.is_empty() {
                self.answer_anew(speaker, request, id, number, cards).await?;
            } else {
                for (number, message) in &before {
                    if let Some(card) = self.draw(id, *number, message)? {
                        cards.send(Ok(card)).await.ok();
                    }
                }
                if let Some((_, message)) = before.last()
                    && let Said::Quote { work, notes, price_credits, outcome: QuoteOutcome::Taken } =
                        &message.said
                {
                    // The daemon stopped between the price and the job.
                    let (work, notes) = (work.clone(), notes.clone());
                    let order = Order { work, notes, algorithm: String::new(), intent: None };
                    self.make(speaker, request, id, order, Some(*price_credits), cards).await?;
                }
            }
        }
        self.follow(id, number, cards).await
    }

    async fn answer_anew(
        &self,
        speaker: &Speaker,
        request: RequestId,
        id: ConversationId,
        number: u32,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let member = speaker.payer.member;
        let conversation = self.get(member, id)?;
        let messages = records::latest(&self.parts.store, id, MEMORY_MESSAGES)?;
        let turns =
            messages.iter().filter(|(place, _)| *place <= number).filter_map(|(_, message)| turn(message));
        let words = interpreter::Conversation {
            turns: turns.collect(),
            labels_visible: false,
            last_request: conversation.last_request.clone(),
        };
        let intent = interpreter::understand(&words);
        if let Some(foreign) = wording::foreign_request(&intent) {
            return self
                .text(id, wording::not_installed(foreign), vec![wording::STARTERS[0].into()], cards)
                .await;
        }
        // Pictures that scrolled out of the interpreter's memory still count in its indexes.
        let pictures = &conversation.pictures;
        let seed = rand::random::<u32>().into();
        let last_thumbnail = match &conversation.last_request {
            Some(Intent::Thumbnail(words)) => Some(words.clone()),
            _ => None,
        };
        match intent {
            Intent::Thumbnail(words) => {
                let (work, notes) = request::thumbnail(&words, pictures, seed);
                let intent = Some(Intent::Thumbnail(words));
                let order = Order { work, notes, algorithm: String::new(), intent };
                self.offer(speaker, request, id, order, cards).await
            }
            Intent::Revise(changes) => match last_thumbnail {
                Some(last) => {
                    let words = request::revise(&last, &changes);
                    // The same seed keeps what was not to change.
                    let seed = conversation
                        .last_job
                        .and_then(|job| self.parts.jobs.get(member, job).ok())
                        .map_or(seed, |job| seed_of(&job));
                    let (work, notes) = request::thumbnail(&words, pictures, seed);
                    let intent = Some(Intent::Thumbnail(words));
                    let order = Order { work, notes, algorithm: String::new(), intent };
                    self.offer(speaker, request, id, order, cards).await
                }
                None => self.question(id, "There is nothing to change yet. What is it about?", cards).await,
            },
            Intent::Again { count } => match last_thumbnail {
                Some(mut words) => {
                    words.count = count.or(words.count);
                    let (work, notes) = request::thumbnail(&words, pictures, seed);
                    let intent = Some(Intent::Thumbnail(words));
                    let order = Order { work, notes, algorithm: String::new(), intent };
                    self.offer(speaker, request, id, order, cards).await
                }
                None => self.question(id, "There is nothing to repeat yet. What is it about?", cards).await,
            },
            Intent::Clarify(clarify) => self.question(id, &wording::ask_for(&clarify.missing), cards).await,
            Intent::Cancel => {
                let text = self.cancel_last(speaker, conversation.last_job).await?;
                self.text(id, text, Vec::new(), cards).await
            }
            Intent::Status => {
                let text = self.status(speaker, conversation.last_job)?;
                self.text(id, text, Vec::new(), cards).await
            }
            Intent::Balance => {
                let text = self.balance(speaker).await?;
                self.text(id, text, Vec::new(), cards).await
            }
            Intent::History => {
                let page = Page::parse(HISTORY_JOBS, "")?;
                let jobs = self.parts.jobs.list(Some(member), Filter::default(), &page)?;
                self.text(id, wording::history(&jobs.items), Vec::new(), cards).await
            }
            Intent::Help => {
                let price = self.parts.jobs.usual_price().ok();
                let (text, suggestions) = wording::help(price);
                self.text(id, text, suggestions, cards).await
            }
            Intent::Refuse { reason } => self.text(id, wording::refuse(reason), Vec::new(), cards).await,
            _ => {
                let (text, suggestions) = wording::smalltalk();
                self.text(id, text, suggestions, cards).await
            }
        }
    }

    /// What a press of a button that is no answer does.
    pub(super) async fn pressed(
        &self,
        speaker: &Speaker,
        request: RequestId,
        button: Button,
        message: Message,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let (id, member) = (button.conversation, speaker.payer.member);
        let first = {
            let _turn = self.turn(id).await;
            let first = self.get(member, id)?.messages;
            match (button.act, message.said) {
                (Act::Dismiss, Said::Quote { .. }) => {
                    self.close_quote(id, button.message, QuoteOutcome::Dismissed).await?;
                    self.show(id, button.message, cards).await?;
                }
                (Act::Confirm, Said::Quote { work, notes, price_credits, .. }) => {
                    if self.close_quote(id, button.message, QuoteOutcome::Taken).await? {
                        self.show(id, button.message, cards).await?;
                        let order = Order { work, notes, algorithm: String::new(), intent: None };
                        self.make(speaker, request, id, order, Some(price_credits), cards).await?;
                    } else {
                        // Pressed twice: the first press made it.
                        self.show(id, button.message, cards).await?;
                        return self.follow(id, button.message, cards).await;
                    }
                }
                (Act::Cancel, Said::Job { job, .. }) => {
                    match self.parts.jobs.cancel(member, job, speaker.name.clone()).await {
                        // One that has just ended otherwise shows how.
                        Ok(_) | Err(JobError::Illegal(_)) => self.show(id, button.message, cards).await?,
                        Err(error) => return Err(error.into()),
                    }
                }
                (Act::Again | Act::Vary | Act::Retry, Said::Job { job, notes, .. }) => {
                    let job = self.parts.jobs.get(member, job)?;
                    let order = order_from(&job, button.act, request, notes);
                    self.offer(speaker, request, id, order, cards).await?;
                }
                _ => return Err(ConversationError::NoButton),
            }
            first
        };
        match first.checked_sub(1) {
            Some(before) => self.follow(id, before, cards).await,
            None => Ok(()),
        }
    }

    /// Tells the price, and goes on where it needs no answer.
    async fn offer(
        &self,
        speaker: &Speaker,
        request: RequestId,
        id: ConversationId,
        order: Order,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let quote = match self.parts.jobs.quote(speaker.payer, &order.work, &order.algorithm).await {
            Ok(quote) => quote,
            Err(error) => return self.explain(id, error, cards).await,
        };
        let goes_on = quote.auto_confirm || speaker.confirm;
        let outcome = if goes_on { QuoteOutcome::Taken } else { QuoteOutcome::Open };
        let price_credits = quote.price_credits;
        let said =
            Said::Quote { work: order.work.clone(), price_credits, notes: order.notes.clone(), outcome };
        let intent = order.intent.clone();
        let (quiet, _) = mpsc::channel(1);
        let number = self
            .put(id, said, &quiet, move |conversation| {
                if let Some(intent) = &intent {
                    conversation.last_request = Some(intent.clone());
                }
            })
            .await?;
        self.show_quote(id, number, quote, cards).await?;
        if goes_on {
            return self.make(speaker, request, id, order, Some(price_credits), cards).await;
        }
        Ok(())
    }

    /// Submits the job and shows its card.
    async fn make(
        &self,
        speaker: &Speaker,
        request: RequestId,
        id: ConversationId,
        order: Order,
        max_price_credits: Option<u64>,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let submission = Submission {
            request: RequestId::derived(&[b"conversation", id.as_bytes(), request.as_bytes()]),
            digest: Digest::of("conversation.make", &[id.as_bytes(), request.as_bytes()]),
            work: order.work,
            algorithm: order.algorithm,
            max_price_credits,
        };
        match self.parts.jobs.submit(speaker.payer, submission).await {
            Ok(job) => {
                let (job, summary) = (job.id, job.work.summary());
                let said = Said::Job { job, summary, notes: order.notes };
                self.put(id, said, cards, move |conversation| conversation.last_job = Some(job)).await?;
                Ok(())
            }
            Err(error) => self.explain(id, error, cards).await,
        }
    }

    /// A refusal as a card, with what to do. Failures of the daemon itself end the stream instead.
    async fn explain(
        &self,
        id: ConversationId,
        error: JobError,
        cards: &Cards,
    ) -> Result<(), ConversationError> {
        let (advice, reason) = match &error {
            JobError::Store(_) | JobError::Once(_) | JobError::Ledger(LedgerError::Store(_)) => {
                return Err(error.into());
            }
            JobError::Ledger(LedgerError::Insufficient { .. }) => {
                let advice =
                    "No credits were taken. Ask for fewer pictures, or wait for the next day's free credits.";
                (advice, Reason::Credits)
            }
            JobError::Full(_) | JobError::Limit(_) | JobError::Stopping => {
                ("No credits were taken. Try again later.", Reason::Limit)
            }
            _ => ("No credits were taken. Say it differently and I try again.", Reason::Other),
        };
        let said = Said::Error { text: error.to_string(), advice: advice.to_owned(), reason };
        self.put(id, said, cards, |_| ()).await?;
        Ok(())
    }

    /// Sends the newest card of the job behind message `number` whenever it changes, until it has ended.
    async fn follow(&self, id: ConversationId, number: u32, cards: &Cards) -> Result<(), ConversationError> {
        let own = records::read_message(&self.parts.store, id, number)?.map(|message| (number, message));
        let messages = own.into_iter().chain(self.answers_after(id, number)?);
        let mut jobs = messages.filter_map(|(number, message)| match message.said {
            Said::Job { job, .. } => Some((number, job)),
            _ => None,
        });
        let Some((number, job)) = jobs.next_back() else { return Ok(()) };
        let live = self.parts.jobs.hub().live(job);
        let mut events = live.events();
        loop {
            events.borrow_and_update();
            let ended = self.parts.jobs.get_any(job)?.is_none_or(|job| job.state.has_ended());
            self.show(id, number, cards).await?;
            if ended {
                self.parts.jobs.hub().forget(job);
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
        self.put(id, Said::Text { text, suggestions }, cards, |_| ()).await?;
        Ok(())
    }

    async fn question(&self, id: ConversationId, text: &str, cards: &Cards) -> Result<(), ConversationError> {
        let said = Said::Question { text: text.to_owned(), choices: Vec::new() };
        self.put(id, said, cards, |_| ()).await?;
        Ok(())
    }

    async fn cancel_last(&self, speaker: &Speaker, last: Option<JobId>) -> Result<String, ConversationError> {
        let member = speaker.payer.member;
        let open = self.parts.jobs.unfinished(Some(member))?;
        let Some(job) = open.iter().find(|job| Some(job.id) == last).or(open.last()) else {
            return Ok("Nothing is being made at the moment.".to_owned());
        };
        match self.parts.jobs.cancel(member, job.id, speaker.name.clone()).await {
            Ok(job) => Ok(format!("Cancelled: {}. The credits are back.", job.work.summary())),
            Err(JobError::Illegal(_)) => Ok("It has just ended.".to_owned()),
            Err(error) => Err(error.into()),
        }
    }

    fn status(&self, speaker: &Speaker, last: Option<JobId>) -> Result<String, ConversationError> {
        let member = speaker.payer.member;
        let open = self.parts.jobs.unfinished(Some(member))?;
        let last = last.and_then(|job| self.parts.jobs.get(member, job).ok());
        let Some(job) = open.last().cloned().or(last) else {
            return Ok("Nothing is being made at the moment.".to_owned());
        };
        let ahead = self.parts.jobs.ahead().get(&job.id).map_or(0, |ahead| ahead.jobs);
        Ok(wording::status(&job, ahead))
    }

    async fn balance(&self, speaker: &Speaker) -> Result<String, ConversationError> {
        let balance = self.parts.jobs.balance(speaker.payer).await?;
        let daily = speaker.payer.daily_credits;
        let set_aside = match balance.reserved {
            0 => String::new(),
            reserved => format!(", and {reserved} are set aside for jobs under way"),
        };
        Ok(format!("You have {} credits{set_aside}. {daily} free ones come each day.", balance.available))
    }
}

/// The message as the interpreter reads it.
fn turn(message: &Message) -> Option<Turn> {
    Some(match &message.said {
        Said::Person { text, pictures } => {
            Turn { images: pictures.iter().map(|_| "unknown".to_owned()).collect(), ..Turn::user(text) }
        }
        Said::Text { text, .. } | Said::Question { text, .. } | Said::Error { text, .. } => {
            Turn::atelier(text)
        }
        Said::Job { summary, .. } => Turn::atelier(summary),
        Said::Quote { .. } => return None,
    })
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
        let Work::Thumbnail { spec, .. } = &mut work;
        spec.count = 4;
    }
    Order { work, notes, algorithm: String::new(), intent: None }
}

fn seed_of(job: &Job) -> u64 {
    let Work::Thumbnail { spec, .. } = &job.work;
    spec.seed
}
