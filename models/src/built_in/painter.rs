//! Plain pictures by the built-in model: from words, from a picture, or where a mask is white.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use image::RgbImage;
use serde::Serialize;

use super::{BuiltIn, MADE_BY, NAME, Reading, Side, Wish, read};
use crate::{
    Error, Observer, Output, OutputFormat, Pipeline, Request, Stage, Step,
    diffusion::{GenerationSpec, Sources, lora::Chosen, picture},
    encode, metadata,
    thumbnail::cover,
};

/// Share of a picture that is done when its file is made.
const PAINTED: f32 = 0.97;

/// Makes pictures with the built-in model, one after the other: a picture of several is to come out the same alone.
pub struct Painter {
    model: Arc<BuiltIn>,
    loras: Vec<Chosen>,
    preview_share: f64,
}

impl Painter {
    /// `loras` is what was merged into the model, and `preview_share` the share of a run's time that its previews may
    /// cost.
    #[must_use]
    pub fn new(model: Arc<BuiltIn>, loras: &[Chosen], preview_share: f64) -> Self {
        Self { model, loras: loras.to_vec(), preview_share }
    }

    fn one(&self, spec: &GenerationSpec, sources: &Sources, part: &mut Part<'_>) -> Result<Output, Error> {
        let size = (spec.width, spec.height);
        let reading = read(spec.prompt.split(','), Side::Said, spec.seed);
        let wish = Wish { reading: &reading, spec, size, sources: sources.clone() };
        let painted = self.model.paint(wish, part, self.preview_share)?;
        let picture = fit(&painted, size, sources);
        let step = Step { stage: Stage::Encode, fraction: PAINTED, ..Step::begin() };
        if part.step(step).is_break() {
            return Err(Error::Cancelled);
        }
        let settings = self.settings(spec, reading)?;
        let (bytes, media_type) = encode::encode(&picture, OutputFormat::Png, &settings)?;
        Ok(Output { bytes, media_type, width: size.0, height: size.1, seed: spec.seed, settings })
    }

    fn settings(&self, request: &GenerationSpec, reading: Reading) -> Result<String, Error> {
        let settings = Settings {
            model: NAME,
            loras: &self.loras,
            made_by: format!("painted by {MADE_BY}"),
            version: env!("CARGO_PKG_VERSION"),
            request,
            scene: reading.prompt,
            ignored: reading.unused,
        };
        serde_json::to_string(&settings)
            .map(|json| metadata::ascii(&json))
            .map_err(|error| Error::Internal(format!("the settings could not be written: {error}")))
    }
}

/// The painted picture at the size that was asked for. Without a picture to begin from it is cut to the asked shape;
/// with one it is drawn to it, as that one was, and what was to be kept comes back to the byte.
fn fit(painted: &RgbImage, (width, height): (u32, u32), sources: &Sources) -> RgbImage {
    let Some(init) = &sources.init else { return cover(painted, width, height) };
    let painted = picture::fitted(painted, width, height);
    match &sources.mask {
        Some(mask) => picture::pasted(
            &painted,
            &picture::fitted(init, width, height),
            &picture::fitted_mask(mask, width, height),
        ),
        None => painted,
    }
}

/// What is written down about a finished picture.
#[derive(Serialize)]
struct Settings<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "<[Chosen]>::is_empty")]
    loras: &'a [Chosen],
    made_by: String,
    version: &'static str,
    /// The request that makes this picture alone.
    request: &'a GenerationSpec,
    /// What the model was asked for.
    scene: String,
    /// Words that it can't use.
    ignored: Vec<String>,
}

impl Pipeline for Painter {
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error> {
        let Request::Image(generation) = request else {
            return Err(Error::Internal("this pipeline paints pictures only".to_owned()));
        };
        let (seeds, count) = (generation.seeds(), generation.spec().count);
        let mut outputs = Vec::with_capacity(seeds.len());
        for (variant, seed) in (0..count).zip(seeds) {
            let spec = GenerationSpec { seed, count: 1, ..generation.spec().clone() };
            let mut part = Part { observer, variant, count };
            outputs.push(self.one(&spec, generation.sources(), &mut part)?);
        }
        Ok(outputs)
    }
}

/// One picture of several: its progress is a part of the whole.
struct Part<'a> {
    observer: &'a mut dyn Observer,
    variant: u32,
    count: u32,
}

impl Observer for Part<'_> {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        let fraction = (self.variant as f32 + step.fraction) / self.count as f32;
        self.observer.step(Step { variant: self.variant, fraction, ..step })
    }

    fn preview(&mut self, _: u32, jpeg: Vec<u8>, cost: Duration) {
        self.observer.preview(self.variant, jpeg, cost);
    }
}
