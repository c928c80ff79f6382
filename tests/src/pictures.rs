//! Pictures, good and bad.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Rgb, RgbImage};

/// A photo of one colour.
///
/// # Errors
/// None in practice.
pub fn photo(width: u32, height: u32, colour: [u8; 3], format: ImageFormat) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    RgbImage::from_pixel(width, height, Rgb(colour)).write_to(&mut Cursor::new(&mut bytes), format)?;
    Ok(bytes)
}

/// A small file that opens to 100 million pixels.
///
/// # Errors
/// None in practice.
pub fn bomb() -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    GrayImage::new(10_000, 10_000).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
    Ok(bytes)
}

/// A PNG whose head says that it has this size and depth, whatever lies behind.
///
/// # Errors
/// None in practice.
pub fn png_that_claims(width: u32, height: u32, bits: u8) -> image::ImageResult<Vec<u8>> {
    /// Where the size lies, behind the signature and the head of the first chunk.
    const SIZE: usize = 16;
    const HEAD: std::ops::Range<usize> = 12..29;
    let mut bytes = photo(1, 1, [9, 9, 9], ImageFormat::Png)?;
    bytes[SIZE..SIZE + 4].copy_from_slice(&width.to_be_bytes());
    bytes[SIZE + 4..SIZE + 8].copy_from_slice(&height.to_be_bytes());
    bytes[SIZE + 8] = bits;
    let sum = crc32(&bytes[HEAD]);
    bytes[HEAD.end..HEAD.end + 4].copy_from_slice(&sum.to_be_bytes());
    Ok(bytes)
}

/// The checksum of a PNG's chunk.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    };
    !bytes.iter().fold(u32::MAX, step)
}
