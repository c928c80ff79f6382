//! Installed models as the engine's library: what can be loaded, and what a loaded one can make.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use atelier_models::{
    Error, Pipeline,
    checkpoint::Checkpoint,
    diffusion::{Painter, StableDiffusion},
    manifest::Commercial,
    thumbnail::Draft,
};

use super::{Found, Library, ModelsConfig};
use crate::{
    config::Config,
    engine::{
        Recipe,
        residency::{self, Loaded},
    },
    jobs::job::Kind,
};

/// The diffusion models of the models folder.
#[derive(Debug)]
pub struct Painters {
    folder: Library,
    config: ModelsConfig,
    seen: Mutex<Option<Seen>>,
}

/// What the folder held when it was read last.
#[derive(Debug)]
struct Seen {
    changed: SystemTime,
    models: Vec<(residency::Installed, PathBuf)>,
}

impl Painters {
    /// Those of the models folder of this configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let folder = Library::new(config.models.folder(&config.data), config.models.disk_bytes);
        Self { folder, config: config.models.clone(), seen: Mutex::new(None) }
    }

    /// What is installed. The folder is only read again when something came or went.
    fn models(&self) -> Vec<(residency::Installed, PathBuf)> {
        let Ok(changed) = self.folder.folder().metadata().and_then(|about| about.modified()) else {
            return Vec::new();
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match &*seen {
            Some(seen) if seen.changed == changed => seen.models.clone(),
            _ => {
                let models = self.read();
                *seen = Some(Seen { changed, models: models.clone() });
                models
            }
        }
    }

    fn read(&self) -> Vec<(residency::Installed, PathBuf)> {
        let found = self.folder.scan().unwrap_or_else(|error| {
            tracing::warn!(%error, "the models folder can't be read");
            Vec::new()
        });
        let usable = found.into_iter().filter_map(|found| match found {
            Found::Usable(model) => Some(model),
            Found::Broken { name, problem, .. } => {
                tracing::warn!(name, problem, "a model can't be used");
                None
            }
        });
        usable
            .map(|model| {
                let manifest = model.manifest;
                let installed = residency::Installed {
                    summary: format!(
                        "{} checkpoint; commercial use: {}",
                        manifest.family.name(),
                        manifest.commercial.words()
                    ),
                    family: manifest.family.name().to_owned(),
                    licence: manifest.licence,
                    commercial_use: matches!(
                        manifest.commercial,
                        Commercial::Allowed | Commercial::Conditional
                    ),
                    disk_bytes: manifest.bytes,
                    memory_bytes: manifest.bytes,
                    name: manifest.name,
                };
                (installed, model.path)
            })
            .collect()
    }
}

impl residency::Library for Painters {
    fn installed(&self) -> Vec<residency::Installed> {
        self.models().into_iter().map(|(model, _)| model).collect()
    }

    fn load(&self, name: &str) -> Result<Arc<dyn Loaded>, Error> {
        let missing = || Error::Invalid { field: "model", problem: format!("`{name}` is not installed") };
        let (_, path) =
            self.models().into_iter().find(|(model, _)| model.name == name).ok_or_else(missing)?;
        let checkpoint = Checkpoint::open(&path)?;
        let model =
            StableDiffusion::load(&checkpoint, &[], &self.config.placement()?, self.config.decode_bytes)?;
        Ok(Arc::new(Resident { model: Arc::new(model), name: name.to_owned(), bytes: checkpoint.size() }))
    }
}

/// A model in memory.
struct Resident {
    model: Arc<StableDiffusion>,
    name: String,
    bytes: u64,
}

impl Loaded for Resident {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn pipeline(self: Arc<Self>, recipe: &Recipe) -> Result<Box<dyn Pipeline>, Error> {
        let model = Arc::clone(&self.model);
        Ok(match recipe.kind {
            Kind::Image => Box::new(Painter::new(model, &self.name)),
            Kind::Thumbnail => Box::new(Draft::over(model, &self.name, recipe.defaults.spec())),
        })
    }
}
