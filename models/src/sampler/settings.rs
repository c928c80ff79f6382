//! What a configuration means for the sampler chosen: defaults filled in, words turned into types, limits checked.

use super::{
    SamplerKind, SchedulerConfig,
    config::{Given, refuse},
    prediction::Prediction,
};
use crate::Error;

/// The longest noise schedule that is believed. Published ones have 1000; a file that lies must not fill the memory.
const MOST_TRAIN_STEPS: u64 = 10_000;

/// How the noise of training grows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Betas {
    /// Evenly from the first to the second.
    Linear(f64, f64),
    /// Evenly in the square root, as latent diffusion was trained.
    ScaledLinear(f64, f64),
    /// The squared cosine of Nichol & Dhariwal 2021 (arXiv 2102.09672).
    Cosine,
    /// One by one.
    Trained(Vec<f64>),
}

/// Which of the training's timesteps are visited (table 2 of Lin et al. 2023, arXiv 2305.08891).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    Leading,
    Trailing,
    Linspace,
}

/// How noise levels are distributed between the largest and the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sigmas {
    /// Where the timesteps are.
    Schedule,
    /// Evenly in the seventh root (Karras et al. 2022, equation 5).
    Karras,
    /// Evenly in the logarithm.
    Exponential,
}

/// Which variant of a multistep solver is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant {
    Midpoint,
    Heun,
    Bh1,
    Bh2,
}

/// A configuration without anything left open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    pub(super) kind: SamplerKind,
    pub(super) train_steps: usize,
    pub(super) betas: Betas,
    pub(super) zero_snr: bool,
    pub(super) prediction: Prediction,
    pub(super) spacing: Spacing,
    pub(super) continuous: bool,
    pub(super) offset: usize,
    pub(super) alpha_to_one: bool,
    /// The clean picture is held between this and its negative.
    pub(super) clip: Option<f64>,
    pub(super) skip_prk: bool,
    pub(super) sigmas: Sigmas,
    pub(super) sigma_min: Option<f64>,
    pub(super) sigma_max: Option<f64>,
    /// The last step goes to no noise at all, and not to the smallest of training.
    pub(super) final_zero: bool,
    pub(super) order: usize,
    pub(super) variant: Variant,
    pub(super) lower_order_final: bool,
    pub(super) euler_at_final: bool,
    pub(super) lambda_min: f64,
    /// Calls after which UniPC does not correct.
    pub(super) uncorrected: Vec<u64>,
    pub(super) original_steps: usize,
    pub(super) timestep_scaling: f64,
    pub(super) eta: f64,
}

impl Settings {
    /// Fills in the defaults of the sampler's class in diffusers, and refuses what cannot be meant or is not supported.
    pub(super) fn resolve(config: &SchedulerConfig) -> Result<Self, Error> {
        let (kind, given) = (config.sampler(), config.given());
        unsupported(kind, given)?;
        let train_steps =
            number("num_train_timesteps", given.num_train_timesteps, 1000, 2, MOST_TRAIN_STEPS)?;
        let multistep = is_multistep(kind);
        let consistency = matches!(kind, SamplerKind::Lcm | SamplerKind::Tcd);
        Ok(Self {
            kind,
            train_steps,
            betas: betas(kind, given, train_steps)?,
            zero_snr: given.rescale_betas_zero_snr.unwrap_or(false)
                && !matches!(kind, SamplerKind::Pndm | SamplerKind::Heun),
            prediction: prediction(kind, given)?,
            spacing: spacing(kind, given)?,
            continuous: kind == SamplerKind::Euler && continuous(given)?,
            offset: number("steps_offset", given.steps_offset, 0, 0, train_steps as u64 - 1)?,
            alpha_to_one: given.set_alpha_to_one.unwrap_or(kind != SamplerKind::Pndm),
            clip: clip(kind, given)?,
            skip_prk: given.skip_prk_steps.unwrap_or(false),
            sigmas: sigmas(given)?,
            sigma_min: sigma("sigma_min", given.sigma_min)?,
            sigma_max: sigma("sigma_max", given.sigma_max)?,
            final_zero: final_zero(kind, given)?,
            order: if multistep { number("solver_order", given.solver_order, 2, 1, 3)? } else { 1 },
            variant: variant(kind, given)?,
            lower_order_final: given.lower_order_final.unwrap_or(true),
            euler_at_final: given.euler_at_final.unwrap_or(false),
            lambda_min: given.lambda_min_clipped.unwrap_or(f64::NEG_INFINITY),
            uncorrected: given.disable_corrector.clone().unwrap_or_default(),
            original_steps: if consistency {
                let most = train_steps as u64;
                number("original_inference_steps", given.original_inference_steps, 50.min(most), 1, most)?
            } else {
                1
            },
            timestep_scaling: within("timestep_scaling", given.timestep_scaling.unwrap_or(10.0), 0.0, 1e6)?,
            eta: eta(kind, config.eta())?,
        })
    }
}

