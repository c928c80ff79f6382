//! What a member does with jobs, one call each.

use std::{future::Future, time::Duration};

use anyhow::{Context as _, bail};
use atelier_proto::{
    client::{Client, News},
    request_id,
    v1::{self as wire, JobState, watch_job_response},
};
use tonic::Status;

/// How long anything may take before a test gives up. Only a guard: nothing waits for it.
const GUARD: Duration = Duration::from_secs(120);

/// Waits for `work`, but not for ever.
///
/// # Errors
/// When it takes too long.
pub async fn soon<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(GUARD, work).await.context("it takes too long")
}

/// A press of a button that asks for nothing.
#[must_use]
pub fn press(token: &str) -> wire::PressRequest {
    wire::PressRequest { request_id: request_id(), token: token.to_owned(), text: String::new() }
}

/// A request for a thumbnail with the title of our examples.
#[must_use]
pub fn thumbnail(subject: &str) -> wire::JobRequest {
    of(wire::ThumbnailRequest {
        subject: subject.to_owned(),
        title: "CRUST!".to_owned(),
        ..wire::ThumbnailRequest::default()
    })
}

/// A request for this picture.
#[must_use]
pub fn picture(image: wire::ImageRequest) -> wire::JobRequest {
    wire::JobRequest { work: Some(wire::job_request::Work::Image(image)), ..wire::JobRequest::default() }
}

/// A request for this thumbnail.
#[must_use]
pub fn of(thumbnail: wire::ThumbnailRequest) -> wire::JobRequest {
    wire::JobRequest {
        work: Some(wire::job_request::Work::Thumbnail(thumbnail)),
        ..wire::JobRequest::default()
    }
}

/// Submits under an id of its own.
///
/// # Errors
/// The daemon's answer.
pub async fn submit(client: &Client, request: wire::JobRequest) -> Result<wire::Job, Status> {
    submit_as(client, &request_id(), request).await
}

/// Submits under this id.
///
/// # Errors
/// The daemon's answer.
pub async fn submit_as(client: &Client, id: &str, request: wire::JobRequest) -> Result<wire::Job, Status> {
    let request =
        wire::SubmitJobRequest { request_id: id.to_owned(), request: Some(request), max_price_credits: None };
    let answer = client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().submit_job(request).await }
        })
        .await?;
    answer.job.ok_or_else(|| Status::internal("no job"))
}

/// A price.
///
/// # Errors
/// The daemon's answer.
pub async fn quote(client: &Client, request: wire::JobRequest) -> Result<wire::Quote, Status> {
    let request = wire::GetQuoteRequest { request: Some(request) };
    let answer = client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().get_quote(request).await }
        })
        .await?;
    answer.quote.ok_or_else(|| Status::internal("no quote"))
}

/// A job as it stands.
///
/// # Errors
/// The daemon's answer.
pub async fn job(client: &Client, job_id: &str) -> Result<wire::Job, Status> {
    let answer = client
        .call(|client| {
            let request = wire::GetJobRequest { job_id: job_id.to_owned() };
            async move { client.jobs().get_job(request).await }
        })
        .await?;
    answer.job.ok_or_else(|| Status::internal("no job"))
}

/// Ends a job.
///
/// # Errors
/// The daemon's answer.
pub async fn cancel(client: &Client, job_id: &str) -> Result<wire::Job, Status> {
    let request = wire::CancelJobRequest { request_id: request_id(), job_id: job_id.to_owned() };
    let answer = client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().cancel_job(request).await }
        })
        .await?;
    answer.job.ok_or_else(|| Status::internal("no job"))
}

/// Takes an ended job away.
///
/// # Errors
/// The daemon's answer.
pub async fn delete(client: &Client, job_id: &str) -> Result<(), Status> {
    let request = wire::DeleteJobRequest { request_id: request_id(), job_id: job_id.to_owned() };
    client
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().delete_job(request).await }
        })
        .await
        .map(drop)
}

/// The wallet.
///
/// # Errors
/// The daemon's answer.
pub async fn balance(client: &Client) -> Result<wire::GetBalanceResponse, Status> {
    client.call(|client| async move { client.credits().get_balance(wire::GetBalanceRequest {}).await }).await
}

/// Who the client is taken for.
///
/// # Errors
/// The daemon's answer.
pub async fn who(client: &Client) -> Result<wire::Member, Status> {
    let answer =
        client.call(|client| async move { client.accounts().who_am_i(wire::WhoAmIRequest {}).await }).await?;
    answer.member.ok_or_else(|| Status::internal("nobody"))
}

/// A job that was followed to its end.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Every event.
    pub events: Vec<wire::JobEvent>,
    /// The job in the end.
    pub job: wire::Job,
    /// How many messages of progress came.
    pub progress: u32,
    /// How often the stream broke on the way.
    pub breaks: u32,
}

impl Followed {
    /// The states that the events led to.
    #[must_use]
    pub fn states(&self) -> Vec<JobState> {
        self.events.iter().map(wire::JobEvent::state).collect()
    }
}

/// Follows a job to its end.
///
/// # Errors
/// A refusal, and what takes too long.
pub async fn follow(client: &Client, job_id: &str, after_event: u64) -> anyhow::Result<Followed> {
    let mut news = client.follow_job(job_id, after_event);
    let (mut events, mut last, mut progress, mut breaks) = (Vec::new(), None, 0, 0);
    while let Some(news) = soon(news.next()).await? {
        match news {
            News::Message(message) => match message.news {
                Some(watch_job_response::News::Event(event)) => events.push(event),
                Some(watch_job_response::News::Snapshot(job)) => last = Some(job),
                Some(watch_job_response::News::Progress(_)) => progress += 1,
                None => bail!("news without news"),
            },
            News::Refused(status) => return Err(status.into()),
            News::Lost(_) => breaks += 1,
            News::Connected => {}
        }
    }
    Ok(Followed { events, job: last.context("no snapshot")?, progress, breaks })
}

/// Submits and follows to the end.
///
/// # Errors
/// A refusal, and what takes too long.
pub async fn make(client: &Client, request: wire::JobRequest) -> anyhow::Result<Followed> {
    let job = submit(client, request).await?;
    follow(client, &job.job_id, 0).await
}

/// The status of a call that has to fail.
///
/// # Errors
/// When it did not.
pub fn refusal<T>(answer: Result<T, Status>) -> anyhow::Result<Status> {
    match answer {
        Ok(_) => bail!("it was not refused"),
        Err(status) => Ok(status),
    }
}
