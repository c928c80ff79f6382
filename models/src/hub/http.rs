//! HTTP as the hub speaks it. The only file that names the client's crate.

use std::{io::Read, time::Duration};

use ureq::{
    Agent, Body,
    config::RedirectAuthHeaders,
    http::{Response, header},
};

use super::Wait;
use crate::Error;

/// How often something is tried in a row without any progress.
pub(super) const TRIES: u32 = 5;
/// Longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long a server may say nothing.
const SILENCE: Duration = Duration::from_secs(60);

pub(super) struct Http {
    agent: Agent,
    authorization: Option<String>,
}

/// What came back. Every status is an answer; an error is only what is none.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Where in the file the body begins, when only a part was sent.
    pub(super) begins: Option<u64>,
    /// How long the server asks to wait.
    pub(super) wait: Option<Duration>,
    /// The address of the next page of a list.
    pub(super) next_page: Option<String>,
    body: Body,
}

impl Http {
    pub(super) fn new(url: &str, token: Option<&str>) -> Self {
        let config = Agent::config_builder()
            .user_agent(concat!("atelier/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // The hub answers with another host that holds the files, which must not learn the token.
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .https_only(url.starts_with("https://"))
            .timeout_resolve(Some(SILENCE))
            .timeout_connect(Some(SILENCE))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .build();
        Self { agent: config.into(), authorization: token.map(|token| format!("Bearer {token}")) }
    }

    /// Asks for `url`, from byte `from` on.
    pub(super) fn get(&self, url: &str, from: Option<u64>) -> Result<Answer, Error> {
        let mut request = self.agent.get(url);
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if let Some(from) = from {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let answer = request.call().map_err(|error| Error::Transient(format!("{url}: {error}")))?;
        Ok(Answer {
            status: answer.status().as_u16(),
            begins: text(&answer, header::CONTENT_RANGE).and_then(begins),
            wait: text(&answer, header::RETRY_AFTER)
                .and_then(|seconds| seconds.parse().ok())
                .map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT)),
            next_page: text(&answer, header::LINK).and_then(next_page).map(str::to_owned),
            body: answer.into_body(),
        })
    }
}

impl Answer {
    /// Whether it may be another one later.
    pub(super) fn is_passing(&self) -> bool {
        self.status == 429 || self.status >= 500
    }

    /// The body, as text of at most `most` bytes.
    pub(super) fn text(&mut self, most: u64) -> Result<String, Error> {
        let read = self.body.with_config().limit(most).read_to_string();
        read.map_err(|error| Error::Transient(format!("the hub's answer can't be read: {error}")))
    }

    /// The body, piece by piece.
    pub(super) fn reader(&mut self) -> impl Read + '_ {
        self.body.as_reader()
    }
}

/// Asks until there is an answer that is not just a moment's.
pub(super) fn patiently(wait: Wait, ask: impl Fn() -> Result<Answer, Error>) -> Result<Answer, Error> {
    let mut tries = 1;
    loop {
        match ask() {
            Ok(answer) if answer.is_passing() && tries < TRIES => wait(answer.wait.unwrap_or(pause(tries))),
            Err(Error::Transient(_)) if tries < TRIES => wait(pause(tries)),
            Ok(answer) if answer.is_passing() => {
                return Err(Error::Transient(format!(
                    "the hub answers with status {}, {TRIES} times in a row; try again later",
                    answer.status
                )));
            }
            other => return other,
        }
        tries += 1;
    }
}

/// How long to wait after try number `tries`.
pub(super) fn pause(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.min(5))
}

fn text(answer: &Response<Body>, name: header::HeaderName) -> Option<&str> {
    answer.headers().get(name)?.to_str().ok()
}

/// `bytes 100-199/200` begins at 100.
fn begins(range: &str) -> Option<u64> {
    range.strip_prefix("bytes ")?.split_once('-')?.0.parse().ok()
}

/// The address in `<https://…>; rel="next"`.
fn next_page(links: &str) -> Option<&str> {
    let link = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    link.trim().strip_prefix('<')?.split_once('>').map(|(url, _)| url)
}
