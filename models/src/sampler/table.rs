//! How much of a clean picture is left at every timestep of training.
//!
//! The table is rounded to f32 where diffusers rounds it. Near both ends of the schedule a number that is almost one
//! is subtracted from one, so another rounding there would be another schedule.

use std::f64::consts::PI;

use super::{
    config::refuse,
    settings::{Betas, Settings},
};
use crate::Error;

/// The least share of the picture's variance that may be left at the end of training, unless none is meant to be.
/// Published schedules end between 2e-9 and 5e-3.
const LEAST_SIGNAL: f64 = 1e-12;

/// What is left in diffusers of a picture after the last timestep of a schedule that leaves none, so that its noise
/// level is a number.
const ALMOST_NOTHING: f64 = 1.0 / 16_777_216.0;

/// The share of the clean picture in the variance, per timestep of training: "alphas_cumprod", falling.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table(Vec<f64>);

impl Table {
    /// The table of a configuration.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it does not fall, or ends in nothing.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        let betas = betas(&settings.betas, settings.train_steps);
        let mut shares = cumulative(&betas);
        if settings.zero_snr {
            shares = cumulative(&without_signal_at_the_end(&shares));
        }
        let (last, body) = shares.split_last().ok_or_else(|| refuse("num_train_timesteps is 0"))?;
        let falls = shares.is_sorted_by(|a, b| a > b) && shares.first().is_some_and(|share| *share < 1.0);
        let end = if settings.zero_snr { body.last() } else { Some(last) };
        if !falls || end.is_none_or(|share| *share < LEAST_SIGNAL) {
            return Err(refuse(
                "its betas leave nothing of the picture, or take nothing away; check beta_start and beta_end",
            ));
        }
        Ok(Self(shares))
    }

    /// With a last entry above zero, for samplers that count in noise levels.
    pub(super) fn never_zero(mut self) -> Self {
        if let Some(last) = self.0.last_mut().filter(|share| **share <= 0.0) {
            *last = ALMOST_NOTHING;
        }
        self
    }

    /// How many timesteps there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The share at a timestep; past the end it is the last.
    pub(super) fn at(&self, timestep: usize) -> f64 {
        self.0[timestep.min(self.0.len() - 1)]
    }

    /// The noise level of every timestep for a picture of unchanged size, rising.
    pub(super) fn sigmas(&self) -> Vec<f64> {
        self.0.iter().map(|share| f64::from((((1.0 - share) as f32) / (*share as f32)).sqrt())).collect()
    }
}

fn betas(betas: &Betas, count: usize) -> Vec<f32> {
    match betas {
        Betas::Linear(start, end) => ramp(*start, *end, count),
        Betas::ScaledLinear(start, end) => {
            ramp(start.sqrt(), end.sqrt(), count).into_iter().map(|root| root * root).collect()
        }
        Betas::Cosine => {
            let share = |t: f64| ((t + 0.008) / 1.008 * PI / 2.0).cos().powi(2);
            let at = |index: usize| share(index as f64 / count as f64);
            (0..count).map(|i| (1.0 - at(i + 1) / at(i)).min(0.999) as f32).collect()
        }
        Betas::Trained(betas) => betas.iter().map(|beta| *beta as f32).collect(),
    }
}

/// `count` numbers from `start` to `end`, the second half counted down from the end.
fn ramp(start: f64, end: f64, count: usize) -> Vec<f32> {
    let (start, end) = (start as f32, end as f32);
    let step = (end - start) / (count.max(2) - 1) as f32;
    let number = |i: usize| {
        if i < count / 2 { start + step * i as f32 } else { end - step * (count - 1 - i) as f32 }
    };
    (0..count).map(number).collect()
}

/// The running product of one minus beta.
fn cumulative(betas: &[f32]) -> Vec<f64> {
    let product = |product: &mut f64, beta: &f32| {
        *product *= f64::from(1.0 - beta);
        Some(f64::from(*product as f32))
    };
    betas.iter().scan(1.0, product).collect()
}

/// The betas of a schedule that ends in noise alone and starts as before (Lin et al. 2023, algorithm 1).
fn without_signal_at_the_end(shares: &[f64]) -> Vec<f32> {
    let roots: Vec<f32> = shares.iter().map(|share| (*share as f32).sqrt()).collect();
    let (Some(first), Some(last)) = (roots.first(), roots.last()) else { return Vec::new() };
    let scale = first / (first - last);
    let shares = roots.iter().map(|root| ((root - last) * scale).powi(2));
    let step = |before: &mut f32, share: f32| {
        let kept = share / *before;
        *before = share;
        Some(1.0 - kept)
    };
    shares.scan(1.0, step).collect()
}
