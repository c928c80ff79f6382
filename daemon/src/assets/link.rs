//! Links that anyone may download from until they expire.
//!
//! A link names the file, its end and the key that signed both. Keys come in from outside, newest first; the
//! newest signs, all of them are accepted.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use url::Url;

use crate::clock::Timestamp;
use crate::id::AssetId;

/// Keeps these signatures apart from all others that the same key might make.
const DOMAIN: &[u8] = b"atelier download link 1\0";

/// A secret that signs links, and its name in them.
#[derive(Clone)]
pub struct SigningKey {
    /// Its name: letters, digits, `-` and `_`.
    pub kid: String,
    /// The secret.
    pub secret: [u8; 32],
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Why links cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinksError {
    /// The address is none below which links can lie.
    #[error("the public URL {0:?} must be an http or https address without query and fragment")]
    PublicUrl(String),
    /// There is no key, or one has a name that does not fit into a link.
    #[error("links need at least one key, each with a name of letters, digits, - and _")]
    Keys,
}

/// Why a link does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It was valid once.
    #[error("this link has expired; ask for a new one")]
    Expired,
    /// It was not made here, or changed since.
    #[error("there is nothing at this address")]
    Forged,
}

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedLink {
    /// The whole address.
    pub url: String,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Makes and checks links. Clones share the keys.
#[derive(Debug, Clone)]
pub struct Links {
    keys: Arc<RwLock<Vec<SigningKey>>>,
    /// Ends with a slash.
    public_url: Url,
    max_valid: Duration,
}

impl Links {
    /// Links below `public_url` that work for `max_valid` at most.
    ///
    /// # Errors
    /// [`LinksError`].
    pub fn new(keys: Vec<SigningKey>, public_url: &str, max_valid: Duration) -> Result<Links, LinksError> {
        let refused = || LinksError::PublicUrl(public_url.to_owned());
        let mut url = Url::parse(public_url).map_err(|_| refused())?;
        let plain =
            matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
        if !plain {
            return Err(refused());
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let links = Links { keys: Arc::default(), public_url: url, max_valid };
        links.set_keys(keys)?;
        Ok(links)
    }

    /// Takes other keys, newest first. Links of a key that is not among them stop working.
    ///
    /// # Errors
    /// [`LinksError::Keys`].
    pub fn set_keys(&self, keys: Vec<SigningKey>) -> Result<(), LinksError> {
        let fits = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
        if keys.is_empty() || keys.iter().any(|key| key.kid.is_empty() || !key.kid.chars().all(fits)) {
            return Err(LinksError::Keys);
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// A link to a file that works for `valid`, or for the longest time if that is shorter or nothing is said.
    #[must_use]
    pub fn sign(&self, asset: AssetId, valid: Option<Duration>, now: Timestamp) -> SignedLink {
        let valid = valid.filter(|valid| !valid.is_zero()).unwrap_or(self.max_valid).min(self.max_valid);
        let expires_s = now.plus(valid).as_millis().div_euclid(1000);
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        // There is always one: `set_keys` takes no empty list.
        let path = keys.first().map_or_else(String::new, |key| {
            let signature = URL_SAFE_NO_PAD.encode(mac(key, asset, expires_s).finalize().into_bytes());
            format!("d/{asset}/{expires_s}/{}/{signature}", key.kid)
        });
        SignedLink {
            url: format!("{}{path}", self.public_url),
            expires_at: Timestamp::from_millis(expires_s.saturating_mul(1000)),
        }
    }

    /// The file that a link stands for and when the link ends, from the four parts of its path.
    ///
    /// # Errors
    /// [`LinkError::Expired`] only for a link that was made here; everything else is [`LinkError::Forged`].
    pub fn check(
        &self,
        asset: &str,
        expires_s: &str,
        kid: &str,
        signature: &str,
        now: Timestamp,
    ) -> Result<(AssetId, Timestamp), LinkError> {
        let id: AssetId = asset.parse().map_err(|_| LinkError::Forged)?;
        let ends_s: i64 = expires_s.parse().map_err(|_| LinkError::Forged)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkError::Forged)?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|key| key.kid == kid).ok_or(LinkError::Forged)?;
        // Compares in constant time.
        mac(key, id, ends_s).verify_slice(&signature).map_err(|_| LinkError::Forged)?;
        let ends_at = Timestamp::from_millis(ends_s.saturating_mul(1000));
        if now >= ends_at { Err(LinkError::Expired) } else { Ok((id, ends_at)) }
    }
}

/// Every part has a fixed width, or ends the message.
fn mac(key: &SigningKey, asset: AssetId, expires_s: i64) -> Hmac<Sha256> {
    // HMAC fills a short key up with zeros to the block of its hash; done here, no length can be wrong.
    let mut block = [0; 64];
    block[..32].copy_from_slice(&key.secret);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(DOMAIN);
    mac.update(asset.as_bytes());
    mac.update(&expires_s.to_be_bytes());
    mac.update(key.kid.as_bytes());
    mac
}
