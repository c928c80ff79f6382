//! Whole runs against diffusers' pipelines: `models/fixtures/make_pipeline.py`.

mod previews;

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use image::RgbImage;
use serde::Deserialize;

use super::*;
use crate::{Error, checkpoint::Checkpoint, device::Placement, sampler::SamplerKind};

/// Largest ‖ours − theirs‖ / ‖theirs‖ of latents after a run.
const LATENTS: f64 = 1e-3;
/// Smallest peak signal-to-noise ratio of a picture, in dB.
const PICTURE_DB: f64 = 50.0;
const BUDGET: u64 = 1 << 30;

#[derive(Debug, Deserialize)]
struct Case {
    name: String,
    checkpoint: String,
    sampler: Option<SamplerKind>,
    steps: u32,
    guidance: f64,
    rescale: f64,
    clip_skip: u32,
    strength: Option<f64>,
    init: bool,
    mask: bool,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn model(name: &str) -> StableDiffusion {
    model_within(name, BUDGET)
}

fn model_within(name: &str, budget: u64) -> StableDiffusion {
    let checkpoint = Checkpoint::open(&fixtures().join("checkpoint").join(name)).unwrap();
    StableDiffusion::load(&checkpoint, &[], &Placement::cpu(), budget).unwrap()
}

fn picture(name: &str) -> image::DynamicImage {
    image::open(fixtures().join("pipeline").join(name)).unwrap()
}

fn spec() -> GenerationSpec {
    GenerationSpec {
        prompt: "a cat on the thing".to_owned(),
        negative: "the hat".to_owned(),
        width: 72,
        height: 64,
        steps: 10,
        guidance: 5.0,
        ..GenerationSpec::default()
    }
}

fn generation(case: &Case) -> Generation {
    let spec = GenerationSpec {
        steps: case.steps,
        guidance: case.guidance,
        guidance_rescale: case.rescale,
        clip_skip: case.clip_skip,
        sampler: case.sampler,
        strength: case.strength.unwrap_or(1.0),
        ..spec()
    };
    let sources = Sources {
        init: case.init.then(|| picture("init.png").into_rgb8()),
        mask: case.mask.then(|| picture("mask.png").into_luma8()),
        calm: None,
    };
    Generation::new(spec, sources).unwrap()
}

fn go_on(_: Moment<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn relative(ours: &[f32], theirs: &[f32]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
    let difference = norm(&mut ours.iter().zip(theirs).map(|(a, b)| f64::from(*a) - f64::from(*b)));
    difference / norm(&mut theirs.iter().copied().map(f64::from))
}

fn decibels(ours: &RgbImage, theirs: &RgbImage) -> f64 {
    assert_eq!(ours.dimensions(), theirs.dimensions());
    let squares: f64 =
        ours.as_raw().iter().zip(theirs.as_raw()).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * ours.as_raw().len() as f64 / squares.max(1e-9)).log10()
}

#[test]
fn runs_are_those_of_diffusers() {
    let cases: Vec<Case> =
        serde_json::from_slice(&std::fs::read(fixtures().join("pipeline/cases.json")).unwrap()).unwrap();
    assert!(cases.len() > 20, "the fixture is whole");
    let mut wrong = Vec::new();
    for case in &cases {
        let file = fixtures().join("pipeline").join(format!("{}.safetensors", case.name));
        let injected = Injected {
            latents: Some(read_latents(&file, "first").unwrap()),
            noise: read_values(&file, "noise").ok(),
        };
        let painted = model(&case.checkpoint).paint(&generation(case), &injected, &mut go_on).unwrap();
        let latents = relative(&painted[0].latents.values, &read_values(&file, "latents").unwrap());
        let mut theirs = picture(&format!("{}.png", case.name)).into_rgb8();
        if case.mask {
            // What is kept is put back to the byte here; there it went through the autoencoder.
            let (init, mask) = (picture("init.png").into_rgb8(), picture("mask.png").into_luma8());
            theirs = super::picture::pasted(&theirs, &init, &mask);
        }
        let decibels = decibels(&painted[0].picture, &theirs);
        if latents.is_nan() || latents > LATENTS || decibels < PICTURE_DB {
            wrong.push(format!("{}: latents {latents:.2e}, picture {decibels:.1} dB", case.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_single_file_paints_the_same_bytes() {
    for name in ["sd1", "sdxl"] {
        let [folder, file] = [name.to_owned(), format!("{name}.safetensors")].map(|name| {
            // The single file brings no tokenizer, and the fixture's vocabulary is not CLIP's.
            let mut model = model(&name);
            model.text = self::model(name.trim_end_matches(".safetensors")).text;
            let generation = Generation::new(spec(), Sources::default()).unwrap();
            model.paint(&generation, &Injected::default(), &mut go_on).unwrap().remove(0).picture
        });
        assert_eq!(folder, file, "{name}");
    }
}

#[test]
fn a_seed_paints_the_same_alone_and_in_company() {
    let model = model("sd1");
    let paint = |seed, count| {
        let spec = GenerationSpec { seed, count, sampler: Some(SamplerKind::EulerAncestral), ..spec() };
        let generation = Generation::new(spec, Sources::default()).unwrap();
        model.paint(&generation, &Injected::default(), &mut go_on).unwrap()
    };
    let together = paint(7, 3);
    assert!(decibels(&together[2].picture, &paint(9, 1)[0].picture) > PICTURE_DB);
    assert!(decibels(&together[1].picture, &together[2].picture) < 40.0, "seeds differ");
}

#[test]
fn many_seeds_are_painted_in_one_forward() {
    let model = model("sd1");
    let forwards = |count| {
        let (mut ticks, mut done) = (0, false);
        let generation =
            Generation::new(GenerationSpec { count, steps: 2, ..spec() }, Sources::default()).unwrap();
        let painted = model.paint(&generation, &Injected::default(), &mut |moment| {
            done |= matches!(moment, Moment::Decode { .. });
            ticks += u32::from(!done && matches!(moment, Moment::Tick));
            ControlFlow::Continue(())
        });
        (painted.unwrap().len() as u32, ticks)
    };
    let (one, many) = (forwards(1), forwards(3));
    assert_eq!((one.0, many.0), (1, 3));
    assert_eq!(one.1, many.1, "as many blocks were run");
}

#[test]
fn a_picture_beyond_the_budget_is_decoded_in_tiles() {
    let paint = |budget| {
        let generation = Generation::new(spec(), Sources::default()).unwrap();
        let model = model_within("sd1", budget);
        model.paint(&generation, &Injected::default(), &mut go_on).unwrap().remove(0).picture
    };
    // 8 channels at 72×64 pixels, three times, in f32.
    let needed = 3 * 8 * 72 * 64 * 4;
    let whole = paint(needed);
    assert_eq!(whole, paint(u64::MAX));
    let tiled = paint(needed - 1);
    assert_ne!(whole, tiled);
    assert!(decibels(&whole, &tiled) > 10.0, "it is the same picture");
}

#[test]
fn a_unet_that_left_comes_back() {
    let model = model("sd1");
    let generation = Generation::new(GenerationSpec { steps: 2, ..spec() }, Sources::default()).unwrap();
    let paint = || model.paint(&generation, &Injected::default(), &mut go_on).unwrap().remove(0).picture;
    let before = paint();
    let in_use = model.unet.get().unwrap();
    assert!(!model.unet.let_go(), "another run works with it");
    drop(in_use);
    assert!(model.unet.let_go());
    assert_eq!(paint(), before);
    assert_eq!(model.unet.droppable_bytes(), 0, "on a processor nothing is gained");
}

#[test]
fn every_size_and_number_of_steps_is_painted() {
    let model = model("sd1");
    for (width, height, steps) in [(64, 64, 1), (64, 136, 2), (200, 72, 2), (64, 64, 150)] {
        let spec = GenerationSpec { width, height, steps, ..spec() };
        let painted = model.paint(
            &Generation::new(spec, Sources::default()).unwrap(),
            &Injected::default(),
            &mut go_on,
        );
        assert_eq!(painted.unwrap()[0].picture.dimensions(), (width, height));
    }
}

#[test]
fn two_passes_paint_the_large_size_and_count_all_steps() {
    let spec = GenerationSpec {
        width: 128,
        height: 128,
        two_pass: Some(TwoPass { scale: 0.5, strength: 0.5 }),
        ..spec()
    };
    let generation = Generation::new(spec, Sources::default()).unwrap();
    let mut steps = Vec::new();
    let painted = model("sd1").paint(&generation, &Injected::default(), &mut |moment| {
        if let Moment::Step(step) = moment {
            steps.push((step.number, step.total, step.latents.width));
        }
        ControlFlow::Continue(())
    });
    assert_eq!(painted.unwrap()[0].picture.dimensions(), (128, 128));
    let total = steps[0].1;
    assert_eq!(steps.iter().map(|step| step.0).collect::<Vec<_>>(), (1..=total).collect::<Vec<_>>());
    assert_eq!((steps[0].2, steps[total - 1].2), (32, 64), "small first, then large");
}

#[test]
fn calm_space_changes_its_side_only_roughly() {
    let model = model("sd1");
    let paint = |calm| {
        let generation = Generation::new(spec(), Sources { calm, ..Sources::default() }).unwrap();
        model.paint(&generation, &Injected::default(), &mut go_on).unwrap().remove(0).picture
    };
    let plain = paint(None);
    assert_eq!(paint(Some(image::GrayImage::new(72, 64))), plain, "nothing marked, nothing changed");
    let left = image::GrayImage::from_fn(72, 64, |x, _| image::Luma([if x < 36 { 255 } else { 0 }]));
    assert_ne!(paint(Some(left)), plain);
}

#[test]
fn a_stop_is_heard_at_every_moment() {
    let model = model("sd1");
    let generation = Generation::new(GenerationSpec { steps: 2, ..spec() }, Sources::default()).unwrap();
    let run = |stop_at: usize| {
        let mut heard = 0;
        let outcome = model.paint(&generation, &Injected::default(), &mut |_| {
            heard += 1;
            if heard > stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (heard, outcome)
    };
    let (moments, whole) = run(usize::MAX);
    assert!(whole.is_ok());
    for stop_at in 0..moments {
        let (heard, outcome) = run(stop_at);
        assert!(matches!(outcome, Err(Error::Cancelled)), "{stop_at}");
        assert_eq!(heard, stop_at + 1, "nothing goes on after a stop");
    }
}
