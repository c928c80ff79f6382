//! Installed models as the engine's library: what can be loaded, and what a loaded one can make.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use atelier_models::{
    Error, Pipeline,
    built_in::{self, BuiltIn},
    checkpoint::{Checkpoint, TinyCheckpoint},
    diffusion::{
        Painter, StableDiffusion,
        lora::{Chosen, Lora, LoraFile},
    },
    installable::Kind as Family,
    language::{Gguf, Language, Run},
    manifest::{Commercial, Manifest},
    thumbnail::Draft,
};

use super::{Found, Library, ModelsConfig};
use crate::{
    config::Config,
    engine::{
        Recipe,
        residency::{self, Loaded, ModelKey, Role},
    },
    jobs::job::Kind,
};

/// The models of the models folder.
#[derive(Debug)]
pub struct Painters {
    folder: Library,
    config: ModelsConfig,
    /// How language models are run.
    run: Run,
    seen: Mutex<Option<Seen>>,
}

/// What the folder held when it was read last.
#[derive(Debug)]
struct Seen {
    /// None where there is no folder.
    changed: Option<SystemTime>,
    models: Vec<(residency::Installed, PathBuf)>,
}

impl Painters {
    /// Those of the models folder of this configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            folder: Library::of(config),
            config: config.models.clone(),
            run: Run {
                threads: config.interpreter.local.threads,
                context: config.interpreter.local.context_tokens,
            },
            seen: Mutex::new(None),
        }
    }

    /// What is installed. The folder is only read again when something came or went.
    fn models(&self) -> Vec<(residency::Installed, PathBuf)> {
        let changed = self.folder.folder().metadata().and_then(|about| about.modified()).ok();
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
        let row = |found| match found {
            Found::Usable(model) => {
                let bytes = memory_bytes(&model.manifest, &model.path, self.run);
                (installed(model.manifest, bytes), model.path)
            }
            Found::Broken { name, path, problem } => {
                tracing::warn!(name, problem, "a model can't be used");
                (unusable(name, &problem), path)
            }
        };
        found.into_iter().map(row).collect()
    }

    /// Where the model `name` lies, when it does that.
    fn path(&self, name: &str, role: impl Fn(&Role) -> bool) -> Result<PathBuf, Error> {
        let missing = || Error::Invalid { field: "model", problem: format!("`{name}` is not installed") };
        let found = self.models().into_iter().find(|(model, _)| model.name == name && role(&model.role));
        found.map(|(_, path)| path).ok_or_else(missing)
    }

    fn load_built_in(&self, key: &ModelKey, loras: &[Lora]) -> Result<Arc<dyn Loaded>, Error> {
        let missing = || Error::Internal("the built-in model was left out".to_owned());
        let folder = self.folder.unpacked()?.ok_or_else(missing)?;
        let (placement, decode_bytes) = (self.config.placement()?, self.config.decode_bytes);
        let model = BuiltIn::load(&folder, loras, &placement, decode_bytes)?;
        Ok(Arc::new(Inside { model, loras: key.loras.clone(), preview_share: self.config.previews.share }))
    }

    /// Gives `model` the installed tiny autoencoder for its previews. One that can't be used is no reason to paint
    /// nothing.
    fn add_tiny(&self, model: &mut StableDiffusion, checkpoint: &Checkpoint) {
        let name = self.config.previews.tiny(checkpoint.family());
        let Ok(path) = self.path(name, |role| *role == Role::Previews) else { return };
        let added = TinyCheckpoint::open(&path).and_then(|tiny| model.draw_previews_with(&tiny));
        if let Err(error) = added {
            tracing::warn!(name, %error, "previews are drawn without it");
        }
    }
}

fn installed(manifest: Manifest, memory_bytes: u64) -> residency::Installed {
    let commercial = manifest.commercial.words();
    let (role, is) = match manifest.kind {
        Family::Checkpoint(_) => (Role::Paints, "checkpoint"),
        Family::BuiltIn => (Role::Paints, built_in::SUMMARY),
        Family::Lora(base) => {
            let base = base.map(|base| Family::Checkpoint(base).name().to_owned());
            (Role::Lora { base }, "is merged into a checkpoint")
        }
        Family::Taesd => (Role::Previews, "draws previews"),
        Family::Language(_) => (Role::Reads, "reads conversations"),
    };
    residency::Installed {
        role,
        verified: manifest.is_verified(),
        summary: format!("{is}; commercial use: {commercial}"),
        family: manifest.kind.name().to_owned(),
        licence: manifest.licence,
        commercial_use: matches!(manifest.commercial, Commercial::Allowed | Commercial::Conditional),
        disk_bytes: manifest.bytes,
        memory_bytes,
        name: manifest.name,
    }
}

