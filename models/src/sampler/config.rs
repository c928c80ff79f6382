//! `scheduler_config.json`, as it was given. What it leaves out is filled in by `settings`, because that depends
//! on the sampler in the end chosen.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{SamplerKind, settings::Settings};
use crate::Error;

/// What a checkpoint says about the noise it was trained on, and the sampler to use.
///
/// Only what the file said is kept: another sampler has other defaults for the rest, so [`Self::with_sampler`]
/// answers what diffusers' `from_config` does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SchedulerConfig {
    sampler: SamplerKind,
    /// How much of the noise is fresh in DDIM and TCD; no file says it.
    #[serde(default)]
    eta: Option<f64>,
    given: Given,
}

/// The fields of the file that this program understands. The names are the file's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    pub(super) num_train_timesteps: Option<u64>,
    pub(super) beta_start: Option<f64>,
    pub(super) beta_end: Option<f64>,
    pub(super) beta_schedule: Option<String>,
    pub(super) trained_betas: Option<Vec<f64>>,
    pub(super) rescale_betas_zero_snr: Option<bool>,
    pub(super) prediction_type: Option<String>,
    pub(super) timestep_spacing: Option<String>,
    pub(super) timestep_type: Option<String>,
    pub(super) steps_offset: Option<u64>,
    pub(super) set_alpha_to_one: Option<bool>,
    pub(super) clip_sample: Option<bool>,
    pub(super) clip_sample_range: Option<f64>,
    pub(super) thresholding: Option<bool>,
    pub(super) skip_prk_steps: Option<bool>,
    pub(super) interpolation_type: Option<String>,
    pub(super) use_karras_sigmas: Option<bool>,
    pub(super) use_exponential_sigmas: Option<bool>,
    pub(super) use_beta_sigmas: Option<bool>,
    pub(super) use_flow_sigmas: Option<bool>,
    pub(super) use_lu_lambdas: Option<bool>,
    pub(super) sigma_min: Option<f64>,
    pub(super) sigma_max: Option<f64>,
    pub(super) final_sigmas_type: Option<String>,
    pub(super) algorithm_type: Option<String>,
    pub(super) solver_order: Option<u64>,
    pub(super) solver_type: Option<String>,
    pub(super) lower_order_final: Option<bool>,
    pub(super) euler_at_final: Option<bool>,
    pub(super) lambda_min_clipped: Option<f64>,
    pub(super) variance_type: Option<String>,
    pub(super) predict_x0: Option<bool>,
    pub(super) disable_corrector: Option<Vec<u64>>,
    pub(super) solver_p: Option<serde_json::Value>,
    pub(super) original_inference_steps: Option<u64>,
    pub(super) timestep_scaling: Option<f64>,
}

/// What of the file decides the kind, read before the rest so that an unknown class is named whatever else it says.
#[derive(Deserialize)]
struct Class {
    #[serde(rename = "_class_name")]
    name: Option<String>,
    #[serde(default)]
    algorithm_type: Option<String>,
}

impl SchedulerConfig {
    /// Reads the text of a `scheduler_config.json`; fields of no meaning here are passed over.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is no JSON, names a class or an option that is not supported, or holds a number
    /// that no checkpoint can have.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let text = without_infinities(text);
        let class: Class = serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let sampler = kind_of(&class)?;
        let given = serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let config = Self { sampler, eta: None, given };
        Settings::resolve(&config)?;
        Ok(config)
    }

    /// The same checkpoint under another sampler: every field that the file gave survives, and what it left out
    /// takes that sampler's own defaults, as with diffusers' `from_config`.
    #[must_use]
    pub fn with_sampler(&self, sampler: SamplerKind) -> Self {
        Self { sampler, ..self.clone() }
    }

    /// With another share of fresh noise for [`SamplerKind::Ddim`] (0 is usual, 1 is the original stochastic
    /// process) and [`SamplerKind::Tcd`] (0.3 is usual; its paper says gamma). From 0 to 1; [`super::Sampler::new`]
    /// checks it.
    #[must_use]
    pub fn with_eta(&self, eta: f64) -> Self {
        Self { eta: Some(eta), ..self.clone() }
    }

    /// The sampler that will be used.
    #[must_use]
    pub const fn sampler(&self) -> SamplerKind {
        self.sampler
    }

    pub(super) const fn eta(&self) -> Option<f64> {
        self.eta
    }

    pub(super) const fn given(&self) -> &Given {
        &self.given
    }
}

/// A complaint about the file, in the name that it has in every checkpoint.
pub(super) fn refuse(problem: impl Into<String>) -> Error {
    Error::Checkpoint { file: "scheduler_config.json".to_owned(), problem: problem.into() }
}

fn kind_of(class: &Class) -> Result<SamplerKind, Error> {
    let name = class
        .name
        .as_deref()
        .ok_or_else(|| refuse("_class_name is missing; it says which sampler to use"))?;
    let kind = SamplerKind::ALL.into_iter().find(|kind| kind.class_name() == name).ok_or_else(|| {
        let mut names = SamplerKind::ALL.map(SamplerKind::class_name).to_vec();
        names.dedup();
        refuse(format!("{name} is not supported; supported are {}", names.join(", ")))
    })?;
    if kind != SamplerKind::Dpm2m {
        return Ok(kind);
    }
    // "deis" is what that class itself takes for DPM-Solver++, in files that were written by another class.
    match class.algorithm_type.as_deref() {
        None | Some("dpmsolver++" | "deis") => Ok(SamplerKind::Dpm2m),
        Some("sde-dpmsolver++") => Ok(SamplerKind::Dpm2mSde),
        Some(other) => Err(refuse(format!(
            "algorithm_type {other} is not supported; supported are dpmsolver++ and sde-dpmsolver++"
        ))),
    }
}

/// Python writes `Infinity` and `NaN`, which JSON does not have, and every saved DPMSolverMultistepScheduler says
/// `"lambda_min_clipped": -Infinity`. They become `null`, which means the default: the same infinity.
fn without_infinities(text: &str) -> Cow<'_, str> {
    if !text.contains("Infinity") && !text.contains("NaN") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut quoted) = (text, false);
    while let Some(next) = rest.chars().next() {
        let word =
            ["-Infinity", "Infinity", "NaN"].into_iter().find(|word| !quoted && rest.starts_with(word));
        let taken = if let Some(word) = word {
            out.push_str("null");
            word.len()
        } else {
            // What follows a backslash never ends a string.
            let length = if quoted && next == '\\' {
                rest.chars().take(2).map(char::len_utf8).sum()
            } else {
                next.len_utf8()
            };
            quoted ^= next == '"';
            out.push_str(&rest[..length]);
            length
        };
        rest = &rest[taken..];
    }
    Cow::Owned(out)
}
