//! Sides of products that lie in memory as matrices: weights and tokens.

use std::ops::Range;

use half::slice::HalfFloatSliceExt;

use super::{cpu::Cpu, product::Side, scratch::Scratch, transpose::transpose};
use crate::weights::Values;

/// A matrix `[groups, lanes, depth]`, row-major: every lane of the product is one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    values: Values<'a>,
    groups: usize,
    lanes: usize,
    depth: usize,
}

impl<'a> Rows<'a> {
    /// A matrix of one group: weights `[outputs, inputs]`, say.
    ///
    /// # Panics
    /// When there are not `lanes · depth` values.
    pub(crate) fn new(values: Values<'a>, lanes: usize, depth: usize) -> Self {
        Self::grouped(values, 1, lanes, depth)
    }

    /// Groups of lanes: the tokens of pictures.
    ///
    /// # Panics
    /// When there are not `groups · lanes · depth` values.
    pub(crate) fn grouped(values: Values<'a>, groups: usize, lanes: usize, depth: usize) -> Self {
        let length = match values {
            Values::F32(values) => values.len(),
            Values::F16(values) => values.len(),
            Values::Bf16(values) => values.len(),
        };
        assert_eq!(length, groups * lanes * depth, "as many values as the matrix has");
        Self { values, groups, lanes, depth }
    }
}

impl Side for Rows<'_> {
    fn groups(&self) -> usize {
        self.groups
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn depth(&self) -> usize {
        self.depth
    }

    fn pack(
        &self,
        cpu: Cpu,
        group: usize,
        lanes: Range<usize>,
        depth: Range<usize>,
        width: usize,
        out: &mut [f32],
    ) {
        let start = |lane: usize| (group * self.lanes + lane) * self.depth + depth.start;
        let (rows, depth) = (lanes.len(), depth.len());
        let turned = |values: &[f32], row_stride: usize, out: &mut [f32]| {
            transpose(cpu, values, row_stride, (rows, depth), width, out);
        };
        let widened = |widen: &dyn Fn(Range<usize>, &mut [f32]), out: &mut [f32]| {
            let mut wide = Scratch::take(rows * depth);
            for (row, lane) in wide.chunks_exact_mut(depth).zip(lanes.clone()) {
                widen(start(lane)..start(lane) + depth, row);
            }
            turned(&wide, depth, out);
        };
        match self.values {
            _ if depth == 0 => {}
            Values::F32(values) => turned(&values[start(lanes.start)..], self.depth, out),
            Values::F16(values) => widened(&|from, to| values[from].convert_to_f32_slice(to), out),
            Values::Bf16(values) => widened(&|from, to| values[from].convert_to_f32_slice(to), out),
        }
    }
}
