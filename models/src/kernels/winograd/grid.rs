//! Where the tiles of a convolution lie in its pictures.

use std::ops::Range;

use super::transform::SIDE;
use crate::kernels::{patches::View, tile::Tiles};

/// Tiles beside each other in one row of one picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// The first one's place in its panel.
    pub(super) lane: usize,
    pub(super) length: usize,
    pub(super) picture: usize,
    /// Row and column of the first one's first answer.
    pub(super) row: usize,
    pub(super) column: usize,
}

/// Tiles that are counted together.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    pub(super) runs: Vec<Run>,
    /// Tiles with padding.
    pub(super) width: usize,
}

/// Tiles of all pictures.
pub(super) fn count(view: &View) -> usize {
    view.batch * view.answer.0.div_ceil(SIDE) * view.answer.1.div_ceil(SIDE)
}

/// All tiles: row by row and picture by picture, without regard to where those end.
pub(super) fn panels(view: &View, tiles: &Tiles) -> Vec<Panel> {
    let all = count(view);
    let panel = |first: usize| {
        let lanes = first..all.min(first + tiles.wide);
        let width = if lanes.len() <= tiles.narrow { tiles.narrow } else { tiles.wide };
        Panel { runs: runs(view, lanes), width }
    };
    (0..all).step_by(tiles.wide).map(panel).collect()
}

fn runs(view: &View, lanes: Range<usize>) -> Vec<Run> {
    let (high, wide) = (view.answer.0.div_ceil(SIDE), view.answer.1.div_ceil(SIDE));
    let rows = lanes.start / wide..lanes.end.div_ceil(wide);
    let run = |row: usize| {
        let (from, to) = (lanes.start.max(row * wide), lanes.end.min((row + 1) * wide));
        Run {
            lane: from - lanes.start,
            length: to - from,
            picture: row / high,
            row: row % high * SIDE,
            column: (from - row * wide) * SIDE,
        }
    };
    rows.map(run).collect()
}
