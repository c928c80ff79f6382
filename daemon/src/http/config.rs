//! What can be set about the HTTP edge.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

/// Address and limits of the HTTP edge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address that people use, as a reverse proxy may show another one than `listen`.
    pub public_url: String,
    /// Who shows this token may read the metrics. Without one, only this machine may, and nothing that came
    /// through a proxy.
    #[serde(serialize_with = "redacted")]
    pub metrics_token: Option<SecretString>,
    /// How many connections may be open at once.
    pub connections: usize,
    /// How many requests may be worked on at once.
    pub requests_at_once: usize,
    /// The largest body of a request.
    pub max_body_bytes: usize,
    /// How long a client may take to send the head of a request.
    pub head_timeout_s: u64,
    /// How long the daemon may take to begin its answer.
    pub request_timeout_s: u64,
    /// How long a connection may last, whatever happens on it: the bound for slow downloads.
    pub connection_limit_s: u64,
    /// How long open connections may go on at the end.
    pub drain_s: u64,
}

impl Default for HttpConfig {
    fn default() -> HttpConfig {
        HttpConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8480)),
            public_url: "http://127.0.0.1:8480/".to_owned(),
            metrics_token: None,
            connections: 256,
            requests_at_once: 64,
            max_body_bytes: 1 << 20,
            head_timeout_s: 10,
            request_timeout_s: 30,
            connection_limit_s: 900,
            drain_s: 10,
        }
    }
}

impl HttpConfig {
    pub(super) fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_s)
    }

    pub(super) fn head_timeout(&self) -> Duration {
        Duration::from_secs(self.head_timeout_s)
    }

    pub(super) fn connection_limit(&self) -> Duration {
        Duration::from_secs(self.connection_limit_s)
    }

    pub(super) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_s)
    }
}

/// Configuration is shown to people; the secret in it is not.
fn redacted<S: Serializer>(secret: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(|_| "(set)").serialize(to)
}
