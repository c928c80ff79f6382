//! The calls of a run: when each is made, and how noisy the latents are then.

use super::prediction::{Level, Prediction};

/// A whole run, before any of its steps are skipped. Both lists are as long.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Schedule {
    /// The timestep that the network is told in each call.
    pub(super) timesteps: Vec<f64>,
    /// The noise in the latents that each call is given.
    pub(super) levels: Vec<Level>,
    /// What noise of unit variance is multiplied with to become the first latents.
    pub(super) initial_scale: f64,
}

impl Schedule {
    /// The noise in the latents that call `index` is given; after the last call there is none.
    pub(super) fn level(&self, index: usize) -> Level {
        self.levels.get(index).copied().unwrap_or(Level::CLEAN)
    }

    /// How many calls there are.
    pub(super) fn len(&self) -> usize {
        self.timesteps.len()
    }
}

/// One answered call, as a solver sees it. All slices are as long as the latents.
pub(super) struct Call<'a> {
    /// Which of the whole run's calls this is.
    pub(super) index: usize,
    /// The timestep that the network was told.
    pub(super) timestep: f64,
    /// The noise in the latents that it was given.
    pub(super) level: Level,
    /// What it was trained to answer.
    pub(super) prediction: Prediction,
    /// The network's answer.
    pub(super) output: &'a [f32],
    /// The clean picture by that answer.
    pub(super) clean: &'a [f32],
}

/// Where fresh noise of unit variance comes from.
pub(super) type Fresh<'a> = &'a mut dyn FnMut(&mut [f32]);

/// Adds `weight` times fresh noise, which is asked for unless the weight is zero.
pub(super) fn add_fresh(latents: &mut [f32], weight: f64, fresh: Fresh<'_>) {
    if weight == 0.0 {
        return;
    }
    let mut noise = vec![0.0; latents.len()];
    fresh(&mut noise);
    for (latent, noise) in latents.iter_mut().zip(&noise) {
        *latent = (f64::from(*latent) + weight * f64::from(*noise)) as f32;
    }
}
