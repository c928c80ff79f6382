//! Streams of news: resumed from any number, ended with the token, and followed across it.

use std::time::Duration;

use anyhow::Context as _;
use atelier_proto::{
    client::News,
    v1::{self as wire, JobState, watch_job_response, watch_jobs_response},
};
use atelier_tests::{
    Studio,
    acts::{self, soon, thumbnail},
    noon, shelf,
};
use tonic::Code;

/// Longer than an access token lives.
const OLD: Duration = Duration::from_secs(16 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_on_from_any_number() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    studio.valve.until_held().await;

    // The first watch hears two events and breaks off.
    let request = wire::WatchJobRequest { job_id: job.job_id.clone(), after_event: 0 };
    let mut watch = ann.jobs().watch_job(request).await?.into_inner();
    let mut known = 0;
    while known < 2 {
        let message = soon(watch.message()).await??.context("the stream ended")?;
        if let Some(watch_job_response::News::Event(event)) = message.news {
            assert_eq!(event.number, known + 1);
            known = event.number;
        }
    }
    drop(watch);
    studio.valve.release();

    let rest = acts::follow(&ann, &job.job_id, known).await?;
    assert_eq!(rest.states(), [JobState::Succeeded]);
    assert_eq!(rest.events[0].number, 3);
    // After the end all of it is still there.
    for (after, wanted) in [(0, 3), (1, 2), (2, 1), (3, 0), (99, 0)] {
        let followed = acts::follow(&ann, &job.job_id, after).await?;
        assert_eq!(followed.events.len(), wanted, "after {after}");
        assert_eq!(followed.job.state(), JobState::Succeeded);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_comes_with_a_picture() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    let request = wire::WatchJobRequest { job_id: job.job_id, after_event: 0 };
    let mut watch = ann.jobs().watch_job(request).await?.into_inner();
    studio.valve.release();
    let (mut last, mut previews) = (0.0, 0);
    while let Some(message) = soon(watch.message()).await?? {
        if let Some(watch_job_response::News::Progress(progress)) = message.news {
            assert!((0.0..=1.0).contains(&progress.fraction), "{progress:?}");
            assert!(progress.fraction >= last, "{} after {last}", progress.fraction);
            last = progress.fraction;
            if !progress.preview_jpeg.is_empty() {
                image::load_from_memory_with_format(&progress.preview_jpeg, image::ImageFormat::Jpeg)?;
                previews += 1;
            }
        }
    }
    assert!(previews > 0, "no preview came");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_says_how_long_it_still_takes() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    let request = wire::WatchJobRequest { job_id: job.job_id, after_event: 0 };
    let mut watch = ann.jobs().watch_job(request).await?.into_inner();
    studio.valve.until_held().await;
    let passed = Duration::from_secs(10);
    studio.clock.advance(passed);
    studio.valve.release();
    let mut told = 0;
    while let Some(message) = soon(watch.message()).await?? {
        let Some(watch_job_response::News::Progress(progress)) = message.news else { continue };
        let left = f64::from(progress.remaining_ms) / 1_000.0;
        let share = f64::from(progress.fraction);
        if (0.03..1.0).contains(&share) {
            let wanted = passed.as_secs_f64() * (1.0 - share) / share;
            assert!((left - wanted).abs() < 0.01, "{left} s left, not {wanted}, at {share}");
            told += 1;
        }
    }
    assert!(told > 0, "no estimate came");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_of_a_picture_counts_its_steps_and_the_time_left() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    shelf::offer(&studio, "flat-1", "flat").await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let image = wire::ImageRequest { prompt: "a fox".to_owned(), ..wire::ImageRequest::default() };
    let job = acts::submit(&ann, acts::picture(image)).await?;
    let request = wire::WatchJobRequest { job_id: job.job_id, after_event: 0 };
    let mut watch = ann.jobs().watch_job(request).await?.into_inner();
    studio.valve.until_held().await;
    studio.clock.advance(Duration::from_secs(12));
    studio.valve.release();
    let mut told = Vec::new();
    while let Some(message) = soon(watch.message()).await?? {
        let Some(watch_job_response::News::Progress(progress)) = message.news else { continue };
        if progress.stage() == wire::Stage::Denoise {
            told.push((progress.steps_done, progress.steps_total, progress.remaining_ms));
        }
    }
    // Of what came in the same moment only the latest is told.
    assert!(!told.is_empty(), "no step was told");
    let all = [(0, 4, 0), (1, 4, 36_000), (2, 4, 12_000), (3, 4, 4_000)];
    assert!(told.iter().all(|step| all.contains(step)), "{told:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_hears_of_every_step_forward() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    acts::submit(&ann, thumbnail("running")).await?;
    studio.valve.until_held().await;
    let before = acts::submit(&ann, thumbnail("before")).await?;
    let last = acts::submit(&ann, thumbnail("last")).await?;
    assert_eq!(last.queue_ahead, 2);

    let request = wire::WatchJobRequest { job_id: last.job_id.clone(), after_event: 0 };
    let mut one = ann.jobs().watch_job(request).await?.into_inner();
    soon(one.message()).await??.context("no snapshot")?;
    let mut all = ann.jobs().watch_jobs(wire::WatchJobsRequest::default()).await?.into_inner();
    soon(all.message()).await??.context("no snapshot")?;

    acts::cancel(&ann, &before.job_id).await?;
    let place = loop {
        let message = soon(one.message()).await??.context("the stream ended")?;
        if let Some(watch_job_response::News::Progress(progress)) = message.news {
            break progress.queue_ahead;
        }
    };
    assert_eq!(place, 1);
    let (job, place) = loop {
        let message = soon(all.message()).await??.context("the stream ended")?;
        if let Some(watch_jobs_response::News::Progress(news)) = message.news {
            break (news.job_id, news.progress.context("no progress")?.queue_ahead);
        }
    };
    assert_eq!((job, place), (last.job_id, 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_ends_with_its_token_and_is_followed_with_the_next() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let tokens = studio.register("ann").await?;
    let fixed = studio.bearer(&tokens.access_token)?;
    let ann = studio.session(tokens)?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    studio.valve.until_held().await;

    let request = wire::WatchJobRequest { job_id: job.job_id.clone(), after_event: 0 };
    let mut watch = fixed.jobs().watch_job(request).await?.into_inner();
    soon(watch.message()).await??.context("no snapshot")?;
    let mut all = fixed.jobs().watch_jobs(wire::WatchJobsRequest::default()).await?.into_inner();
    soon(all.message()).await??.context("no snapshot")?;
    let mut following = ann.follow_job(&job.job_id, 0);
    assert!(matches!(soon(following.next()).await?, Some(News::Connected)));

    studio.clock.advance(OLD);
    let end = loop {
        match soon(watch.message()).await? {
            Ok(Some(_)) => {}
            Ok(None) => anyhow::bail!("it ended without a reason"),
            Err(status) => break status,
        }
    };
    assert_eq!(end.code(), Code::Unauthenticated);
    assert!(end.message().contains("expired"), "{end}");
    let end = acts::refusal(soon(all.message()).await?)?;
    assert_eq!(end.code(), Code::Unauthenticated);

    // The one that may renew its token hears everything, once.
    let (mut events, mut breaks) = (Vec::new(), 0);
    while let Some(news) = soon(following.next()).await? {
        match news {
            News::Message(wire::WatchJobResponse { news: Some(watch_job_response::News::Event(event)) }) => {
                events.push(event.number);
            }
            News::Lost(status) => {
                assert_eq!(status.code(), Code::Unauthenticated);
                breaks += 1;
                studio.valve.release();
            }
            News::Refused(status) => return Err(status.into()),
            News::Connected | News::Message(_) => {}
        }
    }
    assert_eq!((events, breaks), (vec![1, 2, 3], 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_goes_on_working_when_its_token_expires() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    for _ in 0..3 {
        acts::who(&ann).await?;
        studio.clock.advance(OLD);
    }
    acts::make(&ann, thumbnail("bread")).await?;
    // Calls at the same moment renew it once: another use of the same refresh token would end the session.
    studio.clock.advance(OLD);
    let calls = (0..16).map(|_| acts::who(&ann));
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer?.name, "ann");
    }
    // Beyond the life of the refresh token somebody has to log in again.
    studio.clock.advance(Duration::from_secs(8 * 24 * 60 * 60));
    let refused = acts::refusal(acts::who(&ann).await)?;
    assert_eq!(refused.code(), Code::Unauthenticated);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn short_lived_tokens_are_renewed_in_time() -> anyhow::Result<()> {
    // Shorter than the client's margin: it never takes a token for fresh.
    let short = |config: &mut atelier_daemon::config::Config| config.accounts.access_ttl_s = 1;
    let studio = Studio::with(atelier_daemon::clock::Clock::system(), short).await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    studio.valve.until_held().await;
    let mut news = ann.follow_job(&job.job_id, 0);
    let mut breaks = 0;
    let mut numbers = Vec::new();
    while let Some(news) = soon(news.next()).await? {
        match news {
            News::Lost(status) => {
                assert_eq!(status.code(), Code::Unauthenticated);
                breaks += 1;
                if breaks == 2 {
                    studio.valve.release();
                }
            }
            News::Message(wire::WatchJobResponse { news: Some(watch_job_response::News::Event(event)) }) => {
                numbers.push(event.number);
            }
            News::Refused(status) => return Err(status.into()),
            News::Connected | News::Message(_) => {}
        }
    }
    assert!(breaks >= 2);
    assert_eq!(numbers, [1, 2, 3]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_ends_what_was_being_watched() -> anyhow::Result<()> {
    let studio = Studio::start().await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let job = acts::submit(&ann, thumbnail("bread")).await?;
    let mut news = ann.follow_job(&job.job_id, 0);
    assert!(matches!(soon(news.next()).await?, Some(News::Connected)));
    let logout = wire::LogoutRequest {
        request_id: atelier_proto::request_id(),
        everywhere: true,
        ..Default::default()
    };
    ann.accounts().logout(logout).await?;
    let refused = loop {
        match soon(news.next()).await?.context("it ended without a reason")? {
            News::Refused(status) => break status,
            News::Connected | News::Message(_) | News::Lost(_) => {}
        }
    };
    assert_eq!(refused.code(), Code::Unauthenticated);
    // The job goes on: only a cancel cancels.
    studio.valve.release();
    let login = wire::LoginRequest {
        name: "ann".into(),
        password: atelier_tests::PASSWORD.into(),
        device: String::new(),
    };
    let tokens = studio.owner()?.accounts().login(login).await?.into_inner().tokens.context("no tokens")?;
    let followed = acts::follow(&studio.session(tokens)?, &job.job_id, 0).await?;
    assert_eq!(followed.job.state(), JobState::Succeeded);
    Ok(())
}
