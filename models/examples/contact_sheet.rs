//! Renders a grid of thumbnails to look at: `contact_sheet OUT.png ASPECT [PHOTO | -] [FIRST_SEED] [STYLE,…] [TITLE…]`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for the eyes of developers")]

use atelier_models::thumbnail::Draft;
use atelier_models::{
    Aspect, OutputFormat, Photo, PhotoLimits, Pipeline, Request, Silent, ThumbnailRequest, ThumbnailSpec,
};
use image::{Rgb, RgbImage, imageops};

const TITLES: [&str; 12] = [
    "CRUST!",
    "I Built a House in 7 Days",
    "The Truth About Sourdough Nobody Tells You",
    "Why your bread fails",
    "نان تازه در ۵ دقیقه",
    "איך לאפות לחם",
    "घर की ताज़ी रोटी",
    "Свежий хлеб за 5 минут",
    "Φρέσκο ψωμί",
    "🔥 BEST pizza 🍕 ever",
    "Donaudampfschifffahrtsgesellschaft",
    "iPhone 17 مقابل Pixel",
];

fn main() {
    let mut args = std::env::args().skip(1);
    let out = args.next().unwrap_or_else(|| "sheet.png".to_owned());
    let aspect = args.next().and_then(|name| Aspect::from_name(&name)).unwrap_or_default();
    let photo = args.next().filter(|path| path != "-").map(|path| {
        let limits = PhotoLimits { side_px: 10_000, pixels: 100_000_000, decoded_bytes: 512 << 20 };
        Photo::decode(&std::fs::read(path).unwrap(), limits).unwrap()
    });
    let seed: u64 = args.next().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let style: Vec<String> =
        args.next().map(|words| words.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let titles: Vec<String> = args.collect();
    let titles = if titles.is_empty() { TITLES.map(str::to_owned).to_vec() } else { titles };

    let columns = if aspect == Aspect::Wide { 3 } else { 6 };
    let (width, height) = aspect.size();
    let (cell_w, cell_h) = if aspect == Aspect::Wide { (640, 360) } else { (320, 320 * height / width) };
    let rows = titles.len().div_ceil(columns) as u32;
    let mut sheet = RgbImage::from_pixel(columns as u32 * cell_w, rows * cell_h, Rgb([30, 30, 30]));
    let mut draft = Draft::new();
    for (number, title) in titles.iter().enumerate() {
        let spec = ThumbnailSpec {
            subject: "fresh bread".to_owned(),
            title: (title != "-").then(|| title.clone()),
            aspect,
            style: style.iter().filter(|word| !word.is_empty()).cloned().collect(),
            count: 1,
            seed: seed + number as u64,
            format: OutputFormat::Jpeg,
            ..ThumbnailSpec::default()
        };
        let request = Request::Thumbnail(ThumbnailRequest::new(spec, photo.clone()).unwrap());
        let started = std::time::Instant::now();
        let made = draft.run(&request, &mut Silent).unwrap().remove(0);
        let settings: serde_json::Value = serde_json::from_str(&made.settings).unwrap();
        println!("{number} {:?} {} {} {title}", started.elapsed(), settings["layout"], settings["title"]);
        let picture = image::load_from_memory(&made.bytes).unwrap().into_rgb8();
        let small = imageops::resize(&picture, cell_w - 6, cell_h - 6, imageops::FilterType::Triangle);
        let (x, y) = (number % columns, number / columns);
        imageops::replace(
            &mut sheet,
            &small,
            x as i64 * i64::from(cell_w) + 3,
            y as i64 * i64::from(cell_h) + 3,
        );
    }
    sheet.save(&out).unwrap();
}
