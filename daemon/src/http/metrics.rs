//! The counters, for those who may see them.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use super::{HttpState, words};
use crate::metrics::CONTENT_TYPE;

/// Proxies add one of these; then the peer is not the one who asks.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

pub(super) async fn show(
    State(state): State<HttpState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let allowed = match &state.config.metrics_token {
        Some(token) => shows(&headers, token.expose_secret()),
        None => {
            peer.ip().to_canonical().is_loopback()
                && FORWARDED.iter().all(|name| !headers.contains_key(*name))
        }
    };
    if !allowed {
        let text = "metrics are for this machine, or for who shows the configured token";
        let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
        return (challenge, words(StatusCode::UNAUTHORIZED, text)).into_response();
    }
    match state.metrics.text() {
        Ok(text) => {
            let headers = [(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")];
            (headers, text).into_response()
        }
        Err(_) => words(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written as text"),
    }
}

fn shows(headers: &HeaderMap, token: &str) -> bool {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    shown
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|shown| bool::from(shown.as_bytes().ct_eq(token.as_bytes())))
}
