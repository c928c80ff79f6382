//! Who is calling, and tokens that stay fresh.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use http::{HeaderValue, header::AUTHORIZATION};
use tonic::{Status, body::Body, transport::Channel};
use tower::Service;

use crate::{
    ON_BEHALF_OF,
    v1::{RefreshRequest, Tokens, accounts_client::AccountsClient},
};

/// Tokens are renewed when they have less than this left.
const MARGIN: Duration = Duration::from_secs(30);

/// A session's tokens as they are kept between runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTokens {
    /// For the next calls.
    pub access: String,
    /// When it stops working.
    pub access_expires_at: SystemTime,
    /// For the next renewal.
    pub refresh: String,
}

impl From<Tokens> for StoredTokens {
    fn from(tokens: Tokens) -> Self {
        let access_expires_at = tokens
            .access_expires_at
            .and_then(|at| SystemTime::try_from(at).ok())
            .unwrap_or(SystemTime::UNIX_EPOCH);
        Self { access: tokens.access_token, access_expires_at, refresh: tokens.refresh_token }
    }
}

impl StoredTokens {
    fn is_fresh(&self) -> bool {
        #[expect(clippy::disallowed_methods, reason = "compared with a time that the daemon set")]
        let now = SystemTime::now();
        self.access_expires_at > now + MARGIN
    }
}

/// Held while tokens are renewed. Dropping it lets others.
pub type TokenLock = Box<dyn Send>;

/// Where a session's tokens are kept. A refresh token works once, so processes that share a store have to take
/// turns: [`TokenStore::lock`] is held over reading, renewing and saving.
pub trait TokenStore: Send + Sync {
    /// Waits for one's turn. Runs on a thread that may block.
    fn lock(&self) -> TokenLock;
    /// The newest tokens.
    fn load(&self) -> Option<StoredTokens>;
    /// Keeps these from now on.
    fn save(&self, tokens: &StoredTokens);
}

/// Tokens of this process only.
#[derive(Debug, Default)]
pub struct MemoryTokens(Mutex<Option<StoredTokens>>);

impl MemoryTokens {
    /// Starts with these.
    #[must_use]
    pub fn new(tokens: impl Into<StoredTokens>) -> Self {
        Self(Mutex::new(Some(tokens.into())))
    }
}

impl TokenStore for MemoryTokens {
    fn lock(&self) -> TokenLock {
        Box::new(())
    }

    fn load(&self) -> Option<StoredTokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn save(&self, tokens: &StoredTokens) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
    }
}

/// How a caller shows who it is.
#[derive(Clone)]
pub enum Credentials {
    /// Not at all: for the owner on the Unix socket, and for logging in.
    None,
    /// By an API key or an access token that is not renewed.
    Bearer(String),
    /// By a session.
    Session(Arc<dyn TokenStore>),
}

/// A channel that adds the caller's credentials to every call.
#[derive(Clone)]
pub struct Authorised {
    channel: Channel,
    credentials: Credentials,
    on_behalf_of: Option<String>,
    /// One renewal at a time in this process.
    renewing: Arc<tokio::sync::Mutex<()>>,
}

impl Authorised {
    pub(super) fn new(channel: Channel, credentials: Credentials) -> Self {
        Self { channel, credentials, on_behalf_of: None, renewing: Arc::default() }
    }

    pub(super) fn with_credentials(&self, credentials: Credentials) -> Self {
        Self { credentials, renewing: Arc::default(), ..self.clone() }
    }

    pub(super) fn on_behalf_of(&self, identity: &str) -> Self {
        Self { on_behalf_of: Some(identity.to_owned()), ..self.clone() }
    }

    /// Gets new tokens although the old ones look fresh. False when there is nothing to renew or it failed.
    pub(super) async fn renew(&self) -> bool {
        match &self.credentials {
            Credentials::Session(store) => {
                let refused = store.load().map(|tokens| tokens.access);
                self.fresh_access(store, refused.as_deref()).await.is_some()
            }
            Credentials::None | Credentials::Bearer(_) => false,
        }
    }

    /// An access token that is still good and is not `refused`.
    async fn fresh_access(&self, store: &Arc<dyn TokenStore>, refused: Option<&str>) -> Option<String> {
        let usable = |tokens: &StoredTokens| tokens.is_fresh() && Some(tokens.access.as_str()) != refused;
        if let Some(tokens) = store.load().filter(usable) {
            return Some(tokens.access);
        }
        let _turn = self.renewing.lock().await;
        let locking = Arc::clone(store);
        let _lock = tokio::task::spawn_blocking(move || locking.lock()).await.ok()?;
        let tokens = store.load()?;
        if usable(&tokens) {
            return Some(tokens.access);
        }
        let mut accounts = AccountsClient::new(self.channel.clone());
        match accounts.refresh(RefreshRequest { refresh_token: tokens.refresh }).await {
            Ok(answer) => {
                let tokens = StoredTokens::from(answer.into_inner().tokens?);
                store.save(&tokens);
                Some(tokens.access)
            }
            Err(status) => {
                tracing::debug!(code = ?status.code(), "the session could not be renewed");
                None
            }
        }
    }

    /// Adds the credentials. A caller who has some never calls without: on the Unix socket that would be the owner.
    async fn authorise(&self, request: &mut http::Request<Body>) -> Result<(), Status> {
        let token =
            match &self.credentials {
                Credentials::None => None,
                Credentials::Bearer(token) => Some(token.clone()),
                Credentials::Session(store) => {
                    let fresh = self.fresh_access(store, None).await;
                    // The daemon says best what is wrong with the old one.
                    let token = fresh.or_else(|| store.load().map(|tokens| tokens.access));
                    Some(token.ok_or_else(|| {
                        Status::unauthenticated("there is no session any more; log in again")
                    })?)
                }
            };
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Status::unauthenticated("the key or token has characters that none has"))?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        if let Some(identity) = &self.on_behalf_of {
            let identity = HeaderValue::from_str(identity)
                .map_err(|_| Status::invalid_argument("the chat identity has characters that none has"))?;
            request.headers_mut().insert(ON_BEHALF_OF, identity);
        }
        Ok(())
    }
}

impl Service<http::Request<Body>> for Authorised {
    type Response = http::Response<Body>;
    type Error = tonic::transport::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.channel.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        // The clone that was polled ready is the one to use; the fresh one takes its place.
        let fresh = self.clone();
        let mut ready = std::mem::replace(self, fresh);
        Box::pin(async move {
            match ready.authorise(&mut request).await {
                Ok(()) => ready.channel.call(request).await,
                Err(status) => Ok(status.into_http()),
            }
        })
    }
}
