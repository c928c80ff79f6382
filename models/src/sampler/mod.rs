//! Samplers: how noise becomes a picture, one call of the network at a time.
//!
//! Everything here is arithmetic on slices: no network, no randomness of its own, no clock. The numbers are those of
//! the schedulers of diffusers, against which the tests compare every step. Coefficients are counted in f64 from
//! tables that are rounded where diffusers rounds them; latents are f32.
//!
//! A run goes like this:
//!
//! ```text
//! latents = noise · initial_scale()                  or, from a picture,  add_noise(picture, noise)
//! until is_done():
//!     output = network(scale_input(latents), timestep())
//!     step(output, latents, noise)
//! ```

mod config;
mod consistency;
mod ddim;
mod dpm;
mod euler;
mod euler_ancestral;
mod exploding;
mod guidance;
mod heun;
mod kind;
mod lcm;
mod multistep;
mod noise;
mod pndm;
mod prediction;
mod schedule;
mod settings;
mod sigmas;
mod spacing;
mod table;
mod tcd;
#[cfg(test)]
mod tests;
mod unipc;

pub use self::{
    config::SchedulerConfig,
    guidance::{guide, rescale},
    kind::SamplerKind,
    noise::Noise,
};
use self::{
    config::refuse,
    ddim::Ddim,
    dpm::Dpm,
    euler::Euler,
    euler_ancestral::EulerAncestral,
    heun::Heun,
    lcm::Lcm,
    pndm::Pndm,
    prediction::Prediction,
    schedule::{Call, Fresh, Schedule},
    settings::Settings,
    table::Table,
    tcd::Tcd,
    unipc::UniPc,
};
use crate::Error;

/// The most steps of a run.
pub const MOST_STEPS: u32 = 1000;

/// One run over one latent. It is a value: a copy goes on independently.
#[derive(Debug, Clone)]
pub struct Sampler {
    schedule: Schedule,
    prediction: Prediction,
    clip: Option<f64>,
    solver: Solver,
    /// The first call of this run: those before it were skipped.
    begin: usize,
    /// Calls answered in this run.
    index: usize,
    clean: Vec<f32>,
}

#[derive(Debug, Clone)]
enum Solver {
    Ddim(Ddim),
    Pndm(Pndm),
    Euler(Euler),
    EulerAncestral(EulerAncestral),
    Heun(Heun),
    Dpm(Dpm),
    UniPc(UniPc),
    Lcm(Lcm),
    Tcd(Tcd),
}

impl Sampler {
    /// A run of `steps` steps, 1 to [`MOST_STEPS`], that starts from noise alone.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a number of steps that the sampler cannot make with this noise schedule, and
    /// [`Error::Checkpoint`] for a configuration that it cannot use.
    pub fn new(config: &SchedulerConfig, steps: u32) -> Result<Self, Error> {
        Self::from_strength(config, steps, 1.0)
    }

    /// A run of the last `strength` (above 0, up to 1) of `steps` steps, which starts from a picture under noise.
    ///
    /// # Errors
    /// As [`Self::new`], and [`Error::Invalid`] for a strength out of range or one that leaves no step.
    pub fn from_strength(config: &SchedulerConfig, steps: u32, strength: f64) -> Result<Self, Error> {
        let settings = Settings::resolve(config)?;
        let count = checked_steps(&settings, steps)?;
        let skipped = count - kept_steps(count, strength)?;
        let (schedule, solver) = Solver::new(&settings, count)?;
        if skipped > 0 && settings.kind == SamplerKind::Pndm && !settings.skip_prk {
            return Err(refuse(
                "pndm with skip_prk_steps = false cannot start from a picture; choose another sampler",
            ));
        }
        let begin = if settings.kind == SamplerKind::Heun { skipped * Heun::CALLS } else { skipped };
        if begin >= schedule.len() {
            return Err(no_step(count, strength));
        }
        // Noise says nothing about a picture of which nothing is left.
        if settings.prediction == Prediction::Noise && schedule.level(begin).signal <= 0.0 {
            let kind = settings.kind;
            return Err(refuse(format!(
                "{kind} cannot start from pure noise (rescale_betas_zero_snr) with prediction_type epsilon; choose euler"
            )));
        }
        let (prediction, clip) = (settings.prediction, settings.clip);
        Ok(Self { schedule, prediction, clip, solver, begin, index: 0, clean: Vec::new() })
    }

    /// The timestep of every call of this run, the first first, in timesteps of training (0 is the least noise).
    /// There may be more calls than steps: twice less one with Heun, one more with PNDM.
    #[must_use]
    pub fn timesteps(&self) -> &[f64] {
        &self.schedule.timesteps[self.begin..]
    }

