//! What was said: the tables of conversations, and the only code that writes them.

use serde::{Deserialize, Serialize};

use super::{
    interpreter::{Intent, Source},
    service::MESSAGES as MOST_MESSAGES,
    speak::{CONVERSATION_PICTURES, PICTURES},
};
use crate::{
    clock::Timestamp,
    id::{AssetId, ConversationId, JobId, MemberId},
    jobs::job::Work,
    page::{Listed, Page, PageError},
    store::{Order, Store, StoreError, Table, TableId, Tx},
};

static CONVERSATIONS: Table<ConversationId, Conversation> =
    Table::new(TableId::Conversations as u8, "conversations");
static MESSAGES: Table<(ConversationId, u32), Message> = Table::new(TableId::Messages as u8, "messages");
static MEMBER_CONVERSATIONS: Table<(MemberId, Timestamp, ConversationId), ()> =
    Table::new(TableId::MemberConversations as u8, "member conversations");

/// Messages of a few more questions and answers.
const NEARLY_FULL: u32 = 64;

/// A conversation and what has to be remembered of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub member: MemberId,
    /// Its name; empty until something was said.
    pub title: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last said.
    pub updated_at: Timestamp,
    /// How many messages it has.
    pub messages: u32,
    /// All pictures of it, in order of arrival.
    pub pictures: Vec<AssetId>,
    /// The latest complete request.
    pub last_request: Option<Intent>,
    /// The latest job.
    pub last_job: Option<JobId>,
}

impl Conversation {
    /// Whether so little can still be said here that a new one is better begun.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.messages + NEARLY_FULL >= MOST_MESSAGES || self.pictures.len() + PICTURES > CONVERSATION_PICTURES
    }
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// When.
    pub at: Timestamp,
    /// What.
    pub said: Said,
    /// Who understood it, where a person said it.
    #[serde(default)]
    pub understood_by: Source,
}

/// What was said. Cards of jobs are kept as the job alone: what they show follows from how the job stands when
/// somebody looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// By the person.
    Person {
        /// The words.
        text: String,
        /// The pictures.
        pictures: Vec<AssetId>,
        /// The message whose request they change; none where that follows from the conversation.
        #[serde(default)]
        about: Option<u32>,
    },
    /// Plain words of Atelier's.
    Text {
        /// The words.
        text: String,
        /// Sentences that may be said next, as buttons.
        suggestions: Vec<String>,
        /// Whether they turn a request away.
        #[serde(default)]
        refusal: bool,
    },
    /// A question.
    Question {
        /// The question.
        text: String,
    },
    /// A price.
    Quote {
        /// What will be made.
        work: Work,
        /// The price as it was told.
        price_credits: u64,
        /// Words that can't be used, and the like.
        notes: Vec<String>,
        /// What has become of it.
        outcome: QuoteOutcome,
    },
    /// A job.
    Job {
        /// The job.
        job: JobId,
        /// What it makes.
        summary: String,
        /// Words that can't be used, and the like.
        notes: Vec<String>,
        /// The message with the price that was taken for it.
        #[serde(default)]
        quote: Option<u32>,
    },
    /// Something went wrong.
    Error {
        /// What.
        text: String,
        /// What to do.
        advice: String,
        /// Why, for programs.
        reason: Reason,
    },
}

/// Why something went wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing more precise can be said.
    Other,
    /// Too few credits.
    Credits,
    /// A limit was met or the queue is full.
    Limit,
    /// The job failed.
    Failed,
}

/// What has become of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteOutcome {
    /// It waits for an answer.
    Open,
    /// It went on by itself or was confirmed.
    Taken,
    /// It was turned down.
    Dismissed,
}

pub(super) fn get(tx: &mut Tx<'_>, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
    CONVERSATIONS.get(tx, &id)
}

pub(super) fn read(store: &Store, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
    CONVERSATIONS.read(store, &id)
}

/// Writes a conversation, and its place in the list of its member. `before` is when it was last changed.
pub(super) fn put(
    tx: &mut Tx<'_>,
    conversation: &Conversation,
    before: Option<Timestamp>,
) -> Result<(), StoreError> {
    let Conversation { id, member, updated_at, .. } = *conversation;
    if let Some(before) = before {
        MEMBER_CONVERSATIONS.remove(tx, &(member, before, id))?;
    }
    MEMBER_CONVERSATIONS.put(tx, &(member, updated_at, id), &())?;
    CONVERSATIONS.put(tx, &id, conversation)
}

