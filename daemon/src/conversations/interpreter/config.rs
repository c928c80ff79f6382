//! What can be set about interpreters.

use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

use super::Source;

/// Which interpreters read conversations.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InterpreterConfig {
    /// Who is asked, in order, until one answers; the built-in one answers always, so it comes last.
    pub chain: Vec<Source>,
    /// The language model at an OpenAI-compatible address.
    pub endpoint: EndpointConfig,
}

/// A language model at an OpenAI-compatible address: Ollama, LM Studio, llama.cpp's server.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EndpointConfig {
    /// The address up to and with `/v1`.
    pub url: String,
    /// The model, as the server calls it.
    pub model: String,
    /// Signs in to the server, where it asks for that.
    #[serde(serialize_with = "redacted")]
    pub key: Option<SecretString>,
    /// How long an answer may take, in milliseconds.
    pub timeout_ms: u64,
    /// Questions that may be under way; more are left to the next in the chain.
    pub at_once: usize,
    /// Longest answer, in bytes.
    pub answer_bytes: u64,
}

impl Default for InterpreterConfig {
    fn default() -> Self {
        Self { chain: vec![Source::Builtin], endpoint: EndpointConfig::default() }
    }
}

impl Default for EndpointConfig {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:11434/v1".to_owned(),
            model: String::new(),
            key: None,
            timeout_ms: 5_000,
            at_once: 4,
            answer_bytes: 64 << 10,
        }
    }
}

impl InterpreterConfig {
    /// What is wrong.
    ///
    /// # Errors
    /// The mistake, without the section's name.
    pub(crate) fn check(&self) -> Result<(), String> {
        let twice =
            self.chain.iter().enumerate().any(|(at, link)| self.chain.iter().take(at).any(|l| l == link));
        if self.chain.last() != Some(&Source::Builtin) || twice {
            return Err("chain: names each interpreter once and ends with builtin, \
                        such as [\"endpoint\", \"builtin\"]"
                .to_owned());
        }
        if self.chain.contains(&Source::Endpoint) { self.endpoint.check() } else { Ok(()) }
    }
}

impl EndpointConfig {
    /// What is wrong.
    ///
    /// # Errors
    /// The mistake, without the section's name.
    pub(crate) fn check(&self) -> Result<(), String> {
        let url = url::Url::parse(&self.url).ok();
        if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none()) {
            return Err("endpoint.url: must be an http or https address without a query, \
                        such as http://127.0.0.1:11434/v1"
                .to_owned());
        }
        if self.model.is_empty() {
            return Err("endpoint.model: name the model as the server calls it".to_owned());
        }
        if !(1..=120_000).contains(&self.timeout_ms) {
            return Err("endpoint.timeout_ms: is 1 to 120000".to_owned());
        }
        if !(1..=64).contains(&self.at_once) {
            return Err("endpoint.at_once: is 1 to 64".to_owned());
        }
        if !(1_024..=16 << 20).contains(&self.answer_bytes) {
            return Err("endpoint.answer_bytes: is 1024 to 16777216".to_owned());
        }
        Ok(())
    }
}

fn redacted<S: Serializer>(key: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    key.as_ref().map(|_| "(set)").serialize(to)
}
