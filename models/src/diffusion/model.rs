//! A checkpoint's networks, loaded and ready to paint.

use std::ops::ControlFlow;

use candle_core::Tensor;
use image::RgbImage;

use super::{
    chart,
    latents::Latents,
    lora::{self, Lora, LoraFile, Part},
    picture,
    preview::Previewer,
    slot::{Room, Slot},
    text::{ClipText, ClipTextConfig, Padding, PromptEncoder, Tokenizer, Tower},
    unet::UnetConfig,
    vae::{Approximate, Tile, Vae, VaeConfig},
    watch::{Moment, Watch},
};
use crate::{
    Error,
    checkpoint::{Checkpoint, Family, TinyCheckpoint},
    device::Placement,
    sampler::SchedulerConfig,
    weights::{Parameter, Weights},
};

/// The text encoders in their order.
const TEXT_PARTS: [Part; 2] = [Part::TextEncoder, Part::SecondTextEncoder];

/// Stable Diffusion 1.x, 2.x or XL: text encoders, UNet and autoencoder of one checkpoint.
#[derive(Debug)]
pub struct StableDiffusion {
    pub(super) text: PromptEncoder,
    pub(super) unet: Slot,
    pub(super) vae: Vae,
    pub(super) scheduler: SchedulerConfig,
    pub(super) placement: Placement,
    family: Family,
    pub(super) previewer: Previewer,
    decode_budget: u64,
    bytes: u64,
}

impl StableDiffusion {
    /// Reads all networks of `checkpoint`, changed by `loras`. `decode_budget` is the memory in bytes above which pictures are
    /// encoded and decoded in tiles.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the file and tensor that does not fit.
    pub fn load(
        checkpoint: &Checkpoint,
        loras: &[Lora],
        placement: &Placement,
        decode_budget: u64,
    ) -> Result<Self, Error> {
        let networks = Networks::open(checkpoint, loras, placement)?;
        let bytes = checkpoint.size() + networks.merged_bytes;
        let (config, weights) = networks.unet;
        let unet = Slot::load(UnetConfig::parse("unet", config)?, &weights, networks.merged_bytes > 0)?;
        let (config, weights) = checkpoint.vae(placement)?;
        let vae = Vae::load(&VaeConfig::parse("vae", config)?, &weights)?;
        let previewer = Previewer::open(checkpoint.family(), checkpoint.tiny(), vae.config(), placement)?;
        Ok(Self {
            text: prompt_encoder(checkpoint, &networks.text)?,
            unet,
            vae,
            scheduler: SchedulerConfig::from_json(checkpoint.scheduler())?,
            placement: placement.clone(),
            previewer,
            family: checkpoint.family(),
            decode_budget,
            bytes,
        })
    }

    /// What its parameters take: those in their files, which are mapped on a processor, and those that LoRAs changed.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Draws previews with `tiny`, which is made for latents like this checkpoint's, unless it brings one of its own.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it can't be used, [`Error::Invalid`] when it is for latents of another depth.
    pub fn draw_previews_with(&mut self, tiny: &TinyCheckpoint) -> Result<(), Error> {
        if !self.previewer.has_tiny() {
            let (vae, placement) = (self.vae.config(), &self.placement);
            self.previewer = Previewer::open(self.family, Some(tiny), vae, placement)?;
            self.bytes += tiny.size();
        }
        Ok(())
    }

    /// Fits the colours of previews to this checkpoint's own autoencoder, by a chart of colours that it encodes: those
    /// that others have published are for the latents of theirs.
    ///
    /// # Errors
    /// When its latents are not four a pixel, or the device has no room.
    pub(crate) fn fit_previews(&mut self) -> Result<(), Error> {
        let chart = chart::picture();
        let latents = self.encode(&chart, &mut |_| ControlFlow::Continue(()))?;
        self.previewer.approximate_by(Approximate::fitted(chart::samples(&chart, &latents)?));
        Ok(())
    }

    /// Side in pixels of the square pictures that it was trained on. Far from that area composition falls apart.
    #[must_use]
    pub fn native_side(&self) -> u32 {
        self.vae.config().sample_size as u32
    }

    /// A small picture of latents (a batch of one) that may still be noisy, by the tiny autoencoder where there is
    /// one, and else by a linear map of their channels.
    ///
    /// # Errors
    /// When the device has no room.
    pub fn preview(&self, latents: &Latents) -> Result<RgbImage, Error> {
        self.previewer.picture(latents)
    }

    /// Encodes one picture; its sides are multiples of the autoencoder's factor.
    pub(crate) fn encode(&self, picture: &RgbImage, watch: &mut Watch<'_>) -> Result<Latents, Error> {
        self.encode_tensor(&picture::to_tensor(picture, &self.placement)?, watch)
    }

