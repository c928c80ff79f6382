//! Pictures from outside: recognised by content, measured before they are decoded, turned upright.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::{Error, Photo, PhotoLimits};

/// What a picture file says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoInfo {
    /// Its type by content, such as `image/png`.
    pub media_type: &'static str,
    /// Width in pixels, as it will stand upright.
    pub width: u32,
    /// Height in pixels, as it will stand upright.
    pub height: u32,
}

/// Decoders keep a few rows and tables besides the pixels.
const DECODER_OVERHEAD: u64 = 16 << 20;
/// Decoded pictures are kept as 4 bytes a pixel.
const BYTES_PER_PIXEL: u64 = 4;

impl Photo {
    /// Reads type and size of a picture file without decoding it, and holds them against `limits`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong in plain words.
    pub fn inspect(bytes: &[u8], limits: PhotoLimits) -> Result<PhotoInfo, Error> {
        let (mut decoder, media_type) = open(bytes, limits)?;
        let (width, height) = decoder.dimensions();
        let (width, height) = match orientation(&mut decoder) {
            turned if turned.to_exif() >= 5 => (height, width),
            _ => (width, height),
        };
        Ok(PhotoInfo { media_type, width, height })
    }

    /// Decodes a PNG, JPEG, WebP or GIF (its first frame) that keeps `limits`, upright.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong in plain words; the size is checked before anything is allocated.
    pub fn decode(bytes: &[u8], limits: PhotoLimits) -> Result<Self, Error> {
        let (mut decoder, _) = open(bytes, limits)?;
        let orientation = orientation(&mut decoder);
        let mut picture = DynamicImage::from_decoder(decoder)
            .map_err(|_| wrong("is damaged or cut off; send the whole file again"))?;
        picture.apply_orientation(orientation);
        Ok(Self { pixels: picture.into_rgba8() })
    }
}

/// A small JPEG of a picture file, at most `max_side` pixels wide and high, on white where it is transparent.
///
/// # Errors
/// As [`Photo::decode`].
pub fn thumbnail(bytes: &[u8], max_side: u32, limits: PhotoLimits) -> Result<Vec<u8>, Error> {
    let photo = Photo::decode(bytes, limits)?.pixels;
    let side = max_side.max(1).min(photo.width().max(photo.height()));
    let small = DynamicImage::ImageRgba8(photo).thumbnail(side, side).into_rgba8();
    let mut flat = image::RgbImage::new(small.width(), small.height());
    for (to, image::Rgba([red, green, blue, alpha])) in flat.pixels_mut().zip(small.pixels()) {
        let over = |value: u8| 255 - ((255 - u16::from(value)) * u16::from(*alpha) / 255) as u8;
        *to = image::Rgb([over(*red), over(*green), over(*blue)]);
    }
    super::encode::plain_jpeg(&flat, 82)
}

fn open(bytes: &[u8], limits: PhotoLimits) -> Result<(impl ImageDecoder + '_, &'static str), Error> {
    if bytes.is_empty() {
        return Err(wrong("is empty; send a PNG, JPEG, WebP or GIF"));
    }
    let format = image::guess_format(bytes)
        .map_err(|_| wrong("is not a PNG, JPEG, WebP or GIF; send one of these"))?;
    let media_type = match format {
        ImageFormat::Png => "image/png",
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::WebP => "image/webp",
        ImageFormat::Gif => "image/gif",
        _ => return Err(wrong("is not a PNG, JPEG, WebP or GIF; send one of these")),
    };
    if format == ImageFormat::Jpeg && !has_jpeg_end(bytes) {
        return Err(wrong("is cut off; send the whole file again"));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut guard = Limits::no_limits();
    guard.max_alloc = Some(limits.decoded_bytes.saturating_add(DECODER_OVERHEAD));
    reader.limits(guard);
    let decoder =
        reader.into_decoder().map_err(|_| wrong("is damaged or cut off; send the whole file again"))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(wrong("has no pixels; send another"));
    }
    if width > limits.side_px || height > limits.side_px {
        let most = limits.side_px;
        return Err(wrong(&format!("is {width}×{height} pixels; make it at most {most} on each side")));
    }
    // 16 bit pictures are decoded wide first and narrowed afterwards.
    let decoded = decoder.total_bytes().max(u64::from(width) * u64::from(height) * BYTES_PER_PIXEL);
    if decoded > limits.decoded_bytes {
        let most = limits.decoded_bytes >> 20;
        return Err(wrong(&format!(
            "of {width}×{height} pixels takes over {most} MiB unpacked; make it smaller"
        )));
    }
    Ok((decoder, media_type))
}

fn orientation(decoder: &mut impl ImageDecoder) -> image::metadata::Orientation {
    // A broken EXIF block is no reason to refuse a good picture.
    decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms)
}

