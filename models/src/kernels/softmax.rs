//! The softmax of attention, one block of keys after the other.

use super::{cpu::Loop, functions::exp2, tile::MOST_COLUMNS};

/// Turns a block of scores into their powers, less the largest score so far, and scales what was summed before
/// to that.
pub(super) struct Softmax<'a> {
    /// Queries: as many as a tile has columns.
    pub(super) wide: usize,
    /// `[keys, queries]`.
    pub(super) scores: &'a mut [f32],
    /// `[size, queries]`.
    pub(super) sum: &'a mut [f32],
    /// The largest score so far.
    pub(super) most: &'a mut [f32; MOST_COLUMNS],
    /// The sum of all powers so far.
    pub(super) weight: &'a mut [f32; MOST_COLUMNS],
}

impl Loop for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        match self.wide {
            8 => self.columns::<FMA, 8>(),
            16 => self.columns::<FMA, 16>(),
            _ => self.columns::<FMA, 32>(),
        }
    }
}

impl Softmax<'_> {
    #[inline(always)]
    fn columns<const FMA: bool, const WIDE: usize>(self) {
        let (scores, _) = self.scores.as_chunks_mut::<WIDE>();
        let (sum, _) = self.sum.as_chunks_mut::<WIDE>();
        let before: [f32; WIDE] = std::array::from_fn(|lane| self.most[lane]);
        let mut most = before;
        for scores in &*scores {
            for lane in 0..WIDE {
                most[lane] = if scores[lane] > most[lane] { scores[lane] } else { most[lane] };
            }
        }
        for scores in &mut *scores {
            for lane in 0..WIDE {
                scores[lane] = exp2::<FMA>(scores[lane] - most[lane]);
            }
        }
        // In a loop of its own it stays in registers.
        let mut weight = [0.0_f32; WIDE];
        for scores in &*scores {
            for lane in 0..WIDE {
                weight[lane] += scores[lane];
            }
        }
        let mut scale = [0.0_f32; WIDE];
        for lane in 0..WIDE {
            scale[lane] = exp2::<FMA>(before[lane] - most[lane]);
            self.weight[lane] = self.weight[lane] * scale[lane] + weight[lane];
            self.most[lane] = most[lane];
        }
        for sum in sum {
            for lane in 0..WIDE {
                sum[lane] *= scale[lane];
            }
        }
    }
}
