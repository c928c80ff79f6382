//! What is asked of the daemon, what it promised, and how to see whether it keeps its word.

use anyhow::{Context as _, ensure};
use atelier_proto::{
    client::Client,
    v1::{self as wire, JobState, card::Body, message},
};
use tonic::{Code, Status};

/// Something that is asked under an id of its own, so that it can be asked again.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    Submit(wire::SubmitJobRequest),
    Cancel(wire::CancelJobRequest),
    Adjust(wire::AdjustCreditsRequest),
    Say(wire::SayRequest),
}

/// What the daemon acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// There is this job, at this price.
    Job { job: String, price: u64 },
    /// This job is cancelled.
    Cancelled { job: String },
    /// The credits were moved.
    Adjusted,
    /// The words are kept, and this job is made for them.
    Heard { job: String },
}

/// How asking ended.
pub(super) enum Answer {
    Told(Told),
    /// Nothing was done, and nothing will be.
    Refused,
    /// Whether it was done is not known: ask again.
    Unclear(Status),
}

impl Told {
    /// The job that it speaks of.
    pub(super) fn job(&self) -> Option<&str> {
        match self {
            Self::Job { job, .. } | Self::Cancelled { job } | Self::Heard { job } => Some(job),
            Self::Adjusted => None,
        }
    }
}

impl Asked {
    /// Asks, as `member`, or as the owner for what only an admin may.
    pub(super) async fn ask(&self, member: &Client, owner: &Client) -> Answer {
        let answer = match self {
            Self::Submit(request) => submit(member, request).await,
            Self::Cancel(request) => cancel(member, request).await,
            Self::Adjust(request) => {
                owner.admin().adjust_credits(request.clone()).await.map(|_| Some(Told::Adjusted))
            }
            Self::Say(request) => say(member, request).await,
        };
        match answer {
            Ok(Some(told)) => Answer::Told(told),
            Ok(None) => Answer::Refused,
            Err(status) => match status.code() {
                Code::ResourceExhausted | Code::FailedPrecondition => Answer::Refused,
                _ => Answer::Unclear(status),
            },
        }
    }

    /// Looks for what was promised without asking for it again, which would make up for its loss.
    pub(super) async fn find(&self, told: &Told, member: &Client) -> anyhow::Result<()> {
        if let Some(id) = told.job() {
            let job = job(id, member).await?;
            match told {
                Told::Job { price, .. } => ensure!(job.price_credits == *price, "{told:?} became {job:?}"),
                Told::Cancelled { .. } => {
                    ensure!(job.state() == JobState::Cancelled, "{told:?} became {job:?}");
                }
                Told::Heard { .. } | Told::Adjusted => {}
            }
        }
        match self {
            Self::Adjust(request) => {
                let kind = wire::TransferKind::AdminAdjustment.into();
                let list = wire::ListTransfersRequest { page_size: 200, kind, ..Default::default() };
                let transfers = member.credits().list_transfers(list).await?.into_inner().transfers;
                let change: i64 = transfers
                    .iter()
                    .filter(|transfer| transfer.note == request.reason)
                    .map(|transfer| transfer.change_credits)
                    .sum();
                ensure!(change == request.change_credits, "{self:?} moved {change} credits");
            }
            Self::Say(request) => {
                let get = wire::GetConversationRequest {
                    conversation_id: request.conversation_id.clone(),
                    page_size: 200,
                    ..Default::default()
                };
                let heard = member.conversations().get_conversation(get).await?.into_inner().messages;
                let said = heard.iter().filter_map(|message| match &message.body {
                    Some(message::Body::Person(said)) => Some(&said.text),
                    _ => None,
                });
                let times = said.filter(|text| **text == request.text).count();
                ensure!(times == 1, "{:?} was heard {times} times", request.text);
            }
            Self::Submit(_) | Self::Cancel(_) => {}
        }
        Ok(())
    }
}

/// A job as it stands.
pub(super) async fn job(id: &str, member: &Client) -> anyhow::Result<wire::Job> {
    let request = wire::GetJobRequest { job_id: id.to_owned() };
    member.jobs().get_job(request).await?.into_inner().job.context("no job")
}

async fn submit(member: &Client, request: &wire::SubmitJobRequest) -> Result<Option<Told>, Status> {
    let job = member.jobs().submit_job(request.clone()).await?.into_inner().job;
    Ok(job.map(|job| Told::Job { job: job.job_id, price: job.price_credits }))
}

async fn cancel(member: &Client, request: &wire::CancelJobRequest) -> Result<Option<Told>, Status> {
    let job = member.jobs().cancel_job(request.clone()).await?.into_inner().job;
    let cancelled = job.filter(|job| job.state() == JobState::Cancelled);
    Ok(cancelled.map(|job| Told::Cancelled { job: job.job_id }))
}

/// Says it and listens until a job is named. An answer without one names none any more: it was given up or
/// cancelled; or it names none yet, because there is no room for it.
async fn say(member: &Client, request: &wire::SayRequest) -> Result<Option<Told>, Status> {
    let mut cards = member.conversations().say(request.clone()).await?.into_inner();
    while let Some(answer) = cards.message().await? {
        let job = match answer.card.and_then(|card| card.body) {
            Some(Body::Progress(card)) => card.job,
            Some(Body::Result(card)) => card.job,
            _ => None,
        };
        if let Some(job) = job {
            return Ok(Some(Told::Heard { job: job.job_id }));
        }
    }
    Ok(None)
}
