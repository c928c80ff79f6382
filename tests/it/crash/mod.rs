//! `kill -9`, again and again, at every kind of moment: nothing that was acknowledged is lost, nothing is charged
//! twice, and the ledger agrees after each one.

mod asked;
mod books;
mod damage;
mod dice;
mod snapshot;
mod studio;

use std::time::Duration;

use anyhow::Context as _;
use tokio::{sync::watch, time::Instant};

use self::{dice::Dice, studio::Studio};

/// Lives that end while people ask.
const AT_WORK: u64 = 76;
/// Lives that end while they open the store which the one before left behind.
const OPENING: u64 = 26;
/// A life is ended at most this long after its first answer, in milliseconds.
const WORK_MS: u64 = 300;
/// And while opening at most this long after its beginning.
const OPENING_MS: u64 = 60;
const SEED: u64 = 0x00a7_e11e_2026;

/// One life: what was promised before is looked after, then people ask until the kill.
async fn work_until_killed(studio: &mut Studio, dice: &mut Dice) -> anyhow::Result<()> {
    let daemon = studio.start().await?;
    let lines = studio.lines()?;
    studio.look_after(&lines).await?;
    let (answered, mut first) = watch::channel(false);
    let after = Duration::from_millis(dice.below(WORK_MS));
    let killer = tokio::spawn(async move {
        // Without a first answer there is nothing to wait for, and the load says why.
        first.wait_for(|answered| *answered).await.ok();
        tokio::time::sleep(after).await;
        daemon.kill()
    });
    studio.load(&lines, dice.next(), &answered).await;
    drop(answered);
    killer.await??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_lose_nothing_and_charge_nothing_twice() -> anyhow::Result<()> {
    let (began, mut dice) = (Instant::now(), Dice::new(SEED));
    let mut studio = Studio::open().await?;
    let mut kills = 0;
    for life in 0..AT_WORK {
        work_until_killed(&mut studio, &mut dice).await.with_context(|| format!("life {life}"))?;
        kills += 1;
        studio.verify_copy().await?.good();
        // Spread evenly over the loop. The store is as the kill left it: nothing has opened it since.
        if (life + 1) * OPENING / AT_WORK > life * OPENING / AT_WORK {
            let daemon = studio.spawn()?;
            tokio::time::sleep(Duration::from_millis(dice.below(OPENING_MS))).await;
            daemon.kill()?;
            kills += 1;
            studio.verify_copy().await?.good();
        }
    }
    assert!(kills >= 100, "{kills}");
    let daemon = studio.start().await?;
    let lines = studio.lines()?;
    studio.look_after(&lines).await?;
    studio.until_all_ended(&lines).await?;
    let balances = studio.check_books(&lines).await?;
    studio.ask_again(&studio.promises, &lines).await?;
    assert_eq!(studio.check_books(&lines).await?, balances, "to ask again costs nothing");
    assert!(daemon.terminate().await?.success());
    studio.verify().await?.good();
    studio.check_rebuilt(&balances).await?;
    println!("{kills} kills, {} promises kept, {:?}", studio.promises.len(), began.elapsed());
    Ok(())
}
