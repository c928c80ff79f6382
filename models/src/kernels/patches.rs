//! A side of a product whose lanes are the pixels of a convolution's answer: what the kernel sees from each.

use std::ops::Range;

use super::{
    cpu::{Cpu, Loop},
    product::Side,
};

/// How a convolution looks at a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    /// Pictures.
    pub(crate) batch: usize,
    /// Channels of a picture.
    pub(crate) channels: usize,
    /// Its height and width in memory.
    pub(crate) stored: (usize, usize),
    /// Its height and width as the kernel sees it: more than `stored` where pixels are repeated.
    pub(crate) seen: (usize, usize),
    /// Height and width of the answer.
    pub(crate) answer: (usize, usize),
    /// Side of the square kernel.
    pub(crate) kernel: usize,
    /// Distance between two answers.
    pub(crate) stride: usize,
    /// Zeros before the first row and column. As many come after the last as the answer needs.
    pub(crate) before: usize,
}

impl View {
    /// Pictures whose pixels are lanes as they are.
    pub(crate) fn pixels(batch: usize, channels: usize, pixels: usize) -> Self {
        let size = (1, pixels);
        Self { batch, channels, stored: size, seen: size, answer: size, kernel: 1, stride: 1, before: 0 }
    }

    fn stored_pixels(&self) -> usize {
        self.stored.0 * self.stored.1
    }
}

/// Pictures `[batch, channels, height, width]` under a [`View`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patches<'a> {
    pictures: &'a [f32],
    view: View,
}

impl<'a> Patches<'a> {
    /// # Panics
    /// When there are not as many values as the view says.
    pub(crate) fn new(pictures: &'a [f32], view: View) -> Self {
        let values = view.batch * view.channels * view.stored_pixels();
        assert_eq!(pictures.len(), values, "as many values as the pictures have");
        Self { pictures, view }
    }
}

impl Side for Patches<'_> {
    fn groups(&self) -> usize {
        self.view.batch
    }

    fn lanes(&self) -> usize {
        self.view.answer.0 * self.view.answer.1
    }

    fn depth(&self) -> usize {
        self.view.channels * self.depth_unit()
    }

    fn depth_unit(&self) -> usize {
        self.view.kernel * self.view.kernel
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
        let taps = self.depth_unit();
        let plane = self.view.stored_pixels();
        let channels = depth.start / taps..depth.end / taps;
        let first = (group * self.view.channels + channels.start) * plane;
        let planes = &self.pictures[first..first + channels.len() * plane];
        let out = &mut out[..depth.len() * width];
        if lanes.len() < width {
            out.fill(0.0);
        }
        let copied = self.view.stride == 1 && self.view.seen == self.view.stored;
        if copied {
            let runs = runs(&self.view, lanes);
            cpu.run(Copy { planes, plane, taps, runs: &runs, width, out });
        } else {
            let lookups = lookups(&self.view, lanes);
            cpu.run(Gather { planes, plane, taps, lookups: &lookups, width, out });
        }
    }
}

/// Lanes beside each other whose sources lie beside each other.
#[derive(Debug, Clone, Copy)]
struct Run {
    tap: usize,
    lane: usize,
    length: usize,
    /// Where they begin in a channel, or nothing where all of them are padding.
    source: Option<usize>,
}

/// The pieces of `lanes` that lie in one row of the answer: lane within `lanes`, row, column, length.
fn pieces(view: &View, lanes: Range<usize>) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    let width = view.answer.1;
    let rows = lanes.start / width..=(lanes.end - 1) / width;
    rows.map(move |row| {
        let from = lanes.start.max(row * width);
        let to = lanes.end.min((row + 1) * width);
        (from - lanes.start, row, from - row * width, to - from)
    })
}

