//! Streams that outlive the connection: a job is followed to its end, however often the daemon restarts.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures::Stream;
use tokio::sync::mpsc;
use tonic::{Code, Status, Streaming};

use super::{Backoff, Client, is_away};
use crate::v1::{
    JobState, WatchJobRequest, WatchJobResponse, WatchJobsRequest, WatchJobsResponse, watch_job_response,
};

/// What a followed stream brings.
#[derive(Debug)]
pub enum News<T> {
    /// The connection stands (again). What follows begins with a snapshot.
    Connected,
    /// A message.
    Message(T),
    /// The connection broke; it is being tried again.
    Lost(Status),
    /// The daemon refused for a reason that another try will not mend. The last of the stream.
    Refused(Status),
}

/// A stream of [`News`]. Dropping it stops following; the job goes on.
#[derive(Debug)]
pub struct Follow<T> {
    news: mpsc::Receiver<News<T>>,
}

impl<T> Follow<T> {
    /// The next news; none after the end.
    pub async fn next(&mut self) -> Option<News<T>> {
        self.news.recv().await
    }
}

impl<T> Stream for Follow<T> {
    type Item = News<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.news.poll_recv(cx)
    }
}

/// Room for news that were not read yet; a slow reader slows the stream.
const ROOM: usize = 16;

impl Client {
    /// Follows one job to its end. Events come in order and none is missed, across restarts of the daemon.
    #[must_use]
    pub fn follow_job(&self, job_id: &str, after_event: u64) -> Follow<WatchJobResponse> {
        let mut request = WatchJobRequest { job_id: job_id.to_owned(), after_event };
        let client = self.clone();
        let (sender, news) = mpsc::channel(ROOM);
        tokio::spawn(async move {
            let mut backoff = Backoff::new();
            loop {
                let opened = client
                    .call(|client| {
                        let request = request.clone();
                        async move { client.jobs().watch_job(request).await }
                    })
                    .await;
                let mut ended = false;
                let was_open = opened.is_ok();
                let status = match opened {
                    Ok(stream) => {
                        let last = &mut request.after_event;
                        forward(stream, &sender, &mut backoff, |message| match &message.news {
                            Some(watch_job_response::News::Event(event)) => {
                                *last = event.number;
                                ended |= has_ended(event.state());
                            }
                            Some(watch_job_response::News::Snapshot(job)) => {
                                ended |= has_ended(job.state()) && job.last_event <= *last;
                            }
                            _ => {}
                        })
                        .await
                    }
                    Err(status) => status,
                };
                if ended || !goes_on(status, was_open, &sender, &mut backoff).await {
                    return;
                }
            }
        });
        Follow { news }
    }

    /// Follows all of the caller's jobs (everybody's for an admin) until dropped.
    #[must_use]
    pub fn follow_jobs(&self, everyone: bool) -> Follow<WatchJobsResponse> {
        let client = self.clone();
        let (sender, news) = mpsc::channel(ROOM);
        tokio::spawn(async move {
            let mut backoff = Backoff::new();
            loop {
                let opened = client
                    .call(
                        |client| async move { client.jobs().watch_jobs(WatchJobsRequest { everyone }).await },
                    )
                    .await;
                let was_open = opened.is_ok();
                let status = match opened {
                    Ok(stream) => forward(stream, &sender, &mut backoff, |_| {}).await,
                    Err(status) => status,
                };
                if !goes_on(status, was_open, &sender, &mut backoff).await {
                    return;
                }
            }
        });
        Follow { news }
    }
}

/// Whether a job in this state will not change any more.
fn has_ended(state: JobState) -> bool {
    matches!(state, JobState::Succeeded | JobState::Failed | JobState::Cancelled)
}

/// Hands on every message until the stream breaks or nobody listens; says why it ended.
async fn forward<T>(
    mut stream: Streaming<T>,
    sender: &mpsc::Sender<News<T>>,
    backoff: &mut Backoff,
    mut note: impl FnMut(&T),
) -> Status {
    if sender.send(News::Connected).await.is_err() {
        return Status::cancelled("nobody listens");
    }
    loop {
        let message = tokio::select! {
            message = stream.message() => message,
            () = sender.closed() => return Status::cancelled("nobody listens"),
        };
        match message {
            Ok(Some(message)) => {
                backoff.reset();
                note(&message);
                if sender.send(News::Message(message)).await.is_err() {
                    return Status::cancelled("nobody listens");
                }
            }
            Ok(None) => return Status::unavailable("the daemon ended the stream"),
            Err(status) => return status,
        }
    }
}

/// Reports the break and waits, or ends: whether to open the stream again.
async fn goes_on<T>(
    status: Status,
    was_open: bool,
    sender: &mpsc::Sender<News<T>>,
    backoff: &mut Backoff,
) -> bool {
    // A token that ran out during the stream is renewed by the next call; one that can't be renewed is refused
    // there.
    let mendable = is_away(&status)
        || matches!(
            status.code(),
            Code::Unknown | Code::Internal | Code::DeadlineExceeded | Code::ResourceExhausted | Code::Aborted
        )
        || (was_open && status.code() == Code::Unauthenticated);
    if !mendable {
        if status.code() != Code::Cancelled || !sender.is_closed() {
            // A closed channel means that the follower has gone, which is not news to it.
            sender.send(News::Refused(status)).await.ok();
        }
        return false;
    }
    if sender.send(News::Lost(status)).await.is_err() {
        return false;
    }
    tokio::select! {
        () = tokio::time::sleep(backoff.next_pause()) => true,
        () = sender.closed() => false,
    }
}
