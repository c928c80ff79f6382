//! Models that paint a flat picture: what the engine does with models, without any.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Context as _;
use atelier_daemon::{
    engine::{
        Recipe,
        residency::{Installed, Library, Loaded, ModelKey, Role},
    },
    jobs::job::Kind,
};
use atelier_models::{Error, Observer, Output, Pipeline, Request, Stage, Step, diffusion::Generation};
use atelier_proto::{request_id, v1 as wire};
use image::{ImageFormat, Rgb, RgbImage};

use crate::Studio;

/// What a flat model takes in memory unless a test says otherwise.
pub const MODEL_BYTES: u64 = 1 << 20;

/// A library of flat models. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    sizes: BTreeMap<String, u64>,
    broken: Option<String>,
    loaded: Vec<String>,
}

impl Shelf {
    /// Installs a model of this name and size.
    pub fn install(&self, name: &str, bytes: u64) {
        self.state().sizes.insert(name.to_owned(), bytes);
    }

    /// Breaks the files of every model, or mends them.
    pub fn break_files(&self, reason: Option<&str>) {
        self.state().broken = reason.map(str::to_owned);
    }

    /// The names of the models that were loaded, in order, since the beginning.
    #[must_use]
    pub fn loads(&self) -> Vec<String> {
        self.state().loaded.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Installs a flat model and makes the active algorithm for images of it, as the owner.
///
/// # Errors
/// The daemon's answer.
pub async fn offer(studio: &Studio, algorithm: &str, model: &str) -> anyhow::Result<wire::Algorithm> {
    studio.shelf.install(model, MODEL_BYTES);
    let owner = studio.owner()?;
    let create = wire::CreateAlgorithmRequest {
        request_id: request_id(),
        algorithm: algorithm.to_owned(),
        kind: wire::JobKind::Image.into(),
        model: model.to_owned(),
        price_credits: 1,
        defaults: Some(wire::PaintDefaults {
            steps: 4,
            width_px: 128,
            height_px: 64,
            negative: "blurry".to_owned(),
            template: "oil painting of {prompt}".to_owned(),
            ..wire::PaintDefaults::default()
        }),
        ..wire::CreateAlgorithmRequest::default()
    };
    owner.admin().create_algorithm(create).await?;
    let activate = wire::SetAlgorithmStateRequest {
        request_id: request_id(),
        algorithm: algorithm.to_owned(),
        state: wire::AlgorithmState::Active.into(),
    };
    let answer = owner.admin().set_algorithm_state(activate).await?.into_inner();
    answer.algorithm.context("no algorithm")
}

impl Library for Shelf {
    fn installed(&self) -> Vec<Installed> {
        let state = self.state();
        let model = |(name, bytes): (&String, &u64)| Installed {
            name: name.clone(),
            role: Role::Paints,
            verified: true,
            family: "flat".to_owned(),
            licence: "MIT OR Apache-2.0".to_owned(),
            commercial_use: true,
            summary: "paints one colour".to_owned(),
            disk_bytes: *bytes,
            memory_bytes: *bytes,
        };
        state.sizes.iter().map(model).collect()
    }

    fn load(&self, key: &ModelKey) -> Result<Arc<dyn Loaded>, Error> {
        let name = key.model.as_str();
        let mut state = self.state();
        if let Some(problem) = state.broken.clone() {
            return Err(Error::Checkpoint { file: format!("{name}.safetensors"), problem });
        }
        let missing = || Error::Invalid { field: "model", problem: format!("`{name}` is not installed") };
        let bytes = state.sizes.get(name).copied().ok_or_else(missing)?;
        state.loaded.push(name.to_owned());
        Ok(Arc::new(Flat { bytes }))
    }
}

/// A model that knows one colour for each seed.
struct Flat {
    bytes: u64,
}

impl Loaded for Flat {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn pipeline(self: Arc<Self>, recipe: &Recipe) -> Result<Box<dyn Pipeline>, Error> {
        match recipe.kind {
            Kind::Image => Ok(Box::new(Roller)),
            Kind::Thumbnail => {
                Err(Error::Invalid { field: "algorithm", problem: "a flat model sets no titles".to_owned() })
            }
        }
    }
}

/// Paints with a [`Flat`] model.
struct Roller;

impl Pipeline for Roller {
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error> {
        let Request::Image(generation) = request else {
            return Err(Error::Internal("a flat model paints images alone".to_owned()));
        };
        let spec = generation.spec();
        for step in 0..spec.steps {
            let fraction = step as f32 / spec.steps as f32;
            let step = Step { variant: 0, stage: Stage::Denoise, fraction, steps: (step, spec.steps) };
            if observer.step(step).is_break() {
                return Err(Error::Cancelled);
            }
        }
        generation.seeds().into_iter().map(|seed| painted(generation, seed)).collect()
    }
}

/// The colour of the seed, or what the initial picture shows outside of the mask's white.
fn painted(generation: &Generation, seed: u64) -> Result<Output, Error> {
    let (spec, sources) = (generation.spec(), generation.sources());
    let [red, green, blue, ..] = seed.to_le_bytes();
    let mut pixels = RgbImage::from_pixel(spec.width, spec.height, Rgb([red, green, blue]));
    if let (Some(init), Some(mask)) = (&sources.init, &sources.mask) {
        for (x, y, pixel) in pixels.enumerate_pixels_mut() {
            let (x, y) = (x.min(init.width() - 1), y.min(init.height() - 1));
            let is_kept = x < mask.width() && y < mask.height() && mask.get_pixel(x, y).0 == [0];
            if is_kept {
                *pixel = *init.get_pixel(x, y);
            }
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    let written = pixels.write_to(&mut bytes, ImageFormat::Png);
    written.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Output {
        bytes: bytes.into_inner(),
        media_type: "image/png",
        width: spec.width,
        height: spec.height,
        seed,
        settings: format!(r#"{{"prompt":{:?},"steps":{}}}"#, spec.prompt, spec.steps),
    })
}