    /// Encodes `[1, 3, height, width]`. The mean of the posterior is taken: a drawn one would make the same
    /// request give another picture.
    pub(super) fn encode_tensor(&self, picture: &Tensor, watch: &mut Watch<'_>) -> Result<Latents, Error> {
        let (_, _, height, width) = picture.dims4()?;
        let tile = self.tile(self.vae.encode_bytes(height, width));
        Latents::from_tensor(&self.vae.encode(picture, tile, &mut ask(watch))?.latents()?)
    }

    /// Decodes a batch of one while the UNet is still needed.
    pub(super) fn decode(&self, latents: &Latents, watch: &mut Watch<'_>) -> Result<RgbImage, Error> {
        let tile = self.tile(self.decode_bytes(latents));
        self.decode_by(latents, tile, watch)
    }

    /// Decodes a batch of one when the run needs the UNet no more: where its memory makes the difference between a
    /// whole picture and tiles, it leaves the device.
    pub(super) fn decode_last(&self, latents: &Latents, watch: &mut Watch<'_>) -> Result<RgbImage, Error> {
        let needed = self.decode_bytes(latents);
        let whole = match Room::of(needed, self.decode_budget, self.unet.droppable_bytes()) {
            Room::Beside => true,
            Room::Instead => self.unet.let_go(),
            Room::Tiles => false,
        };
        self.decode_by(latents, (!whole).then(|| self.vae.tile()), watch)
    }

    fn decode_bytes(&self, latents: &Latents) -> u64 {
        let factor = self.vae.config().factor();
        self.vae.decode_bytes(latents.height * factor, latents.width * factor)
    }

    fn decode_by(
        &self,
        latents: &Latents,
        tile: Option<Tile>,
        watch: &mut Watch<'_>,
    ) -> Result<RgbImage, Error> {
        let tensor = latents.to_tensor(&self.placement.device, candle_core::DType::F32)?;
        picture::from_tensor(&self.vae.decode(&tensor, tile, &mut ask(watch))?)
    }

    fn tile(&self, bytes: u64) -> Option<Tile> {
        (bytes > self.decode_budget).then(|| self.vae.tile())
    }
}

/// Asks the watcher between the parts of a network.
fn ask<'a, 'b: 'a>(watch: &'a mut Watch<'b>) -> impl FnMut() -> std::ops::ControlFlow<()> + 'a {
    move || watch(Moment::Tick)
}

/// The networks that LoRAs change: configurations and parameters.
struct Networks<'a> {
    unet: (&'a str, Weights),
    text: Vec<(&'a str, Weights)>,
    /// What the changed parameters take.
    merged_bytes: u64,
}

impl<'a> Networks<'a> {
    /// Opens them and lays the merged parameters over the originals, which stay mapped and untouched: without the
    /// LoRAs the same checkpoint is exactly what it was.
    fn open(checkpoint: &'a Checkpoint, loras: &[Lora], placement: &Placement) -> Result<Self, Error> {
        let text = (0..checkpoint.text_encoders()).map(|index| checkpoint.text_encoder(index, placement));
        let (unet, text) = (checkpoint.unet(placement)?, text.collect::<Result<_, _>>()?);
        let mut networks = Self { unet, text, merged_bytes: 0 };
        if loras.is_empty() {
            return Ok(networks);
        }
        let files = loras.iter().map(|lora| LoraFile::open(lora.path()));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        let weighted: Vec<_> = files.iter().zip(loras.iter().map(Lora::weight)).collect();
        let mut parts = vec![(Part::Unet, &networks.unet.1)];
        parts.extend(TEXT_PARTS.into_iter().zip(networks.text.iter().map(|(_, weights)| weights)));
        let mut merged = lora::merge(&parts, &weighted)?;
        networks.merged_bytes = merged.values().flat_map(|part| part.values()).map(Parameter::bytes).sum();
        let mut laid = |part: Part, weights: &mut Weights| {
            *weights = weights.with_replaced(merged.remove(&part).unwrap_or_default());
        };
        laid(Part::Unet, &mut networks.unet.1);
        for (part, (_, weights)) in TEXT_PARTS.into_iter().zip(&mut networks.text) {
            laid(part, weights);
        }
        Ok(networks)
    }
}

fn prompt_encoder(checkpoint: &Checkpoint, networks: &[(&str, Weights)]) -> Result<PromptEncoder, Error> {
    let tower = |index: usize| -> Result<Tower, Error> {
        let (config, weights) = &networks[index];
        let model = ClipText::load(&ClipTextConfig::parse("text_encoder", config)?, weights)?;
        let tokenizer = match checkpoint.tokenizer(index) {
            Some(folder) => Tokenizer::open(folder)?,
            // A file that brings no tokenizer was made for CLIP's own; the larger encoders pad with another token.
            None => Tokenizer::bundled(if index == 0 { Padding::End } else { Padding::Exclamation })?,
        };
        Ok(Tower { tokenizer, model })
    };
    match networks.len() {
        1 => Ok(PromptEncoder::one(tower(0)?)),
        _ => PromptEncoder::two(tower(0)?, tower(1)?, checkpoint.zeros_for_empty_prompt()),
    }
}
