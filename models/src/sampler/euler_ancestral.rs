//! Euler's method that goes too far in every step and returns with fresh noise, as k-diffusion has it.

use super::{
    euler::advance,
    exploding::Steps,
    schedule::{Call, Fresh, Schedule, add_fresh},
    settings::Settings,
    table::Table,
};
use crate::Error;

/// The way of every step.
#[derive(Debug, Clone)]
pub(super) struct EulerAncestral(Vec<Move>);

#[derive(Debug, Clone, Copy)]
struct Move {
    /// The noise level to go to.
    down: f64,
    /// How much fresh noise leads to where the next step starts.
    up: f64,
}

impl EulerAncestral {
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let run = Steps::new(settings, table, steps, false)?;
        let way = |(from, to): (&f64, f64)| {
            let up = (to * to * (from * from - to * to).max(0.0) / (from * from)).sqrt();
            Move { down: (to * to - up * up).max(0.0).sqrt(), up }
        };
        let targets = run.sigmas.iter().skip(1).copied().chain([0.0]);
        let moves = run.sigmas.iter().zip(targets).map(way).collect();
        Ok((run.schedule(settings), Self(moves)))
    }

    pub(super) fn step(&self, call: &Call<'_>, latents: &mut [f32], fresh: Fresh<'_>) {
        let way = self.0[call.index];
        advance(call, latents, way.down);
        add_fresh(latents, way.up, fresh);
    }
}
