//! A language model on this machine, borrowed from the models in memory and run on a thread of its own, so that words
//! never wait for pictures. Its answer can only be JSON of the schema; whatever else goes wrong is an error that the chain
//! passes over.

#[cfg(test)]
mod tests;

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    time::Duration,
};

use atelier_models::{Error, Observer, Step, language::Task};
use serde_json::Value;
use tokio::sync::oneshot;

use super::{Conversation, Intent, Invalid, LocalConfig, prompt, schema, validate};
use crate::engine::residency::{ModelKey, Residency};

/// Most items of a list in an answer.
const ITEMS: u64 = 8;

/// Why there is no answer. None of these holds words of the person.
#[derive(Debug, thiserror::Error)]
pub(super) enum LocalError {
    /// As many questions as may wait do, or the thread has ended.
    #[error("as many questions as interpreter.local.waiting allows are waiting")]
    Busy,
    /// It took longer than it may.
    #[error("no answer within {0:?}; a smaller model is faster, or raise interpreter.local.timeout_ms")]
    Slow(Duration),
    /// The model can't be had, or has no answer.
    #[error("{0}")]
    Model(#[from] Error),
    /// What it says is no intent.
    #[error("the answer is no intent: {0}")]
    Invalid(#[from] Invalid),
}

/// The way to the thread that asks the model.
#[derive(Debug)]
pub(super) struct Local {
    questions: SyncSender<Question>,
    timeout: Duration,
}

struct Question {
    words: String,
    /// Closed when nobody waits for the answer any more.
    answer: oneshot::Sender<Result<String, Error>>,
}

/// What the thread has.
struct Lane {
    residency: Residency,
    key: ModelKey,
    schema: Value,
    /// Most tokens of an answer.
    answer: usize,
}

impl Local {
    /// Starts the thread. It ends when this is dropped.
    pub(super) fn start(config: &LocalConfig, residency: Residency) -> Self {
        let (questions, incoming) = sync_channel(config.waiting);
        let lane = Lane {
            residency,
            key: ModelKey::from(config.model.as_str()),
            schema: narrowed(schema(), config.text_chars as u64),
            answer: config.answer_tokens,
        };
        let started = std::thread::Builder::new().name("words".to_owned()).spawn(move || lane.run(&incoming));
        if let Err(error) = started {
            tracing::error!(%error, "the system gives no thread for the language model");
        }
        Self { questions, timeout: Duration::from_millis(config.timeout_ms) }
    }

    /// Asks what the person wants.
    pub(super) async fn ask(&self, conversation: &Conversation) -> Result<Intent, LocalError> {
        let (answer, heard) = oneshot::channel();
        let question = Question { words: prompt::transcript(conversation), answer };
        self.questions.try_send(question).map_err(|_| LocalError::Busy)?;
        let answer = match tokio::time::timeout(self.timeout, heard).await {
            Ok(Ok(answer)) => answer?,
            Ok(Err(_)) => return Err(Error::Internal("the model broke down".to_owned()).into()),
            Err(_) => return Err(LocalError::Slow(self.timeout)),
        };
        let answer = serde_json::from_str(&answer).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(validate(answer, conversation)?)
    }
}

impl Lane {
    fn run(&self, questions: &Receiver<Question>) {
        for Question { words, answer } in questions {
            if answer.is_closed() {
                continue;
            }
            // A defect must not end the thread; whoever asked hears of it by the closed channel.
            let said = catch_unwind(AssertUnwindSafe(|| self.answer(&words, &answer)));
            if let Ok(said) = said {
                answer.send(said).ok();
            }
        }
    }

    /// Asks the model, loading it first where it has to be. A load can't be stopped: who waited for it in vain leaves it
    /// to the next.
    fn answer(&self, words: &str, waiting: &oneshot::Sender<Result<String, Error>>) -> Result<String, Error> {
        let lease = self.residency.lend(&self.key, &mut Patience(waiting))?;
        let model = lease.model();
        let problem = || format!("`{}` is no language model; `atelierd models ls` lists what is", self.key);
        let language = model.as_ref().and_then(|model| model.language());
        let language = language
            .ok_or_else(|| Error::Invalid { field: "interpreter.local.model", problem: problem() })?;
        let task = Task { system: prompt::SYSTEM, schema: &self.schema };
        language.complete(task, words, self.answer, &|| waiting.is_closed())
    }
}

/// Waits for a model as long as somebody waits for its answer.
struct Patience<'a>(&'a oneshot::Sender<Result<String, Error>>);

impl Observer for Patience<'_> {
    fn step(&mut self, _step: Step) -> ControlFlow<()> {
        if self.0.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn preview(&mut self, _variant: u32, _jpeg: Vec<u8>, _cost: Duration) {}
}

/// The schema with shorter texts and lists: a model that finds no end would write until its time is over.
fn narrowed(schema: &Value, chars: u64) -> Value {
    match schema {
        Value::Object(fields) => {
            let narrow = |(name, value): (&String, &Value)| {
                let most = match name.as_str() {
                    "maxLength" => Some(chars),
                    "maxItems" => Some(ITEMS),
                    _ => None,
                };
                let value = match (most, value.as_u64()) {
                    (Some(most), Some(known)) => Value::from(known.min(most)),
                    _ => narrowed(value, chars),
                };
                (name.clone(), value)
            };
            Value::Object(fields.iter().map(narrow).collect())
        }
        Value::Array(items) => items.iter().map(|item| narrowed(item, chars)).collect(),
        other => other.clone(),
    }
}
