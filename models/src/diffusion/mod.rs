//! Stable Diffusion: the networks between a sentence and a picture, read from the folders that diffusers writes.

mod ask;
#[cfg(test)]
mod fixture;
mod options;
mod resnet;
mod shapes;
pub mod unet;
pub mod vae;

pub use ask::Ask;
