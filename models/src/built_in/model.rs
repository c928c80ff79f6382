//! The built-in networks in memory, and how they are asked: in their words, at their size.

use std::{ops::ControlFlow, path::Path, sync::Arc};

use image::RgbImage;

use super::{Reading, TRAINED, lexicon};
use crate::{
    Error, Observer, Stage, Step,
    checkpoint::Checkpoint,
    device::Placement,
    diffusion::{Generation, GenerationSpec, Injected, Sources, StableDiffusion, Teller, lora::Lora},
    upscale::{self, Upscaler},
};

/// Sides of what is painted are multiples of this: the depth of the UNet times the autoencoder's factor.
const SIDE_UNIT: u32 = 32;
/// Shortest side that is painted, in units.
const LEAST_UNITS: u32 = 2;
/// Share of a run that is done when its picture is decoded.
const DECODED: f32 = 0.95;

/// The built-in model, loaded.
#[derive(Debug)]
pub struct BuiltIn {
    pub(super) model: StableDiffusion,
    upscaler: Upscaler,
}

/// A picture that is asked for.
pub(crate) struct Wish<'a> {
    /// What it shows.
    pub reading: &'a Reading,
    /// How it is painted, and what it shall not show in anybody's words. Prompt and size are not taken from here.
    pub spec: &'a GenerationSpec,
    /// Width and height of what is wanted in the end, which decide the shape.
    pub size: (u32, u32),
    /// What it begins from.
    pub sources: Sources,
}

impl BuiltIn {
    /// Reads the networks in `folder`, where [`unpack`](super::unpack) put them, changed by `loras`. `decode_budget` as
    /// for [`StableDiffusion::load`].
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the file and tensor that does not fit.
    pub fn load(
        folder: &Path,
        loras: &[Lora],
        placement: &Placement,
        decode_budget: u64,
    ) -> Result<Arc<Self>, Error> {
        let mut model = StableDiffusion::load(&Checkpoint::open(folder)?, loras, placement, decode_budget)?;
        model.fit_previews()?;
        let upscaler = Upscaler::open(&folder.join("upscaler").join("model.fp16.safetensors"), placement)?;
        Ok(Arc::new(Self { model, upscaler }))
    }

    /// What its parameters take.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.model.bytes()
    }

    /// Paints a picture of the shape that is asked for, and doubles it. `preview_share` is the share of the time that
    /// previews may cost.
    pub(crate) fn paint(
        &self,
        wish: Wish<'_>,
        observer: &mut dyn Observer,
        preview_share: f64,
    ) -> Result<RgbImage, Error> {
        let (width, height) = native(wish.size.0, wish.size.1);
        let spec = GenerationSpec {
            prompt: wish.reading.prompt.clone(),
            negative: lexicon::known(&wish.spec.negative),
            width,
            height,
            count: 1,
            ..wish.spec.clone()
        };
        let generation = Generation::new(spec, wish.sources)?;
        let mut teller = Teller::new(&self.model, &generation, observer, preview_share);
        let painted =
            self.model.paint(&generation, &Injected::default(), &mut |moment| teller.hear(&moment))?;
        let painted = painted.into_iter().next();
        let painted = painted.ok_or_else(|| Error::Internal("the model painted nothing".to_owned()))?;
        match observer.step(Step { stage: Stage::Decode, fraction: DECODED, ..Step::begin() }) {
            ControlFlow::Continue(()) => self.upscaler.doubled(&painted.picture),
            ControlFlow::Break(()) => Err(Error::Cancelled),
        }
    }
}

/// The size that is painted for a picture of `width`×`height`: of about its shape, and of about as many pixels as the
/// model was trained on. Far from that its scenes fall apart.
pub(crate) fn native(width: u32, height: u32) -> (u32, u32) {
    let area = TRAINED.0 as f32 * TRAINED.1 as f32;
    let scale = (area / (width as f32 * height as f32)).sqrt();
    let fit = |side: u32| {
        let units = (side as f32 * scale / SIDE_UNIT as f32).round() as u32;
        units.max(LEAST_UNITS) * SIDE_UNIT
    };
    (fit(width), fit(height))
}

/// The size of its pictures where nobody asks for another: as they leave the upscaler.
#[must_use]
pub fn usual_size() -> (u32, u32) {
    let factor = upscale::FACTOR as u32;
    (TRAINED.0 * factor, TRAINED.1 * factor)
}
