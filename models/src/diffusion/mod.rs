//! Our own Stable Diffusion family: text encoders, UNets and autoencoders on candle, configured by the checkpoint.
//!
//! Every network is built from the `config.json` beside its weights; no table of models is kept here.

mod ask;
mod chart;
mod denoise;
mod exchange;
#[cfg(test)]
pub(crate) mod fixture;
mod generation;
mod latents;
pub mod lora;
mod model;
mod options;
mod paint;
pub(crate) mod picture;
mod pipeline;
mod preview;
mod resnet;
mod shapes;
mod slot;
#[cfg(test)]
mod tests;
pub mod text;
pub mod unet;
pub mod vae;
mod watch;

pub use ask::Ask;
pub use exchange::{Trace, read_latents, read_values};
pub use generation::{Generation, GenerationSpec, Sources, TwoPass};
pub use latents::Latents;
pub use model::StableDiffusion;
pub use paint::{Injected, Painted};
pub use pipeline::Painter;
pub(crate) use pipeline::Teller;
pub(crate) use preview::Previewer;
pub use watch::{Moment, Step, Watch};
