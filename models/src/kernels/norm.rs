//! Normalisation: statistics in one reading, then scale, shift and an activation in one writing.

use rayon::prelude::*;

use super::{
    cpu::{Cpu, Loop, fma},
    functions,
    output::filled,
};

/// Numbers whose statistics are taken at a time, while they are in the first cache; also what a task writes.
const PIECE: usize = 1 << 12;
/// Sums that are kept side by side.
const LANES: usize = 64;

/// What group normalisation works on: `[batch, groups, channels of a group, pixels]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Groups {
    /// Pictures.
    pub(crate) batch: usize,
    /// Groups of channels.
    pub(crate) groups: usize,
    /// Channels of all groups.
    pub(crate) channels: usize,
    /// Pixels of a channel.
    pub(crate) pixels: usize,
}

/// Scale and shift, one of each per channel, and what keeps a division by zero away.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Affine<'a> {
    /// Scales.
    pub(crate) weight: &'a [f32],
    /// Shifts.
    pub(crate) bias: &'a [f32],
    /// Added to variances.
    pub(crate) epsilon: f32,
}

/// Group normalisation of `x`, then `silu` if that is wanted.
///
/// # Panics
/// When lengths do not fit, or groups do not divide the channels.
pub(crate) fn group_norm(cpu: Cpu, x: &[f32], shape: Groups, affine: Affine<'_>, silu: bool) -> Vec<f32> {
    let Groups { batch, groups, channels, pixels } = shape;
    assert_eq!(x.len(), batch * channels * pixels, "as many numbers as the shape says");
    assert_eq!(
        (affine.weight.len(), affine.bias.len()),
        (channels, channels),
        "a scale and a shift per channel"
    );
    assert!(groups > 0 && channels.is_multiple_of(groups), "groups divide the channels");
    if x.is_empty() {
        return Vec::new();
    }
    let per_group = channels / groups;
    let moments: Vec<(f32, f32)> = x
        .par_chunks(per_group * pixels)
        .map(|group| {
            let pieces = group.par_chunks(PIECE * 16);
            let moments = pieces.map(|piece| Moments::of(cpu, piece)).reduce(Moments::default, Moments::and);
            moments.mean_and_scale(affine.epsilon)
        })
        .collect();
    filled(x.len(), PIECE, |first, y| {
        let mut rest = y;
        let mut at = first;
        while !rest.is_empty() {
            let plane = at / pixels;
            let length = (pixels - at % pixels).min(rest.len());
            let (part, after) = rest.split_at_mut(length);
            let channel = plane % channels;
            let (mean, scale) = moments[plane / per_group];
            let (scale, shift) = (scale * affine.weight[channel], affine.bias[channel]);
            cpu.run(Normalise { x: &x[at..at + length], mean, scale, shift, silu, y: part });
            (rest, at) = (after, at + length);
        }
    })
}

/// Layer normalisation of rows as wide as `affine`.
///
/// # Panics
/// When `x` is not whole rows, or scales are not as many as shifts.
pub(crate) fn layer_norm(cpu: Cpu, x: &[f32], affine: Affine<'_>) -> Vec<f32> {
    let width = affine.weight.len();
    assert_eq!(affine.bias.len(), width, "as many shifts as scales");
    assert!(x.len().is_multiple_of(width.max(1)), "whole rows");
    let rows = (PIECE / width.max(1)).max(1);
    filled(x.len(), rows * width, |first, y| {
        for (row, y) in x[first..first + y.len()].chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            let (mean, scale) = Moments::of(cpu, row).mean_and_scale(affine.epsilon);
            cpu.run(Scale { x: row, mean, scale, affine, y });
        }
    })
}

/// Count, mean and sum of squared distances from it.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(cpu: Cpu, x: &[f32]) -> Self {
        let pieces = x.chunks(PIECE).map(|piece| {
            let count = piece.len() as f64;
            let mean = cpu.run(Sum { x: piece, centre: 0.0, squared: false }) / count;
            let centre = mean as f32;
            let squares = cpu.run(Sum { x: piece, centre, squared: true });
            // The centre was rounded.
            Self { count, mean, squares: squares - count * (mean - f64::from(centre)).powi(2) }
        });
        pieces.fold(Self::default(), Self::and)
    }

    /// The moments of both together (Chan, Golub & LeVeque 1979).
    fn and(self, other: Self) -> Self {
        let count = self.count + other.count;
        if count == 0.0 {
            return self;
        }
        let apart = other.mean - self.mean;
        Self {
            count,
            mean: self.mean + apart * other.count / count,
            squares: self.squares + other.squares + apart * apart * self.count * other.count / count,
        }
    }

    fn mean_and_scale(self, epsilon: f32) -> (f32, f32) {
        let variance = self.squares.max(0.0) / self.count;
        (self.mean as f32, (1.0 / (variance + f64::from(epsilon)).sqrt()) as f32)
    }
}

/// `Σ x - centre`, or of its square.
struct Sum<'a> {
    x: &'a [f32],
    centre: f32,
    squared: bool,
}

impl Loop for Sum<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<const FMA: bool>(self) -> f64 {
        let mut sums = [0.0_f32; LANES];
        let chunks = self.x.chunks_exact(LANES);
        let rest = chunks.remainder();
        if self.squared {
            for chunk in chunks {
                for (sum, x) in sums.iter_mut().zip(chunk) {
                    let apart = x - self.centre;
                    *sum = fma::<FMA>(apart, apart, *sum);
                }
            }
            let rest = rest.iter().map(|x| f64::from(x - self.centre).powi(2));
            sums.iter().map(|sum| f64::from(*sum)).sum::<f64>() + rest.sum::<f64>()
        } else {
            for chunk in chunks {
                for (sum, x) in sums.iter_mut().zip(chunk) {
                    *sum += x - self.centre;
                }
            }
            let rest = rest.iter().map(|x| f64::from(x - self.centre));
            sums.iter().map(|sum| f64::from(*sum)).sum::<f64>() + rest.sum::<f64>()
        }
    }
}

/// `(x - mean) · scale + shift`, the same for all.
struct Normalise<'a> {
    x: &'a [f32],
    mean: f32,
    scale: f32,
    shift: f32,
    silu: bool,
    y: &'a mut [f32],
}

impl Loop for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Self { x, mean, scale, shift, silu, y } = self;
        let normal = |x: f32| fma::<FMA>(x - mean, scale, shift);
        let pairs = x.iter().zip(y);
        if silu {
            pairs.for_each(|(x, y)| *y = functions::silu::<FMA>(normal(*x)));
        } else {
            pairs.for_each(|(x, y)| *y = normal(*x));
        }
    }
}

/// `(x - mean) · scale · weight + bias`, where every number has its own weight and bias.
struct Scale<'a> {
    x: &'a [f32],
    mean: f32,
    scale: f32,
    affine: Affine<'a>,
    y: &'a mut [f32],
}

impl Loop for Scale<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let weights = self.affine.weight.iter().zip(self.affine.bias);
        for ((y, x), (weight, bias)) in self.y.iter_mut().zip(self.x).zip(weights) {
            *y = fma::<FMA>((x - self.mean) * self.scale, *weight, *bias);
        }
    }
}
