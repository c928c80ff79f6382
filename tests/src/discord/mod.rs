//! A double of Discord: REST v10 over HTTP and the gateway over a web socket, with its rules: three seconds for an
//! acknowledgement, one acknowledgement each, tokens that die, rate limits, connections that break and are resumed.
//!
//! Nothing of it is a library of the bot's; an independent client checks the double itself.

mod gateway;
mod people;
mod rest;
mod state;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::Router;
use bytes::Bytes;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

use self::state::{Inside, State};
pub use self::{
    people::Person,
    state::{Call, Shown},
};

/// How long anything may take before a test gives up. Only a guard.
const GUARD: Duration = Duration::from_secs(60);

/// The double; it ends when dropped.
pub struct Discord {
    state: Arc<State>,
    address: SocketAddr,
    _servers: JoinSet<()>,
}

impl Discord {
    /// One for a bot with this token. Tokens of interactions live so long.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(token: &str, token_life: Duration) -> anyhow::Result<Self> {
        let rest = TcpListener::bind("127.0.0.1:0").await?;
        let gateway = TcpListener::bind("127.0.0.1:0").await?;
        let address = rest.local_addr()?;
        let url = format!("ws://{}", gateway.local_addr()?);
        let state = Arc::new(State::new(token, url, token_life));
        let mut servers = JoinSet::new();
        let router = Router::new().fallback(rest::serve).with_state(Arc::clone(&state));
        servers.spawn(async move {
            // It ends with the test.
            axum::serve(rest, router).await.ok();
        });
        servers.spawn(gateway::serve(gateway, Arc::clone(&state)));
        Ok(Self { state, address, _servers: servers })
    }

    /// Where REST listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next calls whose path ends so are told to come back after so many seconds.
    pub fn refuse_next(&self, method: &str, path_end: &str, times: usize, retry_after_s: f64) {
        let refusal = (method.to_owned(), path_end.to_owned(), retry_after_s);
        self.state.change(|inside| inside.refusals.extend(std::iter::repeat_n(refusal, times)));
    }

    /// Breaks the gateway's connection without a word.
    pub fn break_connection(&self) {
        self.state.change(|inside| inside.breaks += 1);
    }

    /// How often the bot has begun a session, and how often it has resumed one.
    #[must_use]
    pub fn sessions(&self) -> (u32, u32) {
        self.state.look(|inside| (inside.identified, inside.resumed))
    }

    /// Rules that the bot broke.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        self.state.look(|inside| inside.violations.clone())
    }

    /// Everything that was called so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state.look(|inside| inside.calls.clone())
    }

    /// Waits until `wanted` finds something among the calls.
    ///
    /// # Errors
    /// When it does not come; says what was called instead.
    pub async fn until_called<T>(&self, wanted: impl Fn(&[Call]) -> Option<T>) -> anyhow::Result<T> {
        let seen = self.state.until(GUARD, |inside| wanted(&inside.calls)).await;
        seen.with_context(|| format!("it is not called; there were {:#?}", self.calls()))
    }

    /// From now on the tokens of all interactions are dead.
    pub fn let_tokens_die(&self) {
        self.state.change(|inside| inside.token_life = Duration::ZERO);
    }

    /// The names of the commands.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        let name = |command: &Value| Some(command["name"].as_str()?.to_owned());
        self.state.look(|inside| inside.commands.iter().filter_map(name).collect())
    }

    /// What the bot shows in a channel now, oldest first.
    #[must_use]
    pub fn shown(&self, channel: u64) -> Vec<Shown> {
        self.state.look(|inside| inside.shown(channel))
    }

    /// Waits until `wanted` finds something among what the bot shows in a channel.
    ///
    /// # Errors
    /// When it does not come; says what is shown instead.
    pub async fn until<T>(&self, channel: u64, wanted: impl Fn(&[Shown]) -> Option<T>) -> anyhow::Result<T> {
        let seen = self.state.until(GUARD, |inside| wanted(&inside.shown(channel))).await;
        seen.with_context(|| format!("it does not come; shown is {:#?}", self.shown(channel)))
    }

    /// Waits, but no longer than this, until so many messages show a file.
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

    /// Waits until the bot listens.
    ///
    /// # Errors
    /// When it does not.
    pub async fn until_listening(&self) -> anyhow::Result<()> {
        let seen = self.state.until(GUARD, |inside| (inside.identified > 0).then_some(())).await;
        seen.context("the bot does not listen")
    }

    /// Waits until the bot has told its commands.
    ///
    /// # Errors
    /// When it does not.
    pub async fn until_commands(&self) -> anyhow::Result<()> {
        let seen = self.state.until(GUARD, |inside| (!inside.commands.is_empty()).then_some(())).await;
        seen.context("the bot tells no commands")
    }

    /// Waits until a session was resumed so often.
    ///
    /// # Errors
    /// When it is not.
    pub async fn until_resumed(&self, times: u32) -> anyhow::Result<()> {
        let seen = self.state.until(GUARD, |inside| (inside.resumed >= times).then_some(())).await;
        seen.context("the bot does not resume")
    }

    /// Opens a thread of a channel.
    pub fn open_thread(&self, thread: u64, channel: u64) {
        self.state.change(|inside| inside.threads.insert(thread, channel));
    }

    /// Waits until the bot has opened a form as an answer to this interaction; gives its title.
    ///
    /// # Errors
    /// When it does not.
    pub async fn until_form(&self, token: &str) -> anyhow::Result<String> {
        let form = |inside: &Inside| inside.asked.get(token).and_then(|asked| asked.form.clone());
        let form = self.state.until(GUARD, form).await.context("no form is opened")?;
        Ok(form["title"].as_str().unwrap_or_default().to_owned())
    }

    /// Keeps a file that people send; gives its address.
    #[must_use]
    pub fn keep(&self, name: &str, bytes: &[u8]) -> String {
        let bytes = Bytes::copy_from_slice(bytes);
        self.state.change(|inside| inside.files.insert(name.to_owned(), bytes));
        format!("{}/files/{name}", self.url())
    }
}
