//! Where the subject of a photo is, and the part of the photo to show.

use image::{RgbaImage, imageops};

/// Saliency is measured on a picture of at most this size.
const COARSE: u32 = 96;
/// A photo is seen as cut out when this share of its pixels is clear.
const CUT_OUT: f32 = 0.05;

/// A part of a photo, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// The box around everything that is not clear; none when the photo has no transparency to speak of.
pub(super) fn cut_out(photo: &RgbaImage) -> Option<Part> {
    let clear = photo.pixels().filter(|pixel| pixel[3] < 16).count();
    if (clear as f32) < CUT_OUT * (photo.width() as f32 * photo.height() as f32) {
        return None;
    }
    let (mut left, mut top, mut right, mut bottom) = (u32::MAX, u32::MAX, 0, 0);
    for (x, y, pixel) in photo.enumerate_pixels() {
        if pixel[3] >= 16 {
            (left, top) = (left.min(x), top.min(y));
            (right, bottom) = (right.max(x + 1), bottom.max(y + 1));
        }
    }
    (right > left && bottom > top).then(|| Part { x: left, y: top, w: right - left, h: bottom - top })
}

/// How near a crop may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closeness {
    /// As much of the photo as its new shape allows.
    Whole,
    /// Closer when the subject is small.
    Subject,
}

/// The part of `photo` with the shape `aspect` (width by height) that shows its subject best.
pub(super) fn part(photo: &RgbaImage, aspect: f32, closeness: Closeness) -> Part {
    let (width, height) = (photo.width().max(1) as f32, photo.height().max(1) as f32);
    let scale = (COARSE as f32 / width.max(height)).min(1.0);
    let (columns, rows) = (((width * scale) as u32).max(1), ((height * scale) as u32).max(1));
    let small = imageops::thumbnail(photo, columns, rows);
    let salient = saliency(&small);
    let (centre_x, centre_y) = centre(&salient, columns as usize);
    let sums = Sums::new(&salient, columns as usize, rows as usize);
    let (most_w, most_h) =
        if width / height > aspect { (height * aspect, height) } else { (width, width / aspect) };
    let total = sums.of(0, 0, columns as usize, rows as usize).max(f32::MIN_POSITIVE);
    let mut best = (f32::NEG_INFINITY, Part { x: 0, y: 0, w: 1, h: 1 });
    let steps = if closeness == Closeness::Whole { &[1.0][..] } else { &[1.0, 0.86, 0.74] };
    for closeness in steps.iter().copied() {
        let (w, h) = (most_w * closeness, most_h * closeness);
        let (own_columns, own_rows) = (
            ((w * scale) as usize).clamp(1, columns as usize),
            ((h * scale) as usize).clamp(1, rows as usize),
        );
        for y in 0..=rows as usize - own_rows {
            for x in 0..=columns as usize - own_columns {
                let held = sums.of(x, y, own_columns, own_rows) / total;
                // Going closer must not lose the subject: what is left out costs more than its area is worth.
                let across = x as f32 + own_columns as f32 / 2.0 - centre_x;
                let down = y as f32 + own_rows as f32 / 2.0 - centre_y;
                let off = across.hypot(down) / columns.max(rows) as f32;
                let score = held - 0.6 * closeness * closeness - 0.6 * off;
                if score > best.0 {
                    best = (score, place(x as f32 / scale, y as f32 / scale, w, h, photo));
                }
            }
        }
    }
    best.1
}

fn place(x: f32, y: f32, w: f32, h: f32, photo: &RgbaImage) -> Part {
    let (w, h) = ((w.round() as u32).clamp(1, photo.width()), (h.round() as u32).clamp(1, photo.height()));
    Part { x: (x.round() as u32).min(photo.width() - w), y: (y.round() as u32).min(photo.height() - h), w, h }
}

/// The middle of what draws the eye; strong points count more than their number.
fn centre(salient: &[f32], columns: usize) -> (f32, f32) {
    let (mut x, mut y, mut all) = (0.0, 0.0, f32::MIN_POSITIVE);
    for (at, value) in salient.iter().enumerate() {
        let weight = value * value;
        x += weight * ((at % columns) as f32 + 0.5);
        y += weight * ((at / columns) as f32 + 0.5);
        all += weight;
    }
    (x / all, y / all)
}

