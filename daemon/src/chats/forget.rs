//! Forgetting somebody: everything of theirs goes, but for the numbers that others rely on.

use super::{ChatError, Chats, bindings, enter};
use crate::{
    accounts::{Caller, Permission, Role},
    audit,
    id::RequestId,
    jobs::JobError,
};

/// Rows that are looked at together.
const TOGETHER: usize = 64;

/// What stays, and why.
const STAYS: &str = "What stays is the record of credits, under a number: it is never changed, so that every balance can be \
                     checked. So does how many pictures were asked for today.";

/// What was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// Conversations, jobs and pictures.
    pub items: u64,
    /// What stays, in words.
    pub stays: &'static str,
}

impl Chats {
    /// Deletes all that is kept of a guest; of an account that is logged in, everything but the account. Doing it twice
    /// is no error.
    ///
    /// # Errors
    /// [`ChatError::Linked`] for an account through a chat; the store's.
    pub async fn forget(&self, caller: &Caller, request: RequestId) -> Result<Forgotten, ChatError> {
        let guest = caller.member.role == Role::Guest;
        match &caller.acting {
            Some(_) if !guest => return Err(ChatError::Linked(caller.member.name.clone())),
            Some(_) => {}
            None => caller.require(Permission::ManageOwn).map_err(crate::accounts::AccountsError::from)?,
        }
        let (parts, member) = (&self.parts, caller.member.id);
        let mut items = 0;
        for job in parts.jobs.unfinished(Some(member))? {
            match parts.jobs.cancel(member, job.id, caller.actor()).await {
                // One that has just ended is deleted like the others.
                Ok(_) | Err(JobError::Illegal(_) | JobError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        loop {
            let jobs = parts.jobs.ids_of(member, TOGETHER)?;
            for job in &jobs {
                match parts.jobs.delete(member, *job, caller.actor()).await {
                    Ok(()) => items += 1,
                    Err(JobError::NotFound | JobError::NotEnded) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let conversations = parts.conversations.ids_of(member, TOGETHER)?;
            for id in &conversations {
                items += u64::from(parts.conversations.forget(member, *id).await?);
            }
            let files = parts.assets.ids_of(member, TOGETHER)?;
            let gone = parts.assets.forget(files, member).await.map_err(JobError::from)?;
            items += gone;
            if jobs.is_empty() && conversations.is_empty() && gone == 0 {
                break;
            }
        }
        for identity in self.identities(caller)? {
            bindings::forget(&parts.store, &identity).await?;
            enter::forget(&parts.store, &identity).await?;
        }
        let act = audit::Act::new(caller.actor(), parts.clock.now(), "member.forget", &caller.member.name)
            .changed("", format!("{items} deleted under {request}"));
        parts.store.transact(move |tx| audit::append(tx, &act)).await?;
        if guest {
            parts.accounts.remove_guest(member, caller.acting.clone()).await?;
        }
        Ok(Forgotten { items, stays: STAYS })
    }

    /// The chat identities of a caller, `<platform>:<user>` each.
    fn identities(&self, caller: &Caller) -> Result<Vec<String>, ChatError> {
        match &caller.acting {
            Some(identity) => Ok(vec![identity.person()]),
            None => Ok(self.parts.accounts.links(caller.member.id)?),
        }
    }
}
