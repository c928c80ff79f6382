//! Arguments become a connection: which daemon, and as whom.

use std::{fs, io, path::PathBuf, sync::Arc};

use atelier_proto::client::{Client, Credentials, Endpoint, EndpointError, Patience};

use super::{
    FileTokens,
    embedded::{self, Hosted, Running},
    heir::Heir,
    place::{Target, target},
};
use crate::{args::Global, ui::Place};

/// Why there is no connection to try.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error(transparent)]
    Address(#[from] EndpointError),
    #[error("the authority's certificate can't be read from {}: {source}", file.display())]
    Authority { file: PathBuf, source: io::Error },
    #[error("{0}")]
    Host(String),
    #[error("there is no home folder to keep a session in; set HOME or XDG_STATE_HOME, or use ATELIER_KEY")]
    NoFolder,
}

/// A way to a daemon. Nothing was asked of it yet.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) place: Place,
    pub(crate) endpoint: Endpoint,
    /// The daemon, while it runs in this process.
    pub(crate) running: Option<Running>,
    /// Who takes the place of the daemon that was joined.
    pub(crate) heir: Option<Heir>,
}

impl Session {
    /// The tokens for this daemon.
    pub(crate) fn tokens(&self) -> Result<FileTokens, ConnectError> {
        FileTokens::of(&self.endpoint).ok_or(ConnectError::NoFolder)
    }

    /// Whether the daemon knows its owner by the socket.
    pub(crate) fn is_local(&self) -> bool {
        !matches!(self.place, Place::Remote(_))
    }

    /// Ends the daemon if it runs here; its work is queued again first.
    pub(crate) async fn close(self) {
        if let Some(running) = self.running {
            running.stop().await;
        }
        if let Some(heir) = self.heir {
            heir.resign().await;
        }
    }
}

/// Finds the daemon that `global` means, and runs it where none does.
pub(crate) async fn open(
    global: &Global,
    key: Option<String>,
    progress: impl Fn(&str) + Send + Sync,
) -> Result<Session, ConnectError> {
    let ca_pem = match &global.ca {
        Some(file) => {
            Some(fs::read(file).map_err(|source| ConnectError::Authority { file: file.clone(), source })?)
        }
        None => None,
    };
    let mut heir = None;
    let (endpoint, place, running) = match target(global.connect.as_deref(), global.data.clone(), ca_pem)? {
        Target::Remote(endpoint) => {
            let place = Place::Remote(endpoint.to_string());
            (endpoint, place, None)
        }
        Target::Local(data) => {
            match embedded::host(data.clone(), progress).await.map_err(ConnectError::Host)? {
                Hosted::Joined { socket } => {
                    heir = Some(Heir::wait(data, socket.clone()));
                    (Endpoint::Unix(socket), Place::Joined, None)
                }
                Hosted::Embedded(running) => {
                    (Endpoint::Unix(running.socket().to_owned()), Place::Embedded, Some(running))
                }
            }
        }
    };
    let credentials = credentials(&endpoint, &place, key);
    let client = Client::new(&endpoint, credentials, Patience::INTERACTIVE)?;
    Ok(Session { client, place, endpoint, running, heir })
}

/// A key that was given counts most. The owner's socket needs nothing; elsewhere a kept session is used.
fn credentials(endpoint: &Endpoint, place: &Place, key: Option<String>) -> Credentials {
    if let Some(key) = key {
        return Credentials::Bearer(key);
    }
    match (place, FileTokens::of(endpoint)) {
        (Place::Remote(_), Some(tokens)) if tokens.exist() => Credentials::Session(Arc::new(tokens)),
        _ => Credentials::None,
    }
}

/// The API key of the environment. It is no argument because arguments show in process lists.
pub(crate) fn api_key() -> Option<String> {
    std::env::var("ATELIER_KEY").ok().map(|key| key.trim().to_owned()).filter(|key| !key.is_empty())
}
