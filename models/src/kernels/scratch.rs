//! Memory that kernels count in, kept from one call to the next: fresh pages cost a third of a step's time.

use std::{
    cell::RefCell,
    ops::{Deref, DerefMut},
    slice,
};

/// A cache line, so that no vector is split between two.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; LINE]);

const LINE: usize = 16;

/// How many buffers a thread keeps.
const KEPT: usize = 6;

thread_local! {
    static FREE: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of numbers of no particular value, given back to its thread when dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    lines: Vec<Line>,
    length: usize,
}

impl Scratch {
    /// At least `length` numbers, beginning on a cache line.
    pub(super) fn take(length: usize) -> Self {
        let needed = length.div_ceil(LINE);
        let mut lines = FREE.with_borrow_mut(|free| {
            let fitting = |lines: &Vec<Line>| lines.len() >= needed;
            let smallest =
                (0..free.len()).filter(|&index| fitting(&free[index])).min_by_key(|&index| free[index].len());
            let largest = || (0..free.len()).max_by_key(|&index| free[index].len());
            smallest.or_else(largest).map(|index| free.swap_remove(index)).unwrap_or_default()
        });
        if lines.len() < needed {
            // Growing in place would copy numbers that nobody wants.
            lines = vec![Line([0.0; LINE]); needed];
        }
        Self { lines, length }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        FREE.with_borrow_mut(|free| {
            if free.len() < KEPT {
                free.push(lines);
            }
        });
    }
}

impl Deref for Scratch {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: A line is 16 numbers without padding, and `take` made sure that there are enough of them.
        unsafe { slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: As in `deref`; the borrow is exclusive.
        unsafe { slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}
