//! Limits: what is allowed works, one more is refused with the time to wait, and nothing is charged for it.

use std::{num::NonZeroU32, time::Duration};

use anyhow::Context as _;
use atelier_daemon::clock::Clock;
use atelier_proto::{
    RETRY_AFTER_MS,
    client::{Client, Credentials, Patience},
    request_id,
    v1::{self as wire, Role},
};
use atelier_tests::{
    Studio,
    acts::{self, thumbnail},
    noon,
};
use tonic::{Code, Status};

/// Asserts that it is a limit that says when to come back, and gives that time.
pub(crate) fn wait(refused: &Status) -> anyhow::Result<Duration> {
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");
    let millis = refused.metadata().get(RETRY_AFTER_MS).context("no time to wait")?.to_str()?.parse()?;
    assert!(millis > 0, "{refused}");
    Ok(Duration::from_millis(millis))
}

fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

/// What is used of a limit, and how much is allowed.
async fn standing(client: &Client, name: &str) -> anyhow::Result<(u64, u64)> {
    let limits = client.system().get_limits(wire::GetLimitsRequest {}).await?.into_inner().limits;
    let limit = limits.iter().find(|limit| limit.name == name).context("no such limit")?;
    Ok((limit.used, limit.allowed))
}

fn by_tcp(studio: &Studio, token: &str) -> anyhow::Result<Client> {
    let credentials = Credentials::Bearer(token.to_owned());
    Ok(Client::new(&studio.tcp()?, credentials, Patience::INTERACTIVE)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_may_call_so_often_and_each_call_counts_once() -> anyhow::Result<()> {
    // So few that the bucket does not fill up again while the test runs; a call takes no ten seconds.
    let studio = Studio::with(Clock::system(), |config| config.limits.address_per_minute = number(6)).await?;
    let ann = by_tcp(&studio, &studio.register("ann").await?.access_token)?;
    for call in 0..6 {
        acts::who(&ann).await.with_context(|| format!("call {call} of 6"))?;
    }
    let refused = acts::refusal(acts::who(&ann).await)?;
    assert!(wait(&refused)? <= Duration::from_secs(10));
    assert!(refused.message().contains("more than 6 calls a minute from one address"), "{refused}");
    // Whoever is not known shares it.
    let nobody =
        acts::refusal(by_tcp(&studio, "nonsense")?.system().get_info(wire::GetInfoRequest {}).await)?;
    wait(&nobody)?;
    // The owner on the socket has no address.
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_may_call_for_a_whole_platform() -> anyhow::Result<()> {
    let studio = Studio::with(Clock::system(), |config| config.limits.address_per_minute = number(3)).await?;
    let token = studio.register("courier").await?.access_token;
    studio.set_role("courier", Role::Bot).await?;
    let bot = by_tcp(&studio, &token)?;
    for user in 0..30 {
        acts::who(&bot.on_behalf_of(&format!("discord:{user}"))).await?;
    }
    // What it does not know counts for it, too.
    let wrong = by_tcp(&studio, "atl_nonsense")?;
    let refused = loop {
        let refused = acts::refusal(acts::who(&wrong).await)?;
        if refused.code() != Code::Unauthenticated {
            break refused;
        }
    };
    wait(&refused)?;
    acts::who(&bot.on_behalf_of("discord:1")).await.context("its own bucket is another")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_and_an_account_may_call_so_often() -> anyhow::Result<()> {
    let studio = Studio::with(Clock::system(), |config| {
        config.limits.key_per_hour = number(3);
        config.limits.account_per_hour = number(8);
    })
    .await?;
    let ann = studio.member("ann").await?;
    let key = wire::CreateApiKeyRequest {
        request_id: request_id(),
        name: "printer".to_owned(),
        scopes: vec![wire::Scope::Read.into()],
        expires_at: None,
    };
    let secret = ann.accounts().create_api_key(key).await?.into_inner().secret;
    let printer = studio.bearer(&secret)?;
    for _ in 0..3 {
        acts::who(&printer).await?;
    }
    let refused = acts::refusal(acts::who(&printer).await)?;
    wait(&refused)?;
    assert!(refused.message().contains("more than 3 calls an hour with one API key"), "{refused}");
    for _ in 4..8 {
        acts::who(&ann).await.context("the key's limit is not the account's")?;
    }
    let refused = acts::refusal(acts::who(&ann).await)?;
    wait(&refused)?;
    assert!(refused.message().contains("more than 8 calls an hour of one account"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_has_so_many_pictures() -> anyhow::Result<()> {
    let studio = Studio::with(noon(), |config| config.limits.generations_per_day = 3).await?;
    let ann = studio.member("ann").await?;
    let two = wire::ThumbnailRequest { subject: "bread".into(), count: 2, ..Default::default() };
    acts::make(&ann, acts::of(two.clone())).await?;
    let refused = acts::refusal(acts::submit(&ann, acts::of(two)).await)?;
    assert_eq!(wait(&refused)?, Duration::from_secs(12 * 60 * 60), "until midnight");
    assert!(refused.message().contains("more than 3 pictures a day"), "{refused}");
    assert_eq!(acts::balance(&ann).await?.available_credits, 18, "nothing was charged for it");

    // What was cancelled before it began does not count.
    studio.valve.close();
    let bob = studio.member("bob").await?;
    let blocker = acts::submit(&bob, thumbnail("in the way")).await?;
    studio.valve.until_held().await;
    let third = acts::submit(&ann, thumbnail("third")).await?;
    wait(&acts::refusal(acts::submit(&ann, thumbnail("fourth")).await)?)?;
    acts::cancel(&ann, &third.job_id).await?;
    let third = acts::submit(&ann, thumbnail("third")).await?;
    studio.valve.release();
    acts::follow(&bob, &blocker.job_id, 0).await?;
    acts::follow(&ann, &third.job_id, 0).await?;
    assert_eq!(standing(&ann, "generations_per_day").await?, (3, 3));

    studio.clock.advance(Duration::from_secs(12 * 60 * 60));
    acts::make(&ann, thumbnail("tomorrow")).await?;
    studio.ledger_is_sound().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_so_and_charges_nothing() -> anyhow::Result<()> {
    let studio = Studio::with(Clock::system(), |config| {
        config.queue.max_jobs = 3;
        config.queue.max_jobs_per_member = 2;
    })
    .await?;
    let (ann, bob) = (studio.member("ann").await?, studio.member("bob").await?);
    studio.valve.close();
    let mut jobs = vec![(&ann, acts::submit(&ann, thumbnail("running")).await?)];
    studio.valve.until_held().await;
    for _ in 0..2 {
        jobs.push((&ann, acts::submit(&ann, thumbnail("waiting")).await?));
    }
    let own = acts::refusal(acts::submit(&ann, thumbnail("one more")).await)?;
    wait(&own)?;
    assert!(own.message().contains("you already have 2 jobs waiting"), "{own}");
    assert_eq!(standing(&ann, "jobs_waiting").await?, (2, 2));
    assert_eq!(standing(&bob, "jobs_waiting").await?, (0, 2));
    jobs.push((&bob, acts::submit(&bob, thumbnail("waiting")).await?));
    let all = acts::refusal(acts::submit(&bob, thumbnail("one more")).await)?;
    wait(&all)?;
    assert!(all.message().contains("the queue is full"), "{all}");
    assert_eq!(jobs[2].1.queue_ahead, 2);
    let places: Vec<_> = [acts::balance(&ann).await?, acts::balance(&bob).await?]
        .iter()
        .map(|balance| balance.reserved_credits)
        .collect();
    assert_eq!(places, [3, 1]);
    studio.valve.release();
    for (client, job) in jobs {
        acts::follow(client, &job.job_id, 0).await?;
    }
    acts::make(&ann, thumbnail("now there is room")).await?;
    studio.ledger_is_sound().await?;
    Ok(())
}
