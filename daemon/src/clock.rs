//! Time as a parameter: the system's clock, or one that a test moves by hand.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::store::Key;

/// The wall clock may be set while somebody waits for it, so a long wait looks again this often.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// Milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest time there is.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    /// The time that lies `millis` after the epoch.
    pub const fn from_millis(millis: i64) -> Timestamp {
        Timestamp(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The time `span` later; stops at the end of time.
    pub fn plus(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(millis(span)))
    }

    /// The time `span` earlier; stops at the beginning of time.
    pub fn minus(self, span: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(millis(span)))
    }

    /// How long it is from `earlier` until this time; nothing if it is not earlier.
    pub fn since(self, earlier: Timestamp) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl Key for Timestamp {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        i64::take(bytes).map(Timestamp)
    }
}

/// A clock that can be shared; clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<watch::Sender<Timestamp>>),
}

impl Clock {
    /// The system's wall clock.
    pub fn system() -> Clock {
        Clock { source: Source::System }
    }

    /// A clock that stands at `start` until it is moved.
    pub fn manual(start: Timestamp) -> Clock {
        Clock { source: Source::Manual(Arc::new(watch::Sender::new(start))) }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        match &self.source {
            Source::System => system_now(),
            Source::Manual(time) => *time.borrow(),
        }
    }

    /// Moves a manual clock forward; the system's clock cannot be moved.
    pub fn advance(&self, span: Duration) {
        if let Source::Manual(time) = &self.source {
            time.send_modify(|now| *now = now.plus(span));
        }
    }

    /// Sets a manual clock, backwards too; the system's clock cannot be set.
    pub fn set(&self, now: Timestamp) {
        if let Source::Manual(time) = &self.source {
            time.send_replace(now);
        }
    }

    /// Returns as soon as the clock shows `deadline` or later.
    pub async fn sleep_until(&self, deadline: Timestamp) {
        match &self.source {
            Source::System => loop {
                let left = deadline.since(system_now());
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(LONGEST_NAP)).await;
            },
            Source::Manual(time) => {
                let reached = time.subscribe().wait_for(|now| *now >= deadline).await.is_ok();
                debug_assert!(reached, "this clock keeps its sender alive");
            }
        }
    }

    /// Returns when the clock has moved on by `span`.
    pub async fn sleep(&self, span: Duration) {
        self.sleep_until(self.now().plus(span)).await;
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the one place where the system is asked for the time")]
fn system_now() -> Timestamp {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => Timestamp(millis(since)),
        Err(before) => Timestamp(millis(before.duration()).saturating_neg()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_those_who_wait() {
        let clock = Clock::manual(Timestamp::from_millis(1_000));
        let waiter = clock.clone();
        let task = tokio::spawn(async move { waiter.sleep(Duration::from_millis(500)).await });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_millis(499));
        tokio::task::yield_now().await;
        assert!(!task.is_finished());
        clock.advance(Duration::from_millis(1));
        task.await.unwrap();
    }

    #[test]
    fn time_may_go_backwards_and_never_overflows() {
        let clock = Clock::manual(Timestamp::from_millis(10));
        clock.set(Timestamp::from_millis(-5));
        assert_eq!(clock.now().as_millis(), -5);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
        assert_eq!(Timestamp::from_millis(3).since(Timestamp::from_millis(9)), Duration::ZERO);
    }
}
