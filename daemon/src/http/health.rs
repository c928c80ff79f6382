//! Whether the process lives, and whether it takes work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{HttpState, words};

/// Asks the daemon whether it takes work. Clones ask the same.
#[derive(Clone)]
pub struct Readiness {
    ask: Arc<dyn Fn() -> Vec<String> + Send + Sync>,
}

impl Readiness {
    /// Readiness by a question that gives the reasons against it; none means ready. It is asked often, by
    /// anybody: it must not block, and the reasons must hold nothing secret.
    pub fn new(ask: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Readiness {
        Readiness { ask: Arc::new(ask) }
    }

    /// The reasons against being ready.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        (self.ask)()
    }
}

/// The process lives and answers; a stopped store does not become better by restarting in a loop.
pub(super) async fn alive() -> Response {
    words(StatusCode::OK, "ok")
}

pub(super) async fn ping() -> Response {
    words(StatusCode::OK, "pong")
}

pub(super) async fn ready(State(state): State<HttpState>) -> Response {
    let reasons = state.readiness.reasons();
    if reasons.is_empty() {
        words(StatusCode::OK, "ready")
    } else {
        words(StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}", reasons.join("; ")))
    }
}
