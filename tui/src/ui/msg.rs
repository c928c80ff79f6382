//! What happens ([`Msg`]) and what is to be done about it ([`Cmd`]): the table of contents of the interface.

use std::{path::PathBuf, sync::Arc};

use crossterm::event::Event;
use ratatui_image::protocol::Protocol;

use super::{
    Leave, Place, Registration,
    model::{
        AuditEntry, Card, Clock, Conversation, Entry, Fault, Job, JobState, Member, MemberRow, Page,
        Progress, Role, Studio, Transfer, TransferKind, Verification, Wallet,
    },
};

/// Something happened.
#[expect(clippy::large_enum_variant, reason = "few exist at a time, and each is moved once or twice")]
pub(crate) enum Msg {
    /// A key, the mouse, a paste, another size.
    Terminal(Event),
    /// The connection has something to say.
    Net(Net),
    /// A picture is ready to be drawn, or will not be.
    Picture(PictureNews),
    /// Something was done on this machine.
    Local(LocalNews),
    /// Time has passed.
    Tick(Clock),
    /// A frame was drawn; what it lacked is known now.
    Drawn,
}

/// Matches an answer with the newest question of its place, so that late ones are dropped.
pub(crate) type Ticket = u64;

/// From the connection.
pub(crate) enum Net {
    /// How far connecting has come.
    Connecting(String),
    /// Somebody has to log in.
    LoginNeeded(Registration),
    /// Logging in did not work.
    LoginRefused(String),
    /// There is a daemon.
    Connected(Place),
    /// Connecting did not work. `over` when nobody tries any more.
    ConnectFailed {
        /// Why, in plain words.
        text: String,
        /// Whether nobody tries any more.
        over: bool,
    },
    /// The connection stands (again); what follows is whole.
    LinkUp,
    /// The connection broke and is being tried again.
    LinkLost(String),
    /// The session has ended for good.
    SignedOut(String),
    /// Who the caller is, and of what studio.
    Me(Member, Studio),
    /// All unfinished jobs.
    Unfinished(Vec<Job>),
    /// A job changed.
    JobChanged(Job),
    /// A job made progress.
    JobProgress(String, Progress),
    /// A page of conversations.
    Conversations(Ticket, Result<Page<Conversation>, Fault>),
    /// Sentences to begin with.
    Starters(Vec<String>),
    /// A conversation was begun for what was said.
    ConversationBegun(Conversation),
    /// A page of a conversation's messages, oldest first; `next` leads to earlier ones.
    Messages(Ticket, String, Result<Page<Entry>, Fault>),
    /// A card of the conversation with this id.
    Card(String, Card),
    /// The answer in this conversation is complete, or was refused.
    TalkEnded(String, Result<(), Fault>),
    /// A page of results; here and below the bool tells whether it goes behind the pages that are there.
    Results(Ticket, bool, Result<Page<Job>, Fault>),
    /// The wallet.
    Wallet(Result<Wallet, Fault>),
    /// A page of transfers.
    Transfers(Ticket, bool, Result<Page<Transfer>, Fault>),
    /// A page of members.
    Members(Ticket, bool, Result<Page<MemberRow>, Fault>),
    /// A page of everybody's jobs.
    AllJobs(Ticket, bool, Result<Page<Job>, Fault>),
    /// What the verification found.
    Verified(Result<Verification, Fault>),
    /// A page of a member's transfers.
    MemberTransfers(Ticket, bool, Result<Page<Transfer>, Fault>),
    /// A page of the audit log.
    Audit(Ticket, bool, Result<Page<AuditEntry>, Fault>),
    /// Something was done, or was not: a word for the person.
    Done(Result<Done, Fault>),
    /// The bytes of a picture, to be drawn.
    Bytes(String, Result<Arc<[u8]>, Fault>),
    /// The bytes of a file, to be kept or opened.
    File(FileFor, Result<Arc<[u8]>, Fault>),
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Done {
    /// Say this.
    Word(String),
    /// Say this, and what is shown of members is old now.
    Members(String),
    /// Say this, and what is shown of jobs is old now.
    Jobs(String),
    /// Something that is shown once and must be copied: a title, the secret.
    Secret(String, String),
}

/// What a file was fetched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileFor {
    /// To be kept here.
    Save(PathBuf),
    /// To be opened outside, under this name.
    Open(String),
}