fn unusable(name: String, problem: &str) -> residency::Installed {
    residency::Installed {
        name,
        role: Role::Unusable(problem.to_owned()),
        verified: false,
        summary: format!("can't be used: {problem}"),
        family: String::new(),
        licence: String::new(),
        commercial_use: false,
        disk_bytes: 0,
        memory_bytes: 0,
    }
}

/// What it will take in memory: a LoRA what merging makes, a language model what its numbers become and it remembers, everything else what
/// its files hold.
fn memory_bytes(manifest: &Manifest, path: &Path, run: Run) -> u64 {
    let known = match manifest.kind {
        Family::Lora(_) => LoraFile::open(path).ok().map(|lora| lora.merged_bytes()),
        Family::Language(_) => Gguf::open(path).and_then(|file| Language::memory_bytes(&file, run)).ok(),
        Family::Checkpoint(_) | Family::BuiltIn | Family::Taesd => None,
    };
    known.unwrap_or(manifest.bytes)
}

impl residency::Library for Painters {
    fn installed(&self) -> Vec<residency::Installed> {
        self.models().into_iter().map(|(model, _)| model).collect()
    }

    fn load(&self, key: &ModelKey) -> Result<Arc<dyn Loaded>, Error> {
        if let Ok(path) = self.path(&key.model, |role| *role == Role::Reads) {
            return Ok(Arc::new(Reader(Language::load(&path, self.run)?)));
        }
        let path = self.path(&key.model, |role| *role == Role::Paints)?;
        let lora = |chosen: &Chosen| {
            let path = self.path(&chosen.name, |role| matches!(role, Role::Lora { .. }))?;
            Lora::new(path, chosen.weight)
        };
        let loras: Vec<Lora> = key.loras.iter().map(lora).collect::<Result<_, _>>()?;
        if key.model == built_in::NAME {
            return self.load_built_in(key, &loras);
        }
        let checkpoint = Checkpoint::open(&path)?;
        let (placement, decode_bytes) = (self.config.placement()?, self.config.decode_bytes);
        let mut model = StableDiffusion::load(&checkpoint, &loras, &placement, decode_bytes)?;
        self.add_tiny(&mut model, &checkpoint);
        let (key, preview_share) = (key.clone(), self.config.previews.share);
        Ok(Arc::new(Resident { model: Arc::new(model), key, preview_share }))
    }
}

/// A language model in memory.
struct Reader(Language);

impl Loaded for Reader {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn pipeline(self: Arc<Self>, _recipe: &Recipe) -> Result<Box<dyn Pipeline>, Error> {
        Err(Error::Invalid {
            field: "algorithm",
            problem: "its model reads conversations and paints nothing".to_owned(),
        })
    }

    fn language(&self) -> Option<&Language> {
        Some(&self.0)
    }
}

/// A model in memory.
struct Resident {
    model: Arc<StableDiffusion>,
    key: ModelKey,
    preview_share: f64,
}

impl Loaded for Resident {
    fn bytes(&self) -> u64 {
        self.model.bytes()
    }

    fn pipeline(self: Arc<Self>, recipe: &Recipe) -> Result<Box<dyn Pipeline>, Error> {
        let model = Arc::clone(&self.model);
        Ok(match recipe.kind {
            Kind::Image => {
                Box::new(Painter::new(model, &self.key.model, &self.key.loras, self.preview_share))
            }
            Kind::Thumbnail => Box::new(Draft::over(
                model,
                &self.key.to_string(),
                recipe.defaults.spec(),
                self.preview_share,
            )),
        })
    }
}

/// The built-in model in memory.
struct Inside {
    model: Arc<BuiltIn>,
    loras: Vec<Chosen>,
    preview_share: f64,
}

impl Loaded for Inside {
    fn bytes(&self) -> u64 {
        self.model.bytes()
    }

    fn pipeline(self: Arc<Self>, recipe: &Recipe) -> Result<Box<dyn Pipeline>, Error> {
        let model = Arc::clone(&self.model);
        Ok(match recipe.kind {
            Kind::Image => Box::new(built_in::Painter::new(model, &self.loras, self.preview_share)),
            Kind::Thumbnail => {
                Box::new(Draft::over_built_in(model, recipe.defaults.spec(), self.preview_share))
            }
        })
    }
}
