//! Single pieces of a generation, to be timed alone.

use candle_core::{DType, Tensor};

use crate::{
    Error,
    checkpoint::{Checkpoint, TinyCheckpoint},
    device::Placement,
    diffusion::{
        Latents, Previewer,
        text::{ClipText, ClipTextConfig, Depth, Token},
        unet::{Added, Unet, UnetConfig},
        vae::{Vae, VaeConfig},
    },
    kernels::{self, Cpu, Rows},
    weights::Values,
};

/// Tokens of a prompt.
const TOKENS: usize = 77;
/// Prompts of a step: the negative one and the other.
const PROMPTS: usize = 2;

/// A piece of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The first text encoder reads two prompts of 77 tokens.
    Text,
    /// The UNet answers for one picture with guidance, which is a batch of two.
    Step,
    /// A preview is drawn of one picture's latents, down to its JPEG.
    Preview,
    /// The autoencoder decodes one picture.
    Decode,
}

impl Piece {
    /// All of them, in the order of a generation.
    pub const ALL: [Self; 4] = [Self::Text, Self::Step, Self::Preview, Self::Decode];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Step => "step",
            Self::Preview => "preview",
            Self::Decode => "decode",
        }
    }
}

/// The network of one piece, and nothing else of its checkpoint.
#[derive(Debug)]
pub struct Bench {
    network: Network,
    placement: Placement,
}

#[derive(Debug)]
enum Network {
    Text(Box<ClipText>),
    Unet(Box<Unet>),
    /// With the latents of a pixel, and pixels per latent.
    Previewer(Box<Previewer>, usize, usize),
    Vae(Box<Vae>),
}

impl Bench {
    /// Reads the network of `piece`. Previews are drawn by the checkpoint's own tiny autoencoder, else by `tiny`, else
    /// without.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] as for a generation.
    pub fn load(
        checkpoint: &Checkpoint,
        tiny: Option<&TinyCheckpoint>,
        piece: Piece,
        placement: &Placement,
    ) -> Result<Self, Error> {
        let network = match piece {
            Piece::Text => {
                let (config, weights) = checkpoint.text_encoder(0, placement)?;
                Network::Text(Box::new(ClipText::load(
                    &ClipTextConfig::parse("text_encoder", config)?,
                    &weights,
                )?))
            }
            Piece::Step => {
                let (config, weights) = checkpoint.unet(placement)?;
                Network::Unet(Box::new(Unet::load(&UnetConfig::parse("unet", config)?, &weights)?))
            }
            Piece::Preview => {
                let config = VaeConfig::parse("vae", checkpoint.vae(placement)?.0)?;
                let tiny = checkpoint.tiny().or(tiny);
                let previewer = Previewer::open(checkpoint.family(), tiny, &config, placement)?;
                Network::Previewer(Box::new(previewer), config.latent_channels, config.factor())
            }
            Piece::Decode => {
                let (config, weights) = checkpoint.vae(placement)?;
                Network::Vae(Box::new(Vae::load(&VaeConfig::parse("vae", config)?, &weights)?))
            }
        };
        Ok(Self { network, placement: placement.clone() })
    }

    /// Runs the piece once for a picture of `width`×`height` pixels. Answers how many operations its products took,
    /// where they are counted: on the processor.
    ///
    /// # Errors
    /// As the network's forward pass.
    pub fn run(&self, width: usize, height: usize) -> Result<u64, Error> {
        kernels::taken();
        match &self.network {
            Network::Text(text) => {
                let prompt = vec![Token::Word(1); TOKENS];
                text.forward(&vec![prompt; PROMPTS], Depth { skip: 0, norm: true })?;
            }
            Network::Unet(unet) => {
                let config = unet.config();
                let x = self.noise(&[PROMPTS, config.in_channels, height / 8, width / 8])?;
                let context = self.noise(&[PROMPTS, TOKENS, config.context])?;
                let added = match config.added {
                    Some(added) => Some(Added {
                        pooled: self.noise(&[PROMPTS, added.pooled])?,
                        time_ids: self.noise(&[PROMPTS, 6])?,
                    }),
                    None => None,
                };
                let answer = unet.forward(&x, &[981.0], &context, added.as_ref(), None, &mut || {
                    std::ops::ControlFlow::Continue(())
                })?;
                // A GPU has only been asked so far; the answer's arrival is its end.
                answer.flatten_all()?.get(0)?.to_scalar::<f32>()?;
            }
            Network::Previewer(previewer, channels, factor) => {
                let latents = self.noise(&[1, *channels, height / factor, width / factor])?;
                previewer.jpeg(&Latents::from_tensor(&latents)?)?;
            }
            Network::Vae(vae) => {
                let factor = vae.config().factor();
                let latents =
                    self.noise(&[1, vae.config().latent_channels, height / factor, width / factor])?;
                let answer = vae.decode(&latents, None, &mut || std::ops::ControlFlow::Continue(()))?;
                answer.flatten_all()?.to_dtype(DType::F32)?.get(0)?.to_scalar::<f32>()?;
            }
        }
        Ok(kernels::taken())
    }

    fn noise(&self, shape: &[usize]) -> Result<Tensor, Error> {
        let values = crate::sampler::Noise::new(0).take(shape.iter().product());
        Ok(Tensor::from_vec(values, shape, &self.placement.device)?)
    }
}

/// One product of two dense matrices of `side`×`side` in f32 on the processor: what the pieces are measured against.
/// Answers its operations.
#[must_use]
pub fn product(side: usize) -> u64 {
    let numbers = vec![0.5; side * side];
    let rows = || Rows::new(Values::F32(&numbers), side, side);
    kernels::taken();
    kernels::multiply(
        Cpu::detect(crate::device::Precision::F32),
        &rows(),
        &rows(),
        kernels::Added::default(),
    );
    kernels::taken()
}
