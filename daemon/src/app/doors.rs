//! The daemon's listeners, opened before anything is begun.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::{config::Config, socket::Socket};

/// Where the daemon can be reached. Callers wait at an open door until it is served.
pub(super) struct Doors {
    pub(super) socket: Socket,
    pub(super) grpc: Option<TcpListener>,
    pub(super) http: Option<TcpListener>,
}

impl Doors {
    pub(super) async fn open(config: &Config, network: bool) -> anyhow::Result<Self> {
        let socket = Socket::bind(&config.socket())?;
        let listen = async |name: &str, address: SocketAddr| {
            let listener = TcpListener::bind(address).await;
            listener.with_context(|| format!("{name}: can't listen on {address}"))
        };
        let grpc = match config.listen.grpc.filter(|_| network) {
            Some(address) => Some(listen("listen.grpc", address).await?),
            None => None,
        };
        let http = if network { Some(listen("http.listen", config.http.listen).await?) } else { None };
        Ok(Self { socket, grpc, http })
    }

    pub(super) fn grpc_address(&self) -> Option<SocketAddr> {
        self.grpc.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    pub(super) fn http_address(&self) -> Option<SocketAddr> {
        self.http.as_ref().and_then(|listener| listener.local_addr().ok())
    }
}
