//! Connections and requests within their limits, and an orderly end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{HttpConfig, words};

/// What accepting waits after it failed: most likely there are no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

#[derive(Clone)]
struct Gate {
    places: Arc<Semaphore>,
    timeout: Duration,
}

/// Bounds all routes of `router` together: how many requests are worked on at once, how long each may take
/// until its answer begins, and how large a body is taken in.
pub fn bounded(router: Router, at_once: usize, timeout: Duration, max_body_bytes: usize) -> Router {
    let gate = Gate { places: Arc::new(Semaphore::new(at_once)), timeout };
    router.layer(from_fn_with_state(gate, pass)).layer(DefaultBodyLimit::max(max_body_bytes))
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_place) = gate.places.try_acquire() else {
        let mut full = words(StatusCode::SERVICE_UNAVAILABLE, "too many requests at once; try again shortly");
        full.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        return full;
    };
    let answer = tokio::time::timeout(gate.timeout, next.run(request)).await;
    answer.unwrap_or_else(|_| words(StatusCode::GATEWAY_TIMEOUT, "this took too long; try again"))
}

/// Serves until `shutdown`, then lets open requests finish within the time that is configured for it.
///
/// Every request carries the address of its peer as [`ConnectInfo`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: &HttpConfig,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(config.connections));
    let stopping = CancellationToken::new();
    let mut open = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        while open.try_join_next().is_some() {}
        let accepted = async {
            // While all places are taken, newcomers wait in the queue of the system.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let talk = talk(stream, peer, router.clone(), config.head_timeout(), stopping.clone());
        let limit = config.connection_limit();
        open.spawn(async move {
            let _place = place;
            // Being too long on the line is no error worth a word.
            let _over = tokio::time::timeout(limit, talk).await;
        });
    }
    drop(listener);
    stopping.cancel();
    let all = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(config.drain(), all).await.is_err() {
        tracing::info!("some downloads were cut off at the end");
    }
}

async fn talk(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head_timeout: Duration,
    stopping: CancellationToken,
) {
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head_timeout);
    let service = TowerToHyperService::new(router.layer(Extension(ConnectInfo(peer))));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(error, "a connection ended early");
    }
}
