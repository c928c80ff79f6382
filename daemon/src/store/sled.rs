//! The embedded engine: sled 0.34, with its sharp edges covered.
//!
//! One tree holds everything, because a batch on one tree is atomic. `flush` alone is no barrier for the
//! disk's cache, so it is followed by `fdatasync` on sled's own file. A half-written snapshot would be taken
//! for the newest one and refuse every later start, so it is removed before opening; the caller holds the
//! folder's lock by then. Values stay far below the size at which sled moves them to unsynced files.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use sled::{Batch, Db, IVec};

use super::StoreError;
use super::engine::{Engine, Order, Span, Visit, WriteSet};

/// How long an earlier sled in this process may take to let go of its file.
const PREDECESSOR_WAIT: Duration = Duration::from_secs(10);

/// sled in one folder.
pub(super) struct SledEngine {
    db: Db,
    /// A second handle on sled's log, for `fdatasync`.
    log: File,
}

impl SledEngine {
    /// Opens or creates the engine in `folder`.
    pub(super) fn open(folder: &Path, cache_bytes: u64) -> Result<SledEngine, StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::file("cannot create", folder, &error))?;
        let path = folder.join("db");
        wait_for_predecessor(&path);
        remove_torn_snapshots(folder)?;
        let db = sled::Config::new()
            .path(folder)
            .cache_capacity(cache_bytes)
            // The writer flushes each batch itself, and a failing timer would only log.
            .flush_every_ms(None)
            .open()
            .map_err(engine_error)?;
        let failed = |error: std::io::Error| StoreError::file("cannot open", &path, &error);
        let log = File::open(&path).map_err(failed)?;
        // The file's own entry in the folder must survive a power cut as well.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(SledEngine { db, log })
    }
}

impl Engine for SledEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.db.get(key).map_err(engine_error)?.map(|value| value.to_vec()))
    }

    fn scan(&self, span: &Span, order: Order, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let rows = self.db.range::<&[u8], _>(span.bounds());
        match order {
            Order::Ascending => drain(rows, visit),
            Order::Descending => drain(rows.rev(), visit),
        }
    }

    fn commit(&self, writes: &WriteSet) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        for (key, value) in writes {
            match value {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        self.db.apply_batch(batch).map_err(engine_error)?;
        self.db.flush().map_err(engine_error)?;
        self.log.sync_data().map_err(|error| StoreError::Engine(error.to_string()))
    }
}

fn drain(
    rows: impl Iterator<Item = sled::Result<(IVec, IVec)>>,
    visit: &mut Visit<'_>,
) -> Result<(), StoreError> {
    for row in rows {
        let (key, value) = row.map_err(engine_error)?;
        if let ControlFlow::Break(()) = visit(&key, &value) {
            break;
        }
    }
    Ok(())
}

/// sled's own threads hold its file for a moment after it was closed in this process. Nobody else can: the
/// caller has the folder's lock. If the wait is in vain, opening says so.
fn wait_for_predecessor(path: &Path) {
    let Ok(file) = File::open(path) else { return };
    if file.try_lock().is_ok() {
        return;
    }
    let (sender, receiver) = sync_channel(1);
    std::thread::spawn(move || {
        let free = file.lock().is_ok();
        drop(file);
        let _nobody_waits = sender.send(free);
    });
    let _in_vain = receiver.recv_timeout(PREDECESSOR_WAIT);
}

fn remove_torn_snapshots(folder: &Path) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| StoreError::file("cannot tidy", folder, &error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            std::fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

// By value, so that it fits `map_err`.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` takes")]
fn engine_error(error: sled::Error) -> StoreError {
    StoreError::Engine(error.to_string())
}
