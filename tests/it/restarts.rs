//! The daemon stops in order or is killed in the middle of things; nothing is lost and nothing charged twice.

use anyhow::Context as _;
use atelier_proto::{
    client::News,
    request_id,
    v1::{self as wire, JobState, TransferPhase, watch_job_response},
};
use atelier_tests::{
    Daemon, Studio,
    acts::{self, soon, thumbnail},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cut_off_by_a_restart_is_made_and_charged_once() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    let waiting = acts::submit(&ann, thumbnail("more bread")).await?;
    studio.valve.until_held().await;
    let following = tokio::spawn({
        let (ann, id) = (ann.clone(), job.job_id.clone());
        async move { acts::follow(&ann, &id, 0).await }
    });

    // The stream ends once the daemon has begun to stop; then the engine is let to its next step, where it hears
    // of it.
    let request = wire::WatchJobRequest { job_id: job.job_id.clone(), after_event: 0 };
    let mut watch = ann.jobs().watch_job(request).await?.into_inner();
    let valve = studio.valve.clone();
    let let_go = tokio::spawn(async move {
        while let Ok(Some(_)) = watch.message().await {}
        valve.release();
    });
    studio.restart().await?;
    soon(let_go).await??;

    let followed = soon(following).await???;
    assert!(followed.breaks > 0, "the restart was not seen");
    let numbers: Vec<_> = followed.events.iter().map(|event| event.number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "no event is missed or told twice");
    assert_eq!(followed.job.state(), JobState::Succeeded);
    let waited = acts::follow(&ann, &waiting.job_id, 0).await?;
    assert_eq!(waited.job.state(), JobState::Succeeded);
    charged_once(&ann, &[&job.job_id, &waiting.job_id]).await?;
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (18, 0));
    studio.ledger_is_sound().await?;
    Ok(())
}

/// Each of these jobs was captured exactly once, and nothing else was.
async fn charged_once(client: &atelier_proto::client::Client, jobs: &[&str]) -> anyhow::Result<()> {
    let transfers = client.credits().list_transfers(wire::ListTransfersRequest::default()).await?;
    let captured = transfers.into_inner().transfers;
    let mut captured: Vec<_> = captured
        .iter()
        .filter(|transfer| transfer.phase() == TransferPhase::Capture)
        .map(|transfer| transfer.reference.as_str())
        .collect();
    captured.sort_unstable();
    let mut wanted = jobs.to_vec();
    wanted.sort_unstable();
    assert_eq!(captured, wanted);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_was_made_is_there_after_a_restart() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let made = acts::make(&ann, thumbnail("bread")).await?.job;
    let picture = &made.results.first().context("no result")?.asset_id;
    let before = ann.download(picture, 0).await?.bytes;
    let transfers = studio.ledger_is_sound().await?;
    studio.restart().await?;
    assert_eq!(acts::job(&ann, &made.job_id).await?, made);
    assert_eq!(ann.download(picture, 0).await?.bytes, before);
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    assert_eq!(studio.ledger_is_sound().await?, transfers);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cut_off_by_a_kill_is_made_and_charged_once() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let daemon = Daemon::spawn(folder.path())?;
    let owner = daemon.owner()?;
    let many = wire::ThumbnailRequest { subject: "bread".into(), count: 8, ..Default::default() };
    let job = acts::submit(&owner, acts::of(many)).await?;
    // Killed as soon as the engine says that it is at work; eight pictures take longer than that.
    let mut news = owner.follow_job(&job.job_id, 0);
    loop {
        if let News::Message(wire::WatchJobResponse { news: Some(watch_job_response::News::Progress(_)) }) =
            soon(news.next()).await?.context("the job ended too early")?
        {
            break;
        }
    }
    drop(news);
    daemon.kill()?;

    let daemon = Daemon::spawn(folder.path())?;
    let owner = daemon.owner()?;
    let followed = acts::follow(&owner, &job.job_id, 0).await?;
    use JobState::{Queued, Running, Succeeded};
    assert_eq!(followed.states(), [Queued, Running, Queued, Running, Succeeded]);
    assert_eq!((followed.job.attempts, followed.job.charged_credits), (2, 8));
    assert_eq!(followed.job.results.len(), 8);
    charged_once(&owner, &[&job.job_id]).await?;
    let report = owner.admin().verify_ledger(wire::VerifyLedgerRequest {}).await?.into_inner();
    assert!(report.sound, "{:?}", report.findings);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_the_same_job_across_a_restart() -> anyhow::Result<()> {
    let mut studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    let id = request_id();
    let before = acts::submit_as(&ann, &id, thumbnail("bread")).await?;
    acts::follow(&ann, &before.job_id, 0).await?;
    studio.restart().await?;
    let after = acts::submit_as(&ann, &id, thumbnail("bread")).await?;
    assert_eq!((after.state(), after.job_id), (JobState::Succeeded, before.job_id));
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    Ok(())
}
