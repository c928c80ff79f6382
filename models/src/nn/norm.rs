//! Normalisation, counted in f32 whatever the activations are.

use candle_core::{D, DType, Tensor};

use super::host;
use crate::{
    Error,
    device::Precision,
    kernels::{self, Affine, Cpu, Groups},
    weights::Weights,
};

/// Scales and shifts, where the layer works.
#[derive(Debug, Clone)]
enum Place {
    Host { weight: Vec<f32>, bias: Vec<f32>, cpu: Cpu },
    Device { weight: Tensor, bias: Tensor },
}

impl Place {
    fn load(weights: &Weights, length: usize) -> Result<Self, Error> {
        if !weights.placement().device.is_cpu() {
            return Self::load_to_device(weights, length);
        }
        let weight = host::vector(weights, "weight", length)?;
        let bias = host::vector(weights, "bias", length)?;
        Ok(Self::Host { weight, bias, cpu: Cpu::detect(Precision::F32) })
    }

    fn load_to_device(weights: &Weights, length: usize) -> Result<Self, Error> {
        let (weight, bias) = (weights.vector("weight", length)?, weights.vector("bias", length)?);
        Ok(Self::Device { weight, bias })
    }
}

/// Group normalisation (Wu & He 2018) over `[batch, channels, …]`.
#[derive(Debug, Clone)]
pub struct GroupNorm {
    place: Place,
    groups: usize,
    channels: usize,
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
        Ok(Self { place: Place::load(weights, channels)?, groups, channels, epsilon })
    }

    /// Normalises every group of channels, then scales and shifts every channel.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        self.run(x, false)
    }

    /// [`Self::forward`], then [`silu`](super::silu).
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_silu(&self, x: &Tensor) -> Result<Tensor, Error> {
        self.run(x, true)
    }

    fn run(&self, x: &Tensor, silu: bool) -> Result<Tensor, Error> {
        let (batch, channels) = (x.dim(0)?, x.dim(1)?);
        if channels != self.channels {
            return Err(host::misfit("group normalisation", &[batch, self.channels], x));
        }
        match &self.place {
            Place::Host { weight, bias, cpu } => {
                let pixels = x.dims()[2..].iter().product();
                let shape = Groups { batch, groups: self.groups, channels, pixels };
                let affine = Affine { weight, bias, epsilon: self.epsilon as f32 };
                let y = host::with_numbers([x], |[x]| kernels::group_norm(*cpu, x, shape, affine, silu))?;
                host::tensor(y, x.shape())
            }
            Place::Device { weight, bias } => {
                let y = self.on_device(weight, bias, x)?;
                Ok(if silu { y.silu()? } else { y })
            }
        }
    }

    fn on_device(&self, weight: &Tensor, bias: &Tensor, x: &Tensor) -> Result<Tensor, Error> {
        let grouped = x.to_dtype(DType::F32)?.reshape((x.dim(0)?, self.groups, ()))?;
        let centred = grouped.broadcast_sub(&grouped.mean_keepdim(D::Minus1)?)?;
        let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
        let normal = centred.broadcast_div(&(variance + self.epsilon)?.sqrt()?)?.reshape(x.shape())?;
        let mut per_channel = vec![1; x.rank()];
        per_channel[1] = self.channels;
        let y = normal
            .broadcast_mul(&weight.reshape(per_channel.as_slice())?)?
            .broadcast_add(&bias.reshape(per_channel.as_slice())?)?;
        Ok(y.to_dtype(x.dtype())?)
    }
}

/// Layer normalisation (Ba et al. 2016) over the last dimension.
#[derive(Debug, Clone)]
pub struct LayerNorm {
    place: Place,
    width: usize,
    epsilon: f64,
}

impl LayerNorm {
    /// Reads `weight` and `bias` of `width` elements.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load(weights: &Weights, width: usize, epsilon: f64) -> Result<Self, Error> {
        Ok(Self { place: Place::load(weights, width)?, width, epsilon })
    }

    /// Normalises every row, then scales and shifts every column.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        if x.dim(D::Minus1)? != self.width {
            return Err(host::misfit("layer normalisation", &[self.width], x));
        }
        match &self.place {
            Place::Host { weight, bias, cpu } => {
                let affine = Affine { weight, bias, epsilon: self.epsilon as f32 };
                let y = host::with_numbers([x], |[x]| kernels::layer_norm(*cpu, x, affine))?;
                host::tensor(y, x.shape())
            }
            Place::Device { weight, bias } => {
                let rows = x.to_dtype(DType::F32)?;
                let centred = rows.broadcast_sub(&rows.mean_keepdim(D::Minus1)?)?;
                let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
                let normal = centred.broadcast_div(&(variance + self.epsilon)?.sqrt()?)?;
                Ok(normal.broadcast_mul(weight)?.broadcast_add(bias)?.to_dtype(x.dtype())?)
            }
        }
    }
}
