//! Which pictures are let in.

use image::{Rgb, RgbImage};

use super::*;

const LIMITS: PhotoLimits = PhotoLimits { side_px: 16_384, pixels: 52_000_000, decoded_bytes: 256 << 20 };

fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, height, |x, y| Rgb([(x * 6) as u8, (y * 8) as u8, 90]));
    encode(&pixels.into(), format)
}

/// Replaces bytes of a file.
fn patched(mut bytes: Vec<u8>, at: usize, new: &[u8]) -> Vec<u8> {
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// A PNG that claims a size, with the checksum that belongs to it, and has no pixels.
fn png_claiming(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9c]).unwrap();
    drop(writer);
    bytes
}

/// A JPEG whose frame header claims 65,535 pixels either way.
fn jpeg_claiming() -> Vec<u8> {
    let bytes = picture(8, 8, ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|mark| mark == [0xFF, 0xC0]).unwrap();
    patched(bytes, frame + 5, &[0xFF; 4])
}

/// A lossless WebP that claims 16,383 pixels either way, the most that it can.
fn webp_claiming() -> Vec<u8> {
    let bytes = picture(8, 8, ImageFormat::WebP);
    assert_eq!(&bytes[12..16], b"VP8L");
    let rest = bytes[24] & 0xF0;
    patched(bytes, 21, &[0xFE, 0xBF, 0xFF, 0x0F | rest])
}

/// A GIF with a small screen and a frame that claims 65,535 pixels either way.
fn gif_with_huge_frame() -> Vec<u8> {
    let bytes = picture(8, 8, ImageFormat::Gif);
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

/// A JPEG with a TIFF block of one tag: Orientation = 6, to be shown turned by a quarter.
fn jpeg_on_its_side(width: u32, height: u32) -> Vec<u8> {
    let turned = b"\xFF\xE1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let jpeg = picture(width, height, ImageFormat::Jpeg);
    [&jpeg[..2], turned, &jpeg[2..]].concat()
}

fn cut(bytes: &[u8], percent: usize) -> Vec<u8> {
    bytes[..bytes.len() * percent / 100].to_vec()
}

#[test]
fn every_type_is_known_by_its_content() {
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::WebP, "image/webp"),
        (ImageFormat::Gif, "image/gif"),
    ] {
        let bytes = picture(40, 30, format);
        let wanted = PhotoInfo { media_type, width: 40, height: 30 };
        assert_eq!(Photo::inspect(&bytes, LIMITS), Ok(wanted));
        let trailing = [bytes.as_slice(), b"some bytes more"].concat();
        assert_eq!(Photo::inspect(&trailing, LIMITS), Ok(wanted));
        assert_eq!(Photo::decode(&bytes, LIMITS).unwrap().pixels.dimensions(), (40, 30));
        assert!(thumbnail(&bytes, 16, LIMITS).unwrap().starts_with(&[0xff, 0xd8]));
    }
}

#[test]
fn bad_files_are_refused_before_room_is_made_for_them() {
    use PhotoError::{Damaged, Empty, TooManyPixels, TooMuchMemory, UnknownType};
    let large = |format| picture(64, 64, format);
    let claims = |side: u32| TooManyPixels { width: side, height: side };
    let limits = PhotoLimits { decoded_bytes: 1 << 20, ..LIMITS };
    for (name, bytes, wanted) in [
        ("nothing", vec![], Empty),
        ("text", b"this is no picture, whatever it is called".to_vec(), UnknownType),
        ("one byte", vec![0x89], UnknownType),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), UnknownType),
        ("bmp", b"BM\x1a\0\0\0\0\0\0\0\x1a\0\0\0".to_vec(), UnknownType),
        ("png signature", b"\x89PNG\r\n\x1a\n".to_vec(), Damaged),
        ("half png", cut(&large(ImageFormat::Png), 50), Damaged),
        ("most of a png", cut(&large(ImageFormat::Png), 95), Damaged),
        ("half jpeg", cut(&large(ImageFormat::Jpeg), 50), Damaged),
        ("most of a jpeg", cut(&large(ImageFormat::Jpeg), 98), Damaged),
        ("half webp", cut(&large(ImageFormat::WebP), 50), Damaged),
        ("half gif", cut(&large(ImageFormat::Gif), 50), Damaged),
        ("png bomb", png_claiming(65_535), claims(65_535)),
        ("vast png", png_claiming(0x7fff_ffff), TooMuchMemory),
        ("jpeg bomb", jpeg_claiming(), claims(65_535)),
        ("webp bomb", webp_claiming(), claims(16_383)),
        ("gif bomb", patched(large(ImageFormat::Gif), 6, &[0xFF; 4]), claims(65_535)),
        ("gif frame bomb", gif_with_huge_frame(), TooMuchMemory),
        ("webp content bomb", webp_with_huge_content(), Damaged),
        ("well-formed bomb", encode(&DynamicImage::new_luma8(9_000, 9_000), ImageFormat::Png), claims(9_000)),
        ("deep colours", encode(&DynamicImage::new_rgba16(400, 400), ImageFormat::Png), TooMuchMemory),
    ] {
        let started = std::time::Instant::now();
        assert_eq!(Photo::inspect(&bytes, limits), Err(wanted), "{name}");
        assert!(started.elapsed().as_millis() < 1_000, "{name} took {:?}", started.elapsed());
    }
}

#[test]
fn the_limits_are_those_that_are_given() {
    let limits = PhotoLimits { side_px: 100, pixels: 5_000, decoded_bytes: 20_000 };
    for (width, height, fits) in [(100, 50, true), (101, 10, false), (80, 80, false)] {
        let outcome = Photo::inspect(&picture(width, height, ImageFormat::Png), limits);
        assert_eq!(outcome.is_ok(), fits, "{width}×{height}: {outcome:?}");
    }
    let tight = PhotoLimits { decoded_bytes: 19_999, ..limits };
    let outcome = Photo::inspect(&picture(100, 50, ImageFormat::Png), tight);
    assert_eq!(outcome, Err(PhotoError::TooMuchMemory));
}

#[test]
fn exif_turns_the_picture() {
    let bytes = jpeg_on_its_side(40, 30);
    let info = Photo::inspect(&bytes, LIMITS).unwrap();
    assert_eq!((info.width, info.height), (30, 40));
    assert_eq!(Photo::decode(&bytes, LIMITS).unwrap().pixels.dimensions(), (30, 40));
}

#[test]
fn transparent_pixels_become_white() {
    let clear = DynamicImage::from(image::RgbaImage::new(300, 100));
    let small = thumbnail(&encode(&clear, ImageFormat::Png), 64, LIMITS).unwrap();
    let small = image::load_from_memory(&small).unwrap().into_rgb8();
    assert_eq!(small.dimensions(), (64, 21));
    assert!(small.pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
}
