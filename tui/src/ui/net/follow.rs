//! One job with its previews, to its end.

use atelier_proto::{
    client::{Follow, News},
    v1::{WatchJobResponse, watch_job_response},
};
use tokio::sync::mpsc;

use super::{
    super::msg::{Msg, Net},
    convert,
};

/// Hands on what a job does. Breaks are reported by the stream of all jobs.
pub(super) async fn job(id: String, mut stream: Follow<WatchJobResponse>, news: mpsc::Sender<Msg>) {
    while let Some(message) = stream.next().await {
        let net = match message {
            News::Message(message) => match message.news {
                Some(watch_job_response::News::Snapshot(job)) => Net::JobChanged(convert::job(job)),
                Some(watch_job_response::News::Progress(progress)) => {
                    Net::JobProgress(id.clone(), convert::progress(progress))
                }
                // Every event comes with a snapshot that says more.
                Some(watch_job_response::News::Event(_)) | None => continue,
            },
            News::Refused(status) => {
                tracing::debug!(job = id, code = ?status.code(), "a job can't be followed");
                return;
            }
            News::Connected | News::Lost(_) => continue,
        };
        if news.send(Msg::Net(net)).await.is_err() {
            return;
        }
    }
}
