//! A guest becomes an account: the credits move with the link, in one transaction, and the history follows in small ones.
//! That transaction also remembers whose history is on its way, so that a crash in between loses nothing.

use secrecy::SecretString;

use super::{ChatError, Chats};
use crate::{
    accounts::Caller,
    id::{MemberId, RequestId},
};

/// Rows that move in one transaction.
const TOGETHER: usize = 64;

/// What came along with a chat user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Name of the account.
    pub member: String,
    /// Credits.
    pub moved_credits: u64,
    /// Conversations, jobs and pictures.
    pub moved_items: u64,
}

impl Chats {
    /// Joins the chat user to the account behind a code, with everything the guest has.
    ///
    /// # Errors
    /// [`ChatError::Busy`] while a job of theirs is under way; the accounts' and the store's.
    pub async fn link(
        &self,
        caller: &Caller,
        request: RequestId,
        code: &SecretString,
    ) -> Result<Joined, ChatError> {
        // A job that ends later would end for somebody who is not there any more.
        if !self.parts.jobs.unfinished(Some(caller.member.id))?.is_empty() {
            return Err(ChatError::Busy);
        }
        let linked = self.parts.accounts.link(caller, request, code).await?;
        let (guest, member) = (linked.guest, linked.member.id);
        let moved_items = self.move_history(guest, member).await?;
        Ok(Joined { member: linked.member.name, moved_credits: linked.moved_credits, moved_items })
    }

    /// Ends what a crash left halfway.
    ///
    /// # Errors
    /// The store's.
    pub async fn finish_merges(&self) -> Result<(), ChatError> {
        for (guest, member) in self.parts.accounts.moving()? {
            self.move_history(guest, member).await?;
        }
        Ok(())
    }

    async fn move_history(&self, from: MemberId, to: MemberId) -> Result<u64, ChatError> {
        let parts = &self.parts;
        let mut moved = 0;
        loop {
            let conversations = parts.conversations.ids_of(from, TOGETHER)?;
            for id in &conversations {
                moved += u64::from(parts.conversations.hand_over(*id, from, to).await?);
            }
            let jobs = parts.jobs.ids_of(from, TOGETHER)?;
            let jobs = parts.jobs.hand_over(jobs, from, to).await?;
            let files = parts.assets.ids_of(from, TOGETHER)?;
            let files = parts.assets.hand_over(files, from, to).await?;
            moved += jobs + files;
            if conversations.is_empty() && jobs == 0 && files == 0 {
                break;
            }
        }
        parts.accounts.remove_guest(from, None).await?;
        Ok(moved)
    }
}
