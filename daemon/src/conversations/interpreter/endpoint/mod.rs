//! A language model at an OpenAI-compatible address, asked for structured output. What it says is believed only as far
//! as [`validate`] lets it, and whatever goes wrong is an error that the chain passes over.

mod http;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use self::http::Http;
use super::{Conversation, EndpointConfig, Intent, Invalid, prompt, schema, validate};

/// Longest answer in tokens: several times what the longest intent takes.
const ANSWER_TOKENS: u32 = 1_000;

/// Why there is no answer. None of these holds words of the person or the key.
#[derive(Debug, thiserror::Error)]
pub(super) enum EndpointError {
    /// As many questions as may be are under way.
    #[error("as many questions as interpreter.endpoint.at_once allows are under way")]
    Busy,
    /// It took longer than it may.
    #[error("no answer within {0:?}; a smaller model is faster, or raise interpreter.endpoint.timeout_ms")]
    Slow(Duration),
    /// The server can't be reached, or the connection broke.
    #[error("{0}")]
    Transport(String),
    /// The server says no.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// The answer is longer than it may be, or cut off.
    #[error("the answer is longer than interpreter.endpoint.answer_bytes or broke off")]
    TooLong,
    /// The answer is no chat completion, or what it says is no JSON.
    #[error("the answer is not what was asked for: {0}")]
    NoAnswer(&'static str),
    /// What it says is no intent.
    #[error("the answer is no intent: {0}")]
    Invalid(#[from] Invalid),
}

/// The model and how it is reached.
#[derive(Debug)]
pub(super) struct Endpoint {
    http: Arc<Http>,
    model: String,
    timeout: Duration,
    room: Arc<Semaphore>,
}

impl Endpoint {
    pub(super) fn new(config: &EndpointConfig) -> Self {
        let timeout = Duration::from_millis(config.timeout_ms);
        Self {
            http: Arc::new(Http::new(config, timeout)),
            model: config.model.clone(),
            timeout,
            room: Arc::new(Semaphore::new(config.at_once)),
        }
    }

    /// Asks what the person wants.
    pub(super) async fn ask(&self, conversation: &Conversation) -> Result<Intent, EndpointError> {
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| EndpointError::Busy)?;
        let (http, body) = (Arc::clone(&self.http), self.question(conversation));
        let call = tokio::task::spawn_blocking(move || {
            // The place is given back when the call has really ended, not when nobody waits for it any more.
            let _room = room;
            http.post(&body)
        });
        let answer = match tokio::time::timeout(self.timeout, call).await {
            Ok(Ok(answer)) => answer?,
            Ok(Err(_)) => return Err(EndpointError::Transport("the call was given up".to_owned())),
            Err(_) => return Err(EndpointError::Slow(self.timeout)),
        };
        Ok(validate(said(&answer)?, conversation)?)
    }

    fn question(&self, conversation: &Conversation) -> String {
        let format = json!({"name": "intent", "strict": true, "schema": schema()});
        json!({
            "model": self.model,
            "messages": [
                {"role": "system", "content": prompt::SYSTEM},
                {"role": "user", "content": prompt::transcript(conversation)},
            ],
            "response_format": {"type": "json_schema", "json_schema": format},
            "temperature": 0,
            "max_tokens": ANSWER_TOKENS,
            "stream": false,
        })
        .to_string()
    }
}

/// What the model says in a chat completion.
fn said(answer: &str) -> Result<Value, EndpointError> {
    let completion: Value =
        serde_json::from_str(answer).map_err(|_| EndpointError::NoAnswer("the body is no JSON"))?;
    let content = completion.pointer("/choices/0/message/content").and_then(Value::as_str);
    let content = content.ok_or(EndpointError::NoAnswer("there is no message in it"))?;
    serde_json::from_str(content).map_err(|_| EndpointError::NoAnswer("the message is no JSON"))
}
