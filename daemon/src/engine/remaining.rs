//! How long a job still takes. Pure: the time that has passed comes in.

use std::time::Duration;

/// Below this share the beginning says more about itself than about the rest.
const TELLING: f32 = 0.03;

/// The time that is left if a job goes on as it has gone so far, in milliseconds; 0 while nothing can be said.
pub(super) fn remaining_ms(elapsed: Duration, fraction: f32) -> u32 {
    if !(TELLING..1.0).contains(&fraction) {
        return 0;
    }
    let done = f64::from(fraction);
    // A time beyond what fits is the longest that does.
    Duration::try_from_secs_f64(elapsed.as_secs_f64() * (1.0 - done) / done)
        .map_or(u32::MAX, |left| u32::try_from(left.as_millis()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_what_is_done() {
        for (elapsed_ms, fraction, left_ms) in [
            (0, 0.5, 0),
            (10_000, 0.0, 0),
            (10_000, 0.029, 0),
            (1_000, 0.03125, 31_000),
            (10_000, 0.25, 30_000),
            (10_000, 0.5, 10_000),
            (30_000, 0.75, 10_000),
            (10_000, 1.0, 0),
            (10_000, 1.5, 0),
            (10_000, -1.0, 0),
            (10_000, f32::NAN, 0),
            (10_000, f32::INFINITY, 0),
            (u64::MAX, 0.5, u32::MAX),
        ] {
            let elapsed = Duration::from_millis(elapsed_ms);
            assert_eq!(remaining_ms(elapsed, fraction), left_ms, "{fraction} in {elapsed_ms} ms");
        }
    }
}
