//! Products of two sides that are packed block by block as they are needed.
//!
//! The plan is that of Goto & van de Geijn (2008, "Anatomy of high-performance matrix multiplication"): the depth
//! is cut into blocks, a panel of the right side stays in the first cache, a block of the left one in the second,
//! and a [tile](super::tile) of the answer in registers. The smaller side is packed once for all, the larger by the
//! threads that share it out. A convolution is a product whose right side packs itself from the picture, so that
//! its patches are never laid out whole.

use std::{ops::Range, ptr};

use rayon::prelude::*;

use super::{
    cpu::{Cpu, Loop},
    plan::{Block, Panel, TASK_PANELS, blocks, column_panels, row_panels, task_panels, width},
    scratch::Scratch,
    tile::{MOST_COLUMNS, MOST_ROWS, Tile, Tiles},
    work,
};

/// Panels of the left side that stay in the second cache: 14 rows × 324 × 4 B each.
const ROW_PANELS: usize = 24;

/// One side of a product: lanes (the answer's rows or columns) of a common depth, which is summed over.
pub(crate) trait Side: Sync {
    /// Groups of lanes that no tile crosses: pictures.
    fn groups(&self) -> usize;

    /// Lanes of a group.
    fn lanes(&self) -> usize;

    /// Numbers of a lane.
    fn depth(&self) -> usize;

    /// What the depth may only be cut at multiples of.
    fn depth_unit(&self) -> usize {
        1
    }

    /// Writes `out[depth][lane]` for `lanes` of `group`, with zeros from the last lane up to `width`.
    fn pack(
        &self,
        cpu: Cpu,
        group: usize,
        lanes: Range<usize>,
        depth: Range<usize>,
        width: usize,
        out: &mut [f32],
    );
}

/// What is added to a product.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Added<'a> {
    /// For every group of columns and every row.
    pub(crate) per_row: Option<&'a [f32]>,
    /// For every column of a group.
    pub(crate) per_column: Option<&'a [f32]>,
    /// For every number of the answer.
    pub(crate) everywhere: Option<&'a [f32]>,
}

/// `left · rightᵀ + added`, as `[groups of the right, all rows, columns of a group]`.
///
/// # Panics
/// When the sides are of different depths, or `added` is of another shape.
pub(crate) fn multiply(cpu: Cpu, left: &impl Side, right: &impl Side, added: Added<'_>) -> Vec<f32> {
    let (rows, columns) = (left.groups() * left.lanes(), right.lanes());
    let length = right.groups() * rows * columns;
    assert_eq!(left.depth(), right.depth(), "both sides have one depth");
    assert!(added.per_row.is_none_or(|values| values.len() == right.groups() * rows), "a number per row");
    assert!(added.per_column.is_none_or(|values| values.len() == columns), "a number per column");
    assert!(added.everywhere.is_none_or(|values| values.len() == length), "a number for each");
    work::count(rows, right.groups() * columns, left.depth());
    let mut out = Vec::with_capacity(length);
    if length == 0 {
        return out;
    }
    let tiles = Tiles::of(cpu);
    let product = Product {
        cpu,
        tiles,
        blocks: blocks(left.depth(), left.depth_unit().max(right.depth_unit()), tiles.pairs),
        rows: row_panels(left, tiles),
        columns: column_panels(right, tiles),
        left,
        right,
        added,
        shape: (rows, columns),
        out: Shared::new(&mut out),
    };
    if width(&product.rows) <= width(&product.columns) {
        product.by_columns();
    } else {
        product.by_rows();
    }
    // SAFETY: There is room for them, and the tiles of the first block have written every number.
    unsafe { out.set_len(length) };
    out
}

/// A pointer that threads write to at different places.
#[derive(Clone, Copy)]
pub(super) struct Shared(*mut f32);

// SAFETY: It is only dereferenced where every place is given to one task: in `Product` and in `Convolution`.
unsafe impl Send for Shared {}
// SAFETY: As above.
unsafe impl Sync for Shared {}

impl Shared {
    /// To the room of `out`, which must not grow meanwhile.
    pub(super) fn new(out: &mut Vec<f32>) -> Self {
        Self(out.as_mut_ptr())
    }

