//! Trajectory consistency distillation: Zheng et al. 2024 (arXiv 2402.19159), algorithm 4. The network jumps along
//! its trajectory to a point before the next timestep, and fresh noise leads back to that.

use super::{
    consistency,
    prediction::Level,
    schedule::{Call, Fresh, Schedule, add_fresh},
    settings::Settings,
    table::Table,
};
use crate::Error;

/// The way of every step.
#[derive(Debug, Clone)]
pub(super) struct Tcd(Vec<Move>);

#[derive(Debug, Clone, Copy)]
struct Move {
    /// Where the network jumps to.
    jump: Level,
    /// What is kept of that.
    kept: f64,
    /// Weight of fresh noise.
    fresh: f64,
}

impl Tcd {
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let timesteps = consistency::timesteps(settings, steps)?;
        let way = |index: usize| {
            let next = timesteps.get(index + 1).copied();
            // In f32, as in diffusers: 0.7 of 10 is 7 there.
            let before = ((1.0 - settings.eta) as f32 * next.unwrap_or(0) as f32).floor() as usize;
            let jump = Level::of_share(table.at(before));
            match next {
                Some(next) if settings.eta > 0.0 => {
                    let kept = table.at(next) / table.at(before);
                    Move { jump, kept: kept.sqrt(), fresh: (1.0 - kept).max(0.0).sqrt() }
                }
                _ => Move { jump, kept: 1.0, fresh: 0.0 },
            }
        };
        let moves = (0..steps).map(way).collect();
        let levels = timesteps.iter().map(|t| Level::of_share(table.at(*t))).collect();
        let timesteps = timesteps.into_iter().map(|t| t as f64).collect();
        Ok((Schedule { timesteps, levels, initial_scale: 1.0 }, Self(moves)))
    }

    pub(super) fn step(&self, call: &Call<'_>, latents: &mut [f32], fresh: Fresh<'_>) {
        let way = self.0[call.index];
        for ((latent, output), clean) in latents.iter_mut().zip(call.output).zip(call.clean) {
            let found = call.prediction.noise(call.level, f64::from(*latent), f64::from(*output));
            let jumped = way.jump.signal * f64::from(*clean) + way.jump.noise * found;
            *latent = (way.kept * jumped) as f32;
        }
        add_fresh(latents, way.fresh, fresh);
    }
}
