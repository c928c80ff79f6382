//! Requests: the words of a caller ([`ThumbnailSpec`]) and, after the one validation, values that cannot be
//! wrong any more ([`Request`]).

use serde::{Deserialize, Serialize};

use crate::{Error, diffusion::Generation};

/// Longest subject, in characters.
const SUBJECT_CHARS: usize = 500;
/// Longest title, in characters.
const TITLE_CHARS: usize = 120;
/// Most style or palette words.
const WORDS: usize = 16;
/// Longest single style or palette word, in characters.
const WORD_CHARS: usize = 64;
/// Most variants of one request.
const VARIANTS: u32 = 8;

/// Shape of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Aspect {
    /// 1280×720, the video thumbnail.
    #[default]
    #[serde(rename = "16:9")]
    Wide,
    /// 1080×1920, shorts and stories.
    #[serde(rename = "9:16")]
    Tall,
    /// 1080×1080.
    #[serde(rename = "1:1")]
    Square,
    /// 1080×1350, feed portrait.
    #[serde(rename = "4:5")]
    Portrait,
}

impl Aspect {
    /// Every shape, in the order in which faces offer them.
    pub const ALL: [Self; 4] = [Self::Wide, Self::Tall, Self::Square, Self::Portrait];

    /// Width and height in pixels.
    #[must_use]
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Wide => (1280, 720),
            Self::Tall => (1080, 1920),
            Self::Square => (1080, 1080),
            Self::Portrait => (1080, 1350),
        }
    }

    /// The name that people use: `16:9` and so on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wide => "16:9",
            Self::Tall => "9:16",
            Self::Square => "1:1",
            Self::Portrait => "4:5",
        }
    }

    /// The shape of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.name() == name)
    }
}

/// File type of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputFormat {
    /// JPEG under 2 MB, at the best quality that fits.
    #[default]
    Jpeg,
    /// PNG, without loss.
    Png,
}

/// What a caller asks for, before it was checked. Stored with the job, so it can be run again exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ThumbnailSpec {
    /// What the picture should show, free text. Required.
    pub subject: String,
    /// The exact words to set; none leaves the picture without text.
    pub title: Option<String>,
    /// Shape.
    pub aspect: Aspect,
    /// Looks and moods in English (`warm`, `dark`, `minimal`, `big title` …); unknown words are ignored and
    /// listed in the settings of the result.
    pub style: Vec<String>,
    /// Colour words or `#rrggbb`.
    pub palette: Vec<String>,
    /// How many different pictures, 1 to 8.
    pub count: u32,
    /// Seed of the first picture; variant `n` uses `seed + n` (wrapping).
    pub seed: u64,
    /// File type.
    pub format: OutputFormat,
}

/// Limits that a picture from outside must keep before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoLimits {
    /// Longest side in pixels.
    pub side_px: u32,
    /// Most pixels altogether.
    pub pixels: u64,
    /// Most memory that decoding may take, in bytes.
    pub decoded_bytes: u64,
}

/// A decoded photo, upright (its EXIF orientation applied), sRGB with straight alpha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The pixels.
    pub pixels: image::RgbaImage,
}

/// A thumbnail request that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThumbnailRequest {
    spec: ThumbnailSpec,
    photo: Option<Photo>,
}

impl ThumbnailRequest {
    /// Checks `spec` and takes it as a request.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field and the rule.
    pub fn new(spec: ThumbnailSpec, photo: Option<Photo>) -> Result<Self, Error> {
        let invalid = |field, problem| Err(Error::Invalid { field, problem });
        let subject_chars = spec.subject.chars().count();
        if spec.subject.trim().is_empty() {
            return invalid("subject", "say what the thumbnail should show".to_owned());
        }
        if subject_chars > SUBJECT_CHARS {
            return invalid(
                "subject",
                format!("has {subject_chars} characters, at most {SUBJECT_CHARS} fit"),
            );
        }
        if let Some(title) = &spec.title {
            let title_chars = title.chars().count();
            if title.trim().is_empty() {
                return invalid("title", "is empty; leave it out for a picture without text".to_owned());
            }
            if title_chars > TITLE_CHARS {
                return invalid("title", format!("has {title_chars} characters, at most {TITLE_CHARS} fit"));
            }
        }
        for (field, words) in [("style", &spec.style), ("palette", &spec.palette)] {
            if words.len() > WORDS {
                return invalid(field, format!("has {} words, at most {WORDS} are used", words.len()));
            }
            if words.iter().any(|word| word.chars().count() > WORD_CHARS) {
                return invalid(field, format!("has a word of over {WORD_CHARS} characters"));
            }
        }
        if !(1..=VARIANTS).contains(&spec.count) {
            return invalid("count", format!("is {}, ask for 1 to {VARIANTS} pictures", spec.count));
        }
        Ok(Self { spec, photo })
    }

    /// The checked words.
    #[must_use]
    pub fn spec(&self) -> &ThumbnailSpec {
        &self.spec
    }

    /// The photo to place, if one was given.
    #[must_use]
    pub fn photo(&self) -> Option<&Photo> {
        self.photo.as_ref()
    }
}

/// Everything that a pipeline can be asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Request {
    /// A thumbnail with a typeset title.
    Thumbnail(ThumbnailRequest),
    /// Pictures by a diffusion model.
    Image(Generation),
}
