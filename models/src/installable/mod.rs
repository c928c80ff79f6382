//! What can be installed: a checkpoint that paints, a LoRA that is merged into one, a tiny autoencoder that draws its
//! previews, a language model that reads conversations. Which of them lies at a path is told by what is in it, not by its name.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    checkpoint::{Checkpoint, Family, TinyCheckpoint},
    device::Placement,
    diffusion::{
        StableDiffusion,
        lora::LoraFile,
        vae::{TinyVae, TinyVaeConfig},
    },
    language::{Family as Tongue, Gguf, Language},
};

/// What something installed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Kind {
    /// Paints by itself.
    Checkpoint(Family),
    /// Paints by itself, and came with this program.
    BuiltIn,
    /// Is merged into a checkpoint of this family; none where neither its layers nor its notes say which.
    Lora(Option<Family>),
    /// Draws previews of latents.
    Taesd,
    /// Reads conversations.
    Language(Tongue),
}

/// Every kind by its word in manifests, and as people read it.
const KINDS: [(Kind, &str, &str); 12] = [
    (Kind::Checkpoint(Family::Sd1), "sd1", "Stable Diffusion 1"),
    (Kind::Checkpoint(Family::Sd2), "sd2", "Stable Diffusion 2"),
    (Kind::Checkpoint(Family::Sdxl), "sdxl", "Stable Diffusion XL"),
    (Kind::BuiltIn, "built-in", "built-in model"),
    (Kind::Lora(Some(Family::Sd1)), "lora-sd1", "LoRA for Stable Diffusion 1"),
    (Kind::Lora(Some(Family::Sd2)), "lora-sd2", "LoRA for Stable Diffusion 2"),
    (Kind::Lora(Some(Family::Sdxl)), "lora-sdxl", "LoRA for Stable Diffusion XL"),
    (Kind::Lora(None), "lora", "LoRA"),
    (Kind::Taesd, "taesd", "TAESD"),
    (Kind::Language(Tongue::Qwen3), "qwen3", "Qwen3"),
    (Kind::Language(Tongue::Llama), "llama", "Llama 3"),
    (Kind::Language(Tongue::Gemma3), "gemma3", "Gemma 3"),
];

impl Kind {
    /// Its word in manifests, and as people read it.
    fn words(self) -> (&'static str, &'static str) {
        let row = KINDS.iter().find(|(kind, ..)| *kind == self);
        row.map_or(("lora", "LoRA"), |(_, word, name)| (*word, *name))
    }

    /// Its word in manifests.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// As people read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.words().1
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.word().to_owned()
    }
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let row = KINDS.iter().find(|(_, known, _)| *known == word);
        row.map(|(kind, ..)| *kind).ok_or_else(|| format!("{word} is no family of models"))
    }
}

/// Something on disk that can be installed, looked through.
#[derive(Debug)]
pub enum Installable {
    /// Paints by itself.
    Checkpoint(Box<Checkpoint>),
    /// Is merged into a checkpoint.
    Lora(LoraFile),
    /// Draws previews.
    Tiny(TinyCheckpoint),
    /// Reads conversations.
    Language(Gguf, Tongue),
}

impl Installable {
    /// Looks through what lies at `path`. Reads headers and configurations, no parameters.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] that says what is wrong with which file and what would be right.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if path.is_dir() && TinyCheckpoint::is_one(path) {
            return Ok(Self::Tiny(TinyCheckpoint::open(path)?));
        }
        if Gguf::is_one(path) {
            let file = Gguf::open(path)?;
            let family = Tongue::of(&file)?;
            return Ok(Self::Language(file, family));
        }
        let file = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("safetensors"));
        if file && LoraFile::is_one(path)? {
            return Ok(Self::Lora(LoraFile::open(path)?));
        }
        Ok(Self::Checkpoint(Box::new(Checkpoint::open(path)?)))
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Checkpoint(checkpoint) => Kind::Checkpoint(checkpoint.family()),
            Self::Lora(lora) => Kind::Lora(lora.family()),
            Self::Tiny(_) => Kind::Taesd,
            Self::Language(_, family) => Kind::Language(*family),
        }
    }

    /// The checkpoint, where it is one.
    #[must_use]
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        match self {
            Self::Checkpoint(checkpoint) => Some(checkpoint),
            Self::Lora(_) | Self::Tiny(_) | Self::Language(..) => None,
        }
    }

    /// Every file that it is made of, the model itself first where it is a single file.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        match self {
            Self::Checkpoint(checkpoint) => checkpoint.files(),
            Self::Lora(lora) => lora.files(),
            Self::Tiny(tiny) => tiny.files(),
            Self::Language(file, _) => file.files(),
        }
    }

    /// Builds its networks as loading does, but without a look at their numbers: a tensor that is missing, too much, or
    /// of another shape or type is found in milliseconds. What a LoRA fits is only known beside a checkpoint.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor.
    pub fn rehearse(&self) -> Result<(), Error> {
        let placement = Placement::cpu();
        match self {
            Self::Checkpoint(checkpoint) => {
                StableDiffusion::load(&checkpoint.unread(), &[], &placement, u64::MAX).map(drop)
            }
            Self::Lora(_) => Ok(()),
            Self::Tiny(tiny) => {
                let tiny = tiny.unread();
                let (config, weights) = tiny.network(&placement)?;
                TinyVae::load(&TinyVaeConfig::parse("config.json", config)?, &weights).map(drop)
            }
            Self::Language(file, _) => Language::rehearse(file),
        }
    }

    /// Reads every parameter once and refuses what is not a finite number of a usable type. `progress` hears how many
    /// bytes are done.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] naming the tensor.
    pub fn check(&self, progress: impl FnMut(u64)) -> Result<(), Error> {
        match self {
            Self::Checkpoint(checkpoint) => checkpoint.check(progress),
            Self::Lora(lora) => lora.check(progress),
            Self::Tiny(tiny) => tiny.check(progress),
            Self::Language(file, _) => file.check(progress),
        }
    }
}
