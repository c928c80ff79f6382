//! Noise levels between the timesteps of training, and the timesteps of noise levels.

use super::{
    config::refuse,
    settings::{Settings, Sigmas},
};
use crate::Error;

/// The exponent of Karras et al. 2022.
const RHO: f64 = 7.0;

/// `table` at the fractional index `at`, in a straight line between two entries; beyond the ends it is the end's.
pub(super) fn interpolate(table: &[f64], at: f64) -> f64 {
    let last = table.len() - 1;
    let low = (at.max(0.0) as usize).min(last);
    let high = (low + 1).min(last);
    table[low] + (table[high] - table[low]) * (at - low as f64).clamp(0.0, 1.0)
}

/// `steps` noise levels falling from `largest` to `smallest`, unless the configuration has its own limits.
///
/// # Errors
/// [`crate::Error::Checkpoint`] when the configuration's limits are the wrong way round.
pub(super) fn distribute(
    settings: &Settings,
    largest: f64,
    smallest: f64,
    steps: usize,
) -> Result<Vec<f64>, Error> {
    let largest = settings.sigma_max.unwrap_or(largest);
    let smallest = settings.sigma_min.unwrap_or(smallest);
    if smallest > largest {
        return Err(refuse(format!("sigma_min {smallest} is above sigma_max {largest}; remove both")));
    }
    let share = |i: usize| i as f64 / (steps.max(2) - 1) as f64;
    let level = |i: usize| match settings.sigmas {
        Sigmas::Karras => {
            let (from, to) = (largest.powf(1.0 / RHO), smallest.powf(1.0 / RHO));
            (from + share(i) * (to - from)).powf(RHO)
        }
        Sigmas::Schedule | Sigmas::Exponential => {
            let (from, to) = (largest.ln(), smallest.ln());
            if i > 0 && i + 1 == steps { to.exp() } else { (from + share(i) * (to - from)).exp() }
        }
    };
    Ok((0..steps).map(level).collect())
}

/// The logarithms of a table, rounded to f32 as diffusers has them: at the top end that rounding decides between
/// timestep 999 and a little less.
pub(super) fn logarithms(table: &[f64]) -> Vec<f64> {
    table.iter().map(|sigma| f64::from(sigma.ln() as f32)).collect()
}

/// The fractional timestep that has the noise level `sigma`, in a straight line between two of the rising
/// `logarithms`, of which there are at least two.
pub(super) fn timestep_of(logarithms: &[f64], sigma: f64) -> f64 {
    let sought = sigma.max(1e-10).ln();
    let low = logarithms.partition_point(|log| *log <= sought).saturating_sub(1).min(logarithms.len() - 2);
    let (below, above) = (logarithms[low], logarithms[low + 1]);
    let share = ((below - sought) / (below - above)).clamp(0.0, 1.0);
    (1.0 - share) * low as f64 + share * (low + 1) as f64
}
