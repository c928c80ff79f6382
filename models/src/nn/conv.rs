//! Convolutions over pictures.

use candle_core::Tensor;

use crate::{Error, weights::Weights};

/// Kernel size, stride and zero padding, the same in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Side of the square kernel.
    pub kernel: usize,
    /// Distance between two outputs, in inputs.
    pub stride: usize,
    /// Zeros before the first row and column.
    pub before: usize,
    /// Zeros after the last row and column.
    pub after: usize,
}

impl Geometry {
    /// 3×3 that keeps the size.
    pub const SAME: Self = Self { kernel: 3, stride: 1, before: 1, after: 1 };
    /// 3×3 that halves the size, padded on both sides (UNet).
    pub const HALF: Self = Self { kernel: 3, stride: 2, before: 1, after: 1 };
    /// 3×3 that halves the size, padded after only (the VAE's encoder).
    pub const HALF_AFTER: Self = Self { kernel: 3, stride: 2, before: 0, after: 1 };
    /// 1×1.
    pub const POINT: Self = Self { kernel: 1, stride: 1, before: 0, after: 0 };
}

/// A two-dimensional convolution.
#[derive(Debug, Clone)]
pub struct Conv2d {
    weight: Tensor,
    bias: Option<Tensor>,
    geometry: Geometry,
}

impl Conv2d {
    /// Reads `weight` `[outputs, inputs, kernel, kernel]` and `bias` `[outputs]`.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load(weights: &Weights, inputs: usize, outputs: usize, geometry: Geometry) -> Result<Self, Error> {
        let bias = weights.vector("bias", outputs)?.to_dtype(weights.placement().activation())?;
        Ok(Self { bias: Some(bias), ..Self::load_no_bias(weights, inputs, outputs, geometry)? })
    }

    /// Reads `weight` `[outputs, inputs, kernel, kernel]` of a layer without bias.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load_no_bias(
        weights: &Weights,
        inputs: usize,
        outputs: usize,
        geometry: Geometry,
    ) -> Result<Self, Error> {
        let shape = [outputs, inputs, geometry.kernel, geometry.kernel];
        let weight = weights.get("weight", &shape)?.tensor(weights.placement())?;
        Ok(Self { weight, bias: None, geometry })
    }

    /// `[batch, inputs, height, width]` → `[batch, outputs, height', width']`.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let Geometry { stride, before, after, .. } = self.geometry;
        let x = if before == after {
            x.clone()
        } else {
            x.pad_with_zeros(2, before, after)?.pad_with_zeros(3, before, after)?
        };
        let padding = if before == after { before } else { 0 };
        let y = x.conv2d(&self.weight, padding, stride, 1, 1)?;
        match &self.bias {
            Some(bias) => Ok(y.broadcast_add(&bias.reshape((1, (), 1, 1))?)?),
            None => Ok(y),
        }
    }

    /// [`Self::forward`] plus `per_channel` `[batch, outputs]` at every pixel (the time embedding).
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_shifted(&self, x: &Tensor, per_channel: &Tensor) -> Result<Tensor, Error> {
        let (batch, channels) = per_channel.dims2()?;
        Ok(self.forward(x)?.broadcast_add(&per_channel.reshape((batch, channels, 1, 1))?)?)
    }

    /// [`Self::forward`] plus `residual`, which has the shape of the answer.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        Ok((self.forward(x)? + residual)?)
    }

    /// [`Self::forward`] of `x` doubled in both directions by repeating pixels, to the size `height`×`width`
    /// (which may be one less than double).
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_upsampled(&self, x: &Tensor, height: usize, width: usize) -> Result<Tensor, Error> {
        self.forward(&x.upsample_nearest2d(height, width)?)
    }
}
