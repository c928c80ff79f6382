//! How things stand, in sentences.

use super::{ConversationError, Conversations, JobError, JobId, Speaker, wording};

impl Conversations {
    pub(super) async fn cancel_last(
        &self,
        speaker: &Speaker,
        last: Option<JobId>,
    ) -> Result<String, ConversationError> {
        let member = speaker.payer.member;
        let open = self.parts.jobs.unfinished(Some(member))?;
        let Some(job) = open.iter().find(|job| Some(job.id) == last) else {
            return Ok(match open.len() {
                0 => "Nothing is being made at the moment.".to_owned(),
                _ => "Nothing of this conversation is being made. Other work is; cancel it where it was begun, \
                      or in the queue."
                    .to_owned(),
            });
        };
        match self.parts.jobs.cancel(member, job.id, speaker.actor.clone()).await {
            Ok(job) => Ok(format!("Cancelled: {}. The credits are back.", job.work.summary())),
            Err(JobError::Illegal(_)) => Ok("It has just ended.".to_owned()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn status(&self, speaker: &Speaker, last: Option<JobId>) -> Result<String, ConversationError> {
        let member = speaker.payer.member;
        let open = self.parts.jobs.unfinished(Some(member))?;
        let last = last.and_then(|job| self.parts.jobs.get(member, job).ok());
        let Some(job) = open.last().cloned().or(last) else {
            return Ok("Nothing is being made at the moment.".to_owned());
        };
        let ahead = self.parts.jobs.ahead().get(&job.id).map_or(0, |ahead| ahead.jobs);
        Ok(wording::status(&job, ahead))
    }

    pub(super) async fn balance(&self, speaker: &Speaker) -> Result<String, ConversationError> {
        let balance = self.parts.jobs.balance(speaker.payer).await?;
        let daily = speaker.payer.daily_credits;
        let set_aside = match balance.reserved {
            0 => String::new(),
            reserved => format!(", and {reserved} are set aside for jobs under way"),
        };
        Ok(format!("You have {} credits{set_aside}. {daily} free ones come each day.", balance.available))
    }
}
