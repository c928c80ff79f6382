//! What goes in and out of a dialogue.

use std::time::Duration;

use atelier_proto::v1::{Card, Progress};
use uuid::Uuid;

use super::line::Line;
use crate::{phrases::Language, render::Message};

/// A moment, counted from any fixed one.
pub type At = Duration;

/// Somebody said or pressed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Unique among what this run of the bot hears.
    pub id: i64,
    /// The same however often the platform brings it: names the act towards the daemon.
    pub act: Uuid,
    /// Who, as the daemon reads it: `<platform>:<user>[:<channel>[:<parent>]]`.
    pub person: String,
    /// What they read.
    pub language: Language,
    /// The message that says it, to be answered to.
    pub message: Option<i64>,
    /// The message whose button was pressed.
    pub pressed: Option<i64>,
    /// What the platform has to be told to hear of the press.
    pub handle: String,
}

/// A file of a platform's that was sent along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// The platform's name for it: an id or an address.
    pub reference: String,
    /// Its name, for people; may be empty.
    pub name: String,
    /// Its size in bytes, as the platform says.
    pub size_bytes: u64,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Words, with pictures.
    Words {
        /// The words; empty when pictures say it all.
        text: String,
        /// The pictures, in order.
        files: Vec<FileRef>,
    },
    /// A button was pressed.
    Press {
        /// What was behind it.
        token: String,
    },
    /// Words for a button that asks what to change.
    Change {
        /// What was behind it.
        token: String,
        /// The words.
        text: String,
    },
    /// More pictures like those of a message.
    More {
        /// What was behind any of its buttons.
        token: String,
    },
    /// Something for the bot itself.
    Deed(Deed),
    /// Something that has an answer of the bot's own, without a question to the daemon.
    Only(Line),
}

/// What a bot does besides talking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Begin another conversation.
    Begin,
    /// Join the chat identity to the account behind this code.
    Link {
        /// As it was typed.
        code: String,
    },
    /// Separate it again.
    Unlink,
    /// Delete everything.
    Forget,
    /// Send the pictures of a job as files.
    Files {
        /// The job.
        job: String,
    },
    /// Say how the pictures of a message were made.
    About {
        /// What was behind any of its buttons.
        token: String,
    },
}

/// A card within all conversations of a chat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CardKey {
    /// The conversation.
    pub conversation: String,
    /// The card there.
    pub card: String,
}

/// What happens to a dialogue.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A person.
    Heard(Ask, Said),
    /// The daemon keeps what was said: the next words of this person may follow.
    Accepted(i64),
    /// The daemon answers.
    Card {
        /// What it answers.
        ask: i64,
        /// Which card.
        key: CardKey,
        /// The card.
        card: Box<Card>,
        /// Whether it is the card whose button was pressed.
        pressed: bool,
    },
    /// No more cards come for this.
    Answered(i64),
    /// It could not be done, or was done without a card; this is to be said.
    Told(i64, Line),
    /// A message whose pictures were deleted can't be taken away.
    NotRemoved(Ask),
    /// A job gets on.
    News(CardKey, Box<Progress>),
    /// A card as it stands.
    Current(CardKey, Box<Card>),
    /// A card that is nowhere any more.
    Lost(CardKey),
    /// A message of an earlier run shows a job.
    TakeUp {
        /// The card.
        key: CardKey,
        /// The message.
        message: i64,
        /// For whom.
        ask: Ask,
        /// The job.
        job: String,
    },
    /// What the platform says of the last send or edit.
    Done(Outcome),
    /// Time has passed.
    Tick,
}

/// What has become of a send or an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a message of this id now.
    Sent(i64),
    /// The message shows it.
    Edited,
    /// It was progress, and messages of others went first.
    LeftOut,
    /// Too fast: the same may be tried again after this long.
    Slow(Duration),
    /// The message is not there any more.
    Gone,
    /// The platform will never take it.
    Refused,
    /// The platform can't be reached.
    Unreachable,
}

/// What a dialogue wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Say it to the daemon; answered by `Accepted`, `Card`s and `Answered`, or by `Told`.
    Say {
        /// Who says it.
        ask: Ask,
        /// The words.
        text: String,
        /// The pictures.
        files: Vec<FileRef>,
    },
    /// Press it; answered like `Say`.
    Press {
        /// Who presses.
        ask: Ask,
        /// What.
        token: String,
        /// The words that go with it; empty for none.
        text: String,
    },
    /// Press "4 variants" of the message that has this button; answered like `Say`.
    More {
        /// Who asks.
        ask: Ask,
        /// What is behind any of its buttons.
        token: String,
    },
    /// Take a message of ours away; answered by `NotRemoved` where that can't be.
    Remove {
        /// For whom.
        ask: Ask,
        /// The message.
        message: i64,
    },
    /// Do it; answered by `Told`.
    Do {
        /// For whom.
        ask: Ask,
        /// What.
        deed: Deed,
    },
    /// Show that somebody is at work.
    Typing,
    /// Tell the platform that a press was noticed, with words for the one who pressed alone.
    Acknowledge {
        /// The press.
        ask: Ask,
        /// The words.
        words: Option<String>,
    },
    /// What was heard is in good hands: the platform need not bring it again.
    Settled(i64),
    /// Send a message; answered by `Done`.
    Send {
        /// What it answers.
        ask: Ask,
        /// The message.
        message: Message,
    },
    /// Change a message; answered by `Done`.
    Edit {
        /// For whom.
        ask: Ask,
        /// The message.
        message: i64,
        /// What it shall show.
        new: Message,
        /// Whether it shows no more than how far a job is, which may be left out.
        progress: bool,
        /// Whether its words and pictures stand there already.
        only_buttons: bool,
    },
    /// Remember that this message shows this job.
    Bind {
        /// The message.
        message: i64,
        /// The card.
        key: CardKey,
        /// For whom.
        ask: Ask,
        /// The job.
        job: String,
    },
    /// Forget it.
    Release {
        /// The message.
        message: i64,
        /// For whom.
        ask: Ask,
    },
    /// Follow this job; brings `News` and `Current`.
    Follow {
        /// The card.
        key: CardKey,
        /// For whom.
        ask: Ask,
        /// The job.
        job: String,
    },
    /// Give a `Tick` at this moment.
    WakeAt(At),
    /// A line for the log.
    Note(&'static str),
}
