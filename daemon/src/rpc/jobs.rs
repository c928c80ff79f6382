//! `atelier.v1.Jobs`.

use std::{collections::HashMap, pin::Pin};

use atelier_proto::v1::{self as wire, jobs_server::Jobs as Service};
use futures::Stream;
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Edge, convert, gate::Gate, status::IntoStatus as _, status::OrStatus as _};
use crate::{
    accounts::{AuthError, Caller, Member, Permission, Role},
    catalogue::CatalogueError,
    id::{JobId, MemberId},
    jobs::{
        Ahead, Bounds, JobError, Payer, Submission,
        hub::News,
        job::{Job, State, Work},
    },
    once::Digest,
    page::Page,
};

/// News that may wait for a slow reader of a stream.
const ROOM: usize = 16;

pub(super) struct JobsService {
    pub(super) gate: Gate,
    pub(super) edge: Edge,
}

type Reply<T> = Result<Response<T>, Status>;
type Streamed<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Edge {
    /// What a member's plan gives.
    pub(super) fn payer(&self, member: &Member) -> Payer {
        let plan = match member.role {
            Role::Guest => self.config.plan(crate::config::GUEST_PLAN),
            _ => self.config.plan(crate::config::FREE_PLAN),
        };
        Payer {
            member: member.id,
            weight: plan.weight,
            daily_credits: plan.daily_credits,
            role: member.role,
            purse: member.id,
            bounds: Bounds::default(),
            auto_confirm_credits: self.config.credits.auto_confirm_credits,
        }
    }

    /// What holds for this caller: the plan, and in a chat the rules of the channel.
    pub(super) fn paying(&self, caller: &Caller) -> Result<(Payer, String), Status> {
        let payer = self.payer(&caller.member);
        let terms = self.chats.terms(caller).or_status()?;
        let purse = match &terms.paid_by {
            Some(name) => Some(self.accounts.find(name).or_status()?).filter(|member| !member.suspended),
            None => Some(caller.member.clone()),
        };
        let purse = purse.ok_or_else(|| {
            Status::failed_precondition("whoever pays in this channel is suspended; ask an admin")
        })?;
        let plan = self.payer(&purse);
        let daily_credits = plan.daily_credits;
        Ok((Payer { purse: purse.id, daily_credits, bounds: terms.bounds, ..payer }, terms.algorithm))
    }

    /// A job for the wire.
    pub(super) fn job(&self, job: &Job) -> wire::Job {
        convert::jobs::job(job, &self.jobs.ahead())
    }

    /// A job for the wire, with its owner's name, for admins.
    pub(super) fn job_with_owner(&self, job: &Job, ahead: &HashMap<JobId, Ahead>) -> wire::Job {
        let name = self.accounts.member(job.member).map(|owner| owner.name).unwrap_or_default();
        wire::Job { member_name: name, ..convert::jobs::job(job, ahead) }
    }

    /// Submits the work of `job` again for its owner.
    pub(super) async fn resubmit(
        &self,
        owner: &Member,
        request: crate::id::RequestId,
        job: &Job,
        new_seed: bool,
    ) -> Result<Job, Status> {
        let work: Work = if new_seed {
            job.work.clone().with_seed(rand::random::<u32>().into())
        } else {
            job.work.clone()
        };
        let submission = Submission {
            request,
            digest: Digest::of("job.retry", &[job.id.as_bytes(), &[u8::from(new_seed)]]),
            wanted: work.into(),
            // The same algorithm, so that the same seed gives the same picture; unless it is retired.
            algorithm: match crate::catalogue::choose(&self.store, job.work.kind(), &job.algorithm) {
                Ok(algorithm) => algorithm.name,
                Err(CatalogueError::Retired(_)) => String::new(),
                Err(error) => return Err(error.into_status()),
            },
            max_price_credits: None,
        };
        self.jobs.submit(self.payer(owner), submission).await.or_status()
    }
}

