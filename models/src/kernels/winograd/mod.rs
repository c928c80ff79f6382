//! 3×3 convolutions by Winograd's minimal filtering (Lavin & Gray 2015, arXiv 1509.09308): F(4×4, 3×3), which takes a
//! quarter of the multiplications.
//!
//! A tile of 4×4 answers sees 6×6 pixels. Both they and the weights are taken to 36 points, where the convolution is
//! a product over the channels, and its answers are taken back. Pictures are transformed once, a band of tiles at a
//! time; weights by every task as it needs them, which costs less than to read them from memory four times as large;
//! products stay in a task's second cache until they are answers.

mod grid;
mod steps;
mod transform;

use std::{ops::Range, ptr};

use rayon::prelude::*;

use self::{
    grid::Panel,
    steps::{Answer, Input, ROWS, Weights},
    transform::{POINTS, SIDE},
};
use super::{
    cpu::Cpu,
    matrix::Rows,
    patches::View,
    product::{Added, Shared, Side},
    scratch::Scratch,
    tile::{MOST_COLUMNS, Tile, Tiles, even_cuts},
    work,
};

/// Most channels whose weights lie transformed in the second cache: 576 KiB.
const CHANNELS: usize = 128;
/// Most panels whose products do: 126 KiB each.
const PANELS: usize = 4;
/// Numbers of a band of transformed pictures, about: 8 MiB, which every task reads again. Four times as much made a
/// convolution of 128 channels take 1.3 times as long.
const BAND: usize = 2 << 20;
/// Tasks per thread, for balance.
const TASKS: usize = 4;

/// Whether [`convolve`] can do it.
pub(super) fn can(view: &View) -> bool {
    view.kernel == 3 && view.stride == 1
}

/// How many tiles its answer is cut into.
pub(super) fn tiles(view: &View) -> usize {
    grid::count(view)
}

/// As [`super::convolve`].
///
/// # Panics
/// When [`can`] says no, or lengths do not fit.
pub(super) fn convolve(
    cpu: Cpu,
    weights: Rows<'_>,
    pictures: &[f32],
    view: View,
    added: Added<'_>,
) -> Vec<f32> {
    let outputs = weights.lanes();
    let pixels = view.answer.0 * view.answer.1;
    let length = view.batch * outputs * pixels;
    assert!(can(&view), "a kernel of 3×3 that makes no steps");
    assert_eq!(weights.depth(), 9 * view.channels, "weights for every channel");
    assert_eq!(pictures.len(), view.batch * view.channels * view.stored.0 * view.stored.1, "whole pictures");
    assert!(added.per_row.is_none_or(|values| values.len() == view.batch * outputs), "a number per row");
    assert!(added.everywhere.is_none_or(|values| values.len() == length), "a number for each");
    assert!(added.per_column.is_none(), "nothing per pixel");
    // Those of the convolution's definition, so that a benchmark compares times and not ways to count.
    work::count(outputs, view.batch * pixels, weights.depth());
    let mut out = Vec::with_capacity(length);
    let cpu = cpu.exact();
    let tiles = Tiles::of(cpu);
    let convolution =
        Convolution { cpu, tiles, weights, outputs, pictures, view, added, out: Shared::new(&mut out) };
    convolution.run();
    // SAFETY: There is room for them, and every answer lies in one tile of one panel, whose task has written it.
    unsafe { out.set_len(length) };
    out
}

struct Convolution<'a> {
    cpu: Cpu,
    tiles: &'static Tiles,
    weights: Rows<'a>,
    outputs: usize,
    pictures: &'a [f32],
    view: View,
    added: Added<'a>,
    out: Shared,
}

/// Panels and their pictures at the points, `[panel][block of channels][point][channel][tile]`.
struct Band<'a> {
    panels: &'a [Panel],
    points: &'a [f32],
}

