//! Euler's method over noise levels: Karras et al. 2022 (arXiv 2206.00364), algorithm 2 without churn.

use super::{
    exploding::Steps,
    schedule::{Call, Schedule},
    settings::Settings,
    table::Table,
};
use crate::Error;

/// The noise level after every step.
#[derive(Debug, Clone)]
pub(super) struct Euler(Vec<f64>);

impl Euler {
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let run = Steps::new(settings, table, steps, true)?;
        let end = if settings.final_zero { 0.0 } else { table.sigmas().first().copied().unwrap_or(0.0) };
        let targets = run.sigmas.iter().skip(1).copied().chain([end]).collect();
        Ok((run.schedule(settings), Self(targets)))
    }

    pub(super) fn step(&self, call: &Call<'_>, latents: &mut [f32]) {
        advance(call, latents, self.0[call.index]);
    }
}

/// Moves latents in a straight line, away from what was clean in them, to the noise level `target`.
pub(super) fn advance(call: &Call<'_>, latents: &mut [f32], target: f64) {
    let sigma = call.level.noise;
    for (latent, clean) in latents.iter_mut().zip(call.clean) {
        let now = f64::from(*latent);
        let slope = (now - f64::from(*clean)) / sigma;
        *latent = (now + slope * (target - sigma)) as f32;
    }
}
