//! What solvers over the logarithm of the signal-to-noise ratio share: their noise levels and their memory.

use std::collections::VecDeque;

use super::{
    SamplerKind,
    config::refuse,
    prediction::Level,
    schedule::Schedule,
    settings::{Betas, Settings, Sigmas},
    sigmas::{distribute, interpolate, logarithms, timestep_of},
    spacing,
    table::Table,
};
use crate::Error;

/// The calls of a run, and the noise level before every step and after the last.
///
/// # Errors
/// When the noise would not fall in every step but the last, on which these methods divide by how much it fell.
pub(super) fn levels(
    settings: &Settings,
    table: &Table,
    steps: usize,
) -> Result<(Schedule, Vec<Level>), Error> {
    let known = table.sigmas();
    let usable = usable(settings, table);
    let (timesteps, sigmas) = if settings.sigmas == Sigmas::Schedule {
        let timesteps = spacing::multistep_timesteps(settings, usable, steps)?;
        let sigmas = timesteps.iter().map(|t| interpolate(&known, *t)).collect();
        (timesteps, sigmas)
    } else {
        let sigmas = distribute(settings, known[known.len() - 1], known[0], steps)?;
        let logarithms = logarithms(&known);
        let timesteps =
            sigmas.iter().map(|sigma| whole(settings, timestep_of(&logarithms, *sigma))).collect();
        (timesteps, sigmas)
    };
    // A schedule that does not start at the last timestep may have room for fewer.
    let steps = sigmas.len();
    let end = match (settings.final_zero, settings.kind, settings.sigmas, sigmas.last()) {
        (true, ..) => 0.0,
        (false, SamplerKind::UniPc, Sigmas::Karras | Sigmas::Exponential, Some(last)) => *last,
        (false, ..) => known[0],
    };
    let sigmas: Vec<f64> = sigmas.into_iter().chain([end]).map(|sigma| f64::from(sigma as f32)).collect();
    let falls = sigmas
        .windows(2)
        .enumerate()
        .all(|(i, pair)| pair[0] > pair[1] || (i + 1 == steps && pair[0] == pair[1]));
    if !falls {
        return Err(refuse(
            "its noise levels do not fall from step to step; take fewer steps, or remove sigma_min and sigma_max",
        ));
    }
    let levels: Vec<Level> = sigmas.into_iter().map(Level::preserving).collect();
    let before = levels[..steps].to_vec();
    Ok((Schedule { timesteps, levels: before, initial_scale: 1.0 }, levels))
}

/// How many of training's timesteps have a signal that the solver is allowed to start from.
fn usable(settings: &Settings, table: &Table) -> usize {
    if settings.kind == SamplerKind::UniPc {
        return table.len();
    }
    let allowed = |timestep: &usize| Level::of_share(table.at(*timestep)).log_ratio() >= settings.lambda_min;
    (0..table.len()).filter(allowed).count()
}

/// The whole timestep that the network is told for a noise level between two.
fn whole(settings: &Settings, timestep: f64) -> f64 {
    let cut = settings.sigmas == Sigmas::Exponential
        || (settings.kind != SamplerKind::UniPc && settings.betas == Betas::Cosine);
    if cut { timestep.trunc() } else { timestep.round_ties_even() }
}

/// The newest clean pictures, for a method of some order.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    order: usize,
    newest_first: VecDeque<Vec<f32>>,
}

impl Memory {
    pub(super) const fn new(order: usize) -> Self {
        Self { order, newest_first: VecDeque::new() }
    }

    pub(super) fn push(&mut self, clean: &[f32]) {
        self.newest_first.truncate(self.order.saturating_sub(1));
        self.newest_first.push_front(clean.to_vec());
    }

    /// How many are remembered, at most the order.
    pub(super) fn len(&self) -> usize {
        self.newest_first.len()
    }

    /// Element `index` of the picture `age` calls ago.
    pub(super) fn at(&self, age: usize, index: usize) -> f64 {
        f64::from(self.newest_first[age][index])
    }
}
