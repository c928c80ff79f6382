//! The two halves of the autoencoder: picture to moments, latents to picture.

use candle_core::Tensor;

use super::{attention::Attention, config::VaeConfig};
use crate::{
    Error,
    diffusion::{
        ask::{Ask, go_on},
        resnet::{self, Resnet},
    },
    nn::{Conv2d, Geometry, GroupNorm},
    weights::Weights,
};

/// Added to the variance by all norms.
pub(super) const EPSILON: f64 = 1e-6;

/// Picture to moments: the mean and the logarithm of the variance of each latent.
#[derive(Debug)]
pub(super) struct Encoder {
    enter: Conv2d,
    levels: Vec<Level>,
    middle: Middle,
    leave: Leave,
    quant: Option<Conv2d>,
}

impl Encoder {
    /// Reads `encoder` and, where there is one, `quant_conv`.
    pub(super) fn load(weights: &Weights, config: &VaeConfig) -> Result<Self, Error> {
        let (moments, channels) = (2 * config.latent_channels, &config.channels);
        let (highest, lowest) = ends(channels);
        let quant = config
            .quant_conv
            .then(|| Conv2d::load(&weights.pp("quant_conv"), moments, moments, Geometry::POINT));
        let weights = weights.pp("encoder");
        let levels = channels.iter().enumerate().map(|(index, &outputs)| {
            let inputs = channels[index.saturating_sub(1)];
            let level = weights.pp("down_blocks").pp(index);
            let halve = level.pp("downsamplers").pp(0).pp("conv");
            let halve = (index + 1 < channels.len())
                .then(|| Conv2d::load(&halve, outputs, outputs, Geometry::HALF_AFTER));
            Ok(Level {
                resnets: resnets(&level, config, config.layers, inputs, outputs)?,
                resample: halve.transpose()?,
            })
        });
        Ok(Self {
            enter: Conv2d::load(&weights.pp("conv_in"), config.in_channels, highest, Geometry::SAME)?,
            levels: levels.collect::<Result<_, Error>>()?,
            middle: Middle::load(&weights.pp("mid_block"), config, lowest)?,
            leave: Leave::load(&weights, config, lowest, moments)?,
            quant: quant.transpose()?,
        })
    }

    /// `[batch, in_channels, height, width]` → `[batch, 2·latent_channels, height/factor, width/factor]`.
    pub(super) fn forward(&self, x: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let mut x = self.enter.forward(x)?;
        for level in &self.levels {
            x = level.blocks(x, ask)?;
            if let Some(halve) = &level.resample {
                x = halve.forward(&x)?;
            }
        }
        let x = self.leave.forward(&self.middle.forward(&x, ask)?)?;
        self.quant.as_ref().map_or_else(|| Ok(x.clone()), |quant| quant.forward(&x))
    }
}

/// Latents to picture.
#[derive(Debug)]
pub(super) struct Decoder {
    quant: Option<Conv2d>,
    enter: Conv2d,
    middle: Middle,
    levels: Vec<Level>,
    leave: Leave,
}

impl Decoder {
    /// Reads `decoder` and, where there is one, `post_quant_conv`.
    pub(super) fn load(weights: &Weights, config: &VaeConfig) -> Result<Self, Error> {
        let (latents, channels) = (config.latent_channels, &config.channels);
        let (highest, lowest) = ends(channels);
        let quant = config
            .post_quant_conv
            .then(|| Conv2d::load(&weights.pp("post_quant_conv"), latents, latents, Geometry::POINT));
        let weights = weights.pp("decoder");
        let levels = channels.iter().rev().enumerate().map(|(index, &outputs)| {
            let inputs = if index == 0 { lowest } else { channels[channels.len() - index] };
            let level = weights.pp("up_blocks").pp(index);
            let double = level.pp("upsamplers").pp(0).pp("conv");
            let double =
                (index + 1 < channels.len()).then(|| Conv2d::load(&double, outputs, outputs, Geometry::SAME));
            Ok(Level {
                resnets: resnets(&level, config, config.layers + 1, inputs, outputs)?,
                resample: double.transpose()?,
            })
        });
        Ok(Self {
            quant: quant.transpose()?,
            enter: Conv2d::load(&weights.pp("conv_in"), latents, lowest, Geometry::SAME)?,
            middle: Middle::load(&weights.pp("mid_block"), config, lowest)?,
            levels: levels.collect::<Result<_, Error>>()?,
            leave: Leave::load(&weights, config, highest, config.out_channels)?,
        })
    }

