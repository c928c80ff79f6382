//! The samplers against diffusers, against their own rules, and against whatever a file may say.

mod golden;
mod properties;
mod rules;

use super::SchedulerConfig;

/// What Stable Diffusion 1.5 says about its noise, under another class.
fn stable_diffusion(class: &str, more: &str) -> SchedulerConfig {
    let text = format!(
        r#"{{"_class_name": "{class}", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
            "clip_sample": false, "skip_prk_steps": true, "steps_offset": 1 {more}}}"#
    );
    SchedulerConfig::from_json(&text).unwrap()
}
