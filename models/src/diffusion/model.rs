//! A checkpoint's networks, loaded and ready to paint.

use candle_core::Tensor;
use image::RgbImage;

use super::{
    latents::Latents,
    picture,
    text::PromptEncoder,
    unet::{Unet, UnetConfig},
    vae::{AutoencoderKl, VaeConfig},
};
use crate::{Error, checkpoint::Checkpoint, device::Placement, sampler::SchedulerConfig};

/// Stable Diffusion 1.x, 2.x or XL: text encoders, UNet and autoencoder of one checkpoint.
#[derive(Debug)]
pub struct StableDiffusion {
    pub(super) text: PromptEncoder,
    pub(super) unet: Unet,
    pub(super) vae: AutoencoderKl,
    pub(super) scheduler: SchedulerConfig,
    pub(super) placement: Placement,
    decode_budget: u64,
}

impl StableDiffusion {
    /// Reads all networks of `checkpoint`. `decode_budget` is the memory in bytes above which pictures are
    /// decoded in tiles.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the file and tensor that does not fit.
    pub fn load(checkpoint: &Checkpoint, placement: &Placement, decode_budget: u64) -> Result<Self, Error> {
        let (config, weights) = checkpoint.unet(placement)?;
        let unet = Unet::load(&UnetConfig::from_json(&config)?, &weights)?;
        let (config, weights) = checkpoint.vae(placement)?;
        let vae = AutoencoderKl::load(&VaeConfig::from_json(&config)?, &weights)?;
        let text = PromptEncoder::load(checkpoint, placement)?;
        let scheduler = SchedulerConfig::from_json(&checkpoint.scheduler()?)?;
        Ok(Self { text, unet, vae, scheduler, placement: placement.clone(), decode_budget })
    }

    /// Encodes one picture; its sides are multiples of the autoencoder's factor.
    pub(super) fn encode(&self, picture: &RgbImage) -> Result<Latents, Error> {
        self.encode_tensor(&picture::to_tensor(picture, &self.placement)?)
    }

    /// Encodes `[1, 3, height, width]`. The mean of the posterior is taken: a drawn one would make the same
    /// request give another picture.
    pub(super) fn encode_tensor(&self, picture: &Tensor) -> Result<Latents, Error> {
        let mean = self.vae.encode(picture)?.mean;
        Latents::from_tensor(&(mean * self.vae.config().scaling_factor)?)
    }

    /// Decodes a batch of one.
    pub(super) fn decode(&self, latents: &Latents) -> Result<RgbImage, Error> {
        let scaled = latents.clone().scaled((1.0 / self.vae.config().scaling_factor) as f32);
        let tensor = scaled.to_tensor(&self.placement.device, self.placement.activation())?;
        let whole = self.vae.decode_bytes(latents.height, latents.width) <= self.decode_budget;
        let picture = if whole { self.vae.decode(&tensor)? } else { self.vae.decode_tiled(&tensor)? };
        picture::from_tensor(&picture)
    }
}
