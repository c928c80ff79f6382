//! Our own Stable Diffusion family: text encoders, UNets and autoencoders on candle, configured by the checkpoint.

mod generation;
pub mod lora;

pub use generation::{Generation, GenerationSpec, Sources, TwoPass};
