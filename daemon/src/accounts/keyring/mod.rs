//! The keys that the daemon signs with.
//!
//! **Decision.** They live in one file of the key folder (mode 0600, in a folder of mode 0700), not in the store,
//! so that a backup, an export or a stolen copy of the data can neither mint tokens nor links. They are drawn from
//! the operating system at the first start, one per purpose, so a signature for one purpose means nothing for
//! another. They are symmetric (HMAC-SHA256): the daemon is the only one who verifies, and an asymmetric pair would
//! add code and no safety. Losing the file costs everybody a new login, and nothing else but old chat buttons.
//!
//! Each purpose has a chain: the newest key signs, older ones verify until everything they signed has expired.
//! Keys of buttons are never dropped, because a message in a chat lives for ever.

mod file;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRng as _;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret as _, SecretBox};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::clock::Timestamp;

const FILE: &str = "signing.json";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A key signs for this long before [`KeyRing::maintain`] puts a new one in front of it.
const SIGNS_FOR: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Access tokens.
    Access,
    /// Refresh tokens.
    Refresh,
    /// Download links.
    Links,
    /// Buttons under chat messages.
    Buttons,
}

impl Purpose {
    /// All purposes, in the order of the chains.
    pub const ALL: [Purpose; 4] = [Purpose::Access, Purpose::Refresh, Purpose::Links, Purpose::Buttons];

    /// The longest life of anything signed for this purpose; a key that no longer signs is kept this long.
    /// `None` means for ever.
    #[must_use]
    pub const fn longest_life(self) -> Option<Duration> {
        match self {
            Purpose::Access => Some(DAY),
            Purpose::Refresh => Some(Duration::from_secs(90 * 24 * 60 * 60)),
            Purpose::Links => Some(Duration::from_secs(30 * 24 * 60 * 60)),
            Purpose::Buttons => None,
        }
    }
}

/// Why the keys can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// A file could not be read or written.
    #[error("{action} {path}: {reason}")]
    File {
        /// What was tried, as in "cannot create".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Others on the machine can read the keys.
    #[error(
        "others can read {0}; take the right away (chmod 600), or delete it, which makes everybody log in again"
    )]
    Exposed(PathBuf),
    /// The file has another shape.
    #[error(
        "{path} can't be read as keys ({reason}); restore it, or delete it, which makes everybody log in again"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers: {0}")]
    Random(String),
}

/// One key; it never shows itself.
pub struct SigningKey {
    kid: String,
    secret: SecretBox<[u8; 32]>,
    created_at: Timestamp,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signing key {}", self.kid)
    }
}

impl SigningKey {
    fn draw(now: Timestamp) -> Result<SigningKey, KeyRingError> {
        let mut secret = Box::new([0; 32]);
        let mut kid = [0; 4];
        let random = |bytes: &mut [u8]| {
            SysRng.try_fill_bytes(bytes).map_err(|error| KeyRingError::Random(error.to_string()))
        };
        random(&mut *secret)?;
        random(&mut kid)?;
        Ok(SigningKey { kid: hex::encode(kid), secret: SecretBox::new(secret), created_at: now })
    }

    /// The name of the key, which goes along with what it signs.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The HMAC-SHA256 of the parts of a message; a part can't pass for the end of the one before it.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.mac(parts).finalize().into_bytes().into()
    }

    /// Whether `signature` is this key's of these parts, in constant time.
    #[must_use]
    pub fn verifies(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.mac(parts).verify_slice(signature).is_ok()
    }

    pub(in crate::accounts) fn secret(&self) -> &[u8; 32] {
        self.secret.expose_secret()
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        // HMAC fills a shorter key up with zeros; done here, it can't fail.
        let mut block = [0; 64];
        block[..32].copy_from_slice(self.secret());
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// All keys. Clones share them.
#[derive(Clone)]
pub struct KeyRing {
    inner: Arc<Inner>,
}

struct Inner {
    file: PathBuf,
    /// One per purpose, in the order of [`Purpose::ALL`].
    chains: RwLock<[Chain; 4]>,
    /// Held from the reading of the chains to their replacement.
    changing: Mutex<()>,
}

#[derive(Clone)]
struct Chain {
    current: Arc<SigningKey>,
    /// Newest first.
    older: Vec<Arc<SigningKey>>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key ring in {}", self.inner.file.display())
    }
}

