//! The timesteps of samplers for distilled networks: some of those that the distillation knew.

use super::settings::Settings;
use crate::Error;

/// `steps` of the distillation's timesteps, falling.
///
/// # Errors
/// [`Error::Invalid`] when it had fewer.
pub(super) fn timesteps(settings: &Settings, steps: usize) -> Result<Vec<usize>, Error> {
    let known = settings.original_steps;
    if steps > known {
        let problem = format!(
            "{} takes at most {known} steps with this checkpoint, and 4 to 8 are enough",
            settings.kind
        );
        return Err(Error::Invalid { field: "steps", problem });
    }
    let stride = settings.train_steps / known;
    let skip = known as f64 / steps as f64;
    Ok((0..steps).map(|i| (known - (i as f64 * skip) as usize) * stride - 1).collect())
}
