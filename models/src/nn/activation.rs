//! Activation functions, in the exact forms that the reference implementations use.

use candle_core::{D, Tensor};

use super::host;
use crate::{
    Error,
    device::Precision,
    kernels::{self, Cpu, Function},
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
