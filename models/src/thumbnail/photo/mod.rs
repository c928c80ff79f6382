//! Pictures from outside: recognised by content, measured before they are decoded, turned upright.
//!
//! The type is told by content; names and promises count for nothing. Sizes are read from the header and checked
//! first, so a picture that claims to be huge is refused before any room is made for it.

#[cfg(test)]
mod tests;

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::{Error, Photo, PhotoLimits};

/// Why a picture from outside was refused, as the rest of a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// No bytes at all.
    #[error("is empty: it has no bytes; look at it where it lies, and send it again")]
    Empty,
    /// The content is of no type that is accepted, whatever the name says.
    #[error("is not a PNG, JPEG, WebP or GIF picture; save it as one of these and send it again")]
    UnknownType,
    /// Too many pixels.
    #[error("has {width}×{height} pixels, which is more than is accepted; scale it down first")]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// It would take too much memory.
    #[error("needs too much memory when it is opened; scale it down first")]
    TooMuchMemory,
    /// It stops before its end or contradicts itself.
    #[error("is cut off or damaged; send the original file again")]
    Damaged,
}

impl From<PhotoError> for Error {
    fn from(error: PhotoError) -> Self {
        Error::Invalid { field: "photo", problem: error.to_string() }
    }
}

/// What a picture file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoInfo {
    /// Its type by content, such as `image/png`.
    pub media_type: &'static str,
    /// Width in pixels, as it stands upright.
    pub width: u32,
    /// Height in pixels, as it stands upright.
    pub height: u32,
}

/// Decoders keep a few rows and tables besides the pixels.
const DECODER_OVERHEAD: u64 = 16 << 20;
/// Decoded pictures are kept as 4 bytes a pixel.
const BYTES_PER_PIXEL: u64 = 4;

impl Photo {
    /// Tells what a picture file is. Decodes it once, to be sure that it can be read.
    ///
    /// # Errors
    /// What is wrong with it, in plain words.
    pub fn inspect(bytes: &[u8], limits: PhotoLimits) -> Result<PhotoInfo, PhotoError> {
        let (picture, media_type) = read(bytes, limits)?;
        Ok(PhotoInfo { media_type, width: picture.width(), height: picture.height() })
    }

    /// Decodes a PNG, JPEG, WebP or GIF (its first frame) that keeps `limits`, upright.
    ///
    /// # Errors
    /// What is wrong with it, in plain words; the size is checked before anything is allocated.
    pub fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<Self, PhotoError> {
        let (picture, _) = read(bytes, limits)?;
        Ok(Self { pixels: picture.into_rgba8() })
    }
}

/// A small JPEG of a picture file, at most `max_side` pixels wide and high and never enlarged, on white where it is
/// transparent.
///
/// # Errors
/// As [`Photo::decode`].
pub fn thumbnail(bytes: &[u8], max_side: u32, limits: PhotoLimits) -> Result<Vec<u8>, Error> {
    let (picture, _) = read(bytes, limits)?;
    let side = max_side.max(1);
    let large = picture.width().max(picture.height()) > side;
    let small = if large { picture.thumbnail(side, side) } else { picture }.into_rgba8();
    let mut flat = image::RgbImage::new(small.width(), small.height());
    for (to, image::Rgba([red, green, blue, alpha])) in flat.pixels_mut().zip(small.pixels()) {
        let over = |value: u8| 255 - ((255 - u16::from(value)) * u16::from(*alpha) / 255) as u8;
        *to = image::Rgb([over(*red), over(*green), over(*blue)]);
    }
    crate::encode::plain_jpeg(&flat, 82)
}

/// The first frame, upright, and its type by content.
fn read(bytes: &[u8], limits: PhotoLimits) -> Result<(DynamicImage, &'static str), PhotoError> {
    let (mut decoder, media_type) = open(bytes, limits)?;
    // A broken EXIF block is no reason to refuse a good picture.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| reason(&error))?;
    picture.apply_orientation(orientation);
    Ok((picture, media_type))
}

fn open(bytes: &[u8], limits: PhotoLimits) -> Result<(impl ImageDecoder + '_, &'static str), PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    let format = image::guess_format(bytes).map_err(|_| PhotoError::UnknownType)?;
    let media_type = match format {
        ImageFormat::Png => "image/png",
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::WebP => "image/webp",
        ImageFormat::Gif => "image/gif",
        _ => return Err(PhotoError::UnknownType),
    };
    if format == ImageFormat::Jpeg && !jpeg_is_complete(bytes) {
        return Err(PhotoError::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut guard = Limits::no_limits();
    guard.max_alloc = Some(limits.decoded_bytes.saturating_add(DECODER_OVERHEAD));
    reader.limits(guard);
    let decoder = reader.into_decoder().map_err(|error| reason(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(PhotoError::Damaged);
    }
    if width.max(height) > limits.side_px || pixels > limits.pixels {
        return Err(PhotoError::TooManyPixels { width, height });
    }
    // 16 bit pictures are decoded wide first and narrowed afterwards.
    if decoder.total_bytes().max(pixels * BYTES_PER_PIXEL) > limits.decoded_bytes {
        return Err(PhotoError::TooMuchMemory);
    }
    Ok((decoder, media_type))
}

fn reason(error: &ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooMuchMemory,
        _ => PhotoError::Damaged,
    }
}

/// Whether a JPEG runs through to its end mark; the decoder itself fills up what is missing with grey. Segments are
/// skipped by their length, so that the end mark of a thumbnail inside one does not count.
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
