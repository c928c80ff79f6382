//! The jobs of a diffusion model: text to image, image to image, inpainting, two passes.

use candle_core::Tensor;
use image::{RgbImage, imageops};

use super::{
    denoise::{Conditions, Denoiser, Guide, Keep, Strength},
    generation::{Generation, TwoPass},
    latents::{Draws, Latents},
    model::StableDiffusion,
    picture,
    text::{Conditioning, Prompt},
    watch::{Moment, Watch, tell},
};
use crate::{Error, device::Placement, sampler::Sampler};

/// What is asked for where a picture shall stay calm.
const CALM_PROMPT: &str = "plain empty background, smooth gradient, out of focus";

/// Numbers from outside in place of a run's own random ones, to compare with another implementation.
#[derive(Debug, Clone, Default)]
pub struct Injected {
    /// The first noise, of unit variance.
    pub latents: Option<Latents>,
    /// The noise of stochastic samplers, in the order in which they ask.
    pub noise: Option<Vec<f32>>,
}

/// A finished picture and what it was decoded from.
#[derive(Debug, Clone)]
pub struct Painted {
    /// The picture, of the asked size.
    pub picture: RgbImage,
    /// Its latents, as the last step left them.
    pub latents: Latents,
}

/// What the first step starts from.
struct Start {
    /// Encoded pictures, one for every seed; none paints from noise alone.
    latents: Option<Latents>,
    /// How much of them is painted anew.
    strength: f64,
}

impl StableDiffusion {
    /// Paints one picture per seed, all of them in one batch.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when `watch` said stop, [`Error::Invalid`] when this checkpoint cannot do what is
    /// asked.
    pub fn paint(
        &self,
        generation: &Generation,
        injected: &Injected,
        watch: &mut Watch<'_>,
    ) -> Result<Vec<Painted>, Error> {
        tell(watch, Moment::Text)?;
        let text = self.read_prompts(generation)?;
        let Some(TwoPass { scale, strength }) = generation.spec().two_pass else {
            let start = self.starting_point(generation, watch)?;
            let mut run = Run::new(self, generation, injected);
            let total = run.sampler(&start)?.timesteps().len();
            let latents = run.denoise(&text, start, (0, total), watch)?;
            return self.develop(generation, &latents, watch);
        };
        let small = generation.small(scale);
        let mut first = Run::new(self, &small, injected);
        let mut second = Run::new(self, generation, injected);
        let start = Start { latents: None, strength: 1.0 };
        let steps = first.sampler(&start)?.timesteps().len();
        let again =
            second.sampler(&Start { latents: Some(self.blank(generation)), strength })?.timesteps().len();
        let composed = first.denoise(&text, start, (0, steps + again), watch)?;
        let enlarged = self.enlarge(generation, &composed, watch)?;
        second.draws = first.draws;
        let start = Start { latents: Some(enlarged), strength };
        let latents = second.denoise(&text, start, (steps, steps + again), watch)?;
        self.develop(generation, &latents, watch)
    }

    /// The prompts as the network hears them, each for every picture: the negative one, the prompt and the calm one,
    /// as far as they take part.
    ///
    /// # Errors
    /// When the device has no room.
    pub fn read_prompts(&self, generation: &Generation) -> Result<Conditioning, Error> {
        let spec = generation.spec();
        let skip = (spec.clip_skip > 0).then_some(spec.clip_skip);
        let prompts =
            [Prompt::negative(&spec.negative), Prompt::positive(&spec.prompt), Prompt::positive(CALM_PROMPT)];
        let part = match self.guide(generation, 1, 1) {
            Guide::None => 1..2,
            Guide::Prompt(_) => 0..2,
            Guide::Regions(..) => 0..3,
        };
        let read = self.text.encode(&prompts[part], skip)?;
        let count = spec.count as usize;
        let repeat = |tensor: &Tensor| -> Result<Tensor, Error> {
            let rows =
                (0..tensor.dim(0)?).map(|row| tensor.narrow(0, row, 1)?.repeat(many(count, tensor.rank())));
            Ok(Tensor::cat(&rows.collect::<Result<Vec<_>, _>>()?, 0)?)
        };
        let pooled = read.pooled.as_ref().map(repeat).transpose()?;
        Ok(Conditioning { context: repeat(&read.context)?, pooled, ..read })
    }

    /// How predictions for latents of `height`×`width` are combined. A network that hears the guidance scale itself
    /// needs no negative prompt.
    fn guide(&self, generation: &Generation, height: usize, width: usize) -> Guide {
        let spec = generation.spec();
        if !generation.is_guided() || self.unet.config().guidance.is_some() {
            return Guide::None;
        }
        let strength = Strength { scale: spec.guidance, rescale: spec.guidance_rescale };
        match &generation.sources().calm {
            Some(calm) => Guide::Regions(strength, picture::shares(calm, height, width)),
            None => Guide::Prompt(strength),
        }
    }

