//! What the interface knows, in plain values. The wire's types are turned into these by `net` and go no further.

mod admin;
mod card;
mod job;
mod wallet;

use std::time::Duration;

use jiff::Timestamp;

pub(crate) use self::{
    admin::{AuditEntry, Member, MemberRow, Role, Verification},
    card::{Body, Button, Card, Conversation, Entry, Said},
    job::{Job, JobKind, JobState, Picture, Progress, Quote, Stage},
    wallet::{Pocket, Transfer, TransferKind, TransferPhase, Wallet},
};

/// What time it is. The loop reads the clocks and hands them in; nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clock {
    /// Since the start of the process; never jumps.
    pub(crate) mono: Duration,
    /// For telling people when something happened.
    pub(crate) wall: Timestamp,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub(crate) struct Page<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
    /// What to ask for to get the next page; nothing after the last.
    pub(crate) next: Option<String>,
}

/// About the daemon that the interface talks to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Studio {
    /// Name for people.
    pub(crate) name: String,
    /// Version of the daemon.
    pub(crate) version: String,
    /// Whether new work is taken.
    pub(crate) accepting: bool,
}

/// Why something did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What kind of trouble it is.
    pub(crate) kind: FaultKind,
    /// What happened, in the words of whoever refused.
    pub(crate) text: String,
    /// When another try makes sense, where the daemon said so.
    pub(crate) retry_after: Option<Duration>,
}

/// Kinds of trouble, by what a person can do about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The daemon did not answer.
    Unreachable,
    /// The session has ended.
    SignedOut,
    /// This account may not.
    NotAllowed,
    /// It is no longer there.
    NotFound,
    /// It can't be done as things stand, such as with too few credits.
    Precondition,
    /// A queue or a limit is full.
    Full,
    /// The request was wrong.
    Invalid,
    /// Something of this machine: a file, a program.
    Local,
    /// A defect.
    Internal,
}

impl Fault {
    /// Something on this machine went wrong.
    pub(crate) fn local(text: impl Into<String>) -> Self {
        Self { kind: FaultKind::Local, text: text.into(), retry_after: None }
    }

    /// What to do about it.
    pub(crate) fn advice(&self) -> String {
        if let Some(wait) = self.retry_after {
            return format!("Try again in {} s.", wait.as_secs().max(1));
        }
        match self.kind {
            FaultKind::Unreachable => "Atelier keeps trying; nothing is lost.",
            FaultKind::SignedOut => "Log in again.",
            FaultKind::NotAllowed => "Ask whoever runs this studio.",
            FaultKind::NotFound => "Load the list again with R.",
            FaultKind::Precondition => "See the Wallet tab for what there is to spend.",
            FaultKind::Full => "Wait until something has finished and try again.",
            FaultKind::Invalid => "Change the request and try again.",
            FaultKind::Local => "Nothing was sent.",
            FaultKind::Internal => "Try again; the daemon's log says more.",
        }
        .to_owned()
    }
}
