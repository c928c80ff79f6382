//! Convolutions, by whichever way is faster.

use super::{
    cpu::Cpu,
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
    if pays(weights.lanes(), &view) {
        winograd::convolve(cpu, weights, pictures, view, added)
    } else {
        multiply(cpu, &weights, &Patches::new(pictures, view), added)
    }
}

/// Whether it is faster at points than by its definition. Measured with AVX-512: from 16 tiles on it takes 0.3 to 0.6
/// of the time, and with 8 tiles 1.1 to 1.2, as then there are more weights to transform than pixels to gain by it. Few
/// channels have too little to multiply. It also beats products of bf16, which halve a multiplication's cost where this
/// takes a quarter of them, and it stays exact.
fn pays(outputs: usize, view: &View) -> bool {
    const TILES: usize = 16;
    const CHANNELS: usize = 16;
    winograd::can(view) && winograd::tiles(view) >= TILES && outputs.min(view.channels) >= CHANNELS
}
