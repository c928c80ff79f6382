//! The built-in model as it is shipped.

use std::{
    ops::ControlFlow,
    sync::{Arc, LazyLock},
};

use candle_core::{DType, Device};
use image::{GrayImage, Luma, Rgb, RgbImage};
use serde_json::Value;

use super::{model::native, *};
use crate::{
    Error, Observer, Output, Pipeline, Request, Silent, Stage, Step, ThumbnailRequest, ThumbnailSpec,
    device::Placement,
    diffusion::{
        Generation, GenerationSpec, Injected, Latents, Sources,
        fixture::{Fixture, distance},
    },
    thumbnail::Draft,
};

/// Loaded once for all tests. A few steps show what they look at.
static MODEL: LazyLock<Arc<BuiltIn>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let place = unpack(folder.path()).unwrap();
    // Mapped files stay readable after the folder is gone.
    BuiltIn::load(&place, &[], &Placement::cpu(), u64::MAX).unwrap()
});

fn quick() -> GenerationSpec {
    let (width, height) = usual_size();
    GenerationSpec {
        prompt: "mountains at dawn, a dragon".to_owned(),
        width,
        height,
        steps: 2,
        guidance: GUIDANCE,
        seed: 7,
        ..GenerationSpec::default()
    }
}

fn paint(spec: GenerationSpec, sources: Sources) -> Vec<Output> {
    let request = Request::Image(Generation::new(spec, sources).unwrap());
    Painter::new(MODEL.clone(), &[], 0.0).run(&request, &mut Silent).unwrap()
}

fn pixels(output: &Output) -> RgbImage {
    image::load_from_memory(&output.bytes).unwrap().to_rgb8()
}

fn settings(output: &Output) -> Value {
    serde_json::from_str(&output.settings).unwrap()
}

#[test]
fn shapes_keep_the_trained_area() {
    for (asked, painted) in [
        ((1280, 720), (320, 192)),
        ((640, 384), (320, 192)),
        ((1080, 1920), (192, 320)),
        ((1080, 1080), (256, 256)),
        ((1080, 1350), (224, 288)),
        ((64, 2048), (64, 1408)),
    ] {
        assert_eq!(native(asked.0, asked.1), painted, "{asked:?}");
    }
}

#[test]
fn the_manifest_is_of_what_is_inside() {
    let manifest = manifest();
    assert!(manifest.is_verified());
    assert_eq!((manifest.name.as_str(), manifest.source.as_str()), (NAME, SUMMARY));
    let folder = tempfile::tempdir().unwrap();
    let place = unpack(folder.path()).unwrap();
    let mut measured = manifest.clone();
    measured.measure(&place, |_| ()).unwrap();
    assert_eq!(measured, manifest);
    let largest = manifest.files.values().map(|sum| sum.bytes).max().unwrap();
    assert!(largest < 16 << 20 && manifest.bytes < 40 << 20, "{largest} of {}", manifest.bytes);
}

#[test]
fn a_picture_from_words() {
    let one = &paint(quick(), Sources::default())[0];
    assert_eq!(pixels(one).dimensions(), (640, 384));
    let settings = settings(one);
    assert_eq!(settings["scene"], "mountains, dawn");
    assert_eq!(settings["ignored"], serde_json::json!(["dragon"]));
    let made_by = settings["made_by"].as_str().unwrap();
    assert!(made_by.contains("built-in tiny model") && made_by.contains("procedural scenes"), "{made_by}");
    // One of several comes out the same alone, in another size too.
    let spec = GenerationSpec { width: 200, height: 200, prompt: "bread".into(), ..quick() };
    let two = paint(GenerationSpec { count: 2, ..spec.clone() }, Sources::default());
    let alone = paint(GenerationSpec { seed: 8, ..spec }, Sources::default());
    assert_eq!(two[1], alone[0]);
    assert_ne!(two[0].bytes, two[1].bytes);
    assert_eq!(pixels(&two[0]).dimensions(), (200, 200));
}

#[test]
fn a_picture_from_a_picture_and_within_a_mask() {
    let init = RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, 90]));
    let fresh = pixels(&paint(quick(), Sources::default())[0]);
    let sources = Sources { init: Some(init), ..Sources::default() };
    let changed = pixels(&paint(GenerationSpec { strength: 0.5, steps: 4, ..quick() }, sources)[0]);
    assert_eq!(changed.dimensions(), (640, 384));
    assert_ne!(changed, fresh);

    let mask = GrayImage::from_fn(640, 384, |x, _| Luma([if x < 320 { 0 } else { 255 }]));
    let kept = RgbImage::from_fn(640, 384, |x, y| Rgb([x as u8, y as u8, 90]));
    let sources = Sources { init: Some(kept.clone()), mask: Some(mask), calm: None };
    let inpainted = pixels(&paint(quick(), sources)[0]);
    let same = |x: u32| (0..384).all(|y| inpainted.get_pixel(x, y) == kept.get_pixel(x, y));
    assert!((0..320).all(same), "what was to be kept is kept to the byte");
    assert!(!(320..640).all(same));
}