const fn is_multistep(kind: SamplerKind) -> bool {
    matches!(kind, SamplerKind::Dpm2m | SamplerKind::Dpm2mSde | SamplerKind::UniPc)
}

/// Options that would change the numbers, and that this program does not have.
fn unsupported(kind: SamplerKind, given: &Given) -> Result<(), Error> {
    let on = |flag: Option<bool>| flag.unwrap_or(false);
    let multistep = is_multistep(kind);
    let has_sigmas = multistep || matches!(kind, SamplerKind::Euler | SamplerKind::Heun);
    // TCD lists thresholding among its options and never does it.
    let thresholds = multistep || matches!(kind, SamplerKind::Ddim | SamplerKind::Lcm);
    let learned = given.variance_type.as_deref().is_some_and(|kind| kind.starts_with("learned"));
    let refused = [
        (thresholds && on(given.thresholding), "thresholding (it is for pixels, not for latents)"),
        (has_sigmas && on(given.use_beta_sigmas), "use_beta_sigmas"),
        (multistep && on(given.use_flow_sigmas), "use_flow_sigmas"),
        (kind != SamplerKind::UniPc && multistep && on(given.use_lu_lambdas), "use_lu_lambdas"),
        (kind != SamplerKind::UniPc && multistep && learned, "a learned variance_type"),
        (
            kind == SamplerKind::Dpm2mSde && given.solver_order == Some(3),
            "solver_order 3 (its published formula does not vanish with the step)",
        ),
        (kind == SamplerKind::UniPc && given.predict_x0 == Some(false), "predict_x0 = false"),
        (kind == SamplerKind::UniPc && given.solver_p.is_some(), "solver_p"),
        (
            kind == SamplerKind::Euler
                && given.interpolation_type.as_deref().is_some_and(|kind| kind != "linear"),
            "an interpolation_type other than linear",
        ),
    ];
    match refused.into_iter().find(|(refused, _)| *refused) {
        Some((_, what)) => {
            Err(refuse(format!("{what} is not supported with {kind}; choose another sampler")))
        }
        None => Ok(()),
    }
}

fn betas(kind: SamplerKind, given: &Given, train_steps: usize) -> Result<Betas, Error> {
    if let Some(trained) = &given.trained_betas {
        if trained.len() != train_steps {
            let found = trained.len();
            return Err(refuse(format!(
                "trained_betas has {found} entries for {train_steps} num_train_timesteps"
            )));
        }
        for beta in trained {
            within("trained_betas", *beta, 1e-7, 0.9999)?;
        }
        return Ok(Betas::Trained(trained.clone()));
    }
    let (start, end, schedule) = match kind {
        SamplerKind::Heun => (0.00085, 0.012, "linear"),
        SamplerKind::Lcm | SamplerKind::Tcd => (0.00085, 0.012, "scaled_linear"),
        _ => (0.0001, 0.02, "linear"),
    };
    let start = within("beta_start", given.beta_start.unwrap_or(start), 1e-7, 0.9999)?;
    let end = within("beta_end", given.beta_end.unwrap_or(end), 1e-7, 0.9999)?;
    match given.beta_schedule.as_deref().unwrap_or(schedule) {
        "linear" => Ok(Betas::Linear(start, end)),
        "scaled_linear" => Ok(Betas::ScaledLinear(start, end)),
        "squaredcos_cap_v2" => Ok(Betas::Cosine),
        other => Err(unknown("beta_schedule", other, "linear, scaled_linear and squaredcos_cap_v2")),
    }
}

fn prediction(kind: SamplerKind, given: &Given) -> Result<Prediction, Error> {
    let prediction = match given.prediction_type.as_deref().unwrap_or("epsilon") {
        "epsilon" => Prediction::Noise,
        "v_prediction" => Prediction::Velocity,
        "sample" => Prediction::Clean,
        "original_sample" if kind == SamplerKind::Euler => Prediction::Clean,
        other => return Err(unknown("prediction_type", other, "epsilon, v_prediction and sample")),
    };
    if prediction == Prediction::Clean && matches!(kind, SamplerKind::Pndm | SamplerKind::EulerAncestral) {
        return Err(refuse(format!(
            "{kind} cannot be used with prediction_type sample; choose another sampler"
        )));
    }
    Ok(prediction)
}

