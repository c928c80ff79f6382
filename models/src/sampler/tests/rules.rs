//! What holds without a reference: names, refusals, and what a caller relies on.

use super::stable_diffusion;
use crate::{
    Error,
    sampler::{Noise, Sampler, SamplerKind, SchedulerConfig},
};

fn problem(result: Result<impl std::fmt::Debug, Error>) -> String {
    result.unwrap_err().to_string()
}

/// Answers every call with the latents themselves, and counts how often noise was asked for.
fn run(sampler: &mut Sampler, latents: &mut [f32]) -> usize {
    let mut asked = 0;
    while !sampler.is_done() {
        let output = sampler.scale_input(latents);
        sampler.step(&output, latents, &mut |noise| {
            asked += 1;
            noise.fill(0.5);
        });
    }
    asked
}

#[test]
fn names_are_read_as_they_are_written() {
    let names = SamplerKind::ALL.map(|kind| kind.to_string());
    assert_eq!(names.join(" "), "ddim pndm euler euler-a heun dpm++2m dpm++2m-sde unipc lcm tcd");
    for kind in SamplerKind::ALL {
        assert_eq!(kind.name().parse::<SamplerKind>().unwrap(), kind);
    }
    assert!(problem("plms".parse::<SamplerKind>()).contains("choose one of ddim, pndm"));
}