impl KeyRing {
    /// Reads the keys in `folder`, or makes them. Blocks on files.
    ///
    /// # Errors
    /// When the file can't be read or written, when others can read it, or when it is damaged.
    pub fn open(folder: &Path, now: Timestamp) -> Result<KeyRing, KeyRingError> {
        file::make_folder(folder)?;
        let path = folder.join(FILE);
        let rows = file::read(&path)?;
        let known = rows.len();
        let mut chains = Vec::new();
        for purpose in Purpose::ALL {
            let mut keys: Vec<Arc<SigningKey>> = rows
                .iter()
                .filter(|row| row.purpose == purpose)
                .map(|row| row.key(&path))
                .collect::<Result<_, _>>()?;
            let current = match keys.pop() {
                Some(newest) => newest,
                None => Arc::new(SigningKey::draw(now)?),
            };
            keys.reverse();
            chains.push(Chain { current, older: keys });
        }
        let Ok(chains) = <[Chain; 4]>::try_from(chains) else {
            unreachable!("one chain was made per purpose")
        };
        let ring = KeyRing {
            inner: Arc::new(Inner {
                file: path,
                chains: RwLock::new(chains.clone()),
                changing: Mutex::new(()),
            }),
        };
        if known < count(&chains) {
            file::write(&ring.inner.file, &chains)?;
        }
        Ok(ring)
    }

    /// The key that signs for this purpose.
    #[must_use]
    pub fn current(&self, purpose: Purpose) -> Arc<SigningKey> {
        Arc::clone(&self.chains()[purpose as usize].current)
    }

    /// The key of this name, if it may still verify for this purpose.
    #[must_use]
    pub fn find(&self, purpose: Purpose, kid: &str) -> Option<Arc<SigningKey>> {
        let chains = self.chains();
        let chain = &chains[purpose as usize];
        std::iter::once(&chain.current).chain(&chain.older).find(|key| key.kid == kid).map(Arc::clone)
    }

    /// Puts a new key in front of the chain of `purpose`; what was signed before still counts. Blocks on files.
    ///
    /// # Errors
    /// When the new keys can't be written; then the old ones stay.
    pub fn rotate(&self, purpose: Purpose, now: Timestamp) -> Result<(), KeyRingError> {
        let _alone = self.inner.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut chains = self.chains().clone();
        put_in_front(&mut chains[purpose as usize], now)?;
        self.replace(chains)
    }

    /// Renews keys that have signed for long, and drops those whose signatures have all expired. Blocks on files.
    ///
    /// # Errors
    /// When the keys can't be written; then they stay as they were.
    pub fn maintain(&self, now: Timestamp) -> Result<(), KeyRingError> {
        let _alone = self.inner.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut chains = self.chains().clone();
        let mut changed = false;
        for purpose in Purpose::ALL {
            let chain = &mut chains[purpose as usize];
            if now.since(chain.current.created_at) >= SIGNS_FOR {
                put_in_front(chain, now)?;
                changed = true;
            }
            let Some(life) = purpose.longest_life() else { continue };
            // A key stopped signing when its successor was made.
            let mut successor = chain.current.created_at;
            let before = chain.older.len();
            chain.older.retain(|key| {
                let stopped = std::mem::replace(&mut successor, key.created_at);
                now.since(stopped) < life
            });
            changed |= chain.older.len() != before;
        }
        if changed { self.replace(chains) } else { Ok(()) }
    }

    fn chains(&self) -> std::sync::RwLockReadGuard<'_, [Chain; 4]> {
        self.inner.chains.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, chains: [Chain; 4]) -> Result<(), KeyRingError> {
        file::write(&self.inner.file, &chains)?;
        *self.inner.chains.write().unwrap_or_else(PoisonError::into_inner) = chains;
        Ok(())
    }
}

fn put_in_front(chain: &mut Chain, now: Timestamp) -> Result<(), KeyRingError> {
    let key = Arc::new(SigningKey::draw(now)?);
    let before = std::mem::replace(&mut chain.current, key);
    chain.older.insert(0, before);
    Ok(())
}

fn count(chains: &[Chain; 4]) -> usize {
    chains.iter().map(|chain| 1 + chain.older.len()).sum()
}
