//! How a command ends. The numbers are part of the interface: scripts branch on them.

use atelier_proto::RETRY_AFTER_MS;
use serde_json::json;
use tonic::{Code, Status};

use crate::session::ConnectError;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    NotConnected = 3,
    NotAllowed = 4,
    NotEnoughCredits = 5,
    TryLater = 6,
    JobFailed = 7,
    NeedsConfirmation = 8,
    Interrupted = 130,
}

impl Exit {
    const ALL: [Self; 10] = [
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::NotConnected,
        Self::NotAllowed,
        Self::NotEnoughCredits,
        Self::TryLater,
        Self::JobFailed,
        Self::NeedsConfirmation,
        Self::Interrupted,
    ];

    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// The stable name in `{"error":{"code":…}}`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::NotConnected => "not_connected",
            Self::NotAllowed => "not_allowed",
            Self::NotEnoughCredits => "not_enough_credits",
            Self::TryLater => "try_later",
            Self::JobFailed => "job_failed",
            Self::NeedsConfirmation => "needs_confirmation",
            Self::Interrupted => "interrupted",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "it worked",
            Self::Failed => "it did not work",
            Self::Usage => "the command or a value in it is wrong",
            Self::NotConnected => "the daemon can't be reached",
            Self::NotAllowed => "not logged in, or not allowed",
            Self::NotEnoughCredits => "not enough credits",
            Self::TryLater => "a limit or the queue is full: try later",
            Self::JobFailed => "the job failed or was cancelled; nothing was charged",
            Self::NeedsConfirmation => "a price or a question needs an answer (see --yes)",
            Self::Interrupted => "interrupted; a job that was begun goes on",
        }
    }

    /// The exit codes for `--help`.
    pub(crate) fn table() -> String {
        let rows = Self::ALL.map(|exit| format!("  {:>3}  {}", exit.code(), exit.meaning()));
        format!("Exit codes:\n{}", rows.join("\n"))
    }
}

/// What was being done when the daemon refused: the same code means different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Something that is paid for. A failed precondition is the balance.
    Spend,
    /// Anything else.
    Other,
}

/// The one mapping from the daemon's codes.
fn exit_of(code: Code, act: Act) -> Exit {
    match code {
        Code::Ok => Exit::Ok,
        Code::Unavailable | Code::DeadlineExceeded => Exit::NotConnected,
        Code::Unauthenticated | Code::PermissionDenied => Exit::NotAllowed,
        Code::ResourceExhausted => Exit::TryLater,
        Code::InvalidArgument | Code::OutOfRange => Exit::Usage,
        Code::FailedPrecondition if act == Act::Spend => Exit::NotEnoughCredits,
        Code::FailedPrecondition
        | Code::Cancelled
        | Code::Unknown
        | Code::NotFound
        | Code::AlreadyExists
        | Code::Aborted
        | Code::Unimplemented
        | Code::Internal
        | Code::DataLoss => Exit::Failed,
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// The file system or the terminal refused.
    pub(crate) fn io(what: &str, error: &std::io::Error) -> Self {
        Self::new(Exit::Failed, format!("{what}: {error}"))
    }

    /// The daemon's answer, in words.
    pub(crate) fn of(status: &Status, act: Act) -> Self {
        let exit = exit_of(status.code(), act);
        let said = match status.message() {
            "" => status.code().description(),
            message => message,
        };
        let message = match exit {
            Exit::NotConnected => {
                format!("the daemon can't be reached: {said}; `atelier doctor` looks into it")
            }
            Exit::NotAllowed if status.code() == Code::Unauthenticated => {
                format!("{said}; log in with `atelier login`, or set ATELIER_KEY")
            }
            Exit::TryLater => match retry_after(status) {
                Some(seconds) => format!("{said}; try again in {seconds} s"),
                None => said.to_owned(),
            },
            _ => said.to_owned(),
        };
        Self::new(exit, message)
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        json!({ "error": { "code": self.exit.name(), "message": self.message } })
    }
}

fn retry_after(status: &Status) -> Option<u64> {
    let milliseconds = status.metadata().get(RETRY_AFTER_MS)?.to_str().ok()?.parse::<u64>().ok()?;
    Some(milliseconds.div_ceil(1000))
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::of(&status, Act::Other)
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        let exit = match error {
            ConnectError::Address(_) | ConnectError::Authority { .. } => Exit::Usage,
            ConnectError::Host(_) | ConnectError::NoFolder => Exit::NotConnected,
        };
        Self::new(exit, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_exit() {
        for (code, other, spend) in [
            (Code::Ok, 0, 0),
            (Code::Cancelled, 1, 1),
            (Code::Unknown, 1, 1),
            (Code::InvalidArgument, 2, 2),
            (Code::DeadlineExceeded, 3, 3),
            (Code::NotFound, 1, 1),
            (Code::AlreadyExists, 1, 1),
            (Code::PermissionDenied, 4, 4),
            (Code::ResourceExhausted, 6, 6),
            (Code::FailedPrecondition, 1, 5),
            (Code::Aborted, 1, 1),
            (Code::OutOfRange, 2, 2),
            (Code::Unimplemented, 1, 1),
            (Code::Internal, 1, 1),
            (Code::Unavailable, 3, 3),
            (Code::DataLoss, 1, 1),
            (Code::Unauthenticated, 4, 4),
        ] {
            assert_eq!(exit_of(code, Act::Other).code(), other, "{code:?}");
            assert_eq!(exit_of(code, Act::Spend).code(), spend, "{code:?} while spending");
        }
    }

    #[test]
    fn a_full_queue_says_when_to_come_back() {
        let mut status = Status::resource_exhausted("the queue is full");
        status.metadata_mut().insert(RETRY_AFTER_MS, 1500.into());
        let failure = Failure::from(status);
        assert_eq!(failure.message, "the queue is full; try again in 2 s");
        assert_eq!(
            failure.to_json().to_string(),
            r#"{"error":{"code":"try_later","message":"the queue is full; try again in 2 s"}}"#
        );
    }
}
