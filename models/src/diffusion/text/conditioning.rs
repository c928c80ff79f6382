//! What goes into a [`PromptEncoder`](super::PromptEncoder) and what comes out of it.

use std::fmt;

use candle_core::Tensor;

/// Whether a prompt says what is wanted or what is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the picture is to show.
    Positive,
    /// What the picture is led away from.
    Negative,
}

/// A prompt as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// At most 16 KiB, in the syntax of [`super::prompt`].
    pub text: &'a str,
    /// What it is for.
    pub side: Side,
}

impl<'a> Prompt<'a> {
    /// What the picture is to show.
    #[must_use]
    pub fn positive(text: &'a str) -> Self {
        Self { text, side: Side::Positive }
    }

    /// What the picture is led away from. May be empty.
    #[must_use]
    pub fn negative(text: &'a str) -> Self {
        Self { text, side: Side::Negative }
    }
}

/// What a denoiser is conditioned on.
#[derive(Debug, Clone)]
pub struct Conditioning {
    /// For the denoiser's cross-attention: `[prompts, tokens, width]`, in the order of the prompts.
    pub context: Tensor,
    /// SDXL's summary of each prompt: `[prompts, projection_dim]` of the second encoder.
    pub pooled: Option<Tensor>,
    /// What of the prompts was not used as it was written.
    pub notes: Vec<Note>,
}

/// Something about a prompt that its writer should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The end of the prompt was left out.
    Cut {
        /// Place of the prompt, from 0.
        prompt: usize,
        /// How many tokens were left out.
        tokens: usize,
    },
    /// A word in angle brackets, the way learned words are written, is none.
    Unknown {
        /// Place of the prompt, from 0.
        prompt: usize,
        /// The word with its brackets.
        word: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut { tokens, .. } => {
                write!(f, "the prompt is too long; its last {tokens} tokens were left out")
            }
            Self::Unknown { word, .. } => {
                write!(f, "{word} is not a word that this model has learned; it was read letter by letter")
            }
        }
    }
}
