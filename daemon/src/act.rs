//! What an admin does: who, from where, why, and under which request id.

use crate::{
    audit,
    clock::Timestamp,
    id::{MemberId, RequestId},
};

/// The circumstances of an admin's act.
#[derive(Debug, Clone)]
pub struct AdminAct {
    /// The admin.
    pub member: MemberId,
    /// The caller's id of this act.
    pub request: RequestId,
    /// Who, for the audit log.
    pub actor: audit::Actor,
    /// When.
    pub at: Timestamp,
    /// Why; may be empty where no reason is asked for.
    pub reason: String,
}

impl AdminAct {
    /// The line for the audit log.
    #[must_use]
    pub fn entry(&self, action: &'static str, entity: &str, old: &str, new: &str) -> audit::Act {
        audit::Act::new(self.actor.clone(), self.at, action, entity)
            .changed(old, new)
            .because(self.reason.clone())
    }
}
