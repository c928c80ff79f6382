//! Data that is not as it was left: refused or reported, never papered over.

use std::path::PathBuf;

use atelier_daemon::{
    clock::Clock,
    id::{JobId, MemberId},
    ledger::{self, Actor, Context, LedgerError, ReserveRequest},
    store::{Store, StoreOptions},
};
use atelier_tests::finish;

use super::studio::Studio;

fn journal(studio: &Studio) -> PathBuf {
    studio.data().join("store/journal")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_another_store_is_refused() -> anyhow::Result<()> {
    let (ours, theirs) = (Studio::open().await?, Studio::open().await?);
    let own = std::fs::read_to_string(journal(&ours))?;
    let foreign = std::fs::read_to_string(journal(&theirs))?;
    let shorter: String = foreign.lines().take(2).map(|line| format!("{line}\n")).collect();
    for wrong in [foreign.clone(), shorter] {
        std::fs::write(journal(&ours), &wrong)?;
        let mut serve = ours.atelierd()?;
        serve.arg("serve");
        for refused in [finish(serve, "").await?, ours.verify().await?] {
            assert_eq!(refused.code, Some(1), "{refused:?}");
            let reason = "the journal file does not fit the store: its last row is another one";
            assert!(refused.stderr.contains(reason), "{refused:?}");
        }
        assert_eq!(std::fs::read_to_string(journal(&ours))?, wrong, "it may be somebody's only copy");
    }
    // As the message says: without it, it is written anew.
    std::fs::remove_file(journal(&ours))?;
    ours.verify().await?.good();
    assert_eq!(std::fs::read_to_string(journal(&ours))?, own);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_knows_more_than_the_store_is_refused() -> anyhow::Result<()> {
    let mut studio = Studio::open().await?;
    let before = studio.folder().join("before");
    super::studio::copy_folder(&studio.data().join("store"), &before.join("store"))?;
    super::work_until_killed(&mut studio, &mut super::dice::Dice::new(1)).await?;
    // The store of yesterday's backup with today's journal.
    std::fs::copy(journal(&studio), before.join("store/journal"))?;
    let mut verify = studio.atelierd()?;
    verify.arg("--data").arg(&before).args(["ledger", "verify"]);
    let refused = finish(verify, "").await?;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("rebuild the store from the journal"), "{refused:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_agree_is_exit_code_3() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let other = Studio::open().await?;
    let whole = std::fs::read_to_string(journal(&studio))?;
    let (_, rest) = whole.split_once('\n').unwrap_or_default();
    let foreign = std::fs::read_to_string(journal(&other))?;
    let first = foreign.lines().next().unwrap_or_default();
    std::fs::write(journal(&studio), format!("{first}\n{rest}"))?;
    let found = studio.verify().await?;
    assert_eq!(found.code, Some(3), "{found:?}");
    assert!(found.stdout.contains("parts from the store at transfer 1;"), "{found:?}");
    // The same through the daemon.
    let daemon = studio.start().await?;
    let found = studio.verify().await?;
    assert_eq!(found.code, Some(3), "{found:?}");
    assert!(daemon.terminate().await?.success());
    std::fs::write(journal(&studio), whole)?;
    studio.verify().await?.good();

    let member: MemberId = studio.members[0].id.parse()?;
    let now = Clock::system().now();
    let job = JobId::new(now);
    let store = Store::open(&studio.data().join("store"), StoreOptions::default())?;
    store.transact_blocking(move |tx| {
        let request = ReserveRequest { job, member, amount: 5 };
        ledger::reserve(tx, &request, &Context::new(now, Actor::System)).map(drop)?;
        Ok::<_, LedgerError>(())
    })?;
    drop(store);
    let found = studio.verify().await?;
    assert_eq!(found.code, Some(3), "{found:?}");
    let finding = format!("- credits were reserved for job {job}, which does not exist");
    assert!(found.stdout.contains(&finding) && found.stdout.contains("does NOT agree"), "{found:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_without_a_studio_is_not_sound() -> anyhow::Result<()> {
    let studio = Studio::open().await?;
    let nowhere = studio.folder().join("nowhere");
    let mut verify = studio.atelierd()?;
    verify.arg("--data").arg(&nowhere).args(["ledger", "verify"]);
    let refused = finish(verify, "").await?;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("holds no store; name the right folder"), "{refused:?}");
    assert!(!nowhere.exists());
    Ok(())
}
