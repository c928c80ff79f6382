//! Pseudo numerical methods: Liu et al. 2022 (arXiv 2202.09778). A linear multistep method (PLMS) over what the last
//! four calls found, started either by asking twice in the first step, or by three pseudo Runge-Kutta steps of four
//! calls each (PRK).

use std::collections::VecDeque;

use super::{
    prediction::{Level, Prediction},
    schedule::{Call, Schedule},
    settings::Settings,
    spacing,
    table::Table,
};
use crate::Error;

/// Calls of the three Runge-Kutta steps.
const PRK_CALLS: usize = 12;

/// What is remembered between calls.
#[derive(Debug, Clone)]
pub(super) struct Pndm {
    table: Table,
    /// The share of the clean picture after the last step.
    last: f64,
    stride: usize,
    /// The timesteps of the Runge-Kutta calls; none when they are skipped.
    prk: Vec<usize>,
    /// Calls answered so far.
    calls: usize,
    /// The newest four answers, the newest first.
    answers: VecDeque<Vec<f32>>,
    /// Where the Runge-Kutta step, or the step that asks twice, started.
    start: Vec<f32>,
    /// The weighted sum of a Runge-Kutta step's answers.
    sum: Vec<f64>,
}

impl Pndm {
    /// # Errors
    /// As [`spacing::timesteps`], and [`Error::Invalid`] for fewer than four steps with Runge-Kutta.
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        let falling: Vec<usize> =
            spacing::timesteps(settings, steps)?.into_iter().map(|t| t as usize).collect();
        let stride = settings.train_steps / steps;
        let prk = if settings.skip_prk { Vec::new() } else { prk_timesteps(&falling, stride / 2)? };
        let plms = if settings.skip_prk {
            // The second timestep is asked twice: its first answer corrects the first step.
            let twice = falling.get(1).copied();
            falling.iter().take(1).copied().chain(twice).chain(falling.iter().skip(1).copied()).collect()
        } else {
            falling.into_iter().skip(3).collect::<Vec<_>>()
        };
        let timesteps: Vec<usize> = prk.iter().copied().chain(plms).collect();
        let levels = timesteps.iter().map(|t| Level::of_share(table.at(*t))).collect();
        let timesteps = timesteps.into_iter().map(|t| t as f64).collect();
        let solver = Self {
            table: table.clone(),
            last: if settings.alpha_to_one { 1.0 } else { table.at(0) },
            stride,
            prk,
            calls: 0,
            answers: VecDeque::new(),
            start: Vec::new(),
            sum: Vec::new(),
        };
        Ok((Schedule { timesteps, levels, initial_scale: 1.0 }, solver))
    }

    pub(super) fn step(&mut self, call: &Call<'_>, latents: &mut [f32]) {
        if self.calls < self.prk.len() {
            self.step_prk(call, latents);
        } else {
            self.step_plms(call, latents);
        }
        self.calls += 1;
    }

    fn step_prk(&mut self, call: &Call<'_>, latents: &mut [f32]) {
        let part = self.calls % 4;
        let back = if part % 2 == 1 { 0 } else { self.stride / 2 };
        let target = (call.timestep as usize).checked_sub(back);
        let source = self.prk[self.calls - part];
        if part == 0 {
            self.remember(call.output);
            self.start = latents.to_vec();
            self.sum = vec![0.0; latents.len()];
        }
        let weight = if part == 0 || part == 3 { 1.0 / 6.0 } else { 1.0 / 3.0 };
        for (sum, output) in self.sum.iter_mut().zip(call.output) {
            *sum += weight * f64::from(*output);
        }
        let way = self.way(call.prediction, source, target);
        for (index, latent) in latents.iter_mut().enumerate() {
            let output = if part == 3 { self.sum[index] } else { f64::from(call.output[index]) };
            *latent = way.go(f64::from(self.start[index]), output);
        }
    }

    fn step_plms(&mut self, call: &Call<'_>, latents: &mut [f32]) {
        let timestep = call.timestep as usize;
        // The second call asks about the end of the first step, which is then made again from its start.
        let again = self.calls == 1;
        let (source, target) = if again {
            (timestep + self.stride, Some(timestep))
        } else {
            (timestep, timestep.checked_sub(self.stride))
        };
        if again {
            latents.copy_from_slice(&self.start);
        } else {
            self.remember(call.output);
        }
        if self.calls == 0 {
            self.start = latents.to_vec();
        }
        let way = self.way(call.prediction, source, target);
        for (index, latent) in latents.iter_mut().enumerate() {
            let answer = |age: usize| f64::from(self.answers[age][index]);
            let output = match self.answers.len() {
                1 if again => (f64::from(call.output[index]) + answer(0)) / 2.0,
                1 => answer(0),
                2 => (3.0 * answer(0) - answer(1)) / 2.0,
                3 => (23.0 * answer(0) - 16.0 * answer(1) + 5.0 * answer(2)) / 12.0,
                _ => (55.0 * answer(0) - 59.0 * answer(1) + 37.0 * answer(2) - 9.0 * answer(3)) / 24.0,
            };
            *latent = way.go(f64::from(*latent), output);
        }
    }

    fn remember(&mut self, output: &[f32]) {
        self.answers.truncate(3);
        self.answers.push_front(output.to_vec());
    }

    /// The transfer of the paper's equation 11; no target is the end.
    fn way(&self, prediction: Prediction, source: usize, target: Option<usize>) -> Transfer {
        let (from, to) = (self.table.at(source), target.map_or(self.last, |t| self.table.at(t)));
        let part = from * (1.0 - to).max(0.0).sqrt() + (from * (1.0 - from) * to).sqrt();
        Transfer {
            prediction,
            source: Level::of_share(from),
            kept: (to / from).sqrt(),
            removed: (to - from) / part,
        }
    }
}

/// A move between two timesteps.
struct Transfer {
    prediction: Prediction,
    source: Level,
    /// Weight of the latents.
    kept: f64,
    /// Weight of the noise taken out.
    removed: f64,
}

impl Transfer {
    fn go(&self, latents: f64, output: f64) -> f32 {
        let noise = self.prediction.noise(self.source, latents, output);
        (self.kept * latents - self.removed * noise) as f32
    }
}

/// Four calls for each of the first three steps: at its start, twice in its middle, and at its end.
fn prk_timesteps(falling: &[usize], half: usize) -> Result<Vec<usize>, Error> {
    if falling.len() < 4 {
        let problem = "pndm with Runge-Kutta (skip_prk_steps = false) takes at least 4 steps".to_owned();
        return Err(Error::Invalid { field: "steps", problem });
    }
    let calls =
        falling.windows(2).take(3).flat_map(|pair| [pair[0], pair[1] + half, pair[1] + half, pair[1]]);
    Ok(calls.take(PRK_CALLS).collect())
}