/// Adds a message and gives its number.
pub(super) fn append(
    tx: &mut Tx<'_>,
    conversation: &mut Conversation,
    said: Said,
    at: Timestamp,
) -> Result<u32, StoreError> {
    let number = conversation.messages;
    let before = conversation.updated_at;
    MESSAGES.put(tx, &(conversation.id, number), &Message { at, said, understood_by: Source::default() })?;
    conversation.messages += 1;
    conversation.updated_at = at;
    put(tx, conversation, Some(before))?;
    Ok(number)
}

pub(super) fn message(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    number: u32,
) -> Result<Option<Message>, StoreError> {
    MESSAGES.get(tx, &(conversation, number))
}

pub(super) fn replace(
    tx: &mut Tx<'_>,
    conversation: ConversationId,
    number: u32,
    message: &Message,
) -> Result<(), StoreError> {
    MESSAGES.put(tx, &(conversation, number), message)
}

pub(super) fn read_message(
    store: &Store,
    conversation: ConversationId,
    number: u32,
) -> Result<Option<Message>, StoreError> {
    MESSAGES.read(store, &(conversation, number))
}

/// The last messages, at most `most`, oldest first, with their numbers.
pub(super) fn latest(
    store: &Store,
    conversation: ConversationId,
    most: usize,
) -> Result<Vec<(u32, Message)>, StoreError> {
    let mut rows = MESSAGES.scan_prefix(store, &conversation, Order::Descending, most)?;
    rows.reverse();
    Ok(rows.into_iter().map(|((_, number), message)| (number, message)).collect())
}

/// The messages from `number` on, at most `most`, oldest first.
pub(super) fn from(
    store: &Store,
    conversation: ConversationId,
    number: u32,
    most: usize,
) -> Result<Vec<(u32, Message)>, StoreError> {
    let range = (conversation, number)..=(conversation, u32::MAX);
    let rows = MESSAGES.scan(store, range, Order::Ascending, most)?;
    Ok(rows.into_iter().map(|((_, number), message)| (number, message)).collect())
}

/// A page of messages, newest first.
pub(super) fn messages(
    store: &Store,
    conversation: ConversationId,
    page: &Page,
) -> Result<Listed<(u32, Message)>, PageError> {
    let range = (conversation, 0)..=(conversation, u32::MAX);
    page.list(store, &MESSAGES, range, Order::Descending, |(_, number), message| Some((*number, message)))
}

/// A page of a member's conversations, the last used first.
pub(super) fn list(store: &Store, member: MemberId, page: &Page) -> Result<Listed<Conversation>, PageError> {
    let first = (member, Timestamp::from_millis(i64::MIN), ConversationId::from_uuid(uuid::Uuid::nil()));
    let last = (member, Timestamp::MAX, ConversationId::from_uuid(uuid::Uuid::max()));
    let ids =
        page.list(store, &MEMBER_CONVERSATIONS, first..=last, Order::Descending, |(_, _, id), ()| Some(*id))?;
    let mut items = Vec::with_capacity(ids.items.len());
    for id in ids.items {
        items.extend(read(store, id)?);
    }
    Ok(Listed { items, next: ids.next })
}

/// Gives a conversation of one member to another; whether it was theirs.
pub(super) fn hand_over(
    tx: &mut Tx<'_>,
    id: ConversationId,
    from: MemberId,
    to: MemberId,
) -> Result<bool, StoreError> {
    let Some(mut conversation) = get(tx, id)?.filter(|conversation| conversation.member == from) else {
        return Ok(false);
    };
    MEMBER_CONVERSATIONS.remove(tx, &(from, conversation.updated_at, id))?;
    conversation.member = to;
    put(tx, &conversation, None)?;
    Ok(true)
}

/// Conversations of a member, at most `most`.
pub(super) fn ids_of(
    store: &Store,
    member: MemberId,
    most: usize,
) -> Result<Vec<ConversationId>, StoreError> {
    let rows = MEMBER_CONVERSATIONS.scan_prefix(store, &member, Order::Ascending, most)?;
    Ok(rows.into_iter().map(|((_, _, id), ())| id).collect())
}

/// Takes a conversation away with its messages.
pub(super) fn remove(tx: &mut Tx<'_>, conversation: &Conversation) -> Result<(), StoreError> {
    for number in 0..conversation.messages {
        MESSAGES.remove(tx, &(conversation.id, number))?;
    }
    MEMBER_CONVERSATIONS.remove(tx, &(conversation.member, conversation.updated_at, conversation.id))?;
    CONVERSATIONS.remove(tx, &conversation.id)
}