#[tonic::async_trait]
impl Service for JobsService {
    async fn get_quote(&self, request: Request<wire::GetQuoteRequest>) -> Reply<wire::GetQuoteResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let asked = convert::jobs::asked(request.into_inner().request)?;
        let (payer, _) = self.edge.paying(&caller)?;
        let quote = self.edge.jobs.quote(payer, asked.wanted, &asked.algorithm).await.or_status()?;
        Ok(Response::new(wire::GetQuoteResponse { quote: Some(convert::jobs::quote(&quote)) }))
    }

    async fn submit_job(&self, request: Request<wire::SubmitJobRequest>) -> Reply<wire::SubmitJobResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let id = convert::request_id(&request.request_id)?;
        let asked = convert::jobs::asked(request.request)?;
        let submission = Submission {
            request: id,
            wanted: asked.wanted,
            algorithm: asked.algorithm,
            max_price_credits: request.max_price_credits,
            digest: asked.digest,
        };
        let (payer, _) = self.edge.paying(&caller)?;
        let job = self.edge.jobs.submit(payer, submission).await.or_status()?;
        Ok(Response::new(wire::SubmitJobResponse { job: Some(self.edge.job(&job)) }))
    }

    async fn get_job(&self, request: Request<wire::GetJobRequest>) -> Reply<wire::GetJobResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let id = convert::id(&request.into_inner().job_id, JobError::NotFound)?;
        let job = self.edge.jobs.get(caller.member.id, id).or_status()?;
        Ok(Response::new(wire::GetJobResponse { job: Some(self.edge.job(&job)) }))
    }

    async fn list_jobs(&self, request: Request<wire::ListJobsRequest>) -> Reply<wire::ListJobsResponse> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let page = Page::parse(request.page_size, &request.page_token).or_status()?;
        let filter = convert::jobs::filter(request.kind, request.state)?;
        let listed = self.edge.jobs.list(Some(caller.member.id), filter, &page).or_status()?;
        let ahead = self.edge.jobs.ahead();
        let jobs = listed.items.iter().map(|job| convert::jobs::job(job, &ahead)).collect();
        Ok(Response::new(wire::ListJobsResponse { jobs, next_page_token: listed.next }))
    }

    type WatchJobStream = Streamed<wire::WatchJobResponse>;

    async fn watch_job(&self, request: Request<wire::WatchJobRequest>) -> Reply<Self::WatchJobStream> {
        let caller = self.gate.caller(&request, Permission::Read).await?;
        let request = request.into_inner();
        let id: JobId = convert::id(&request.job_id, JobError::NotFound)?;
        self.edge.jobs.get(caller.member.id, id).or_status()?;
        let (sender, receiver) = mpsc::channel(ROOM);
        let edge = self.edge.clone();
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = watch_job(&edge, caller.member.id, id, request.after_event, &sender) => ended,
                reason = ended_by(&edge, &caller) => Err(reason),
                () = sender.closed() => Ok(()),
            };
            if let Err(status) = ended {
                sender.send(Err(status)).await.ok();
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    type WatchJobsStream = Streamed<wire::WatchJobsResponse>;

    async fn watch_jobs(&self, request: Request<wire::WatchJobsRequest>) -> Reply<Self::WatchJobsStream> {
        let everyone = request.get_ref().everyone;
        let needs = if everyone { Permission::Administer } else { Permission::Read };
        let caller = self.gate.caller(&request, needs).await?;
        let member = if everyone { None } else { Some(caller.member.id) };
        let (sender, receiver) = mpsc::channel(ROOM);
        let edge = self.edge.clone();
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = watch_jobs(&edge, member, &sender) => ended,
                reason = ended_by(&edge, &caller) => Err(reason),
                () = sender.closed() => Ok(()),
            };
            if let Err(status) = ended {
                sender.send(Err(status)).await.ok();
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn cancel_job(&self, request: Request<wire::CancelJobRequest>) -> Reply<wire::CancelJobResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        // Cancelling twice is the same as once, so the id is only checked for its form.
        convert::request_id(&request.request_id)?;
        let id = convert::id(&request.job_id, JobError::NotFound)?;
        let job = self.edge.jobs.cancel(caller.member.id, id, caller.actor()).await.or_status()?;
        Ok(Response::new(wire::CancelJobResponse { job: Some(self.edge.job(&job)) }))
    }

    async fn retry_job(&self, request: Request<wire::RetryJobRequest>) -> Reply<wire::RetryJobResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        let id = convert::request_id(&request.request_id)?;
        let job = convert::id(&request.job_id, JobError::NotFound)?;
        let job = self.edge.jobs.get(caller.member.id, job).or_status()?;
        let job = self.edge.resubmit(&caller.member, id, &job, request.new_seed).await?;
        Ok(Response::new(wire::RetryJobResponse { job: Some(self.edge.job(&job)) }))
    }

    async fn delete_job(&self, request: Request<wire::DeleteJobRequest>) -> Reply<wire::DeleteJobResponse> {
        let caller = self.gate.caller(&request, Permission::Generate).await?;
        let request = request.into_inner();
        convert::request_id(&request.request_id)?;
        let id = convert::id(&request.job_id, JobError::NotFound)?;
        self.edge.jobs.delete(caller.member.id, id, caller.actor()).await.or_status()?;
        Ok(Response::new(wire::DeleteJobResponse {}))
    }
}

/// Why a long stream ends before its work does: the token, or the daemon.
pub(super) async fn ended_by(edge: &Edge, caller: &Caller) -> Status {
    tokio::select! {
        reason = edge.accounts.revoked(caller) => AuthError::from(reason).into_status(),
        () = edge.stopping.cancelled() => Status::unavailable("the daemon is stopping; watch again in a moment"),
    }
}

