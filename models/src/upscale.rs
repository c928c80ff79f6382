//! Doubles pictures: `SRVGGNetCompact` (Wang et al. 2021, the compact network of Real-ESRGAN), under its authors' names.

use std::path::Path;

use candle_core::{DType, Tensor};
use image::{Rgb, RgbImage};

use crate::{
    Error,
    device::Placement,
    nn::{Conv2d, Geometry, Prelu},
    weights::{TensorFile, Weights},
};

/// How much larger both sides become.
pub const FACTOR: usize = 2;
/// Colours of a picture.
const COLOURS: usize = 3;
/// Pixels of the border that are repeated around a picture, so that no convolution sees beyond it.
const AROUND: u32 = 4;
/// Most convolutions. Published networks have 34.
const MOST_LAYERS: usize = 128;
/// Most channels between them. Published networks have 64.
const MOST_CHANNELS: usize = 1_024;

/// Convolutions at the small size, each but the last with a rectifier; the last one's channels become pixels, to which
/// the picture itself is added, its pixels repeated.
#[derive(Debug)]
pub struct Upscaler {
    placement: Placement,
    hidden: Vec<(Conv2d, Prelu)>,
    last: Conv2d,
}

impl Upscaler {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// As [`Self::load`], and [`Error::Checkpoint`] when it can't be read.
    pub fn open(path: &Path, placement: &Placement) -> Result<Self, Error> {
        let file = TensorFile::open(path)?;
        Self::load(&Weights::new(&path.display().to_string(), &[file], placement.clone())?)
    }

    /// Reads all of `weights`, `body.0.weight` and so on. Depth and width follow from them.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is missing, too much, of another shape, or of no use.
    pub fn load(weights: &Weights) -> Result<Self, Error> {
        let has = |index: &usize| weights.contains(&format!("body.{index}.weight"));
        let last = (0..MOST_LAYERS).map(|layer| 2 * layer).take_while(has).last().unwrap_or_default();
        let width = weights.shape("body.0.weight").and_then(|shape| shape.first().copied());
        let width = width.unwrap_or_default();
        if !(1..=MOST_CHANNELS).contains(&width) || last < 2 {
            let problem = format!(
                "is no upscaler: body.0.weight with 1 to {MOST_CHANNELS} channels, and body.2.weight at least, are needed"
            );
            return Err(weights.refuse(problem));
        }
        let body = weights.pp("body");
        let mut hidden = Vec::with_capacity(last / 2);
        for index in (0..last).step_by(2) {
            let inputs = if index == 0 { COLOURS } else { width };
            let conv = Conv2d::load(&body.pp(index), inputs, width, Geometry::SAME)?;
            hidden.push((conv, Prelu::load(&body.pp(index + 1), width)?));
        }
        let outputs = COLOURS * FACTOR * FACTOR;
        let last = Conv2d::load(&body.pp(last), width, outputs, Geometry::SAME)?;
        weights.finish()?;
        Ok(Self { placement: weights.placement().clone(), hidden, last })
    }

    /// Pictures `[batch, 3, height, width]` from 0 to 1, twice as high and wide; about 0 to 1 and not cut off.
    ///
    /// # Errors
    /// When the shape does not fit, or the device has no room.
    pub fn forward(&self, pictures: &Tensor) -> Result<Tensor, Error> {
        let (_, _, height, width) = pictures.dims4()?;
        let given = pictures.to_device(&self.placement.device)?.to_dtype(self.placement.activation())?;
        let mut x = given.clone();
        for (conv, rectifier) in &self.hidden {
            x = rectifier.forward(&conv.forward(&x)?)?;
        }
        let detail = candle_nn::ops::pixel_shuffle(&self.last.forward(&x)?, FACTOR)?;
        let coarse = given.upsample_nearest2d(FACTOR * height, FACTOR * width)?;
        Ok((detail + coarse)?.to_dtype(DType::F32)?)
    }

    /// `picture`, doubled.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn doubled(&self, picture: &RgbImage) -> Result<RgbImage, Error> {
        let (inner_width, inner_height) = picture.dimensions();
        let inner = |at: u32, side: u32| at.saturating_sub(AROUND).min(side.saturating_sub(1));
        let picture = RgbImage::from_fn(inner_width + 2 * AROUND, inner_height + 2 * AROUND, |x, y| {
            *picture.get_pixel(inner(x, inner_width), inner(y, inner_height))
        });
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let plane = |channel: usize| picture.pixels().map(move |pixel| f32::from(pixel.0[channel]) / 255.0);
        let values: Vec<f32> = (0..COLOURS).flat_map(plane).collect();
        let small = Tensor::from_vec(values, (1, COLOURS, height, width), &candle_core::Device::Cpu)?;
        let values: Vec<f32> = self.forward(&small)?.flatten_all()?.to_vec1()?;
        let (width, height) = (FACTOR * width, FACTOR * height);
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round_ties_even() as u8;
        let (left, double) = (FACTOR * AROUND as usize, |side: u32| FACTOR as u32 * side);
        Ok(RgbImage::from_fn(double(inner_width), double(inner_height), |x, y| {
            let at = (y as usize + left) * width + x as usize + left;
            Rgb(std::array::from_fn(|channel| byte(values[channel * width * height + at])))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diffusion::fixture::{Fixture, assert_strict, distance};

    #[test]
    fn answers_as_pytorch_does() {
        let fixture = Fixture::open("upscale");
        let upscaler = Upscaler::load(&fixture.weights()).unwrap();
        let enlarged = upscaler.forward(&fixture.run("picture")).unwrap();
        let apart = distance(&enlarged, &fixture.run("enlarged"));
        assert!(apart < 1e-6, "{apart:e}");
    }

    #[test]
    fn every_tensor_is_asked_for() {
        let fixture = Fixture::open("upscale");
        for name in ["body.1.weight", "body.2.bias", "body.6.bias"] {
            assert_strict(&fixture, name, Upscaler::load);
        }
        let empty = fixture.changed(|changed| changed.tensors.clear());
        assert!(Upscaler::load(&empty).unwrap_err().to_string().contains("is no upscaler"));
    }

    #[test]
    fn a_picture_is_doubled() {
        let upscaler = Upscaler::load(&Fixture::open("upscale").weights()).unwrap();
        assert_eq!(upscaler.doubled(&RgbImage::new(5, 3)).unwrap().dimensions(), (10, 6));
    }
}
