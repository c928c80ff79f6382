//! The loops around the products: pictures and weights to points, and back.

use std::array;

use super::{
    grid::Run,
    transform::{self, SEEN, SIDE},
};
use crate::kernels::{cpu::Loop, patches::View, tile::MOST_COLUMNS};

/// Pixels that a panel's tiles see in a row: four each, and two more after the last.
const LINE: usize = SIDE * MOST_COLUMNS + 2;

/// Rows of weights that are transformed together: two vectors of them.
pub(super) const ROWS: usize = 32;

/// Writes `out[point][channel][tile]` for the tiles of a panel of width `N`.
pub(super) struct Input<'a, const N: usize> {
    pub(super) pictures: &'a [f32],
    pub(super) view: &'a View,
    pub(super) runs: &'a [Run],
    /// The first channel, and how many.
    pub(super) first: usize,
    pub(super) channels: usize,
    pub(super) out: &'a mut [f32],
}

impl<const N: usize> Loop for Input<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let (height, width) = self.view.stored;
        let (out, _) = self.out.as_chunks_mut::<N>();
        let mut line = [0.0; LINE];
        let mut pixels = [[[0.0; N]; SEEN]; SEEN];
        let mut half = [[[0.0; N]; SEEN]; SEEN];
        let mut points = [[0.0; N]; SEEN];
        for channel in 0..self.channels {
            for (down, pixels) in pixels.iter_mut().enumerate() {
                let mut ends = [[0.0; 2]; N];
                for (run, end) in self.runs.iter().zip(&mut ends) {
                    let line = &mut line[SIDE * run.lane..][..SIDE * run.length + 2];
                    let y = (run.row + down).checked_sub(self.view.before);
                    if let Some(y) = y.filter(|y| *y < self.view.seen.0) {
                        let plane = run.picture * self.view.channels + self.first + channel;
                        let row = plane * height + y * height / self.view.seen.0;
                        see(&self.pictures[row * width..][..width], self.view, run.column, line);
                    } else {
                        line.fill(0.0);
                    }
                    // The next run begins where this one's last tile sees two pixels more.
                    *end = [line[SIDE * run.length], line[SIDE * run.length + 1]];
                }
                spread(&line, pixels);
                for (run, end) in self.runs.iter().zip(&ends) {
                    let last = run.lane + run.length - 1;
                    [pixels[4][last], pixels[5][last]] = *end;
                }
            }
            for column in 0..SEEN {
                let out = half.each_mut().map(|row| &mut row[column]);
                transform::input::<FMA, N>(pixels.each_ref().map(|row| &row[column]), out);
            }
            for (row, half) in half.iter().enumerate() {
                transform::input::<FMA, N>(half.each_ref(), points.each_mut());
                for (column, point) in points.iter().enumerate() {
                    out[(row * SEEN + column) * self.channels + channel] = *point;
                }
            }
        }
    }
}

/// What a row of a picture looks like from `column` of the answer on, with zeros around it.
#[inline(always)]
fn see(row: &[f32], view: &View, column: usize, line: &mut [f32]) {
    let padding = view.before.saturating_sub(column).min(line.len());
    let first = (column + padding).saturating_sub(view.before).min(view.seen.1);
    let within = view.seen.1.saturating_sub(first).min(line.len() - padding);
    line[..padding].fill(0.0);
    line[padding + within..].fill(0.0);
    let line = &mut line[padding..padding + within];
    if view.seen.1 == view.stored.1 {
        line.copy_from_slice(&row[first..first + within]);
    } else {
        for (x, pixel) in line.iter_mut().enumerate() {
            *pixel = row[(first + x) * view.stored.1 / view.seen.1];
        }
    }
}

/// Every tile's six pixels of a row, by their place in it.
#[inline(always)]
fn spread<const N: usize>(line: &[f32; LINE], pixels: &mut [[f32; N]; SEEN]) {
    let (fours, _) = line.as_chunks::<SIDE>();
    let [a, b, c, d, e, f] = pixels;
    for (lane, four) in fours[..N].iter().enumerate() {
        (a[lane], b[lane], c[lane], d[lane]) = (four[0], four[1], four[2], four[3]);
    }
    e[..N - 1].copy_from_slice(&a[1..]);
    f[..N - 1].copy_from_slice(&b[1..]);
}

/// Writes `out[point][channel][row]` from `weights[channel][3 · 3][row]`.
pub(super) struct Weights<'a> {
    pub(super) weights: &'a [f32],
    pub(super) out: &'a mut [f32],
}

impl Loop for Weights<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        /// A vector, so that what is between the two directions stays in registers.
        const LANES: usize = 16;
        const PARTS: usize = ROWS / LANES;
        let (weights, _) = self.weights.as_chunks::<LANES>();
        let (out, _) = self.out.as_chunks_mut::<LANES>();
        let channels = weights.len() / (9 * PARTS);
        let mut half = [[[0.0; LANES]; 3]; SEEN];
        let mut points = [[0.0; LANES]; SEEN];
        for (channel, weights) in weights.chunks_exact(9 * PARTS).enumerate() {
            for part in 0..PARTS {
                for column in 0..3 {
                    let out = half.each_mut().map(|row| &mut row[column]);
                    let tap = |row: usize| &weights[(row * 3 + column) * PARTS + part];
                    transform::weights::<FMA, LANES>(array::from_fn(tap), out);
                }
                for (row, half) in half.iter().enumerate() {
                    transform::weights::<FMA, LANES>(half.each_ref(), points.each_mut());
                    for (column, point) in points.iter().enumerate() {
                        out[((row * SEEN + column) * channels + channel) * PARTS + part] = *point;
                    }
                }
            }
        }
    }
}

/// Writes `lines[4][4 · tiles]`, rows of the answer, from one row of `products[point][rows][tile]`.
pub(super) struct Answer<'a, const N: usize> {
    pub(super) products: &'a [f32],
    pub(super) rows: usize,
    pub(super) row: usize,
    pub(super) lines: &'a mut [[f32; SIDE * MOST_COLUMNS]; SIDE],
}

impl<const N: usize> Loop for Answer<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let (products, _) = self.products.as_chunks::<N>();
        let mut half = [[[0.0; N]; SEEN]; SIDE];
        for column in 0..SEEN {
            let point = |row: usize| &products[(row * SEEN + column) * self.rows + self.row];
            let out = half.each_mut().map(|row| &mut row[column]);
            transform::answer::<FMA, N>(array::from_fn(point), out);
        }
        let mut pixels = [[0.0; N]; SIDE];
        for (half, line) in half.iter().zip(self.lines) {
            transform::answer::<FMA, N>(half.each_ref(), pixels.each_mut());
            let (fours, _) = line.as_chunks_mut::<SIDE>();
            for (lane, four) in fours[..N].iter_mut().enumerate() {
                *four = [pixels[0][lane], pixels[1][lane], pixels[2][lane], pixels[3][lane]];
            }
        }
    }
}