    pub(super) fn at(self, index: usize) -> *mut f32 {
        self.0.wrapping_add(index)
    }
}

/// Panels that lie packed behind each other, from the offset `first` of the first of them.
#[derive(Clone, Copy)]
struct Packed<'a> {
    panels: &'a [Panel],
    first: usize,
    numbers: *const f32,
}

impl Packed<'_> {
    fn at(&self, panel: &Panel, steps: usize) -> *const f32 {
        self.numbers.wrapping_add((panel.offset - self.first) * steps)
    }
}

struct Product<'a, L, R> {
    cpu: Cpu,
    tiles: &'static Tiles,
    blocks: Vec<Block>,
    rows: Vec<Panel>,
    columns: Vec<Panel>,
    left: &'a L,
    right: &'a R,
    added: Added<'a>,
    /// All rows, and the columns of a group.
    shape: (usize, usize),
    out: Shared,
}

impl<L: Side, R: Side> Product<'_, L, R> {
    /// Packs the left side whole and shares the columns out.
    fn by_columns(&self) {
        let whole = self.pack_whole(self.left, &self.rows);
        let width = width(&self.rows);
        self.columns.par_chunks(task_panels(self.columns.len())).for_each(|columns| {
            let mut packed = self.room(columns);
            for block in &self.blocks {
                self.pack(self.right, columns, block, &mut packed);
                let left =
                    Packed { panels: &self.rows, first: 0, numbers: whole[block.before * width..].as_ptr() };
                let right = Packed { panels: columns, first: columns[0].offset, numbers: packed.as_ptr() };
                self.block(left, right, block);
            }
        });
    }

    /// Packs the right side whole and shares the rows out.
    fn by_rows(&self) {
        let whole = self.pack_whole(self.right, &self.columns);
        let width = width(&self.columns);
        self.rows.par_chunks(task_panels(self.rows.len())).for_each(|rows| {
            let mut packed = self.room(rows);
            for block in &self.blocks {
                self.pack(self.left, rows, block, &mut packed);
                let left = Packed { panels: rows, first: rows[0].offset, numbers: packed.as_ptr() };
                let right = Packed {
                    panels: &self.columns,
                    first: 0,
                    numbers: whole[block.before * width..].as_ptr(),
                };
                self.block(left, right, block);
            }
        });
    }

    /// Room for one block of `panels`.
    fn room(&self, panels: &[Panel]) -> Scratch {
        let steps = self.blocks.iter().map(|block| block.steps).max().unwrap_or(0);
        Scratch::take(panels.iter().map(|panel| panel.width).sum::<usize>() * steps)
    }

    /// All of a side, block by block and in each panel by panel.
    fn pack_whole(&self, side: &impl Side, panels: &[Panel]) -> Scratch {
        let width = width(panels);
        let mut whole = Scratch::take(width * self.blocks.iter().map(|block| block.steps).sum::<usize>());
        let mut rest: &mut [f32] = &mut whole;
        let mut tasks = Vec::new();
        for block in &self.blocks {
            for panels in panels.chunks(TASK_PANELS) {
                let numbers = panels.iter().map(|panel| panel.width).sum::<usize>() * block.steps;
                let (part, after) = rest.split_at_mut(numbers);
                tasks.push((block, panels, part));
                rest = after;
            }
        }
        tasks.into_par_iter().for_each(|(block, panels, part)| self.pack(side, panels, block, part));
        whole
    }

    /// One block of `panels`, behind each other.
    fn pack(&self, side: &impl Side, panels: &[Panel], block: &Block, out: &mut [f32]) {
        let mut rest = out;
        let mut exact = self.tiles.pairs.then(|| Scratch::take(MOST_COLUMNS * (block.depth.len() + 1)));
        for panel in panels {
            let (part, after) = rest.split_at_mut(panel.width * block.steps);
            let lanes = panel.first..panel.first + panel.lanes;
            match &mut exact {
                None => side.pack(self.cpu, panel.group, lanes, block.depth.clone(), panel.width, part),
                Some(exact) => {
                    side.pack(self.cpu, panel.group, lanes, block.depth.clone(), panel.width, exact);
                    exact[block.depth.len() * panel.width..][..panel.width].fill(0.0);
                    self.cpu.run(RoundPairs { exact, width: panel.width, out: part });
                }
            }
            rest = after;
        }
    }

    /// All tiles of `left` and `right` for one block of the depth.
    fn block(&self, left: Packed<'_>, right: Packed<'_>, block: &Block) {
        for rows in left.panels.chunks(ROW_PANELS) {
            for column in right.panels {
                for row in rows {
                    self.tile(row, left.at(row, block.steps), column, right.at(column, block.steps), block);
                }
            }
        }
    }

    fn tile(&self, row: &Panel, left: *const f32, column: &Panel, right: *const f32, block: &Block) {
        let (rows, columns) = self.shape;
        let first_row = row.group * self.left.lanes() + row.first;
        let at = (column.group * rows + first_row) * columns + column.first;
        let first = block.before == 0;
        let optional = |values: Option<&[f32]>, index: usize| {
            values.filter(|_| first).map_or(ptr::null(), |values| values[index..].as_ptr())
        };
        let mut tile = Tile {
            steps: block.steps,
            left,
            left_step: row.width,
            right,
            out: self.out.at(at),
            out_stride: columns,
            add: if first { optional(self.added.everywhere, at) } else { self.out.at(at) },
            add_stride: columns,
            per_row: optional(self.added.per_row, column.group * rows + first_row),
            per_column: optional(self.added.per_column, column.first),
        };
        let run = self.tiles.run(row.lanes, column.width);
        if column.lanes == column.width {
            // SAFETY: The panels are packed for this width and these steps, the tile lies within the answer, which
            // no other task writes to at these rows and columns, and `Cpu` has the instructions of its tiles.
            unsafe { run(&tile) };
            return;
        }
        // The last tile of a row is cut off: it is counted whole elsewhere, and what is real of it is copied.
        let mut answer = [0.0_f32; MOST_ROWS * MOST_COLUMNS];
        let mut add = [0.0_f32; MOST_ROWS * MOST_COLUMNS];
        let mut per_column = [0.0_f32; MOST_COLUMNS];
        // SAFETY: Reads and writes `column.lanes` numbers of each row of the tile, which lie within the answer and
        // what is added to it; both arrays have room for any tile.
        unsafe {
            if !tile.add.is_null() {
                for index in 0..row.lanes {
                    let from = tile.add.add(index * columns);
                    ptr::copy_nonoverlapping(from, add[index * column.width..].as_mut_ptr(), column.lanes);
                }
                (tile.add, tile.add_stride) = (add.as_ptr(), column.width);
            }
            if !tile.per_column.is_null() {
                ptr::copy_nonoverlapping(tile.per_column, per_column.as_mut_ptr(), column.lanes);
                tile.per_column = per_column.as_ptr();
            }
            (tile.out, tile.out_stride) = (answer.as_mut_ptr(), column.width);
            run(&tile);
            for index in 0..row.lanes {
                let to = self.out.at(at + index * columns);
                ptr::copy_nonoverlapping(answer[index * column.width..].as_ptr(), to, column.lanes);
            }
        }
    }
}

/// Rounds two depths that follow one another to bf16 and lays them into one number, the first in its lower half.
struct RoundPairs<'a> {
    exact: &'a [f32],
    width: usize,
    out: &'a mut [f32],
}

impl Loop for RoundPairs<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let pairs = self.exact.chunks_exact(2 * self.width).zip(self.out.chunks_exact_mut(self.width));
        for (two, out) in pairs {
            let (low, high) = two.split_at(self.width);
            for ((out, low), high) in out.iter_mut().zip(low).zip(high) {
                *out = f32::from_bits(round(*low) >> 16 | round(*high) & 0xFFFF_0000);
            }
        }
    }
}

/// The bits of a finite number, rounded to nearest even in the upper half.
#[inline(always)]
fn round(value: f32) -> u32 {
    let bits = value.to_bits();
    bits.wrapping_add(0x7FFF + (bits >> 16 & 1))
}
