//! How well a title can still be read at the size of a phone's list: 168×94.

use image::{GrayImage, RgbImage, imageops};
use tiny_skia::Mask;

use super::colour;

/// Longest side of the small picture.
const SIDE: f32 = 168.0;
/// Contrast at this size from which more does not help.
const AMPLE_CONTRAST: f32 = 7.0;
/// Height of capitals at this size from which more does not help, in pixels.
const AMPLE_HEIGHT: f32 = 10.0;
/// Share of the em that capitals are high, over the bundled fonts.
const CAPITALS: f32 = 0.72;

/// 0 (nothing can be read) to 100: the contrast that is left between letters and their surroundings after
/// shrinking, times the height of the letters. `em` is in pixels of the full picture.
pub(super) fn score(pixels: &RgbImage, letters: &Mask, em: f32) -> u32 {
    let shrink = SIDE / pixels.width().max(pixels.height()).max(1) as f32;
    let (width, height) =
        ((pixels.width() as f32 * shrink).round() as u32, (pixels.height() as f32 * shrink).round() as u32);
    let Some(mask) = GrayImage::from_raw(letters.width(), letters.height(), letters.data().to_vec()) else {
        return 0;
    };
    if width == 0 || height == 0 || mask.dimensions() != pixels.dimensions() {
        return 0;
    }
    let small = imageops::thumbnail(pixels, width, height);
    let mask = imageops::thumbnail(&mask, width, height);
    // Thin letters never fill a small pixel: the fullest there are stand for the letters.
    let fullest = mask.pixels().map(|pixel| pixel[0]).max().unwrap_or(0);
    let near = imageops::fast_blur(&mask, 1.5);
    let (mut inside, mut outside) = (Mean::default(), Mean::default());
    for ((pixel, mask), near) in small.pixels().zip(mask.pixels()).zip(near.pixels()) {
        let luminance = colour::luminance(pixel.0);
        if mask[0] > 0 && mask[0] >= fullest / 4 * 3 {
            inside.add(luminance);
        } else if mask[0] < 50 && near[0] > 4 {
            outside.add(luminance);
        }
    }
    let (Some(inside), Some(outside)) = (inside.value(), outside.value()) else { return 0 };
    let contrast = ((colour::ratio(inside, outside) - 1.0) / (AMPLE_CONTRAST - 1.0)).clamp(0.0, 1.0);
    let size = (em * CAPITALS * shrink / AMPLE_HEIGHT).clamp(0.0, 1.0);
    (contrast.sqrt() * size.sqrt() * 100.0).round() as u32
}

#[derive(Default)]
struct Mean {
    sum: f32,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f32) {
        self.sum += value;
        self.count += 1;
    }

    fn value(&self) -> Option<f32> {
        (self.count > 0).then(|| self.sum / self.count as f32)
    }
}

#[cfg(test)]
mod tests {
    use tiny_skia::{FillRule, PathBuilder, Rect, Transform};

    use super::*;

    #[test]
    fn large_and_contrasting_scores_best() {
        let score_of = |bar: f32, ink: u8| {
            let mut mask = Mask::new(1280, 720).unwrap();
            let path = PathBuilder::from_rect(Rect::from_xywh(200.0, 300.0, bar * 4.0, bar).unwrap());
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
            let pixels = RgbImage::from_fn(1280, 720, |x, y| {
                image::Rgb([if mask.data()[(y * 1280 + x) as usize] > 127 { ink } else { 20 }; 3])
            });
            score(&pixels, &mask, bar)
        };
        assert_eq!(score_of(150.0, 255), 100);
        assert!(score_of(40.0, 255) < 80);
        assert!(score_of(150.0, 60) < 60);
        assert!(score_of(20.0, 24) < 20);
    }
}