    fn starting_point(&self, generation: &Generation, watch: &mut Watch<'_>) -> Result<Start, Error> {
        let spec = generation.spec();
        let Some(init) = &generation.sources().init else {
            return Ok(Start { latents: None, strength: 1.0 });
        };
        tell(watch, Moment::Encode)?;
        let latents = self.encode(&picture::fitted(init, spec.width, spec.height), watch)?;
        Ok(Start { latents: Some(latents.repeated(spec.count as usize)), strength: spec.strength })
    }

    fn enlarge(
        &self,
        generation: &Generation,
        latents: &Latents,
        watch: &mut Watch<'_>,
    ) -> Result<Latents, Error> {
        let spec = generation.spec();
        let mut large = Vec::new();
        for index in 0..latents.count {
            tell(watch, Moment::Encode)?;
            let small = self.decode(&latents.picture(index), watch)?;
            let enlarged = imageops::resize(&small, spec.width, spec.height, imageops::FilterType::Lanczos3);
            large.extend(self.encode(&enlarged, watch)?.values);
        }
        let blank = self.blank(generation);
        Ok(blank.with(large))
    }

    /// Decodes every picture and puts back what was to be kept.
    fn develop(
        &self,
        generation: &Generation,
        latents: &Latents,
        watch: &mut Watch<'_>,
    ) -> Result<Vec<Painted>, Error> {
        let spec = generation.spec();
        let sources = generation.sources();
        let mut done = Vec::with_capacity(latents.count);
        for index in 0..latents.count {
            tell(watch, Moment::Decode { index })?;
            let latents = latents.picture(index);
            let mut picture = self.decode_last(&latents, watch)?;
            if let (Some(init), Some(mask)) = (&sources.init, &sources.mask) {
                let original = picture::fitted(init, spec.width, spec.height);
                picture = picture::pasted(
                    &picture,
                    &original,
                    &picture::fitted_mask(mask, spec.width, spec.height),
                );
            }
            done.push(Painted { picture, latents });
        }
        Ok(done)
    }

    /// Zeros of the shape that `generation` paints on.
    fn blank(&self, generation: &Generation) -> Latents {
        let spec = generation.spec();
        let factor = self.vae.config().factor();
        let (count, channels) = (spec.count as usize, self.vae.config().latent_channels);
        let (height, width) = (spec.height as usize / factor, spec.width as usize / factor);
        Latents { values: vec![0.0; count * channels * height * width], count, channels, height, width }
    }
}

/// One denoising of one generation, with its own random numbers.
struct Run<'a> {
    model: &'a StableDiffusion,
    generation: &'a Generation,
    injected: &'a Injected,
    draws: Draws,
}

impl<'a> Run<'a> {
    fn new(model: &'a StableDiffusion, generation: &'a Generation, injected: &'a Injected) -> Self {
        Self { model, generation, injected, draws: Draws::new(&generation.seeds()) }
    }

    fn sampler(&self, start: &Start) -> Result<Sampler, Error> {
        let spec = self.generation.spec();
        let config = match spec.sampler {
            Some(kind) => self.model.scheduler.with_sampler(kind),
            None => self.model.scheduler.clone(),
        };
        let config = config.with_eta(spec.eta);
        match start.latents {
            Some(_) => Sampler::from_strength(&config, spec.steps, start.strength),
            None => Sampler::new(&config, spec.steps),
        }
    }

    fn denoise(
        &mut self,
        text: &Conditioning,
        start: Start,
        progress: (usize, usize),
        watch: &mut Watch<'_>,
    ) -> Result<Latents, Error> {
        let mut sampler = self.sampler(&start)?;
        let first = self.first_noise()?;
        let mut latents = match &start.latents {
            // All of it painted anew is painted from noise alone, as the reference implementation does.
            Some(encoded) if start.strength < 1.0 || self.generation.sources().mask.is_none() => {
                encoded.with(sampler.add_noise(&encoded.values, &first.values))
            }
            _ => first.clone().scaled(sampler.initial_scale() as f32),
        };
        let denoiser = self.denoiser(text, start.latents, first, watch)?;
        let mut tape = self.injected.noise.as_deref().unwrap_or_default();
        let draws = &mut self.draws;
        let mut noise = |values: &mut [f32]| match tape.split_at_checked(values.len()) {
            Some((now, later)) => {
                values.copy_from_slice(now);
                tape = later;
            }
            None => draws.fill(values),
        };
        denoiser.run(&mut sampler, &mut latents, &mut noise, progress, watch)?;
        Ok(latents)
    }

    fn first_noise(&mut self) -> Result<Latents, Error> {
        let mut noise = self.model.blank(self.generation);
        match &self.injected.latents {
            Some(given) if given.values.len() == noise.values.len() => noise.values.clone_from(&given.values),
            Some(given) => {
                return Err(Error::Invalid {
                    field: "init-latents",
                    problem: format!(
                        "are [{}, {}, {}, {}], this run needs [{}, {}, {}, {}]",
                        given.count,
                        given.channels,
                        given.height,
                        given.width,
                        noise.count,
                        noise.channels,
                        noise.height,
                        noise.width
                    ),
                });
            }
            None => self.draws.fill(&mut noise.values),
        }
        Ok(noise)
    }

