//! Where a daemon listens.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use hyper_util::rt::TokioIo;
use tonic::transport::{Certificate, Channel, ClientTlsConfig};

const CONNECT: Duration = Duration::from_secs(5);
/// A dead peer is noticed by its missing answer to a ping, not only by the next write.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Where a daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A Unix socket on this machine.
    Unix(PathBuf),
    /// A TCP address.
    Tcp {
        /// `http://…` or `https://…`.
        url: String,
        /// PEM of the authority that signed the daemon's certificate, where it is not a public one.
        ca_pem: Option<Vec<u8>>,
    },
}

/// Why an endpoint can't be used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Not an address.
    #[error(
        "`{0}` is not an address: give unix:/path/to/socket, host:port, http://host:port or https://host:port"
    )]
    NotAnAddress(String),
    /// TLS can't be set up.
    #[error("TLS can't be set up: {0}")]
    Tls(#[source] tonic::transport::Error),
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || EndpointError::NotAnAddress(text.to_owned());
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(wrong()) } else { Ok(Self::Unix(PathBuf::from(path))) };
        }
        let url = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let uri: http::Uri = url.parse().map_err(|_| wrong())?;
        match (uri.scheme_str(), uri.port(), uri.host()) {
            (Some("http" | "https"), Some(_), Some(host)) if !host.is_empty() => {
                Ok(Self::Tcp { url, ca_pem: None })
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp { url, .. } => f.write_str(url),
        }
    }
}

impl Endpoint {
    /// A channel that connects at the first call and again whenever it has to.
    pub(super) fn channel(&self) -> Result<Channel, EndpointError> {
        match self {
            Self::Unix(path) => {
                let path = path.clone();
                let connect = tower::service_fn(move |_: http::Uri| {
                    let path = path.clone();
                    async move { tokio::net::UnixStream::connect(path).await.map(TokioIo::new) }
                });
                // The address is only a name here; the connector knows the way.
                Ok(Channel::from_static("http://atelier.local")
                    .connect_timeout(CONNECT)
                    .connect_with_connector_lazy(connect))
            }
            Self::Tcp { url, ca_pem } => {
                let mut endpoint = Channel::from_shared(url.clone())
                    .map_err(|_| EndpointError::NotAnAddress(url.clone()))?
                    .connect_timeout(CONNECT)
                    .tcp_nodelay(true)
                    .http2_keep_alive_interval(PING_EVERY)
                    .keep_alive_timeout(CONNECT);
                if url.starts_with("https://") {
                    let mut tls = ClientTlsConfig::new();
                    if let Some(pem) = ca_pem {
                        tls = tls.ca_certificate(Certificate::from_pem(pem));
                    } else {
                        tls = tls.with_enabled_roots();
                    }
                    endpoint = endpoint.tls_config(tls).map_err(EndpointError::Tls)?;
                }
                Ok(endpoint.connect_lazy())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, wanted) in [
            ("unix:/run/a.sock", Some("unix:/run/a.sock")),
            ("unix:///run/a.sock", Some("unix:/run/a.sock")),
            ("127.0.0.1:7340", Some("http://127.0.0.1:7340")),
            ("https://studio.example:443", Some("https://studio.example:443")),
            ("[::1]:7340", Some("http://[::1]:7340")),
            ("studio.example", None),
            ("ftp://studio.example:21", None),
            ("unix:", None),
            ("", None),
        ] {
            let got = text.parse::<Endpoint>().ok().map(|endpoint| endpoint.to_string());
            assert_eq!(got.as_deref(), wanted, "{text}");
        }
    }
}
