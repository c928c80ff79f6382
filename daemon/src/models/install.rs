//! Brings a model into the folder: whole and checked, or not at all.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use atelier_models::{
    installable::Installable,
    language::Gguf,
    manifest::{self, Manifest},
};

use super::{
    CHECKING, HASHING, Installed, Library, ModelsError, Progress, disk, files,
    name::{is_name, name_of},
};

/// The endings of single files.
const SAFETENSORS: &str = "safetensors";
const GGUF: &str = "gguf";

/// How a model should be installed.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Its name; none for one made of its path.
    pub name: Option<String>,
    /// Its licence; none for what the model says itself.
    pub licence: Option<String>,
    /// Leave it where it is.
    pub link: bool,
}

impl Library {
    /// Checks the model at `path`, first whether everything in it fits together and then every number, and installs it.
    ///
    /// # Errors
    /// What is wrong with it, [`ModelsError::Exists`], [`ModelsError::Budget`], or the disk's.
    pub fn add(&self, path: &Path, wish: &Wish, progress: Progress<'_>) -> Result<Installed, ModelsError> {
        let path = path.canonicalize().map_err(|error| disk(path, error))?;
        let name = self.free_name(wish.name.clone().unwrap_or_else(|| name_of(&path)))?;
        let found = Installable::open(&path)?;
        found.rehearse()?;
        let licence = wish.licence.clone().unwrap_or_else(|| manifest::licence(&path));
        let source = path.display().to_string();
        let mut manifest = Manifest::of(&name, &path, &found, &source, &licence)?;
        if !wish.link {
            self.make_sure_of_room(manifest.bytes)?;
        }
        found.check(|done| progress(CHECKING, done))?;
        fs::create_dir_all(&self.folder).map_err(|error| disk(&self.folder, error))?;
        let place = self.place(&name, &path);
        let new = self.folder.join(format!(".adding-{name}"));
        files::remove(&new).map_err(|error| disk(&new, error))?;
        fs::create_dir(&new).map_err(|error| disk(&new, error))?;
        let made = if wish.link {
            manifest
                .measure(&path, |done| progress(HASHING, done))
                .map_err(ModelsError::from)
                .and_then(|()| link(&path, &found, &place))
        } else {
            self.copy(&path, &found, &new, &place, &mut manifest, progress)
        };
        files::remove(&new).map_err(|error| disk(&new, error))?;
        made?;
        self.finish(manifest, place)
    }

    /// Installs the checked files in `folder`, which lies in the library already, under `name`.
    ///
    /// # Errors
    /// What is wrong with it, [`ModelsError::Exists`], or the disk's.
    pub fn adopt(
        &self,
        folder: &Path,
        name: &str,
        source: &str,
        licence: &str,
        progress: Progress<'_>,
    ) -> Result<Installed, ModelsError> {
        let name = self.free_name(name.to_owned())?;
        let entries = fs::read_dir(folder).map_err(|error| disk(folder, error))?;
        let single = entries
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|ending| ending == SAFETENSORS || ending == GGUF))
            .filter(|_| !folder.join("config.json").exists());
        let from = single.as_deref().unwrap_or(folder);
        let found = Installable::open(from)?;
        found.rehearse()?;
        found.check(|done| progress(CHECKING, done))?;
        let licence = if licence.is_empty() { manifest::licence(from) } else { licence.to_owned() };
        let place = self.place(&name, from);
        for sidecar in sidecars(from, &found) {
            let beside = place.with_extension("config.json");
            fs::rename(sidecar, &beside).map_err(|error| disk(&beside, error))?;
        }
        fs::rename(from, &place).map_err(|error| disk(&place, error))?;
        let found = Installable::open(&place)?;
        let mut manifest = Manifest::of(&name, &place, &found, source, &licence)?;
        manifest.measure(&place, |done| progress(HASHING, done))?;
        if single.is_some() {
            files::remove(folder).map_err(|error| disk(folder, error))?;
        }
        self.finish(manifest, place)
    }

    /// `name`, when it is one and nobody has it.
    ///
    /// # Errors
    /// [`ModelsError::Name`], [`ModelsError::Exists`] or the disk's.
    pub fn free_name(&self, name: String) -> Result<String, ModelsError> {
        if !is_name(&name) {
            return Err(ModelsError::Name(name));
        }
        let taken = self.scan()?.iter().any(|found| found.name() == name);
        if taken { Err(ModelsError::Exists(name)) } else { Ok(name) }
    }

    /// Where what lies at `from` will lie.
    fn place(&self, name: &str, from: &Path) -> PathBuf {
        let ending = if Gguf::is_one(from) { GGUF } else { SAFETENSORS };
        self.folder.join(if from.is_dir() { name.to_owned() } else { format!("{name}.{ending}") })
    }

    /// Copies what was found into `new`, reads the copy for its digests, and puts it in place.
    fn copy(
        &self,
        path: &Path,
        found: &Installable,
        new: &Path,
        place: &Path,
        manifest: &mut Manifest,
        progress: Progress<'_>,
    ) -> Result<(), ModelsError> {
        let folder = path.is_dir();
        let base = if folder { path } else { path.parent().unwrap_or(path) };
        for file in found.files() {
            let within = file.strip_prefix(base).unwrap_or(file);
            files::copy(file, &new.join(within)).map_err(|error| disk(file, error))?;
        }
        let card = path.join("README.md");
        if folder && card.is_file() {
            files::copy(&card, &new.join("README.md")).map_err(|error| disk(&card, error))?;
        }
        let copied = if folder { new.to_owned() } else { new.join(path.file_name().unwrap_or_default()) };
        manifest.measure(&copied, |done| progress(HASHING, done))?;
        for sidecar in sidecars(path, found) {
            let sidecar = new.join(sidecar.file_name().unwrap_or_default());
            let beside = place.with_extension("config.json");
            fs::rename(&sidecar, &beside).map_err(|error| disk(&beside, error))?;
        }
        fs::rename(&copied, place).map_err(|error| disk(place, error))
    }

    /// Writes the manifest, with the names that the files have in their place, and makes everything durable.
    fn finish(&self, mut manifest: Manifest, place: PathBuf) -> Result<Installed, ModelsError> {
        if !place.is_dir() {
            let model = place.extension().unwrap_or_default().to_string_lossy().into_owned();
            manifest.files = manifest
                .files
                .into_iter()
                .map(|(file, sum)| {
                    let ending = if file.ends_with(".json") { "config.json" } else { &model };
                    let file = place
                        .with_extension(ending)
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned();
                    (file, sum)
                })
                .collect();
        }
        manifest.write(&self.folder)?;
        manifest::sync_folder(&self.folder).map_err(|error| disk(&self.folder, error))?;
        Ok(Installed { manifest, linked: place.is_symlink(), path: place })
    }
}

/// What belongs to the single file at `path`: its configuration.
fn sidecars<'a>(path: &'a Path, found: &'a Installable) -> impl Iterator<Item = &'a Path> {
    let single = !path.is_dir();
    found.files().iter().map(PathBuf::as_path).filter(move |file| single && *file != path)
}

/// Links the model, and the sidecar of a single file.
fn link(path: &Path, found: &Installable, place: &Path) -> Result<(), ModelsError> {
    for sidecar in sidecars(path, found) {
        let beside = place.with_extension("config.json");
        symlink(sidecar, &beside).map_err(|error| disk(&beside, error))?;
    }
    symlink(path, place).map_err(|error| disk(place, error))
}
