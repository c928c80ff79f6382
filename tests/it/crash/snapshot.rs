//! Kills while the engine writes its snapshot, which it does while it opens.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use tokio::time::Instant;

use super::{dice::Dice, studio::Studio, work_until_killed};

/// Starts that are killed when the snapshot appears.
const STARTS: usize = 8;
/// Lives that fill the store first.
const LIVES: usize = 6;
/// A start that has written no snapshot by then is killed all the same.
const LONGEST: Duration = Duration::from_secs(10);

fn snapshots(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(data.join("store/sled"))? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snap.")) {
            found.push(path);
        }
    }
    Ok(found)
}

fn is_torn(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "generating")
}

/// Kills a start at the moment at which a half-written snapshot is seen, or a whole one that was not there before.
/// Answers whether the kill left a half-written one behind.
async fn kill_at_snapshot(studio: &Studio) -> anyhow::Result<bool> {
    let data = studio.data();
    let before = snapshots(&data)?;
    let daemon = studio.spawn()?;
    let gives_up = Instant::now() + LONGEST;
    while Instant::now() < gives_up && snapshots(&data)?.iter().all(|path| before.contains(path)) {
        tokio::task::yield_now().await;
    }
    daemon.kill()?;
    Ok(snapshots(&data)?.iter().any(|path| is_torn(path)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_a_snapshot_is_written_does_not_brick_the_store() -> anyhow::Result<()> {
    let mut studio = Studio::open().await?;
    let mut dice = Dice::new(7);
    for _ in 0..LIVES {
        work_until_killed(&mut studio, &mut dice).await?;
    }
    let mut torn = 0;
    for _ in 0..STARTS {
        torn += usize::from(kill_at_snapshot(&studio).await?);
        studio.verify_copy().await?.good();
        work_until_killed(&mut studio, &mut dice).await?;
    }
    // Whether the watcher is quick enough depends on the disk. So the worst that it can catch is made as well: the
    // first half of a newer snapshot.
    studio.verify().await?.good();
    let whole = snapshots(&studio.data())?.into_iter().find(|path| !is_torn(path)).context("no snapshot")?;
    let bytes = std::fs::read(&whole)?;
    let mut name = OsString::from("snap.7FFFFFFFFFFFFFFF");
    name.push(".generating");
    std::fs::write(whole.with_file_name(name), &bytes[..bytes.len() / 2])?;
    studio.verify().await?.good();
    let daemon = studio.start().await?;
    studio.look_after(&studio.lines()?).await?;
    assert!(daemon.terminate().await?.success());
    println!("{torn} of {STARTS} kills left a half-written snapshot");
    Ok(())
}
