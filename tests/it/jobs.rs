//! The way of a job, from register to the downloaded file, and every way in which it may end.

use anyhow::Context as _;
use atelier_proto::{
    client::News,
    request_id,
    v1::{self as wire, JobFailure, JobState, watch_jobs_response},
};
use atelier_tests::{
    PASSWORD, Studio,
    acts::{self, soon, thumbnail},
    registration,
};
use tonic::Code;

#[tokio::test(flavor = "multi_thread")]
async fn from_register_to_a_downloaded_jpeg() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let stranger = studio.stranger()?;
    let registered = stranger.accounts().register(registration("ann")).await?.into_inner();
    assert_eq!(registered.member.context("no member")?.role(), wire::Role::Member);
    let login = wire::LoginRequest {
        name: "ann".to_owned(),
        password: PASSWORD.to_owned(),
        device: "desk".to_owned(),
    };
    let tokens = stranger.accounts().login(login).await?.into_inner().tokens.context("no tokens")?;
    let ann = studio.session(tokens)?;

    let quote = acts::quote(&ann, thumbnail("baking sourdough")).await?;
    assert_eq!((quote.price_credits, quote.available_credits, quote.auto_confirm), (1, 20, true));
    assert_eq!(quote.algorithm, "draft-1");
    assert_eq!(acts::balance(&ann).await?.reserved_credits, 0, "a quote reserves nothing");

    let job = acts::submit(&ann, thumbnail("baking sourdough")).await?;
    assert_eq!(job.state(), JobState::Queued);
    let followed = acts::follow(&ann, &job.job_id, 0).await?;
    assert_eq!(followed.states(), [JobState::Queued, JobState::Running, JobState::Succeeded]);
    let numbers: Vec<_> = followed.events.iter().map(|event| event.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let job = followed.job;
    assert_eq!((job.price_credits, job.charged_credits, job.attempts), (1, 1, 1));

    let result = job.results.first().context("no result")?;
    let file = ann.download(&result.asset_id, 0).await?;
    let picture = image::load_from_memory_with_format(&file.bytes, image::ImageFormat::Jpeg)?;
    assert_eq!((picture.width(), picture.height()), (1280, 720));
    assert_eq!((result.width_px, result.height_px), (1280, 720));
    assert!(file.bytes.len() < 2_000_000, "{} bytes", file.bytes.len());
    let small = ann.download(&result.asset_id, 320).await?;
    let small = image::load_from_memory_with_format(&small.bytes, image::ImageFormat::Jpeg)?;
    assert_eq!((small.width(), small.height()), (320, 180));
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (19, 0));
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_for_none_so_zero_means_one() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let one = acts::make(&ann, thumbnail("bread")).await?.job;
    assert_eq!(one.results.len(), 1);
    let three = wire::ThumbnailRequest { subject: "bread".into(), count: 3, ..Default::default() };
    let three = acts::make(&ann, acts::of(three)).await?.job;
    assert_eq!((three.results.len(), three.charged_credits), (3, 3));
    let seeds: std::collections::BTreeSet<_> = three.results.iter().map(|result| result.seed).collect();
    assert_eq!(seeds.len(), 3, "three different ones");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_of_one_account_see_the_same_jobs() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let desk = studio.member("ann").await?;
    let login = wire::LoginRequest { name: "ann".into(), password: PASSWORD.into(), device: String::new() };
    let tokens = studio.owner()?.accounts().login(login).await?.into_inner().tokens.context("no tokens")?;
    let couch = studio.session(tokens)?;
    let other = studio.member("bob").await?;
    studio.valve.close();
    let early = acts::submit(&desk, thumbnail("early")).await?;

    let mut news = couch.follow_jobs(false);
    let mut foreign = other.follow_jobs(false);
    assert_eq!(open_jobs(&mut news).await?, std::slice::from_ref(&early.job_id));
    assert!(open_jobs(&mut foreign).await?.is_empty());

    let late = acts::submit(&desk, thumbnail("late")).await?;
    studio.valve.release();
    let mut ended = Vec::new();
    while ended.len() < 2 {
        let message = soon(news.next()).await?.context("the stream ended")?;
        let News::Message(wire::WatchJobsResponse { news: Some(message) }) = message else { continue };
        if let watch_jobs_response::News::Changed(job) = message
            && job.state() == JobState::Succeeded
        {
            ended.push(job.job_id);
        }
    }
    assert_eq!(ended, [early.job_id.clone(), late.job_id.clone()]);
    for client in [&desk, &couch] {
        let jobs = client.jobs().list_jobs(wire::ListJobsRequest::default()).await?.into_inner().jobs;
        let ids: Vec<_> = jobs.iter().map(|job| job.job_id.as_str()).collect();
        assert_eq!(ids, [late.job_id.as_str(), early.job_id.as_str()]);
    }
    let jobs = other.jobs().list_jobs(wire::ListJobsRequest::default()).await?.into_inner().jobs;
    assert!(jobs.is_empty());
    Ok(())
}

