//! What a picture is to show, as numbers: CLIP's text encoders (Radford et al. 2021) and all that comes before them.
//!
//! A prompt is read by [`prompt`] (weights, `BREAK`), turned into tokens by a [`Tokenizer`], laid into chunks that
//! fit the encoder, encoded by a [`ClipText`], and weighted. [`PromptEncoder`] does it for all prompts of a picture,
//! with the one encoder of Stable Diffusion 1 and 2 or the two of SDXL.

mod chunk;
mod clip;
mod conditioning;
mod config;
mod emphasis;
mod encoder;
mod inversion;
pub mod prompt;
#[cfg(test)]
mod tests;
mod tokenizer;
mod vocabulary;

pub use clip::{ClipText, Depth, Encoded, Token};
pub use conditioning::{Conditioning, Note, Prompt, Side};
pub use config::{Activation, ClipTextConfig, EndRule};
pub use encoder::{PromptEncoder, Tower};
pub use inversion::Inversion;
pub use tokenizer::Tokenizer;
pub use vocabulary::Padding;
