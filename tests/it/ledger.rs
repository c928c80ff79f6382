//! Money: never more than there is, never twice, whatever the clock does.

use std::time::Duration;

use anyhow::Context as _;
use atelier_daemon::{
    clock::{Clock, Timestamp},
    config::{Config, FREE_PLAN},
};
use atelier_proto::{
    client::{Client, Credentials, Patience},
    v1::{self as wire, JobState, TransferKind},
};
use atelier_tests::{
    Studio,
    acts::{self, soon, thumbnail},
    noon,
};
use tonic::Code;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_at_once_on_a_balance_for_ten() -> anyhow::Result<()> {
    let studio = Studio::with(Clock::system(), |config: &mut Config| {
        config.queue.max_jobs_per_member = 100;
        if let Some(free) = config.plans.get_mut(FREE_PLAN) {
            free.daily_credits = 10;
        }
    })
    .await?;
    let token = studio.register("ann").await?.access_token;
    studio.valve.close();
    // Each one over a connection of its own.
    let endpoint = studio.tcp()?;
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(64));
    let mut submits = tokio::task::JoinSet::new();
    for number in 0..64 {
        let client = Client::new(&endpoint, Credentials::Bearer(token.clone()), Patience::INTERACTIVE)?;
        let start = start.clone();
        submits.spawn(async move {
            start.wait().await;
            acts::submit(&client, thumbnail(&format!("bread {number}"))).await
        });
    }
    let (mut accepted, mut refused) = (Vec::new(), 0);
    while let Some(answer) = soon(submits.join_next()).await? {
        match answer? {
            Ok(job) => accepted.push(job.job_id),
            Err(status) => {
                assert_eq!(status.code(), Code::FailedPrecondition, "{status}");
                assert!(status.message().contains("1 credits are needed, 0 are available"), "{status}");
                refused += 1;
            }
        }
    }
    assert_eq!((accepted.len(), refused), (10, 54));
    let ann = studio.bearer(&token)?;
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (0, 10));
    studio.ledger_is_sound().await?;

    studio.valve.release();
    for job in &accepted {
        assert_eq!(acts::follow(&ann, job, 0).await?.job.state(), JobState::Succeeded);
    }
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (0, 0));
    studio.ledger_is_sound().await?;
    Ok(())
}

/// How often, and how many, free credits came.
async fn free_grants(client: &Client) -> anyhow::Result<Vec<i64>> {
    let request = wire::ListTransfersRequest { kind: TransferKind::Free.into(), ..Default::default() };
    let transfers = client.credits().list_transfers(request).await?.into_inner().transfers;
    Ok(transfers.iter().map(|transfer| transfer.change_credits).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn free_credits_come_each_day_and_do_not_pile_up() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    acts::make(&ann, thumbnail("bread")).await?;
    let today = acts::balance(&ann).await?;
    assert_eq!((today.available_credits, today.daily_free_credits), (19, 20));
    let midnight = today.next_reset_at.context("no reset")?.seconds * 1_000;
    let until = Timestamp::from_millis(midnight).since(studio.clock.now());
    assert_eq!(until, DAY / 2);

    studio.clock.advance(until - Duration::from_millis(1));
    assert_eq!(acts::balance(&ann).await?.available_credits, 19);
    studio.clock.advance(Duration::from_millis(1));
    assert_eq!(acts::balance(&ann).await?.available_credits, 20, "what was left has expired");
    assert_eq!(acts::balance(&ann).await?.available_credits, 20);
    studio.clock.advance(DAY * 3);
    assert_eq!(acts::balance(&ann).await?.available_credits, 20, "days without a visit bring nothing");
    assert_eq!(free_grants(&ann).await?.len(), 3);

    // Bought credits stay, and go last.
    studio.adjust("ann", 5).await?;
    let balance = acts::balance(&ann).await?;
    let pockets: Vec<_> =
        balance.pockets.iter().map(|pocket| (pocket.name.as_str(), pocket.available_credits)).collect();
    assert_eq!(pockets, [("daily", 20), ("purchased", 5)]);
    studio.clock.advance(DAY);
    assert_eq!(acts::balance(&ann).await?.available_credits, 25);
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_backwards_gives_no_day_twice() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    let noon = studio.clock.now();
    acts::make(&ann, thumbnail("bread")).await?;
    studio.clock.set(noon.plus(DAY));
    acts::make(&ann, thumbnail("bread")).await?;
    assert_eq!(free_grants(&ann).await?, [20, 20]);
    for jump in [noon, noon.plus(DAY), noon.minus(DAY / 4), noon.plus(DAY), noon] {
        studio.clock.set(jump);
        let balance = acts::balance(&ann).await?;
        assert!(balance.available_credits <= 20, "{balance:?}");
        studio.ledger_is_sound().await?;
    }
    assert_eq!(free_grants(&ann).await?, [20, 20], "both days were granted already");
    // Life goes on in the past, as far as there are credits.
    studio.adjust("ann", 2).await?;
    acts::make(&ann, thumbnail("bread")).await?;
    studio.clock.set(noon.plus(DAY * 2));
    assert_eq!(free_grants_after_visit(&ann).await?, 3);
    studio.ledger_is_sound().await?;
    Ok(())
}

async fn free_grants_after_visit(client: &Client) -> anyhow::Result<usize> {
    acts::balance(client).await?;
    Ok(free_grants(client).await?.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_over_midnight_is_paid_from_the_day_on_which_it_was_asked_for() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |_| ()).await?;
    let ann = studio.member("ann").await?;
    studio.valve.close();
    let made = acts::submit(&ann, thumbnail("bread")).await?;
    let cancelled = acts::submit(&ann, thumbnail("more bread")).await?;
    studio.valve.until_held().await;
    studio.clock.advance(DAY);
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (20, 2));
    acts::cancel(&ann, &cancelled.job_id).await?;
    assert_eq!(
        acts::balance(&ann).await?.available_credits,
        20,
        "yesterday's credit expired on its way back"
    );
    studio.valve.release();
    assert_eq!(acts::follow(&ann, &made.job_id, 0).await?.job.charged_credits, 1);
    let balance = acts::balance(&ann).await?;
    assert_eq!((balance.available_credits, balance.reserved_credits), (20, 0));
    studio.ledger_is_sound().await?;
    Ok(())
}
