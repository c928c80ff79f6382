//! The levels of a UNet: residual blocks, each with attention behind it where the level has any.

use candle_core::Tensor;

use super::{
    config::UnetConfig,
    levels::{Heads, Level, Middle},
    transformer::{self, Transformer},
};
use crate::{
    Error,
    diffusion::{
        ask::{Ask, go_on},
        resnet::{self, Resnet},
    },
    nn::{Conv2d, Geometry},
    weights::Weights,
};

/// What every block is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signals<'a> {
    /// Time embedding `[batch, width]`, already through the activation.
    pub(super) time: &'a Tensor,
    /// The text's embedding `[batch, tokens, width]`.
    pub(super) context: &'a Tensor,
}

/// A residual block and the attention behind it.
#[derive(Debug)]
struct Layer {
    resnet: Resnet,
    attention: Option<Transformer>,
}

impl Layer {
    /// Reads `resnets.{index}` and, where `attention` gives heads and depth, `attentions.{index}`.
    fn load(
        weights: &Weights,
        config: &UnetConfig,
        index: usize,
        (inputs, channels): (usize, usize),
        attention: Option<(usize, usize)>,
    ) -> Result<Self, Error> {
        let resnet = Resnet::load(&weights.pp("resnets").pp(index), resnet_shape(config, inputs, channels))?;
        let attention = attention.map(|(heads, depth)| {
            transformer(&weights.pp("attentions").pp(index), config, channels, heads, depth)
        });
        Ok(Self { resnet, attention: attention.transpose()? })
    }

    fn forward(&self, x: &Tensor, signals: Signals<'_>, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        go_on(ask)?;
        let x = self.resnet.forward(x, Some(signals.time))?;
        match &self.attention {
            Some(attention) => attention.forward(&x, signals.context, ask),
            None => Ok(x),
        }
    }
}

fn resnet_shape(config: &UnetConfig, inputs: usize, outputs: usize) -> resnet::Shape {
    let UnetConfig { groups, epsilon, .. } = *config;
    resnet::Shape { inputs, outputs, time: Some(config.time.width), groups, epsilon }
}

fn transformer(
    weights: &Weights,
    config: &UnetConfig,
    channels: usize,
    heads: usize,
    depth: usize,
) -> Result<Transformer, Error> {
    let UnetConfig { context, groups, linear_projection, upcast_attention: upcast, .. } = *config;
    let shape = transformer::Shape { channels, heads, depth, context, groups, linear_projection, upcast };
    Transformer::load(weights, &shape)
}

/// Heads and depth of the attention behind the residual block `index`.
fn attention_of(heads: Option<&Heads>, index: usize) -> Option<(usize, usize)> {
    heads.map(|heads| (heads.heads, heads.depths[index]))
}

/// A level on the way down.
#[derive(Debug)]
pub(super) struct Down {
    layers: Vec<Layer>,
    halve: Option<Conv2d>,
}

impl Down {
    /// Reads one of `down_blocks`. `skips` are the channels of what the way up will be given, and grows.
    pub(super) fn load(
        weights: &Weights,
        config: &UnetConfig,
        level: &Level,
        skips: &mut Vec<usize>,
    ) -> Result<Self, Error> {
        let channels = level.channels;
        let mut inputs = skips.last().copied().unwrap_or(channels);
        let mut layers = Vec::with_capacity(level.layers);
        for index in 0..level.layers {
            let attention = attention_of(level.attention.as_ref(), index);
            layers.push(Layer::load(weights, config, index, (inputs, channels), attention)?);
            inputs = channels;
            skips.push(channels);
        }
        let mut halve = None;
        if level.resamples {
            let geometry = if config.pad_both { Geometry::HALF } else { Geometry::HALF_AFTER };
            let weights = weights.pp("downsamplers").pp(0).pp("conv");
            halve = Some(Conv2d::load(&weights, channels, channels, geometry)?);
            skips.push(channels);
        }
        Ok(Self { layers, halve })
    }

