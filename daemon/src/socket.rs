//! The Unix socket: only its owner can open it, and it is gone when the daemon is.

use std::{
    fs::{DirBuilder, Permissions},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use tokio::net::UnixListener;

/// What the system accepts as the path of a socket, in bytes.
const PATH_BYTES: usize = 107;

/// A listening socket. Dropping it removes its file.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    file: SocketFile,
}

/// The file of a socket; removed on drop.
#[derive(Debug)]
pub(crate) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody may have tidied it away.
        std::fs::remove_file(&self.0).ok();
    }
}

impl Socket {
    /// Listens at `path`. A file that a killed daemon left there is replaced: the caller holds the data folder's
    /// lock, so no other daemon can be behind it.
    pub(crate) fn bind(path: &Path) -> anyhow::Result<Self> {
        if path.as_os_str().len() > PATH_BYTES {
            bail!(
                "listen.socket: {} is longer than the {PATH_BYTES} bytes that the system allows; set a shorter path",
                path.display()
            );
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .with_context(|| format!("can't create {}", folder.display()))?;
            check_owner(folder)?;
        }
        match std::fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("can't replace {}", path.display())),
        }
        let listener =
            UnixListener::bind(path).with_context(|| format!("can't listen at {}", path.display()))?;
        let file = SocketFile(path.to_owned());
        // Who may open it is decided once more by the peer's uid; the file's mode keeps others off the door.
        std::fs::set_permissions(path, Permissions::from_mode(0o600))
            .with_context(|| format!("can't protect {}", path.display()))?;
        Ok(Self { listener, file })
    }

    pub(crate) fn into_parts(self) -> (UnixListener, SocketFile) {
        (self.listener, self.file)
    }
}

/// A runtime folder below the shared temporary one could have been made by somebody else.
fn check_owner(folder: &Path) -> anyhow::Result<()> {
    let owner =
        std::fs::metadata(folder).with_context(|| format!("can't look at {}", folder.display()))?.uid();
    let me = rustix::process::getuid().as_raw();
    if owner != me && owner != 0 {
        bail!(
            "{} belongs to another user; set listen.socket to a path in a folder of yours",
            folder.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stale_file_is_replaced_and_ours_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run").join("a.sock");
        drop(Socket::bind(&path).unwrap());
        assert!(!path.exists());
        std::fs::write(&path, "left by a kill").unwrap();
        let (_listener, file) = Socket::bind(&path).unwrap().into_parts();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(file);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_path_that_is_too_long_is_said_to_be() {
        let path = Path::new("/tmp").join("x".repeat(200));
        let error = Socket::bind(&path).unwrap_err().to_string();
        assert!(error.contains("107 bytes"), "{error}");
    }
}
