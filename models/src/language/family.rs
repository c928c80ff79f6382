//! The families of language models: what their files call themselves, how their networks differ, how they are spoken to.

use serde::{Deserialize, Serialize};

use super::gguf::Gguf;
use crate::Error;

/// A family of language models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Qwen3, dense.
    Qwen3,
    /// Llama 3.
    Llama,
    /// Gemma 3.
    Gemma3,
}

/// A part of what a model is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A token of the family's own, which no text can contain.
    Mark(&'static str),
    /// Words.
    Text(&'a str),
}

use Piece::{Mark, Text};

impl Family {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Qwen3, Self::Llama, Self::Gemma3];

    /// What a file calls itself, and begins its keys with.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Qwen3 => "qwen3",
            Self::Llama => "llama",
            Self::Gemma3 => "gemma3",
        }
    }

    /// The family that a file says it is of.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when that is none of these.
    pub fn of(file: &Gguf) -> Result<Self, Error> {
        let said = file.text("general.architecture").unwrap_or_default();
        Self::ALL.into_iter().find(|family| family.word() == said).ok_or_else(|| {
            file.refuse(format!(
                "is a model of the architecture `{said}`; take one of qwen3, llama or gemma3"
            ))
        })
    }

    /// The token that ends what the model says.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Qwen3 => "<|im_end|>",
            Self::Llama => "<|eot_id|>",
            Self::Gemma3 => "<end_of_turn>",
        }
    }

    /// What comes before the words of a person; it never changes, so it is read once.
    pub(super) fn before<'a>(self, system: &'a str) -> Vec<Piece<'a>> {
        match self {
            Self::Qwen3 => vec![
                Mark("<|im_start|>"),
                Text("system\n"),
                Text(system),
                Mark("<|im_end|>"),
                Text("\n"),
                Mark("<|im_start|>"),
                Text("user\n"),
            ],
            Self::Llama => vec![
                Mark("<|begin_of_text|>"),
                Mark("<|start_header_id|>"),
                Text("system"),
                Mark("<|end_header_id|>"),
                Text("\n\n"),
                Text(system),
                Mark("<|eot_id|>"),
                Mark("<|start_header_id|>"),
                Text("user"),
                Mark("<|end_header_id|>"),
                Text("\n\n"),
            ],
            Self::Gemma3 => {
                vec![Mark("<bos>"), Mark("<start_of_turn>"), Text("user\n"), Text(system), Text("\n\n")]
            }
        }
    }

    /// The words, and what makes the model answer. Qwen3 is told that it has thought already.
    pub(super) fn after<'a>(self, words: &'a str) -> Vec<Piece<'a>> {
        match self {
            Self::Qwen3 => vec![
                Text(words),
                Mark("<|im_end|>"),
                Text("\n"),
                Mark("<|im_start|>"),
                Text("assistant\n"),
                Mark("<think>"),
                Text("\n\n"),
                Mark("</think>"),
                Text("\n\n"),
            ],
            Self::Llama => vec![
                Text(words),
                Mark("<|eot_id|>"),
                Mark("<|start_header_id|>"),
                Text("assistant"),
                Mark("<|end_header_id|>"),
                Text("\n\n"),
            ],
            Self::Gemma3 => {
                vec![Text(words), Mark("<end_of_turn>"), Text("\n"), Mark("<start_of_turn>"), Text("model\n")]
            }
        }
    }
}
