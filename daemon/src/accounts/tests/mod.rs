//! The accounts as a whole, on a clock that is moved by hand.

mod admin;
mod api_keys;
mod keyring;
mod login;
mod register;
mod sessions;
mod streams;
mod tokens;

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::*;
use crate::id::RequestId;
use crate::store::StoreOptions;

const PASSWORD: &str = "correct horse battery";
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

struct Studio {
    accounts: Accounts,
    clock: Clock,
    store: Store,
    keys: KeyRing,
    folder: tempfile::TempDir,
}

fn config(registration: Registration) -> AccountsConfig {
    let password = PasswordConfig { memory_kib: 8, passes: 1, ..PasswordConfig::default() };
    AccountsConfig { registration, password, ..AccountsConfig::default() }
}

/// A studio where anyone may register, with an owner.
async fn studio() -> Studio {
    let studio = empty(config(Registration::Open));
    studio.accounts.seed_owner("owner").await.unwrap().unwrap();
    studio
}

fn empty(config: AccountsConfig) -> Studio {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), StoreOptions::default()).unwrap();
    let clock = Clock::manual(Timestamp::from_millis(1_700_000_000_000));
    let keys = KeyRing::open(&folder.path().join("keys"), clock.now()).unwrap();
    let accounts = Accounts::new(store.clone(), clock.clone(), keys.clone(), config).unwrap();
    Studio { accounts, clock, store, keys, folder }
}

fn origin() -> Origin {
    Origin::new(Some([203, 0, 113, 7].into()), "test/1")
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

impl Studio {
    fn request(&self) -> RequestId {
        RequestId::new(self.clock.now())
    }

    async fn join(&self, name: &str) -> (Member, Tokens) {
        let (request, none) = (self.request(), secret(""));
        self.accounts.register(request, name, &secret(PASSWORD), &none, &origin()).await.unwrap()
    }

    async fn login(&self, name: &str, password: &str) -> Result<(Member, Tokens), AccountsError> {
        self.accounts.login(name, &secret(password), "laptop", &origin()).await
    }

    fn owner(&self) -> Caller {
        self.accounts.local_owner(&Origin::default()).unwrap()
    }

    fn caller(&self, tokens: &Tokens) -> Caller {
        self.try_caller(tokens).unwrap()
    }

    fn try_caller(&self, tokens: &Tokens) -> Result<Caller, AccountsError> {
        self.accounts.authenticate(tokens.access.expose_secret(), &origin())
    }

    async fn refresh(&self, tokens: &Tokens) -> Result<Tokens, AccountsError> {
        self.accounts.refresh(&tokens.refresh, &origin()).await
    }

    /// Somebody who is logged in with a role that the owner gave.
    async fn with_role(&self, name: &str, role: Role) -> Caller {
        let (_, tokens) = self.join(name).await;
        if role != Role::Member {
            self.accounts.set_role(&self.owner(), self.request(), name, role).await.unwrap();
        }
        self.caller(&tokens)
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, AccountsError>, reason: AuthError) {
    assert_eq!(outcome.unwrap_err(), AccountsError::Unauthenticated(reason));
}

#[track_caller]
fn denied<T: std::fmt::Debug>(outcome: Result<T, AccountsError>, reason: Denied) {
    assert_eq!(outcome.unwrap_err(), AccountsError::Denied(reason));
}
