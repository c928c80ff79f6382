//! Links that anyone may download from until they expire.
//!
//! A link names the file, its end and the key that signed both.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use crate::accounts::{KeyRing, Purpose};
use crate::clock::Timestamp;
use crate::id::AssetId;

/// Keeps these signatures apart from all others that the same key might make.
const DOMAIN: &[u8] = b"atelier download link 1\0";

/// Why links cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinksError {
    /// The address is none below which links can lie.
    #[error("the public URL {0:?} must be an http or https address without query and fragment")]
    PublicUrl(String),
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
#[derive(Clone)]
pub struct Links {
    keys: KeyRing,
    /// Ends with a slash.
    public_url: Url,
    max_valid: Duration,
}

impl Links {
    /// Links below `public_url` that work for `max_valid` at most.
    ///
    /// # Errors
    /// [`LinksError`].
    pub fn new(keys: KeyRing, public_url: &str, max_valid: Duration) -> Result<Links, LinksError> {
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
        Ok(Links { keys, public_url: url, max_valid })
    }

    /// A link to a file that works for `valid`, or for the longest time if that is shorter or nothing is said.
    #[must_use]
    pub fn sign(&self, asset: AssetId, valid: Option<Duration>, now: Timestamp) -> SignedLink {
        let valid = valid.filter(|valid| !valid.is_zero()).unwrap_or(self.max_valid).min(self.max_valid);
        let expires_s = now.plus(valid).as_millis().div_euclid(1000);
        let key = self.keys.current(Purpose::Links);
        let signature = key.sign(&[DOMAIN, asset.as_bytes(), &expires_s.to_be_bytes()]);
        let path = format!("d/{asset}/{expires_s}/{}/{}", key.kid(), URL_SAFE_NO_PAD.encode(signature));
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
        let key = self.keys.find(Purpose::Links, kid).ok_or(LinkError::Forged)?;
        if !key.verifies(&[DOMAIN, id.as_bytes(), &ends_s.to_be_bytes()], &signature) {
            return Err(LinkError::Forged);
        }
        let ends_at = Timestamp::from_millis(ends_s.saturating_mul(1000));
        if now >= ends_at { Err(LinkError::Expired) } else { Ok((id, ends_at)) }
    }
}
