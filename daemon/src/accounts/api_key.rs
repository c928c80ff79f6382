//! API keys: `atl_<prefix>_<secret>`, for programs.
//!
//! The prefix names the key and stays; the secret has 160 bits, is shown once and kept as a hash. Because it is
//! never shown again, a repetition of the act that made it gives the key a new secret and voids the one before.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::Accounts;
use super::caller::{Caller, Credential, Origin};
use super::error::{AccountsError, AuthError};
use super::member::MEMBERS;
use super::role::{Permission, Scope};
use super::secret::{self, Hashed};
use crate::clock::Timestamp;
use crate::id::{KeyId, MemberId, RequestId};
use crate::once::{self, Digest};
use crate::store::{Table, TableId, Tx};

pub(super) static KEYS: Table<KeyId, KeyRow> = Table::new(TableId::ApiKeys as u8, "api keys");
/// The keys of each member, oldest first, revoked ones included.
static OF_MEMBER: Table<MemberId, Vec<KeyId>> = Table::new(TableId::MemberApiKeys as u8, "member api keys");

pub(super) const START: &str = "atl_";
const PREFIX_LETTERS: usize = 10;
const SECRET_LETTERS: usize = 32;
const LONGEST_NAME: usize = 64;
/// Revoked keys of a member that stay in the list.
const KEPT_REVOKED: usize = 50;

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Id of the key.
    pub id: KeyId,
    /// What its owner calls it.
    pub name: String,
    /// The first characters of the secret, to tell keys apart.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; absent for never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, accurate to a minute; absent if never.
    pub last_used_at: Option<Timestamp>,
    /// How many calls it has made, accurate to a minute.
    pub call_count: u64,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What a new key shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// What its owner calls it, 1 to 64 characters.
    pub name: String,
    /// What it may be used for, at least one.
    pub scopes: Vec<Scope>,
    /// When it shall stop working; absent for never.
    pub expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyRow {
    pub(super) key: ApiKey,
    pub(super) member: MemberId,
    secret: Hashed,
    /// Counts the secrets the key has had.
    pub(super) version: u32,
}

impl KeyRow {
    /// Whether the key may be used now.
    pub(super) fn living(&self, now: Timestamp) -> Result<(), AuthError> {
        if self.key.revoked {
            return Err(AuthError::KeyRevoked);
        }
        match self.key.expires_at {
            Some(end) if now >= end => Err(AuthError::KeyExpired),
            _ => Ok(()),
        }
    }
}

impl NewApiKey {
    fn parse(self, now: Timestamp) -> Result<NewApiKey, AccountsError> {
        let name = self.name.trim().to_owned();
        if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            let problem = format!("must have 1 to {LONGEST_NAME} characters, all of them visible");
            return Err(AccountsError::invalid("name", problem));
        }
        let mut scopes = self.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(AccountsError::invalid("scopes", "name at least one of read, generate and admin"));
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(AccountsError::invalid("expires_at", "must lie in the future"));
        }
        Ok(NewApiKey { name, scopes, expires_at: self.expires_at })
    }

    fn digest(&self) -> Digest {
        let scopes: Vec<String> = self.scopes.iter().map(Scope::to_string).collect();
        let end = self.expires_at.map(|end| end.to_string()).unwrap_or_default();
        Digest::of("create_api_key", &[self.name.as_bytes(), scopes.join(",").as_bytes(), end.as_bytes()])
    }
}

/// The id of the key with this prefix, so that a key is found without an index.
fn id_of(prefix: &str) -> KeyId {
    KeyId::derived(&[b"api key", prefix.as_bytes()])
}

fn whole(prefix: &str, secret: &str) -> SecretString {
    format!("{START}{prefix}_{secret}").into()
}

impl Accounts {
    /// Makes an API key; the secret is shown this once. A repetition shows a new secret of the same key.
    ///
    /// # Errors
    /// [`Denied`](super::Denied), [`AccountsError::Invalid`], [`AccountsError::Exhausted`] with too many keys.
    pub async fn create_api_key(
        &self,
        caller: &Caller,
        request: RequestId,
        new: NewApiKey,
    ) -> Result<(ApiKey, SecretString), AccountsError> {
        caller.require(Permission::ManageOwn)?;
        let (now, member, most) = (self.now(), caller.member.id, self.config().max_api_keys);
        let new = new.parse(now)?;
        let digest = new.digest();
        let (prefix, secret) = (secret::letters::<PREFIX_LETTERS>(), secret::letters::<SECRET_LETTERS>());
        let hash = Hashed::of(secret.as_bytes());
        let key = self
            .store()
            .transact(move |tx| {
                if let Some(id) = once::answered(tx, member, request, &digest)? {
                    let id = id.parse().map_err(|_| AccountsError::NotFound("API key"))?;
                    return renew(tx, member, id, hash);
                }
                let key = ApiKey {
                    id: id_of(&prefix),
                    name: new.name.clone(),
                    prefix: prefix.clone(),
                    scopes: new.scopes.clone(),
                    created_at: now,
                    expires_at: new.expires_at,
                    last_used_at: None,
                    call_count: 0,
                    revoked: false,
                };
                add(tx, most, &KeyRow { key: key.clone(), member, secret: hash, version: 1 })?;
                once::record(tx, member, request, digest, key.id.to_string(), now)?;
                Ok(key)
            })
            .await?;
        self.something_ended();
        let secret = whole(&key.prefix, &secret);
        Ok((key, secret))
    }

