//! The HTTP edge: health, downloads by signed link, and metrics.
//!
//! Nothing here decides anything about files or jobs. Every connection, request, body and wait is bounded.

mod config;
mod downloads;
mod health;
mod metrics;
mod range;
mod serve;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub use config::HttpConfig;
pub use health::Readiness;
pub use serve::{bounded, serve};

use crate::assets::{Assets, Links};
use crate::clock::Clock;
use crate::metrics::Metrics;

/// What the routes need.
#[derive(Clone)]
pub struct HttpState {
    /// The files to give.
    pub assets: Assets,
    /// Checks signed links.
    pub links: Links,
    /// Tells whether the daemon takes work.
    pub readiness: Readiness,
    /// What is counted.
    pub metrics: Metrics,
    /// Tells when a link has expired.
    pub clock: Clock,
    /// Limits, and who may read the metrics.
    pub config: HttpConfig,
}

/// The routes, within their limits. Routes that take longer or more are bounded on their own with [`bounded`]
/// and merged.
pub fn router(state: HttpState) -> Router {
    let config = state.config.clone();
    let routes = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/ping", get(health::ping))
        .route("/metrics", get(metrics::show))
        .route("/d/{asset}/{expires_s}/{kid}/{signature}", get(downloads::give))
        .fallback(async || words(StatusCode::NOT_FOUND, "there is nothing at this address"))
        .with_state(state);
    bounded(routes, config.requests_at_once, config.request_timeout(), config.max_body_bytes)
}

/// An answer in plain words, which nobody keeps.
fn words(status: StatusCode, text: impl Into<String>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let mut text = text.into();
    text.push('\n');
    (status, headers, text).into_response()
}
