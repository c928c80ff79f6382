//! Which timesteps of training a run of fewer steps visits.

use super::{
    SamplerKind,
    config::refuse,
    settings::{Settings, Spacing},
};
use crate::Error;

/// The timesteps of `steps` steps, falling, for samplers that give their last step to the first timestep of training.
/// Fractions are kept where diffusers keeps them.
///
/// # Errors
/// [`Error::Invalid`] when the configuration's offset leads beyond the end of training. The first timestep may be one
/// too far, as with 1000 steps and the offset of 1 that Stable Diffusion has; it is then the last of training.
pub(super) fn timesteps(settings: &Settings, steps: usize) -> Result<Vec<f64>, Error> {
    let last = settings.train_steps - 1;
    Ok(match settings.spacing {
        Spacing::Linspace => {
            let whole = matches!(settings.kind, SamplerKind::Ddim | SamplerKind::Pndm);
            let mut all = evenly(last as f64, steps);
            all.reverse();
            all.into_iter().map(|t| if whole { t.round_ties_even() } else { f64::from(t as f32) }).collect()
        }
        Spacing::Leading => {
            let ratio = settings.train_steps / steps;
            if (steps - 1) * ratio + settings.offset > settings.train_steps {
                let offset = settings.offset;
                let problem =
                    format!("{steps} with a steps_offset of {offset} lead beyond the end of training");
                return Err(Error::Invalid { field: "steps", problem });
            }
            (0..steps).rev().map(|i| (i * ratio + settings.offset).min(last) as f64).collect()
        }
        Spacing::Trailing => trailing(settings.train_steps, settings.train_steps, steps),
    })
}

/// The timesteps of multistep solvers, which share out one interval more than they visit.
///
/// # Errors
/// [`Error::Invalid`] when there are more steps than timesteps to visit.
pub(super) fn multistep_timesteps(settings: &Settings, last: usize, steps: usize) -> Result<Vec<f64>, Error> {
    if last == 0 {
        return Err(refuse("lambda_min_clipped leaves no timesteps; remove it"));
    }
    let all: Vec<f64> = match settings.spacing {
        Spacing::Linspace => {
            evenly((last - 1) as f64, steps + 1).into_iter().skip(1).rev().map(f64::round_ties_even).collect()
        }
        Spacing::Leading => {
            let (ratio, end) = (last / (steps + 1), settings.train_steps - 1);
            (1..=steps).rev().map(|i| (i * ratio + settings.offset).min(end) as f64).collect()
        }
        Spacing::Trailing => trailing(last, settings.train_steps, steps),
    };
    if all.is_empty() || !all.is_sorted_by(|a, b| a > b) {
        let problem =
            format!("{steps} are more than this checkpoint's noise schedule has room for; take fewer");
        return Err(Error::Invalid { field: "steps", problem });
    }
    Ok(all)
}

/// `count` numbers from 0 to `last`; one number is 0.
fn evenly(last: f64, count: usize) -> Vec<f64> {
    let step = last / (count.max(2) - 1) as f64;
    (0..count).map(|i| if i > 0 && i + 1 == count { last } else { i as f64 * step }).collect()
}

/// Down from `from` in `steps` parts of the training's `train_steps`.
///
/// The step is counted as numpy counts it: a number in the middle between two timesteps goes to the same one. Where
/// numpy's rounding adds a timestep below zero (with 61 steps of 1000, and 61 other numbers), it is left out.
fn trailing(from: usize, train_steps: usize, steps: usize) -> Vec<f64> {
    let from = from as f64;
    let step = (from - train_steps as f64 / steps as f64) - from;
    let all = (0..steps).map(|i| (from + i as f64 * step).round_ties_even() - 1.0);
    all.take_while(|t| *t >= 0.0).collect()
}
