//! Answers that are written piece by piece, on all threads.

use std::mem::MaybeUninit;

use rayon::prelude::*;

/// `length` numbers in pieces of `piece` (the last may be shorter), each written by `write`, which is told where
/// it begins. A piece is zeros at first: cheap while it is in a thread's cache, which is why no piece should be
/// larger.
pub(super) fn filled(length: usize, piece: usize, write: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
    filled_groups(1, length, piece, |_, first, slots| write(first, slots))
}

/// As [`filled`] for several groups of `length` numbers; no piece lies in two of them. `write` is told the group and
/// where in it the piece begins.
pub(super) fn filled_groups(
    groups: usize,
    length: usize,
    piece: usize,
    write: impl Fn(usize, usize, &mut [f32]) + Sync,
) -> Vec<f32> {
    let all = groups * length;
    let mut out: Vec<f32> = Vec::with_capacity(all);
    let slots = out.spare_capacity_mut()[..all].par_chunks_mut(length.max(1)).enumerate();
    slots.for_each(|(group, slots)| {
        let pieces = slots.par_chunks_mut(piece.max(1)).enumerate();
        pieces.for_each(|(index, slots)| write(group, index * piece, zeroed(slots)));
    });
    // SAFETY: There is room for them, and every piece was filled with zeros.
    unsafe { out.set_len(all) };
    out
}

fn zeroed(slots: &mut [MaybeUninit<f32>]) -> &mut [f32] {
    for slot in &mut *slots {
        slot.write(0.0);
    }
    // SAFETY: All of them were written.
    unsafe { slots.assume_init_mut() }
}
