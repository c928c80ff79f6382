//! What the accounts answer when they refuse, in words that say what to do.

use std::time::Duration;

use super::keyring::KeyRingError;
use super::role::Denied;
use crate::once::OnceError;
use crate::page::PageError;
use crate::store::StoreError;

/// Why a call about accounts fails. Each kind is one answer on the wire.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountsError {
    /// Something in the question can't be right.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field of the question.
        field: &'static str,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// What was named does not exist, or is not the caller's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The name belongs to somebody.
    #[error("this name is taken; choose another one")]
    Taken,
    /// Nobody new is let in this way.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// The credentials do not count.
    #[error(transparent)]
    Unauthenticated(#[from] AuthError),
    /// The caller is known and may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many failed attempts.
    #[error("too many failed attempts; try again in {} s", whole_seconds(*retry_after))]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Too many passwords are being checked at the moment.
    #[error("too many logins at this moment; try again in a few seconds")]
    Busy,
    /// Something the caller has is used up.
    #[error("{0}")]
    Exhausted(String),
    /// The state does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// The request id stands for another act.
    #[error("this request_id was used for something else; make a new one for each act")]
    OtherContent,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys that sign tokens can't be used.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// Something that should not happen; the text is for the log.
    #[error("internal: {0}")]
    Internal(String),
}

/// Why nobody new is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// Registration is off.
    #[error("registration is closed here; ask an admin to open an account for you")]
    Registration,
    /// An invitation is needed.
    #[error("registration needs an invitation; ask an admin for one")]
    InvitationNeeded,
    /// The invitation does not exist, is used up or has expired.
    #[error("this invitation does not count (any more); ask an admin for a new one")]
    InvitationSpent,
}

/// Why credentials do not count. The texts say what to do and give nothing away about other accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// Name and password do not match.
    #[error("the name or the password is wrong")]
    WrongPassword,
    /// A living one-time code where a password is wanted. Only who holds the code hears it.
    #[error("this is a one-time code; set a password of your own with it: `atelier passwd NAME`")]
    CodeForPassword,
    /// The text is no token or key.
    #[error("this is not a valid access token or API key; log in, or make a key")]
    Malformed,
    /// A token with a signature that is not ours, a foreign algorithm, or an unknown key id.
    #[error("this token was not made here; log in again")]
    Forged,
    /// A token of ours for somebody else to read.
    #[error("this token is meant for another service; log in again")]
    WrongAudience,
    /// Its time is over.
    #[error("this token has expired; refresh it, or log in again")]
    Expired,
    /// The session has ended: logged out, reset, or pushed out by newer ones.
    #[error("this session has ended; log in again")]
    SessionEnded,
    /// A refresh token was used twice, so somebody else may have it.
    #[error("this refresh token was used before, so the session was ended for safety; log in again")]
    Reused,
    /// An API key that is unknown or was given a new secret.
    #[error("this API key does not exist (any more); make a new one")]
    UnknownKey,
    /// An API key that was revoked.
    #[error("this API key was revoked; make a new one")]
    KeyRevoked,
    /// An API key whose time is over.
    #[error("this API key has expired; make a new one")]
    KeyExpired,
}

impl AccountsError {
    pub(super) fn invalid(field: &'static str, problem: impl Into<String>) -> AccountsError {
        AccountsError::Invalid { field, problem: problem.into() }
    }
}

impl From<OnceError> for AccountsError {
    fn from(error: OnceError) -> Self {
        match error {
            OnceError::OtherContent => AccountsError::OtherContent,
            OnceError::Store(error) => AccountsError::Store(error),
        }
    }
}

impl From<PageError> for AccountsError {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Size(_) => AccountsError::invalid("page_size", error.to_string()),
            PageError::Token => AccountsError::invalid("page_token", error.to_string()),
            PageError::Store(error) => AccountsError::Store(error),
        }
    }
}

/// Rounded up, so that nobody is told to come back too early.
fn whole_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}
