//! The interpreters in their order: the first that answers is heard, and the built-in one always answers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Conversation, Intent, InterpreterConfig, endpoint::Endpoint, local::Local, understand};
use crate::engine::residency::Residency;

/// Who understood something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The rules that every installation has.
    #[default]
    Builtin,
    /// The language model at an OpenAI-compatible address.
    Endpoint,
    /// The language model on this machine.
    Local,
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
    models: Vec<Model>,
}

/// A language model that is asked before the rules.
#[derive(Debug, Clone)]
enum Model {
    Endpoint(Arc<Endpoint>),
    Local(Arc<Local>),
}

impl Chain {
    /// Prepares the interpreters that the chain names. A model on this machine is borrowed from `residency`.
    #[must_use]
    pub fn new(config: &InterpreterConfig, residency: &Residency) -> Self {
        let model = |source: &Source| match source {
            Source::Builtin => None,
            Source::Endpoint => Some(Model::Endpoint(Arc::new(Endpoint::new(&config.endpoint)))),
            Source::Local => Some(Model::Local(Arc::new(Local::start(&config.local, residency.clone())))),
        };
        Self { models: config.chain.iter().filter_map(model).collect() }
    }

    /// Says what the person wants now. What the policy turns away and plain commands are settled by the rules: no
    /// language model may be talked out of the one, and none is needed for the other.
    pub async fn understand(&self, conversation: &Conversation) -> Understood {
        let known = understand(conversation);
        let settled = matches!(known, Intent::Refuse { .. }) || is_command(conversation);
        for model in self.models.iter().filter(|_| !settled) {
            match model.ask(conversation).await {
                Ok(understood) => return understood,
                Err(error) => {
                    tracing::warn!(error, "a language model is passed over for the next interpreter");
                }
            }
        }
        Understood { intent: known, source: Source::Builtin }
    }
}

impl Model {
    async fn ask(&self, conversation: &Conversation) -> Result<Understood, String> {
        let (answer, source) = match self {
            Self::Endpoint(endpoint) => {
                (endpoint.ask(conversation).await.map_err(|error| error.to_string()), Source::Endpoint)
            }
            Self::Local(local) => {
                (local.ask(conversation).await.map_err(|error| error.to_string()), Source::Local)
            }
        };
        answer.map(|intent| Understood { intent, source })
    }
}

/// `/balance` and the like.
fn is_command(conversation: &Conversation) -> bool {
    conversation.turns.last().is_some_and(|turn| turn.text.trim_start().starts_with('/'))
}
