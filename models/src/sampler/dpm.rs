//! DPM-Solver++ as a multistep method, of the ordinary and of the stochastic differential equation: Lu et al. 2022
//! (arXiv 2211.01095), algorithm 2 and appendix B; third order as in diffusers.

use super::{
    SamplerKind,
    multistep::{Memory, levels},
    prediction::Level,
    schedule::{Call, Fresh, Schedule, add_fresh},
    settings::{Settings, Variant},
    table::Table,
};
use crate::Error;

/// Below this many steps the last ones are of lower order, because they would swing.
const FEW_STEPS: usize = 15;

/// What is remembered between calls.
#[derive(Debug, Clone)]
pub(super) struct Dpm {
    /// Before every step, and after the last.
    levels: Vec<Level>,
    stochastic: bool,
    variant: Variant,
    order: usize,
    /// Whether the last step, and the last but one, are of lower order.
    euler_last: bool,
    second_before_last: bool,
    memory: Memory,
}

/// The weights of one step.
struct Weights {
    latents: f64,
    /// Of the clean picture, and of its first and second derivative.
    clean: f64,
    slope: f64,
    bend: f64,
    fresh: f64,
}

impl Dpm {
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let (schedule, levels) = levels(settings, table, steps)?;
        let lowered = settings.lower_order_final && schedule.len() < FEW_STEPS;
        let solver = Self {
            levels,
            stochastic: settings.kind == SamplerKind::Dpm2mSde,
            variant: settings.variant,
            order: settings.order,
            euler_last: settings.euler_at_final || lowered || settings.final_zero,
            second_before_last: lowered,
            memory: Memory::new(settings.order),
        };
        Ok((schedule, solver))
    }

    pub(super) fn step(&mut self, call: &Call<'_>, latents: &mut [f32], fresh: Fresh<'_>) {
        self.memory.push(call.clean);
        let (now, lambda) = (call.index, |back: usize| self.levels[call.index - back].log_ratio());
        let h = self.levels[now + 1].log_ratio() - lambda(0);
        if h == 0.0 {
            return;
        }
        let order = self.order_of(now);
        let weights = self.weights(now, h, order);
        // Distances to the calls before, in steps.
        let first = if order > 1 { (lambda(0) - lambda(1)) / h } else { 1.0 };
        let second = if order > 2 { (lambda(1) - lambda(2)) / h } else { 1.0 };
        for (index, latent) in latents.iter_mut().enumerate() {
            let clean = |age: usize| self.memory.at(age, index);
            let (slope, bend) = match order {
                1 => (0.0, 0.0),
                2 => ((clean(0) - clean(1)) / first, 0.0),
                _ => {
                    let (near, far) = ((clean(0) - clean(1)) / first, (clean(1) - clean(2)) / second);
                    let bend = (near - far) / (first + second);
                    (near + first * bend, bend)
                }
            };
            *latent = (weights.latents * f64::from(*latent)
                + weights.clean * clean(0)
                + weights.slope * slope
                + weights.bend * bend) as f32;
        }
        add_fresh(latents, weights.fresh, fresh);
    }

    fn order_of(&self, index: usize) -> usize {
        let steps = self.levels.len() - 1;
        let known = self.order.min(self.memory.len());
        match steps - index {
            1 if self.euler_last => 1,
            2 if self.second_before_last => known.min(2),
            _ => known,
        }
    }

    /// `h` is the growth of the logarithm of the signal-to-noise ratio: not zero, infinite when the step ends clean.
    fn weights(&self, index: usize, h: f64, order: usize) -> Weights {
        let (from, to) = (self.levels[index], self.levels[index + 1]);
        // The stochastic equation removes noise twice as fast and puts half of it back.
        let speed = if self.stochastic { 2.0 } else { 1.0 };
        let decay = (-speed * h).exp_m1();
        let clean = -to.signal * decay;
        let back = if self.stochastic { (-h).exp() } else { 1.0 };
        Weights {
            latents: to.noise / from.noise * back,
            clean,
            slope: match (order, self.variant) {
                (1, _) => 0.0,
                (2, Variant::Midpoint) => clean / 2.0,
                _ => to.signal * (decay / (speed * h) + 1.0),
            },
            // Only steps of first order end clean, and are infinite.
            bend: if order < 3 { 0.0 } else { -to.signal * ((decay + h) / (h * h) - 0.5) },
            fresh: if self.stochastic { to.noise * (-decay).sqrt() } else { 0.0 },
        }
    }
}
