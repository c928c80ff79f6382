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
    /// The language model on this machine.
    pub local: LocalConfig,
}

/// A language model among the installed ones, run by the daemon itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalConfig {
    /// The installed model, by its name.
    pub model: String,
    /// How long an answer may take, waiting included, in milliseconds.
    pub timeout_ms: u64,
    /// Threads that it counts with; 0 for half of the machine's.
    pub threads: usize,
    /// Questions that may wait; more are left to the next in the chain.
    pub waiting: usize,
    /// Longest question and answer together, in tokens.
    pub context_tokens: usize,
    /// Longest answer, in tokens.
    pub answer_tokens: usize,
    /// Longest text within an answer, in characters.
    pub text_chars: usize,
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
        Self {
            chain: vec![Source::Builtin],
            endpoint: EndpointConfig::default(),
            local: LocalConfig::default(),
        }
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

impl Default for LocalConfig {
    fn default() -> Self {
        Self {
            model: String::new(),
            timeout_ms: 10_000,
            threads: 0,
            waiting: 4,
            context_tokens: 4_096,
            answer_tokens: 400,
            text_chars: 400,
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
        if self.chain.contains(&Source::Endpoint) {
            self.endpoint.check()?;
        }
        if self.chain.contains(&Source::Local) { self.local.check() } else { Ok(()) }
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

impl LocalConfig {
    /// What is wrong.
    ///
    /// # Errors
    /// The mistake, without the section's name.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.model.is_empty() {
            return Err(
                "local.model: name an installed language model; `atelierd models ls` lists them".to_owned()
            );
        }
        let limits = [
            ("timeout_ms", self.timeout_ms, 1..=120_000),
            ("threads", self.threads as u64, 0..=256),
            ("waiting", self.waiting as u64, 1..=64),
            ("context_tokens", self.context_tokens as u64, 512..=131_072),
            ("answer_tokens", self.answer_tokens as u64, 16..=8_192),
            ("text_chars", self.text_chars as u64, 16..=8_000),
        ];
        let wrong = limits.into_iter().find(|(_, value, within)| !within.contains(value));
        wrong.map_or(Ok(()), |(name, _, within)| {
            Err(format!("local.{name}: is {} to {}", within.start(), within.end()))
        })
    }
}

fn redacted<S: Serializer>(key: &Option<SecretString>, to: S) -> Result<S::Ok, S::Error> {
    key.as_ref().map(|_| "(set)").serialize(to)
}
