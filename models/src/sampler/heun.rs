//! Heun's method: Karras et al. 2022 (arXiv 2206.00364), algorithm 1. Every step but the last asks the network
//! twice: where it starts, and where Euler's method would end.

use super::{
    euler::advance,
    exploding::Steps,
    prediction::Level,
    schedule::{Call, Schedule},
    settings::Settings,
    table::Table,
};
use crate::Error;

/// Where the step in progress started.
#[derive(Debug, Clone)]
pub(super) struct Heun {
    /// The noise level before every step, and that after the last.
    sigmas: Vec<f64>,
    start: Vec<f32>,
    slope: Vec<f64>,
}

impl Heun {
    /// Calls per step, the last excepted: what a run that starts later skips in one piece.
    pub(super) const CALLS: usize = 2;

    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let run = Steps::new(settings, table, steps, true)?;
        // The first timestep is asked once, every later one at the end of a step and at the start of the next.
        let twice =
            |all: &[f64]| -> Vec<f64> { all.iter().flat_map(|one| [*one; Self::CALLS]).skip(1).collect() };
        let schedule = Schedule {
            timesteps: twice(&run.timesteps),
            levels: twice(&run.sigmas).into_iter().map(Level::exploding).collect(),
            initial_scale: run.initial_scale(settings),
        };
        let sigmas = run.sigmas.into_iter().chain([0.0]).collect();
        Ok((schedule, Self { sigmas, start: Vec::new(), slope: Vec::new() }))
    }

    pub(super) fn step(&mut self, call: &Call<'_>, latents: &mut [f32]) {
        let (step, second) = (call.index / Self::CALLS, call.index % Self::CALLS == 1);
        let (from, to) = (self.sigmas[step], self.sigmas[step + 1]);
        if second {
            let before = self.start.iter().zip(&self.slope);
            for ((latent, clean), (start, slope)) in latents.iter_mut().zip(call.clean).zip(before) {
                let here = (f64::from(*latent) - f64::from(*clean)) / to;
                *latent = (f64::from(*start) + (slope + here) / 2.0 * (to - from)) as f32;
            }
        } else {
            let slope = |(now, clean): (&f32, &f32)| (f64::from(*now) - f64::from(*clean)) / from;
            self.slope = latents.iter().zip(call.clean).map(slope).collect();
            self.start = latents.to_vec();
            advance(call, latents, to);
        }
    }
}
