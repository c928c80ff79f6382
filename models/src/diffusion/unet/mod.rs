//! The network that takes noise off latents: `UNet2DConditionModel` of Stable Diffusion 1, 2 and XL, their
//! inpainting and their distilled variants.
//!
//! Rombach et al. 2022, "High-Resolution Image Synthesis with Latent Diffusion Models"; Podell et al. 2023, "SDXL".

mod blocks;
mod config;
mod levels;
#[cfg(test)]
mod tests;
mod time;
mod transformer;

use candle_core::{DType, Tensor};

pub use self::config::{AddedConfig, UnetConfig};
use self::{
    blocks::{Down, Mid, Signals, Up},
    config::TIME_IDS,
    time::{Perceptron, Sinusoids},
};
use super::{
    ask::{Ask, go_on},
    shapes::dims,
};
use crate::{
    Error,
    device::Placement,
    nn::{Conv2d, Geometry, GroupNorm, silu},
    weights::Weights,
};

/// What SDXL is told beside the text (Podell et al. 2023, section 2.2).
#[derive(Debug, Clone)]
pub struct Added {
    /// The pooled embedding of the text, `[batch, pooled]`.
    pub pooled: Tensor,
    /// Original height and width, top and left of the crop, target height and width, in pixels: `[batch, 6]`.
    pub time_ids: Tensor,
}

/// A UNet with its parameters.
#[derive(Debug)]
pub struct Unet {
    config: UnetConfig,
    placement: Placement,
    time: Perceptron,
    added: Option<Perceptron>,
    conv_in: Conv2d,
    down: Vec<Down>,
    mid: Option<Mid>,
    up: Vec<Up>,
    norm_out: GroupNorm,
    conv_out: Conv2d,
}

impl Unet {
    /// Reads all of `weights`, whose names are those of diffusers.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is missing, of another shape than `config` says, or of no use.
    pub fn load(config: &UnetConfig, weights: &Weights) -> Result<Self, Error> {
        let (channels, width) = (config.channels, config.time.width);
        let mut skips = vec![channels];
        let down = numbered(weights, "down_blocks", &config.levels.down, |weights, level| {
            Down::load(&weights, config, level, &mut skips)
        })?;
        let mut lowest = skips.last().copied().unwrap_or(channels);
        let middle = config.levels.middle.as_ref();
        let mid =
            middle.map(|middle| Mid::load(&weights.pp("mid_block"), config, middle, lowest)).transpose()?;
        let up = numbered(weights, "up_blocks", &config.levels.up, |weights, level| {
            let inputs = std::mem::replace(&mut lowest, level.channels);
            Up::load(&weights, config, level, inputs, &mut skips)
        })?;
        let added = config.added.map(|added| {
            let inputs = added.pooled + TIME_IDS * added.time;
            Perceptron::load(&weights.pp("add_embedding"), inputs, width, None)
        });
        let unet = Self {
            config: config.clone(),
            placement: weights.placement().clone(),
            time: Perceptron::load(&weights.pp("time_embedding"), channels, width, config.guidance)?,
            added: added.transpose()?,
            conv_in: Conv2d::load(&weights.pp("conv_in"), config.in_channels, channels, Geometry::SAME)?,
            down,
            mid,
            up,
            norm_out: GroupNorm::load(&weights.pp("conv_norm_out"), config.groups, channels, config.epsilon)?,
            conv_out: Conv2d::load(&weights.pp("conv_out"), channels, config.out_channels, Geometry::SAME)?,
        };
        weights.finish()?;
        Ok(unet)
    }

    /// Its shape.
    #[must_use]
    pub fn config(&self) -> &UnetConfig {
        &self.config
    }

    /// What the network makes of noisy latents (noise, velocity or picture: the scheduler knows which).
    ///
    /// - `x`: `[batch, in_channels, height, width]`, any size from 1×1.
    /// - `timesteps`: one for all samples or one for each, 0 to 999 (fractions are fine).
    /// - `context`: the text's embedding, `[batch, tokens, context]`.
    /// - `added`: for networks whose [`UnetConfig::added`] is set, and no others.
    /// - `guidance`: embedding of the guidance scale, `[batch, guidance]`, for networks whose
    ///   [`UnetConfig::guidance`] is set; those do without, too.
    /// - `ask`: asked between all blocks.
    ///
    /// Answers in f32, `[batch, out_channels, height, width]`.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the parameter that does not fit, [`Error::Cancelled`] when `ask` breaks off, and
    /// otherwise when the device has no room.
    pub fn forward(
        &self,
        x: &Tensor,
        timesteps: &[f64],
        context: &Tensor,
        added: Option<&Added>,
        guidance: Option<&Tensor>,
        ask: &mut Ask<'_>,
    ) -> Result<Tensor, Error> {
        let [batch, ..] = dims("latents", x, [None, Some(self.config.in_channels), None, None])?;
        dims("context", context, [Some(batch), None, Some(self.config.context)])?;
        go_on(ask)?;
        let time = self.time_embedding(batch, timesteps, added, guidance)?;
        let context = self.place(context)?;
        let signals = Signals { time: &time, context: &context };

        let x = self.place(x)?;
        let x = if self.config.center_input { x.affine(2.0, -1.0)? } else { x };
        let mut x = self.conv_in.forward(&x)?;
        let mut skips = vec![x.clone()];
        for level in &self.down {
            x = level.forward(x, signals, &mut skips, ask)?;
        }
        if let Some(mid) = &self.mid {
            x = mid.forward(&x, signals, ask)?;
        }
        for level in &self.up {
            x = level.forward(x, signals, &mut skips, ask)?;
        }
        Ok(self.conv_out.forward(&self.norm_out.forward_silu(&x)?)?.to_dtype(DType::F32)?)
    }

