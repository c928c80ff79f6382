//! What is removed and what stays, with the clock moved by hand and the daemon stopped at the worst moments.

use std::time::Duration;

use super::*;
use crate::assets::record::{BLOBS, ORPHANS};
use crate::assets::rows;

#[tokio::test]
async fn orphans_stay_for_their_grace_period() {
    let studio = Studio::new();
    let asset = studio.upload(studio.member(), &png(1)).await.unwrap();
    studio.delete(&asset).await;
    let grace = studio.config.grace();
    studio.clock.advance(grace);
    assert_eq!(studio.collect().await.kept_files, 1);
    // A job that has begun with it can still read it.
    assert_eq!(studio.assets().bytes(&asset).await.unwrap(), png(1));
    studio.clock.advance(Duration::from_millis(1));
    let report = studio.collect().await;
    assert_eq!((report.orphans, report.removed_bytes), (1, asset.size_bytes));
    assert_eq!(studio.assets().bytes(&asset).await, Err(AssetError::Unreadable));
    studio.pass_grace();
    assert_eq!(studio.collect().await, Collected::default());
}

#[tokio::test]
async fn bytes_that_are_referred_to_again_stay() {
    let studio = Studio::new();
    let member = studio.member();
    let asset = studio.upload(member, &png(1)).await.unwrap();
    studio.delete(&asset).await;
    studio.clock.advance(Duration::from_millis(5));
    let again = studio.upload(member, &png(1)).await.unwrap();
    studio.pass_grace();
    assert_eq!(studio.collect().await.orphans, 0);
    assert_eq!(studio.assets().bytes(&again).await.unwrap(), png(1));
    // And their next grace period begins at their next deletion.
    studio.delete(&again).await;
    assert_eq!(studio.collect().await.orphans, 0);
    studio.pass_grace();
    assert_eq!(studio.collect().await.orphans, 1);
}

#[tokio::test]
async fn pinned_bytes_stay_with_and_without_a_row() {
    let studio = Studio::new();
    let member = studio.member();
    let asset = studio.upload(member, &png(1)).await.unwrap();
    studio.delete(&asset).await;
    let orphan = studio.assets().store_result(Bytes::from(png(1)), MediaType::Png, 8, 8).await.unwrap();
    let fresh = studio.assets().store_result(Bytes::from(png(2)), MediaType::Png, 8, 8).await.unwrap();
    studio.pass_grace();
    let report = studio.collect().await;
    assert_eq!((report.orphans, report.strays, report.kept_files), (0, 0, 2));

    let other_pin = fresh.clone();
    drop(fresh);
    assert_eq!(studio.collect().await.kept_files, 2);
    drop((orphan, other_pin));
    let report = studio.collect().await;
    assert_eq!((report.orphans, report.strays, report.kept_files), (1, 1, 0));
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let studio = Studio::new();
    let note = studio.folder.path().join("blobs/note.txt");
    std::fs::write(&note, "do not delete").unwrap();
    studio.pass_grace();
    assert_eq!(studio.collect().await.foreign_files, 1);
    assert!(note.exists());
}

/// Where the daemon is stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Crash {
    /// A result is durable, but its transaction never came.
    BeforeCommit,
    /// A result was committed.
    AfterCommit,
    /// A file was deleted, but not yet collected.
    AfterDelete,
    /// The collector has removed the row, but not the file.
    BetweenRowAndFile,
}

#[tokio::test]
async fn a_crash_leaves_nothing_lost_and_nothing_behind() {
    let table = [Crash::BeforeCommit, Crash::AfterCommit, Crash::AfterDelete, Crash::BetweenRowAndFile];
    for crash in table {
        let mut studio = Studio::new();
        let member = studio.member();
        let kept = match crash {
            Crash::BeforeCommit => {
                drop(studio.assets().store_result(Bytes::from(png(1)), MediaType::Png, 8, 8).await.unwrap());
                None
            }
            Crash::AfterCommit => Some(studio.result(member, png(1)).await),
            Crash::AfterDelete | Crash::BetweenRowAndFile => {
                let asset = studio.result(member, png(1)).await;
                studio.delete(&asset).await;
                None
            }
        };
        if crash == Crash::BetweenRowAndFile {
            let at = studio.clock.now();
            let hash = BlobHash::of(&png(1));
            let forgotten = studio.store().transact(move |tx| rows::forget_orphan(tx, hash, at)).await;
            assert_eq!(forgotten, Ok(true));
        }
        assert_eq!(studio.blob_files().len(), 1, "{crash:?}");

        studio.restart();
        assert_eq!(studio.collect().await.kept_files, 1, "{crash:?}: too young to go");
        studio.pass_grace();
        let report = studio.collect().await;
        let rows = BLOBS.scan(studio.store(), .., Order::Ascending, 10).unwrap().len();
        let orphans = ORPHANS.scan(studio.store(), .., Order::Ascending, 10).unwrap().len();
        assert_eq!(orphans, 0, "{crash:?}");
        match kept {
            Some(asset) => {
                assert_eq!((rows, report.kept_files), (1, 1), "{crash:?}");
                assert_eq!(studio.assets().bytes(&asset).await.unwrap(), png(1), "{crash:?}");
            }
            None => {
                assert_eq!((rows, report.orphans + report.strays), (0, 1), "{crash:?}");
                assert_eq!(studio.blob_files().len(), 0, "{crash:?}");
            }
        }
    }
}

#[tokio::test]
async fn bytes_whose_file_has_vanished_are_written_again() {
    let studio = Studio::new();
    let member = studio.member();
    studio.upload(member, &png(1)).await.unwrap();
    std::fs::remove_file(&studio.blob_files()[0]).unwrap();
    let again = studio.upload(member, &png(1)).await.unwrap();
    assert_eq!(studio.assets().bytes(&again).await.unwrap(), png(1));
}

#[tokio::test]
async fn a_file_that_no_row_vouches_for_is_written_again() {
    let mut studio = Studio::new();
    drop(studio.assets().store_result(Bytes::from(png(1)), MediaType::Png, 8, 8).await.unwrap());
    // As if the power had failed before its bytes reached the disk.
    std::fs::write(&studio.blob_files()[0], vec![0; png(1).len()]).unwrap();
    studio.restart();
    let asset = studio.result(studio.member(), png(1)).await;
    assert_eq!(studio.assets().bytes(&asset).await.unwrap(), png(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn collecting_never_takes_what_is_being_committed() {
    // Few contents and no grace at all, so that commits, deletions and collections meet all the time.
    let studio = Studio::with(AssetsConfig { grace_s: 0, ..AssetsConfig::default() });
    let much_later = studio.clock.now().plus(Duration::from_secs(1_000_000));
    let (studio, done) = (&studio, std::sync::atomic::AtomicBool::new(false));
    let work = async {
        let members = (0..4).map(async |_| {
            let member = studio.member();
            for round in 0..25 {
                let bytes = png(round % 3);
                let asset = studio.result(member, bytes.clone()).await;
                assert_eq!(studio.assets().bytes(&asset).await.unwrap(), bytes);
                studio.delete(&asset).await;
            }
        });
        futures::future::join_all(members).await;
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let collect = async {
        let mut removed = 0;
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            let report = studio.assets().collect(much_later).await.unwrap();
            assert_eq!(report.failed_files, 0);
            removed += report.orphans + report.strays;
        }
        removed
    };
    let ((), removed) = tokio::join!(work, collect);
    assert!(removed > 0, "nothing was ever removed meanwhile, so this has shown nothing");
}
