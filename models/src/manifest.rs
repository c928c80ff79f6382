//! What is known of an installed model: kept beside it as `NAME.manifest.json`, made from what it holds and from
//! where it came.
//!
//! Nothing here decides who may use a model for what; it says what its licence is, as far as that is known.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    Error,
    checkpoint::{Checkpoint, Family, Prediction},
    installable::{Installable, Kind},
    language::Gguf,
};

/// What a manifest's name ends with.
pub const ENDING: &str = ".manifest.json";
/// Longest manifest. One with 256 files is under 64 KiB.
const MOST_BYTES: u64 = 1 << 20;

/// What is known of an installed model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How it is called here.
    pub name: String,
    /// What it is.
    #[serde(rename = "family")]
    pub kind: Kind,
    /// Whether it also takes a mask and the picture around it.
    pub inpaint: bool,
    /// What its UNet says about a noisy picture; none where it has no UNet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Prediction>,
    /// Its licence: an SPDX id, the hub's word for it, or empty when nobody said.
    pub licence: String,
    /// Whether the licence allows commercial use.
    pub commercial: Commercial,
    /// Where it came from: a repository with its revision, or the path it was added from.
    pub source: String,
    /// Bytes of all its files.
    pub bytes: u64,
    /// Its files by their paths within the folder; one entry, the file's name, for a single file.
    pub files: BTreeMap<String, Sum>,
    /// What it is asked for when nobody says otherwise; none where it paints nothing by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defaults: Option<Settings>,
}

/// Size and digest of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal; none until somebody has verified the model.
    pub sha256: Option<String>,
}

/// What a licence says about earning money with pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commercial {
    /// Allowed.
    Allowed,
    /// Allowed under conditions that whoever earns has to read: forbidden uses, or a limit of revenue.
    Conditional,
    /// Forbidden.
    Forbidden,
    /// Nobody said, or in words that are not known here.
    Unknown,
}

impl Commercial {
    /// What `licence` says: an SPDX id or the hub's word, in any case.
    #[must_use]
    pub fn of(licence: &str) -> Self {
        let licence = licence.to_ascii_lowercase();
        let words: &[(Self, &[&str])] = &[
            (
                Self::Allowed,
                &[
                    "apache-2.0",
                    "mit",
                    "cc0-1.0",
                    "cc-by-4.0",
                    "cc-by-sa-4.0",
                    "bsd-2-clause",
                    "bsd-3-clause",
                    "unlicense",
                ],
            ),
            (
                Self::Conditional,
                &[
                    "openrail",
                    "creativeml-openrail-m",
                    "bigscience-openrail-m",
                    "openrail++",
                    "creativeml openrail++-m",
                    "creativeml open rail++-m",
                    "stabilityai-ai-community",
                    "stabilityai-community",
                    "llama3",
                    "llama3.1",
                    "llama3.2",
                    "llama3.3",
                    "gemma",
                ],
            ),
            (
                Self::Forbidden,
                &[
                    "cc-by-nc-4.0",
                    "cc-by-nc-sa-4.0",
                    "cc-by-nc-nd-4.0",
                    "sai-nc-community",
                    "stabilityai-nc-research-community",
                    "flux-1-dev-non-commercial-license",
                ],
            ),
        ];
        let known = words.iter().find(|(_, licences)| licences.contains(&licence.as_str()));
        known.map_or(Self::Unknown, |(commercial, _)| *commercial)
    }

    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Conditional => "allowed under the licence's conditions; read them",
            Self::Forbidden => "not allowed",
            Self::Unknown => "unknown; ask whoever made it",
        }
    }
}

/// What a model is asked for when nobody says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Steps, at least 1.
    pub steps: u32,
    /// Guidance, 1 for none.
    pub guidance: f32,
    /// The sampler's name.
    pub sampler: String,
    /// Width of a square picture, in pixels.
    pub size: u32,
}

