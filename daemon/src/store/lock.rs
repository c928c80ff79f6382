//! The lock file that keeps two daemons from opening the same data.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::StoreError;

/// Held as long as the store is open; the system releases it even after a kill.
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock of `folder` or says who has it.
    pub(super) fn take(folder: &Path) -> Result<FolderLock, StoreError> {
        let path = folder.join("lock");
        let failed = |error: std::io::Error| StoreError::file("cannot lock", &path, &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The name is a courtesy: an unreadable one must not hide the real message.
                let _unreadable = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "a process".to_owned(),
                    name => name.to_owned(),
                };
                return Err(StoreError::Locked { path: folder.to_path_buf(), holder });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
        writeln!(file, "process {}", std::process::id()).map_err(failed)?;
        Ok(FolderLock { _file: file })
    }
}