/// How much each pixel draws the eye: it differs from its wider surroundings and from the mean of the
/// picture, has the colour of skin, lies towards the middle and the upper half.
fn saliency(small: &RgbaImage) -> Vec<f32> {
    let (width, height) = (small.width() as f32, small.height() as f32);
    let near = imageops::fast_blur(small, 1.0);
    let wide = imageops::fast_blur(small, (width.max(height) / 7.0).max(1.0));
    let count = (width * height).max(1.0);
    let mean = small.pixels().fold([0.0f32; 3], |mut sum, pixel| {
        for (sum, value) in sum.iter_mut().zip(pixel.0) {
            *sum += f32::from(value) / count;
        }
        sum
    });
    let distance = |one: [f32; 3], other: [f32; 3]| -> f32 {
        one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum::<f32>().sqrt()
    };
    let floats = |pixel: &image::Rgba<u8>| [f32::from(pixel[0]), f32::from(pixel[1]), f32::from(pixel[2])];
    small
        .enumerate_pixels()
        .map(|(x, y, pixel)| {
            let own = floats(near.get_pixel(x, y));
            let around = floats(wide.get_pixel(x, y));
            let (across, down) = (x as f32 / width - 0.5, y as f32 / height - 0.42);
            let middle = 1.0 - 0.9 * (across * across + down * down).sqrt();
            let skin = if is_skin(own) { 45.0 } else { 0.0 };
            (distance(own, around) + 0.5 * distance(own, mean) + skin) * middle.max(0.1) * f32::from(pixel[3])
                / 255.0
        })
        .collect()
}

/// Hues of human skin from dark to light, by the ratios of their channels.
fn is_skin([red, green, blue]: [f32; 3]) -> bool {
    red > 60.0
        && red > green
        && green > blue * 0.9
        && (1.05..2.2).contains(&(red / green.max(1.0)))
        && red - blue > 18.0
}

/// Sums over boxes in constant time.
struct Sums {
    sums: Vec<f32>,
    stride: usize,
}

impl Sums {
    fn new(values: &[f32], width: usize, height: usize) -> Self {
        let stride = width + 1;
        let mut sums = vec![0.0; stride * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                row += values[y * width + x];
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
            }
        }
        Self { sums, stride }
    }

    fn of(&self, x: usize, y: usize, w: usize, h: usize) -> f32 {
        let at = |x: usize, y: usize| self.sums[y * self.stride + x];
        at(x + w, y + h) - at(x, y + h) - at(x + w, y) + at(x, y)
    }
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    fn scene(width: u32, height: u32, subject: Part) -> RgbaImage {
        RgbaImage::from_fn(width, height, |x, y| {
            let inside = (subject.x..subject.x + subject.w).contains(&x)
                && (subject.y..subject.y + subject.h).contains(&y);
            Rgba(if inside { [220, 140, 90, 255] } else { [40, 60 + (x % 7) as u8, 70, 255] })
        })
    }

    #[test]
    fn the_part_holds_the_subject() {
        for (subject, aspect) in [
            (Part { x: 900, y: 200, w: 200, h: 250 }, 0.8),
            (Part { x: 60, y: 200, w: 200, h: 250 }, 1.0),
            (Part { x: 500, y: 100, w: 150, h: 150 }, 0.5625),
        ] {
            let part = part(&scene(1200, 700, subject), aspect, Closeness::Subject);
            assert!(part.x <= subject.x && part.x + part.w >= subject.x + subject.w, "{part:?} {subject:?}");
            assert!((part.w as f32 / part.h as f32 - aspect).abs() < 0.02, "{part:?}");
        }
    }

    #[test]
    fn any_size_of_photo_and_part_works() {
        for (width, height) in [(1, 1), (1, 3000), (3000, 1), (7, 5)] {
            for aspect in [0.01, 0.5, 1.0, 3.0, 100.0] {
                let part = part(&RgbaImage::new(width, height), aspect, Closeness::Subject);
                assert!(part.x + part.w <= width && part.y + part.h <= height);
            }
        }
    }

    #[test]
    fn only_clear_pixels_make_a_cut_out() {
        let mut photo = RgbaImage::from_pixel(100, 100, Rgba([9, 9, 9, 255]));
        assert_eq!(cut_out(&photo), None);
        for (x, y, pixel) in photo.enumerate_pixels_mut() {
            if !(30..60).contains(&x) || !(20..90).contains(&y) {
                pixel[3] = 0;
            }
        }
        assert_eq!(cut_out(&photo), Some(Part { x: 30, y: 20, w: 30, h: 70 }));
        assert_eq!(cut_out(&RgbaImage::new(10, 10)), None);
    }
}
