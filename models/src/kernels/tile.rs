//! The innermost loop of every product: a few rows by a few vectors of columns, held in registers.

use std::ops::Range;

use super::cpu::{Cpu, Isa, Products};

/// One tile of work: `out = left · right + add + per_row + per_column`, each of the last three when not null.
///
/// `left` holds for every step of the depth as many numbers as there are rows, `left_step` apart; `right` a
/// vector's multiple of columns, closely packed. Where products are of bf16, a number is a pair of them, of two
/// depths that follow one another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    pub(super) steps: usize,
    pub(super) left: *const f32,
    pub(super) left_step: usize,
    pub(super) right: *const f32,
    pub(super) out: *mut f32,
    pub(super) out_stride: usize,
    /// Of the tile's shape, rows `add_stride` apart.
    pub(super) add: *const f32,
    pub(super) add_stride: usize,
    pub(super) per_row: *const f32,
    pub(super) per_column: *const f32,
}

/// # Safety
/// The pointers of the tile must be good for its shape, and the processor must have the instructions.
pub(super) type Run = unsafe fn(&Tile);

/// The tiles of one instruction set.
#[derive(Debug)]
pub(super) struct Tiles {
    /// Columns of a wide tile.
    pub(super) wide: usize,
    /// Columns of a narrow one, for what is left over.
    pub(super) narrow: usize,
    /// By rows less one.
    run_wide: &'static [Run],
    run_narrow: &'static [Run],
    /// Whether numbers are pairs of bf16.
    pub(super) pairs: bool,
}

/// Most columns of any tile.
pub(super) const MOST_COLUMNS: usize = 32;
/// Most rows of any tile.
pub(super) const MOST_ROWS: usize = 14;

impl Tiles {
    /// The tiles for `cpu`.
    pub(super) fn of(cpu: Cpu) -> &'static Self {
        match (cpu.isa(), cpu.products()) {
            (Isa::Portable, _) => &PORTABLE,
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx2, _) => &x86::AVX2,
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, Products::Exact) => &x86::AVX512,
            #[cfg(target_arch = "x86_64")]
            (Isa::Avx512, Products::Bf16) => &x86::BF16,
        }
    }

    /// Most rows of a tile.
    pub(super) fn rows(&self) -> usize {
        self.run_wide.len()
    }

    /// The loop for a tile of `rows` by `columns`, which is [`Self::wide`] or [`Self::narrow`].
    pub(super) fn run(&self, rows: usize, columns: usize) -> Run {
        if columns == self.wide { self.run_wide[rows - 1] } else { self.run_narrow[rows - 1] }
    }
}

/// Cuts `whole` as evenly as possible into parts of at most `most`, so that none is much smaller than the others.
pub(super) fn even_cuts(whole: Range<usize>, most: usize) -> impl Iterator<Item = Range<usize>> {
    let count = whole.len().div_ceil(most);
    let cut = move |index: usize| whole.start + index * whole.len() / count;
    (0..count).map(move |index| cut(index)..cut(index + 1))
}

/// Instances of a tile for all numbers of rows.
macro_rules! by_rows {
    ($tile:ident, $vectors:literal, [$($rows:literal)*]) => {
        &[$($tile::<$rows, $vectors>),*]
    };
}

static PORTABLE: Tiles = Tiles {
    wide: 8,
    narrow: 8,
    run_wide: by_rows!(portable, 8, [1 2 3 4]),
    run_narrow: by_rows!(portable, 8, [1 2 3 4]),
    pairs: false,
};

