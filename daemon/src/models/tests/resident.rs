//! Installed models in memory, with what was merged into them.

use std::{
    ops::ControlFlow,
    sync::{Arc, Weak},
    time::Duration,
};

use atelier_models::{
    Error, Observer, Request, Silent, Step,
    device::DeviceChoice,
    diffusion::{Generation, GenerationSpec, Sources},
};

use super::*;
use crate::{
    catalogue::Defaults,
    clock::{Clock, Timestamp},
    config::Config,
    engine::{
        DIFFUSION, Recipe,
        residency::{Library as _, Loaded, ModelKey, Residency, ResidencyConfig, Role},
    },
    jobs::job::Kind,
    metrics::Metrics,
    models::Painters,
};

/// The tiny checkpoint and a LoRA for it, installed.
fn studio() -> (tempfile::TempDir, Painters) {
    let data = tempfile::tempdir().unwrap();
    let mut config = Config { data: data.path().to_owned(), ..Config::default() };
    config.models.device = DeviceChoice::Cpu;
    let library = Library::new(config.models.folder(&config.data), u64::MAX);
    let named = |name: &str| Wish { name: Some(name.to_owned()), ..Wish::default() };
    library.add(&fixture("sd1"), &named("tiny"), &mut |_, _| {}).unwrap();
    let lora = data.path().join("lora.safetensors");
    write_wrapped(&lora);
    library.add(&lora, &named("style"), &mut |_, _| {}).unwrap();
    (data, Painters::new(&config))
}

fn residency(painters: Painters, budget: u64) -> (Residency, Metrics) {
    let config = ResidencyConfig { memory_budget_bytes: budget, keep_alive_s: 60, pinned: Vec::new() };
    let metrics = Metrics::new("0");
    let clock = Clock::manual(Timestamp::from_millis(0));
    (Residency::new(&config, Arc::new(painters), clock, metrics.clone()), metrics)
}

fn paint(residency: &Residency, key: &str, observer: &mut dyn Observer) -> Result<Vec<u8>, Error> {
    let lease = residency.lend(&key.parse().unwrap(), &mut Silent)?;
    let recipe = Recipe {
        kind: Kind::Image,
        pipeline: DIFFUSION.to_owned(),
        model: "tiny".to_owned(),
        defaults: Defaults::default(),
    };
    let spec = GenerationSpec {
        prompt: "a cat".to_owned(),
        width: 64,
        height: 64,
        steps: 2,
        ..GenerationSpec::default()
    };
    let request = Request::Image(Generation::new(spec, Sources::default())?);
    let mut pipeline = lease.model().unwrap().pipeline(&recipe)?;
    Ok(pipeline.run(&request, observer)?.remove(0).bytes)
}

#[test]
fn a_lora_makes_another_model_and_leaves_no_trace() {
    let (_kept, painters) = studio();
    let bytes = painters.load(&"tiny".into()).unwrap().bytes();
    let merged = bytes + 4 * 8 * 8;
    let installed = painters.installed();
    let style = installed.iter().find(|model| model.name == "style").unwrap();
    assert_eq!((&style.role, style.memory_bytes), (&Role::Lora { base: None }, 4 * 8 * 8));
    let tiny = installed.iter().find(|model| model.name == "tiny").unwrap();
    // One of them fits at a time, by what their files say and by what they take.
    let budget = tiny.memory_bytes + style.memory_bytes;
    assert!(budget < bytes + merged);
    let (residency, metrics) = residency(painters, budget);
    let plain = paint(&residency, "tiny", &mut Silent).unwrap();
    let styled = paint(&residency, "tiny+style:0.8", &mut Silent).unwrap();
    assert_ne!(plain, styled);
    assert_eq!(residency.at_hand(), ["tiny+style:0.8".to_owned()].into());
    assert_eq!(residency.standing().rows[0].bytes, merged);
    assert_eq!(paint(&residency, "tiny", &mut Silent).unwrap(), plain, "unmerged by loading without it");
    assert_ne!(paint(&residency, "tiny+style:-0.8", &mut Silent).unwrap(), styled);
    let text = metrics.text().unwrap();
    let swaps = "atelier_model_loads_total{outcome=\"loaded\",swap=\"yes\"} 3";
    assert!(text.contains(swaps), "{text}");
}

#[test]
fn a_stopped_run_frees_its_model() {
    /// Stops at the first denoising step and keeps no model alive.
    struct Stop(u32);
    impl Observer for Stop {
        fn step(&mut self, step: Step) -> ControlFlow<()> {
            assert!(self.0 == 0, "nothing goes on after a stop");
            self.0 = step.steps.0;
            if self.0 > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
        fn preview(&mut self, _: u32, _: Vec<u8>, _: Duration) {}
    }
    let (_kept, painters) = studio();
    let (residency, _) = residency(painters, u64::MAX);
    let key = ModelKey::from("tiny");
    let model: Weak<dyn Loaded> = {
        let lease = residency.lend(&key, &mut Silent).unwrap();
        Arc::downgrade(&lease.model().unwrap())
    };
    assert_eq!(paint(&residency, "tiny", &mut Stop(0)).unwrap_err(), Error::Cancelled);
    assert!(model.upgrade().is_some(), "it stays for the next job");
    assert_eq!(residency.unload("tiny"), Ok(true));
    assert!(model.upgrade().is_none(), "and nothing holds it");
}
