//! A job and its state machine.

#[cfg(test)]
pub(crate) mod tests;
mod work;

use serde::{Deserialize, Serialize};

pub use self::work::{Kind, Work};
use crate::{
    clock::Timestamp,
    id::{AssetId, JobId, MemberId},
    once::Digest,
};

/// Why a job failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The request can't be made into a picture.
    Invalid,
    /// Every attempt failed for a reason that might have passed.
    Exhausted,
    /// A defect of Atelier.
    Internal,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Paid for and waiting.
    Queued {
        /// Not to be begun earlier: the pause after a failed attempt.
        not_before: Timestamp,
    },
    /// Being worked on.
    Running,
    /// Done and charged.
    Succeeded,
    /// Given up; nothing was charged.
    Failed {
        /// Why, for programs.
        failure: Failure,
        /// Why, for people.
        message: String,
    },
    /// Ended by somebody; nothing was charged.
    Cancelled {
        /// Who ended it.
        by: String,
    },
}

/// The states without their data, for filters, events and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// See [`State::Queued`].
    Queued,
    /// See [`State::Running`].
    Running,
    /// See [`State::Succeeded`].
    Succeeded,
    /// See [`State::Failed`].
    Failed,
    /// See [`State::Cancelled`].
    Cancelled,
}

impl State {
    /// The state without its data.
    #[must_use]
    pub fn name(&self) -> StateName {
        match self {
            Self::Queued { .. } => StateName::Queued,
            Self::Running => StateName::Running,
            Self::Succeeded => StateName::Succeeded,
            Self::Failed { .. } => StateName::Failed,
            Self::Cancelled { .. } => StateName::Cancelled,
        }
    }

    /// Whether it will not change any more.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.name().has_ended()
    }
}

impl StateName {
    /// Whether a job in this state will not change any more.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The word for it in logs, metrics and filters.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One finished picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The file.
    pub asset: AssetId,
    /// Its type.
    pub media_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Seed that makes exactly this one again.
    pub seed: u64,
    /// What was decided and measured, as JSON.
    pub settings: String,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its id; follows from the owner and the request id, so that a repeated submit finds it.
    pub id: JobId,
    /// The owner, who pays.
    pub member: MemberId,
    /// What it makes.
    pub work: Work,
    /// Which algorithm makes it.
    pub algorithm: String,
    /// What was asked, to tell a repetition from another question.
    pub digest: Digest,
    /// Reserved at submit.
    pub price_credits: u64,
    /// Charged in the end.
    pub charged_credits: u64,
    /// Whether an admin gave the price back later.
    #[serde(default)]
    pub refunded: bool,
    /// Share of the queue that the owner's plan gives, 1 to 100.
    pub weight: u32,
    /// Where it stands.
    pub state: State,
    /// Number of the newest event.
    pub last_event: u64,
    /// Attempts that were begun.
    pub attempts: u32,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When the last attempt began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What came out.
    pub pictures: Vec<Picture>,
}

/// Something that happens to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An engine takes it.
    Start,
    /// The attempt failed but another may work.
    TryAgain {
        /// Why it failed.
        message: String,
        /// When to try again.
        not_before: Timestamp,
    },
    /// The attempt was cut off by the daemon's end.
    Requeue {
        /// Whether the attempt counts: it does after a crash, which the job may have caused.
        counts: bool,
    },
    /// Pictures came out.
    Succeed {
        /// The pictures.
        pictures: Vec<Picture>,
        /// What to charge, at most what was reserved.
        charged_credits: u64,
    },
    /// It is given up.
    Fail {
        /// Why, for programs.
        failure: Failure,
        /// Why, for people.
        message: String,
    },
    /// Somebody ends it.
    Cancel {
        /// Who.
        by: String,
    },
}

/// A change of state that was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Number within the job, from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// The state it led to.
    pub state: StateName,
    /// Why, where there is something to say.
    pub message: String,
}

/// A change that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {} can't {what}", .state.word())]
pub struct Illegal {
    /// The state that does not allow it.
    pub state: StateName,
    /// What was tried.
    pub what: &'static str,
}

impl Job {
    /// The job after `change`, and the event to write. The one place where states change.
    ///
    /// # Errors
    /// [`Illegal`] when the state does not allow the change.
    pub fn apply(&self, change: Change, now: Timestamp) -> Result<(Self, Event), Illegal> {
        let illegal = |what| Err(Illegal { state: self.state.name(), what });
        let mut next = self.clone();
        let mut message = String::new();
        next.state = match (change, &self.state) {
            (Change::Start, State::Queued { .. }) => {
                next.attempts += 1;
                next.started_at = Some(now);
                State::Running
            }
            (Change::Start, _) => return illegal("be started"),
            (Change::TryAgain { message: why, not_before }, State::Running) => {
                message = why;
                State::Queued { not_before }
            }
            (Change::TryAgain { .. }, _) => return illegal("be tried again"),
            (Change::Requeue { counts }, State::Running) => {
                next.attempts = self.attempts.saturating_sub(u32::from(!counts));
                message = "interrupted, queued again".to_owned();
                State::Queued { not_before: now }
            }
            (Change::Requeue { .. }, _) => return illegal("be queued again"),
            (Change::Succeed { pictures, charged_credits }, State::Running) => {
                next.pictures = pictures;
                next.charged_credits = charged_credits.min(self.price_credits);
                State::Succeeded
            }
            (Change::Succeed { .. }, _) => return illegal("succeed"),
            (Change::Fail { failure, message: why }, State::Running | State::Queued { .. }) => {
                message.clone_from(&why);
                State::Failed { failure, message: why }
            }
            (Change::Fail { .. }, _) => return illegal("fail"),
            (Change::Cancel { by }, State::Running | State::Queued { .. }) => {
                message = format!("cancelled by {by}");
                State::Cancelled { by }
            }
            (Change::Cancel { .. }, _) => return illegal("be cancelled any more"),
        };
        if next.state.has_ended() {
            next.ended_at = Some(now);
        }
        next.last_event += 1;
        let event = Event { number: next.last_event, at: now, state: next.state.name(), message };
        Ok((next, event))
    }
}

/// What is left of a deleted job, so that its charge can still be explained and its id is never used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Who had it.
    pub member: MemberId,
    /// What was asked.
    pub digest: Digest,
    /// How it ended.
    pub state: StateName,
    /// What was charged.
    pub charged_credits: u64,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}