/// What to copy for every tap of a kernel of stride 1.
fn runs(view: &View, lanes: Range<usize>) -> Vec<Run> {
    let (height, width) = view.stored;
    let mut runs = Vec::new();
    for (lane, row, column, length) in pieces(view, lanes) {
        for tap in 0..view.kernel * view.kernel {
            let (down, right) = (tap / view.kernel, tap % view.kernel);
            let padding = |lane, length| Run { tap, lane, length, source: None };
            let y = (row + down).checked_sub(view.before).filter(|y| *y < height);
            let Some(y) = y else {
                runs.push(padding(lane, length));
                continue;
            };
            // Lanes whose column in the picture, `column + right - before + i`, is outside of it.
            let before = view.before.saturating_sub(column + right).min(length);
            let within = (width + view.before).saturating_sub(column + right).clamp(before, length);
            let after = length - within;
            if after > 0 {
                runs.push(padding(lane + within, after));
            }
            if within > before {
                let x = column + right + before - view.before;
                runs.push(Run {
                    tap,
                    lane: lane + before,
                    length: within - before,
                    source: Some(y * width + x),
                });
            }
            if before > 0 {
                runs.push(padding(lane, before));
            }
        }
    }
    runs
}

/// Writes `out[channel, tap][lane]` run by run.
struct Copy<'a> {
    planes: &'a [f32],
    plane: usize,
    taps: usize,
    runs: &'a [Run],
    width: usize,
    out: &'a mut [f32],
}

impl Loop for Copy<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Self { planes, plane, taps, runs, width, out } = self;
        for (picture, out) in planes.chunks_exact(plane).zip(out.chunks_exact_mut(taps * width)) {
            for run in runs {
                let to = run.tap * width + run.lane;
                let to = &mut out[to..to + run.length];
                match run.source {
                    None => to.fill(0.0),
                    Some(source) => copy(&picture[source..source + run.length], to),
                }
            }
        }
    }
}

/// Copies up to 32 numbers without a call: by two pieces that overlap where the length is none of theirs.
#[inline(always)]
fn copy(from: &[f32], to: &mut [f32]) {
    match from.len() {
        32.. => pieces_of::<32>(from, to),
        16.. => pieces_of::<16>(from, to),
        8.. => pieces_of::<8>(from, to),
        4.. => pieces_of::<4>(from, to),
        _ => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
    }
}

/// Copies the first `N` numbers and the last, which are all when there are at most twice as many.
#[inline(always)]
fn pieces_of<const N: usize>(from: &[f32], to: &mut [f32]) {
    if let (Some(from), Some(to)) = (from.first_chunk::<N>(), to.first_chunk_mut::<N>()) {
        *to = *from;
    }
    if let (true, Some(from), Some(to)) = (from.len() > N, from.last_chunk::<N>(), to.last_chunk_mut::<N>()) {
        *to = *from;
    }
}

/// Where one number of a tap comes from.
#[derive(Debug, Clone, Copy)]
struct Lookup {
    tap: usize,
    lane: usize,
    source: usize,
    /// 0 where it is padding, else 1.
    factor: f32,
}

/// The source of every number, for kernels that step or look at repeated pixels.
fn lookups(view: &View, lanes: Range<usize>) -> Vec<Lookup> {
    let ((height, width), (seen_height, seen_width)) = (view.stored, view.seen);
    let mut lookups = Vec::with_capacity(lanes.len() * view.kernel * view.kernel);
    for (lane, row, column, length) in pieces(view, lanes) {
        for tap in 0..view.kernel * view.kernel {
            let (down, right) = (tap / view.kernel, tap % view.kernel);
            let y = (row * view.stride + down).checked_sub(view.before).filter(|y| *y < seen_height);
            for index in 0..length {
                let x = (column + index) * view.stride + right;
                let x = x.checked_sub(view.before).filter(|x| *x < seen_width);
                let source = match (y, x) {
                    (Some(y), Some(x)) => Some(y * height / seen_height * width + x * width / seen_width),
                    _ => None,
                };
                let factor = if source.is_some() { 1.0 } else { 0.0 };
                lookups.push(Lookup { tap, lane: lane + index, source: source.unwrap_or(0), factor });
            }
        }
    }
    lookups
}

/// Writes `out[channel, tap][lane]` number by number.
struct Gather<'a> {
    planes: &'a [f32],
    plane: usize,
    taps: usize,
    lookups: &'a [Lookup],
    width: usize,
    out: &'a mut [f32],
}

impl Loop for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn run<const FMA: bool>(self) {
        let Self { planes, plane, taps, lookups, width, out } = self;
        for (picture, out) in planes.chunks_exact(plane).zip(out.chunks_exact_mut(taps * width)) {
            for lookup in lookups {
                out[lookup.tap * width + lookup.lane] = picture[lookup.source] * lookup.factor;
            }
        }
    }
}
