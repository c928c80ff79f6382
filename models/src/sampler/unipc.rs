//! UniPC: Zhao et al. 2023 (arXiv 2302.04867), algorithms 1 and 2, predicting the clean picture. Every answer first
//! corrects the step that led to it, then predicts the next.

use super::{
    config::refuse,
    multistep::{Memory, levels},
    prediction::Level,
    schedule::{Call, Schedule},
    settings::{Settings, Variant},
    table::Table,
};
use crate::Error;

/// What is remembered between calls.
#[derive(Debug, Clone)]
pub(super) struct UniPc {
    /// Before every step, and after the last.
    levels: Vec<Level>,
    variant: Variant,
    order: usize,
    lower_order_final: bool,
    uncorrected: Vec<u64>,
    memory: Memory,
    /// Where the last step started, and of which order it was; none before the first.
    last: Option<(Vec<f32>, usize)>,
}

/// The growth of the logarithm of the signal-to-noise ratio in a step, and the points before it in units of that.
struct Points {
    h: f64,
    ratios: Vec<f64>,
}

impl UniPc {
    /// # Errors
    /// As [`levels`], and [`Error::Checkpoint`] when the last step would extrapolate to an infinite ratio.
    pub(super) fn new(settings: &Settings, table: &Table, steps: usize) -> Result<(Schedule, Self), Error> {
        if settings.final_zero && !settings.lower_order_final && settings.order > 1 {
            return Err(refuse(
                "unipc ends in no noise only with lower_order_final = true, or final_sigmas_type = sigma_min",
            ));
        }
        let (schedule, levels) = levels(settings, table, steps)?;
        let solver = Self {
            levels,
            variant: settings.variant,
            order: settings.order,
            lower_order_final: settings.lower_order_final,
            uncorrected: settings.uncorrected.clone(),
            memory: Memory::new(settings.order),
            last: None,
        };
        Ok((schedule, solver))
    }

    pub(super) fn step(&mut self, call: &Call<'_>, latents: &mut [f32]) {
        let now = call.index;
        if let Some((start, order)) = self.last.take()
            && !self.uncorrected.contains(&(now as u64 - 1))
        {
            latents.copy_from_slice(&start);
            self.correct(now, order, call.clean, latents);
        }
        self.memory.push(call.clean);
        let left = self.levels.len() - 1 - now;
        let wanted = if self.lower_order_final { self.order.min(left) } else { self.order };
        let order = wanted.min(self.memory.len());
        self.last = Some((latents.to_vec(), order));
        self.predict(now, order, latents);
    }

    /// From `latents` at call `now` to the next.
    fn predict(&self, now: usize, order: usize, latents: &mut [f32]) {
        let points = self.points(now, order);
        if points.h == 0.0 {
            return;
        }
        let weights = match order {
            1 => Vec::new(),
            2 => vec![0.5],
            _ => points.weights(self.variant, order - 1),
        };
        self.go(now, &points, &weights, None, latents);
    }

    /// From where the last step started, in `latents`, to call `now` again, knowing what was found there.
    fn correct(&self, now: usize, order: usize, clean: &[f32], latents: &mut [f32]) {
        let points = self.points(now - 1, order);
        let weights = if order == 1 { vec![0.5] } else { points.weights(self.variant, order) };
        self.go(now - 1, &points, &weights, Some(clean), latents);
    }

    fn points(&self, from: usize, order: usize) -> Points {
        let lambda = |index: usize| self.levels[index].log_ratio();
        let h = lambda(from + 1) - lambda(from);
        let ratios = (1..order).map(|back| (lambda(from - back) - lambda(from)) / h).collect();
        Points { h, ratios }
    }

    /// One step from call `from`. The weights are those of the differences to the points before, the newest first,
    /// and of the difference to `ahead`, where that is known.
    fn go(&self, from: usize, points: &Points, weights: &[f64], ahead: Option<&[f32]>, latents: &mut [f32]) {
        let (source, target) = (self.levels[from], self.levels[from + 1]);
        let growth = (-points.h).exp_m1();
        let scale = match self.variant {
            Variant::Bh1 => -points.h,
            _ => growth,
        };
        for (index, latent) in latents.iter_mut().enumerate() {
            let clean = self.memory.at(0, index);
            let before = points.ratios.iter().enumerate();
            let differences = before.map(|(i, ratio)| (self.memory.at(i + 1, index) - clean) / ratio);
            let ahead = ahead.map(|ahead| f64::from(ahead[index]) - clean);
            let sum: f64 =
                differences.chain(ahead).zip(weights).map(|(difference, weight)| difference * weight).sum();
            // A first-order step may be infinite, and then has nothing to add.
            let bend = if weights.is_empty() { 0.0 } else { target.signal * scale * sum };
            let straight = target.noise / source.noise * f64::from(*latent) - target.signal * growth * clean;
            *latent = (straight - bend) as f32;
        }
    }
}

impl Points {
    /// The weights that make the method exact for polynomials: the paper's equation 9, its first `count` rows. The
    /// last point is the step's end.
    fn weights(&self, variant: Variant, count: usize) -> Vec<f64> {
        let h = -self.h;
        let scale = if variant == Variant::Bh1 { h } else { h.exp_m1() };
        let points: Vec<f64> = self.ratios.iter().copied().chain([1.0]).take(count).collect();
        let mut rows = Vec::with_capacity(count);
        let (mut phi, mut factorial) = (h.exp_m1() / h - 1.0, 1.0);
        for power in 0..count {
            let mut row: Vec<f64> = points.iter().map(|point| point.powi(power as i32)).collect();
            row.push(phi * factorial / scale);
            rows.push(row);
            factorial *= (power + 2) as f64;
            phi = phi / h - 1.0 / factorial;
        }
        solve(rows)
    }
}

/// Solves equations, each given as its coefficients and its right side, by Gauss's elimination with pivots.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let count = rows.len();
    for column in 0..count {
        let size = |row: &usize| rows[*row][column].abs();
        let pivot = (column..count).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(column);
        rows.swap(column, pivot);
        let chosen = rows[column].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != column) {
            let factor = row[column] / chosen[column];
            for (entry, known) in row.iter_mut().zip(&chosen) {
                *entry -= factor * known;
            }
        }
    }
    rows.iter().enumerate().map(|(index, row)| row[count] / row[index]).collect()
}