impl Settings {
    /// What models of a family are commonly asked for.
    #[must_use]
    pub fn of(family: Family, prediction: Prediction) -> Self {
        let (guidance, size) = match (family, prediction) {
            (Family::Sd2, Prediction::Velocity) => (7.5, 768),
            (Family::Sd1 | Family::Sd2, _) => (7.5, 512),
            (Family::Sdxl, _) => (5.0, 1024),
        };
        Self { steps: 25, guidance, sampler: "dpmpp_2m_karras".to_owned(), size }
    }
}

impl Manifest {
    /// The manifest of what lies at `path`, opened as `found`. Sizes only: digests are [`Self::measure`]d.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when a file has gone in the meantime.
    pub fn of(
        name: &str,
        path: &Path,
        found: &Installable,
        source: &str,
        licence: &str,
    ) -> Result<Self, Error> {
        let base = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let mut files = BTreeMap::new();
        for file in found.files() {
            let about = file.metadata().map_err(|error| broken(file, &error))?;
            let within = file.strip_prefix(base).unwrap_or(file).to_string_lossy().into_owned();
            files.insert(within, Sum { bytes: about.len(), sha256: None });
        }
        let checkpoint = found.checkpoint();
        Ok(Self {
            name: name.to_owned(),
            kind: found.kind(),
            inpaint: checkpoint.is_some_and(Checkpoint::is_inpaint),
            prediction: checkpoint.map(Checkpoint::prediction),
            licence: licence.to_owned(),
            commercial: Commercial::of(licence),
            source: source.to_owned(),
            bytes: files.values().map(|sum| sum.bytes).sum(),
            files,
            defaults: checkpoint.map(|it| Settings::of(it.family(), it.prediction())),
        })
    }

    /// Whether every file has a digest.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.files.values().all(|sum| sum.sha256.is_some())
    }

    /// Reads all files at `path` (the folder, or the single file) and compares them with their digests, noting those
    /// that there are none of yet. `progress` hears how many of [`Self::bytes`] are done.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the first file that is gone or another one than was noted.
    pub fn measure(&mut self, path: &Path, mut progress: impl FnMut(u64)) -> Result<(), Error> {
        let base = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let mut done = 0;
        for (name, sum) in &mut self.files {
            let file = base.join(name);
            let found = sha256(&file, |bytes| progress(done + bytes))?;
            done += sum.bytes;
            match &sum.sha256 {
                Some(noted) if *noted != found => {
                    let problem = "is not the file that was installed; install the model again".to_owned();
                    return Err(Error::Checkpoint { file: file.display().to_string(), problem });
                }
                _ => sum.sha256 = Some(found),
            }
        }
        Ok(())
    }

    /// The path of the manifest of the model `name` in `folder`.
    #[must_use]
    pub fn path(folder: &Path, name: &str) -> PathBuf {
        folder.join(format!("{name}{ENDING}"))
    }

    /// Reads the manifest at `path`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it can't be read or is none.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut text = Vec::new();
        let file = File::open(path).map_err(|error| broken(path, &error))?;
        file.take(MOST_BYTES).read_to_end(&mut text).map_err(|error| broken(path, &error))?;
        serde_json::from_slice(&text).map_err(|error| Error::Checkpoint {
            file: path.display().to_string(),
            problem: format!("is no manifest ({error}); remove it, and it is made again"),
        })
    }

    /// Writes the manifest into `folder`: whole and durable, or not at all.
    ///
    /// # Errors
    /// [`Error::Transient`] when the disk does not take it.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| Error::Internal(error.to_string()))?;
        text.push(b'\n');
        let path = Self::path(folder, &self.name);
        replace(&path, &text).map_err(|error| Error::Transient(format!("{}: {error}", path.display())))
    }
}