fn wrong(problem: &str) -> Error {
    Error::Invalid { field: "photo", problem: problem.to_owned() }
}

/// Whether a JPEG reaches its end marker. The decoder itself fills a missing rest with grey and says nothing.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    // Over the segments before the scan: a preview inside them has an end marker of its own.
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if *marker == 0xda {
            return bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]);
        }
        at += match *marker {
            0xff => 1,
            0x01 | 0xd0..=0xd8 => 2,
            _ => 2 + usize::from(u16::from_be_bytes([*high, *low])),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    const LIMITS: PhotoLimits = PhotoLimits { side_px: 4096, decoded_bytes: 64 << 20 };

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 6, y as u8 * 8, 90]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_type_is_known_by_its_content() {
        for (format, media_type) in [
            (ImageFormat::Png, "image/png"),
            (ImageFormat::Jpeg, "image/jpeg"),
            (ImageFormat::WebP, "image/webp"),
            (ImageFormat::Gif, "image/gif"),
        ] {
            let bytes = encoded(format);
            let wanted = PhotoInfo { media_type, width: 40, height: 30 };
            assert_eq!(Photo::inspect(&bytes, LIMITS), Ok(wanted));
            assert_eq!(Photo::decode(&bytes, LIMITS).unwrap().pixels.dimensions(), (40, 30));
            assert!(thumbnail(&bytes, 16, LIMITS).unwrap().starts_with(&[0xff, 0xd8]));
        }
    }

    /// A PNG that claims a size and has no pixels.
    fn claimed(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgba);
        let mut writer = encoder.write_header().unwrap();
        writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9c]).unwrap();
        drop(writer);
        bytes
    }

    fn claimed_jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = encoded(ImageFormat::Jpeg);
        let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    }

    fn claimed_gif(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = encoded(ImageFormat::Gif);
        bytes[6..8].copy_from_slice(&width.to_le_bytes());
        bytes[8..10].copy_from_slice(&height.to_le_bytes());
        bytes
    }

    #[test]
    fn bad_files_are_refused_in_plain_words() {
        let half = |format| {
            let bytes = encoded(format);
            bytes[..bytes.len() / 2].to_vec()
        };
        for (name, bytes, said) in [
            ("empty", vec![], "is empty"),
            ("text", b"hello, I am not a picture at all".to_vec(), "is not a PNG"),
            ("one byte", vec![0xff], "is not a PNG"),
            ("bmp", b"BM\x3a\0\0\0\0\0\0\0".to_vec(), "is not a PNG"),
            ("svg", b"<svg xmlns='x'/>".to_vec(), "is not a PNG"),
            ("half png", half(ImageFormat::Png), "cut off"),
            ("half jpeg", half(ImageFormat::Jpeg), "cut off"),
            ("half webp", half(ImageFormat::WebP), "cut off"),
            ("half gif", half(ImageFormat::Gif), "cut off"),
            ("only a signature", b"\x89PNG\r\n\x1a\n".to_vec(), "damaged"),
            ("huge png", claimed(65_535, 65_535), "at most 4096"),
            ("vast png", claimed(0x7fff_ffff, 0x7fff_ffff), "pixels"),
            ("huge jpeg", claimed_jpeg(65_535, 65_535), "at most 4096"),
            ("huge gif", claimed_gif(65_535, 65_535), "at most 4096"),
            ("heavy png", claimed(4096, 4097 - 1), "MiB"),
        ] {
            // The last case keeps the side but not the memory.
            let limits =
                if name == "heavy png" { PhotoLimits { decoded_bytes: 8 << 20, ..LIMITS } } else { LIMITS };
            let started = std::time::Instant::now();
            match Photo::decode(&bytes, limits) {
                Err(Error::Invalid { field: "photo", problem }) => {
                    assert!(problem.contains(said) || name == "vast png", "{name}: {problem}");
                }
                other => panic!("{name}: {other:?}"),
            }
            assert!(started.elapsed().as_millis() < 200, "{name} took {:?}", started.elapsed());
        }
    }

    #[test]
    fn exif_turns_the_picture() {
        let plain = encoded(ImageFormat::Jpeg);
        // A TIFF block with the one tag Orientation = 6 (turn right).
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xff, 0xe1]);
        bytes.extend((exif.len() as u16 + 2).to_be_bytes());
        bytes.extend(exif);
        bytes.extend(&plain[2..]);
        let info = Photo::inspect(&bytes, LIMITS).unwrap();
        assert_eq!((info.width, info.height), (30, 40));
        assert_eq!(Photo::decode(&bytes, LIMITS).unwrap().pixels.dimensions(), (30, 40));
    }
}
