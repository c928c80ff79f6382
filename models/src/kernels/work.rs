//! How many operations the products of a thread have taken, for benchmarks.

use std::cell::Cell;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// Counts a product of `rows`×`depth` and `depth`×`columns`, asked for by this thread: a multiplication and an addition
/// for each of them.
pub(super) fn count(rows: usize, columns: usize, depth: usize) {
    TAKEN.with(|taken| taken.set(taken.get() + 2 * (rows * columns * depth) as u64));
}

/// Operations since this was asked last.
pub(crate) fn taken() -> u64 {
    TAKEN.take()
}
