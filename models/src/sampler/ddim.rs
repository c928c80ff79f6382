//! Denoising diffusion implicit models: Song et al. 2020 (arXiv 2010.02502), equations 12 and 16.

use super::{
    prediction::Level,
    schedule::{Call, Fresh, Schedule, add_fresh},
    settings::Settings,
    spacing,
    table::Table,
};
use crate::Error;

/// The way of every step; nothing is remembered between them.
#[derive(Debug, Clone)]
pub(super) struct Ddim(Vec<Move>);

#[derive(Debug, Clone, Copy)]
struct Move {
    /// Weight of the clean picture.
    clean: f64,
    /// Weight of the noise that the network found.
    found: f64,
    /// Weight of fresh noise.
    fresh: f64,
}

impl Ddim {
    /// Equal strides through the timesteps. The stride is the leading one whatever the spacing, as in diffusers.
    ///
    /// # Errors
    /// As [`spacing::timesteps`].
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let timesteps = spacing::timesteps(settings, steps)?;
        let stride = settings.train_steps / steps;
        let last = if settings.alpha_to_one { 1.0 } else { table.at(0) };
        let way = |timestep: &f64| {
            let timestep = *timestep as usize;
            let (from, to) = (table.at(timestep), timestep.checked_sub(stride).map_or(last, |t| table.at(t)));
            let variance = (1.0 - to) / (1.0 - from) * (1.0 - from / to);
            let fresh = settings.eta * variance.max(0.0).sqrt();
            Move { clean: to.sqrt(), found: (1.0 - to - fresh * fresh).max(0.0).sqrt(), fresh }
        };
        let moves = timesteps.iter().map(way).collect();
        let levels = timesteps.iter().map(|t| Level::of_share(table.at(*t as usize))).collect();
        Ok((Schedule { timesteps, levels, initial_scale: 1.0 }, Self(moves)))
    }

    pub(super) fn step(&self, call: &Call<'_>, latents: &mut [f32], fresh: Fresh<'_>) {
        let way = self.0[call.index];
        for ((latent, output), clean) in latents.iter_mut().zip(call.output).zip(call.clean) {
            let found = call.prediction.noise(call.level, f64::from(*latent), f64::from(*output));
            *latent = (way.clean * f64::from(*clean) + way.found * found) as f32;
        }
        add_fresh(latents, way.fresh, fresh);
    }
}
