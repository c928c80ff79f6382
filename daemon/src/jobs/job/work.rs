//! What a job makes.

use atelier_models::{
    ThumbnailSpec,
    diffusion::{GenerationSpec, lora::Chosen},
};
use serde::{Deserialize, Serialize};

use crate::id::AssetId;

/// What a job makes, checked and complete: the seed is drawn, the algorithm chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// A thumbnail.
    Thumbnail {
        /// What it shall be.
        spec: ThumbnailSpec,
        /// A photo of its subject.
        photo: Option<AssetId>,
    },
    /// Pictures by a diffusion model.
    Image {
        /// What was asked for, before the algorithm's template was put around it.
        words: String,
        /// What it shall be, the algorithm's defaults filled in.
        spec: GenerationSpec,
        /// A picture to change.
        init: Option<AssetId>,
        /// Where that picture is painted anew: white.
        mask: Option<AssetId>,
        /// What is merged into the model, the algorithm's among them.
        #[serde(default)]
        loras: Vec<Chosen>,
    },
}

/// The kinds of work, for filters and the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Thumbnails.
    Thumbnail,
    /// Plain pictures.
    Image,
}

impl Work {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Thumbnail { .. } => Kind::Thumbnail,
            Self::Image { .. } => Kind::Image,
        }
    }

    /// How many pictures it makes.
    #[must_use]
    pub fn pictures(&self) -> u32 {
        match self {
            Self::Thumbnail { spec, .. } => spec.count,
            Self::Image { spec, .. } => spec.count,
        }
    }

    /// Seed of the first picture.
    #[must_use]
    pub fn seed(&self) -> u64 {
        match self {
            Self::Thumbnail { spec, .. } => spec.seed,
            Self::Image { spec, .. } => spec.seed,
        }
    }

    /// The uploads that it starts from.
    pub fn uploads(&self) -> impl Iterator<Item = AssetId> {
        let uploads = match self {
            Self::Thumbnail { photo, .. } => [*photo, None],
            Self::Image { init, mask, .. } => [*init, *mask],
        };
        uploads.into_iter().flatten()
    }

    /// How much text it holds, in bytes.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Thumbnail { spec, .. } => {
                let lists = spec.style.iter().chain(&spec.palette).map(String::len).sum::<usize>();
                spec.subject.len() + spec.title.as_ref().map_or(0, String::len) + lists
            }
            Self::Image { words, spec, loras, .. } => {
                let names = loras.iter().map(|lora| lora.name.len()).sum::<usize>();
                words.len() + spec.prompt.len() + spec.negative.len() + names
            }
        }
    }

    /// The same with another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        match &mut self {
            Self::Thumbnail { spec, .. } => spec.seed = seed,
            Self::Image { spec, .. } => spec.seed = seed,
        }
        self
    }

    /// The same with another number of pictures.
    #[must_use]
    pub fn with_count(mut self, count: u32) -> Self {
        match &mut self {
            Self::Thumbnail { spec, .. } => spec.count = count,
            Self::Image { spec, .. } => spec.count = count,
        }
        self
    }

    /// What it makes, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::Thumbnail { spec, .. } => {
                let title = spec.title.as_ref().map(|title| format!(", “{title}”")).unwrap_or_default();
                let many =
                    if spec.count > 1 { format!("{} thumbnails", spec.count) } else { "Thumbnail".into() };
                format!("{many}: {}{title}, {}", spec.subject, spec.aspect.name())
            }
            Self::Image { words, spec, .. } => {
                let many = if spec.count > 1 { format!("{} pictures", spec.count) } else { "Picture".into() };
                format!("{many}: {}, {}×{}", shortened(words), spec.width, spec.height)
            }
        }
    }
}

/// As much of a prompt as goes into a line.
fn shortened(words: &str) -> String {
    const CHARS: usize = 160;
    match words.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.to_owned(),
    }
}