/// The ids of the snapshot that a stream of jobs begins with.
async fn open_jobs(
    news: &mut atelier_proto::client::Follow<wire::WatchJobsResponse>,
) -> anyhow::Result<Vec<String>> {
    loop {
        let message = soon(news.next()).await?.context("the stream ended")?;
        let News::Message(wire::WatchJobsResponse { news: Some(message) }) = message else { continue };
        if let watch_jobs_response::News::Snapshot(snapshot) = message {
            return Ok(snapshot.jobs.into_iter().map(|job| job.job_id).collect());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_job_gives_its_credits_back() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let running = acts::submit(&ann, thumbnail("running")).await?;
    let waiting = acts::submit(&ann, thumbnail("waiting")).await?;
    studio.valve.until_held().await;
    assert_eq!(acts::balance(&ann).await?.reserved_credits, 2);
    for job in [&waiting, &running] {
        assert_eq!(acts::cancel(&ann, &job.job_id).await?.state(), JobState::Cancelled);
        assert_eq!(acts::cancel(&ann, &job.job_id).await?.state(), JobState::Cancelled, "twice is once");
    }
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (20, 0));
    studio.valve.release();
    // The engine is free again, and nothing came out of what was cancelled.
    acts::make(&ann, thumbnail("next")).await?;
    for job in [&waiting, &running] {
        let followed = acts::follow(&ann, &job.job_id, 0).await?;
        assert_eq!(followed.job.state(), JobState::Cancelled);
        assert!(followed.job.results.is_empty() && followed.job.charged_credits == 0);
        assert_eq!(followed.job.message, "cancelled by ann");
    }
    let files = ann.assets().list_assets(wire::ListAssetsRequest::default()).await?.into_inner();
    assert_eq!(files.assets.len(), 1);
    let refused = acts::refusal(acts::cancel(&ann, &files.assets[0].job_id).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("succeeded"), "{refused}");
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_in_passing_is_tried_again() -> anyhow::Result<()> {
    let quick = |config: &mut atelier_daemon::config::Config| config.engine.retry_pause_ms = 1;
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), quick).await?;
    let ann = studio.member("ann").await?;
    studio.valve.fail_next(2);
    let followed = acts::make(&ann, thumbnail("bread")).await?;
    use JobState::{Failed, Queued, Running, Succeeded};
    assert_eq!(followed.states(), [Queued, Running, Queued, Running, Queued, Running, Succeeded]);
    assert_eq!((followed.job.attempts, followed.job.charged_credits), (3, 1));

    studio.valve.fail_next(3);
    let followed = acts::make(&ann, thumbnail("bread")).await?;
    assert_eq!(followed.states(), [Queued, Running, Queued, Running, Queued, Running, Failed]);
    assert_eq!(followed.job.failure(), JobFailure::Exhausted);
    assert!(followed.job.message.contains("3 attempts"), "{}", followed.job.message);
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (19, 0));
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_that_panics_takes_nobody_along() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.panic_next(1);
    let failed = acts::make(&ann, thumbnail("bread")).await?.job;
    assert_eq!((failed.state(), failed.failure()), (JobState::Failed, JobFailure::Internal));
    assert!(!failed.message.contains("panicked"), "{}", failed.message);
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);

    let retry = wire::RetryJobRequest { request_id: request_id(), job_id: failed.job_id, new_seed: false };
    let again = ann.jobs().retry_job(retry.clone()).await?.into_inner().job.context("no job")?;
    let same = ann.jobs().retry_job(retry).await?.into_inner().job.context("no job")?;
    assert_eq!(again.job_id, same.job_id);
    let followed = acts::follow(&ann, &again.job_id, 0).await?;
    assert_eq!(followed.job.state(), JobState::Succeeded);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_job_leaves_a_ledger_that_still_verifies() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let id = request_id();
    let job = acts::submit_as(&ann, &id, thumbnail("bread")).await?;
    let job = acts::follow(&ann, &job.job_id, 0).await?.job;
    let picture = &job.results.first().context("no result")?.asset_id;
    acts::delete(&ann, &job.job_id).await?;
    acts::delete(&ann, &job.job_id).await?;
    for status in [
        acts::refusal(acts::job(&ann, &job.job_id).await)?,
        acts::refusal(ann.download(picture, 0).await)?,
        // Its id is never used again, not even for the same.
        acts::refusal(acts::submit_as(&ann, &id, thumbnail("bread")).await)?,
    ] {
        assert_eq!(status.code(), Code::NotFound, "{status}");
    }
    studio.valve.close();
    let open = acts::submit(&ann, thumbnail("open")).await?;
    let refused = acts::refusal(acts::delete(&ann, &open.job_id).await)?;
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("cancel it first"), "{refused}");
    studio.valve.release();
    acts::follow(&ann, &open.job_id, 0).await?;
    assert_eq!(acts::balance(&ann).await?.available_credits, 18, "deleting gives nothing back");
    studio.ledger_is_sound().await?;
    Ok(())
}
