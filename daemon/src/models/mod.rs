//! Installed models: what lies in the models folder, put there by a command or simply dropped.
//!
//! The folder is the truth. A model is a diffusers folder or a `.safetensors` file in it (or a link to one), a LoRA or a
//! tiny autoencoder for previews likewise, a language model a `.gguf` file, with a manifest beside it; where the manifest is missing it is made from what
//! the model says, and the model counts as unverified until somebody has had it read whole. Nothing here runs a network.
//!
//! The built-in model is listed with them. It lies in the data folder, where it is unpacked when somebody needs it first.

mod config;
mod files;
mod install;
mod name;
mod resident;
#[cfg(test)]
mod tests;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use atelier_models::{
    built_in::{self, BuiltIn},
    device::Placement,
    installable::Installable,
    manifest::{self, Manifest},
};

pub use self::{
    config::{ModelsConfig, PreviewsConfig},
    install::Wish,
    name::name_of,
    resident::Painters,
};

use crate::config::Config;

/// Most entries of the folder that are looked at.
const MOST: usize = 1_000;

/// Why the models folder says no.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// There is none of this name.
    #[error("there is no model `{0}`; list them with `atelierd models ls`")]
    NotFound(String),
    /// One of this name is there already.
    #[error(
        "there is a model `{0}` already; take another name with --name, or remove it with `atelierd models rm {0}`"
    )]
    Exists(String),
    /// It is part of the program.
    #[error(
        "`{0}` is built into this program and can't be removed; `atelier admin retire` takes what it makes off the list"
    )]
    BuiltIn(String),
    /// No name, or one that is no name of a file everywhere.
    #[error(
        "`{0}` is no name for a model: 1 to 64 of a-z, 0-9, `.`, `_` and `-`, beginning with a letter or number"
    )]
    Name(String),
    /// It would not fit into the budget.
    #[error(
        "this model needs {needed} bytes, and {left} of {budget} are left for models; remove some, or raise models.disk_bytes"
    )]
    Budget {
        /// What it needs.
        needed: u64,
        /// What is left.
        left: u64,
        /// What all models may take.
        budget: u64,
    },
    /// The model is not sound.
    #[error(transparent)]
    Model(#[from] atelier_models::Error),
    /// The disk says no.
    #[error("{}: {error}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// A model in the folder.
#[derive(Debug, Clone)]
pub struct Installed {
    /// What is known of it.
    pub manifest: Manifest,
    /// Its folder or file.
    pub path: PathBuf,
    /// Whether that is a link to somewhere else.
    pub linked: bool,
}

/// What an entry of the folder turned out to be.
#[derive(Debug)]
pub enum Found {
    /// A model.
    Usable(Installed),
    /// Something that looks like one and can't be used.
    Broken {
        /// What it would be called.
        name: String,
        /// Where it lies.
        path: PathBuf,
        /// Why it can't.
        problem: String,
    },
}

impl Found {
    /// How it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Usable(installed) => &installed.manifest.name,
            Self::Broken { name, .. } => name,
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Usable(installed) => &installed.path,
            Self::Broken { path, .. } => path,
        }
    }
}

