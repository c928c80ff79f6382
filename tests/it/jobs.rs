//! The way of a job, from register to the downloaded file.

use anyhow::Context as _;
use atelier_proto::{
    client::News,
    request_id,
    v1::{self as wire, JobState, watch_job_response},
};
use atelier_tests::Studio;

fn thumbnail(subject: &str) -> wire::JobRequest {
    let thumbnail = wire::ThumbnailRequest {
        subject: subject.to_owned(),
        title: "CRUST!".to_owned(),
        ..wire::ThumbnailRequest::default()
    };
    wire::JobRequest {
        work: Some(wire::job_request::Work::Thumbnail(thumbnail)),
        ..wire::JobRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_register_to_a_downloaded_jpeg() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let request = wire::SubmitJobRequest {
        request_id: request_id(),
        request: Some(thumbnail("baking sourdough")),
        ..wire::SubmitJobRequest::default()
    };
    let job = ann
        .call(|client| {
            let request = request.clone();
            async move { client.jobs().submit_job(request).await }
        })
        .await?
        .job
        .context("no job")?;
    let mut news = ann.follow_job(&job.job_id, 0);
    let (mut events, mut last) = (Vec::new(), None);
    while let Some(news) = news.next().await {
        match news {
            News::Message(message) => match message.news {
                Some(watch_job_response::News::Event(event)) => events.push(event.state()),
                Some(watch_job_response::News::Snapshot(job)) => last = Some(job),
                _ => {}
            },
            News::Refused(status) => anyhow::bail!("refused: {status}"),
            News::Connected | News::Lost(_) => {}
        }
    }
    assert_eq!(events, [JobState::Queued, JobState::Running, JobState::Succeeded]);
    let job = last.context("no snapshot")?;
    let result = job.results.first().context("no result")?;
    let file = ann.download(&result.asset_id, 0).await?;
    let picture = image::load_from_memory_with_format(&file.bytes, image::ImageFormat::Jpeg)?;
    assert_eq!((picture.width(), picture.height()), (1280, 720));
    assert!(file.bytes.len() < 2_000_000);
    Ok(())
}