#[test]
fn files_that_cannot_be_used_say_why() {
    let table = [
        ("", "EOF"),
        ("[]", "invalid"),
        ("{}", "_class_name is missing"),
        (r#"{"_class_name": "DEISMultistepScheduler"}"#, "supported are DDIMScheduler"),
        (r#"{"_class_name": "DDIMScheduler", "num_train_timesteps": 1000000000000}"#, "from 2 to 10000"),
        (r#"{"_class_name": "DDIMScheduler", "num_train_timesteps": 0}"#, "from 2 to 10000"),
        (r#"{"_class_name": "DDIMScheduler", "num_train_timesteps": -1}"#, "invalid value"),
        (r#"{"_class_name": "DDIMScheduler", "steps_offset": 1000}"#, "steps_offset"),
        (r#"{"_class_name": "DDIMScheduler", "beta_end": 1.0}"#, "beta_end"),
        (r#"{"_class_name": "DDIMScheduler", "beta_start": 1e999}"#, "number out of range"),
        (r#"{"_class_name": "DDIMScheduler", "beta_schedule": "sigmoid"}"#, "squaredcos_cap_v2"),
        (r#"{"_class_name": "DDIMScheduler", "trained_betas": [0.1]}"#, "1 entries for 1000"),
        (r#"{"_class_name": "DDIMScheduler", "thresholding": true}"#, "thresholding"),
        (r#"{"_class_name": "DDIMScheduler", "prediction_type": "flow_prediction"}"#, "v_prediction"),
        (r#"{"_class_name": "DDIMScheduler", "timestep_spacing": "random"}"#, "trailing"),
        (r#"{"_class_name": "PNDMScheduler", "prediction_type": "sample"}"#, "another sampler"),
        (r#"{"_class_name": "EulerDiscreteScheduler", "use_beta_sigmas": true}"#, "use_beta_sigmas"),
        (
            r#"{"_class_name": "EulerDiscreteScheduler", "interpolation_type": "log_linear"}"#,
            "interpolation_type",
        ),
        (
            r#"{"_class_name": "HeunDiscreteScheduler", "use_karras_sigmas": true, "use_exponential_sigmas": true}"#,
            "exclude",
        ),
        (r#"{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver"}"#, "dpmsolver++"),
        (r#"{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 4}"#, "solver_order"),
        (r#"{"_class_name": "UniPCMultistepScheduler", "predict_x0": false}"#, "predict_x0"),
        (r#"{"_class_name": "LCMScheduler", "original_inference_steps": 0}"#, "original_inference_steps"),
    ];
    for (text, wanted) in table {
        let found = problem(SchedulerConfig::from_json(text));
        assert!(found.starts_with("scheduler_config.json: ") && found.contains(wanted), "{text}: {found}");
    }
}

#[test]
fn runs_that_cannot_be_made_say_why() {
    let ddim = stable_diffusion("DDIMScheduler", "");
    assert!(problem(Sampler::new(&ddim, 0)).contains("between 1 and 1000"));
    assert!(problem(Sampler::new(&ddim, 1001)).contains("between 1 and 1000"));
    for strength in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(problem(Sampler::from_strength(&ddim, 20, strength)).starts_with("strength"));
    }
    assert!(problem(Sampler::from_strength(&ddim, 20, 0.04)).contains("leaves none"));
    assert_eq!(Sampler::new(&ddim, 1000).unwrap().timestep(), 999.0);
    let text = r#"{"_class_name": "DDIMScheduler", "steps_offset": 500}"#;
    assert!(problem(Sampler::new(&SchedulerConfig::from_json(text).unwrap(), 20)).contains("beyond the end"));
    assert!(problem(Sampler::new(&ddim.with_eta(1.5), 20)).starts_with("eta"));
    assert!(problem(Sampler::new(&ddim.with_sampler(SamplerKind::Lcm), 51)).contains("at most 50"));
    let dpm = stable_diffusion("DPMSolverMultistepScheduler", r#", "timestep_spacing": "leading""#);
    assert!(problem(Sampler::new(&dpm, 1000)).contains("take fewer"));
    assert!(Sampler::from_strength(&ddim.with_sampler(SamplerKind::Pndm), 20, 0.5).is_ok());
    let prk = SchedulerConfig::from_json(r#"{"_class_name": "PNDMScheduler"}"#).unwrap();
    assert!(problem(Sampler::new(&prk, 3)).contains("at least 4"));
    assert!(problem(Sampler::from_strength(&prk, 20, 0.5)).contains("cannot start from a picture"));
    let dark = stable_diffusion(
        "DDIMScheduler",
        r#", "rescale_betas_zero_snr": true, "timestep_spacing": "trailing""#,
    );
    assert!(problem(Sampler::new(&dark, 20)).contains("pure noise"));
    assert!(Sampler::from_strength(&dark, 20, 0.5).is_ok());
    assert!(Sampler::new(&dark.with_sampler(SamplerKind::Euler), 20).is_ok());
    let unipc = stable_diffusion("UniPCMultistepScheduler", r#", "lower_order_final": false"#);
    assert!(problem(Sampler::new(&unipc, 20)).contains("lower_order_final"));
}

#[test]
fn infinities_of_python_are_read_outside_of_strings() {
    let config = stable_diffusion(
        "DPMSolverMultistepScheduler",
        r#", "lambda_min_clipped": -Infinity, "note \" Infinity": "NaN \\", "sigma_max": NaN"#,
    );
    assert_eq!(config, stable_diffusion("DPMSolverMultistepScheduler", r#", "lambda_min_clipped": null"#));
}

#[test]
fn another_sampler_takes_its_own_defaults_and_gives_them_back() {
    let pndm = stable_diffusion("PNDMScheduler", "");
    let euler = pndm.with_sampler(SamplerKind::Euler);
    // The file says no spacing: PNDM's is leading, Euler's is even.
    assert_eq!(Sampler::new(&pndm, 20).unwrap().timestep(), 951.0);
    assert_eq!(Sampler::new(&euler, 20).unwrap().timestep(), 999.0);
    assert_eq!(euler.with_sampler(SamplerKind::Pndm), pndm);
    let kept = serde_json::from_str(&serde_json::to_string(&euler.with_eta(0.5)).unwrap()).unwrap();
    assert_eq!(euler.with_eta(0.5), kept);
}

#[test]
fn calls_are_counted_per_sampler() {
    for (kind, calls) in [(SamplerKind::Heun, 39), (SamplerKind::Pndm, 21), (SamplerKind::UniPc, 20)] {
        let config = stable_diffusion("DDIMScheduler", "").with_sampler(kind);
        assert_eq!(Sampler::new(&config, 20).unwrap().timesteps().len(), calls, "{kind}");
    }
    let heun = stable_diffusion("HeunDiscreteScheduler", "");
    assert_eq!(Sampler::from_strength(&heun, 20, 0.5).unwrap().timesteps().len(), 19);
    // Here numpy's rounding gives diffusers a timestep of −1.
    let trailing = stable_diffusion("EulerDiscreteScheduler", r#", "timestep_spacing": "trailing""#);
    assert_eq!(Sampler::new(&trailing, 61).unwrap().timesteps().len(), 61);
}

#[test]
fn noise_is_asked_for_where_a_step_adds_some() {
    let config = stable_diffusion("DDIMScheduler", "");
    let table = [
        (config.clone(), 0),
        // The last step of each of these adds none.
        (config.with_eta(1.0), 9),
        (config.with_sampler(SamplerKind::EulerAncestral), 9),
        (config.with_sampler(SamplerKind::Dpm2mSde), 9),
        (config.with_sampler(SamplerKind::Lcm), 9),
        (config.with_sampler(SamplerKind::Tcd), 9),
        (config.with_sampler(SamplerKind::Tcd).with_eta(0.0), 0),
    ];
    for (config, wanted) in table {
        let asked = run(&mut Sampler::new(&config, 10).unwrap(), &mut [0.1; 6]);
        assert_eq!(asked, wanted, "{}", config.sampler());
        assert!(asked == 0 || config.sampler().is_stochastic());
    }
    for kind in SamplerKind::ALL.into_iter().filter(|kind| !kind.is_stochastic()) {
        assert_eq!(run(&mut Sampler::new(&config.with_sampler(kind), 10).unwrap(), &mut [0.1; 6]), 0);
    }
}

#[test]
fn a_finished_run_stays_as_it_is() {
    for kind in SamplerKind::ALL {
        let mut sampler = Sampler::new(&stable_diffusion("DDIMScheduler", "").with_sampler(kind), 5).unwrap();
        assert!(sampler.predicted_clean().is_empty());
        let mut latents = [0.3, -0.2];
        run(&mut sampler, &mut latents);
        let (before, calls) = (latents, sampler.index());
        sampler.step(&[1.0, 1.0], &mut latents, &mut |_| panic!("no noise is left to add"));
        assert_eq!((before, calls, 0.0), (latents, sampler.index(), sampler.timestep()));
        assert_eq!(sampler.predicted_clean().len(), 2);
        // After the last call, masked places hold the picture itself.
        assert_eq!(sampler.add_noise_at(calls - 1, &[0.5, 0.25], &[9.0, 9.0]), [0.5, 0.25]);
        assert_eq!(sampler.add_noise_at(usize::MAX, &[0.5], &[9.0]), [0.5]);
    }
}

#[test]
fn an_oracle_is_followed_to_its_picture() {
    // A network that knows the picture: every deterministic sampler has to end in it.
    let picture = [0.8_f32, -0.4, 0.1, 1.2];
    let config = stable_diffusion("DDIMScheduler", r#", "prediction_type": "sample""#);
    for kind in
        [SamplerKind::Ddim, SamplerKind::Euler, SamplerKind::Heun, SamplerKind::Dpm2m, SamplerKind::UniPc]
    {
        let mut sampler = Sampler::new(&config.with_sampler(kind), 12).unwrap();
        let mut latents: Vec<f32> = Noise::new(4).take(4);
        while !sampler.is_done() {
            sampler.step(&picture, &mut latents, &mut |_| {});
            assert_eq!(sampler.predicted_clean(), picture);
        }
        for (found, wanted) in latents.iter().zip(picture) {
            assert!((found - wanted).abs() < 1e-5, "{kind}: {found} for {wanted}");
        }
    }
}

#[test]
fn noise_is_normal_repeats_and_ignores_how_it_is_asked() {
    let mut whole = Noise::new(7);
    let values = whole.take(100_001);
    let mut pieces = Noise::new(7);
    let asked: Vec<f32> = [1, 2, 3, 5, 8].into_iter().flat_map(|count| pieces.take(count)).collect();
    assert_eq!(asked, values[..19]);
    assert_eq!(
        values[..4],
        [-0.42393336, 0.030779233, -1.2502843, -0.3576029],
        "the values of a seed are a promise: pictures are remade by it"
    );
    assert_ne!(Noise::new(8).take(8), values[..8]);
    let count = values.len() as f64;
    let moment = |power: i32| values.iter().map(|value| f64::from(*value).powi(power)).sum::<f64>() / count;
    for (power, wanted, allowed) in [(1, 0.0, 0.01), (2, 1.0, 0.02), (3, 0.0, 0.05), (4, 3.0, 0.1)] {
        assert!((moment(power) - wanted).abs() < allowed, "moment {power} is {}", moment(power));
    }
}
