//! What every background must keep, whatever it shows.

use std::{ops::ControlFlow, time::Duration};

use image::{Rgb, RgbImage, imageops};
use proptest::prelude::*;

use super::super::brief::{Background as _, Brief, CopySpace, Painted};
use super::lexicon::Scene;
use super::look::{self, Words};
use super::mood::Mood;
use super::noise::Dice;
use super::props::Prop;
use super::scenes::Family;
use super::{Procedural, paint};
use crate::{Error, Observer, Silent, Step};

const SIZES: [(u32, u32); 4] = [(1280, 720), (1080, 1920), (1080, 1080), (1080, 1350)];
const SPACES: [CopySpace; 6] = [
    CopySpace::Left,
    CopySpace::Right,
    CopySpace::Centre,
    CopySpace::Top,
    CopySpace::Bottom,
    CopySpace::Whole,
];

fn brief(subject: &str) -> Brief<'_> {
    Brief { subject, style: &[], palette: &[], width: 640, height: 360, copy_space: CopySpace::Left, seed: 7 }
}

fn painted(brief: &Brief<'_>) -> Painted {
    Procedural::new().paint(brief, &mut Silent).expect("nobody stops it")
}

fn plain() -> Words {
    Words { mood: Mood::none(), colours: Vec::new(), body: None }
}

fn scene(family: Family, prop: Option<Prop>, words: &Words, brief: &Brief<'_>) -> Painted {
    paint(Scene { family, prop }, words, brief, &mut Dice::new(brief.seed), &mut Silent)
        .expect("nobody stops it")
}

#[test]
fn the_same_brief_gives_the_same_pixels() {
    for subject in ["baking bread", "mountains", "unknown thing"] {
        let one = painted(&brief(subject));
        assert_eq!(one, painted(&brief(subject)), "{subject}");
        let other = painted(&Brief { seed: 8, ..brief(subject) });
        assert_ne!(one.pixels, other.pixels, "{subject}");
    }
}

#[test]
fn every_family_paints_every_size() {
    for family in Family::ALL {
        for (i, (width, height)) in SIZES.into_iter().enumerate() {
            let brief = Brief { width, height, copy_space: SPACES[i], ..brief("") };
            let painted = scene(family, None, &plain(), &brief);
            assert_eq!(painted.pixels.dimensions(), (width, height), "{family:?}");
            assert_eq!(painted.palette.len(), 5, "{family:?}");
            let first = painted.pixels.get_pixel(0, 0);
            assert!(painted.pixels.pixels().any(|pixel| pixel != first), "{family:?} is one colour");
        }
    }
}

#[test]
fn every_prop_stands_in_every_size() {
    for prop in Prop::ALL {
        for (i, (width, height)) in SIZES.into_iter().enumerate() {
            let brief = Brief { width: width / 3, height: height / 3, copy_space: SPACES[i], ..brief("") };
            let with = scene(Family::Mesh, Some(prop), &plain(), &brief);
            let without = scene(Family::Mesh, None, &plain(), &brief);
            assert_ne!(with.pixels, without.pixels, "{prop:?} cannot be seen");
        }
    }
}

#[test]
fn the_whole_copy_space_has_no_prop() {
    let brief = Brief { copy_space: CopySpace::Whole, ..brief("") };
    assert_eq!(
        scene(Family::Mesh, Some(Prop::Car), &plain(), &brief),
        scene(Family::Mesh, None, &plain(), &brief)
    );
}

/// Mean step of lightness to the pixel three to the right, over a part of the picture.
fn unrest(pixels: &RgbImage, from: f32, to: f32) -> f32 {
    let grey = imageops::grayscale(pixels);
    let (left, right) = ((from * grey.width() as f32) as u32, (to * grey.width() as f32) as u32 - 3);
    let mut sum = 0.0;
    let mut count = 0.0;
    for y in 0..grey.height() {
        for x in left..right {
            sum += f32::from(grey.get_pixel(x, y)[0].abs_diff(grey.get_pixel(x + 3, y)[0]));
            count += 1.0;
        }
    }
    sum / count
}

