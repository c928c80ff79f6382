//! Access and refresh tokens: how they are made and what makes them count.
//!
//! An access token is a JWT that says who it is for and until when, and nothing about rights: role, suspension and
//! the end of the session are looked up on every call. A refresh token names its session and its turn in it, holds
//! a secret, and is signed, so that a spent one can be told from an invented one.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::config::AccountsConfig;
use super::error::{AccountsError, AuthError};
use super::keyring::{KeyRing, Purpose};
use crate::clock::Timestamp;
use crate::id::{MemberId, SessionId};

const ALGORITHM: Algorithm = Algorithm::HS256;
const REFRESH_PREFIX: &str = "atr_";
/// No token of ours is longer.
const LONGEST: usize = 2048;

/// A pair of tokens.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Short-lived token for calls.
    pub access: SecretString,
    /// When the access token stops working.
    pub access_expires_at: Timestamp,
    /// Single-use token for new tokens.
    pub refresh: SecretString,
    /// When the refresh token stops working.
    pub refresh_expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: MemberId,
    sid: SessionId,
    /// Seconds since the epoch.
    iat: i64,
    /// Seconds since the epoch.
    exp: i64,
}

/// What a good access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) member: MemberId,
    pub(super) session: SessionId,
    pub(super) expires_at: Timestamp,
}

/// A token for `member` in `session`, and when it ends.
pub(super) fn issue_access(
    keys: &KeyRing,
    config: &AccountsConfig,
    member: MemberId,
    session: SessionId,
    now: Timestamp,
) -> Result<(SecretString, Timestamp), AccountsError> {
    let expires_at = whole_second(now.plus(config.access_ttl()));
    let claims = Claims {
        iss: config.issuer.clone(),
        aud: config.audience.clone(),
        sub: member,
        sid: session,
        iat: now.as_millis() / 1000,
        exp: expires_at.as_millis() / 1000,
    };
    let key = keys.current(Purpose::Access);
    let header = Header { kid: Some(key.kid().to_owned()), ..Header::new(ALGORITHM) };
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.secret()))
        .map_err(|error| AccountsError::Internal(format!("a token can't be signed: {error}")))?;
    Ok((token.into(), expires_at))
}

/// What a token says, if it is ours, for us, and its time is not over.
pub(super) fn check_access(
    keys: &KeyRing,
    config: &AccountsConfig,
    token: &str,
    now: Timestamp,
) -> Result<Access, AuthError> {
    if token.len() > LONGEST {
        return Err(AuthError::Malformed);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|error| reason(&error))?;
    let key = header.kid.and_then(|kid| keys.find(Purpose::Access, &kid)).ok_or(AuthError::Forged)?;
    // Whatever algorithm the header names, only ours is tried.
    let mut rules = Validation::new(ALGORITHM);
    rules.set_issuer(&[&config.issuer]);
    rules.set_audience(&[&config.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The time is a parameter here, so it is checked below.
    rules.validate_exp = false;
    let key = DecodingKey::from_secret(key.secret());
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|error| reason(&error))?.claims;
    let expires_at = Timestamp::from_millis(claims.exp.saturating_mul(1000));
    if now >= expires_at {
        return Err(AuthError::Expired);
    }
    Ok(Access { member: claims.sub, session: claims.sid, expires_at })
}

fn reason(error: &jsonwebtoken::errors::Error) -> AuthError {
    match error.kind() {
        ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm | ErrorKind::InvalidIssuer => {
            AuthError::Forged
        }
        ErrorKind::InvalidAudience => AuthError::WrongAudience,
        ErrorKind::ExpiredSignature => AuthError::Expired,
        _ => AuthError::Malformed,
    }
}

/// JWT counts whole seconds; what is said to the client must not be later than what is checked.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_millis(time.as_millis().div_euclid(1000).saturating_mul(1000))
}

/// The content of a refresh token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Refresh {
    pub(super) session: SessionId,
    /// Its turn in the session, from 1.
    pub(super) turn: u32,
    pub(super) secret: [u8; 32],
}

impl fmt::Debug for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refresh token {} of {}", self.turn, self.session)
    }
}

impl Refresh {
    pub(super) fn first(session: SessionId) -> Refresh {
        Refresh { session, turn: 1, secret: rand::random() }
    }

    pub(super) fn next(&self) -> Refresh {
        Refresh { session: self.session, turn: self.turn.saturating_add(1), secret: rand::random() }
    }

    /// The token as it is sent: `atr_<kid>.<content>.<signature>`.
    pub(super) fn signed(&self, keys: &KeyRing) -> SecretString {
        let content = [&self.session.as_bytes()[..], &self.turn.to_be_bytes(), &self.secret].concat();
        let key = keys.current(Purpose::Refresh);
        let signature = BASE64.encode(key.sign(&[&content]));
        format!("{REFRESH_PREFIX}{}.{}.{signature}", key.kid(), BASE64.encode(&content)).into()
    }

    /// The content of a token that was signed here.
    pub(super) fn check(keys: &KeyRing, token: &str) -> Result<Refresh, AuthError> {
        if token.len() > LONGEST {
            return Err(AuthError::Malformed);
        }
        let parts: Option<Vec<&str>> =
            token.strip_prefix(REFRESH_PREFIX).map(|rest| rest.splitn(3, '.').collect());
        let Some([kid, content, signature]) = parts.as_deref() else { return Err(AuthError::Malformed) };
        let decode = |text| BASE64.decode(text).map_err(|_| AuthError::Malformed);
        let (content, signature) = (decode(content)?, decode(signature)?);
        let key = keys.find(Purpose::Refresh, kid).ok_or(AuthError::Forged)?;
        if !key.verifies(&[&content], &signature) {
            return Err(AuthError::Forged);
        }
        Refresh::read(&content).ok_or(AuthError::Malformed)
    }

    fn read(content: &[u8]) -> Option<Refresh> {
        let (session, rest) = content.split_first_chunk::<16>()?;
        let (turn, secret) = rest.split_first_chunk::<4>()?;
        let session = SessionId::from_uuid(Uuid::from_bytes(*session));
        Some(Refresh { session, turn: u32::from_be_bytes(*turn), secret: secret.try_into().ok()? })
    }
}
