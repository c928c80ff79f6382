//! Every run of `fixtures/samplers`, which diffusers has made before. See `make_samplers.py`.

use std::{fs, path::PathBuf};

use safetensors::SafeTensors;
use serde::Deserialize;

use crate::sampler::{Sampler, SamplerKind, SchedulerConfig, guide, rescale};

/// Relative L2 error allowed in any latents of any run.
const ALLOWED: f64 = 1e-5;

/// With a signal-to-noise ratio of zero the first noise level is 4096, and diffusers' own rounding is larger.
const ALLOWED_OF_ZERO_SNR: f64 = 3e-5;

#[derive(Deserialize)]
struct Case {
    config: serde_json::Value,
    sampler: SamplerKind,
    steps: u32,
    strength: f64,
    eta: Option<f64>,
    kept: Vec<usize>,
    /// Whether diffusers tells the clean picture.
    clean: bool,
    initial_scale: f64,
    timesteps: Vec<f64>,
}

/// Latents, one row each.
type Rows = Vec<Vec<f32>>;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/samplers")
}

fn rows(file: &SafeTensors<'_>, name: &str) -> Rows {
    let tensor = file.tensor(name).unwrap();
    let width = tensor.shape()[1];
    let values: Vec<f32> =
        tensor.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    values.chunks_exact(width).map(<[f32]>::to_vec).collect()
}

fn error(found: &[f32], wanted: &[f32]) -> f64 {
    let square = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    assert!(found.iter().all(|value| value.is_finite()));
    let differences = square(&mut found.iter().zip(wanted).map(|(a, b)| f64::from(a - b)));
    (differences / square(&mut wanted.iter().map(|b| f64::from(*b)))).sqrt()
}

/// The stand-in of `make_samplers.py`.
fn network(latents: &[f32], timestep: f64) -> Vec<f32> {
    let answer = |(place, latent): (usize, &f32)| {
        (0.9 * f64::from(*latent) + 0.2 * (timestep / 150.0 + place as f64).sin()).tanh() as f32
    };
    latents.iter().enumerate().map(answer).collect()
}

/// The largest error of a run.
fn replay(case: &Case, golden: &[Vec<f32>], bank: &[Vec<f32>]) -> f64 {
    let mut config = SchedulerConfig::from_json(&case.config.to_string()).unwrap().with_sampler(case.sampler);
    if let Some(eta) = case.eta {
        config = config.with_eta(eta);
    }
    let mut sampler = Sampler::from_strength(&config, case.steps, case.strength).unwrap();
    assert_eq!(sampler.timesteps().len(), case.timesteps.len());
    for (found, wanted) in sampler.timesteps().iter().zip(&case.timesteps) {
        assert!((found - wanted).abs() <= 1e-4, "timestep {found}, not {wanted}");
    }
    assert!((sampler.initial_scale() / case.initial_scale - 1.0).abs() < 1e-6);
    let mut drawn = bank.iter().cycle();
    let [.., noise, picture] = bank else { panic!("an empty bank") };
    let picture: Vec<f32> = picture.iter().map(|value| 0.7 * value).collect();
    let mut golden = golden.iter();
    let mut worst = error(&sampler.add_noise(&picture, noise), golden.next().unwrap());
    let mut latents = if case.strength < 1.0 {
        sampler.add_noise(&picture, noise)
    } else {
        noise.iter().map(|value| (f64::from(*value) * sampler.initial_scale()) as f32).collect()
    };
    worst = worst.max(error(&latents, golden.next().unwrap()));
    while !sampler.is_done() {
        let index = sampler.index();
        let output = network(&sampler.scale_input(&latents), sampler.timestep());
        sampler.step(&output, &mut latents, &mut |noise| noise.copy_from_slice(drawn.next().unwrap()));
        if case.kept.contains(&index) {
            worst = worst.max(error(&latents, golden.next().unwrap()));
            worst = worst.max(error(&sampler.add_noise_at(index, &picture, noise), golden.next().unwrap()));
            if case.clean {
                worst = worst.max(error(sampler.predicted_clean(), golden.next().unwrap()));
            }
        }
    }
    assert!(golden.next().is_none());
    worst
}

#[test]
fn runs_are_those_of_diffusers() {
    let cases: Vec<Case> =
        serde_json::from_str(&fs::read_to_string(folder().join("cases.json")).unwrap()).unwrap();
    let bytes = fs::read(folder().join("golden.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let bank = rows(&file, "bank");
    let mut worst = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let run = format!("{} with {} steps of {}", case.sampler, case.steps, case.config);
        let error = replay(case, &rows(&file, &number.to_string()), &bank);
        let allowed =
            if case.config["rescale_betas_zero_snr"] == true { ALLOWED_OF_ZERO_SNR } else { ALLOWED };
        worst.push((error, allowed, run));
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (error, allowed, run) in &worst {
        assert!(error <= allowed, "{error:.1e} off: {run}");
    }
    println!("largest error {:.1e}: {}", worst[0].0, worst[0].2);
}

#[test]
fn guidance_is_that_of_diffusers() {
    let bytes = fs::read(folder().join("golden.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let (bank, golden) = (rows(&file, "bank"), rows(&file, "guidance"));
    let mut guided = guide(&bank[0], &bank[1], 7.5);
    assert!(error(&guided, &golden[0]) < 1e-6);
    rescale(&mut guided, &bank[1], 0.7);
    assert!(error(&guided, &golden[1]) < 1e-6);
}
