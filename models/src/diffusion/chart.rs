//! A chart of colours, to learn which latents an autoencoder makes of which colour. Pure.

use image::{Rgb, RgbImage};

use super::latents::Latents;
use crate::Error;

/// Shades of each colour.
const SHADES: u32 = 4;
/// Side of a patch in pixels: two latents, so that one sees little of its neighbours.
const PATCH: u32 = 16;
/// Patches in a row.
const ROW: u32 = 8;

/// The latents of a place and its colour, −1 to 1.
pub(super) type Sample = ([f32; 4], [f32; 3]);

/// Patches of all mixtures of a few shades, neighbours unlike each other.
pub(super) fn picture() -> RgbImage {
    let patches = SHADES.pow(3);
    RgbImage::from_fn(ROW * PATCH, patches / ROW * PATCH, |x, y| {
        // An odd step visits all of a power of two.
        let place = (y / PATCH * ROW + x / PATCH) * 37 % patches;
        let shade = |part: u32| (place / SHADES.pow(part) % SHADES * 255 / (SHADES - 1)) as u8;
        Rgb([shade(0), shade(1), shade(2)])
    })
}

/// The latents of the chart with the colours that stand there.
///
/// # Errors
/// When there are not four latents a pixel.
pub(super) fn samples(chart: &RgbImage, latents: &Latents) -> Result<Vec<Sample>, Error> {
    let plane = latents.height * latents.width;
    if latents.channels != 4 || plane == 0 {
        let problem = format!("has {} latents a pixel; previews are fitted to four", latents.channels);
        return Err(Error::Invalid { field: "previews", problem });
    }
    let factor = chart.width() / latents.width as u32;
    let sample = |at: usize| {
        let (x, y) = ((at % latents.width) as u32, (at / latents.width) as u32);
        let colour = chart.get_pixel(x * factor, y * factor).0.map(|byte| f32::from(byte) / 127.5 - 1.0);
        (std::array::from_fn(|channel| latents.values[channel * plane + at]), colour)
    };
    Ok((0..plane).map(sample).collect())
}
