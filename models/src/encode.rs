//! From pixels to a finished file: JPEG under 2 MB or PNG, sRGB, with the settings inside.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};

use crate::{Error, OutputFormat, metadata};

/// The largest JPEG: the limit of the largest video site, in its strictest reading.
const MOST_BYTES: usize = 2_000_000;
/// Qualities that are tried: artefacts are invisible above and ugly below.
const BEST_QUALITY: u8 = 94;
const WORST_QUALITY: u8 = 20;
/// Width of a preview.
const PREVIEW_WIDTH: u32 = 320;

/// The file for `pixels`, and its type.
pub(crate) fn encode(
    pixels: &RgbImage,
    format: OutputFormat,
    settings: &str,
) -> Result<(Vec<u8>, &'static str), Error> {
    match format {
        OutputFormat::Jpeg => Ok((jpeg(pixels, settings)?, "image/jpeg")),
        OutputFormat::Png => Ok((png(pixels, settings)?, "image/png")),
    }
}

/// A small JPEG of `pixels`, at most 320 pixels wide; empty only for a picture without size.
#[must_use]
pub fn preview(pixels: &RgbImage) -> Vec<u8> {
    let (width, height) = pixels.dimensions();
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let small_width = width.min(PREVIEW_WIDTH);
    let small_height =
        (u64::from(height) * u64::from(small_width) / u64::from(width)).clamp(1, 65_535) as u32;
    plain_jpeg(&imageops::thumbnail(pixels, small_width, small_height), 72).unwrap_or_default()
}

/// A JPEG without settings.
pub(crate) fn plain_jpeg(pixels: &RgbImage, quality: u8) -> Result<Vec<u8>, Error> {
    write_jpeg(pixels, quality, None)
}

/// The best quality that keeps under the limit, by halving the range.
fn jpeg(pixels: &RgbImage, settings: &str) -> Result<Vec<u8>, Error> {
    let attempt = |quality| write_jpeg(pixels, quality, Some(settings));
    let first = attempt(BEST_QUALITY)?;
    if first.len() < MOST_BYTES {
        return Ok(first);
    }
    let (mut good, mut bad) = (WORST_QUALITY, BEST_QUALITY);
    let mut best = attempt(good)?;
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        let bytes = attempt(middle)?;
        if bytes.len() < MOST_BYTES {
            (good, best) = (middle, bytes);
        } else {
            bad = middle;
        }
    }
    Ok(best)
}

fn write_jpeg(pixels: &RgbImage, quality: u8, settings: Option<&str>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(pixels.as_raw().len() / 4);
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(settings) = settings {
        encoder
            .set_exif_metadata(metadata::exif(settings))
            .map_err(|error| Error::Internal(error.to_string()))?;
    }
    encoder
        .write_image(pixels.as_raw(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .map_err(|error| Error::Internal(format!("the picture could not be written as JPEG: {error}")))?;
    Ok(bytes)
}

fn png(pixels: &RgbImage, settings: &str) -> Result<Vec<u8>, Error> {
    let write = || -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::Fast);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        encoder.add_itxt_chunk(metadata::PNG_KEYWORD.to_owned(), settings.to_owned())?;
        let mut writer = encoder.write_header()?;
        writer.write_image_data(pixels.as_raw())?;
        writer.finish()?;
        Ok(bytes)
    };
    write().map_err(|error| Error::Internal(format!("the picture could not be written as PNG: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(width: u32, height: u32) -> RgbImage {
        let mut state = 7u32;
        RgbImage::from_fn(width, height, |_, _| {
            image::Rgb(std::array::from_fn(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            }))
        })
    }

    #[test]
    fn even_noise_fits() {
        for (width, height) in [(1280, 720), (1080, 1920)] {
            let bytes = jpeg(&noise(width, height), "{}").unwrap();
            assert!(bytes.len() < MOST_BYTES, "{}", bytes.len());
            assert!(bytes.len() > MOST_BYTES / 2, "quality was wasted: {}", bytes.len());
        }
    }

    #[test]
    fn previews_are_small() {
        for (width, height) in [(1280, 720), (1080, 1920), (3, 2), (1, 9000)] {
            let bytes = preview(&RgbImage::new(width, height));
            let picture = image::load_from_memory(&bytes).unwrap();
            assert!(picture.width() <= 320);
        }
        assert!(preview(&RgbImage::new(0, 0)).is_empty());
    }
}
