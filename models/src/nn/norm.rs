//! Normalisation, counted in f32 whatever the activations are.

use candle_core::{D, DType, Tensor};

use super::silu;
use crate::{Error, weights::Weights};

/// Group normalisation (Wu & He 2018) over `[batch, channels, …]`.
#[derive(Debug, Clone)]
pub struct GroupNorm {
    weight: Tensor,
    bias: Tensor,
    groups: usize,
    epsilon: f64,
}

impl GroupNorm {
    /// Reads `weight` and `bias` of `channels` elements.
    ///
    /// # Errors
    /// As [`Weights::get`], and [`Error::Checkpoint`] when `groups` do not divide `channels`.
    pub fn load(weights: &Weights, groups: usize, channels: usize, epsilon: f64) -> Result<Self, Error> {
        if groups == 0 || !channels.is_multiple_of(groups) {
            return Err(weights.refuse(format!("{channels} channels do not fall into {groups} groups")));
        }
        let (weight, bias) = (weights.vector("weight", channels)?, weights.vector("bias", channels)?);
        Ok(Self { weight, bias, groups, epsilon })
    }

    /// Normalises every group of channels, then scales and shifts every channel.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let (batch, channels) = (x.dim(0)?, x.dim(1)?);
        let grouped = x.to_dtype(DType::F32)?.reshape((batch, self.groups, ()))?;
        let centred = grouped.broadcast_sub(&grouped.mean_keepdim(D::Minus1)?)?;
        let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
        let normal = centred.broadcast_div(&(variance + self.epsilon)?.sqrt()?)?.reshape(x.shape())?;
        let mut per_channel = vec![1; x.rank()];
        per_channel[1] = channels;
        let y = normal
            .broadcast_mul(&self.weight.reshape(per_channel.as_slice())?)?
            .broadcast_add(&self.bias.reshape(per_channel.as_slice())?)?;
        Ok(y.to_dtype(x.dtype())?)
    }

    /// [`Self::forward`], then [`silu`].
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_silu(&self, x: &Tensor) -> Result<Tensor, Error> {
        silu(&self.forward(x)?)
    }
}

/// Layer normalisation (Ba et al. 2016) over the last dimension.
#[derive(Debug, Clone)]
pub struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f64,
}

impl LayerNorm {
    /// Reads `weight` and `bias` of `width` elements.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load(weights: &Weights, width: usize, epsilon: f64) -> Result<Self, Error> {
        let (weight, bias) = (weights.vector("weight", width)?, weights.vector("bias", width)?);
        Ok(Self { weight, bias, epsilon })
    }

    /// Normalises every row, then scales and shifts every column.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let rows = x.to_dtype(DType::F32)?;
        let centred = rows.broadcast_sub(&rows.mean_keepdim(D::Minus1)?)?;
        let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
        let normal = centred.broadcast_div(&(variance + self.epsilon)?.sqrt()?)?;
        Ok(normal.broadcast_mul(&self.weight)?.broadcast_add(&self.bias)?.to_dtype(x.dtype())?)
    }
}
