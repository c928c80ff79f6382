//! The residual block that the UNet and the autoencoder are made of.

use candle_core::Tensor;

use crate::{
    Error,
    nn::{Conv2d, Geometry, GroupNorm, Linear},
    weights::Weights,
};

/// Sizes of a [`Resnet`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Channels of the input.
    pub(super) inputs: usize,
    /// Channels of the answer.
    pub(super) outputs: usize,
    /// Width of the time embedding, where there is one.
    pub(super) time: Option<usize>,
    /// Groups of both norms.
    pub(super) groups: usize,
    /// Added to the variance by both norms.
    pub(super) epsilon: f64,
}

/// Two convolutions with norms before them, beside a shortcut (He et al. 2016; Ho et al. 2020, appendix B).
#[derive(Debug)]
pub(super) struct Resnet {
    norm1: GroupNorm,
    conv1: Conv2d,
    time: Option<Linear>,
    norm2: GroupNorm,
    conv2: Conv2d,
    shortcut: Option<Conv2d>,
}

impl Resnet {
    /// Reads `norm1`, `conv1`, `time_emb_proj`, `norm2`, `conv2`, and `conv_shortcut` where the channels change.
    pub(super) fn load(weights: &Weights, shape: Shape) -> Result<Self, Error> {
        let Shape { inputs, outputs, time, groups, epsilon } = shape;
        let shortcut = (inputs != outputs)
            .then(|| Conv2d::load(&weights.pp("conv_shortcut"), inputs, outputs, Geometry::POINT));
        Ok(Self {
            norm1: GroupNorm::load(&weights.pp("norm1"), groups, inputs, epsilon)?,
            conv1: Conv2d::load(&weights.pp("conv1"), inputs, outputs, Geometry::SAME)?,
            time: time.map(|width| Linear::load(&weights.pp("time_emb_proj"), width, outputs)).transpose()?,
            norm2: GroupNorm::load(&weights.pp("norm2"), groups, outputs, epsilon)?,
            conv2: Conv2d::load(&weights.pp("conv2"), outputs, outputs, Geometry::SAME)?,
            shortcut: shortcut.transpose()?,
        })
    }

    /// `[batch, inputs, height, width]` → `[batch, outputs, height, width]`. `time` is the time embedding
    /// `[batch, width]`, already through the activation.
    pub(super) fn forward(&self, x: &Tensor, time: Option<&Tensor>) -> Result<Tensor, Error> {
        let y = self.norm1.forward_silu(x)?;
        let y = match (&self.time, time) {
            (Some(projection), Some(time)) => self.conv1.forward_shifted(&y, &projection.forward(time)?)?,
            _ => self.conv1.forward(&y)?,
        };
        let y = self.norm2.forward_silu(&y)?;
        match &self.shortcut {
            Some(shortcut) => self.conv2.forward_add(&y, &shortcut.forward(x)?),
            None => self.conv2.forward_add(&y, x),
        }
    }
}