/// In plain Rust.
unsafe fn portable<const ROWS: usize, const COLUMNS: usize>(tile: &Tile) {
    let mut sums = [[0.0_f32; COLUMNS]; ROWS];
    // SAFETY: The caller answers for the pointers and their lengths.
    unsafe {
        let (mut left, mut right) = (tile.left, tile.right);
        for _ in 0..tile.steps {
            let columns: [f32; COLUMNS] = *right.cast();
            for (row, sums) in sums.iter_mut().enumerate() {
                let factor = *left.add(row);
                for (sum, column) in sums.iter_mut().zip(columns) {
                    *sum = if cfg!(target_arch = "aarch64") {
                        factor.mul_add(column, *sum)
                    } else {
                        factor * column + *sum
                    };
                }
            }
            left = left.add(tile.left_step);
            right = right.add(COLUMNS);
        }
        for (row, mut sums) in sums.into_iter().enumerate() {
            for (column, sum) in sums.iter_mut().enumerate() {
                if !tile.add.is_null() {
                    *sum += *tile.add.add(row * tile.add_stride + column);
                }
                if !tile.per_row.is_null() {
                    *sum += *tile.per_row.add(row);
                }
                if !tile.per_column.is_null() {
                    *sum += *tile.per_column.add(column);
                }
            }
            tile.out.add(row * tile.out_stride).cast::<[f32; COLUMNS]>().write_unaligned(sums);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::{
        arch::x86_64::{
            __m256, __m512, __m512bh, _MM_HINT_T0, _mm_prefetch, _mm256_add_ps, _mm256_fmadd_ps,
            _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps, _mm512_add_ps,
            _mm512_dpbf16_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps,
            _mm512_storeu_ps,
        },
        mem::transmute,
    };

    use super::{Tile, Tiles};

    pub(super) static AVX2: Tiles = Tiles {
        wide: 16,
        narrow: 8,
        run_wide: by_rows!(tile_avx2, 2, [1 2 3 4 5 6]),
        run_narrow: by_rows!(tile_avx2, 1, [1 2 3 4 5 6]),
        pairs: false,
    };

    pub(super) static AVX512: Tiles = Tiles {
        wide: 32,
        narrow: 16,
        run_wide: by_rows!(tile_avx512, 2, [1 2 3 4 5 6 7 8 9 10 11 12 13 14]),
        run_narrow: by_rows!(tile_avx512, 1, [1 2 3 4 5 6 7 8 9 10 11 12 13 14]),
        pairs: false,
    };

    pub(super) static BF16: Tiles = Tiles {
        wide: 32,
        narrow: 16,
        run_wide: by_rows!(tile_bf16, 2, [1 2 3 4 5 6 7 8 9 10 11 12 13 14]),
        run_narrow: by_rows!(tile_bf16, 1, [1 2 3 4 5 6 7 8 9 10 11 12 13 14]),
        pairs: true,
    };

    /// `a · b + sum` over pairs of bf16.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bf16")]
    fn pairs(a: __m512, b: __m512, sum: __m512) -> __m512 {
        // SAFETY: Both types are 512 plain bits.
        let (a, b) = unsafe { (transmute::<__m512, __m512bh>(a), transmute::<__m512, __m512bh>(b)) };
        _mm512_dpbf16_ps(sum, a, b)
    }

    macro_rules! tile {
        ($name:ident, $features:literal, $lanes:literal, $vector:ty,
         $zero:ident, $load:ident, $store:ident, $splat:ident, $plus:ident, $fma:ident) => {
            #[target_feature(enable = $features)]
            unsafe fn $name<const ROWS: usize, const VECTORS: usize>(tile: &Tile) {
                let mut sums: [[$vector; VECTORS]; ROWS] = [[$zero(); VECTORS]; ROWS];
                // SAFETY: The caller answers for the pointers and their lengths.
                unsafe {
                    for row in 0..ROWS {
                        _mm_prefetch::<_MM_HINT_T0>(tile.out.wrapping_add(row * tile.out_stride).cast());
                        if VECTORS > 1 {
                            _mm_prefetch::<_MM_HINT_T0>(
                                tile.out.wrapping_add(row * tile.out_stride + 16).cast(),
                            );
                        }
                    }
                    let (mut left, mut right) = (tile.left, tile.right);
                    for _ in 0..tile.steps {
                        let mut columns = [$zero(); VECTORS];
                        for (vector, column) in columns.iter_mut().enumerate() {
                            *column = $load(right.add(vector * $lanes));
                        }
                        for (row, sums) in sums.iter_mut().enumerate() {
                            let factor = $splat(*left.add(row));
                            for (sum, column) in sums.iter_mut().zip(columns) {
                                *sum = $fma(factor, column, *sum);
                            }
                        }
                        left = left.add(tile.left_step);
                        right = right.add(VECTORS * $lanes);
                    }
                    // One short loop each: they must all be unrolled, or the sums would live in memory.
                    if !tile.add.is_null() {
                        for row in 0..ROWS {
                            for vector in 0..VECTORS {
                                let add = tile.add.add(row * tile.add_stride + vector * $lanes);
                                sums[row][vector] = $plus(sums[row][vector], $load(add));
                            }
                        }
                    }
                    if !tile.per_row.is_null() {
                        for row in 0..ROWS {
                            let add = $splat(*tile.per_row.add(row));
                            for vector in 0..VECTORS {
                                sums[row][vector] = $plus(sums[row][vector], add);
                            }
                        }
                    }
                    if !tile.per_column.is_null() {
                        for vector in 0..VECTORS {
                            let add = $load(tile.per_column.add(vector * $lanes));
                            for row in 0..ROWS {
                                sums[row][vector] = $plus(sums[row][vector], add);
                            }
                        }
                    }
                    for row in 0..ROWS {
                        for vector in 0..VECTORS {
                            let out = tile.out.add(row * tile.out_stride + vector * $lanes);
                            $store(out, sums[row][vector]);
                        }
                    }
                }
            }
        };
    }

    tile!(
        tile_avx2,
        "avx2,fma",
        8,
        __m256,
        _mm256_setzero_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_set1_ps,
        _mm256_add_ps,
        _mm256_fmadd_ps
    );
    tile!(
        tile_avx512,
        "avx512f",
        16,
        __m512,
        _mm512_setzero_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_set1_ps,
        _mm512_add_ps,
        _mm512_fmadd_ps
    );
    tile!(
        tile_bf16,
        "avx512f,avx512bf16",
        16,
        __m512,
        _mm512_setzero_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_set1_ps,
        _mm512_add_ps,
        pairs
    );
}
