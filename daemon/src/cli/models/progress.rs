//! One line about work that takes longer than a moment, on a terminal only.

use std::{
    cell::Cell,
    io::{IsTerminal as _, Write as _, stderr},
    time::{Duration, Instant},
};

use super::show::size;

/// What is over before this needs no line.
const MOMENT: Duration = Duration::from_secs(1);
/// How often the line changes.
const BETWEEN: Duration = Duration::from_millis(200);

/// Says what is done, in place of what it said before.
pub(super) struct Meter {
    next: Cell<Instant>,
    shown: Cell<bool>,
    terminal: bool,
}

impl Meter {
    pub(super) fn new() -> Self {
        let next = Cell::new(Instant::now() + MOMENT);
        Self { next, shown: Cell::new(false), terminal: stderr().is_terminal() }
    }

    /// `done` bytes of `what`.
    pub(super) fn at(&self, what: &str, done: u64) {
        let now = Instant::now();
        if self.terminal && now >= self.next.get() {
            write!(stderr(), "\r{what} {}\x1b[K", size(done)).ok();
            self.shown.set(true);
            self.next.set(now + BETWEEN);
        }
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        if self.shown.get() {
            write!(stderr(), "\r\x1b[K").ok();
        }
    }
}
