//! Noise levels of the samplers that leave the picture's size alone and let the noise explode: Euler's and Heun's.

use super::{
    prediction::Level,
    schedule::Schedule,
    settings::{Settings, Sigmas, Spacing},
    sigmas::{distribute, interpolate, logarithms, timestep_of},
    spacing,
    table::Table,
};
use crate::Error;

/// The noise level before every step, and the timestep that it is at.
pub(super) struct Steps {
    pub(super) timesteps: Vec<f64>,
    pub(super) sigmas: Vec<f64>,
}

impl Steps {
    /// The steps of a configuration. `redistribute` says whether the sampler knows other distributions of noise.
    ///
    /// # Errors
    /// As [`spacing::timesteps`] and [`distribute`].
    pub(super) fn new(
        settings: &Settings,
        table: &Table,
        steps: usize,
        redistribute: bool,
    ) -> Result<Self, Error> {
        let table = table.sigmas();
        let mut timesteps = spacing::timesteps(settings, steps)?;
        let mut sigmas: Vec<f64> = timesteps.iter().map(|t| interpolate(&table, *t)).collect();
        if let (true, [first, ..], [.., last]) =
            (redistribute && settings.sigmas != Sigmas::Schedule, &sigmas[..], &sigmas[..])
        {
            sigmas = distribute(settings, *first, *last, steps)?;
            let logarithms = logarithms(&table);
            timesteps = sigmas.iter().map(|sigma| single(timestep_of(&logarithms, *sigma))).collect();
        }
        let sigmas: Vec<f64> = sigmas.into_iter().map(single).collect();
        if settings.continuous && settings.prediction == super::prediction::Prediction::Velocity {
            timesteps = sigmas.iter().map(|sigma| single(0.25 * sigma.ln())).collect();
        }
        Ok(Self { timesteps, sigmas })
    }

    /// One call before every step.
    pub(super) fn schedule(&self, settings: &Settings) -> Schedule {
        Schedule {
            timesteps: self.timesteps.clone(),
            levels: self.sigmas.iter().map(|sigma| Level::exploding(*sigma)).collect(),
            initial_scale: self.initial_scale(settings),
        }
    }

    /// The first latents' standard deviation: with leading spacing the picture under the noise is counted too.
    pub(super) fn initial_scale(&self, settings: &Settings) -> f64 {
        let largest = self.sigmas.iter().copied().fold(0.0, f64::max);
        if settings.spacing == Spacing::Leading { largest.hypot(1.0) } else { largest }
    }
}

/// Rounded to f32, which is what noise levels and timesteps are in diffusers.
fn single(number: f64) -> f64 {
    f64::from(number as f32)
}