    fn denoiser(
        &self,
        text: &Conditioning,
        encoded: Option<Latents>,
        noise: Latents,
        watch: &mut Watch<'_>,
    ) -> Result<Denoiser<'a>, Error> {
        let (model, spec) = (self.model, self.generation.spec());
        let guide = model.guide(self.generation, noise.height, noise.width);
        let batch = spec.count as usize * guide.prompts();
        let masked = self.masked()?;
        let inpainting = model.unet.config().in_channels > noise.channels;
        let channels =
            if inpainting { Some(self.mask_channels(masked.as_ref(), &noise, batch, watch)?) } else { None };
        let keep = match (masked, encoded) {
            (Some((_, mask)), Some(original)) if !inpainting => {
                Some(Keep { mask: picture::latent_mask(&mask, &noise), original, noise: noise.values })
            }
            _ => None,
        };
        let time_ids = if model.unet.config().added.is_some() { Some(self.time_ids(batch)?) } else { None };
        let guidance = match model.unet.config().guidance {
            Some(width) => Some(scale_embedding(spec.guidance - 1.0, width, batch, &model.placement)?),
            None => None,
        };
        Ok(Denoiser {
            unet: model.unet.get()?,
            placement: &model.placement,
            guide,
            conditions: Conditions { text: text.clone(), time_ids, guidance, channels },
            keep,
        })
    }

    /// The initial picture and the mask at the asked size.
    fn masked(&self) -> Result<Option<(RgbImage, image::GrayImage)>, Error> {
        let (sources, spec) = (self.generation.sources(), self.generation.spec());
        let (Some(init), Some(mask)) = (&sources.init, &sources.mask) else { return Ok(None) };
        let (width, height) = (spec.width, spec.height);
        Ok(Some((picture::fitted(init, width, height), picture::fitted_mask(mask, width, height))))
    }

    /// Mask and masked picture for an inpainting network; without a mask everything is painted anew.
    fn mask_channels(
        &self,
        masked: Option<&(RgbImage, image::GrayImage)>,
        like: &Latents,
        batch: usize,
        watch: &mut Watch<'_>,
    ) -> Result<Tensor, Error> {
        let model = self.model;
        let (mask, kept) = match masked {
            Some((picture, mask)) => {
                let kept = picture::without_masked(picture, mask, &model.placement)?;
                (picture::latent_mask(mask, like), model.encode_tensor(&kept, watch)?)
            }
            None => {
                let spec = self.generation.spec();
                let grey = RgbImage::from_pixel(spec.width, spec.height, image::Rgb([127; 3]));
                let ones = vec![1.0; like.height * like.width];
                let mask = Latents { values: ones, count: 1, channels: 1, ..*like };
                let all = image::GrayImage::from_pixel(spec.width, spec.height, image::Luma([255]));
                let kept = picture::without_masked(&grey, &all, &model.placement)?;
                (mask, model.encode_tensor(&kept, watch)?)
            }
        };
        let (device, dtype) = (&model.placement.device, model.placement.activation());
        let one = Tensor::cat(&[&mask.to_tensor(device, dtype)?, &kept.to_tensor(device, dtype)?], 1)?;
        Ok(one.repeat((batch, 1, 1, 1))?)
    }

    /// SDXL's micro-conditioning (Podell et al. 2023): original size, crop corner, target size, all of the asked
    /// picture.
    fn time_ids(&self, batch: usize) -> Result<Tensor, Error> {
        let spec = self.generation.spec();
        let (height, width) = (spec.height as f32, spec.width as f32);
        let row = [height, width, 0.0, 0.0, height, width];
        Ok(Tensor::new(&[row], &self.model.placement.device)?.repeat((batch, 1))?)
    }
}

/// The guidance scale as a distilled network hears it (Meng et al. 2023): sines of `scale` at falling frequencies, then
/// cosines; `[batch, width]`.
fn scale_embedding(scale: f64, width: usize, batch: usize, placement: &Placement) -> Result<Tensor, Error> {
    let half = width / 2;
    let fall = 10_000_f64.ln() / (half.max(2) - 1) as f64;
    let angles = (0..half).map(|index| 1_000.0 * scale * (-(index as f64) * fall).exp());
    let mut row: Vec<f32> = angles.clone().map(|angle| angle.sin() as f32).collect();
    row.extend(angles.map(|angle| angle.cos() as f32));
    row.resize(width, 0.0);
    Ok(Tensor::from_vec(row, (1, width), &placement.device)?.repeat((batch, 1))?)
}

/// `count` along the first of `rank` dimensions.
fn many(count: usize, rank: usize) -> Vec<usize> {
    let mut repeats = vec![1; rank];
    repeats[0] = count;
    repeats
}