/// Hears what is being done to a model, and how many of its bytes are done.
pub type Progress<'a> = &'a mut dyn FnMut(&'static str, u64);

const CHECKING: &str = "checking";
const HASHING: &str = "hashing";

/// The models folder.
#[derive(Debug, Clone)]
pub struct Library {
    folder: PathBuf,
    budget: u64,
    /// Where the built-in model is unpacked; none where it is left out.
    built_in: Option<PathBuf>,
}

impl Library {
    /// The library in `folder`, which is made when the first model comes, with room for `budget` bytes.
    #[must_use]
    pub fn new(folder: PathBuf, budget: u64) -> Self {
        Self { folder, budget, built_in: None }
    }

    /// The models folder of this configuration, and the built-in model.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            folder: config.models.folder(&config.data),
            budget: config.models.disk_bytes,
            built_in: Some(config.data.join("built-in")),
        }
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All models, by name. Those without a manifest get one.
    ///
    /// # Errors
    /// [`ModelsError::Disk`] when the folder can't be read.
    pub fn scan(&self) -> Result<Vec<Found>, ModelsError> {
        let mut paths: Vec<_> = match fs::read_dir(&self.folder) {
            Ok(entries) => entries.take(MOST).flatten().map(|entry| entry.path()).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(disk(&self.folder, error)),
        };
        paths.retain(|path| is_model(path));
        paths.sort();
        let built_in = self.built_in.iter().map(|folder| {
            let (manifest, path) = (built_in::manifest(), built_in::place(folder));
            Found::Usable(Installed { manifest, path, linked: false })
        });
        let mut found: Vec<Found> = built_in.collect();
        for path in paths {
            let name = name_of(&path);
            let one = match found.iter().find(|other| other.name() == name) {
                Some(other) => {
                    let taken = other.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
                    let problem = format!("its name is taken by {taken}; rename one of them");
                    Found::Broken { name, path, problem }
                }
                None => match self.look(&name, &path) {
                    Ok(manifest) => Found::Usable(Installed { manifest, linked: path.is_symlink(), path }),
                    Err(error) => Found::Broken { name, path, problem: error.to_string() },
                },
            };
            found.push(one);
        }
        found.sort_by(|one, other| one.name().cmp(other.name()));
        Ok(found)
    }

    /// Where the built-in model lies, unpacked. None where it is left out.
    ///
    /// # Errors
    /// The disk's.
    pub fn unpacked(&self) -> Result<Option<PathBuf>, atelier_models::Error> {
        self.built_in.as_deref().map(built_in::unpack).transpose()
    }

    /// Whether it is the built-in model. Its place says so: what a manifest in the folder says, anybody may have written.
    fn is_inside(&self, installed: &Installed) -> bool {
        self.built_in.as_deref().is_some_and(|folder| installed.path == built_in::place(folder))
    }

    /// The manifest of the model at `path`, made when there is none.
    fn look(&self, name: &str, path: &Path) -> Result<Manifest, ModelsError> {
        let beside = Manifest::path(&self.folder, name);
        if beside.exists() {
            let manifest = Manifest::read(&beside)?;
            let base = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
            let changed = manifest.files.iter().find(|(file, sum)| {
                base.join(file).metadata().map_or(true, |about| about.len() != sum.bytes)
            });
            return match changed {
                None => Ok(manifest),
                Some((file, _)) => Err(atelier_models::Error::Checkpoint {
                    file: file.clone(),
                    problem: format!(
                        "is not what was installed; install the model again, or remove {} to take it as it is",
                        beside.display()
                    ),
                }
                .into()),
            };
        }
        let installable = Installable::open(path)?;
        installable.rehearse()?;
        let manifest =
            Manifest::of(name, path, &installable, "found in the models folder", &manifest::licence(path))?;
        manifest.write(&self.folder)?;
        Ok(manifest)
    }

    /// The model `name`.
    ///
    /// # Errors
    /// [`ModelsError::NotFound`], what is wrong with it, or [`ModelsError::Disk`].
    pub fn find(&self, name: &str) -> Result<Installed, ModelsError> {
        match self.scan()?.into_iter().find(|found| found.name() == name) {
            Some(Found::Usable(installed)) => Ok(installed),
            Some(Found::Broken { path, problem, .. }) => {
                let file = path.display().to_string();
                // What was found by opening it names its file already.
                let problem = problem.strip_prefix(&format!("{file}: ")).unwrap_or(&problem).to_owned();
                Err(atelier_models::Error::Checkpoint { file, problem }.into())
            }
            None => Err(ModelsError::NotFound(name.to_owned())),
        }
    }

    /// Reads the model `name` whole: every parameter is finite, every file is the one that was installed. Digests that
    /// are missing are noted, which makes it verified.
    ///
    /// # Errors
    /// What is wrong, or [`ModelsError::NotFound`].
    pub fn verify(&self, name: &str, progress: Progress<'_>) -> Result<Installed, ModelsError> {
        let mut installed = self.find(name)?;
        if self.is_inside(&installed) {
            // Unpacking compares every byte, and loading looks at every number.
            if let Some(path) = self.unpacked()? {
                BuiltIn::load(&path, &[], &Placement::cpu(), u64::MAX)?;
            }
            return Ok(installed);
        }
        let installable = Installable::open(&installed.path)?;
        installable.rehearse()?;
        installable.check(|done| progress(CHECKING, done))?;
        installed.manifest.measure(&installed.path, |done| progress(HASHING, done))?;
        installed.manifest.write(&self.folder)?;
        Ok(installed)
    }

    /// Removes the model `name`, sound or not: its files, or the link to them, and its manifest.
    ///
    /// # Errors
    /// [`ModelsError::NotFound`] or [`ModelsError::Disk`].
    pub fn remove(&self, name: &str) -> Result<(), ModelsError> {
        let all = self.scan()?;
        let found = all.iter().find(|found| found.name() == name);
        let found = found.ok_or_else(|| ModelsError::NotFound(name.to_owned()))?;
        if matches!(found, Found::Usable(installed) if self.is_inside(installed)) {
            return Err(ModelsError::BuiltIn(name.to_owned()));
        }
        let path = found.path();
        files::remove(path).map_err(|error| disk(path, error))?;
        let single = path.extension().is_some_and(|ending| ending == "safetensors");
        let sidecar = single.then(|| path.with_extension("config.json"));
        for path in sidecar.into_iter().chain([Manifest::path(&self.folder, name)]) {
            files::remove(&path).map_err(|error| disk(&path, error))?;
        }
        Ok(())
    }

    /// Bytes that all files in the folder take, unfinished downloads too.
    ///
    /// # Errors
    /// [`ModelsError::Disk`].
    pub fn used(&self) -> Result<u64, ModelsError> {
        self.size_of(&self.folder)
    }

    /// Bytes that all files in a folder of the library take; none when it isn't there.
    ///
    /// # Errors
    /// [`ModelsError::Disk`].
    pub fn size_of(&self, folder: &Path) -> Result<u64, ModelsError> {
        match files::size(folder) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(disk(folder, error)),
        }
    }

    /// Refuses `needed` bytes that would not fit.
    ///
    /// # Errors
    /// [`ModelsError::Budget`] or [`ModelsError::Disk`].
    pub fn make_sure_of_room(&self, needed: u64) -> Result<(), ModelsError> {
        let left = self.budget.saturating_sub(self.used()?);
        if needed > left {
            return Err(ModelsError::Budget { needed, left, budget: self.budget });
        }
        Ok(())
    }
}

/// Whether a path looks like a model: a folder with an index or a network's configuration, a safetensors or GGUF file, or a
/// pickle, which is listed with the reason why it can't be used. Hidden ones are work in progress.
fn is_model(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    let file =
        path.extension().is_some_and(|ending| ["safetensors", "gguf", "ckpt"].iter().any(|it| ending == *it));
    let folder = ["model_index.json", "config.json"].iter().any(|name| path.join(name).exists());
    !hidden && (file || folder)
}

fn disk(path: &Path, error: io::Error) -> ModelsError {
    ModelsError::Disk { path: path.to_owned(), error }
}