    /// What all residual blocks are told, `[batch, width]`, through the activation that each of them would begin
    /// with.
    fn time_embedding(
        &self,
        batch: usize,
        timesteps: &[f64],
        added: Option<&Added>,
        guidance: Option<&Tensor>,
    ) -> Result<Tensor, Error> {
        let steps: Vec<f32> = match timesteps {
            [one] => vec![*one as f32; batch],
            many if many.len() == batch => many.iter().map(|&step| step as f32).collect(),
            many => {
                let problem =
                    format!("are {} for {batch} samples; one for all or one each is needed", many.len());
                return Err(Error::Invalid { field: "timesteps", problem });
            }
        };
        if steps.iter().any(|step| !step.is_finite()) {
            return Err(Error::Invalid { field: "timesteps", problem: "are not all finite".to_owned() });
        }
        let guidance = match (guidance, self.config.guidance) {
            (Some(guidance), Some(width)) => {
                dims("guidance", guidance, [Some(batch), Some(width)])?;
                Some(self.place(guidance)?)
            }
            (Some(_), None) => {
                let problem = "is not something that this network was trained with; leave it out".to_owned();
                return Err(Error::Invalid { field: "guidance", problem });
            }
            (None, _) => None,
        };
        let steps = self.sinusoids(self.config.channels).of(&steps, &self.placement.device)?;
        let time = self.time.forward(&steps, guidance.as_ref())?;
        let time = match self.added_embedding(batch, added)? {
            Some(added) => (time + added)?,
            None => time,
        };
        silu(&time)
    }

    /// What SDXL adds to the time embedding, `[batch, width]`.
    fn added_embedding(&self, batch: usize, added: Option<&Added>) -> Result<Option<Tensor>, Error> {
        let (perceptron, widths, added) = match (&self.added, self.config.added, added) {
            (Some(perceptron), Some(widths), Some(added)) => (perceptron, widths, added),
            (None, _, None) => return Ok(None),
            (_, _, Some(_)) => {
                let problem = "is not something that this network was trained with; leave it out".to_owned();
                return Err(Error::Invalid { field: "added", problem });
            }
            (..) => {
                let problem = "is missing: this network needs the pooled text and the sizes".to_owned();
                return Err(Error::Invalid { field: "added", problem });
            }
        };
        dims("pooled", &added.pooled, [Some(batch), Some(widths.pooled)])?;
        dims("time_ids", &added.time_ids, [Some(batch), Some(TIME_IDS)])?;
        let ids = added.time_ids.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        let ids = self.sinusoids(widths.time).of(&ids, &self.placement.device)?;
        let ids = ids.reshape((batch, TIME_IDS * widths.time))?;
        let pooled = self.place(&added.pooled)?;
        let both = Tensor::cat(&[&pooled, &ids.to_dtype(pooled.dtype())?], 1)?;
        Ok(Some(perceptron.forward(&both, None)?))
    }

    fn sinusoids(&self, width: usize) -> Sinusoids {
        let time = &self.config.time;
        Sinusoids { width, cosines_first: time.cosines_first, shift: time.shift }
    }

    /// `x` where the network is, in the number format that it counts in.
    fn place(&self, x: &Tensor) -> Result<Tensor, Error> {
        Ok(x.to_device(&self.placement.device)?.to_dtype(self.placement.activation())?)
    }
}

/// One part for each of `levels`, from `{name}.0`, `{name}.1`, ….
fn numbered<L, T>(
    weights: &Weights,
    name: &str,
    levels: &[L],
    mut load: impl FnMut(Weights, &L) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    levels.iter().enumerate().map(|(index, level)| load(weights.pp(name).pp(index), level)).collect()
}
