//! A session's tokens in a file that only its owner can read, shared by all of this person's processes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use atelier_proto::client::{Endpoint, StoredTokens, TokenLock, TokenStore};
use serde::{Deserialize, Serialize};

use super::folders;

/// The tokens for one daemon.
#[derive(Debug, Clone)]
pub(crate) struct FileTokens {
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Record {
    access: String,
    access_expires_at_s: u64,
    refresh: String,
}

impl FileTokens {
    /// The tokens for `endpoint`, below this person's state folder. None where there is no home.
    pub(crate) fn of(endpoint: &Endpoint) -> Option<Self> {
        Some(Self::within(&sessions()?, endpoint))
    }

    fn within(folder: &Path, endpoint: &Endpoint) -> Self {
        Self { file: folder.join(file_name(&endpoint.to_string())) }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Whether there is a session.
    pub(crate) fn exist(&self) -> bool {
        self.load().is_some()
    }

    /// Keeps these and says whether it worked; [`TokenStore::save`] can't.
    pub(crate) fn keep(&self, tokens: &StoredTokens) -> io::Result<()> {
        let access_expires_at_s =
            tokens.access_expires_at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let record =
            Record { access: tokens.access.clone(), access_expires_at_s, refresh: tokens.refresh.clone() };
        let text = serde_json::to_vec(&record).map_err(io::Error::other)?;
        replace(&self.file, &text)
    }

    /// Forgets the session.
    pub(crate) fn forget(&self) -> io::Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl TokenStore for FileTokens {
    fn lock(&self) -> TokenLock {
        // The lock is on a file of its own, because the file with the tokens is replaced.
        let locked = self.file.parent().map_or(Ok(()), folders::create_private).and_then(|()| {
            let file = private(OpenOptions::new().create(true).append(true))
                .open(self.file.with_extension("lock"))?;
            file.lock()?;
            Ok(file)
        });
        match locked {
            Ok(file) => Box::new(file),
            Err(error) => {
                tracing::warn!(%error, "other processes can't be kept from renewing at the same time");
                Box::new(())
            }
        }
    }

    fn load(&self) -> Option<StoredTokens> {
        let text = fs::read(&self.file).ok()?;
        let record: Record = serde_json::from_slice(&text).ok()?;
        let access_expires_at = UNIX_EPOCH.checked_add(Duration::from_secs(record.access_expires_at_s));
        Some(StoredTokens {
            access: record.access,
            access_expires_at: access_expires_at.unwrap_or(SystemTime::UNIX_EPOCH),
            refresh: record.refresh,
        })
    }

    fn save(&self, tokens: &StoredTokens) {
        if let Err(error) = self.keep(tokens) {
            tracing::error!(%error, "the session could not be kept; the next start will ask for the password");
        }
    }
}

/// The folder with all sessions.
pub(crate) fn sessions() -> Option<PathBuf> {
    folders::state().map(|state| state.join("sessions"))
}

/// A name that no other address has: everything but letters, digits, dots and dashes is written as `_` and its
/// number.
fn file_name(endpoint: &str) -> String {
    let mut name = String::new();
    for byte in endpoint.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => name.push(char::from(byte)),
            _ => name.push_str(&format!("_{byte:02x}")),
        }
    }
    name + ".json"
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Old or new, never half: a refresh token that is lost here ends the session.
fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    folders::create_private(folder)?;
    let temporary = file.with_extension(format!("{}.new", uuid::Uuid::new_v4()));
    let written =
        private(OpenOptions::new().write(true).create_new(true)).open(&temporary).and_then(|mut to| {
            to.write_all(content)?;
            to.sync_all()?;
            fs::rename(&temporary, file)?;
            File::open(folder)?.sync_all()
        });
    if written.is_err() {
        fs::remove_file(&temporary).ok();
    }
    written
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    fn tokens(n: u64) -> StoredTokens {
        StoredTokens {
            access: format!("access-{n}"),
            access_expires_at: UNIX_EPOCH + Duration::from_secs(n),
            refresh: format!("refresh-{n}"),
        }
    }

    fn store(folder: &Path) -> FileTokens {
        FileTokens::within(&folder.join("sessions"), &Endpoint::Unix("/run/a.sock".into()))
    }

    #[test]
    fn what_is_kept_comes_back_until_it_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        assert_eq!(store.load(), None);
        store.forget().expect("nothing to forget is fine");
        store.save(&tokens(7));
        store.save(&tokens(8));
        assert_eq!(store.load(), Some(tokens(8)));
        store.forget().expect("it can be removed");
        assert!(!store.exist());
    }

    #[test]
    fn a_spoilt_file_is_no_session() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        store.save(&tokens(7));
        fs::write(store.file(), b"{\"access\":").expect("it can be spoilt");
        assert_eq!(store.load(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        drop(store.lock());
        store.save(&tokens(1));
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(store.file()), 0o600);
        assert_eq!(mode(&store.file().with_extension("lock")), 0o600);
        assert_eq!(mode(store.file().parent().expect("a folder")), 0o700);
        let left: Vec<_> = fs::read_dir(folder.path().join("sessions")).expect("a folder").collect();
        assert_eq!(left.len(), 2, "no temporary file is left: {left:?}");
    }

    #[test]
    fn whoever_renews_is_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        store(folder.path()).save(&tokens(0));
        let (inside, together) = (Arc::new(AtomicU32::new(0)), Arc::new(Barrier::new(4)));
        let turns = (0..4).map(|_| {
            // A store of its own, as another process has: nothing but the file is shared.
            let store = store(folder.path());
            let (inside, together) = (Arc::clone(&inside), Arc::clone(&together));
            std::thread::spawn(move || {
                together.wait();
                for _ in 0..8 {
                    let _turn = store.lock();
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two at the same time");
                    let last = store.load().expect("tokens");
                    let n = last.access_expires_at.duration_since(UNIX_EPOCH).expect("later").as_secs();
                    store.save(&tokens(n + 1));
                    inside.fetch_sub(1, Ordering::SeqCst);
                }
            })
        });
        for turn in turns.collect::<Vec<_>>() {
            turn.join().expect("no panic");
        }
        assert_eq!(store(folder.path()).load(), Some(tokens(32)));
    }

    #[test]
    fn every_address_has_its_own_file() {
        assert_eq!(file_name("https://a.example:7340"), "https_3a_2f_2fa.example_3a7340.json");
        assert_ne!(file_name("a_3a"), file_name("a:"));
    }
}
