//! Between pictures and latents: diffusers' `AutoencoderKL`, and two cheaper ways to a preview.
//!
//! Latents at this interface are those of the UNet, already multiplied by `scaling_factor`. Kingma & Welling 2014,
//! "Auto-Encoding Variational Bayes"; Rombach et al. 2022, section 3.1.

mod approximate;
mod attention;
mod coder;
mod config;
#[cfg(test)]
mod tests;
mod tiles;
mod tiny;

use candle_core::{DType, Tensor};

pub use self::{
    approximate::Approximate,
    config::VaeConfig,
    tiles::Tile,
    tiny::{TinyVae, TinyVaeConfig},
};
use self::{
    coder::{Decoder, Encoder},
    tiles::tiled,
};
use super::{ask::Ask, shapes::dims};
use crate::{
    Error,
    device::{Placement, Precision},
    weights::Weights,
};

/// Logarithms of variances outside of this range are cut off, as in training.
const LOG_VARIANCES: (f64, f64) = (-30.0, 20.0);

/// What the encoder knows of a picture: a normal distribution for each latent. In f32, not scaled.
#[derive(Debug, Clone)]
pub struct Posterior {
    /// Means, `[batch, latent_channels, height, width]`.
    pub mean: Tensor,
    /// Logarithms of variances, of the same shape, −30 to 20.
    pub log_variance: Tensor,
    scaling_factor: f64,
}

impl Posterior {
    /// The most likely latents, scaled for the UNet. The same picture always has the same.
    ///
    /// # Errors
    /// When the device has no room.
    pub fn latents(&self) -> Result<Tensor, Error> {
        Ok((&self.mean * self.scaling_factor)?)
    }

    /// Latents drawn by `noise` from the standard normal distribution (of the shape of [`Self::mean`]), scaled for
    /// the UNet.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the shape is another, otherwise when the device has no room.
    pub fn sample(&self, noise: &Tensor) -> Result<Tensor, Error> {
        let (batch, channels, height, width) = self.mean.dims4()?;
        dims("noise", noise, [Some(batch), Some(channels), Some(height), Some(width)])?;
        let deviation = (&self.log_variance * 0.5)?.exp()?;
        Ok(((&self.mean + (deviation * noise)?)? * self.scaling_factor)?)
    }
}

/// An autoencoder with its parameters.
///
/// Samples are encoded and decoded one after the other: nothing in it looks from one to another, so the answer is
/// the same and needs the memory of one.
#[derive(Debug)]
pub struct Vae {
    config: VaeConfig,
    placement: Placement,
    encoder: Encoder,
    decoder: Decoder,
}

impl Vae {
    /// Reads all of `weights`, whose names are those of diffusers, today's or the first ones. Counts in f32 where
    /// f16 was asked for and the configuration says that its range is too small.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is missing, of another shape than `config` says, or of no use.
    pub fn load(config: &VaeConfig, weights: &Weights) -> Result<Self, Error> {
        let weights = match weights.placement().precision {
            Precision::F16 if config.force_upcast => weights.with_precision(Precision::F32),
            _ => weights.clone(),
        };
        let vae = Self {
            config: config.clone(),
            placement: weights.placement().clone(),
            encoder: Encoder::load(&weights, config)?,
            decoder: Decoder::load(&weights, config)?,
        };
        weights.finish()?;
        Ok(vae)
    }

    /// Its shape.
    #[must_use]
    pub fn config(&self) -> &VaeConfig {
        &self.config
    }

    /// The tile that holds a picture of the size that it was trained on: 64 latents for Stable Diffusion 1, 128 for
    /// XL.
    #[must_use]
    pub fn tile(&self) -> Tile {
        Tile::holding(self.config.sample_size, self.config.factor())
    }

