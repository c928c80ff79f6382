//! The tiny autoencoder for previews: diffusers' `AutoencoderTiny`, known as TAESD (Ollin Boer Bohan, 2023).

use candle_core::{DType, Tensor};
use serde_json::json;

use crate::{
    Error,
    device::Placement,
    diffusion::{
        ask::{Ask, go_on},
        options::Options,
        shapes::dims,
    },
    nn::{Conv2d, Geometry},
    weights::Weights,
};

/// Most levels of resolution. Published checkpoints have 4.
const LEVELS: usize = 8;
/// Most channels. Published checkpoints have 64.
const CHANNELS: usize = 8192;
/// Most blocks at a level. Published checkpoints have 3.
const BLOCKS: usize = 64;
/// Latents beyond about this are pressed together before they are decoded.
const SOFT_LIMIT: f64 = 3.0;

/// The shape of a [`TinyVae`], read from its `config.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct TinyVaeConfig {
    /// Channels of the picture that is encoded.
    pub in_channels: usize,
    /// Channels of the picture that is decoded.
    pub out_channels: usize,
    /// Channels of latents.
    pub latent_channels: usize,
    /// What the encoder's answer is multiplied by for the UNet; 1 in published checkpoints, which were trained on
    /// the UNet's own latents.
    pub scaling_factor: f64,
    encoder: Stack,
    decoder: Stack,
}

/// Channels of one half, and blocks per level of resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stack {
    channels: usize,
    blocks: Vec<usize>,
}

impl Stack {
    fn read(options: &mut Options, half: &str, blocks: &[usize]) -> Result<Self, Error> {
        let name = format!("{half}_block_out_channels");
        let channels = options.counts(&name, &vec![64; blocks.len()], 1..=CHANNELS)?;
        let blocks = options.counts(&format!("num_{half}_blocks"), blocks, 0..=BLOCKS)?;
        options.within(&format!("the number of {name}"), channels.len(), 1..=LEVELS)?;
        // The network's convolutions between levels keep the channels.
        if blocks.len() != channels.len() || channels.iter().any(|&other| other != channels[0]) {
            return Err(options.refuse(format!(
                "{name} is {channels:?} for blocks {blocks:?}; as many are needed, all of them the same"
            )));
        }
        Ok(Self { channels: channels[0], blocks })
    }
}

impl TinyVaeConfig {
    /// Reads the text of a `config.json` of diffusers' `AutoencoderTiny`. `file` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is no such file, asks for something that is not built here, or its numbers
    /// are out of bounds.
    pub fn parse(file: &str, json: &str) -> Result<Self, Error> {
        let mut options = Options::parse(file, json)?;
        options.only("_class_name", &[json!("AutoencoderTiny")])?;
        options.only("act_fn", &[json!("relu")])?;
        options.only("upsample_fn", &[json!("nearest")])?;
        options.only("upsampling_scaling_factor", &[json!(2)])?;
        options.only("shift_factor", &[json!(0), json!(null)])?;
        // How to keep latents in an 8-bit picture, a copy of the decoder's channels, and f16, whose range is wide
        // enough for this network.
        options.inert(&["latent_magnitude", "latent_shift", "block_out_channels", "force_upcast"]);
        let config = Self {
            in_channels: options.count("in_channels", 3, 1..=CHANNELS)?,
            out_channels: options.count("out_channels", 3, 1..=CHANNELS)?,
            latent_channels: options.count("latent_channels", 4, 1..=CHANNELS)?,
            scaling_factor: options.number("scaling_factor", 1.0, 1e-6..=1e6)?,
            encoder: Stack::read(&mut options, "encoder", &[1, 3, 3, 3])?,
            decoder: Stack::read(&mut options, "decoder", &[3, 3, 3, 1])?,
        };
        let (down, up) = (config.encoder.blocks.len(), config.decoder.blocks.len());
        if down != up {
            return Err(options.refuse(format!(
                "num_encoder_blocks has {down} levels and num_decoder_blocks {up}; as many are needed"
            )));
        }
        options.finish()?;
        Ok(config)
    }

    /// Pixels per latent, in each direction.
    #[must_use]
    pub fn factor(&self) -> usize {
        1 << (self.decoder.blocks.len() - 1)
    }
}

/// A tiny autoencoder with its parameters. It decodes with about a twentieth of the whole
/// one's arithmetic.
#[derive(Debug)]
pub struct TinyVae {
    config: TinyVaeConfig,
    placement: Placement,
    encoder: Vec<Layer>,
    decoder: Vec<Layer>,
}

impl TinyVae {
    /// Reads all of `weights`, whose names are those of diffusers.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is missing, of another shape than `config` says, or of no use.
    pub fn load(config: &TinyVaeConfig, weights: &Weights) -> Result<Self, Error> {
        let vae = Self {
            config: config.clone(),
            placement: weights.placement().clone(),
            encoder: encoder(&weights.pp("encoder"), config)?,
            decoder: decoder(&weights.pp("decoder"), config)?,
        };
        weights.finish()?;
        Ok(vae)
    }

    /// Its shape.
    #[must_use]
    pub fn config(&self) -> &TinyVaeConfig {
        &self.config
    }

