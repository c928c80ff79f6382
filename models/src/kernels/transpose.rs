//! Rows as columns: how matrices are packed whose depth lies together in memory.

use super::cpu::{Cpu, Isa};

/// Writes `out[d][row] = values[row · stride + d]` for `(rows, depth)`, with zeros from `rows` up to `width`.
///
/// # Panics
/// When either slice is too short.
pub(super) fn transpose(
    cpu: Cpu,
    values: &[f32],
    stride: usize,
    (rows, depth): (usize, usize),
    width: usize,
    out: &mut [f32],
) {
    if rows == 0 || depth == 0 {
        out[..depth * width].fill(0.0);
        return;
    }
    let values = &values[..(rows - 1) * stride + depth];
    let out = &mut out[..depth * width];
    assert!(rows <= width, "room for all rows");
    match cpu.isa() {
        // SAFETY: The processor has the instructions, and the slices are as long as the sizes say.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => unsafe {
            x86::transpose(values.as_ptr(), stride, (rows, depth), width, out.as_mut_ptr());
        },
        _ => portable(values, stride, (rows, depth), width, out),
    }
}

fn portable(values: &[f32], stride: usize, (rows, depth): (usize, usize), width: usize, out: &mut [f32]) {
    /// Depths at a time, whose columns stay in the first cache while all rows are written to them.
    const DEPTH: usize = 16;
    for first in (0..depth).step_by(DEPTH) {
        let depth = DEPTH.min(depth - first);
        let out = &mut out[first * width..(first + depth) * width];
        for row in 0..rows {
            let from = row * stride + first;
            for (value, column) in values[from..from + depth].iter().zip(out.chunks_exact_mut(width)) {
                column[row] = *value;
            }
        }
        for column in out.chunks_exact_mut(width) {
            column[rows..].fill(0.0);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512, _MM_HINT_T0, _mm_prefetch, _mm512_castpd_ps, _mm512_castps_pd, _mm512_mask_storeu_ps,
        _mm512_maskz_loadu_ps, _mm512_setzero_ps, _mm512_shuffle_f32x4, _mm512_unpackhi_pd,
        _mm512_unpackhi_ps, _mm512_unpacklo_pd, _mm512_unpacklo_ps,
    };

    /// Side of the squares that are turned in registers.
    const SIDE: usize = 16;

    /// How far ahead a row is asked for: rows of weights lie too far apart for the processor to see it coming.
    const AHEAD: usize = 8 * SIDE;

    /// # Safety
    /// `values` must be good for `rows` rows of `depth`, `stride` apart, and `out` for `depth · width` numbers.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn transpose(
        values: *const f32,
        stride: usize,
        (rows, depth): (usize, usize),
        width: usize,
        out: *mut f32,
    ) {
        for first_row in (0..width).step_by(SIDE) {
            let wanted = rows.saturating_sub(first_row).min(SIDE);
            let written = first_numbers(width - first_row);
            for first in (0..depth).step_by(SIDE) {
                let read = first_numbers(depth - first);
                let mut square = [_mm512_setzero_ps(); SIDE];
                for (row, numbers) in square.iter_mut().enumerate() {
                    if row < wanted {
                        // SAFETY: The row is there, and the mask keeps within it.
                        *numbers = unsafe {
                            let from = values.add((first_row + row) * stride + first);
                            _mm_prefetch::<_MM_HINT_T0>(from.wrapping_add(AHEAD).cast());
                            _mm512_maskz_loadu_ps(read, from)
                        };
                    }
                }
                let columns = turned(square);
                for (column, numbers) in columns.into_iter().enumerate() {
                    if first + column < depth {
                        // SAFETY: The column is there, and the mask keeps within it.
                        unsafe {
                            _mm512_mask_storeu_ps(
                                out.add((first + column) * width + first_row),
                                written,
                                numbers,
                            );
                        }
                    }
                }
            }
        }
    }

    /// A mask of the first `count` numbers, or all of them.
    fn first_numbers(count: usize) -> u16 {
        if count >= SIDE { u16::MAX } else { (1 << count) - 1 }
    }

    /// Pairs, then fours within 128 bits, then 128 bits among each other.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn turned(rows: [__m512; SIDE]) -> [__m512; SIDE] {
        let mut pairs = rows;
        for first in (0..SIDE).step_by(2) {
            pairs[first] = _mm512_unpacklo_ps(rows[first], rows[first + 1]);
            pairs[first + 1] = _mm512_unpackhi_ps(rows[first], rows[first + 1]);
        }
        let mut fours = pairs;
        for first in (0..SIDE).step_by(4) {
            for half in 0..2 {
                let low = _mm512_castps_pd(pairs[first + half]);
                let high = _mm512_castps_pd(pairs[first + half + 2]);
                fours[first + 2 * half] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
                fours[first + 2 * half + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
            }
        }
        let mut columns = fours;
        for column in 0..4 {
            let even = _mm512_shuffle_f32x4::<0x88>(fours[column], fours[column + 4]);
            let odd = _mm512_shuffle_f32x4::<0xDD>(fours[column], fours[column + 4]);
            let next_even = _mm512_shuffle_f32x4::<0x88>(fours[column + 8], fours[column + 12]);
            let next_odd = _mm512_shuffle_f32x4::<0xDD>(fours[column + 8], fours[column + 12]);
            columns[column] = _mm512_shuffle_f32x4::<0x88>(even, next_even);
            columns[column + 4] = _mm512_shuffle_f32x4::<0x88>(odd, next_odd);
            columns[column + 8] = _mm512_shuffle_f32x4::<0xDD>(even, next_even);
            columns[column + 12] = _mm512_shuffle_f32x4::<0xDD>(odd, next_odd);
        }
        columns
    }
}
