//! Keeps conversations and streams their cards.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::mpsc;

use super::{
    card::Card,
    interpreter::{Chain, Source},
    records::{self, Conversation, Message, Said},
    wording,
};
use crate::{
    accounts::KeyRing,
    assets::{AssetError, Assets},
    audit::Actor,
    clock::Clock,
    id::{ConversationId, MemberId, RequestId},
    jobs::{JobError, Jobs, Payer},
    ledger::LedgerError,
    once::{self, Digest, OnceError},
    page::{Listed, Page, PageError},
    store::{Store, StoreError},
};

/// Most messages of one conversation, so that deleting it stays one transaction.
pub(super) const MESSAGES: u32 = 5_000;
/// Longest name of a conversation, in characters.
const TITLE_CHARS: usize = 120;
/// Messages of one answer.
const ANSWER_MESSAGES: usize = 16;

/// Why a conversation can't go on.
#[derive(Debug, thiserror::Error)]
pub enum ConversationError {
    /// There is none of this id, or it is somebody else's.
    #[error("there is no such conversation")]
    NotFound,
    /// The button's message is gone.
    #[error("this button does not work any more; the conversation was deleted")]
    NoButton,
    /// The button was not made here.
    #[error("this button isn't one of ours; press one under a message that I sent")]
    Forged,
    /// Something in the question can't be right.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The conversation has grown as long as it may.
    #[error("this conversation is full; begin a new one")]
    Full,
    /// A picture can't be used.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// A job says no in a way that is no answer of the conversation's.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The ledger says no.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The request id was used for something else.
    #[error(transparent)]
    Once(#[from] OnceError),
    /// A page that does not exist.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who speaks.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// The one who owns and pays.
    pub payer: Payer,
    /// They as the audit log names them.
    pub actor: Actor,
    /// The algorithm for what can be made by it; empty for the studio's.
    pub algorithm: String,
    /// Whether prices are accepted without asking.
    pub confirm: bool,
    /// Whether they may end what others began.
    pub ends_for_others: bool,
}

/// What conversations are made of.
pub struct ConversationsParts {
    /// Where they are kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What they ask for.
    pub jobs: Jobs,
    /// Their pictures.
    pub assets: Assets,
    /// What signs their buttons.
    pub keys: KeyRing,
    /// What reads them.
    pub interpreter: Chain,
}

/// Everything that can be done with conversations. Clones share it.
#[derive(Clone)]
pub struct Conversations {
    pub(super) parts: Arc<ConversationsParts>,
    turns: Turns,
}

/// One answer at a time in each conversation.
type Turns = Arc<Mutex<HashMap<ConversationId, Arc<tokio::sync::Mutex<()>>>>>;

/// Cards as they come; ends when nothing more will.
pub(super) type Cards = mpsc::Receiver<Result<Card, ConversationError>>;

impl Conversations {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: ConversationsParts) -> Self {
        Self { parts: Arc::new(parts), turns: Turns::default() }
    }

    /// Begins a conversation, once for each `request`.
    ///
    /// # Errors
    /// A name that is too long; the store's.
    pub async fn create(
        &self,
        member: MemberId,
        request: RequestId,
        title: String,
    ) -> Result<Conversation, ConversationError> {
        check_title(&title)?;
        let now = self.parts.clock.now();
        let id = ConversationId::derived(&[b"conversation", member.as_bytes(), request.as_bytes()]);
        self.parts
            .store
            .transact(move |tx| {
                if let Some(known) = records::get(tx, id)? {
                    return Ok(known);
                }
                let conversation = Conversation {
                    id,
                    member,
                    title: title.clone(),
                    created_at: now,
                    updated_at: now,
                    messages: 0,
                    pictures: Vec::new(),
                    last_request: None,
                    last_job: None,
                };
                records::put(tx, &conversation, None)?;
                Ok(conversation)
            })
            .await
    }

    /// A member's conversations, the last used first.
    ///
    /// # Errors
    /// A wrong page; the store's.
    pub fn list(&self, member: MemberId, page: &Page) -> Result<Listed<Conversation>, ConversationError> {
        Ok(records::list(&self.parts.store, member, page)?)
    }

    /// A conversation of `member`'s.
    ///
    /// # Errors
    /// [`ConversationError::NotFound`] for another's as for none.
    pub fn get(&self, member: MemberId, id: ConversationId) -> Result<Conversation, ConversationError> {
        records::read(&self.parts.store, id)?
            .filter(|conversation| conversation.member == member)
            .ok_or(ConversationError::NotFound)
    }

    /// A page of its messages, newest first, with the cards of those that are Atelier's.
    ///
    /// # Errors
    /// A wrong page; the store's.
    pub fn messages(
        &self,
        conversation: &Conversation,
        page: &Page,
    ) -> Result<Listed<(u32, Message, Option<Card>)>, ConversationError> {
        let listed = records::messages(&self.parts.store, conversation.id, page)?;
        let ahead = self.parts.jobs.ahead();
        let mut items = Vec::with_capacity(listed.items.len());
        for (number, message) in listed.items {
            let card = self.draw_with(conversation.id, number, &message, &ahead, false)?;
            items.push((number, message, card));
        }
        Ok(Listed { items, next: listed.next })
    }

