//! Fully connected layers.

use candle_core::Tensor;

use crate::{Error, weights::Weights};

/// `x · Wᵀ + b` over the last dimension.
#[derive(Debug, Clone)]
pub struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// Reads `weight` `[outputs, inputs]` and `bias` `[outputs]`.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load(weights: &Weights, inputs: usize, outputs: usize) -> Result<Self, Error> {
        Self::read(weights, &[outputs, inputs], true)
    }

    /// Reads `weight` `[outputs, inputs]` of a layer without bias.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load_no_bias(weights: &Weights, inputs: usize, outputs: usize) -> Result<Self, Error> {
        Self::read(weights, &[outputs, inputs], false)
    }

    /// Reads a 1×1 convolution, `weight` `[outputs, inputs, 1, 1]`, as the matrix that it is.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load_pointwise(weights: &Weights, inputs: usize, outputs: usize) -> Result<Self, Error> {
        Self::read(weights, &[outputs, inputs, 1, 1], true)
    }

    fn read(weights: &Weights, shape: &[usize], bias: bool) -> Result<Self, Error> {
        let outputs = shape[0];
        let weight = weights.get("weight", shape)?.reshaped(&shape[..2]).tensor(weights.placement())?;
        let bias = if bias {
            Some(weights.vector("bias", outputs)?.to_dtype(weights.placement().activation())?)
        } else {
            None
        };
        Ok(Self { weight, bias })
    }

    /// `[…, inputs]` → `[…, outputs]`.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let inputs = x.dim(candle_core::D::Minus1)?;
        let outputs = self.weight.dim(0)?;
        let rows = x.elem_count() / inputs;
        let mut shape = x.dims().to_vec();
        if let Some(last) = shape.last_mut() {
            *last = outputs;
        }
        let y = x.reshape((rows, inputs))?.matmul(&self.weight.t()?)?;
        let y = match &self.bias {
            Some(bias) => y.broadcast_add(bias)?,
            None => y,
        };
        Ok(y.reshape(shape)?)
    }

    /// [`Self::forward`] plus `residual`, which has the shape of the answer.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        Ok((self.forward(x)? + residual)?)
    }

    /// A picture's pixels as tokens: `[batch, inputs, height, width]` → `[batch, height·width, outputs]`.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn from_picture(&self, x: &Tensor) -> Result<Tensor, Error> {
        self.forward(&x.flatten_from(2)?.transpose(1, 2)?.contiguous()?)
    }

    /// Tokens as a picture, added to `residual`: `[batch, height·width, inputs]` →
    /// `[batch, outputs, height, width]`.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn to_picture_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        Ok((self.forward(x)?.transpose(1, 2)?.reshape(residual.shape())? + residual)?)
    }
}
