//! Randomness: the seeded dice of a picture and smooth noise in one and two dimensions.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::colour::lerp;

/// The only source of chance while a picture is painted.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from `low` up to `high`.
    pub(super) fn range(&mut self, low: f32, high: f32) -> f32 {
        lerp(low, high, self.0.random::<f32>())
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: u32, high: u32) -> u32 {
        self.0.random_range(low..=high.max(low))
    }

    /// True in the share `p` of all throws.
    pub(super) fn chance(&mut self, p: f32) -> bool {
        self.0.random::<f32>() < p
    }

    /// -1 or 1.
    pub(super) fn sign(&mut self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    /// A new lattice of noise.
    pub(super) fn noise(&mut self) -> Noise {
        Noise(self.0.random())
    }
}

/// Smooth value noise over the plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise(u32);

impl Noise {
    fn lattice(self, x: i32, y: i32) -> f32 {
        let mut n = (x as u32).wrapping_mul(0x85eb_ca6b) ^ (y as u32).wrapping_mul(0xc2b2_ae35) ^ self.0;
        n = (n ^ (n >> 15)).wrapping_mul(0x2c1b_3c6d);
        n = (n ^ (n >> 12)).wrapping_mul(0x297a_2d39);
        ((n ^ (n >> 15)) >> 8) as f32 / 16_777_216.0
    }

    /// Noise at a point, 0 to 1, with bumps about 1 wide.
    pub(super) fn at(self, x: f32, y: f32) -> f32 {
        let (fx, fy) = (x.floor(), y.floor());
        let (ix, iy) = (fx as i32, fy as i32);
        let ease = |t: f32| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
        let (tx, ty) = (ease(x - fx), ease(y - fy));
        let (right, below) = (ix.wrapping_add(1), iy.wrapping_add(1));
        let top = lerp(self.lattice(ix, iy), self.lattice(right, iy), tx);
        let bottom = lerp(self.lattice(ix, below), self.lattice(right, below), tx);
        lerp(top, bottom, ty)
    }

    /// Noise over noise, 0 to 1, `octaves` times finer.
    pub(super) fn fbm(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total, mut scale) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            // Each octave looks elsewhere, or all would share the lattice point at the origin.
            let shift = octave as f32 * 37.3;
            sum += weight * self.at(x * scale + shift, y * scale - shift);
            total += weight;
            weight *= 0.5;
            scale *= 2.03;
        }
        sum / total
    }

    /// Sharp crests instead of round bumps, 0 to 1: mountains, filaments.
    pub(super) fn ridged(self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total, mut scale) = (0.0, 1.0, 0.0, 1.0);
        for octave in 0..octaves {
            let shift = octave as f32 * 17.7;
            let crest = 1.0 - (2.0 * self.at(x * scale + shift, y * scale + shift) - 1.0).abs();
            sum += weight * crest * crest;
            total += weight;
            weight *= 0.5;
            scale *= 2.1;
        }
        sum / total
    }
}

/// A coarse map of numbers that is stretched over the picture: clouds cost a sixteenth this way.
pub(super) struct Field {
    /// Cells across.
    pub width: usize,
    /// One number per cell, row by row.
    pub cells: Vec<f32>,
}

/// Picture pixels per cell of a [`Field`].
pub(super) const CELL: usize = 6;

impl Field {
    /// Fills a field for a picture of this size from `f(x, y)` in picture pixels.
    pub(super) fn new(width: usize, height: usize, mut f: impl FnMut(f32, f32) -> f32) -> Self {
        // Two spare cells, so that stretching never looks past the edge.
        let (columns, rows) = (width.div_ceil(CELL) + 2, height.div_ceil(CELL) + 2);
        let mut cells = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                cells.push(f((column * CELL) as f32, (row * CELL) as f32));
            }
        }
        Self { width: columns, cells }
    }
}
