//! Laying colour on the canvas: soft masks, scrims, and the way to and from plain pixels.

use image::{Rgb as Pixel, RgbImage, RgbaImage};
use tiny_skia::{FillRule, Mask, Path, Pixmap, PremultipliedColorU8, Transform};

use crate::Error;

use super::colour::Rgb;

/// Soft masks are made at this share of the size; blurring hides the difference and costs a sixteenth.
const COARSE: u32 = 4;

/// A canvas that shows `pixels`.
pub(super) fn canvas(pixels: &RgbImage) -> Result<Pixmap, Error> {
    let mut canvas = Pixmap::new(pixels.width(), pixels.height())
        .ok_or_else(|| Error::Internal("the background has no size".to_owned()))?;
    for (to, Pixel([red, green, blue])) in canvas.pixels_mut().iter_mut().zip(pixels.pixels()) {
        *to = opaque([*red, *green, *blue]);
    }
    Ok(canvas)
}

/// The plain pixels of a canvas, which is opaque everywhere.
pub(super) fn pixels(canvas: &Pixmap) -> RgbImage {
    let data = canvas.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    RgbImage::from_raw(canvas.width(), canvas.height(), data).unwrap_or_default()
}

/// An opaque pixel.
pub(super) fn opaque([red, green, blue]: Rgb) -> PremultipliedColorU8 {
    PremultipliedColorU8::from_rgba(red, green, blue, 255).unwrap_or(PremultipliedColorU8::TRANSPARENT)
}

/// A paint of one colour.
pub(super) fn paint(colour: Rgb) -> tiny_skia::Paint<'static> {
    let mut paint = tiny_skia::Paint::default();
    paint.set_color_rgba8(colour[0], colour[1], colour[2], 255);
    paint.anti_alias = true;
    paint
}

/// Lays `colour` over the canvas through a blurred picture of `path`.
pub(super) fn soft(canvas: &mut Pixmap, path: &Path, radius: f32, colour: Rgb, strength: f32) {
    let scale = 1.0 / COARSE as f32;
    soft_mask(canvas, radius, colour, strength, |mask| {
        mask.fill_path(path, FillRule::Winding, true, Transform::from_scale(scale, scale));
    });
}

/// Lays `colour` over the canvas through the blurred silhouette of `picture`, whose corner is at `at`.
pub(super) fn soft_silhouette(
    canvas: &mut Pixmap,
    picture: &RgbaImage,
    at: (i32, i32),
    radius: f32,
    colour: Rgb,
    strength: f32,
) {
    soft_mask(canvas, radius, colour, strength, |mask| {
        let width = mask.width() as usize;
        for (index, value) in mask.data_mut().iter_mut().enumerate() {
            let place =
                |coarse: usize, corner: i32| coarse as i32 * COARSE as i32 + COARSE as i32 / 2 - corner;
            let (x, y) = (place(index % width, at.0), place(index / width, at.1));
            if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
                *value = picture.get_pixel_checked(x, y).map_or(0, |pixel| pixel[3]);
            }
        }
    });
}

fn soft_mask(canvas: &mut Pixmap, radius: f32, colour: Rgb, strength: f32, draw: impl FnOnce(&mut Mask)) {
    let (width, height) = (canvas.width().div_ceil(COARSE), canvas.height().div_ceil(COARSE));
    let Some(mut mask) = Mask::new(width, height) else { return };
    let scale = 1.0 / COARSE as f32;
    draw(&mut mask);
    let reach = ((radius * scale / 2.0).round() as usize).max(1);
    for _ in 0..3 {
        blur(mask.data_mut(), width as usize, height as usize, reach);
    }
    lay(canvas, mask.data(), width as usize, height as usize, colour, strength);
}

/// Lays `colour` over the canvas as strongly as the coarse `mask` says, smoothly between its points.
fn lay(canvas: &mut Pixmap, mask: &[u8], width: usize, height: usize, colour: Rgb, strength: f32) {
    let columns = canvas.width() as usize;
    let strength = (strength.clamp(0.0, 1.0) * 256.0) as u32;
    let near = |at: usize, most: usize| {
        // Centres of coarse points lie between the fine ones; in eighths of a coarse step.
        let place = (2 * at + 1).saturating_sub(COARSE as usize);
        let first = (place / (2 * COARSE as usize)).min(most - 1);
        (first, (first + 1).min(most - 1), (place % (2 * COARSE as usize)) as u32)
    };
    let across: Vec<_> = (0..columns).map(|x| near(x, width)).collect();
    for (y, row) in canvas.pixels_mut().chunks_exact_mut(columns).enumerate() {
        let (above, below, down) = near(y, height);
        let (above, below) = (&mask[above * width..][..width], &mask[below * width..][..width]);
        for (pixel, (left, right, along)) in row.iter_mut().zip(&across) {
            let upper = u32::from(above[*left]) * (8 - along) + u32::from(above[*right]) * along;
            let lower = u32::from(below[*left]) * (8 - along) + u32::from(below[*right]) * along;
            let share = (upper * (8 - down) + lower * down) * strength / (64 * 255);
            if share > 0 {
                let blend = |from: u8, to: u8| {
                    ((u32::from(from) * (256 - share) + u32::from(to) * share) / 256) as u8
                };
                *pixel = opaque([
                    blend(pixel.red(), colour[0]),
                    blend(pixel.green(), colour[1]),
                    blend(pixel.blue(), colour[2]),
                ]);
            }
        }
    }
}

/// One box blur in both directions.
fn blur(data: &mut [u8], width: usize, height: usize, reach: usize) {
    let mut line = vec![0; width.max(height)];
    for row in data.chunks_exact_mut(width) {
        average(row, 1, width, reach, &mut line);
    }
    for column in 0..width {
        average(&mut data[column..], width, height, reach, &mut line);
    }
}

fn average(data: &mut [u8], step: usize, count: usize, reach: usize, line: &mut [u8]) {
    let window = (2 * reach + 1) as u32;
    let mut sum: u32 = (0..reach.min(count)).map(|at| u32::from(data[at * step])).sum();
    for (at, slot) in line.iter_mut().enumerate().take(count) {
        if at + reach < count {
            sum += u32::from(data[(at + reach) * step]);
        }
        if at > reach {
            sum -= u32::from(data[(at - reach - 1) * step]);
        }
        *slot = (sum / window) as u8;
    }
    for (at, value) in line.iter().take(count).enumerate() {
        data[at * step] = *value;
    }
}
