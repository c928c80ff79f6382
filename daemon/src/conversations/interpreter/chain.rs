//! The interpreters in their order: the first that answers is heard, and the built-in one always answers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Conversation, Intent, InterpreterConfig, endpoint::Endpoint, understand};

/// Who understood something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The rules that every installation has.
    #[default]
    Builtin,
    /// The language model at an OpenAI-compatible address.
    Endpoint,
}

/// What was understood, and by whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// What the person wants.
    pub intent: Intent,
    /// Who says so.
    pub source: Source,
}

/// The interpreters of a configuration. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    endpoint: Option<Arc<Endpoint>>,
}

impl Chain {
    /// Prepares the interpreters that the chain names.
    #[must_use]
    pub fn new(config: &InterpreterConfig) -> Self {
        let asked = config.chain.contains(&Source::Endpoint);
        Self { endpoint: asked.then(|| Arc::new(Endpoint::new(&config.endpoint))) }
    }

    /// Says what the person wants now. What the policy turns away and plain commands are settled by the rules: no
    /// language model may be talked out of the one, and none is needed for the other.
    pub async fn understand(&self, conversation: &Conversation) -> Understood {
        let known = understand(conversation);
        let settled = matches!(known, Intent::Refuse { .. }) || is_command(conversation);
        if let Some(endpoint) = self.endpoint.as_ref().filter(|_| !settled) {
            match endpoint.ask(conversation).await {
                Ok(intent) => return Understood { intent, source: Source::Endpoint },
                Err(error) => {
                    tracing::warn!(%error, "the language endpoint is passed over for the built-in interpreter");
                }
            }
        }
        Understood { intent: known, source: Source::Builtin }
    }
}

/// `/balance` and the like.
fn is_command(conversation: &Conversation) -> bool {
    conversation.turns.last().is_some_and(|turn| turn.text.trim_start().starts_with('/'))
}
