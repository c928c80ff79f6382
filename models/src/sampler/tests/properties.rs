//! Whatever a file says: a run is refused in words, or ends in numbers.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sampler::{Noise, Sampler, SamplerKind, SchedulerConfig};

/// One of `values`, or nothing said.
fn maybe(values: Vec<Value>) -> impl Strategy<Value = Option<Value>> {
    proptest::option::of(proptest::sample::select(values))
}

fn flag() -> impl Strategy<Value = Option<Value>> {
    maybe(vec![json!(true), json!(false)])
}

fn fields() -> impl Strategy<Value = Vec<(&'static str, Option<Value>)>> {
    let schedule = (
        maybe(vec![json!(2), json!(20), json!(1000), json!(1100)]),
        maybe(vec![json!(1e-6), json!(0.00085), json!(0.02), json!(0.5)]),
        maybe(vec![json!(1e-5), json!(0.012), json!(0.02), json!(0.9)]),
        maybe(vec![json!("linear"), json!("scaled_linear"), json!("squaredcos_cap_v2")]),
        flag(),
        maybe(vec![json!("leading"), json!("trailing"), json!("linspace")]),
        maybe(vec![json!(0), json!(1), json!(17), json!(900)]),
        flag(),
    )
        .prop_map(|(count, start, end, schedule, snr, spacing, offset, one)| {
            vec![
                ("num_train_timesteps", count),
                ("beta_start", start),
                ("beta_end", end),
                ("beta_schedule", schedule),
                ("rescale_betas_zero_snr", snr),
                ("timestep_spacing", spacing),
                ("steps_offset", offset),
                ("set_alpha_to_one", one),
            ]
        });
    let method = (
        maybe(vec![json!("epsilon"), json!("v_prediction"), json!("sample")]),
        (flag(), flag(), flag(), flag(), flag(), flag()),
        maybe(vec![json!("zero"), json!("sigma_min")]),
        maybe(vec![json!(1), json!(2), json!(3)]),
        maybe(vec![json!("midpoint"), json!("heun"), json!("bh1"), json!("bh2")]),
        maybe(vec![json!(0.03), json!(3.0)]),
        maybe(vec![json!(1), json!(50), json!(1000)]),
        maybe(vec![json!(-5.1), json!(0.0), json!(20.0)]),
    )
        .prop_map(|(prediction, flags, end, order, variant, sigma, original, lambda)| {
            vec![
                ("prediction_type", prediction),
                ("clip_sample", flags.0),
                ("skip_prk_steps", flags.1),
                ("use_karras_sigmas", flags.2),
                ("use_exponential_sigmas", flags.3),
                ("lower_order_final", flags.4),
                ("euler_at_final", flags.5),
                ("final_sigmas_type", end),
                ("solver_order", order),
                ("solver_type", variant),
                ("sigma_min", sigma),
                ("original_inference_steps", original),
                ("lambda_min_clipped", lambda),
            ]
        });
    (schedule, method).prop_map(|(schedule, method)| schedule.into_iter().chain(method).collect())
}

fn steps() -> impl Strategy<Value = u32> {
    prop_oneof![3 => 1..40_u32, 1 => 40..=1000_u32, 1 => Just(1000_u32)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_run_is_refused_or_ends_in_numbers(
        kind in proptest::sample::select(SamplerKind::ALL.to_vec()),
        fields in fields(),
        steps in steps(),
        strength in prop_oneof![Just(1.0), 0.0..1.0_f64],
        eta in 0.0..=1.0_f64,
        seed in any::<u64>(),
    ) {
        let mut text = serde_json::Map::new();
        text.insert("_class_name".to_owned(), json!(kind.class_name()));
        text.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        let Ok(config) = SchedulerConfig::from_json(&Value::Object(text).to_string()) else { return Ok(()) };
        let config = config.with_sampler(kind).with_eta(eta);
        let Ok(mut sampler) = Sampler::from_strength(&config, steps, strength) else { return Ok(()) };
        let mut noise = Noise::new(seed);
        let picture = [0.5_f32, -1.0, 0.0];
        let mut latents = sampler.add_noise(&picture, &noise.take(3));
        while !sampler.is_done() {
            let timestep = sampler.timestep();
            prop_assert!(timestep.is_finite());
            let output: Vec<f32> = sampler.scale_input(&latents).iter().map(|latent| latent.tanh()).collect();
            sampler.step(&output, &mut latents, &mut |values| noise.fill(values));
            prop_assert!(latents.iter().chain(sampler.predicted_clean()).all(|value| value.is_finite()), "{latents:?}");
        }
    }

    #[test]
    fn no_text_is_a_panic(text in r#"(\{|\}|"|:|,|\\|Infinity|-|NaN|_class_name|DDIMScheduler|é|[0-9]){0,30}"#) {
        let _ = SchedulerConfig::from_json(&text);
    }
}
