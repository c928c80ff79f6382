//! Fully connected layers.

use candle_core::{D, Tensor};

use super::host;
use crate::{
    Error,
    kernels::{Added, Cpu, Patches, Rows, View, multiply},
    weights::{Parameter, Values, Weights},
};

/// `x · Wᵀ + b` over the last dimension.
#[derive(Debug, Clone)]
pub struct Linear {
    inputs: usize,
    outputs: usize,
    place: Place,
}

/// Where the layer works.
#[derive(Debug, Clone)]
enum Place {
    Host { weight: Parameter, bias: Option<Vec<f32>>, cpu: Cpu },
    Device { weight: Tensor, bias: Option<Tensor> },
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
        let placement = weights.placement();
        if placement.device.is_cpu() {
            let bias = if bias { Some(host::vector(weights, "bias", shape[0])?) } else { None };
            let weight = weights.get("weight", shape)?;
            let place = Place::Host { weight, bias, cpu: Cpu::detect(placement.precision) };
            Ok(Self { inputs: shape[1], outputs: shape[0], place })
        } else {
            Self::read_to_device(weights, shape, bias)
        }
    }

    pub(super) fn read_to_device(weights: &Weights, shape: &[usize], bias: bool) -> Result<Self, Error> {
        let (outputs, inputs) = (shape[0], shape[1]);
        let weight = weights.get("weight", shape)?.reshaped(&shape[..2]).tensor(weights.placement())?;
        let bias = if bias {
            Some(weights.vector("bias", outputs)?.to_dtype(weights.placement().activation())?)
        } else {
            None
        };
        Ok(Self { inputs, outputs, place: Place::Device { weight, bias } })
    }

    /// `[…, inputs]` → `[…, outputs]`.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        self.tokens(x, None)
    }

    /// [`Self::forward`] plus `residual`, which has the shape of the answer.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        self.tokens(x, Some(residual))
    }

    /// A picture's pixels as tokens: `[batch, inputs, height, width]` → `[batch, height·width, outputs]`.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn from_picture(&self, x: &Tensor) -> Result<Tensor, Error> {
        let (batch, channels, height, width) = x.dims4()?;
        let pixels = height * width;
        let Place::Host { weight, bias, cpu } = &self.place else {
            return self.forward(&x.flatten_from(2)?.transpose(1, 2)?.contiguous()?);
        };
        if channels != self.inputs {
            return Err(host::misfit("a linear layer", &[batch, self.inputs, height, width], x));
        }
        let y = host::with_numbers([x], |[x]| {
            let left = Patches::new(x, View::pixels(batch, self.inputs, pixels));
            let right = Rows::new(weight.values(), self.outputs, self.inputs);
            multiply(*cpu, &left, &right, Added { per_column: bias.as_deref(), ..Added::default() })
        })?;
        host::tensor(y, (batch, pixels, self.outputs))
    }

    /// Tokens as a picture, added to `residual`: `[batch, height·width, inputs]` →
    /// `[batch, outputs, height, width]`.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn to_picture_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        let Place::Host { weight, bias, cpu } = &self.place else {
            return Ok((self.forward(x)?.transpose(1, 2)?.reshape(residual.shape())? + residual)?);
        };
        let (batch, tokens, inputs) = x.dims3()?;
        let (_, _, height, width) = residual.dims4()?;
        if inputs != self.inputs || tokens != height * width {
            return Err(host::misfit("a linear layer", &[batch, height * width, self.inputs], x));
        }
        if residual.dims() != [batch, self.outputs, height, width] {
            return Err(host::misfit("its residual", &[batch, self.outputs, height, width], residual));
        }
        let per_row = bias.as_ref().map(|bias| bias.repeat(batch));
        let y = host::with_numbers([x, residual], |[x, residual]| {
            let left = Rows::new(weight.values(), self.outputs, self.inputs);
            let right = Rows::grouped(Values::F32(x), batch, tokens, inputs);
            let added = Added { per_row: per_row.as_deref(), everywhere: Some(residual), ..Added::default() };
            multiply(*cpu, &left, &right, added)
        })?;
        host::tensor(y, residual.shape())
    }

    /// Token by token, with `residual` added if there is one.
    fn tokens(&self, x: &Tensor, residual: Option<&Tensor>) -> Result<Tensor, Error> {
        let mut shape = x.dims().to_vec();
        let inputs = x.dim(D::Minus1)?;
        if inputs != self.inputs {
            return Err(host::misfit("a linear layer", &[self.inputs], x));
        }
        if let Some(last) = shape.last_mut() {
            *last = self.outputs;
        }
        if let Some(residual) = residual.filter(|residual| residual.dims() != shape) {
            return Err(host::misfit("its residual", &shape, residual));
        }
        let rows = x.elem_count() / inputs;
        match &self.place {
            Place::Host { weight, bias, cpu } => {
                // What is not there stands for nothing: x is read twice.
                let y = host::with_numbers([x, residual.unwrap_or(x)], |[x, added]| {
                    let left = Rows::new(Values::F32(x), rows, inputs);
                    let right = Rows::new(weight.values(), self.outputs, inputs);
                    let everywhere = residual.map(|_| added);
                    multiply(
                        *cpu,
                        &left,
                        &right,
                        Added { per_column: bias.as_deref(), everywhere, per_row: None },
                    )
                })?;
                host::tensor(y, shape)
            }
            Place::Device { weight, bias } => {
                let y = x.reshape((rows, inputs))?.matmul(&weight.t()?)?;
                let y = match bias {
                    Some(bias) => y.broadcast_add(bias)?,
                    None => y,
                };
                let y = y.reshape(shape)?;
                Ok(match residual {
                    Some(residual) => (y + residual)?,
                    None => y,
                })
            }
        }
    }
}
