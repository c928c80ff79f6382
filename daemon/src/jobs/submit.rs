//! From a request to a queued, paid job.

use std::time::Duration;

use super::{
    Bounds, JobError, Jobs, Wanted,
    job::{Event, Job, Kind, State, StateName, Work},
    queue::Ticket,
    records::{self, Known},
    wanted::check,
};
use crate::{
    accounts::Role,
    catalogue::{self, Algorithm, CatalogueError},
    clock::Timestamp,
    engine::{Recipe, residency::ModelKey},
    id::{JobId, MemberId, RequestId},
    ledger::{self, AccountId, Actor, Balance, Context, DailyRequest, Holding, LedgerError, ReserveRequest},
    limits,
    metrics::CreditAct,
    once::{Digest, OnceError},
    store::StoreError,
};

/// Who pays, and what their plan gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payer {
    /// The member.
    pub member: MemberId,
    /// Share of the queue, 1 to 100.
    pub weight: u32,
    /// Free credits each day.
    pub daily_credits: u64,
    /// What the member is; some may ask for more.
    pub role: Role,
    /// Who pays, where it is not the member.
    pub purse: MemberId,
    /// What the channel allows that this is asked in.
    pub bounds: Bounds,
    /// Prices at or under this run without asking; none: what today's free credits cover.
    pub auto_confirm_credits: Option<u64>,
}

/// What it would cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// For all pictures.
    pub price_credits: u64,
    /// What the payer can spend.
    pub available_credits: u64,
    /// Whether it would run without asking.
    pub auto_confirm: bool,
    /// Estimated time until it begins.
    pub wait_ms: u32,
    /// Estimated time that it takes.
    pub run_ms: u32,
    /// Jobs ahead.
    pub queue_ahead: u32,
    /// Who would make it.
    pub algorithm: Algorithm,
    /// What exactly it would make.
    pub work: Work,
}

/// A job to submit.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The caller's id of this act.
    pub request: RequestId,
    /// What to make; its seed is drawn already.
    pub wanted: Wanted,
    /// Which algorithm; empty for the active one.
    pub algorithm: String,
    /// Most that the caller accepts to pay.
    pub max_price_credits: Option<u64>,
    /// What was asked, as the caller wrote it: a seed that was drawn here is not part of it.
    pub digest: Digest,
}

impl Jobs {
    /// What `wanted` would cost `payer` now. Grants today's free credits first.
    ///
    /// # Errors
    /// When it breaks a rule, no algorithm makes it, its model can't be had, or the store's.
    pub async fn quote(&self, payer: Payer, wanted: Wanted, algorithm: &str) -> Result<Quote, JobError> {
        let (algorithm, work) = self.settle_on(wanted, algorithm)?;
        let balance = self.balance(payer).await?;
        let is_daily = |holding: &&Holding| matches!(holding.account, AccountId::Daily(_));
        let daily = balance.holdings.iter().find(is_daily).map_or(0, |holding| holding.available);
        let price_credits = price(&algorithm, &work);
        payer.bounds.size(work.pictures(), price_credits)?;
        payer.bounds.words(&work, &self.parts.mature)?;
        let (waiting, running) = self.parts.scheduler.load();
        let lanes = self.parts.engine.threads.max(1);
        let queue_ahead = waiting + running;
        let work_ahead =
            u64::from(waiting + running.saturating_sub(lanes - 1)) * u64::from(algorithm.typical_ms);
        let wait_ms = u32::try_from(work_ahead / u64::from(lanes)).unwrap_or(u32::MAX);
        Ok(Quote {
            price_credits,
            available_credits: balance.available,
            auto_confirm: price_credits <= payer.auto_confirm_credits.unwrap_or(daily),
            wait_ms: if running < lanes { 0 } else { wait_ms },
            run_ms: algorithm.typical_ms.saturating_mul(work.pictures()),
            queue_ahead,
            algorithm,
            work,
        })
    }

    /// Who makes it and what exactly, checked as far as it can be before anything is paid.
    fn settle_on(&self, wanted: Wanted, algorithm: &str) -> Result<(Algorithm, Work), JobError> {
        let algorithm = catalogue::choose(&self.parts.store, wanted.kind(), algorithm)?;
        let work = wanted.complete(&algorithm.usual());
        check(&work)?;
        if !algorithm.model.is_empty() {
            self.parts.residency.check(&Recipe::from(algorithm.clone()).key(&work))?;
        }
        Ok((algorithm, work))
    }

