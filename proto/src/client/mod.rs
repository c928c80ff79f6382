//! The one client. [`Client`] is a cheap handle; clones share the connection and the tokens.

mod auth;
mod backoff;
mod endpoint;
mod files;
mod follow;

use std::{future::Future, time::Duration};

use tonic::{Code, Status, transport::Channel};

pub use self::{
    auth::{Authorised, Credentials, MemoryTokens, StoredTokens, TokenLock, TokenStore},
    backoff::Backoff,
    endpoint::{Endpoint, EndpointError},
    files::Download,
    follow::{Follow, News},
};
use crate::v1::{
    accounts_client::AccountsClient, admin_client::AdminClient, assets_client::AssetsClient,
    catalogue_client::CatalogueClient, chats_client::ChatsClient, conversations_client::ConversationsClient,
    credits_client::CreditsClient, jobs_client::JobsClient, models_client::ModelsClient,
    system_client::SystemClient,
};

/// Largest message that is accepted. Previews and lists stay far below; files travel in pieces.
const MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// Whether it was the connection that failed, and not the daemon that refused: another try may find it there. What
/// comes from the daemon has no source; a connection that ended in the middle of a call has one, and various codes.
#[must_use]
pub fn is_away(status: &Status) -> bool {
    status.code() == Code::Unavailable || std::error::Error::source(status).is_some()
}

/// How patient the client is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Longest wait for the answer to one attempt of a unary call.
    pub attempt: Duration,
    /// How long a call is tried again while the daemon can't be reached.
    pub unreachable: Duration,
}

impl Patience {
    /// For a program that a person is waiting for.
    pub const INTERACTIVE: Self =
        Self { attempt: Duration::from_secs(20), unreachable: Duration::from_secs(10) };
    /// One attempt only.
    pub const NONE: Self = Self { attempt: Duration::from_secs(20), unreachable: Duration::ZERO };
}

/// A connection to a daemon, and who is calling.
#[derive(Clone)]
pub struct Client {
    service: Authorised,
    patience: Patience,
}

impl Client {
    /// A client for `endpoint`. Nothing is sent before the first call, which connects.
    ///
    /// # Errors
    /// When the endpoint's TLS settings can't be used.
    pub fn new(
        endpoint: &Endpoint,
        credentials: Credentials,
        patience: Patience,
    ) -> Result<Self, EndpointError> {
        let channel: Channel = endpoint.channel()?;
        Ok(Self { service: Authorised::new(channel, credentials), patience })
    }

    /// The same connection with other patience.
    #[must_use]
    pub fn with_patience(&self, patience: Patience) -> Self {
        Self { service: self.service.clone(), patience }
    }

    /// The same connection for another caller.
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self { service: self.service.with_credentials(credentials), patience: self.patience }
    }

    /// The same connection, acting for a chat identity (`<platform>:<user>[:<channel>[:<parent>]]`). Needs the role bot.
    #[must_use]
    pub fn on_behalf_of(&self, identity: &str) -> Self {
        Self { service: self.service.on_behalf_of(identity), patience: self.patience }
    }

    /// Calls `attempt` until it answers: again with growing pauses while the daemon can't be reached, and once
    /// more with a new token when the old one was refused. Only for calls that may be repeated: reads, and
    /// mutations that carry the same `request_id` each time.
    ///
    /// # Errors
    /// The last answer.
    pub async fn call<T, F>(&self, attempt: impl Fn(Self) -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<tonic::Response<T>, Status>>,
    {
        let mut backoff = Backoff::new();
        let give_up = tokio::time::Instant::now() + self.patience.unreachable;
        let mut renewed = false;
        loop {
            let answer = tokio::time::timeout(self.patience.attempt, attempt(self.clone())).await;
            let status = match answer {
                Ok(Ok(response)) => return Ok(response.into_inner()),
                Ok(Err(status)) => status,
                Err(_) => Status::deadline_exceeded(format!(
                    "no answer within {} s; the daemon may be busy",
                    self.patience.attempt.as_secs()
                )),
            };
            match status.code() {
                Code::Unauthenticated if !renewed && self.service.renew().await => renewed = true,
                _ if is_away(&status) => {
                    let pause = backoff.next_pause();
                    if tokio::time::Instant::now() + pause > give_up {
                        return Err(status);
                    }
                    tokio::time::sleep(pause).await;
                }
                _ => return Err(status),
            }
        }
    }

    /// Accounts, sessions, keys.
    #[must_use]
    pub fn accounts(&self) -> AccountsClient<Authorised> {
        AccountsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// Running the studio.
    #[must_use]
    pub fn admin(&self) -> AdminClient<Authorised> {
        AdminClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// Files.
    #[must_use]
    pub fn assets(&self) -> AssetsClient<Authorised> {
        AssetsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// Which models are in memory.
    #[must_use]
    pub fn models(&self) -> ModelsClient<Authorised> {
        ModelsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// What can be asked for.
    #[must_use]
    pub fn catalogue(&self) -> CatalogueClient<Authorised> {
        CatalogueClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// Chat identities and channels.
    #[must_use]
    pub fn chats(&self) -> ChatsClient<Authorised> {
        ChatsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// Talking.
    #[must_use]
    pub fn conversations(&self) -> ConversationsClient<Authorised> {
        ConversationsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// The wallet.
    #[must_use]
    pub fn credits(&self) -> CreditsClient<Authorised> {
        CreditsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// Work for the engine.
    #[must_use]
    pub fn jobs(&self) -> JobsClient<Authorised> {
        JobsClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// The daemon itself.
    #[must_use]
    pub fn system(&self) -> SystemClient<Authorised> {
        SystemClient::new(self.service.clone()).max_decoding_message_size(MESSAGE_BYTES)
    }
}
