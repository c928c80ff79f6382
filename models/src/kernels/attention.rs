//! Attention a few queries and a few hundred keys at a time, so that scores never leave the second cache.
//!
//! Scores are held transposed, `[keys, queries]`: what the first product writes is then packed as the second one
//! needs it, and the softmax works on whole vectors of queries. Its running form is that of Milakov & Gimelshein
//! (2018), as in flash attention (Dao et al. 2022).

use std::{ops::Range, ptr};

use rayon::prelude::*;

use super::{
    cpu::Cpu,
    output::filled_groups,
    scratch::Scratch,
    softmax::Softmax,
    tile::{MOST_COLUMNS, Tile, Tiles, even_cuts},
    transpose::transpose,
    work,
};

/// Keys at a time: with a tile's 32 queries, 16 KiB of scores, which leaves room for the rest.
const KEYS: usize = 128;
/// Panels of queries that share a reading of the keys.
const PANELS: usize = 4;
/// Tasks per thread, for balance.
const TASKS: usize = 4;

/// `q` is `[batch, queries, heads · size]`, `k` and `v` are `[batch, keys, heads · size]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heads {
    /// Sequences.
    pub(crate) batch: usize,
    /// Tokens of `q`.
    pub(crate) queries: usize,
    /// Tokens of `k` and `v`.
    pub(crate) keys: usize,
    /// Heads, side by side in a token.
    pub(crate) heads: usize,
    /// Numbers of a head.
    pub(crate) size: usize,
    /// Whether a query sees only keys up to its own position.
    pub(crate) causal: bool,
}

impl Heads {
    fn width(&self) -> usize {
        self.heads * self.size
    }
}

/// `softmax(q kᵀ / √size) v`, of the shape of `q`.
///
/// # Panics
/// When lengths do not fit, or there is no key.
pub(crate) fn attention(cpu: Cpu, q: &[f32], k: &[f32], v: &[f32], shape: Heads) -> Vec<f32> {
    let width = shape.width();
    assert_eq!(q.len(), shape.batch * shape.queries * width, "as many queries as the shape says");
    assert_eq!(k.len(), shape.batch * shape.keys * width, "as many keys as the shape says");
    assert_eq!(v.len(), k.len(), "as many values as keys");
    assert!(shape.keys > 0 || q.is_empty(), "something to look at");
    if q.is_empty() {
        return Vec::new();
    }
    // Scores and what they weigh: two products.
    work::count(shape.batch * shape.queries, 2 * shape.keys, width);
    let cpu = cpu.exact();
    let tiles = Tiles::of(cpu);
    let memory = Memory::pack(cpu, tiles, k, v, shape);
    let wanted = (shape.batch * shape.queries).div_ceil(TASKS * rayon::current_num_threads());
    let queries = wanted.div_ceil(tiles.wide).clamp(1, PANELS) * tiles.wide;
    filled_groups(shape.batch, shape.queries * width, queries * width, |batch, first, out| {
        let first = first / width;
        let q = &q[(batch * shape.queries + first) * width..][..out.len()];
        Task { cpu, tiles, memory: &memory, batch, first, q, out }.run();
    })
}

/// Keys and values by head, packed for their products.
struct Memory {
    shape: Heads,
    /// `[batch, head, panel, size, keys of the panel]`.
    keys: Scratch,
    /// `[batch, head, key, size]`.
    values: Scratch,
}

/// The blocks of keys that are looked at in turn.
fn key_blocks(keys: usize) -> impl Iterator<Item = Range<usize>> {
    even_cuts(0..keys, KEYS)
}

impl Memory {
    fn pack(cpu: Cpu, tiles: &Tiles, k: &[f32], v: &[f32], shape: Heads) -> Self {
        let head = shape.keys * shape.size;
        let mut keys = Scratch::take(k.len());
        let mut values = Scratch::take(v.len());
        let heads = keys.par_chunks_mut(head).zip(values.par_chunks_mut(head)).enumerate();
        heads.for_each(|(index, (keys, values))| {
            let (batch, head) = (index / shape.heads, index % shape.heads);
            let at = |key: usize| (batch * shape.keys + key) * shape.width() + head * shape.size;
            for (key, to) in values.chunks_exact_mut(shape.size).enumerate() {
                to.copy_from_slice(&v[at(key)..at(key) + shape.size]);
            }
            for panel in key_blocks(shape.keys).flat_map(|block| even_cuts(block, tiles.rows())) {
                let to = &mut keys[panel.start * shape.size..panel.end * shape.size];
                let size = (panel.len(), shape.size);
                transpose(cpu, &k[at(panel.start)..], shape.width(), size, panel.len(), to);
            }
        });
        Self { shape, keys, values }
    }

    /// Keys and values of a head.
    fn head(&self, batch: usize, head: usize) -> (&[f32], &[f32]) {
        let length = self.shape.keys * self.shape.size;
        let first = (batch * self.shape.heads + head) * length;
        (&self.keys[first..first + length], &self.values[first..first + length])
    }
}

/// Some queries of one sequence.
struct Task<'a> {
    cpu: Cpu,
    tiles: &'static Tiles,
    memory: &'a Memory,
    batch: usize,
    /// Position of the first query.
    first: usize,
    /// `[queries, heads · size]`, as `out`.
    q: &'a [f32],
    out: &'a mut [f32],
}

