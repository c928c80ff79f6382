//! How a product is cut: the depth into blocks, each side into panels, panels into tasks.

use std::ops::Range;

use super::{
    product::Side,
    tile::{Tiles, even_cuts},
};

/// Depth of a block, about: a panel of 32 columns fits into a first cache of 48 KiB.
const DEPTH: usize = 324;
/// Most panels that a task packs at a time.
pub(super) const TASK_PANELS: usize = 12;
/// Tasks per thread, for balance when something else takes one's time.
const TASKS: usize = 4;

/// Lanes that are packed together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) group: usize,
    pub(super) first: usize,
    pub(super) lanes: usize,
    /// Lanes with padding.
    pub(super) width: usize,
    /// Widths of all panels before.
    pub(super) offset: usize,
}

/// A part of the depth.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) depth: Range<usize>,
    /// Steps of a tile over it.
    pub(super) steps: usize,
    /// Steps of all blocks before.
    pub(super) before: usize,
}

/// Cuts the depth into even blocks at multiples of `unit`. No depth at all is one empty block.
pub(super) fn blocks(depth: usize, unit: usize, pairs: bool) -> Vec<Block> {
    let count = depth.div_ceil(DEPTH.max(unit)).max(1);
    let length = depth.div_ceil(unit).div_ceil(count) * unit;
    let mut before = 0;
    (0..count)
        .map(|index| {
            let depth = (index * length).min(depth)..((index + 1) * length).min(depth);
            let steps = if pairs { depth.len().div_ceil(2) } else { depth.len() };
            let block = Block { depth, steps, before };
            before += steps;
            block
        })
        .collect()
}

/// Cuts the rows as evenly as possible, so that no tile has few.
pub(super) fn row_panels(side: &impl Side, tiles: &Tiles) -> Vec<Panel> {
    let mut offset = 0;
    let lanes = side.lanes();
    let groups =
        (0..side.groups()).flat_map(|group| even_cuts(0..lanes, tiles.rows()).map(move |cut| (group, cut)));
    groups
        .map(|(group, cut)| {
            let panel = Panel { group, first: cut.start, lanes: cut.len(), width: cut.len(), offset };
            offset += cut.len();
            panel
        })
        .collect()
}

/// Cuts the columns at the width of a tile, and takes a narrow one for what is left where it is enough.
pub(super) fn column_panels(side: &impl Side, tiles: &Tiles) -> Vec<Panel> {
    let all = side.lanes();
    let mut offset = 0;
    let groups =
        (0..side.groups()).flat_map(|group| (0..all).step_by(tiles.wide).map(move |first| (group, first)));
    groups
        .map(|(group, first)| {
            let lanes = (all - first).min(tiles.wide);
            let width = if lanes <= tiles.narrow { tiles.narrow } else { tiles.wide };
            let panel = Panel { group, first, lanes, width, offset };
            offset += width;
            panel
        })
        .collect()
}

/// Lanes of all `panels`, with padding.
pub(super) fn width(panels: &[Panel]) -> usize {
    panels.last().map_or(0, |last| last.offset + last.width)
}

/// How many of `panels` a task takes.
pub(super) fn task_panels(panels: usize) -> usize {
    panels.div_ceil(TASKS * rayon::current_num_threads()).clamp(1, TASK_PANELS)
}
