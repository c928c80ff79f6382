//! What a start finds of the run before, and puts right.

use super::{
    JobError, Jobs,
    job::{Change, Failure, State, StateName},
    records,
    submit::ticket,
};
use crate::{
    catalogue::{self, CatalogueError},
    id::JobId,
    ledger::EndState,
    store::{Store, StoreError},
};

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Jobs that waited and wait again.
    pub queued: u32,
    /// Jobs that were being worked on and wait again.
    pub interrupted: u32,
    /// Jobs that were given up, their credits given back.
    pub given_up: u32,
}

impl Jobs {
    /// Queues again what had not ended. A job that was cut off as often as it may be tried is given up: it may be
    /// what brought the daemon down.
    ///
    /// # Errors
    /// The store's.
    pub async fn recover(&self) -> Result<Recovered, JobError> {
        let mut found = Recovered::default();
        for job in self.unfinished(None)? {
            let algorithm = match catalogue::read(&self.parts.store, &job.algorithm) {
                Ok(algorithm) => Some(algorithm),
                Err(CatalogueError::NotFound(_)) => None,
                Err(error) => return Err(error.into()),
            };
            let running = matches!(job.state, State::Running);
            let give_up = if algorithm.is_none() {
                Some(format!("its algorithm `{}` is not there any more", job.algorithm))
            } else if running && job.attempts >= self.parts.engine.max_attempts {
                Some(format!("Atelier stopped during each of {} attempts", job.attempts))
            } else {
                None
            };
            let job = match (give_up, running) {
                (Some(message), _) => {
                    found.given_up += 1;
                    self.settle(job.id, Change::Fail { failure: Failure::Exhausted, message }).await?
                }
                (None, true) => {
                    found.interrupted += 1;
                    self.settle(job.id, Change::Requeue { counts: true }).await?
                }
                (None, false) => {
                    found.queued += 1;
                    Some(job)
                }
            };
            if let (Some(job), Some(algorithm)) = (job, algorithm)
                && !job.state.has_ended()
            {
                self.parts.scheduler.push(ticket(&job, algorithm));
            }
        }
        Ok(found)
    }
}

/// How a job stands, for the ledger's verification; none when there never was one.
///
/// # Errors
/// The store's.
pub fn end_state(store: &Store, id: JobId) -> Result<Option<EndState>, StoreError> {
    let state = match records::read(store, id)? {
        Some(job) => Some(job.state.name()),
        None => records::read_tombstone(store, id)?.map(|tombstone| tombstone.state),
    };
    Ok(state.map(|state| match state {
        StateName::Queued | StateName::Running => EndState::Running,
        StateName::Succeeded => EndState::Succeeded,
        StateName::Failed | StateName::Cancelled => EndState::Unsuccessful,
    }))
}
