//! What an autoencoder's `config.json` says, checked.

use serde_json::json;

use crate::{
    Error,
    diffusion::options::{OneOrMany, Options},
};

/// Most levels of resolution. Published checkpoints have 4.
const LEVELS: usize = 8;
/// Most channels at a level. Published checkpoints have up to 512.
const CHANNELS: usize = 8192;
/// Most residual blocks at a level. Published checkpoints have 2.
const LAYERS: usize = 16;
/// Longest side of a picture that it can have been trained on, in pixels.
const SIDE: usize = 1 << 16;

/// The shape of a [`Vae`](super::Vae), read from its `config.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct VaeConfig {
    /// Channels of the picture that is encoded.
    pub in_channels: usize,
    /// Channels of the picture that is decoded.
    pub out_channels: usize,
    /// Channels of latents.
    pub latent_channels: usize,
    /// What the encoder's answer is multiplied by to have the spread that the UNet was trained with.
    pub scaling_factor: f64,
    /// Whether its activations go beyond the range of f16.
    pub force_upcast: bool,
    /// Side of the pictures that it was trained on, in pixels.
    pub sample_size: usize,
    /// Channels per level, from the highest resolution to the lowest.
    pub(super) channels: Vec<usize>,
    /// Residual blocks per level of the encoder; the decoder has one more.
    pub(super) layers: usize,
    pub(super) groups: usize,
    pub(super) quant_conv: bool,
    pub(super) post_quant_conv: bool,
    pub(super) attention: bool,
}

impl VaeConfig {
    /// Reads the text of a `config.json` of diffusers' `AutoencoderKL`. `file` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is no such file, asks for something that is not built here, or its numbers
    /// are out of bounds.
    pub fn parse(file: &str, json: &str) -> Result<Self, Error> {
        let mut options = Options::parse(file, json)?;
        refuse_unsupported(&mut options)?;
        let channels = options.counts("block_out_channels", &[64], 1..=CHANNELS)?;
        let levels = options.within("the number of block_out_channels", channels.len(), 1..=LEVELS)?;
        for (name, kind) in
            [("down_block_types", "DownEncoderBlock2D"), ("up_block_types", "UpDecoderBlock2D")]
        {
            if options.all(name, kind)? != Some(levels) {
                return Err(options.refuse(format!("{name} is not a list of {levels}")));
            }
        }
        let side = match options.take_or("sample_size", OneOrMany::One(32))? {
            OneOrMany::One(side) => side,
            OneOrMany::Many(sides) => sides.first().copied().unwrap_or_default(),
        };
        let config = Self {
            in_channels: options.count("in_channels", 3, 1..=CHANNELS)?,
            out_channels: options.count("out_channels", 3, 1..=CHANNELS)?,
            latent_channels: options.count("latent_channels", 4, 1..=CHANNELS)?,
            scaling_factor: options.number("scaling_factor", 0.18215, 1e-6..=1e6)?,
            force_upcast: options.take_or("force_upcast", true)?,
            sample_size: options.within("sample_size", side, 1..=SIDE)?,
            channels,
            layers: options.count("layers_per_block", 1, 1..=LAYERS)?,
            groups: options.count("norm_num_groups", 32, 1..=CHANNELS)?,
            quant_conv: options.take_or("use_quant_conv", true)?,
            post_quant_conv: options.take_or("use_post_quant_conv", true)?,
            attention: options.take_or("mid_block_add_attention", true)?,
        };
        options.finish()?;
        Ok(config)
    }

    /// Pixels per latent, in each direction.
    #[must_use]
    pub fn factor(&self) -> usize {
        1 << (self.channels.len() - 1)
    }
}

/// Takes the options of diffusers of which only one value is built.
fn refuse_unsupported(options: &mut Options) -> Result<(), Error> {
    options.only("_class_name", &[json!("AutoencoderKL")])?;
    options.only("act_fn", &[json!("silu"), json!("swish")])?;
    for name in ["shift_factor", "latents_mean", "latents_std"] {
        options.only(name, &[json!(null)])?;
    }
    Ok(())
}
