//! The pipeline as a whole: what every picture keeps, whatever was asked.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::{LazyLock, Mutex};

use image::{Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;
use serde_json::Value;

use super::brief::{Background, Brief, Painted};
use super::layout::{Layout, badge_zone, of};
use super::text::{Title, Typesetter};
use super::{Draft, composite};
use crate::{
    Aspect, Error, Observer, Output, OutputFormat, Photo, Pipeline, Request, Silent, Stage, Step,
    ThumbnailRequest, ThumbnailSpec,
};

/// The worst ground for a title: stripes of every brightness and hue.
struct Stripes;

impl Background for Stripes {
    fn paint(&mut self, brief: &Brief, observer: &mut dyn Observer) -> Result<Painted, Error> {
        let pixels = stripes(brief.width, brief.height);
        for number in 0..4 {
            let step = Step { fraction: number as f32 / 4.0, steps: (number, 4), ..Step::begin() };
            if observer.step(step).is_break() {
                return Err(Error::Cancelled);
            }
        }
        let ignored = brief.style.to_vec();
        let palette = vec![[20, 30, 60], [200, 190, 180]];
        let (name, painter, made_by) = ("stripes".to_owned(), "stripes".to_owned(), "a test".to_owned());
        Ok(Painted { pixels, name, painter, made_by, palette, accent: [240, 90, 40], ignored })
    }
}

fn stripes(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let band = (x / 23 + y / 31) % 4;
        Rgb([[0, 0, 0], [255, 255, 255], [230, 60, 30], [90, 140, 220]][band as usize])
    })
}

fn spec() -> ThumbnailSpec {
    ThumbnailSpec {
        subject: "bread".to_owned(),
        title: Some("The bread 7 people love".to_owned()),
        count: 1,
        ..ThumbnailSpec::default()
    }
}

fn request(spec: ThumbnailSpec, photo: Option<Photo>) -> Request {
    Request::Thumbnail(ThumbnailRequest::new(spec, photo).unwrap())
}

fn draft() -> Draft {
    Draft::with_background(Box::new(Stripes))
}

fn settings(output: &Output) -> Value {
    serde_json::from_str(&output.settings).unwrap()
}

fn photo(clear: bool) -> Photo {
    let pixels = RgbaImage::from_fn(300, 400, |x, y| {
        let inside = (x as f32 - 150.0).powi(2) + (y as f32 - 220.0).powi(2) < 120.0 * 120.0;
        Rgba([220, 150, (x % 255) as u8, if inside || !clear { 255 } else { 0 }])
    });
    Photo { pixels }
}

#[test]
fn contrast_is_readable_over_every_layout() {
    let mut typesetter = Typesetter::new();
    for aspect in Aspect::ALL {
        let (width, height) = aspect.size();
        let ground = composite::canvas(&stripes(width, height)).unwrap();
        for (number, layout) in of(aspect).iter().enumerate() {
            for seed in [number as u64, number as u64 + 41] {
                let mut canvas = ground.clone();
                let set = typesetter
                    .set(&mut canvas, &title("The bread 7 people love", layout, aspect, seed))
                    .unwrap();
                assert!(set.contrast.unwrap() >= 4.5, "{aspect:?} {} {seed}: {set:?}", layout.name);
            }
        }
    }
}

fn title<'a>(text: &'a str, layout: &Layout, aspect: Aspect, seed: u64) -> Title<'a> {
    let (width, height) = aspect.size();
    Title {
        text,
        style: &[],
        frame: layout.title.pixels(width, height),
        align: layout.align,
        anchor: layout.anchor,
        on_panel: false,
        palette: &[[20, 30, 60]],
        accent: [240, 90, 40],
        seed,
    }
}