impl Convolution<'_> {
    fn run(&self) {
        let panels = grid::panels(&self.view, self.tiles);
        let groups: Vec<Vec<Range<usize>>> = even_cuts(0..self.outputs, self.tiles.rows())
            .collect::<Vec<_>>()
            .chunks(ROWS / self.tiles.rows())
            .map(<[_]>::to_vec)
            .collect();
        let wanted = (panels.len() * groups.len()).div_ceil(TASKS * rayon::current_num_threads());
        let strip = wanted.clamp(1, PANELS);
        let panel = POINTS * self.view.channels * self.tiles.wide;
        let band = (BAND / panel.max(1)).max(1).next_multiple_of(strip);
        for panels in panels.chunks(band) {
            let points = self.pictures_at_points(panels);
            let strips = self.strips(panels, &points, strip);
            let tasks: Vec<_> =
                strips.iter().flat_map(|strip| groups.iter().map(move |group| (strip, group))).collect();
            tasks.into_par_iter().for_each(|(strip, group)| self.task(strip, group));
        }
    }

    fn blocks(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        even_cuts(0..self.view.channels, CHANNELS)
    }

    fn pictures_at_points(&self, panels: &[Panel]) -> Scratch {
        let width: usize = panels.iter().map(|panel| panel.width).sum();
        let mut points = Scratch::take(POINTS * self.view.channels * width);
        let mut rest: &mut [f32] = &mut points;
        let mut tasks = Vec::new();
        for panel in panels {
            for block in self.blocks() {
                let (part, after) = rest.split_at_mut(POINTS * block.len() * panel.width);
                tasks.push((panel, block, part));
                rest = after;
            }
        }
        tasks.into_par_iter().for_each(|(panel, block, out)| match panel.width {
            32 => self.input::<32>(panel, block, out),
            16 => self.input::<16>(panel, block, out),
            _ => self.input::<8>(panel, block, out),
        });
        points
    }

    fn input<const N: usize>(&self, panel: &Panel, block: Range<usize>, out: &mut [f32]) {
        let (pictures, view) = (self.pictures, &self.view);
        let (first, channels) = (block.start, block.len());
        self.cpu.run(Input::<N> { pictures, view, runs: &panel.runs, first, channels, out });
    }

    /// Cuts a band into strips of so many panels.
    fn strips<'a>(&self, panels: &'a [Panel], points: &'a [f32], strip: usize) -> Vec<Band<'a>> {
        let mut rest = points;
        let cut = |panels: &'a [Panel]| {
            let width: usize = panels.iter().map(|panel| panel.width).sum();
            let (points, after) = rest.split_at(POINTS * self.view.channels * width);
            rest = after;
            Band { panels, points }
        };
        panels.chunks(strip).map(cut).collect()
    }

    /// Some rows of the answer, for the tiles of a strip.
    fn task(&self, strip: &Band<'_>, group: &[Range<usize>]) {
        let rows = group[0].start..group[group.len() - 1].end;
        let width: usize = strip.panels.iter().map(|panel| panel.width).sum();
        let mut products = Scratch::take(POINTS * rows.len() * width);
        let mut taps = Scratch::take(9 * CHANNELS * ROWS);
        let mut weights = Scratch::take(POINTS * CHANNELS * ROWS);
        for block in self.blocks() {
            let taps = &mut taps[..9 * block.len() * ROWS];
            let weights = &mut weights[..POINTS * block.len() * ROWS];
            self.weights.pack(self.cpu, 0, rows.clone(), 9 * block.start..9 * block.end, ROWS, taps);
            self.cpu.run(Weights { weights: taps, out: weights });
            let mut before = 0;
            for panel in strip.panels {
                let points = POINTS * panel.width;
                let seen = &strip.points[before * self.view.channels + block.start * points..];
                let out = &mut products[before * rows.len()..];
                for point in 0..POINTS {
                    let left = &weights[point * block.len() * ROWS..];
                    let right = &seen[point * block.len() * panel.width..];
                    let out = &mut out[point * rows.len() * panel.width..];
                    for row in group {
                        let first = row.start - rows.start;
                        let out = &mut out[first * panel.width..];
                        self.tile(row.len(), panel.width, &block, &left[first..], right, out);
                    }
                }
                before += points;
            }
        }
        let mut before = 0;
        for panel in strip.panels {
            let products = &products[before * rows.len()..];
            match panel.width {
                32 => self.answer::<32>(panel, rows.clone(), products),
                16 => self.answer::<16>(panel, rows.clone(), products),
                _ => self.answer::<8>(panel, rows.clone(), products),
            }
            before += POINTS * panel.width;
        }
    }

    /// `out = left · right`, or is added to after the first block of channels.
    fn tile(
        &self,
        rows: usize,
        width: usize,
        block: &Range<usize>,
        left: &[f32],
        right: &[f32],
        out: &mut [f32],
    ) {
        let steps = block.len();
        assert!(left.len() >= (steps - 1) * ROWS + rows, "the left side is long enough");
        assert!(right.len() >= steps * width && out.len() >= rows * width, "the others are long enough");
        let tile = Tile {
            steps,
            left: left.as_ptr(),
            left_step: ROWS,
            right: right.as_ptr(),
            out: out.as_mut_ptr(),
            out_stride: width,
            add: if block.start == 0 { ptr::null() } else { out.as_ptr() },
            add_stride: width,
            per_row: ptr::null(),
            per_column: ptr::null(),
        };
        // SAFETY: The lengths were checked, and `Cpu` has the instructions of its tiles.
        unsafe { self.tiles.run(rows, width)(&tile) };
    }

    /// Takes products back from the points and writes them where they belong.
    fn answer<const N: usize>(&self, panel: &Panel, rows: Range<usize>, products: &[f32]) {
        let (height, width) = self.view.answer;
        let mut lines = [[0.0; SIDE * MOST_COLUMNS]; SIDE];
        for row in rows.clone() {
            let lines = &mut lines;
            self.cpu.run(Answer::<N> { products, rows: rows.len(), row: row - rows.start, lines });
            for run in &panel.runs {
                let plane = run.picture * self.outputs + row;
                let bias = self.added.per_row.map_or(0.0, |values| values[plane]);
                let length = (SIDE * run.length).min(width - run.column);
                for (y, line) in (run.row..height).zip(lines.iter_mut()) {
                    let at = (plane * height + y) * width + run.column;
                    let line = &mut line[SIDE * run.lane..][..length];
                    line.iter_mut().for_each(|number| *number += bias);
                    if let Some(values) = self.added.everywhere {
                        line.iter_mut().zip(&values[at..]).for_each(|(number, value)| *number += value);
                    }
                    // SAFETY: These pixels lie within the answer, and no other task has this row of these tiles.
                    unsafe { ptr::copy_nonoverlapping(line.as_ptr(), self.out.at(at), length) };
                }
            }
        }
    }
}