#[test]
fn the_copy_space_is_calmer_than_the_rest() {
    for family in Family::ALL {
        let left = scene(family, None, &plain(), &Brief { width: 1280, height: 720, ..brief("") });
        let (calm, rest) = (unrest(&left.pixels, 0.0, 0.5), unrest(&left.pixels, 0.62, 1.0));
        assert!(calm < rest, "{family:?}: {calm} in the copy space, {rest} outside");
    }
}

/// Stops the painter after some steps.
struct Stopper {
    at: u32,
    steps: u32,
    last: f32,
}

impl Observer for Stopper {
    fn step(&mut self, Step { fraction, .. }: Step) -> ControlFlow<()> {
        assert!((self.last..=1.0).contains(&fraction));
        self.last = fraction;
        self.steps += 1;
        if self.steps > self.at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn preview(&mut self, _: u32, _: Vec<u8>, _: Duration) {
        panic!("rules paint too fast for previews");
    }
}

#[test]
fn a_stop_is_heard_at_every_step() {
    for stop_at in 0..4 {
        let mut stopper = Stopper { at: stop_at, steps: 0, last: 0.0 };
        let outcome = Procedural::new().paint(&brief("city"), &mut stopper);
        assert_eq!(outcome, Err(Error::Cancelled));
        assert_eq!(stopper.steps, stop_at + 1);
    }
}

#[test]
fn words_that_say_nothing_are_reported() {
    let style = ["warm", "wibble", "less dark", "comic", "big title"].map(str::to_owned);
    let palette = ["teal", "flurb", "#12", "dark red", "warm"].map(str::to_owned);
    let painted = painted(&Brief { style: &style, palette: &palette, ..brief("bread") });
    assert_eq!(painted.ignored, ["wibble", "big title", "flurb", "#12"]);
}

fn mean(pixels: &RgbImage) -> [f32; 3] {
    let mut sum = [0.0; 3];
    for Rgb(pixel) in pixels.pixels() {
        for i in 0..3 {
            sum[i] += f32::from(pixel[i]);
        }
    }
    sum.map(|v| v / (pixels.width() * pixels.height()) as f32)
}

#[test]
fn moods_and_palettes_show() {
    let style = |words: &[&str], palette: &[&str]| {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let (style, palette) = (list(words), list(palette));
        mean(&painted(&Brief { style: &style, palette: &palette, ..brief("mountains") }).pixels)
    };
    let light = |rgb: [f32; 3]| rgb.iter().sum::<f32>();
    let warmth = |rgb: [f32; 3]| rgb[0] - rgb[2];
    assert!(light(style(&["dark"], &[])) < light(style(&["bright"], &[])));
    assert!(warmth(style(&["warm"], &[])) > warmth(style(&["cold"], &[])));
    let grey = style(&["black and white"], &[]);
    assert!((grey[0] - grey[2]).abs() < 3.0, "{grey:?}");
    let green = style(&[], &["green"]);
    assert!(green[1] > green[0] && green[1] > green[2], "{green:?}");
    let red = style(&[], &["dark red"]);
    assert!(red[0] > red[1] && red[0] > red[2], "{red:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_words_break_it(
        subject in "\\PC{0,60}",
        style in proptest::collection::vec("\\PC{0,20}", 0..4),
        palette in proptest::collection::vec("(#[0-9a-fA-F]{0,8}|\\PC{0,16})", 0..4),
        seed in any::<u64>(),
        space in 0..6_usize,
    ) {
        let brief = Brief {
            style: &style,
            palette: &palette,
            width: 96,
            height: 64,
            copy_space: SPACES[space],
            seed,
            ..brief(&subject)
        };
        prop_assert_eq!(painted(&brief).pixels.dimensions(), (96, 64));
    }
}

/// Small pictures of many briefs side by side.
fn sheet(name: &str, columns: u32, pictures: &[RgbImage]) {
    let (w, h) = pictures.iter().fold((1, 1), |(w, h), p| (w.max(p.width()), h.max(p.height())));
    let rows = (pictures.len() as u32).div_ceil(columns);
    let mut out = RgbImage::from_pixel(columns * (w + 6), rows * (h + 6), Rgb([24, 24, 24]));
    for (i, picture) in pictures.iter().enumerate() {
        let (column, row) = (i as u32 % columns, i as u32 / columns);
        imageops::replace(&mut out, picture, i64::from(column * (w + 6)), i64::from(row * (h + 6)));
    }
    out.save(std::env::temp_dir().join(name)).expect("the temporary folder takes a file");
}

fn small(painted: &Painted, width: u32) -> RgbImage {
    let height = painted.pixels.height() * width / painted.pixels.width();
    imageops::resize(&painted.pixels, width, height, imageops::FilterType::Triangle)
}

#[test]
#[ignore = "writes a contact sheet to look at"]
fn contact_sheet_of_families() {
    let mut pictures = Vec::new();
    for family in Family::ALL {
        for seed in [1, 2] {
            let copy_space = if seed == 1 { CopySpace::Left } else { CopySpace::Right };
            let brief = Brief { width: 1280, height: 720, copy_space, seed, ..brief("") };
            pictures.push(small(&scene(family, None, &plain(), &brief), 480));
        }
    }
    sheet("scenes-families-a.png", 4, &pictures[..24]);
    sheet("scenes-families-b.png", 4, &pictures[24..]);
}

#[test]
#[ignore = "writes a contact sheet to look at"]
fn contact_sheet_of_moods() {
    let mut pictures = Vec::new();
    let families = [Family::Mountains, Family::Skyline, Family::Tabletop, Family::Ribbons, Family::Studio];
    for family in families {
        for (style, palette) in [
            ("night", ""),
            ("pastel", ""),
            ("black and white", ""),
            ("warm", "brown"),
            ("neon", ""),
            ("stormy", ""),
            ("vintage", ""),
            ("", "teal and orange"),
            ("dark", "red"),
            ("winter", ""),
        ] {
            let (style, palette) = ([style.to_owned()], [palette.to_owned()]);
            let (words, _) = look::read(&style, &palette, &[], &|_| false);
            let brief = Brief { width: 1280, height: 720, ..brief("") };
            pictures.push(small(&scene(family, None, &words, &brief), 360));
        }
    }
    sheet("scenes-moods.png", 5, &pictures);
}

#[test]
#[ignore = "writes a contact sheet to look at"]
fn contact_sheet_of_props() {
    let mut pictures = Vec::new();
    for (i, prop) in Prop::ALL.into_iter().enumerate() {
        let family = [Family::Studio, Family::Tabletop, Family::Mesh, Family::Neon][i % 4];
        let brief =
            Brief { width: 1280, height: 720, copy_space: CopySpace::Left, seed: i as u64, ..brief("") };
        let whole = scene(family, Some(prop), &plain(), &brief).pixels;
        pictures.push(imageops::crop_imm(&whole, 640, 80, 640, 640).to_image());
    }
    sheet("scenes-props-a.png", 5, &pictures[..15]);
    sheet("scenes-props-b.png", 5, &pictures[15..]);
}

#[test]
#[ignore = "writes a contact sheet to look at"]
fn contact_sheet_of_subjects_and_shapes() {
    let subjects = [
        "baking sourdough bread",
        "red sports car",
        "gaming",
        "learn rust programming",
        "football",
        "halloween",
        "guitar",
        "camping",
        "invest money",
        "travel",
        "history of rome",
        "my cat",
    ];
    let wide: Vec<RgbImage> = subjects
        .iter()
        .map(|s| small(&painted(&Brief { width: 1280, height: 720, ..brief(s) }), 560))
        .collect();
    sheet("scenes-subjects.png", 3, &wide);
    let mut shapes = Vec::new();
    for (i, subject) in subjects.iter().take(6).enumerate() {
        for (width, height) in SIZES {
            let brief = Brief { width, height, copy_space: SPACES[i], ..brief(subject) };
            shapes.push(small(&painted(&brief), 300));
        }
    }
    sheet("scenes-shapes.png", 8, &shapes);
}

#[test]
#[ignore = "prints how long each family takes"]
fn time_of_each_family() {
    for family in Family::ALL {
        let brief = Brief { width: 1280, height: 720, ..brief("") };
        let start = std::time::Instant::now();
        for seed in 0..5 {
            scene(family, Some(Prop::Bread), &plain(), &Brief { seed, ..brief });
        }
        println!("{:>14} {:6.1} ms", family.name(), start.elapsed().as_secs_f32() * 200.0);
    }
}