/// Sets `text` on every kind of layout and holds what was drawn against the box and the badge.
fn keeps_its_box(typesetter: &mut Typesetter, text: &str, aspect: Aspect, layout: &Layout, seed: u64) {
    let (width, height) = aspect.size();
    let mut canvas = composite::canvas(&RgbImage::from_pixel(width, height, Rgb([90, 110, 130]))).unwrap();
    let title = title(text, layout, aspect, seed);
    let Some(set) = typesetter.set(&mut canvas, &title) else { return };
    let [left, top, right, bottom] = set.bounds;
    let frame = title.frame;
    let slack = 1.5;
    assert!(left >= frame.x - slack && top >= frame.y - slack, "{text:?} {} {set:?}", layout.name);
    assert!(right <= frame.x + frame.w + slack && bottom <= frame.y + frame.h + slack, "{text:?} {set:?}");
    let Some(letters) = set.letters else { return };
    for (at, _) in letters.data().iter().enumerate().filter(|(_, value)| **value > 0) {
        let (x, y) = ((at as u32 % width) as f32, (at as u32 / width) as f32);
        assert!(
            x + 1.0 >= left - slack && x <= right + slack && y + 1.0 >= top - slack && y <= bottom + slack
        );
        if let Some(badge) = badge_zone(aspect) {
            assert!(x < badge.x || y < badge.y, "{text:?} is in the badge");
        }
    }
}

#[test]
fn hard_titles_keep_their_box() {
    let mut typesetter = Typesetter::new();
    let long = "wonderful ".repeat(12);
    let texts = [
        "A",
        "i",
        "Supercalifragilisticexpialidocious",
        &long[..120],
        &"W".repeat(120),
        "نان تازه در خانه: چگونه در ۵ دقیقه بهترین نان را بپزیم",
        "איך לאפות לחם BREAD בבית",
        "घर की ताज़ी रोटी कैसे बनाएं",
        "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷👍🏽",
        "a\nb\nc",
        "…",
        "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0",
        "\u{202e}reversed\u{202c} \u{200f}x",
        "ﷺ",
        "Z̷̧̢̛͓͖̲͙͉̦͓̖͐̈́̈́a̸l̷g̴o̶",
    ];
    for (number, text) in texts.into_iter().enumerate() {
        for aspect in [Aspect::Wide, Aspect::Tall] {
            // Every third layout, another third for each text.
            for (seed, layout) in of(aspect).iter().enumerate().skip(number % 3).step_by(3) {
                keeps_its_box(&mut typesetter, text, aspect, layout, seed as u64);
            }
        }
    }
}

/// Loading the fonts of the system takes longer than a title.
static TYPESETTER: LazyLock<Mutex<Typesetter>> = LazyLock::new(|| Mutex::new(Typesetter::new()));

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_title_keeps_its_box(text in "\\PC{1,120}", blanks in "[a-zA-Zа-яא-תء-ي \\n]{1,120}", seed in any::<u64>()) {
        let mut typesetter = TYPESETTER.lock().unwrap();
        let aspect = Aspect::ALL[(seed % 4) as usize];
        let layouts = of(aspect);
        let layout = &layouts[(seed / 4 % layouts.len() as u64) as usize];
        keeps_its_box(&mut typesetter, if seed.is_multiple_of(3) { &text } else { &blanks }, aspect, layout, seed);
    }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    for (photo, format) in [(None, OutputFormat::Jpeg), (Some(photo(true)), OutputFormat::Png)] {
        let request = request(ThumbnailSpec { count: 3, seed: u64::MAX, format, ..spec() }, photo);
        let mut warm = draft();
        let first = warm.run(&request, &mut Silent).unwrap();
        assert_eq!(first, warm.run(&request, &mut Silent).unwrap());
        assert_eq!(first, draft().run(&request, &mut Silent).unwrap());
    }
}

#[test]
fn every_variant_can_be_made_alone() {
    let many =
        draft().run(&request(ThumbnailSpec { count: 8, seed: 5, ..spec() }, None), &mut Silent).unwrap();
    let layouts: BTreeSet<_> = many.iter().map(|output| settings(output)["layout"].to_string()).collect();
    assert_eq!(layouts.len(), 8, "{layouts:?}");
    let alone =
        draft().run(&request(ThumbnailSpec { seed: many[6].seed, ..spec() }, None), &mut Silent).unwrap();
    assert_eq!(alone[0], many[6]);
}

