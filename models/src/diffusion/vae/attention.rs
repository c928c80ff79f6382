//! The attention in the middle of the autoencoder: one head as wide as the channels.

use candle_core::Tensor;

use super::coder::EPSILON;
use crate::{
    Error,
    nn::{GroupNorm, Linear, Mask, attention},
    weights::Weights,
};

/// Names of query, key, value and output: today's, and those from before diffusers 0.17.
const NAMES: [[&str; 4]; 2] = [["to_q", "to_k", "to_v", "to_out.0"], ["query", "key", "value", "proj_attn"]];

/// Pixels attend to each other.
#[derive(Debug)]
pub(super) struct Attention {
    norm: GroupNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
}

impl Attention {
    /// Reads `group_norm` and the four projections under either set of names, as matrices or as 1×1 convolutions
    /// (as the original checkpoints have them).
    pub(super) fn load(weights: &Weights, channels: usize, groups: usize) -> Result<Self, Error> {
        let [query, key, value, out] = NAMES[usize::from(weights.contains("query.weight"))];
        let projection = |name| {
            let weights = weights.pp(name);
            let pointwise = weights.shape("weight").is_some_and(|shape| shape.len() == 4);
            let load = if pointwise { Linear::load_pointwise } else { Linear::load };
            load(&weights, channels, channels)
        };
        Ok(Self {
            norm: GroupNorm::load(&weights.pp("group_norm"), groups, channels, EPSILON)?,
            query: projection(query)?,
            key: projection(key)?,
            value: projection(value)?,
            out: projection(out)?,
        })
    }

    /// `[batch, channels, height, width]`, changed.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let normal = self.norm.forward(x)?;
        let (query, key) = (self.query.from_picture(&normal)?, self.key.from_picture(&normal)?);
        let found = attention(&query, &key, &self.value.from_picture(&normal)?, 1, Mask::None)?;
        self.out.to_picture_add(&found, x)
    }
}
