//! Latent consistency models: Luo et al. 2023 (arXiv 2310.04378), algorithm 3. The network jumps to the clean
//! picture, which is put under fresh noise again for the next jump.

use super::{
    consistency,
    prediction::Level,
    schedule::{Call, Fresh, Schedule, add_fresh},
    settings::Settings,
    table::Table,
};
use crate::Error;

/// The standard deviation of pictures that the boundary condition presumes.
const DATA_DEVIATION: f64 = 0.5;

/// The way of every step.
#[derive(Debug, Clone)]
pub(super) struct Lcm(Vec<Move>);

#[derive(Debug, Clone, Copy)]
struct Move {
    /// Weight of the clean picture in the consistency function's value.
    out: f64,
    /// Weight of the latents in it: one at timestep zero, where nothing is left to do.
    skip: f64,
    /// Where to go from there.
    to: Level,
}

impl Lcm {
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let timesteps = consistency::timesteps(settings, steps)?;
        let levels: Vec<Level> = timesteps.iter().map(|t| Level::of_share(table.at(*t))).collect();
        let targets = levels.iter().skip(1).copied().chain([Level::CLEAN]);
        let way = |(timestep, to): (&usize, Level)| {
            let scaled = *timestep as f64 * settings.timestep_scaling;
            let both = scaled.hypot(DATA_DEVIATION);
            Move { out: scaled / both, skip: (DATA_DEVIATION / both).powi(2), to }
        };
        let moves = timesteps.iter().zip(targets).map(way).collect();
        let timesteps = timesteps.into_iter().map(|t| t as f64).collect();
        Ok((Schedule { timesteps, levels, initial_scale: 1.0 }, Self(moves)))
    }

    pub(super) fn step(&self, call: &Call<'_>, latents: &mut [f32], fresh: Fresh<'_>) {
        let way = self.0[call.index];
        for (latent, clean) in latents.iter_mut().zip(call.clean) {
            let value = way.out * f64::from(*clean) + way.skip * f64::from(*latent);
            *latent = (way.to.signal * value) as f32;
        }
        add_fresh(latents, way.to.noise, fresh);
    }
}