    /// The latents of pictures `[batch, in_channels, height, width]`, −1 to 1, whose sides are multiples of
    /// [`TinyVaeConfig::factor`], scaled for the UNet.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the shape does not fit, [`Error::Cancelled`] when `ask` breaks off, and otherwise when
    /// the device has no room.
    pub fn encode(&self, pictures: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let factor = self.config.factor();
        let [_, _, height, width] =
            dims("picture", pictures, [None, Some(self.config.in_channels), None, None])?;
        if !height.is_multiple_of(factor) || !width.is_multiple_of(factor) {
            let problem = format!("has {width}×{height} pixels; multiples of {factor} are needed");
            return Err(Error::Invalid { field: "picture", problem });
        }
        // This network knows pictures as 0 to 1.
        let latents = self.run(&self.encoder, &pictures.to_dtype(DType::F32)?.affine(0.5, 0.5)?, ask)?;
        Ok((latents * self.config.scaling_factor)?)
    }

    /// The pictures of latents `[batch, latent_channels, height, width]`, scaled as for the UNet:
    /// `[batch, out_channels, height·factor, width·factor]` in f32, about −1 to 1 and not cut off.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn decode(&self, latents: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        dims("latents", latents, [None, Some(self.config.latent_channels), None, None])?;
        let raw = (latents.to_dtype(DType::F32)? / self.config.scaling_factor)?;
        let pressed = ((raw / SOFT_LIMIT)?.tanh()? * SOFT_LIMIT)?;
        Ok(self.run(&self.decoder, &pressed, ask)?.affine(2.0, -1.0)?)
    }

    fn run(&self, layers: &[Layer], x: &Tensor, ask: &mut Ask<'_>) -> Result<Tensor, Error> {
        let mut x = x.to_device(&self.placement.device)?.to_dtype(self.placement.activation())?;
        for layer in layers {
            go_on(ask)?;
            x = layer.forward(&x)?;
        }
        Ok(x.to_dtype(DType::F32)?)
    }
}

/// One step of a half. Checkpoints number them through, those without parameters too.
#[derive(Debug)]
enum Layer {
    Conv(Conv2d),
    Relu,
    Block(Box<[Conv2d; 3]>),
    /// Doubles the resolution.
    Double(Conv2d),
}

impl Layer {
    fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        match self {
            Self::Conv(conv) => conv.forward(x),
            Self::Relu => Ok(x.relu()?),
            Self::Block(block) => {
                let [first, second, third] = block.as_ref();
                let y = first.forward(x)?.relu()?;
                let y = second.forward(&y)?.relu()?;
                Ok(third.forward_add(&y, x)?.relu()?)
            }
            Self::Double(conv) => {
                let (_, _, height, width) = x.dims4()?;
                conv.forward_upsampled(x, 2 * height, 2 * width)
            }
        }
    }
}

/// Reads `layers.{index}.conv.0`, `.2` and `.4`.
fn block(weights: &Weights, channels: usize) -> Result<Layer, Error> {
    let conv = |place: usize| Conv2d::load(&weights.pp("conv").pp(place), channels, channels, Geometry::SAME);
    Ok(Layer::Block(Box::new([conv(0)?, conv(2)?, conv(4)?])))
}

fn encoder(weights: &Weights, config: &TinyVaeConfig) -> Result<Vec<Layer>, Error> {
    let Stack { channels, blocks } = &config.encoder;
    let channels = *channels;
    let layers = weights.pp("layers");
    let mut done = Vec::new();
    for (level, &count) in blocks.iter().enumerate() {
        let at = layers.pp(done.len());
        done.push(Layer::Conv(match level {
            0 => Conv2d::load(&at, config.in_channels, channels, Geometry::SAME)?,
            _ => Conv2d::load_no_bias(&at, channels, channels, Geometry::HALF)?,
        }));
        for _ in 0..count {
            done.push(block(&layers.pp(done.len()), channels)?);
        }
    }
    let at = layers.pp(done.len());
    done.push(Layer::Conv(Conv2d::load(&at, channels, config.latent_channels, Geometry::SAME)?));
    Ok(done)
}

fn decoder(weights: &Weights, config: &TinyVaeConfig) -> Result<Vec<Layer>, Error> {
    let Stack { channels, blocks } = &config.decoder;
    let channels = *channels;
    let layers = weights.pp("layers");
    let enter = Conv2d::load(&layers.pp(0), config.latent_channels, channels, Geometry::SAME)?;
    let mut done = vec![Layer::Conv(enter), Layer::Relu];
    // Enlarging has a number of its own and no parameters.
    let mut number = done.len();
    for (level, &count) in blocks.iter().enumerate() {
        for _ in 0..count {
            done.push(block(&layers.pp(number), channels)?);
            number += 1;
        }
        if level + 1 < blocks.len() {
            let at = layers.pp(number + 1);
            done.push(Layer::Double(Conv2d::load_no_bias(&at, channels, channels, Geometry::SAME)?));
            number += 2;
        }
    }
    let leave = Conv2d::load(&layers.pp(number), channels, config.out_channels, Geometry::SAME)?;
    done.push(Layer::Conv(leave));
    Ok(done)
}
