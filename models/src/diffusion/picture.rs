//! Between pictures of bytes and the tensors that autoencoders work on.

use candle_core::{DType, Tensor};
use image::{GrayImage, Rgb, RgbImage, imageops};

use super::latents::Latents;
use crate::{Error, device::Placement};

/// Grey at and above which a mask says "paint anew".
const MASK_THRESHOLD: u8 = 128;

/// `picture` at `width`×`height`, untouched where it has that size already.
pub(crate) fn fitted(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    if picture.dimensions() == (width, height) {
        return picture.clone();
    }
    imageops::resize(picture, width, height, imageops::FilterType::Lanczos3)
}

/// `mask` at `width`×`height`.
pub(crate) fn fitted_mask(mask: &GrayImage, width: u32, height: u32) -> GrayImage {
    if mask.dimensions() == (width, height) {
        return mask.clone();
    }
    imageops::resize(mask, width, height, imageops::FilterType::Triangle)
}

/// Bytes 0 to 255 as `[1, 3, height, width]` from −1 to 1.
pub(super) fn to_tensor(picture: &RgbImage, placement: &Placement) -> Result<Tensor, Error> {
    let (width, height) = picture.dimensions();
    let plane = (width * height) as usize;
    let mut values = vec![0.0f32; 3 * plane];
    for (index, Rgb(channels)) in picture.pixels().enumerate() {
        for (channel, byte) in channels.iter().enumerate() {
            values[channel * plane + index] = f32::from(*byte) / 127.5 - 1.0;
        }
    }
    let shape = (1, 3, height as usize, width as usize);
    Ok(Tensor::from_vec(values, shape, &placement.device)?.to_dtype(placement.activation())?)
}

/// `[1, 3, height, width]` from −1 to 1 as bytes, rounded to nearest; beyond the range is cut off.
pub(super) fn from_tensor(tensor: &Tensor) -> Result<RgbImage, Error> {
    let (_, _, height, width) = tensor.dims4()?;
    let values: Vec<f32> = tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
    let plane = height * width;
    // Halves go to the even byte, as in the reference implementation.
    let byte = |value: f32| ((value / 2.0 + 0.5).clamp(0.0, 1.0) * 255.0).round_ties_even() as u8;
    Ok(RgbImage::from_fn(width as u32, height as u32, |x, y| {
        let index = y as usize * width + x as usize;
        Rgb([byte(values[index]), byte(values[plane + index]), byte(values[2 * plane + index])])
    }))
}

/// `picture` with everything that `mask` marks made black in tensor terms, that is mid-grey.
pub(super) fn without_masked(
    picture: &RgbImage,
    mask: &GrayImage,
    placement: &Placement,
) -> Result<Tensor, Error> {
    let keep: Vec<f32> =
        mask.pixels().map(|grey| if grey.0[0] < MASK_THRESHOLD { 1.0 } else { 0.0 }).collect();
    let (width, height) = mask.dimensions();
    let keep = Tensor::from_vec(keep, (1, 1, height as usize, width as usize), &placement.device)?;
    Ok(to_tensor(picture, placement)?.broadcast_mul(&keep.to_dtype(placement.activation())?)?)
}

/// The mask of a latent picture, 1 where it is painted anew: the pixel at each block's corner decides.
pub(super) fn latent_mask(mask: &GrayImage, like: &Latents) -> Latents {
    let (width, height) = mask.dimensions();
    let at = |row: usize, column: usize| {
        let x = (column * width as usize / like.width) as u32;
        let y = (row * height as usize / like.height) as u32;
        if mask.get_pixel(x, y).0[0] < MASK_THRESHOLD { 0.0 } else { 1.0 }
    };
    let values = (0..like.height).flat_map(|row| (0..like.width).map(move |column| (row, column)));
    let values = values.map(|(row, column)| at(row, column)).collect();
    Latents { values, count: 1, channels: 1, height: like.height, width: like.width }
}

/// A mask of `height`×`width` latents whose values are shares from 0 (black) to 1 (white), with soft edges.
pub(super) fn shares(mask: &GrayImage, height: usize, width: usize) -> Latents {
    let small = imageops::resize(mask, width as u32, height as u32, imageops::FilterType::Triangle);
    let values = small.pixels().map(|grey| f32::from(grey.0[0]) / 255.0).collect();
    Latents { values, count: 1, channels: 1, height, width }
}

/// `painted` where `mask` is white, `original` where it is black, mixed in between: what was to be kept is kept
/// to the byte.
pub(crate) fn pasted(painted: &RgbImage, original: &RgbImage, mask: &GrayImage) -> RgbImage {
    RgbImage::from_fn(painted.width(), painted.height(), |x, y| {
        let share = u32::from(mask.get_pixel(x, y).0[0]);
        let (new, old) = (painted.get_pixel(x, y).0, original.get_pixel(x, y).0);
        let mix = |channel: usize| {
            ((u32::from(new[channel]) * share + u32::from(old[channel]) * (255 - share) + 127) / 255) as u8
        };
        Rgb([mix(0), mix(1), mix(2)])
    })
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn bytes_survive_the_way_there_and_back() {
        let picture =
            RgbImage::from_fn(16, 16, |x, y| Rgb([(y * 16 + x) as u8, (x * 16) as u8, 255 - y as u8]));
        let there = to_tensor(&picture, &Placement::cpu()).unwrap();
        assert_eq!(from_tensor(&there).unwrap(), picture);
    }

    #[test]
    fn kept_pixels_are_kept_to_the_byte() {
        let painted = RgbImage::from_pixel(2, 1, Rgb([200, 10, 0]));
        let original = RgbImage::from_pixel(2, 1, Rgb([1, 2, 3]));
        let mask = GrayImage::from_fn(2, 1, |x, _| Luma([if x == 0 { 0 } else { 255 }]));
        let mixed = pasted(&painted, &original, &mask);
        assert_eq!(mixed.get_pixel(0, 0).0, [1, 2, 3]);
        assert_eq!(mixed.get_pixel(1, 0).0, [200, 10, 0]);
    }

    #[test]
    fn a_latent_mask_looks_at_block_corners() {
        let mask = GrayImage::from_fn(16, 8, |x, _| Luma([if x >= 8 { 255 } else { 0 }]));
        let like = Latents { values: vec![0.0; 8], count: 1, channels: 4, height: 1, width: 2 };
        assert_eq!(latent_mask(&mask, &like).values, [0.0, 1.0]);
    }
}
