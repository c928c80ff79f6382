//! Standard normal noise that is the same for a seed on every machine.

use std::f64::consts::{LN_2, SQRT_2};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Standard normal noise from a seed.
///
/// The words are ChaCha20's, seeded as `rand_core` seeds from a `u64`; each two of them become a point in the square
/// from −1 to 1, and each point within the unit circle two values (Marsaglia & Bray 1964). Only operations are used
/// that IEEE 754 rounds correctly, so the values are the same on every platform, and they do not depend on the slices
/// they are asked in. One picture has one seed, and so the same noise in every batch.
#[derive(Debug, Clone)]
pub struct Noise {
    words: ChaCha20Rng,
    /// The second value of the last point.
    spare: Option<f32>,
}

impl Noise {
    /// The noise of `seed`, from its start.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { words: ChaCha20Rng::seed_from_u64(seed), spare: None }
    }

    /// The next values.
    pub fn fill(&mut self, values: &mut [f32]) {
        for value in values {
            *value = self.next();
        }
    }

    /// The next `count` values.
    #[must_use]
    pub fn take(&mut self, count: usize) -> Vec<f32> {
        let mut values = vec![0.0; count];
        self.fill(&mut values);
        values
    }

    fn next(&mut self) -> f32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (self.coordinate(), self.coordinate());
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let factor = (-2.0 * logarithm(square) / square).sqrt();
                self.spare = Some((y * factor) as f32);
                return (x * factor) as f32;
            }
        }
    }

    /// One of 2⁵³ values from −1 to 1.
    fn coordinate(&mut self) -> f64 {
        (self.words.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// The natural logarithm of a normal number above zero. The standard library's differs between platforms.
fn logarithm(number: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    const ONE: u64 = 1023 << 52;
    let bits = number.to_bits();
    let mut exponent = (bits >> 52) as i32 - 1023;
    let mut mantissa = f64::from_bits((bits & MANTISSA) | ONE);
    if mantissa > SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    // ln m = 2 artanh z, whose series has shrunk below f64's precision after twelve terms.
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let series = (0..12).rev().fold(0.0, |sum, term| sum * z * z + 1.0 / f64::from(2 * term + 1));
    f64::from(exponent) * LN_2 + 2.0 * z * series
}
