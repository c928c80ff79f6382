//! What lies on disk as "a model": its family, and each network's configuration and parameters under one set of
//! names.
//!
//! There are two layouts: a folder as diffusers writes it, and a single file as the original code wrote it (most
//! downloads for AUTOMATIC1111 and ComfyUI). Whichever it is, the networks are handed diffusers' names and a
//! diffusers `config.json`, so nothing behind this module knows of the other.
//!
//! Nothing here trusts a file: sizes come from headers that were checked against the file's length, numbers in
//! configurations are bounded, and a tensor that no rule knows is an error that names it.

mod folder;
mod json;
pub(crate) mod ldm;
mod part;
mod single;
#[cfg(test)]
mod tests;
mod tiny;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use self::part::Part;
pub use self::tiny::TinyCheckpoint;
use crate::{Error, device::Placement, weights::Weights};

/// Which Stable Diffusion it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// 1.x: CLIP ViT-L, made for 512×512.
    Sd1,
    /// 2.x: OpenCLIP ViT-H, made for 512×512 or 768×768.
    Sd2,
    /// XL: both CLIP ViT-L and OpenCLIP ViT-bigG, made for 1024×1024.
    Sdxl,
}

impl Family {
    /// As people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sd1 => "Stable Diffusion 1",
            Self::Sd2 => "Stable Diffusion 2",
            Self::Sdxl => "Stable Diffusion XL",
        }
    }
}

/// What the network says about a noisy picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prediction {
    /// The noise in it (Ho et al. 2020).
    Epsilon,
    /// `v = α ε − σ x` (Salimans & Ho 2022).
    #[serde(rename = "v_prediction")]
    Velocity,
    /// The picture without noise.
    Sample,
}

/// Which of two stored precisions is taken where a folder has both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The plain files.
    #[default]
    Full,
    /// The files with `.fp16` in their names: half to read, rounded once.
    Half,
}

/// A model on disk, looked through and ready to be loaded.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    family: Family,
    inpaint: bool,
    prediction: Prediction,
    zero_empty_prompt: bool,
    unet: Part,
    vae: Part,
    tiny: Option<TinyCheckpoint>,
    text_encoders: Vec<Part>,
    tokenizers: Vec<Option<PathBuf>>,
    scheduler: String,
    files: Vec<PathBuf>,
}