/// What one panel of queries has seen so far.
struct Panel<'a> {
    /// Positions of its queries.
    positions: Range<usize>,
    /// `[size, queries]`, times `log₂ e / √size`.
    queries: &'a mut [f32],
    /// `[size, queries]`: the sum of values, weighted by the powers of the scores.
    sum: &'a mut [f32],
    /// The largest score of every query.
    most: [f32; MOST_COLUMNS],
    /// The sum of the powers of the scores less the largest one.
    weight: [f32; MOST_COLUMNS],
}

impl Task<'_> {
    fn run(self) {
        let Heads { heads, size, .. } = self.memory.shape;
        let (wide, width) = (self.tiles.wide, heads * size);
        let tokens = self.q.len() / width;
        let count = tokens.div_ceil(wide);
        let mut queries = Scratch::take(count * wide * size);
        let mut sums = Scratch::take(count * wide * size);
        let mut scores = Scratch::take(KEYS * wide);
        for head in 0..heads {
            sums.fill(0.0);
            let pieces = queries.chunks_exact_mut(wide * size).zip(sums.chunks_exact_mut(wide * size));
            let mut panels: Vec<Panel<'_>> = pieces
                .enumerate()
                .map(|(index, (queries, sum))| {
                    let rows = index * wide..tokens.min((index + 1) * wide);
                    let positions = self.first + rows.start..self.first + rows.end;
                    self.pack_queries(rows, head, queries);
                    let (most, weight) = ([f32::NEG_INFINITY; MOST_COLUMNS], [0.0; MOST_COLUMNS]);
                    Panel { positions, queries, sum, most, weight }
                })
                .collect();
            for block in key_blocks(self.memory.shape.keys) {
                for panel in &mut panels {
                    if !self.memory.shape.causal || block.start < panel.positions.end {
                        self.look(panel, head, block.clone(), &mut scores);
                    }
                }
            }
            for (index, panel) in panels.iter().enumerate() {
                let rows = self.out.chunks_exact_mut(width).skip(index * wide).take(wide);
                for (lane, row) in rows.enumerate() {
                    let scale = 1.0 / panel.weight[lane];
                    for (out, sum) in row[head * size..][..size].iter_mut().zip(panel.sum.chunks_exact(wide))
                    {
                        *out = sum[lane] * scale;
                    }
                }
            }
        }
    }

    fn pack_queries(&self, rows: Range<usize>, head: usize, out: &mut [f32]) {
        let Heads { heads, size, .. } = self.memory.shape;
        let width = heads * size;
        let q = &self.q[rows.start * width + head * size..];
        transpose(self.cpu, q, width, (rows.len(), size), self.tiles.wide, out);
        let scale = (f64::from(std::f32::consts::LOG2_E) / (size as f64).sqrt()) as f32;
        out.iter_mut().for_each(|number| *number *= scale);
    }

    /// Lets a panel of queries look at a block of keys.
    fn look(&self, panel: &mut Panel<'_>, head: usize, block: Range<usize>, scores: &mut [f32]) {
        let Heads { size, causal, .. } = self.memory.shape;
        let wide = self.tiles.wide;
        let (keys, values) = self.memory.head(self.batch, head);
        let scores = &mut scores[..block.len() * wide];
        for rows in even_cuts(block.clone(), self.tiles.rows()) {
            let keys = &keys[rows.start * size..rows.end * size];
            let out = &mut scores[(rows.start - block.start) * wide..(rows.end - block.start) * wide];
            self.tile(rows.len(), size, keys, rows.len(), panel.queries, out, false);
        }
        if causal {
            for (key, scores) in block.clone().zip(scores.chunks_exact_mut(wide)) {
                let hidden = key.saturating_sub(panel.positions.start).min(wide);
                scores[..hidden].fill(f32::NEG_INFINITY);
            }
        }
        self.cpu.run(Softmax {
            wide,
            scores,
            sum: panel.sum,
            most: &mut panel.most,
            weight: &mut panel.weight,
        });
        for dimensions in even_cuts(0..size, self.tiles.rows()) {
            let values = &values[block.start * size + dimensions.start..block.end * size];
            let sum = &mut panel.sum[dimensions.start * wide..dimensions.end * wide];
            self.tile(dimensions.len(), block.len(), values, size, scores, sum, true);
        }
    }

    /// `out = left · right`, or is added to, for `rows` rows and as many columns as a tile has.
    #[expect(clippy::too_many_arguments, reason = "a product has that many sizes")]
    fn tile(
        &self,
        rows: usize,
        steps: usize,
        left: &[f32],
        left_step: usize,
        right: &[f32],
        out: &mut [f32],
        add: bool,
    ) {
        let wide = self.tiles.wide;
        assert!(steps > 0 && left.len() >= (steps - 1) * left_step + rows, "the left side is long enough");
        assert!(right.len() >= steps * wide && out.len() >= rows * wide, "the others are long enough");
        let tile = Tile {
            steps,
            left: left.as_ptr(),
            left_step,
            right: right.as_ptr(),
            out: out.as_mut_ptr(),
            out_stride: wide,
            add: if add { out.as_ptr() } else { ptr::null() },
            add_stride: wide,
            per_row: ptr::null(),
            per_column: ptr::null(),
        };
        // SAFETY: The lengths were checked, and `Cpu` has the instructions of its tiles.
        unsafe { self.tiles.run(rows, wide)(&tile) };
    }
}