#[test]
fn every_kind_of_request_gives_its_picture() {
    for aspect in Aspect::ALL {
        for (number, photo) in (0..).zip([None, Some(photo(false)), Some(photo(true))]) {
            for title in [None, Some("Bread 🔥".to_owned())] {
                let spec = ThumbnailSpec { aspect, title, count: 2, seed: number, ..spec() };
                for output in draft().run(&request(spec.clone(), photo.clone()), &mut Silent).unwrap() {
                    assert_eq!((output.width, output.height), aspect.size());
                    assert!(output.bytes.len() < 2_000_000);
                    let settings = settings(&output);
                    assert_eq!(settings["title"].is_null(), spec.title.is_none());
                    assert_eq!(settings["photo"].is_null(), photo.is_none());
                }
            }
        }
    }
}

#[test]
fn settings_travel_in_the_file_and_make_the_picture_again() {
    let style = ["elegant", "glorbish", "big title"].map(str::to_owned).to_vec();
    let spec = ThumbnailSpec { style, title: Some("Brot — نان".to_owned()), ..spec() };
    let output = draft().run(&request(spec.clone(), None), &mut Silent).unwrap().remove(0);
    assert_eq!(crate::read_settings(&output.bytes).as_deref(), Some(output.settings.as_str()));
    let settings = settings(&output);
    assert_eq!((&settings["algorithm"], &settings["made_by"]), (&"stripes".into(), &"a test".into()));
    assert_eq!(settings["ignored"], serde_json::json!(["glorbish"]));
    assert_eq!(settings["title"]["system_fonts"], false);
    let again: ThumbnailSpec = serde_json::from_value(settings["request"].clone()).unwrap();
    assert_eq!(again, spec);
}

#[test]
fn size_words_change_the_size() {
    let size = |word: &str| {
        let spec = ThumbnailSpec { style: vec![word.to_owned()], title: Some("Hi".to_owned()), ..spec() };
        let output = draft().run(&request(spec, None), &mut Silent).unwrap().remove(0);
        settings(&output)["title"]["em_px"].as_u64().unwrap()
    };
    assert!(size("small title") < size("warm") && size("warm") < size("big title"));
}

/// Stops at the report of this number and remembers all of them.
struct Stopper {
    at: usize,
    steps: Vec<Step>,
    previews: usize,
}

impl Observer for Stopper {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        self.steps.push(step);
        if self.steps.len() > self.at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn preview(&mut self, _: u32, jpeg: Vec<u8>, _: std::time::Duration) {
        assert!(image::load_from_memory(&jpeg).unwrap().width() <= 320);
        self.previews += 1;
    }
}

#[test]
fn progress_never_falls_and_every_report_can_stop() {
    let request = request(ThumbnailSpec { count: 2, ..spec() }, None);
    let mut all = Stopper { at: usize::MAX, steps: Vec::new(), previews: 0 };
    draft().run(&request, &mut all).unwrap();
    assert!(all.steps.windows(2).all(|pair| pair[0].fraction <= pair[1].fraction));
    assert_eq!(all.steps.last().map(|step| step.fraction), Some(1.0));
    assert_eq!(all.previews, 4);
    assert!(all.steps.iter().any(|step| step.steps == (3, 4)), "the background's steps are passed on");
    for stage in [Stage::Prepare, Stage::Background, Stage::Subject, Stage::Title, Stage::Encode] {
        assert!(all.steps.iter().any(|step| step.stage == stage), "{stage:?}");
    }
    for at in 0..all.steps.len() {
        let mut stopper = Stopper { at, steps: Vec::new(), previews: 0 };
        assert_eq!(draft().run(&request, &mut stopper), Err(Error::Cancelled));
        assert_eq!(stopper.steps.len(), at + 1);
    }
}