/// From the worker that prepares pictures.
pub(crate) enum PictureNews {
    /// What the terminal can show. `light` tells of its background, where it said.
    Probed {
        /// Whether pictures can be shown at all.
        shown: bool,
        /// Whether the background is light.
        light: Option<bool>,
    },
    /// A picture for this key.
    Encoded(PictureKey, Ticket, Result<Box<Protocol>, String>),
}

/// A picture at a size.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PictureKey {
    /// Which: an asset at a fetched size, or the preview of a job.
    pub(crate) source: String,
    /// Grows when the bytes of the same source change.
    pub(crate) version: u64,
    /// Cells across.
    pub(crate) width: u16,
    /// Cells down.
    pub(crate) height: u16,
}

/// Done on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LocalNews {
    /// The editor was closed with this text.
    Edited(String),
    /// A picture that can be attached.
    Attachable(Attachment),
    /// It can't: why, and the words that stood for it.
    NotAttachable(String, Option<String>),
    /// It worked: a word for the person.
    Word(String),
    /// It did not work.
    Trouble(String),
}

/// A picture to go with the next words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// What to call it.
    pub(crate) name: String,
    /// Its size in pixels.
    pub(crate) width: u32,
    /// Its size in pixels.
    pub(crate) height: u32,
}

/// Something is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cmd {
    /// By the connection.
    Net(Order),
    /// By the picture worker: prepare these bytes for this key.
    Encode(PictureKey, Ticket, Arc<[u8]>),
    /// On this machine.
    Local(Act),
    /// Leave the interface.
    Leave(Leave),
}

/// On this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// Open this text in the person's editor.
    Edit(String),
    /// See whether this is a picture that can be attached. The words are what stood for it, to be given back
    /// when it is not.
    Inspect(PathBuf, Option<String>),
    /// Hand this to the terminal's clipboard.
    Copy(String),
    /// Keep these bytes.
    Write(PathBuf, Arc<[u8]>),
    /// Open these bytes in the system's viewer, under this name.
    View(String, Arc<[u8]>),
}

/// For the connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    /// Log in.
    Login(String, String),
    /// Open an account: name, password, invitation.
    Register(String, String, String),
    /// List conversations.
    Conversations(Ticket),
    /// Load a page of a conversation, the newest or the one at this place.
    Messages(Ticket, String, Option<String>),
    /// Ask for sentences to begin with.
    Starters,
    /// Say something in this conversation, or in a new one.
    Say {
        /// Where; nothing begins a new conversation.
        conversation: Option<String>,
        /// The words.
        text: String,
        /// Pictures that go with them.
        attachments: Vec<PathBuf>,
    },
    /// Press a button of a card.
    Press {
        /// The conversation.
        conversation: String,
        /// What is behind the button.
        token: String,
        /// What to change, where it asks; otherwise empty.
        text: String,
    },
    /// Give a conversation another name.
    Rename(String, String),
    /// Delete a conversation.
    DeleteConversation(String),
    /// Follow a job with its previews, from the event after this one.
    Follow(String, u64),
    /// End a job.
    Cancel(String),
    /// Run a job's request again, with a new seed or the same.
    Again(String, bool),
    /// Delete an ended job with its results.
    DeleteJob(String),
    /// List results.
    Results(Ticket, Option<String>),
    /// Get the wallet.
    Wallet,
    /// List transfers.
    Transfers(Ticket, Option<TransferKind>, Option<String>),
    /// Find members.
    Members(Ticket, String, Option<String>),
    /// Give or take credits: member, how many, why.
    Adjust(String, i64, String),
    /// Change a role.
    SetRole(String, Role),
    /// Suspend a member or end that: member, whether, why.
    Suspend(String, bool, String),
    /// Make a code to set a new password with.
    ResetPassword(String),
    /// Make an invitation.
    Invite,
    /// List everybody's jobs in this state, of this member.
    AllJobs(Ticket, Option<JobState>, String, Option<String>),
    /// Run a member's job again.
    RetryMemberJob(String),
    /// Give a job's price back: job, why.
    Refund(String, String),
    /// Replay the ledger.
    Verify,
    /// List a member's transfers.
    MemberTransfers(Ticket, String, Option<String>),
    /// List the audit log's actions that begin so.
    Audit(Ticket, String, Option<String>),
    /// Fetch a picture at most this many pixels long, to be drawn. The first is the key to answer with.
    Bytes(String, String, u32),
    /// Fetch a whole file.
    File(FileFor, String),
}
