//! A tiny autoencoder (TAESD) on disk, as diffusers writes it: `config.json` beside its weights.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Variant, folder, json, part::Part, refusal};
use crate::{Error, device::Placement, weights::Weights};

/// The class that diffusers notes in its configuration.
const CLASS: &str = "AutoencoderTiny";

/// A tiny autoencoder on disk, looked through and ready to be loaded. It only draws previews.
#[derive(Debug, Clone)]
pub struct TinyCheckpoint {
    part: Part,
    files: Vec<PathBuf>,
}

impl TinyCheckpoint {
    /// Looks through the folder at `path`. Reads the header and the configuration, no parameters.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] that says what is wrong with which file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut files = Vec::new();
        let (part, config) =
            folder::network(path, "diffusion_pytorch_model", Variant::default(), &mut files)?;
        match config.get("_class_name").and_then(Value::as_str) {
            Some(CLASS) => {}
            class => {
                let class = class.unwrap_or("network without a name");
                return Err(refusal(
                    path,
                    format!(
                        "is a {class}, one network of a model; name the folder that holds model_index.json"
                    ),
                ));
            }
        }
        files.sort();
        Ok(Self { part, files })
    }

    /// Whether the folder at `path` says that it is one.
    pub(crate) fn is_one(path: &Path) -> bool {
        let config = json::read(&path.join("config.json"));
        config.is_ok_and(|config| config.get("_class_name").and_then(Value::as_str) == Some(CLASS))
    }

    /// Its `config.json` and parameters.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when a tensor can't be used.
    pub fn network(&self, placement: &Placement) -> Result<(&str, Weights), Error> {
        self.part.load(placement)
    }

    /// The same with numbers that nobody looks at when it is loaded.
    #[must_use]
    pub fn unread(&self) -> Self {
        Self { part: self.part.unread(), files: self.files.clone() }
    }

    /// Every file that it is made of, in order.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Bytes of its parameters.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.part.size()
    }

    /// Reads every parameter once. `progress` hears how many of [`Self::size`] bytes are done.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor that is not finite or of no usable type.
    pub fn check(&self, mut progress: impl FnMut(u64)) -> Result<(), Error> {
        let mut done = 0;
        self.part.check(&mut |bytes| {
            done += bytes;
            progress(done);
        })
    }
}