    /// What the encoder knows of pictures `[batch, in_channels, height, width]`, −1 to 1, whose sides are multiples
    /// of [`VaeConfig::factor`]. Those larger than `tile` are encoded in tiles. `ask` is asked between all blocks.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the shape does not fit, [`Error::Cancelled`] when `ask` breaks off, and otherwise when
    /// the device has no room.
    pub fn encode(
        &self,
        pictures: &Tensor,
        tile: Option<Tile>,
        ask: &mut Ask<'_>,
    ) -> Result<Posterior, Error> {
        let factor = self.config.factor();
        let [_, _, height, width] =
            dims("picture", pictures, [None, Some(self.config.in_channels), None, None])?;
        if !height.is_multiple_of(factor) || !width.is_multiple_of(factor) {
            let problem = format!("has {width}×{height} pixels; multiples of {factor} are needed");
            return Err(Error::Invalid { field: "picture", problem });
        }
        let moments = self.each(pictures, |x| match tile.map(|tile| tile.latents() * factor) {
            Some(side) if height.max(width) > side => {
                tiled(x, side, side / factor, |tile| self.encoder.forward(tile, ask))
            }
            _ => self.encoder.forward(x, ask),
        })?;
        let channels = self.config.latent_channels;
        let (least, most) = LOG_VARIANCES;
        Ok(Posterior {
            mean: moments.narrow(1, 0, channels)?.contiguous()?,
            log_variance: moments.narrow(1, channels, channels)?.clamp(least, most)?,
            scaling_factor: self.config.scaling_factor,
        })
    }

    /// The pictures of latents `[batch, latent_channels, height, width]`, scaled as for the UNet:
    /// `[batch, out_channels, height·factor, width·factor]` in f32, about −1 to 1 and not cut off. Latents larger
    /// than `tile` are decoded in tiles. `ask` is asked between all blocks.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn decode(&self, latents: &Tensor, tile: Option<Tile>, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let [_, _, height, width] =
            dims("latents", latents, [None, Some(self.config.latent_channels), None, None])?;
        let raw = (latents.to_dtype(DType::F32)? / self.config.scaling_factor)?;
        self.each(&raw, |x| match tile.map(Tile::latents) {
            Some(side) if height.max(width) > side => {
                tiled(x, side, side * self.config.factor(), |tile| self.decoder.forward(tile, ask))
            }
            _ => self.decoder.forward(x, ask),
        })
    }

    /// Runs `network` over each sample of `x` and brings the answers together, in f32.
    fn each(
        &self,
        x: &Tensor,
        mut network: impl FnMut(&Tensor) -> Result<Tensor, Error>,
    ) -> Result<Tensor, Error> {
        let x = x.to_device(&self.placement.device)?.to_dtype(self.placement.activation())?;
        let answers = (0..x.dim(0)?).map(|sample| {
            let answer = network(&x.narrow(0, sample, 1)?.contiguous()?)?;
            Ok(answer.to_dtype(DType::F32)?)
        });
        Ok(Tensor::cat(&answers.collect::<Result<Vec<_>, Error>>()?, 0)?)
    }

    /// About how many bytes of activations are alive at once while a picture of `height`×`width` pixels is decoded
    /// whole, parameters not counted.
    ///
    /// The peak is the first residual block at full resolution, which still has the channels of the level below:
    /// its input (kept for the shortcut), the same normalised, and as much again for what comes out. A GPU without
    /// cuDNN also unfolds the input of a 3×3 convolution, nine times its size.
    #[must_use]
    pub fn decode_bytes(&self, height: usize, width: usize) -> u64 {
        let channels = &self.config.channels;
        self.bytes(channels[0].max(*channels.get(1).unwrap_or(&0)), height, width)
    }

    /// As [`Self::decode_bytes`], of encoding.
    #[must_use]
    pub fn encode_bytes(&self, height: usize, width: usize) -> u64 {
        self.bytes(self.config.channels[0], height, width)
    }

    fn bytes(&self, channels: usize, height: usize, width: usize) -> u64 {
        let copies = if self.placement.device.is_cpu() { 3 } else { 3 + 9 };
        let element = self.placement.activation().size_in_bytes();
        [channels, height, width, element]
            .into_iter()
            .fold(copies, |bytes: u64, size| bytes.saturating_mul(size as u64))
    }
}
