//! Activation functions, in the exact forms that the reference implementations use.

use candle_core::{D, Tensor};

use super::host;
use crate::{
    Error,
    device::Precision,
    kernels::{self, Cpu, Function},
    weights::Weights,
};

/// `x · σ(x)`, the sigmoid linear unit.
///
/// # Errors
/// When the device has no room.
pub fn silu(x: &Tensor) -> Result<Tensor, Error> {
    if host::is_host(x) { on_host(Function::Silu, x) } else { Ok(x.silu()?) }
}

/// The Gaussian error linear unit by the error function, not by its tanh approximation.
///
/// # Errors
/// When the device has no room.
pub fn gelu(x: &Tensor) -> Result<Tensor, Error> {
    if host::is_host(x) { on_host(Function::Gelu, x) } else { Ok(x.gelu_erf()?) }
}

/// `x · σ(1.702 x)`, the approximation that OpenAI's CLIP was trained with.
///
/// # Errors
/// When the device has no room.
pub fn quick_gelu(x: &Tensor) -> Result<Tensor, Error> {
    if host::is_host(x) { on_host(Function::QuickGelu, x) } else { quick_gelu_on_device(x) }
}

/// Splits the last dimension `[value, gate]` of `x` and returns `value · gelu(gate)` (Shazeer 2020, GEGLU).
///
/// # Errors
/// When the last dimension is odd, or the device has no room.
pub fn geglu(x: &Tensor) -> Result<Tensor, Error> {
    let both = x.dim(D::Minus1)?;
    if !both.is_multiple_of(2) {
        return Err(host::misfit("a gated unit", &[2 * both.div_ceil(2)], x));
    }
    if !host::is_host(x) {
        return geglu_on_device(x);
    }
    let mut shape = x.dims().to_vec();
    if let Some(last) = shape.last_mut() {
        *last = both / 2;
    }
    let cpu = Cpu::detect(Precision::F32);
    host::tensor(host::with_numbers([x], |[x]| kernels::geglu(cpu, x, both / 2))?, shape)
}

/// `max(x, 0) + slope · min(x, 0)` with a slope for each channel (He et al. 2015).
#[derive(Debug, Clone)]
pub struct Prelu {
    slopes: Vec<f32>,
    on_device: Tensor,
}

impl Prelu {
    /// Reads the slopes, `weight` `[channels]`.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load(weights: &Weights, channels: usize) -> Result<Self, Error> {
        let slopes = host::vector(weights, "weight", channels)?;
        let placement = weights.placement();
        let on_device = Tensor::from_slice(&slopes, (1, channels, 1, 1), &placement.device)?;
        Ok(Self { slopes, on_device: on_device.to_dtype(placement.activation())? })
    }

    /// Of pictures `[batch, channels, height, width]`.
    ///
    /// # Errors
    /// When the shape does not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let (batch, channels, height, width) = x.dims4()?;
        if channels != self.slopes.len() {
            return Err(host::misfit("a rectifier", &[batch, self.slopes.len(), height, width], x));
        }
        if !host::is_host(x) {
            return Ok((x.relu()? - x.neg()?.relu()?.broadcast_mul(&self.on_device)?)?);
        }
        let slopes = &self.slopes;
        host::tensor(host::with_numbers([x], |[x]| kernels::prelu(x, height * width, slopes))?, x.shape())
    }
}

fn on_host(function: Function, x: &Tensor) -> Result<Tensor, Error> {
    let cpu = Cpu::detect(Precision::F32);
    host::tensor(host::with_numbers([x], |[x]| kernels::map(cpu, function, x))?, x.shape())
}

pub(super) fn quick_gelu_on_device(x: &Tensor) -> Result<Tensor, Error> {
    Ok((x * candle_nn::ops::sigmoid(&(x * 1.702)?)?)?)
}

pub(super) fn geglu_on_device(x: &Tensor) -> Result<Tensor, Error> {
    let parts = x.chunk(2, D::Minus1)?;
    Ok((&parts[0] * parts[1].gelu_erf()?)?)
}