impl Checkpoint {
    /// Looks through the model at `path`: a folder with a `model_index.json`, or one `.safetensors` file. Reads
    /// headers and configurations, no parameters.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] that says what is wrong with which file and what would be right.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_preferring(path, Variant::Full)
    }

    /// [`Self::open`], with `variant` where a folder has both. Where it has one, that is taken.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_preferring(path: &Path, variant: Variant) -> Result<Self, Error> {
        if path.is_dir() {
            return folder::open(path, variant);
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "ckpt" | "bin" | "pt" | "pth" => Err(refusal(path, PICKLE)),
            _ => single::open(path),
        }
    }

    /// Which Stable Diffusion it is.
    #[must_use]
    pub fn family(&self) -> Family {
        self.family
    }

    /// Whether the UNet also takes a mask and the picture around it (nine input channels instead of four).
    #[must_use]
    pub fn is_inpaint(&self) -> bool {
        self.inpaint
    }

    /// What the UNet says about a noisy picture.
    #[must_use]
    pub fn prediction(&self) -> Prediction {
        self.prediction
    }

    /// Whether a missing negative prompt is zeros instead of the text encoders' answer to no words (SDXL was
    /// trained so).
    #[must_use]
    pub fn zeros_for_empty_prompt(&self) -> bool {
        self.zero_empty_prompt
    }

    /// The UNet: its `config.json` and parameters.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when a tensor that has to be taken apart holds numbers that are not finite.
    pub fn unet(&self, placement: &Placement) -> Result<(&str, Weights), Error> {
        self.unet.load(placement)
    }

    /// The VAE: its `config.json` and parameters. Attention is named `to_q`, `to_k`, `to_v`, `to_out.0`, and its
    /// weights are matrices, whichever way they were written.
    ///
    /// # Errors
    /// As [`Self::unet`].
    pub fn vae(&self, placement: &Placement) -> Result<(&str, Weights), Error> {
        self.vae.load(placement)
    }

    /// The tiny autoencoder for previews in its folder `vae_tiny`, where it brings one.
    #[must_use]
    pub fn tiny(&self) -> Option<&TinyCheckpoint> {
        self.tiny.as_ref()
    }

    /// The same with numbers that nobody looks at when it is loaded: whether names, shapes and types are what the
    /// configurations say is known in milliseconds, and gigabytes stay on the disk.
    #[must_use]
    pub fn unread(&self) -> Self {
        Self {
            unet: self.unet.unread(),
            vae: self.vae.unread(),
            tiny: self.tiny.as_ref().map(TinyCheckpoint::unread),
            text_encoders: self.text_encoders.iter().map(Part::unread).collect(),
            ..self.clone()
        }
    }

    /// How many text encoders there are: one, or two for SDXL.
    #[must_use]
    pub fn text_encoders(&self) -> usize {
        self.text_encoders.len()
    }

    /// Text encoder number `index`: its `config.json` and parameters. Names begin with `text_model.`, but for
    /// `text_projection.weight`.
    ///
    /// # Errors
    /// As [`Self::unet`], and when there is no such encoder.
    pub fn text_encoder(&self, index: usize, placement: &Placement) -> Result<(&str, Weights), Error> {
        let missing = || Error::Internal(format!("this model has no text encoder number {index}"));
        self.text_encoders.get(index).ok_or_else(missing)?.load(placement)
    }

    /// The folder with the tokenizer of text encoder number `index`; none when the checkpoint brings none, and
    /// CLIP's own is meant.
    #[must_use]
    pub fn tokenizer(&self, index: usize) -> Option<&Path> {
        self.tokenizers.get(index)?.as_deref()
    }

    /// The scheduler's configuration, as JSON.
    #[must_use]
    pub fn scheduler(&self) -> &str {
        &self.scheduler
    }

    /// Every file that it is made of, in order.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Bytes of the parameters that are used.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.parts().map(Part::size).sum::<u64>() + self.tiny.as_ref().map_or(0, TinyCheckpoint::size)
    }

    /// Reads every parameter once and refuses what is not a finite number of a usable type. `progress` hears how
    /// many of [`Self::size`] bytes are done.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor.
    pub fn check(&self, mut progress: impl FnMut(u64)) -> Result<(), Error> {
        let mut done = 0;
        for part in self.parts() {
            part.check(&mut |bytes| {
                done += bytes;
                progress(done);
            })?;
        }
        self.tiny.as_ref().map_or(Ok(()), |tiny| tiny.check(|bytes| progress(done + bytes)))
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        [&self.unet, &self.vae].into_iter().chain(&self.text_encoders)
    }
}

const PICKLE: &str = "is a pickle, which can run any program when it is read, so Atelier never opens one; take the \
                      safetensors file of this model, or convert it where nothing can be harmed";

/// What the input channels of a UNet mean over `latent` channels of its VAE.
fn is_inpaint(path: &Path, inputs: usize, latent: usize) -> Result<bool, Error> {
    match inputs {
        _ if inputs == latent => Ok(false),
        _ if inputs == 2 * latent + 1 => Ok(true),
        _ => Err(refusal(
            path,
            format!(
                "its UNet takes {inputs} channels; {latent} (pictures) and {} (inpainting) can be used, other \
                 numbers are edit, depth and upscaling models",
                2 * latent + 1
            ),
        )),
    }
}

fn refusal(path: &Path, problem: impl Into<String>) -> Error {
    Error::Checkpoint { file: path.display().to_string(), problem: problem.into() }
}

/// The prediction that a scheduler's configuration names; noise where it names none, as in the first releases.
fn prediction(path: &Path, scheduler: &json::Object) -> Result<Prediction, Error> {
    match scheduler.get("prediction_type") {
        None => Ok(Prediction::Epsilon),
        Some(value) => serde_json::from_value(value.clone()).map_err(|_| {
            refusal(path, format!("prediction_type is {value}; epsilon, v_prediction and sample can be used"))
        }),
    }
}

/// Overrides by component.
type Overrides = BTreeMap<String, json::Object>;
