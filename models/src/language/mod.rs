//! Language models: GGUF files of Qwen3, Llama 3 and Gemma 3, asked for JSON of a schema.
//!
//! A model runs on the processor, whatever paints beside it, and always says the likeliest thing that the schema allows:
//! the same question has the same answer, and there is none that is no JSON. What it was told before the words of a
//! person is read once and kept.

mod family;
mod gguf;
mod grammar;
mod network;
mod sizes;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    thread::available_parallelism,
};

use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::Value;

pub use self::{family::Family, gguf::Gguf};
use self::{
    grammar::{Grammar, Grammars},
    network::{Memory, Network},
    sizes::Sizes,
    vocabulary::Vocabulary,
};
use crate::Error;

/// Tokens that are read at once: what lies between two looks whether to stop.
const STRIDE: usize = 128;

/// What a model is asked: everything but the words of the person.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// What it is for.
    pub system: &'a str,
    /// The schema of its answer.
    pub schema: &'a Value,
}

/// How a model is run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Threads that it counts with; 0 for half of the machine's.
    pub threads: usize,
    /// Most tokens of question and answer together; the model's own limit holds as well.
    pub context: usize,
}

/// A language model in memory.
pub struct Language {
    network: Network,
    vocabulary: Vocabulary,
    grammars: Grammars,
    bytes: u64,
    /// Most tokens of question and answer.
    context: usize,
    /// Its own, because pictures keep the common one busy.
    threads: ThreadPool,
    /// The latest task, as far as it was read.
    ready: Mutex<Option<Ready>>,
}

struct Ready {
    system: String,
    schema: Value,
    before: Vec<u32>,
    /// Of `before`, and as much of it as was read.
    memory: Memory,
    grammar: Grammar,
}

impl Language {
    /// Reads the model at `path` into memory.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] that says what is wrong with it and what would be right.
    pub fn load(path: &Path, run: Run) -> Result<Self, Error> {
        let file = Gguf::open(path)?;
        let vocabulary = Vocabulary::load(&file, Family::of(&file)?)?;
        let network = Network::load(&file)?;
        let grammars = Grammars::new(&vocabulary)?;
        let half = || available_parallelism().map_or(1, |all| all.get().div_ceil(2));
        let threads =
            ThreadPoolBuilder::new().num_threads(if run.threads == 0 { half() } else { run.threads }).build();
        let threads = threads.map_err(|error| Error::Transient(error.to_string()))?;
        let bytes = Self::memory_bytes(&file, run)?;
        let context = run.context.min(network.context());
        Ok(Self { network, vocabulary, grammars, bytes, context, threads, ready: Mutex::default() })
    }

    /// Whether the model at `file` could be loaded, without a look at its numbers.
    ///
    /// # Errors
    /// See [`Self::load`].
    pub fn rehearse(file: &Gguf) -> Result<(), Error> {
        Vocabulary::load(file, Family::of(file)?)?;
        Network::load(&file.unread()).map(drop)
    }

    /// What the model at `file` takes in memory when it is run like this, in bytes: its numbers, and what it remembers of
    /// the longest question.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when the file does not say how large it is.
    pub fn memory_bytes(file: &Gguf, run: Run) -> Result<u64, Error> {
        let sizes = Sizes::of(&file.unread(), Family::of(file)?)?;
        Ok(file.memory_bytes() + sizes.memory_bytes(run.context))
    }

    /// What it takes in memory, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Answers `words` with JSON of the task's schema, of at most `answer` tokens. `stop` is asked between any two steps.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `stop` says so, [`Error::Invalid`] when the words, or the answer to them, are too
    /// long.
    pub fn complete(
        &self,
        task: Task<'_>,
        words: &str,
        answer: usize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<String, Error> {
        self.threads.install(|| self.say(task, words, answer, stop))
    }

    fn say(
        &self,
        task: Task<'_>,
        words: &str,
        answer: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<String, Error> {
        let (mut memory, mut grammar) = self.begin(task, stop)?;
        let asked = self.vocabulary.tokens(&self.network.family().after(words))?;
        let mut likely = self.read(&asked, &mut memory, stop)?;
        let mut said = Vec::new();
        for _ in 0..answer {
            let token = grammar.choose(&likely)?;
            grammar.go_on(token)?;
            said.extend_from_slice(self.vocabulary.bytes().get(token as usize).map_or(&[], Vec::as_slice));
            if grammar.is_complete()? {
                return String::from_utf8(said).map_err(|error| Error::Internal(error.to_string()));
            }
            likely = self.read(&[token], &mut memory, stop)?;
        }
        Err(too_long(format!("has no end within {answer} tokens")))
    }

    /// Where an answer to the task begins. What was read of it is kept, even if that was stopped: otherwise a slow machine
    /// would begin anew each time and never come to its end.
    fn begin(&self, task: Task<'_>, stop: &dyn Fn() -> bool) -> Result<(Memory, Grammar), Error> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let known = ready.take().filter(|it| it.system == task.system && it.schema == *task.schema);
        let known = known.map_or_else(|| self.ready(task), Ok)?;
        let Ready { before, memory, grammar, .. } = ready.insert(known);
        let rest = before.get(memory.len()..).unwrap_or_default();
        self.read(rest, memory, stop)?;
        Ok((memory.clone(), grammar.again()))
    }

    /// A task of which nothing was read.
    fn ready(&self, task: Task<'_>) -> Result<Ready, Error> {
        Ok(Ready {
            system: task.system.to_owned(),
            schema: task.schema.clone(),
            before: self.vocabulary.tokens(&self.network.family().before(task.system))?,
            memory: Memory::default(),
            grammar: self.grammars.of(task.schema)?,
        })
    }

    /// Reads `tokens` after what `memory` holds.
    fn read(&self, tokens: &[u32], memory: &mut Memory, stop: &dyn Fn() -> bool) -> Result<Vec<f32>, Error> {
        if memory.len() + tokens.len() > self.context {
            return Err(too_long(format!("is longer than {} tokens", self.context)));
        }
        let mut likely = Vec::new();
        for stride in tokens.chunks(STRIDE) {
            if stop() {
                return Err(Error::Cancelled);
            }
            likely = self.network.read(stride, memory)?;
        }
        Ok(likely)
    }
}

fn too_long(problem: String) -> Error {
    Error::Invalid { field: "conversation", problem }
}