    /// `[batch, inputs, height, width]` → `[batch, channels, height', width']`; what the way up needs is added to
    /// `skips`.
    pub(super) fn forward(
        &self,
        mut x: Tensor,
        signals: Signals<'_>,
        skips: &mut Vec<Tensor>,
        ask: &mut Ask<'_>,
    ) -> Result<Tensor, Error> {
        for layer in &self.layers {
            x = layer.forward(&x, signals, ask)?;
            skips.push(x.clone());
        }
        if let Some(halve) = &self.halve {
            x = halve.forward(&x)?;
            skips.push(x.clone());
        }
        Ok(x)
    }
}

/// The blocks at the lowest resolution.
#[derive(Debug)]
pub(super) struct Mid {
    first: Layer,
    second: Option<Resnet>,
}

impl Mid {
    /// Reads `mid_block`.
    pub(super) fn load(
        weights: &Weights,
        config: &UnetConfig,
        middle: &Middle,
        channels: usize,
    ) -> Result<Self, Error> {
        let (attention, second) = match *middle {
            Middle::Plain => (None, None),
            Middle::Attention { heads, depth } => {
                let shape = resnet_shape(config, channels, channels);
                (Some((heads, depth)), Some(Resnet::load(&weights.pp("resnets").pp(1), shape)?))
            }
        };
        Ok(Self { first: Layer::load(weights, config, 0, (channels, channels), attention)?, second })
    }

    /// `[batch, channels, height, width]`, changed.
    pub(super) fn forward(
        &self,
        x: &Tensor,
        signals: Signals<'_>,
        ask: &mut Ask<'_>,
    ) -> Result<Tensor, Error> {
        let x = self.first.forward(x, signals, ask)?;
        match &self.second {
            Some(second) => second.forward(&x, Some(signals.time)),
            None => Ok(x),
        }
    }
}

/// A level on the way up.
#[derive(Debug)]
pub(super) struct Up {
    layers: Vec<Layer>,
    double: Option<Conv2d>,
}

impl Up {
    /// Reads one of `up_blocks`, whose input has `inputs` channels. The last of `skips` is what the way down has
    /// left for its first block.
    pub(super) fn load(
        weights: &Weights,
        config: &UnetConfig,
        level: &Level,
        mut inputs: usize,
        skips: &mut Vec<usize>,
    ) -> Result<Self, Error> {
        let channels = level.channels;
        let mut layers = Vec::with_capacity(level.layers);
        for index in 0..level.layers {
            let skip = skips.pop().ok_or_else(|| unbalanced("channels"))?;
            let attention = attention_of(level.attention.as_ref(), index);
            layers.push(Layer::load(weights, config, index, (inputs + skip, channels), attention)?);
            inputs = channels;
        }
        let double = level.resamples.then(|| {
            let weights = weights.pp("upsamplers").pp(0).pp("conv");
            Conv2d::load(&weights, channels, channels, Geometry::SAME)
        });
        Ok(Self { layers, double: double.transpose()? })
    }

    /// `[batch, inputs, height, width]` → `[batch, channels, height', width']`, the size of what `skips` ends with
    /// then.
    pub(super) fn forward(
        &self,
        mut x: Tensor,
        signals: Signals<'_>,
        skips: &mut Vec<Tensor>,
        ask: &mut Ask<'_>,
    ) -> Result<Tensor, Error> {
        for layer in &self.layers {
            let skip = skips.pop().ok_or_else(|| unbalanced("pictures"))?;
            x = layer.forward(&Tensor::cat(&[&x, &skip], 1)?, signals, ask)?;
        }
        let Some(double) = &self.double else { return Ok(x) };
        // An odd size was rounded up on the way down: double of it is one too many.
        let (_, _, height, width) = skips.last().ok_or_else(|| unbalanced("pictures"))?.dims4()?;
        double.forward_upsampled(&x, height, width)
    }
}

/// The way up has one block more at each level than the way down, so this cannot be.
fn unbalanced(what: &str) -> Error {
    Error::Internal(format!("the UNet's way up needs more {what} than its way down left"))
}
