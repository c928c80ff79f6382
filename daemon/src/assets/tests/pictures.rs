//! Which pictures are let in.

use super::*;
use crate::assets::guard::{Picture, inspect};

/// Replaces bytes of a file.
fn patched(mut bytes: Vec<u8>, at: usize, new: &[u8]) -> Vec<u8> {
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// A PNG that claims other sizes, with the checksum that belongs to them.
fn png_claiming(side: u32) -> Vec<u8> {
    let size = [side.to_be_bytes(), side.to_be_bytes()].concat();
    let bytes = patched(png(1), 16, &size);
    let sum = crc32(&bytes[12..29]);
    patched(bytes, 29, &sum.to_be_bytes())
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
        }
    }
    !sum
}

/// A JPEG whose frame header claims 65,535 pixels either way.
fn jpeg_claiming() -> Vec<u8> {
    let bytes = picture(1, 8, 8, ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|mark| mark == [0xFF, 0xC0]).unwrap();
    patched(bytes, frame + 5, &[0xFF; 4])
}

/// A lossless WebP that claims 16,383 pixels either way, the most that it can.
fn webp_claiming() -> Vec<u8> {
    let bytes = picture(1, 8, 8, ImageFormat::WebP);
    assert_eq!(&bytes[12..16], b"VP8L");
    let rest = bytes[24] & 0xF0;
    patched(bytes, 21, &[0xFE, 0xBF, 0xFF, 0x0F | rest])
}

/// A GIF with a small screen and a frame that claims 65,535 pixels either way.
fn gif_with_huge_frame() -> Vec<u8> {
    let bytes = picture(1, 8, 8, ImageFormat::Gif);
    let frame = bytes.windows(9).position(|at| at == [0x2C, 0, 0, 0, 0, 8, 0, 8, 0]).unwrap();
    patched(bytes, frame + 5, &[0xFF; 4])
}

/// A WebP with a small canvas around a picture that claims to be huge.
fn webp_with_huge_content() -> Vec<u8> {
    let huge = webp_claiming();
    let canvas = [b"VP8X".as_slice(), &[10, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0]].concat();
    let size = (4 + canvas.len() + huge.len() - 12) as u32;
    [b"RIFF".as_slice(), &size.to_le_bytes(), b"WEBP", &canvas, &huge[12..]].concat()
}

/// A JPEG that is to be shown turned by a quarter.
fn jpeg_on_its_side(width: u32, height: u32) -> Vec<u8> {
    let turned = b"\xFF\xE1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let jpeg = picture(1, width, height, ImageFormat::Jpeg);
    [&jpeg[..2], turned, &jpeg[2..]].concat()
}

fn cut(bytes: &[u8], percent: usize) -> Vec<u8> {
    bytes[..bytes.len() * percent / 100].to_vec()
}

fn check(bytes: &[u8], limits: &AssetsConfig) -> Result<Picture, PictureError> {
    inspect(bytes, &PictureLimits::from(limits))
}

#[test]
fn good_pictures_are_known_by_their_content() {
    let table = [
        (ImageFormat::Png, MediaType::Png),
        (ImageFormat::Jpeg, MediaType::Jpeg),
        (ImageFormat::WebP, MediaType::Webp),
        (ImageFormat::Gif, MediaType::Gif),
    ];
    for (format, media_type) in table {
        let bytes = picture(9, 30, 20, format);
        let expected = Picture { media_type, width_px: 30, height_px: 20 };
        assert_eq!(check(&bytes, &AssetsConfig::default()), Ok(expected));
        let trailing = [bytes, b"some bytes more".to_vec()].concat();
        assert_eq!(check(&trailing, &AssetsConfig::default()), Ok(expected));
    }
}

#[test]
fn sizes_are_those_that_are_shown() {
    let picture = check(&jpeg_on_its_side(30, 20), &AssetsConfig::default()).unwrap();
    assert_eq!((picture.width_px, picture.height_px), (20, 30));
}

#[test]
fn bad_pictures_are_refused_in_words() {
    let large = |format| picture(7, 64, 64, format);
    let flat = DynamicImage::new_luma8(9_000, 9_000);
    let deep = DynamicImage::new_rgba16(400, 400);
    let claims = |side: u32| PictureError::TooManyPixels { width_px: side, height_px: side };
    let table = [
        ("nothing", vec![], PictureError::Empty),
        ("text", b"this is no picture, whatever it is called".to_vec(), PictureError::UnknownType),
        ("one byte", vec![0x89], PictureError::UnknownType),
        ("script", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), PictureError::UnknownType),
        ("other type", b"BM\x1a\0\0\0\0\0\0\0\x1a\0\0\0".to_vec(), PictureError::UnknownType),
        ("png signature", cut(&png(1), 10), PictureError::Damaged),
        ("half png", cut(&large(ImageFormat::Png), 50), PictureError::Damaged),
        ("most of a png", cut(&large(ImageFormat::Png), 95), PictureError::Damaged),
        ("half jpeg", cut(&large(ImageFormat::Jpeg), 50), PictureError::Damaged),
        ("most of a jpeg", cut(&large(ImageFormat::Jpeg), 98), PictureError::Damaged),
        ("half webp", cut(&large(ImageFormat::WebP), 50), PictureError::Damaged),
        ("half gif", cut(&large(ImageFormat::Gif), 50), PictureError::Damaged),
        ("png bomb", png_claiming(65_535), claims(65_535)),
        ("jpeg bomb", jpeg_claiming(), claims(65_535)),
        ("webp bomb", webp_claiming(), claims(16_383)),
        ("gif bomb", patched(large(ImageFormat::Gif), 6, &[0xFF; 4]), claims(65_535)),
        ("gif frame bomb", gif_with_huge_frame(), PictureError::TooMuchMemory),
        ("webp content bomb", webp_with_huge_content(), PictureError::Damaged),
        ("well-formed bomb", encode(&flat, ImageFormat::Png), claims(9_000)),
        ("deep colours", encode(&deep, ImageFormat::Png), PictureError::TooMuchMemory),
    ];
    let limits = AssetsConfig { max_decoded_bytes: 1 << 20, ..AssetsConfig::default() };
    for (name, bytes, expected) in table {
        assert_eq!(check(&bytes, &limits), Err(expected), "{name}");
    }
}

#[test]
fn the_limits_are_the_configured_ones() {
    let limits = AssetsConfig { max_side_px: 100, max_pixels: 5_000, ..AssetsConfig::default() };
    for (width, height, fits) in [(100, 50, true), (101, 10, false), (80, 80, false)] {
        let outcome = check(&picture(1, width, height, ImageFormat::Png), &limits);
        assert_eq!(outcome.is_ok(), fits, "{width}×{height}: {outcome:?}");
    }
}
