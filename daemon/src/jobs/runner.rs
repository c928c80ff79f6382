//! Takes a job through the engine: start, run, keep the pictures, settle.

use std::{sync::Arc, time::Duration};

use atelier_models::{Error, Output};
use tokio::sync::mpsc;

use super::{
    JobError, Jobs,
    job::{Change, Failure, Job, Picture, State, Work},
    queue::Ticket,
    records::{self, Known},
    submit::ticket,
};
use crate::{
    assets::{self, MediaType, NewResult, PinnedBlob},
    catalogue,
    engine::{Assignment, Control, Lane, Recipe, Stop, Uploads},
    id::{AssetId, JobId},
    ledger::{self, Actor, Context},
    metrics::CreditAct,
    store::{StoreError, Tx},
};

/// Longest settings that are kept with a job.
const SETTINGS_BYTES: usize = 6_000;
/// What words and settings of a job may take together, so that it fits into one row of the store.
const ROW_BYTES: usize = 56_000;
/// Pause before a change is tried again that found the store's queue full.
const RUSH: Duration = Duration::from_millis(50);

/// Works through the tickets of one lane until the channel closes.
pub async fn run_lanes(
    jobs: Jobs,
    number: usize,
    lane: Lane,
    mut tickets: mpsc::Receiver<Ticket>,
    idle: mpsc::Sender<usize>,
) {
    while let Some(ticket) = tickets.recv().await {
        let job = ticket.job;
        let again = match jobs.take_through(&lane, job).await {
            Ok(again) => again,
            Err(error) => {
                tracing::error!(%job, %error, "an attempt could not be settled");
                jobs.give_up(job).await;
                None
            }
        };
        jobs.parts.scheduler.finished(job);
        if let Some(again) = again {
            jobs.parts.scheduler.push(again);
        }
        if idle.send(number).await.is_err() {
            return;
        }
    }
}

impl Jobs {
    /// Runs one attempt at a job. Answers a ticket when another attempt shall be made in this run of the daemon.
    async fn take_through(&self, lane: &Lane, id: JobId) -> Result<Option<Ticket>, JobError> {
        let live = self.hub.live(id);
        let Some(job) = self.start(id).await? else { return Ok(None) };
        let algorithm = catalogue::read(&self.parts.store, &job.algorithm)?;
        let began = std::time::Instant::now();
        let outcome = self.attempt(lane, &job, algorithm.clone().into(), &live.control).await;
        let outcome = match outcome {
            Ok(outputs) => match self.keep(&outputs).await {
                Ok(kept) => {
                    let took = began.elapsed();
                    return self.succeed(&job, outputs, kept, took).await.map(|()| None);
                }
                Err(error) => Error::Transient(format!("the pictures could not be stored: {error}")),
            },
            Err(error) => error,
        };
        let change = self.change_after(&job, outcome, &live.control);
        let Some(change) = change else { return Ok(None) };
        let drained = matches!(change, Change::Requeue { .. });
        let job = self.settle(id, change).await?;
        let waits = job.filter(|job| matches!(job.state, State::Queued { .. }) && !drained);
        Ok(waits.map(|job| ticket(&job, algorithm)))
    }

    /// Ends a job whose attempt could not be settled, so that its credits go back. Where even that can't be written
    /// the store is broken, and recovery takes the job up at the next start.
    async fn give_up(&self, id: JobId) {
        let message = "its result could not be written down; this is a defect of Atelier".to_owned();
        let change = Change::Fail { failure: Failure::Internal, message };
        if let Err(error) = self.settle(id, change).await {
            tracing::error!(job = %id, %error, "the job waits for the next start");
        }
    }

