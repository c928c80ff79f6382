//! The verbs on jobs, apart from submitting.

use std::{collections::HashMap, sync::Arc};

use atelier_models::PhotoLimits;
use tokio::sync::watch;

use super::{
    Ahead, Filter, JobError, MatureWords, Scheduler,
    hub::Hub,
    job::{Change, Event, Job, State, StateName, Tombstone},
    records::{self, Known},
};
use crate::{
    act::AdminAct,
    assets::{self, Assets},
    audit,
    clock::{Clock, Timestamp},
    engine::{EngineConfig, Stop, residency::Residency},
    id::{JobId, MemberId, TransferId},
    ledger::{self, Actor, Context, DayRule, RefundRequest},
    limits::{self, LimitsConfig},
    metrics::{CreditAct, Metrics},
    once::{self, Digest},
    page::{Listed, Page, PageError},
    store::{Store, StoreError, Tx},
};

/// What jobs are made of.
pub struct JobsParts {
    /// Where everything is written.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Photos in, pictures out.
    pub assets: Assets,
    /// The queue.
    pub scheduler: Scheduler,
    /// The models in memory.
    pub residency: Residency,
    /// What photos must keep when they are decoded.
    pub photo_limits: PhotoLimits,
    /// Attempts and pauses.
    pub engine: EngineConfig,
    /// Pictures that each member may ask for.
    pub limits: LimitsConfig,
    /// What only some channels may ask for.
    pub mature: MatureWords,
    /// When a day begins.
    pub days: DayRule,
    /// Counters.
    pub metrics: Metrics,
}

/// Everything that can be done with jobs. Clones share it.
#[derive(Clone)]
pub struct Jobs {
    pub(super) parts: Arc<JobsParts>,
    pub(super) hub: Arc<Hub>,
}

