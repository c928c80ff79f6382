//! Activation functions, in the exact forms that the reference implementations use.

use candle_core::{D, Tensor};

use crate::Error;

/// `x · σ(x)`, the sigmoid linear unit.
///
/// # Errors
/// When the device has no room.
pub fn silu(x: &Tensor) -> Result<Tensor, Error> {
    Ok(x.silu()?)
}

/// The Gaussian error linear unit by the error function, not by its tanh approximation.
///
/// # Errors
/// When the device has no room.
pub fn gelu(x: &Tensor) -> Result<Tensor, Error> {
    Ok(x.gelu_erf()?)
}

/// `x · σ(1.702 x)`, the approximation that OpenAI's CLIP was trained with.
///
/// # Errors
/// When the device has no room.
pub fn quick_gelu(x: &Tensor) -> Result<Tensor, Error> {
    Ok((x * candle_nn::ops::sigmoid(&(x * 1.702)?)?)?)
}

/// Splits the last dimension `[value, gate]` of `x` and returns `value · gelu(gate)` (Shazeer 2020, GEGLU).
///
/// # Errors
/// When the last dimension is odd, or the device has no room.
pub fn geglu(x: &Tensor) -> Result<Tensor, Error> {
    let parts = x.chunk(2, D::Minus1)?;
    Ok((&parts[0] * parts[1].gelu_erf()?)?)
}
