//! A double of Telegram's Bot API over real HTTP: long polling, multipart with `attach://`, pictures kept and served.
//!
//! It refuses what Telegram refuses (lengths, buttons, albums with keyboards, messages that are not there), so a bot
//! that gets on with it speaks the API; an independent client checks the double itself in the same way. Nothing of it
//! is a library of the bot's.

mod files;
mod methods;
mod people;
mod state;
pub mod webhook;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Router,
    extract::{Path, Request, State as Extract},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};

use self::{
    methods::Answer,
    state::{Inside, State},
};
pub use self::{
    people::{Group, Person},
    state::{Call, Shown},
};
use crate::form::Body;

/// How long anything may take before a test gives up. Only a guard.
const GUARD: Duration = Duration::from_secs(60);
/// Largest request, as the real server has it for files of 50 MB.
const LARGEST_BYTES: usize = 60 << 20;

/// The double; it ends when dropped.
pub struct Telegram {
    state: Arc<State>,
    address: SocketAddr,
    ended: Arc<Notify>,
    _servers: JoinSet<()>,
}

impl Drop for Telegram {
    fn drop(&mut self) {
        // Connections that are kept open end too, after the answer that they wait for.
        self.ended.notify_one();
    }
}

impl Telegram {
    /// One for a bot with this token.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(token: &str) -> anyhow::Result<Self> {
        let state = Arc::new(State::new(token));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router =
            Router::new().route("/{*path}", axum::routing::any(serve)).with_state(Arc::clone(&state));
        let ended = Arc::new(Notify::new());
        let end = Arc::clone(&ended);
        tokio::spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async move { end.notified().await })
                .await
                .ok();
        });
        let mut servers = JoinSet::new();
        servers.spawn(webhook::bring(Arc::clone(&state)));
        Ok(Self { state, address, ended, _servers: servers })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next calls of `method` are told to come back after so many seconds.
    pub fn refuse_next(&self, method: &str, times: usize, retry_after_s: u64) {
        self.state.change(|inside| {
            let refusals = std::iter::repeat_n((method.to_lowercase(), retry_after_s), times);
            inside.refusals.extend(refusals);
        });
    }

    /// The next message of exactly this text is told to come back after so many seconds.
    pub fn refuse_text(&self, text: &str, retry_after_s: u64) {
        self.state.change(|inside| inside.refusals.push_back((format!("text {text}"), retry_after_s)));
    }

    /// Everything that was called so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state.look(|inside| inside.calls.clone())
    }

    /// The calls of one method.
    #[must_use]
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method.eq_ignore_ascii_case(method)).collect()
    }

    /// What the bot shows in a chat now, oldest first.
    #[must_use]
    pub fn shown(&self, chat: i64) -> Vec<Shown> {
        self.state.look(|inside| inside.shown(chat))
    }

    /// Waits until `wanted` finds something among what the bot shows in a chat.
    ///
    /// # Errors
    /// When it does not come; says what is shown instead.
    pub async fn until<T>(&self, chat: i64, wanted: impl Fn(&[Shown]) -> Option<T>) -> anyhow::Result<T> {
        let seen = self.state.until(GUARD, |inside| wanted(&inside.shown(chat))).await;
        seen.with_context(|| format!("it does not come; shown is {:#?}", self.shown(chat)))
    }

    /// Waits, but no longer than this, until so many messages show a picture.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn until_pictured(&self, messages: usize, longest: Duration) -> anyhow::Result<()> {
        let all = |inside: &Inside| (inside.pictured.len() >= messages).then_some(());
        let seen = self.state.until(longest, all).await;
        seen.with_context(|| {
            format!("only {} of {messages} came", self.state.look(|inside| inside.pictured.len()))
        })
    }

    /// Waits until `wanted` finds something among the calls.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn until_called<T>(&self, wanted: impl Fn(&[Call]) -> Option<T>) -> anyhow::Result<T> {
        let seen = self.state.until(GUARD, |inside| wanted(&inside.calls)).await;
        seen.with_context(|| {
            let calls: Vec<_> = self.calls().into_iter().map(|call| call.method).collect();
            format!("it is not called; the calls were {calls:?}")
        })
    }

    /// The commands of the menu that was set for a language; empty for everybody's.
    #[must_use]
    pub fn menu(&self, language: &str) -> Vec<String> {
        self.state.look(|inside| {
            let menu = inside.menus.get(language).and_then(Value::as_array).cloned().unwrap_or_default();
            menu.iter().filter_map(|command| Some(command["command"].as_str()?.to_owned())).collect()
        })
    }
}

/// `bot<token>/<method>` and `file/bot<token>/<path>`, the latter with its path in one or several pieces.
async fn serve(Extract(state): Extract<Arc<State>>, Path(path): Path<String>, request: Request) -> Response {
    let bot = format!("bot{}/", state.token);
    if let Some(path) = path.strip_prefix("file/").and_then(|rest| rest.strip_prefix(&bot)) {
        return match state.look(|inside| inside.files.at(path)) {
            Some(bytes) => bytes.into_response(),
            None => (StatusCode::NOT_FOUND, "no such file").into_response(),
        };
    }
    let Some(method) = path.strip_prefix(&bot) else {
        return answer(Answer::Refused(401, "Unauthorized".to_owned()));
    };
    let body = match Body::read(request, LARGEST_BYTES).await {
        Ok(body) => body,
        Err(problem) => return answer(Answer::Refused(400, format!("Bad Request: {problem}"))),
    };
    answer(methods::call(&state, method, body).await)
}

fn answer(answer: Answer) -> Response {
    let (code, body) = match answer {
        Answer::Good(result) => (200, json!({"ok": true, "result": result})),
        Answer::Refused(code, description) => {
            (code, json!({"ok": false, "error_code": code, "description": description}))
        }
        Answer::Slow(after_s) => (
            429,
            json!({
                "ok": false,
                "error_code": 429,
                "description": format!("Too Many Requests: retry after {after_s}"),
                "parameters": {"retry_after": after_s},
            }),
        ),
    };
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}
