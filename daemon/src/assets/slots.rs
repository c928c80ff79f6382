//! Places for work that takes memory, disk or the processor, so that neither all members together nor one of them
//! can take everything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::error::AssetError;
use crate::id::MemberId;

/// Places for one kind of work.
pub(super) struct Slots {
    all: Arc<Semaphore>,
    per_member: usize,
    members: Arc<Mutex<HashMap<MemberId, usize>>>,
}

/// A place that is taken; given back when dropped.
pub(super) struct Slot {
    member: MemberId,
    members: Arc<Mutex<HashMap<MemberId, usize>>>,
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(all: usize, per_member: usize) -> Slots {
        Slots { all: Arc::new(Semaphore::new(all)), per_member, members: Arc::default() }
    }

    /// Takes a place, or says at once that there is none.
    pub(super) fn take(&self, member: MemberId) -> Result<Slot, AssetError> {
        let permit = Arc::clone(&self.all).try_acquire_owned();
        let permit = permit.map_err(|_: TryAcquireError| AssetError::Busy)?;
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let count = members.entry(member).or_default();
        if *count >= self.per_member {
            return Err(AssetError::Busy);
        }
        *count += 1;
        Ok(Slot { member, members: Arc::clone(&self.members), _permit: permit })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = members.get_mut(&self.member) {
            *count -= 1;
            if *count == 0 {
                members.remove(&self.member);
            }
        }
    }
}
