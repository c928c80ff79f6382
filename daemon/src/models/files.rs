//! Files of models: sizes, copies and removals that follow no link.

use std::{fs, io, path::Path};

/// Deepest folder that is looked into.
const DEEPEST: usize = 8;

/// Bytes of all files under `path`. Links count nothing: what they name lies elsewhere.
pub(super) fn size(path: &Path) -> io::Result<u64> {
    size_within(path, DEEPEST)
}

fn size_within(path: &Path, depth: usize) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_file() {
            bytes += about.len();
        } else if about.is_dir() && depth > 0 {
            bytes += size_within(&entry.path(), depth - 1)?;
        }
    }
    Ok(bytes)
}

/// Removes a file, a link or a whole folder.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Copies one file and makes it durable.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to)?;
    fs::File::open(to)?.sync_all()
}
