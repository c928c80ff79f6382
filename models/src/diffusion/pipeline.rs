//! A loaded model as a pipeline: requests in, finished files out, progress and previews on the way.

use std::{ops::ControlFlow, sync::Arc, time::Instant};

use serde::Serialize;

use super::{
    generation::{Generation, GenerationSpec},
    lora::Chosen,
    model::StableDiffusion,
    paint::Injected,
    preview::Allowance,
    watch::{Moment, Step as Denoised},
};
use crate::{Error, Observer, Output, OutputFormat, Pipeline, Request, Stage, Step, encode, metadata};

/// Previews of one run: few enough to cost next to nothing, often enough to watch a picture appear.
const PREVIEWS: usize = 6;
/// Share of a run that is done when denoising begins and when it ends.
const DENOISING: (f32, f32) = (0.03, 0.9);

/// Makes pictures with one loaded model.
pub struct Painter {
    model: Arc<StableDiffusion>,
    name: String,
    loras: Vec<Chosen>,
    preview_share: f64,
}

impl Painter {
    /// `name` is what people know the model as, and `loras` what was merged into it; both stand in every result.
    /// `preview_share` is the share of a run's time that its previews may cost; none are drawn at 0.
    #[must_use]
    pub fn new(model: Arc<StableDiffusion>, name: &str, loras: &[Chosen], preview_share: f64) -> Self {
        Self { model, name: name.to_owned(), loras: loras.to_vec(), preview_share }
    }

    fn settings(&self, spec: &GenerationSpec, seed: u64) -> Result<String, Error> {
        let settings = Settings {
            model: &self.name,
            loras: &self.loras,
            made_by: "diffusion model",
            version: env!("CARGO_PKG_VERSION"),
            request: &GenerationSpec { seed, count: 1, ..spec.clone() },
        };
        serde_json::to_string(&settings)
            .map(|json| metadata::ascii(&json))
            .map_err(|error| Error::Internal(format!("the settings could not be written: {error}")))
    }
}

/// What is written down about a finished picture.
#[derive(Serialize)]
struct Settings<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "<[Chosen]>::is_empty")]
    loras: &'a [Chosen],
    made_by: &'static str,
    version: &'static str,
    /// The request that makes this picture alone.
    request: &'a GenerationSpec,
}

impl Pipeline for Painter {
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error> {
        let Request::Image(generation) = request else {
            return Err(Error::Internal("this pipeline paints pictures only".to_owned()));
        };
        let mut teller = Teller::new(&self.model, generation, observer, self.preview_share);
        let painted =
            self.model.paint(generation, &Injected::default(), &mut |moment| teller.hear(&moment))?;
        if teller.tell(Stage::Encode, DENOISING.1 + 0.05).is_break() {
            return Err(Error::Cancelled);
        }
        let mut outputs = Vec::with_capacity(painted.len());
        for (painted, seed) in painted.iter().zip(generation.seeds()) {
            let settings = self.settings(generation.spec(), seed)?;
            let (bytes, media_type) = encode::encode(&painted.picture, OutputFormat::Png, &settings)?;
            let (width, height) = painted.picture.dimensions();
            outputs.push(Output { bytes, media_type, width, height, seed, settings });
        }
        if teller.tell(Stage::Encode, 1.0).is_break() {
            return Err(Error::Cancelled);
        }
        Ok(outputs)
    }
}

/// Turns moments of a run into reports for an observer.
pub(crate) struct Teller<'a> {
    model: &'a StableDiffusion,
    generation: &'a Generation,
    observer: &'a mut dyn Observer,
    last: Step,
    began: Instant,
    allowance: Allowance,
}

impl<'a> Teller<'a> {
    /// `preview_share` as in [`Painter::new`].
    pub(crate) fn new(
        model: &'a StableDiffusion,
        generation: &'a Generation,
        observer: &'a mut dyn Observer,
        preview_share: f64,
    ) -> Self {
        let allowance = Allowance::new(preview_share);
        Self { model, generation, observer, last: Step::begin(), began: Instant::now(), allowance }
    }

    /// Tells what a moment means. `Break` ends the run.
    pub(crate) fn hear(&mut self, moment: &Moment<'_>) -> ControlFlow<()> {
        match moment {
            Moment::Text => self.tell(Stage::Prepare, 0.0),
            Moment::Encode => self.tell(Stage::Prepare, self.last.fraction),
            Moment::Tick => self.observer.step(self.last),
            Moment::Step(step) => {
                self.preview(*step);
                let (from, to) = DENOISING;
                self.last.steps = (step.number as u32, step.total as u32);
                self.tell(Stage::Denoise, from + (to - from) * step.number as f32 / step.total as f32)
            }
            Moment::Decode { index } => {
                self.last.variant = *index as u32;
                let share = *index as f32 / self.generation.spec().count as f32;
                self.tell(Stage::Decode, DENOISING.1 + 0.05 * share)
            }
        }
    }

    fn tell(&mut self, stage: Stage, fraction: f32) -> ControlFlow<()> {
        self.last = Step { stage, fraction: fraction.max(self.last.fraction), ..self.last };
        self.observer.step(self.last)
    }

    /// Shows the first picture as it stands, now and then, where that is cheap beside the steps.
    fn preview(&mut self, step: Denoised<'_>) {
        let every = step.total.div_ceil(PREVIEWS);
        if !step.number.is_multiple_of(every) || step.number == step.total {
            return;
        }
        let latents = step.latents.with(step.clean.to_vec()).picture(0);
        let previewer = &self.model.previewer;
        // A preview that fails is no reason to lose the picture.
        let Ok(expected) = previewer.expected(&latents) else { return };
        if !self.allowance.affords(expected, self.began.elapsed()) {
            return;
        }
        if let Ok((jpeg, took)) = previewer.jpeg(&latents) {
            self.allowance.spend(took);
            self.observer.preview(0, jpeg, took);
        }
    }
}
