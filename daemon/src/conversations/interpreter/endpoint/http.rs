//! One POST. The only file of the daemon that names the client's crate.

use std::{fmt, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use ureq::{Agent, Error, config::RedirectAuthHeaders};

use super::EndpointError;
use crate::conversations::interpreter::EndpointConfig;

pub(super) struct Http {
    agent: Agent,
    url: String,
    key: Option<SecretString>,
    timeout: Duration,
    answer_bytes: u64,
}

impl Http {
    pub(super) fn new(config: &EndpointConfig, timeout: Duration) -> Self {
        let agent = Agent::config_builder()
            .user_agent(concat!("atelier/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            .redirect_auth_headers(RedirectAuthHeaders::Never)
            .max_redirects(0)
            .timeout_global(Some(timeout))
            .build();
        Self {
            agent: agent.into(),
            url: format!("{}/chat/completions", config.url.trim_end_matches('/')),
            key: config.key.clone(),
            timeout,
            answer_bytes: config.answer_bytes,
        }
    }

    /// Sends a JSON body and gives the body of a successful answer.
    pub(super) fn post(&self, body: &str) -> Result<String, EndpointError> {
        let mut request = self.agent.post(&self.url).content_type("application/json");
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {}", key.expose_secret()));
        }
        let mut answer = request.send(body).map_err(|error| self.explain(error))?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(EndpointError::Status(status));
        }
        answer.body_mut().with_config().limit(self.answer_bytes).read_to_string().map_err(|error| match error
        {
            Error::Timeout(_) => EndpointError::Slow(self.timeout),
            _ => EndpointError::TooLong,
        })
    }

    fn explain(&self, error: Error) -> EndpointError {
        match error {
            Error::Timeout(_) => EndpointError::Slow(self.timeout),
            other => EndpointError::Transport(format!("{}: {other}", self.url)),
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Http").field("url", &self.url).finish_non_exhaustive()
    }
}