fn spacing(kind: SamplerKind, given: &Given) -> Result<Spacing, Error> {
    let default = match kind {
        SamplerKind::Ddim | SamplerKind::Pndm | SamplerKind::Lcm | SamplerKind::Tcd => "leading",
        _ => "linspace",
    };
    match given.timestep_spacing.as_deref().unwrap_or(default) {
        "leading" => Ok(Spacing::Leading),
        "trailing" => Ok(Spacing::Trailing),
        "linspace" => Ok(Spacing::Linspace),
        other => Err(unknown("timestep_spacing", other, "leading, trailing and linspace")),
    }
}

fn continuous(given: &Given) -> Result<bool, Error> {
    match given.timestep_type.as_deref().unwrap_or("discrete") {
        "discrete" => Ok(false),
        "continuous" => Ok(true),
        other => Err(unknown("timestep_type", other, "discrete and continuous")),
    }
}

fn clip(kind: SamplerKind, given: &Given) -> Result<Option<f64>, Error> {
    let clips = match kind {
        SamplerKind::Ddim => given.clip_sample.unwrap_or(true),
        SamplerKind::Heun | SamplerKind::Lcm => given.clip_sample.unwrap_or(false),
        _ => false,
    };
    let range = within("clip_sample_range", given.clip_sample_range.unwrap_or(1.0), 1e-6, 1e6)?;
    Ok(clips.then_some(range))
}

fn sigmas(given: &Given) -> Result<Sigmas, Error> {
    match (given.use_karras_sigmas.unwrap_or(false), given.use_exponential_sigmas.unwrap_or(false)) {
        (false, false) => Ok(Sigmas::Schedule),
        (true, false) => Ok(Sigmas::Karras),
        (false, true) => Ok(Sigmas::Exponential),
        (true, true) => {
            Err(refuse("use_karras_sigmas and use_exponential_sigmas exclude each other; keep one of them"))
        }
    }
}

fn final_zero(kind: SamplerKind, given: &Given) -> Result<bool, Error> {
    // The others go to zero, or to where the table says, whatever the file holds.
    if !is_multistep(kind) && kind != SamplerKind::Euler {
        return Ok(true);
    }
    match given.final_sigmas_type.as_deref().unwrap_or("zero") {
        "zero" => Ok(true),
        "sigma_min" => Ok(false),
        other => Err(unknown("final_sigmas_type", other, "zero and sigma_min")),
    }
}

/// A file written by one multistep class names variants that another does not have; each takes its own default then.
fn variant(kind: SamplerKind, given: &Given) -> Result<Variant, Error> {
    let unipc = kind == SamplerKind::UniPc;
    match given.solver_type.as_deref() {
        _ if !is_multistep(kind) => Ok(Variant::Midpoint),
        Some("heun") if !unipc => Ok(Variant::Heun),
        Some("bh1") if unipc => Ok(Variant::Bh1),
        None | Some("midpoint" | "heun" | "logrho" | "bh1" | "bh2") => {
            Ok(if unipc { Variant::Bh2 } else { Variant::Midpoint })
        }
        Some(other) => Err(unknown("solver_type", other, "midpoint, heun, bh1 and bh2")),
    }
}

fn eta(kind: SamplerKind, given: Option<f64>) -> Result<f64, Error> {
    let eta = given.unwrap_or(if kind == SamplerKind::Tcd { 0.3 } else { 0.0 });
    if (0.0..=1.0).contains(&eta) {
        return Ok(eta);
    }
    Err(Error::Invalid { field: "eta", problem: format!("{eta} is not between 0 and 1") })
}

fn sigma(name: &str, given: Option<f64>) -> Result<Option<f64>, Error> {
    given.map(|sigma| within(name, sigma, 1e-6, 1e6)).transpose()
}

fn number(name: &str, given: Option<u64>, default: u64, least: u64, most: u64) -> Result<usize, Error> {
    let number = given.unwrap_or(default);
    if !(least..=most).contains(&number) {
        return Err(refuse(format!("{name} is {number}; it has to be from {least} to {most}")));
    }
    usize::try_from(number).map_err(|_| refuse(format!("{name} is too large for this machine")))
}

fn within(name: &str, number: f64, least: f64, most: f64) -> Result<f64, Error> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(refuse(format!("{name} is {number}; it has to be from {least} to {most}")))
}

fn unknown(name: &str, found: &str, known: &str) -> Error {
    refuse(format!("{name} {found} is not supported; supported are {known}"))
}
