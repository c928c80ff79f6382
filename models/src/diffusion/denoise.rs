//! The loop that turns noise into a latent picture.

use std::sync::Arc;

use candle_core::Tensor;

use super::{
    latents::Latents,
    text::Conditioning,
    unet::{Added, Unet},
    watch::{Moment, Step, Watch, tell},
};
use crate::{
    Error,
    device::Placement,
    sampler::{self, Sampler},
};

/// All that a step depends on but does not change.
pub(super) struct Denoiser<'a> {
    pub unet: Arc<Unet>,
    pub placement: &'a Placement,
    pub guide: Guide,
    pub conditions: Conditions,
    pub keep: Option<Keep>,
}

/// How the predictions for several prompts become one.
#[derive(Debug, Clone)]
pub(super) enum Guide {
    /// There is one prompt.
    None,
    /// Away from the negative prompt, towards the other.
    Prompt(Strength),
    /// The same, but where the mask (one channel, 0 to 1) says so towards a third prompt, which asks for nothing in
    /// particular.
    Regions(Strength, Latents),
}

/// How strongly a prompt pulls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strength {
    /// Classifier-free guidance scale.
    pub scale: f64,
    /// 0 to 1, see [`sampler::rescale`].
    pub rescale: f64,
}

impl Guide {
    /// Predictions per picture.
    pub(super) fn prompts(&self) -> usize {
        match self {
            Self::None => 1,
            Self::Prompt(_) => 2,
            Self::Regions(..) => 3,
        }
    }

    /// One prediction out of `output`, which holds those for the negative prompt, the prompt and the calm one, each
    /// for all `count` pictures.
    fn combine(&self, output: Vec<f32>, count: usize) -> Vec<f32> {
        let size = output.len() / self.prompts();
        let (negative, rest) = output.split_at(size);
        let (strength, towards) = match self {
            Self::None => return output,
            Self::Prompt(strength) => (strength, rest.to_vec()),
            Self::Regions(strength, calm) => (strength, mixed(&rest[..size], &rest[size..], &calm.values)),
        };
        let mut combined = sampler::guide(negative, &towards, strength.scale);
        if strength.rescale > 0.0 {
            let picture = size / count;
            for (combined, towards) in combined.chunks_mut(picture).zip(towards.chunks(picture)) {
                sampler::rescale(combined, towards, strength.rescale);
            }
        }
        combined
    }
}

/// `b` where `mask`, which repeats for every channel, is 1, `a` where it is 0.
fn mixed(a: &[f32], b: &[f32], mask: &[f32]) -> Vec<f32> {
    a.iter().zip(b).zip(mask.iter().cycle()).map(|((a, b), share)| a + share * (b - a)).collect()
}

/// What the network hears beside the latents: batches of all pictures for the negative prompt, the prompt and the
/// calm one, as many of them as take part.
pub(super) struct Conditions {
    /// The prompts, `[batch, tokens, width]`.
    pub text: Conditioning,
    /// Sizes and crop of SDXL, `[batch, 6]`.
    pub time_ids: Option<Tensor>,
    /// The guidance scale as a number that the network was trained to hear (LCM), `[batch, width]`.
    pub guidance: Option<Tensor>,
    /// More input channels (an inpainting network's mask and masked picture), `[batch, channels, height, width]`.
    pub channels: Option<Tensor>,
}

/// What a network without mask channels must leave as it is.
pub(super) struct Keep {
    /// The encoded original.
    pub original: Latents,
    /// The noise that the run began with.
    pub noise: Vec<f32>,
    /// 1 where it is painted anew, one channel for all pictures.
    pub mask: Latents,
}

impl Denoiser<'_> {
    /// Runs `sampler` to its end over `latents`. Stochastic samplers take their noise from `noise`. `done` of
    /// `total` steps lie in another pass.
    pub(super) fn run(
        &self,
        sampler: &mut Sampler,
        latents: &mut Latents,
        noise: &mut dyn FnMut(&mut [f32]),
        (done, total): (usize, usize),
        watch: &mut Watch<'_>,
    ) -> Result<(), Error> {
        while !sampler.is_done() {
            let prediction = self.predict(sampler, latents, watch)?;
            sampler.step(&prediction, &mut latents.values, noise);
            if let Some(keep) = &self.keep {
                keep.restore(sampler, latents);
            }
            let number = done + sampler.index();
            tell(watch, Moment::Step(Step { number, total, latents, clean: sampler.predicted_clean() }))?;
        }
        Ok(())
    }

    /// What the network makes of `latents` at the sampler's next timestep, guided.
    fn predict(
        &self,
        sampler: &Sampler,
        latents: &Latents,
        watch: &mut Watch<'_>,
    ) -> Result<Vec<f32>, Error> {
        let scaled = latents.with(sampler.scale_input(&latents.values));
        let mut input = scaled.to_tensor(&self.placement.device, self.placement.activation())?;
        if self.guide.prompts() > 1 {
            input = input.repeat((self.guide.prompts(), 1, 1, 1))?;
        }
        if let Some(channels) = &self.conditions.channels {
            input = Tensor::cat(&[&input, channels], 1)?;
        }
        let Conditions { text, time_ids, guidance, .. } = &self.conditions;
        let added = match (&text.pooled, time_ids) {
            (Some(pooled), Some(time_ids)) => {
                Some(Added { pooled: pooled.clone(), time_ids: time_ids.clone() })
            }
            _ => None,
        };
        let output = self.unet.forward(
            &input,
            &[sampler.timestep()],
            &text.context,
            added.as_ref(),
            guidance.as_ref(),
            &mut || watch(Moment::Tick),
        )?;
        Ok(self.guide.combine(Latents::from_tensor(&output)?.values, latents.count))
    }
}

impl Keep {
    /// Puts back what the mask does not mark, as noisy as the rest is after this step.
    fn restore(&self, sampler: &Sampler, latents: &mut Latents) {
        let original = sampler.add_noise_at(sampler.index() - 1, &self.original.values, &self.noise);
        let plane = self.mask.values.len();
        for (index, (value, original)) in latents.values.iter_mut().zip(&original).enumerate() {
            let share = self.mask.values[index % plane];
            *value = share * *value + (1.0 - share) * original;
        }
    }
}