    /// Message `number` of a conversation of `member`'s, with its card as things stand.
    ///
    /// # Errors
    /// [`ConversationError::NotFound`], the store's.
    pub fn message(
        &self,
        member: MemberId,
        id: ConversationId,
        number: u32,
    ) -> Result<(Message, Option<Card>), ConversationError> {
        self.get(member, id)?;
        let message =
            records::read_message(&self.parts.store, id, number)?.ok_or(ConversationError::NotFound)?;
        let card = self.draw(id, number, &message)?;
        Ok((message, card))
    }

    /// Gives it another name.
    ///
    /// # Errors
    /// A name that does not fit, [`ConversationError::NotFound`], the store's.
    pub async fn rename(
        &self,
        member: MemberId,
        id: ConversationId,
        title: String,
    ) -> Result<Conversation, ConversationError> {
        if title.trim().is_empty() {
            return Err(ConversationError::Invalid {
                field: "title",
                problem: format!("is empty; give 1 to {TITLE_CHARS} characters"),
            });
        }
        check_title(&title)?;
        self.parts
            .store
            .transact(move |tx| {
                let mut conversation = own(records::get(tx, id)?, member)?;
                conversation.title.clone_from(&title);
                records::put(tx, &conversation, Some(conversation.updated_at))?;
                Ok(conversation)
            })
            .await
    }

    /// Deletes it with its messages. Doing it twice is no error to the one who did it.
    ///
    /// # Errors
    /// [`ConversationError::NotFound`], the store's.
    pub async fn delete(
        &self,
        member: MemberId,
        request: RequestId,
        id: ConversationId,
    ) -> Result<(), ConversationError> {
        let now = self.parts.clock.now();
        self.parts
            .store
            .transact(move |tx| {
                let digest = Digest::of("conversation.delete", &[id.as_bytes()]);
                if once::answered(tx, member, request, &digest)?.is_some() {
                    return Ok(());
                }
                let conversation = own(records::get(tx, id)?, member)?;
                records::remove(tx, &conversation)?;
                Ok(once::record(tx, member, request, digest, String::new(), now)?)
            })
            .await
    }

    /// Takes the conversation's turn.
    pub(super) async fn turn(&self, id: ConversationId) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that nobody waits for are dropped here, so the map holds the busy ones only.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(id).or_default())
        };
        turn.lock_owned().await
    }

    /// Writes a message of Atelier's and sends its card.
    pub(super) async fn put(
        &self,
        id: ConversationId,
        said: Said,
        cards: &mpsc::Sender<Result<Card, ConversationError>>,
        change: impl Fn(&mut Conversation) + Send + 'static,
    ) -> Result<u32, ConversationError> {
        let now = self.parts.clock.now();
        let written = said.clone();
        let number = self
            .parts
            .store
            .transact(move |tx| {
                // Deleted while the answer was made: then there is nobody to answer.
                let Some(mut conversation) = records::get(tx, id)? else {
                    return Err(ConversationError::NotFound);
                };
                if conversation.messages >= MESSAGES + ANSWER_MESSAGES as u32 {
                    return Err(ConversationError::Full);
                }
                change(&mut conversation);
                Ok(records::append(tx, &mut conversation, written.clone(), now)?)
            })
            .await?;
        if let Some(card) =
            self.draw(id, number, &Message { at: now, said, understood_by: Source::default() })?
        {
            cards.send(Ok(card)).await.ok();
        }
        Ok(number)
    }

    /// What was said after message `number` until a person speaks again.
    pub(super) fn answers_after(
        &self,
        id: ConversationId,
        number: u32,
    ) -> Result<Vec<(u32, Message)>, ConversationError> {
        let later = records::from(&self.parts.store, id, number + 1, ANSWER_MESSAGES)?;
        Ok(later
            .into_iter()
            .take_while(|(_, message)| !matches!(message.said, Said::Person { .. }))
            .collect())
    }
}

/// Sentences to begin with.
#[must_use]
pub fn starters() -> Vec<String> {
    wording::STARTERS.map(str::to_owned).to_vec()
}

pub(super) fn own(found: Option<Conversation>, member: MemberId) -> Result<Conversation, ConversationError> {
    found.filter(|conversation| conversation.member == member).ok_or(ConversationError::NotFound)
}

fn check_title(title: &str) -> Result<(), ConversationError> {
    let chars = title.chars().count();
    if chars > TITLE_CHARS {
        let problem = format!("has {chars} characters, at most {TITLE_CHARS} fit");
        return Err(ConversationError::Invalid { field: "title", problem });
    }
    Ok(())
}