/// Puts `bytes` in the place of `path` by a rename, so that a reader sees all of the old or all of the new.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Makes the names in a folder durable.
///
/// # Errors
/// The disk's.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// SHA-256 of the file at `path`, in hexadecimal. `progress` hears how many bytes are read.
///
/// # Errors
/// [`Error::Checkpoint`] when it can't be read.
pub fn sha256(path: &Path, mut progress: impl FnMut(u64)) -> Result<String, Error> {
    let mut file = File::open(path).map_err(|error| broken(path, &error))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex::encode(digest.finalize())),
            Ok(read) => {
                digest.update(&buffer[..read]);
                done += read as u64;
                progress(done);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(path, &error)),
        }
    }
}

/// The licence that the model at `path` names itself: in its card (`README.md`, between two lines of dashes), or in
/// the header of its file. Empty when it names none.
#[must_use]
pub fn licence(path: &Path) -> String {
    let named = if path.is_dir() {
        let card = File::open(path.join("README.md")).and_then(|file| {
            let mut text = String::new();
            file.take(MOST_BYTES).read_to_string(&mut text).map(|_| text)
        });
        card.ok().and_then(|text| licence_in_card(&text).map(str::to_owned))
    } else if Gguf::is_one(path) {
        Gguf::open(path).ok().and_then(|file| file.text("general.license").map(str::to_owned))
    } else {
        let file = crate::weights::TensorFile::open(path).ok();
        file.and_then(|file| file.note("modelspec.license").map(str::to_owned))
    };
    named.unwrap_or_default()
}

fn licence_in_card(text: &str) -> Option<&str> {
    let (front, _) = text.strip_prefix("---\n")?.split_once("\n---")?;
    let line = front.lines().find_map(|line| line.strip_prefix("license:"))?;
    Some(line.trim().trim_matches(['"', '\''])).filter(|licence| !licence.is_empty())
}

fn broken(path: &Path, error: &std::io::Error) -> Error {
    Error::Checkpoint { file: path.display().to_string(), problem: format!("cannot be read: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_say_what_they_say() {
        for (licence, commercial) in [
            ("apache-2.0", Commercial::Allowed),
            ("MIT", Commercial::Allowed),
            ("creativeml-openrail-m", Commercial::Conditional),
            ("CreativeML OpenRAIL++-M", Commercial::Conditional),
            ("openrail++", Commercial::Conditional),
            ("cc-by-nc-sa-4.0", Commercial::Forbidden),
            ("other", Commercial::Unknown),
            ("", Commercial::Unknown),
        ] {
            assert_eq!(Commercial::of(licence), commercial, "{licence}");
        }
    }

    #[test]
    fn a_card_names_its_licence() {
        for (card, licence) in [
            ("---\nlicense: openrail++\ntags:\n- x\n---\n# Model", Some("openrail++")),
            ("---\ntags: []\nlicense: \"mit\"\n---\n", Some("mit")),
            ("# Model\nlicense: mit\n", None),
            ("---\nlicense:\n---\n", None),
        ] {
            assert_eq!(licence_in_card(card), licence, "{card:?}");
        }
    }

    #[test]
    fn a_manifest_is_measured_kept_and_compared() {
        let fixture = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/checkpoint/sd1.safetensors"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiny.safetensors");
        fs::copy(fixture, &path).unwrap();
        let found = Installable::open(&path).unwrap();
        let mut manifest = Manifest::of("tiny", &path, &found, "here", "mit").unwrap();
        assert!(!manifest.is_verified());
        assert_eq!(manifest.commercial, Commercial::Allowed);
        let mut heard = 0;
        manifest.measure(&path, |done| heard = done).unwrap();
        assert_eq!(heard, manifest.bytes);
        assert!(manifest.is_verified());
        manifest.write(folder.path()).unwrap();
        let kept = Manifest::read(&Manifest::path(folder.path(), "tiny")).unwrap();
        assert_eq!(kept, manifest);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");

        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        let refusal = manifest.measure(&path, |_| {}).unwrap_err().to_string();
        assert!(refusal.contains("not the file that was installed"), "{refusal}");
    }
}