    /// `[batch, latent_channels, height, width]` → `[batch, out_channels, height·factor, width·factor]`.
    pub(super) fn forward(&self, x: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let x = self.quant.as_ref().map_or_else(|| Ok(x.clone()), |quant| quant.forward(x))?;
        let mut x = self.middle.forward(&self.enter.forward(&x)?, ask)?;
        for level in &self.levels {
            x = level.blocks(x, ask)?;
            if let Some(double) = &level.resample {
                let (_, _, height, width) = x.dims4()?;
                x = double.forward_upsampled(&x, 2 * height, 2 * width)?;
            }
        }
        self.leave.forward(&x)
    }
}

/// Channels at the highest and at the lowest resolution.
fn ends(channels: &[usize]) -> (usize, usize) {
    (channels.first().copied().unwrap_or_default(), channels.last().copied().unwrap_or_default())
}

/// Residual blocks of one resolution, and the convolution that changes it.
#[derive(Debug)]
struct Level {
    resnets: Vec<Resnet>,
    resample: Option<Conv2d>,
}

impl Level {
    fn blocks(&self, mut x: Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        for resnet in &self.resnets {
            go_on(ask)?;
            x = resnet.forward(&x, None)?;
        }
        Ok(x)
    }
}

/// Reads `count` of `resnets`, of which the first changes the channels.
fn resnets(
    weights: &Weights,
    config: &VaeConfig,
    count: usize,
    inputs: usize,
    outputs: usize,
) -> Result<Vec<Resnet>, Error> {
    (0..count)
        .map(|index| {
            let inputs = if index == 0 { inputs } else { outputs };
            let shape =
                resnet::Shape { inputs, outputs, time: None, groups: config.groups, epsilon: EPSILON };
            Resnet::load(&weights.pp("resnets").pp(index), shape)
        })
        .collect()
}

/// Two residual blocks at the lowest resolution, with attention between them in all published checkpoints.
#[derive(Debug)]
struct Middle {
    resnets: Vec<Resnet>,
    attention: Option<Attention>,
}

impl Middle {
    fn load(weights: &Weights, config: &VaeConfig, channels: usize) -> Result<Self, Error> {
        let attention = config
            .attention
            .then(|| Attention::load(&weights.pp("attentions").pp(0), channels, config.groups));
        Ok(Self {
            resnets: resnets(weights, config, 2, channels, channels)?,
            attention: attention.transpose()?,
        })
    }

    fn forward(&self, x: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let mut x = x.clone();
        for (index, resnet) in self.resnets.iter().enumerate() {
            go_on(ask)?;
            x = resnet.forward(&x, None)?;
            if let (0, Some(attention)) = (index, &self.attention) {
                x = attention.forward(&x)?;
            }
        }
        Ok(x)
    }
}

/// The norm and the convolution at the end of both halves.
#[derive(Debug)]
struct Leave {
    norm: GroupNorm,
    conv: Conv2d,
}

impl Leave {
    fn load(weights: &Weights, config: &VaeConfig, inputs: usize, outputs: usize) -> Result<Self, Error> {
        Ok(Self {
            norm: GroupNorm::load(&weights.pp("conv_norm_out"), config.groups, inputs, EPSILON)?,
            conv: Conv2d::load(&weights.pp("conv_out"), inputs, outputs, Geometry::SAME)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        self.conv.forward(&self.norm.forward_silu(x)?)
    }
}