/// Sends a snapshot, every event after `known`, and progress in between, until the job has ended.
async fn watch_job(
    edge: &Edge,
    member: MemberId,
    id: JobId,
    mut known: u64,
    sender: &mpsc::Sender<Result<wire::WatchJobResponse, Status>>,
) -> Result<(), Status> {
    use wire::watch_job_response::News;
    let send = async |news: News| {
        let sent = sender.send(Ok(wire::WatchJobResponse { news: Some(news) })).await;
        sent.map_err(|_| Status::cancelled("nobody listens"))
    };
    // Subscribed before the job is read, so that no change falls in between.
    let live = edge.jobs.hub().live(id);
    let mut events = live.events();
    let mut progress = live.control.watch();
    let mut moves = edge.jobs.moves();
    loop {
        events.borrow_and_update();
        moves.borrow_and_update();
        let job = edge.jobs.get(member, id).or_status()?;
        let drawn = edge.job(&job);
        let mut place = drawn.queue_ahead;
        send(News::Snapshot(drawn)).await?;
        for event in edge.jobs.events_after(id, known).or_status()? {
            known = event.number;
            send(News::Event(convert::jobs::event(&event))).await?;
        }
        if job.state.has_ended() {
            if known >= job.last_event {
                return Ok(());
            }
            continue;
        }
        loop {
            tokio::select! {
                biased;
                changed = events.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    break;
                }
                Ok(()) = moves.changed(), if waits(&job) => {
                    let now = edge.jobs.ahead().get(&id).map_or(place, |ahead| ahead.jobs);
                    if now != place {
                        place = now;
                        send(News::Progress(convert::jobs::place(place))).await?;
                    }
                }
                changed = progress.changed() => {
                    let latest = progress.borrow_and_update().clone();
                    match (changed, latest) {
                        (Ok(()), Some(latest)) => {
                            send(News::Progress(convert::jobs::progress(&latest, true))).await?;
                        }
                        (Ok(()), None) => {}
                        (Err(_), _) => return Ok(()),
                    }
                }
            }
        }
    }
}

fn waits(job: &Job) -> bool {
    matches!(job.state, State::Queued { .. })
}

/// Sends the unfinished jobs, then every change, without end.
async fn watch_jobs(
    edge: &Edge,
    member: Option<MemberId>,
    sender: &mpsc::Sender<Result<wire::WatchJobsResponse, Status>>,
) -> Result<(), Status> {
    use wire::watch_jobs_response::News as Wire;
    let send = async |news: Wire| {
        let sent = sender.send(Ok(wire::WatchJobsResponse { news: Some(news) })).await;
        sent.map_err(|_| Status::cancelled("nobody listens"))
    };
    let drawn = |job: &Job, ahead: &HashMap<JobId, Ahead>| match member {
        None => edge.job_with_owner(job, ahead),
        Some(_) => convert::jobs::job(job, ahead),
    };
    let place = |ahead: &HashMap<JobId, Ahead>, job| ahead.get(&job).map_or(0, |ahead| ahead.jobs);
    let mut news = edge.jobs.hub().subscribe();
    let mut moves = edge.jobs.moves();
    // The places of the waiting jobs, as they were told last.
    let mut places = HashMap::new();
    let mut missed = true;
    loop {
        if missed {
            let jobs = edge.jobs.unfinished(member).or_status()?;
            let ahead = edge.jobs.ahead();
            let waiting = jobs.iter().filter(|job| waits(job)).map(|job| job.id);
            places = waiting.map(|job| (job, place(&ahead, job))).collect();
            let jobs = jobs.iter().map(|job| drawn(job, &ahead)).collect();
            send(Wire::Snapshot(wire::JobsSnapshot { jobs })).await?;
            missed = false;
        }
        let next = tokio::select! {
            biased;
            next = news.recv() => next,
            Ok(()) = moves.changed(), if !places.is_empty() => {
                let ahead = edge.jobs.ahead();
                for (job, told) in &mut places {
                    // One that is not there has just begun, which is news of its own.
                    let Some(now) = ahead.get(job).map(|ahead| ahead.jobs).filter(|now| now != told) else {
                        continue;
                    };
                    *told = now;
                    let progress = Some(convert::jobs::place(now));
                    send(Wire::Progress(wire::JobProgress { job_id: job.to_string(), progress })).await?;
                }
                continue;
            }
        };
        match next {
            Ok(News::Changed(job)) if member.is_none_or(|member| member == job.member) => {
                let ahead = edge.jobs.ahead();
                if waits(&job) {
                    places.insert(job.id, place(&ahead, job.id));
                } else {
                    places.remove(&job.id);
                }
                send(Wire::Changed(drawn(&job, &ahead))).await?;
            }
            Ok(News::Progress { member: owner, job, progress })
                if member.is_none_or(|member| member == owner) =>
            {
                let progress = Some(convert::jobs::progress(&progress, false));
                send(Wire::Progress(wire::JobProgress { job_id: job.to_string(), progress })).await?;
            }
            Ok(News::Changed(_) | News::Progress { .. }) => {}
            Err(RecvError::Lagged(_)) => missed = true,
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}
