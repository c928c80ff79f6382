//! Lets only pictures in that can be decoded within the limits.
//!
//! The type is told by content; names and promises count for nothing. Sizes are read from the header and
//! checked first, so a picture that claims to be huge is refused before any room is made for it. Then the
//! first frame is decoded once, to be sure that it can be read.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::config::AssetsConfig;
use super::record::MediaType;

/// Why a picture was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The content is of no type that is accepted, whatever the name says.
    #[error("this is not a PNG, JPEG, WebP or GIF picture; save it as one of these and send it again")]
    UnknownType,
    /// Too many pixels.
    #[error(
        "the picture has {width_px}×{height_px} pixels, which is more than is accepted; scale it down first"
    )]
    TooManyPixels {
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
    },
    /// It would take too much memory.
    #[error("the picture needs too much memory when it is opened; scale it down first")]
    TooMuchMemory,
    /// It stops before its end or contradicts itself.
    #[error("the picture is cut off or damaged; send the original file again")]
    Damaged,
}

/// How large a picture may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct PictureLimits {
    max_side_px: u32,
    max_pixels: u64,
    max_decoded_bytes: u64,
}

impl From<&AssetsConfig> for PictureLimits {
    fn from(config: &AssetsConfig) -> PictureLimits {
        PictureLimits {
            max_side_px: config.max_side_px,
            max_pixels: config.max_pixels,
            max_decoded_bytes: config.max_decoded_bytes,
        }
    }
}

/// What a picture turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) media_type: MediaType,
    /// Width as it is shown, after turning it upright.
    pub(super) width_px: u32,
    /// Height as it is shown.
    pub(super) height_px: u32,
}

/// Checks a picture. Takes as long as decoding it: not for threads that must not block.
pub(super) fn inspect(bytes: &[u8], limits: &PictureLimits) -> Result<Picture, PictureError> {
    let (media_type, image) = decode(bytes, limits)?;
    Ok(Picture { media_type, width_px: image.width(), height_px: image.height() })
}

/// Decodes the first frame, upright.
pub(super) fn decode(
    bytes: &[u8],
    limits: &PictureLimits,
) -> Result<(MediaType, DynamicImage), PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    let (format, media_type) = match image::guess_format(bytes) {
        Ok(format @ ImageFormat::Png) => (format, MediaType::Png),
        Ok(format @ ImageFormat::Jpeg) => (format, MediaType::Jpeg),
        Ok(format @ ImageFormat::WebP) => (format, MediaType::Webp),
        Ok(format @ ImageFormat::Gif) => (format, MediaType::Gif),
        Ok(_) | Err(_) => return Err(PictureError::UnknownType),
    };
    // The JPEG decoder fills up what is missing with grey.
    if media_type == MediaType::Jpeg && !jpeg_is_complete(bytes) {
        return Err(PictureError::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut room = Limits::default();
    room.max_alloc = Some(limits.max_decoded_bytes);
    reader.limits(room.clone());
    let mut decoder = reader.into_decoder().map_err(|error| reason(&error))?;
    let (width_px, height_px) = decoder.dimensions();
    let side = width_px.max(height_px);
    let pixels = u64::from(width_px) * u64::from(height_px);
    if side > limits.max_side_px || pixels > limits.max_pixels {
        return Err(PictureError::TooManyPixels { width_px, height_px });
    }
    room.reserve(decoder.total_bytes()).map_err(|_| PictureError::TooMuchMemory)?;
    let orientation = decoder.orientation().map_err(|error| reason(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| reason(&error))?;
    image.apply_orientation(orientation);
    Ok((media_type, image))
}

fn reason(error: &ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooMuchMemory,
        _ => PictureError::Damaged,
    }
}

/// Whether a JPEG runs through to its end mark. Segments are skipped by their length, so that the end mark
/// of a thumbnail inside one does not count.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    const END: u8 = 0xD9;
    let mut at = 2;
    loop {
        // In the data behind a segment, FF 00 stands for a byte and FF D0 to FF D7 are marks for restarting.
        let mark = loop {
            match bytes.get(at..at + 2) {
                None => return false,
                Some(&[0xFF, mark @ (0x01..=0xCF | 0xD8..=0xFE)]) => break mark,
                Some(_) => at += 1,
            }
        };
        at += 2;
        match mark {
            END => return true,
            0x01 | 0xD8 => {}
            _ => {
                let Some(&[high, low]) = bytes.get(at..at + 2) else { return false };
                at += usize::from(u16::from_be_bytes([high, low]));
            }
        }
    }
}