    /// The caller's API keys, newest first, revoked ones included.
    ///
    /// # Errors
    /// [`Denied`](super::Denied) to API keys and chat users, and the store's.
    pub fn api_keys(&self, caller: &Caller) -> Result<Vec<ApiKey>, AccountsError> {
        caller.owns_credentials()?;
        let mut keys = Vec::new();
        for id in OF_MEMBER.read(self.store(), &caller.member.id)?.unwrap_or_default().iter().rev() {
            keys.extend(KEYS.read(self.store(), id)?.map(|row| row.key));
        }
        Ok(keys)
    }

    /// Replaces a key's secret; name, scopes and expiry stay. A repetition replaces it again.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the caller has no such key, or it was revoked.
    pub async fn regenerate_api_key(
        &self,
        caller: &Caller,
        id: KeyId,
    ) -> Result<(ApiKey, SecretString), AccountsError> {
        caller.require(Permission::ManageOwn)?;
        let member = caller.member.id;
        let secret = secret::letters::<SECRET_LETTERS>();
        let hash = Hashed::of(secret.as_bytes());
        let key = self.store().transact(move |tx| renew(tx, member, id, hash)).await?;
        self.something_ended();
        let secret = whole(&key.prefix, &secret);
        Ok((key, secret))
    }

    /// Ends a key for good. Ending it twice is no mistake.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the caller has no such key.
    pub async fn revoke_api_key(&self, caller: &Caller, id: KeyId) -> Result<(), AccountsError> {
        caller.owns_credentials()?;
        let member = caller.member.id;
        self.store()
            .transact(move |tx| {
                let mut row = own(tx, member, id)?;
                row.key.revoked = true;
                Ok::<_, AccountsError>(KEYS.put(tx, &id, &row)?)
            })
            .await?;
        self.something_ended();
        Ok(())
    }

    /// The caller who shows `bearer`, which begins like an API key.
    pub(super) fn by_api_key(&self, bearer: &str, origin: &Origin) -> Result<Caller, AccountsError> {
        let parts = bearer.strip_prefix(START).and_then(|rest| rest.split_once('_'));
        let Some((prefix, secret)) = parts else { return Err(AuthError::Malformed.into()) };
        if prefix.len() != PREFIX_LETTERS || secret.len() != SECRET_LETTERS {
            return Err(AuthError::Malformed.into());
        }
        let row =
            KEYS.read(self.store(), &id_of(prefix))?.filter(|row| row.secret.matches(secret.as_bytes()));
        let row = row.ok_or(AuthError::UnknownKey)?;
        let now = self.now();
        row.living(now)?;
        let member = MEMBERS.read(self.store(), &row.member)?.ok_or(AuthError::UnknownKey)?;
        self.inner.usage.count(row.key.id, now);
        let ApiKey { id, name, scopes, expires_at, .. } = row.key;
        let credential = Credential::ApiKey { id, name, scopes, expires_at, version: row.version };
        Ok(Caller { member, credential, acting: None, bot: None, origin: origin.clone() })
    }
}

fn own(tx: &mut Tx<'_>, member: MemberId, id: KeyId) -> Result<KeyRow, AccountsError> {
    let row = KEYS.get(tx, &id)?.filter(|row| row.member == member);
    row.ok_or(AccountsError::NotFound("API key"))
}

fn renew(tx: &mut Tx<'_>, member: MemberId, id: KeyId, secret: Hashed) -> Result<ApiKey, AccountsError> {
    let mut row = own(tx, member, id)?;
    if row.key.revoked {
        return Err(AccountsError::Conflict("this API key was revoked; make a new one"));
    }
    row.secret = secret;
    row.version = row.version.saturating_add(1);
    KEYS.put(tx, &id, &row)?;
    Ok(row.key)
}

fn add(tx: &mut Tx<'_>, most: usize, row: &KeyRow) -> Result<(), AccountsError> {
    let mut ids = OF_MEMBER.get(tx, &row.member)?.unwrap_or_default();
    let mut revoked = Vec::new();
    for id in &ids {
        if KEYS.get(tx, id)?.is_none_or(|row| row.key.revoked) {
            revoked.push(*id);
        }
    }
    if ids.len() - revoked.len() >= most {
        return Err(AccountsError::Exhausted(format!(
            "an account has at most {most} API keys; revoke one first"
        )));
    }
    for id in revoked.iter().take(revoked.len().saturating_sub(KEPT_REVOKED)) {
        ids.retain(|other| other != id);
        KEYS.remove(tx, id)?;
    }
    let id = row.key.id;
    if KEYS.get(tx, &id)?.is_some() {
        // One in 2^50; another try draws another prefix.
        return Err(AccountsError::Internal("an API key was drawn twice; try again".to_owned()));
    }
    ids.push(id);
    OF_MEMBER.put(tx, &row.member, &ids)?;
    KEYS.put(tx, &id, row)?;
    Ok(())
}
