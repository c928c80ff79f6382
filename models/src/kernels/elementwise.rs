//! Activation functions over whole tensors.

use super::{
    cpu::{Cpu, Loop},
    functions,
    output::{filled, filled_groups},
};

/// Numbers that a task takes: 64 KiB of them.
const PIECE: usize = 1 << 14;

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    /// `x · σ(x)`.
    Silu,
    /// `x · Φ(x)`.
    Gelu,
    /// `x · σ(1.702 x)`.
    QuickGelu,
}

/// `function` of every number of `x`.
pub(crate) fn map(cpu: Cpu, function: Function, x: &[f32]) -> Vec<f32> {
    filled(x.len(), PIECE, |first, y| cpu.run(Map { function, x: &x[first..first + y.len()], y }))
}

/// `value · gelu(gate)` for rows `[value, gate]` of two times `width` numbers.
///
/// # Panics
/// When `x` is not whole rows.
pub(crate) fn geglu(cpu: Cpu, x: &[f32], width: usize) -> Vec<f32> {
    assert!(x.len().is_multiple_of(2 * width.max(1)), "whole rows");
    let rows = (PIECE / width.max(1)).max(1);
    filled(x.len() / 2, rows * width, |first, y| {
        cpu.run(Gated { x: &x[2 * first..2 * (first + y.len())], width, y });
    })
}

/// `max(x, 0) + slope · min(x, 0)` for planes of `plane` numbers, each with its channel's slope.
///
/// # Panics
/// When `x` is not whole pictures of as many planes as there are slopes.
pub(crate) fn prelu(x: &[f32], plane: usize, slopes: &[f32]) -> Vec<f32> {
    assert!(x.len().is_multiple_of((plane * slopes.len()).max(1)), "whole pictures");
    filled_groups(x.len() / plane.max(1), plane, PIECE, |channel, first, y| {
        let slope = slopes[channel % slopes.len()];
        let x = &x[channel * plane + first..][..y.len()];
        for (y, x) in y.iter_mut().zip(x) {
            *y = x.max(0.0) + slope * x.min(0.0);
        }
    })
}

struct Map<'a> {
    function: Function,
    x: &'a [f32],
    y: &'a mut [f32],
}

impl Loop for Map<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let pairs = self.x.iter().zip(self.y);
        match self.function {
            Function::Silu => pairs.for_each(|(x, y)| *y = functions::silu::<FMA>(*x)),
            Function::Gelu => pairs.for_each(|(x, y)| *y = functions::gelu::<FMA>(*x)),
            Function::QuickGelu => pairs.for_each(|(x, y)| *y = functions::quick_gelu::<FMA>(*x)),
        }
    }
}

struct Gated<'a> {
    x: &'a [f32],
    width: usize,
    y: &'a mut [f32],
}

impl Loop for Gated<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let rows = self.x.chunks_exact(2 * self.width).zip(self.y.chunks_exact_mut(self.width));
        for (row, y) in rows {
            let (values, gates) = row.split_at(self.width);
            for ((y, value), gate) in y.iter_mut().zip(values).zip(gates) {
                *y = value * functions::gelu::<FMA>(*gate);
            }
        }
    }
}