impl Jobs {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: JobsParts) -> Self {
        Self { parts: Arc::new(parts), hub: Arc::default() }
    }

    /// Where changes are announced.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// How many jobs are ahead of each waiting one.
    #[must_use]
    pub fn ahead(&self) -> Arc<HashMap<JobId, Ahead>> {
        self.parts.scheduler.ahead(&self.parts.clock)
    }

    /// Hears whenever jobs may have another place in the queue than before.
    #[must_use]
    pub fn moves(&self) -> watch::Receiver<u64> {
        self.parts.scheduler.moves()
    }

    /// Waiting jobs and running jobs.
    #[must_use]
    pub fn load(&self) -> (u32, u32) {
        self.parts.scheduler.load()
    }

    /// Waiting jobs of one member.
    #[must_use]
    pub fn waiting_of(&self, member: MemberId) -> u32 {
        self.parts.scheduler.waiting_of(member)
    }

    /// A job of `member`'s.
    ///
    /// # Errors
    /// [`JobError::NotFound`] for another's as for none.
    pub fn get(&self, member: MemberId, id: JobId) -> Result<Job, JobError> {
        self.get_any(id)?.filter(|job| job.member == member).ok_or(JobError::NotFound)
    }

    /// Anybody's job.
    ///
    /// # Errors
    /// The store's.
    pub fn get_any(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        records::read(&self.parts.store, id)
    }

    /// The events of a job after number `after`.
    ///
    /// # Errors
    /// The store's.
    pub fn events_after(&self, id: JobId, after: u64) -> Result<Vec<Event>, StoreError> {
        records::events_after(&self.parts.store, id, after)
    }

    /// A page of jobs, newest first; of everybody where `member` is none.
    ///
    /// # Errors
    /// A wrong page token, or the store's.
    pub fn list(
        &self,
        member: Option<MemberId>,
        filter: Filter,
        page: &Page,
    ) -> Result<Listed<Job>, PageError> {
        records::page(&self.parts.store, member, filter, page)
    }

    /// How many jobs a member has ever submitted.
    ///
    /// # Errors
    /// The store's.
    pub fn count(&self, member: MemberId) -> Result<u64, StoreError> {
        records::count(&self.parts.store, member)
    }

    /// The jobs that have not ended, oldest first; of everybody where `member` is none.
    ///
    /// # Errors
    /// The store's.
    pub fn unfinished(&self, member: Option<MemberId>) -> Result<Vec<Job>, StoreError> {
        let mut jobs = records::open(&self.parts.store)?;
        jobs.retain(|job| member.is_none_or(|member| member == job.member));
        jobs.sort_by_key(|job| (job.created_at, job.id));
        Ok(jobs)
    }

    /// Jobs of a member, oldest first, at most `most`.
    ///
    /// # Errors
    /// The store's.
    pub fn ids_of(&self, member: MemberId, most: usize) -> Result<Vec<JobId>, StoreError> {
        records::ids_of(&self.parts.store, member, most)
    }

    /// Gives these jobs of one member to another, as far as they have ended; how many there were.
    ///
    /// # Errors
    /// The store's.
    pub async fn hand_over(&self, jobs: Vec<JobId>, from: MemberId, to: MemberId) -> Result<u64, StoreError> {
        self.parts.store.transact(move |tx| records::hand_over(tx, &jobs, from, to)).await
    }

    /// Ends a job of `member`'s and gives its credits back, in one transaction, whether it waits or runs. One that
    /// was cancelled before is answered as it is. Where somebody else ends it, the ledger and the audit log name them.
    ///
    /// # Errors
    /// [`JobError::NotFound`], or [`JobError::Illegal`] when it has ended otherwise.
    pub async fn cancel(&self, member: MemberId, id: JobId, by: audit::Actor) -> Result<Job, JobError> {
        let now = self.parts.clock.now();
        let live = self.hub.live(id);
        let (job, changed) = self
            .parts
            .store
            .transact(move |tx| {
                let Known::Job(job) = records::get(tx, id)? else { return Err(JobError::NotFound) };
                if job.member != member {
                    return Err(JobError::NotFound);
                }
                if matches!(job.state, State::Cancelled { .. }) {
                    return Ok((*job, false));
                }
                if job.attempts == 0 {
                    // It never ran, so it does not count against the day.
                    limits::give_back(tx, member, job.created_at, job.work.pictures())?;
                }
                let before = job.state.name();
                let (job, event) = job.apply(Change::Cancel { by: by.name.clone() }, now)?;
                records::write(tx, &job, &event)?;
                if job.price_credits > 0 {
                    let actor = Actor::Member(by.id.unwrap_or(member));
                    ledger::release(tx, job.id, &Context::new(now, actor))?;
                }
                for_another(tx, &by, member, now, ("job.cancel", id, before))?;
                Ok((job, true))
            })
            .await?;
        if changed {
            self.parts.metrics.credits_moved(CreditAct::Released, job.price_credits);
            self.parts.scheduler.remove(id);
            live.control.stop(Stop::Cancel);
            self.announce(&job);
        }
        Ok(job)
    }

    /// Takes an ended job and its pictures away. Deleting it twice is no error. Where somebody else deletes it, the audit
    /// log names them.
    ///
    /// # Errors
    /// [`JobError::NotFound`] or [`JobError::NotEnded`].
    pub async fn delete(&self, member: MemberId, id: JobId, by: audit::Actor) -> Result<(), JobError> {
        let now = self.parts.clock.now();
        self.parts
            .store
            .transact(move |tx| match records::get(tx, id)? {
                Known::Tombstone(Tombstone { member: owner, .. }) if owner == member => Ok(()),
                Known::Job(job) if job.member == member => {
                    if !job.state.has_ended() {
                        return Err(JobError::NotEnded);
                    }
                    for picture in &job.pictures {
                        match assets::delete(tx, member, picture.asset, now) {
                            // One that its owner deleted before is gone already.
                            Ok(()) | Err(assets::AssetError::NotFound) => {}
                            Err(error) => return Err(error.into()),
                        }
                    }
                    records::bury(tx, &job, now)?;
                    Ok(for_another(tx, &by, member, now, ("job.delete", id, job.state.name()))?)
                }
                Known::Job(_) | Known::Tombstone(_) | Known::Nothing => Err(JobError::NotFound),
            })
            .await
    }

    /// Gives back what a succeeded job cost, once, as an act of an admin. Answers the job and how much went back.
    ///
    /// # Errors
    /// [`JobError::NotFound`], [`JobError::NothingToRefund`], or the ledger's.
    pub async fn refund(&self, act: AdminAct, id: JobId) -> Result<(Job, u64), JobError> {
        let (job, credits, changed) = self
            .parts
            .store
            .transact(move |tx| {
                let digest = Digest::of("job.refund", &[id.as_bytes(), act.reason.as_bytes()]);
                let Known::Job(mut job) = records::get(tx, id)? else { return Err(JobError::NotFound) };
                let answered = once::answered(tx, act.member, act.request, &digest)?;
                if answered.is_some() || job.refunded {
                    let credits = answered.and_then(|credits| credits.parse().ok()).unwrap_or(0);
                    return Ok((*job, credits, false));
                }
                let credits = job.charged_credits;
                if credits == 0 {
                    return Err(JobError::NothingToRefund);
                }
                let refund = TransferId::derived(&[b"job.refund", id.as_bytes()]);
                let request = RefundRequest { id: refund, job: id, amount: credits };
                let context =
                    Context { now: act.at, actor: Actor::Admin(act.member), note: act.reason.clone() };
                ledger::refund(tx, &request, &context)?;
                job.refunded = true;
                records::update(tx, &job)?;
                let entity = id.to_string();
                audit::append(tx, &act.entry("job.refund", &entity, &credits.to_string(), "0"))?;
                once::record(tx, act.member, act.request, digest, credits.to_string(), act.at)?;
                Ok((*job, credits, true))
            })
            .await?;
        if changed {
            // Its state is the same, so it is not counted again.
            self.hub.changed(job.clone());
        }
        Ok((job, credits))
    }

    /// Tells everybody about a change that is durable.
    pub(super) fn announce(&self, job: &Job) {
        self.parts.metrics.job_entered(job.state.name().word());
        self.hub.changed(job.clone());
    }
}

/// Writes down what somebody did to a job of another's. What people do to their own is no business of the log's.
fn for_another(
    tx: &mut Tx<'_>,
    by: &audit::Actor,
    owner: MemberId,
    at: Timestamp,
    (action, job, before): (&'static str, JobId, StateName),
) -> Result<(), StoreError> {
    if by.id.is_none_or(|by| by == owner) {
        return Ok(());
    }
    let act = audit::Act::new(by.clone(), at, action, job.to_string());
    audit::append(tx, &act.changed(before.word(), "").because(format!("of {owner}"))).map(drop)
}