/// `models/tiny/train/fixture.py` asks diffusers the same.
#[test]
fn a_whole_run_is_the_one_of_diffusers() {
    let fixture = Fixture::open("built_in");
    for (number, caption) in
        ["mountains, blue, dawn, misty", "city, navy, copy space on the right, night, clear"]
            .iter()
            .enumerate()
    {
        let latents = Latents::from_tensor(&fixture.run(&format!("noise.{number}"))).unwrap();
        let spec = GenerationSpec {
            prompt: (*caption).to_owned(),
            width: 160,
            height: 96,
            steps: 8,
            guidance: 3.0,
            ..GenerationSpec::default()
        };
        let generation = Generation::new(spec, Sources::default()).unwrap();
        let injected = Injected { latents: Some(latents), noise: None };
        let painted = MODEL.model.paint(&generation, &injected, &mut |_| ControlFlow::Continue(())).unwrap();
        let found = painted[0].latents.to_tensor(&Device::Cpu, DType::F32).unwrap();
        let apart = distance(&found, &fixture.run(&format!("latents.{number}")));
        assert!(apart < 1e-3, "{caption}: {apart:e}");
    }
}

#[test]
fn previews_have_its_own_colours() {
    let (red, blue) = (Rgb([200, 40, 40]), Rgb([40, 60, 200]));
    let picture = RgbImage::from_fn(128, 64, |x, _| if x < 64 { red } else { blue });
    let latents = MODEL.model.encode(&picture, &mut |_| ControlFlow::Continue(())).unwrap();
    let preview = MODEL.model.preview(&latents).unwrap();
    let [left, right] = [3, 12].map(|x| preview.get_pixel(x, 4).0);
    assert!(left[0] > left[2] && right[2] > right[0], "{left:?} and {right:?}");
}

#[test]
fn a_thumbnail_says_what_it_is() {
    let spec = ThumbnailSpec {
        subject: "baking sourdough".to_owned(),
        title: Some("CRUST!".to_owned()),
        palette: vec!["warm".to_owned()],
        style: vec!["big title".to_owned()],
        seed: 3,
        count: 1,
        ..ThumbnailSpec::default()
    };
    let request = Request::Thumbnail(ThumbnailRequest::new(spec, None).unwrap());
    let mut draft = Draft::over_built_in(MODEL.clone(), quick(), 0.0);
    let mut heard = Vec::new();
    let made = draft.run(&request, &mut Listening(&mut heard)).unwrap().remove(0);
    assert_eq!((made.width, made.height, made.media_type), (1280, 720, "image/jpeg"));
    let settings = settings(&made);
    assert_eq!(settings["algorithm"], THUMBNAILS);
    assert_eq!(
        settings["made_by"],
        "background by the built-in tiny model (10 M parameters, trained on procedural scenes), the rest by rules"
    );
    assert_eq!(settings["ignored"], serde_json::json!(["baking sourdough"]), "a big title is set by rules");
    assert!(settings["scene"].as_str().unwrap().contains("coral"), "{settings}");
    // Nearly all of the time is the background's, and what is told of it says so.
    assert!(heard.is_sorted_by(|one, other| one.fraction <= other.fraction));
    assert!(heard.iter().any(|step| step.steps == (2, 2)));
    let subject = heard.iter().find(|step| step.stage == Stage::Subject).unwrap();
    assert!(subject.fraction >= 0.9, "{}", subject.fraction);
    assert_eq!(draft.run(&request, &mut Silent).unwrap()[0], made, "the same seed, the same file");
}

struct Listening<'a>(&'a mut Vec<Step>);

impl Observer for Listening<'_> {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        self.0.push(step);
        ControlFlow::Continue(())
    }

    fn preview(&mut self, _: u32, _: Vec<u8>, _: std::time::Duration) {}
}

#[test]
fn it_stops_when_it_is_told() {
    struct Stop(u32);
    impl Observer for Stop {
        fn step(&mut self, step: Step) -> ControlFlow<()> {
            self.0 = step.steps.0;
            if self.0 > 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
        fn preview(&mut self, _: u32, _: Vec<u8>, _: std::time::Duration) {}
    }
    let request = Request::Image(Generation::new(quick(), Sources::default()).unwrap());
    let mut stop = Stop(0);
    assert_eq!(Painter::new(MODEL.clone(), &[], 0.0).run(&request, &mut stop), Err(Error::Cancelled));
    assert_eq!(stop.0, 1);
}
