//! What admins see.

use super::{
    super::model::{AuditEntry, Fault, Job, JobState, MemberRow, Transfer, Verification},
    List, Remote,
};

/// Members.
#[derive(Debug, Default)]
pub(crate) struct Users {
    /// By name.
    pub(crate) members: Remote<MemberRow>,
    /// Selection among them.
    pub(crate) list: List,
    /// Part of the names to show.
    pub(crate) search: String,
}

/// Everybody's jobs.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    /// Newest first.
    pub(crate) jobs: Remote<Job>,
    /// Selection among them.
    pub(crate) list: List,
    /// Only those in this state.
    pub(crate) state: Option<JobState>,
    /// Only this member's.
    pub(crate) member: String,
}

impl Jobs {
    /// The next state to filter by; after the last, all.
    pub(crate) fn next_state(&self) -> Option<JobState> {
        let place = self.state.and_then(|state| JobState::ALL.iter().position(|other| *other == state));
        JobState::ALL.get(place.map_or(0, |place| place + 1)).copied()
    }
}

/// How the verification stands.
#[derive(Debug, Default)]
pub(crate) enum Verifying {
    /// Nobody asked.
    #[default]
    Idle,
    /// It runs.
    Running,
    /// What it found.
    Done(Verification),
    /// It could not be done.
    Failed(Fault),
}

/// The ledger.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The verification.
    pub(crate) verifying: Verifying,
    /// Whose transfers are shown.
    pub(crate) member: String,
    /// Those transfers, newest first.
    pub(crate) transfers: Remote<Transfer>,
    /// Selection among them.
    pub(crate) list: List,
}

/// The audit log.
#[derive(Debug, Default)]
pub(crate) struct AuditLog {
    /// Newest first.
    pub(crate) entries: Remote<AuditEntry>,
    /// Selection among them.
    pub(crate) list: List,
    /// Only actions that begin so.
    pub(crate) prefix: String,
}