    /// What `payer` can spend. Grants today's free credits first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn balance(&self, payer: Payer) -> Result<Balance, LedgerError> {
        let now = self.parts.clock.now();
        let day = self.parts.days.day(now)?;
        self.parts
            .store
            .transact(move |tx| {
                let request = DailyRequest { member: payer.purse, level: payer.daily_credits, day };
                ledger::ensure_daily(tx, &request, &Context::new(now, Actor::System))?;
                ledger::balance(tx, payer.purse, now)
            })
            .await
    }

    /// The algorithm of this name if it makes things of this kind; otherwise empty, for the studio's.
    ///
    /// # Errors
    /// The store's.
    pub fn fitting(&self, algorithm: &str, kind: Kind) -> Result<String, StoreError> {
        if algorithm.is_empty() {
            return Ok(String::new());
        }
        match catalogue::choose(&self.parts.store, kind, algorithm) {
            Ok(algorithm) => Ok(algorithm.name),
            Err(CatalogueError::Store(error)) => Err(error),
            Err(_) => Ok(String::new()),
        }
    }

    /// How long ago a member's last job was submitted.
    fn since_last(&self, member: MemberId, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        Ok(records::newest(&self.parts.store, member)?.map(|at| now.since(at)))
    }

    /// Price of one thumbnail by the active algorithm.
    ///
    /// # Errors
    /// When none is active, or the store's.
    pub fn usual_price(&self) -> Result<u64, JobError> {
        Ok(catalogue::choose(&self.parts.store, Kind::Thumbnail, "")?.price_credits)
    }

    /// The size of pictures by the active algorithm for images; none where none is active, or its model can't be had.
    ///
    /// # Errors
    /// The store's.
    pub fn picture_size(&self) -> Result<Option<(u32, u32)>, StoreError> {
        let algorithm = match catalogue::choose(&self.parts.store, Kind::Image, "") {
            Ok(algorithm) => algorithm,
            Err(CatalogueError::Store(error)) => return Err(error),
            Err(_) => return Ok(None),
        };
        let spec = algorithm.usual().spec();
        let key = ModelKey { model: algorithm.model, loras: algorithm.defaults.loras };
        let can_be_had = self.parts.residency.check(&key).is_ok();
        Ok(can_be_had.then_some((spec.width, spec.height)))
    }

    /// Reserves the price and queues the job, in one transaction. The same `request` with the same content answers
    /// the same job.
    ///
    /// # Errors
    /// See [`JobError`]; nothing is charged then.
    pub async fn submit(&self, payer: Payer, submission: Submission) -> Result<Job, JobError> {
        let parts = &self.parts;
        let id = JobId::derived(&[b"job", payer.member.as_bytes(), submission.request.as_bytes()]);
        if let Some(job) = records::read(&parts.store, id)? {
            return repeated(job, &submission.digest);
        }
        if records::read_tombstone(&parts.store, id)?.is_some() {
            return Err(JobError::NotFound);
        }
        let (algorithm, work) = self.settle_on(submission.wanted, &submission.algorithm)?;
        let price = price(&algorithm, &work);
        if let Some(most) = submission.max_price_credits.filter(|most| price > *most) {
            return Err(JobError::Price { price, most });
        }
        let now = parts.clock.now();
        payer.bounds.size(work.pictures(), price)?;
        payer.bounds.words(&work, &parts.mature)?;
        payer.bounds.pace(self.waiting_of(payer.member), self.since_last(payer.member, now)?)?;
        for upload in work.uploads() {
            parts.assets.read(payer.member, upload)?;
        }
        let _place = parts.scheduler.promise(payer.member)?;
        let day = parts.days.day(now)?;
        let job = Job {
            id,
            member: payer.member,
            work,
            algorithm: algorithm.name.clone(),
            digest: submission.digest,
            price_credits: price,
            charged_credits: 0,
            refunded: false,
            weight: payer.weight,
            state: State::Queued { not_before: now },
            last_event: 1,
            attempts: 0,
            created_at: now,
            started_at: None,
            ended_at: None,
            pictures: Vec::new(),
        };
        let (assets, limits) = (parts.assets.clone(), parts.limits.clone());
        let (job, fresh) = parts
            .store
            .transact(move |tx| {
                match records::get(tx, id)? {
                    Known::Job(known) => return Ok((repeated(*known, &job.digest)?, false)),
                    Known::Tombstone(_) => return Err(JobError::NotFound),
                    Known::Nothing => {}
                }
                if assets.over_quota(tx, payer.member)? {
                    return Err(JobError::OverQuota);
                }
                limits::take_generation(tx, &limits, payer.member, payer.role, now, job.work.pictures())?;
                let context = Context::new(now, Actor::Member(payer.member));
                let daily = DailyRequest { member: payer.purse, level: payer.daily_credits, day };
                ledger::ensure_daily(tx, &daily, &Context::new(now, Actor::System))?;
                if price > 0 {
                    let request = ReserveRequest { job: id, member: payer.purse, amount: price };
                    ledger::reserve(tx, &request, &context)?;
                }
                let event = Event { number: 1, at: now, state: StateName::Queued, message: String::new() };
                records::write(tx, &job, &event)?;
                records::count_one(tx, job.member)?;
                Ok((job.clone(), true))
            })
            .await?;
        if fresh {
            parts.metrics.credits_moved(CreditAct::Reserved, price);
            self.announce(&job);
            parts.scheduler.push(ticket(&job, algorithm));
        }
        Ok(job)
    }
}

/// What the queue has to know of a job.
pub(super) fn ticket(job: &Job, algorithm: Algorithm) -> Ticket {
    let not_before = match job.state {
        State::Queued { not_before } => not_before,
        _ => job.created_at,
    };
    Ticket {
        job: job.id,
        member: job.member,
        weight: job.weight,
        units: job.work.pictures(),
        model: Recipe::from(algorithm).key(&job.work).to_string(),
        since: job.created_at,
        not_before,
    }
}

fn price(algorithm: &Algorithm, work: &Work) -> u64 {
    algorithm.price_credits.saturating_mul(u64::from(work.pictures()))
}

fn repeated(job: Job, digest: &Digest) -> Result<Job, JobError> {
    if job.digest == *digest { Ok(job) } else { Err(OnceError::OtherContent.into()) }
}