    /// A change that must not be lost to a moment's rush: tried again while the store's queue is full.
    async fn persist<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T, JobError> + Clone + Send + 'static,
    ) -> Result<T, JobError> {
        loop {
            match self.parts.store.transact(change.clone()).await {
                Err(JobError::Store(StoreError::Busy)) => tokio::time::sleep(RUSH).await,
                outcome => return outcome,
            }
        }
    }

    /// Queued to running; none when it was cancelled meanwhile.
    async fn start(&self, id: JobId) -> Result<Option<Job>, JobError> {
        let now = self.parts.clock.now();
        let job = self
            .persist(move |tx| {
                let Known::Job(job) = records::get(tx, id)? else { return Ok(None) };
                let Ok((job, event)) = job.apply(Change::Start, now) else { return Ok(None) };
                records::write(tx, &job, &event)?;
                Ok(Some(job))
            })
            .await?;
        if let Some(job) = &job {
            self.announce(job);
        }
        Ok(job)
    }

    async fn attempt(
        &self,
        lane: &Lane,
        job: &Job,
        recipe: Recipe,
        control: &Arc<Control>,
    ) -> Result<Vec<Output>, Error> {
        let uploads = match &job.work {
            Work::Thumbnail { photo, .. } => {
                Uploads { photo: self.upload("photo", *photo).await?, ..Uploads::default() }
            }
            Work::Image { init, mask, .. } => Uploads {
                init: self.upload("init", *init).await?,
                mask: self.upload("mask", *mask).await?,
                ..Uploads::default()
            },
        };
        let photo_limits = self.parts.photo_limits;
        let run = lane.run(|reply| Assignment {
            recipe,
            work: job.work.clone(),
            uploads,
            photo_limits,
            control: Arc::clone(control),
            reply,
        });
        let mut progress = control.watch();
        let forward = async {
            while progress.changed().await.is_ok() {
                let latest = progress.borrow_and_update().clone();
                if let Some(latest) = latest {
                    self.hub.progress(job.member, job.id, latest);
                }
            }
        };
        tokio::select! {
            outcome = run => outcome,
            // The sender lives in `control`, so this never ends first.
            () = forward => Err(Error::Internal("the job lost its control".to_owned())),
        }
    }

    /// The bytes of an upload that the job starts from.
    async fn upload(&self, field: &'static str, id: Option<AssetId>) -> Result<Option<Vec<u8>>, Error> {
        let Some(id) = id else { return Ok(None) };
        let read = async {
            let asset = self.parts.assets.read_any(id)?;
            self.parts.assets.bytes(&asset).await
        };
        match read.await {
            Ok(bytes) => Ok(Some(Vec::from(bytes))),
            Err(assets::AssetError::NotFound) => {
                Err(Error::Invalid { field, problem: "was deleted before the job began".to_owned() })
            }
            Err(error) => Err(Error::Transient(format!("the {field} picture could not be read: {error}"))),
        }
    }

    /// Makes the files durable, before anything refers to them.
    async fn keep(&self, outputs: &[Output]) -> Result<Vec<PinnedBlob>, assets::AssetError> {
        let mut kept = Vec::with_capacity(outputs.len());
        for output in outputs {
            let media_type = match output.media_type {
                "image/png" => MediaType::Png,
                _ => MediaType::Jpeg,
            };
            let bytes = output.bytes.clone().into();
            let blob = self.parts.assets.store_result(bytes, media_type, output.width, output.height);
            kept.push(blob.await?);
        }
        Ok(kept)
    }

    /// Success, pictures and charge, in one transaction.
    async fn succeed(
        &self,
        job: &Job,
        outputs: Vec<Output>,
        kept: Vec<PinnedBlob>,
        took: Duration,
    ) -> Result<(), JobError> {
        let (id, algorithm) = (job.id, job.algorithm.clone());
        let now = self.parts.clock.now();
        let made = outputs.len() as u64;
        let each_ms = (took.as_millis() / u128::from(made.max(1))).min(u128::from(u32::MAX)) as u32;
        let ids: Vec<AssetId> = outputs.iter().map(|_| AssetId::new(now)).collect();
        let kept = Arc::new(kept);
        let in_tx = Arc::clone(&kept);
        let job = self
            .persist(move |tx| {
                let Known::Job(job) = records::get(tx, id)? else { return Ok(None) };
                if job.state.has_ended() {
                    // Cancelled at the last moment: the credits went back, so the pictures go too.
                    return Ok(None);
                }
                let room = ROW_BYTES.saturating_sub(job.work.text_bytes()) / outputs.len().max(1);
                let mut pictures = Vec::with_capacity(outputs.len());
                for ((output, blob), asset) in outputs.iter().zip(in_tx.iter()).zip(&ids) {
                    let file_name = String::new();
                    let result = NewResult { id: *asset, owner: job.member, job: id, file_name, now };
                    let asset = assets::commit_result(tx, blob, &result)?;
                    pictures.push(Picture {
                        asset: asset.id,
                        media_type: output.media_type.to_owned(),
                        width: output.width,
                        height: output.height,
                        size_bytes: output.bytes.len() as u64,
                        seed: output.seed,
                        // The file has them in any case.
                        settings: Some(&output.settings)
                            .filter(|settings| settings.len() <= SETTINGS_BYTES.min(room))
                            .cloned()
                            .unwrap_or_default(),
                    });
                }
                let charged_credits = job.price_credits;
                let (job, event) = job.apply(Change::Succeed { pictures, charged_credits }, now)?;
                records::write(tx, &job, &event)?;
                if job.price_credits > 0 {
                    let context = Context::new(now, Actor::System);
                    ledger::capture(tx, id, job.charged_credits, &context)?;
                }
                catalogue::note_made(tx, &algorithm, made, each_ms)?;
                Ok(Some(job))
            })
            .await?;
        if let Some(job) = job {
            self.parts.metrics.job_took(&job.algorithm, took);
            self.parts.metrics.credits_moved(CreditAct::Captured, job.charged_credits);
            self.announce(&job);
        }
        Ok(())
    }

    /// What a failed attempt means for the job; none when it has been settled already.
    fn change_after(&self, job: &Job, error: Error, control: &Control) -> Option<Change> {
        let engine = &self.parts.engine;
        Some(match error {
            Error::Cancelled => match control.stopped() {
                Some(Stop::Drain) => Change::Requeue { counts: false },
                Some(Stop::Cancel) => return None,
                None => Change::Fail {
                    failure: Failure::Internal,
                    message: "the pipeline stopped by itself; this is a defect of Atelier".to_owned(),
                },
            },
            error @ Error::Invalid { .. } => {
                Change::Fail { failure: Failure::Invalid, message: error.to_string() }
            }
            Error::Transient(message) if job.attempts < engine.max_attempts => {
                let doublings = job.attempts.saturating_sub(1).min(16);
                let pause = Duration::from_millis(engine.retry_pause_ms << doublings);
                Change::TryAgain { message, not_before: self.parts.clock.now().plus(pause) }
            }
            Error::Transient(message) => Change::Fail {
                failure: Failure::Exhausted,
                message: format!("gave up after {} attempts: {message}", job.attempts),
            },
            error @ (Error::Internal(_) | Error::Checkpoint { .. }) => {
                Change::Fail { failure: Failure::Internal, message: error.to_string() }
            }
        })
    }

    /// Applies a change that ends or requeues the job, with what it means for its credits. None when the job was
    /// cancelled meanwhile.
    pub(super) async fn settle(&self, id: JobId, change: Change) -> Result<Option<Job>, JobError> {
        let now = self.parts.clock.now();
        let job = self
            .persist(move |tx| {
                let Known::Job(job) = records::get(tx, id)? else { return Ok(None) };
                if job.state.has_ended() {
                    return Ok(None);
                }
                let (job, event) = job.apply(change.clone(), now)?;
                records::write(tx, &job, &event)?;
                if job.state.has_ended() && job.price_credits > 0 {
                    ledger::release(tx, id, &Context::new(now, Actor::System))?;
                }
                Ok(Some(job))
            })
            .await?;
        if let Some(job) = &job {
            if job.state.has_ended() {
                self.parts.metrics.credits_moved(CreditAct::Released, job.price_credits);
            }
            self.announce(job);
        }
        Ok(job)
    }
}
