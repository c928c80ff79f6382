//! Convolutions, by whichever way is faster.

use super::{
    cpu::{Cpu, Products},
    matrix::Rows,
    patches::{Patches, View},
    product::{Added, Side, multiply},
    winograd,
};

/// The convolution of `pictures` with `weights`, whose lanes are its outputs and whose depth its channels' kernels:
/// `[batch, outputs, height, width]`. A row is an output, a column a pixel of the answer.
///
/// # Panics
/// When lengths do not fit.
pub(crate) fn convolve(
    cpu: Cpu,
    weights: Rows<'_>,
    pictures: &[f32],
    view: View,
    added: Added<'_>,
) -> Vec<f32> {
    if pays(cpu, weights.lanes(), &view) {
        winograd::convolve(cpu, weights, pictures, view, added)
    } else {
        multiply(cpu, &weights, &Patches::new(pictures, view), added)
    }
}

fn pays(cpu: Cpu, outputs: usize, view: &View) -> bool {
    std::env::var_os("DIRECT").is_none()
        && cpu.products() == Products::Exact
        && winograd::can(view)
        && outputs >= 16
        && view.channels >= 16
}
