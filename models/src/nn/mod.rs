//! The layers that every network here is made of.
//!
//! A layer is loaded from [`Weights`](crate::weights::Weights) by name and shape and works on candle tensors:
//! f32 on the processor, [`Placement::activation`](crate::device::Placement::activation) on a GPU. Pictures are
//! `[batch, channels, height, width]`, sequences `[batch, tokens, width]`.

mod activation;
mod attention;
mod conv;
mod host;
mod linear;
mod norm;
#[cfg(test)]
mod tests;

pub use activation::{Prelu, geglu, gelu, quick_gelu, silu};
pub use attention::{Mask, attention};
pub use conv::{Conv2d, Geometry};
pub use linear::Linear;
pub use norm::{GroupNorm, LayerNorm};