    /// How many calls have been answered.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Whether every call has been answered.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.begin + self.index >= self.schedule.len()
    }

    /// The timestep of the next call; zero when none is left.
    #[must_use]
    pub fn timestep(&self) -> f64 {
        self.timesteps().get(self.index).copied().unwrap_or(0.0)
    }

    /// What noise of unit variance is multiplied with to become the first latents: "init_noise_sigma".
    #[must_use]
    pub const fn initial_scale(&self) -> f64 {
        self.schedule.initial_scale
    }

    /// Latents as the network expects them in the next call: of about unit variance.
    #[must_use]
    pub fn scale_input(&self, latents: &[f32]) -> Vec<f32> {
        let deviation = self.schedule.level(self.begin + self.index).deviation();
        latents.iter().map(|latent| (f64::from(*latent) / deviation) as f32).collect()
    }

    /// The latents of a clean picture under as much of `noise` (of unit variance) as this run starts with.
    #[must_use]
    pub fn add_noise(&self, clean: &[f32], noise: &[f32]) -> Vec<f32> {
        self.schedule.level(self.begin).mix(clean, noise)
    }

    /// The latents of a clean picture under as much of `noise` as is left after call `index` of this run (0 is the
    /// first); after the last it is the clean picture itself.
    #[must_use]
    pub fn add_noise_at(&self, index: usize, clean: &[f32], noise: &[f32]) -> Vec<f32> {
        let next = self.begin.saturating_add(index).saturating_add(1);
        self.schedule.level(next).mix(clean, noise)
    }

    /// Takes the network's answer to the next call and moves `latents` to where the call after it is made. Stochastic
    /// samplers fill at most one slice of the latents' length from `noise`, which is standard normal.
    ///
    /// After the last call nothing happens.
    ///
    /// # Panics
    /// When the slices' lengths differ from each other, or from the lengths of the call before: a defect of the caller.
    pub fn step(&mut self, output: &[f32], latents: &mut [f32], noise: &mut dyn FnMut(&mut [f32])) {
        if self.is_done() {
            return;
        }
        assert_eq!(output.len(), latents.len(), "the network's answer is as long as the latents");
        assert!(
            self.index == 0 || self.clean.len() == latents.len(),
            "latents keep their length during a run"
        );
        let index = self.begin + self.index;
        let level = self.schedule.level(index);
        let mut clean = std::mem::take(&mut self.clean);
        clean.clear();
        clean.extend(latents.iter().zip(output).map(|(latent, output)| {
            let clean = self.prediction.clean(level, f64::from(*latent), f64::from(*output));
            self.clip.map_or(clean, |range| clean.clamp(-range, range)) as f32
        }));
        let (timestep, prediction) = (self.schedule.timesteps[index], self.prediction);
        self.solver.step(&Call { index, timestep, level, prediction, output, clean: &clean }, latents, noise);
        self.clean = clean;
        self.index += 1;
    }

    /// The clean picture by the last answer, for previews; empty before the first.
    #[must_use]
    pub fn predicted_clean(&self) -> &[f32] {
        &self.clean
    }
}

impl Solver {
    fn new(settings: &Settings, steps: usize) -> Result<(Schedule, Self), Error> {
        let table = Table::new(settings)?;
        let counted_in_levels = || table.clone().never_zero();
        Ok(match settings.kind {
            SamplerKind::Ddim => with(Ddim::new(settings, &table, steps)?, Self::Ddim),
            SamplerKind::Pndm => with(Pndm::new(settings, &table, steps)?, Self::Pndm),
            SamplerKind::Euler => with(Euler::new(settings, &counted_in_levels(), steps)?, Self::Euler),
            SamplerKind::EulerAncestral => {
                with(EulerAncestral::new(settings, &counted_in_levels(), steps)?, Self::EulerAncestral)
            }
            SamplerKind::Heun => with(Heun::new(settings, &counted_in_levels(), steps)?, Self::Heun),
            SamplerKind::Dpm2m | SamplerKind::Dpm2mSde => {
                with(Dpm::new(settings, &counted_in_levels(), steps)?, Self::Dpm)
            }
            SamplerKind::UniPc => with(UniPc::new(settings, &counted_in_levels(), steps)?, Self::UniPc),
            SamplerKind::Lcm => with(Lcm::new(settings, &table, steps)?, Self::Lcm),
            SamplerKind::Tcd => with(Tcd::new(settings, &table, steps)?, Self::Tcd),
        })
    }

    fn step(&mut self, call: &Call<'_>, latents: &mut [f32], fresh: Fresh<'_>) {
        match self {
            Self::Ddim(solver) => solver.step(call, latents, fresh),
            Self::Pndm(solver) => solver.step(call, latents),
            Self::Euler(solver) => solver.step(call, latents),
            Self::EulerAncestral(solver) => solver.step(call, latents, fresh),
            Self::Heun(solver) => solver.step(call, latents),
            Self::Dpm(solver) => solver.step(call, latents, fresh),
            Self::UniPc(solver) => solver.step(call, latents),
            Self::Lcm(solver) => solver.step(call, latents, fresh),
            Self::Tcd(solver) => solver.step(call, latents, fresh),
        }
    }
}

fn with<T>((schedule, solver): (Schedule, T), wrap: fn(T) -> Solver) -> (Schedule, Solver) {
    (schedule, wrap(solver))
}

fn checked_steps(settings: &Settings, steps: u32) -> Result<usize, Error> {
    let most = settings.train_steps.min(MOST_STEPS as usize);
    let count = steps as usize;
    if (1..=most).contains(&count) {
        return Ok(count);
    }
    Err(Error::Invalid { field: "steps", problem: format!("{steps} is not between 1 and {most}") })
}

fn kept_steps(steps: usize, strength: f64) -> Result<usize, Error> {
    if !(strength > 0.0 && strength <= 1.0) {
        let problem = format!("{strength} is not above 0 and at most 1");
        return Err(Error::Invalid { field: "strength", problem });
    }
    let kept = ((steps as f64 * strength) as usize).min(steps);
    if kept == 0 {
        return Err(no_step(steps, strength));
    }
    Ok(kept)
}

fn no_step(steps: usize, strength: f64) -> Error {
    let problem = format!("{strength} of {steps} steps leaves none; raise the strength or the steps");
    Error::Invalid { field: "strength", problem }
}
