//! The closed set of things a conversation can ask for. As JSON each is one flat object,
//! `{"intent": "thumbnail", "subject": …}`, in which a field that was not said is not there.

use serde::{Deserialize, Serialize};

use super::fields::{
    Aspect, Format, IntentName, RefuseReason, RequestMode, Resolution, TryonMode, VideoMode,
};

/// What the person wants now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "snake_case")]
pub enum Intent {
    /// A picture that presents something, or one with words on it.
    Thumbnail(ThumbnailWords),
    /// Any other picture.
    Image(ImageWords),
    /// Clothes of one photo onto the person of another.
    Tryon(TryonWords),
    /// New pictures of the person in the photos.
    Portrait(PortraitWords),
    /// Moving pictures.
    Video(VideoWords),
    /// Changes to the last request.
    Revise(Box<Changes>),
    /// The last request once more with a new seed.
    Again {
        /// How many this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u8>,
    },
    /// A larger picture of a result.
    Upscale {
        /// Which of the results, from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        which: Option<u8>,
    },
    /// Stop the job under way.
    Cancel,
    /// How far the job is.
    Status,
    /// The person's own credits.
    Balance,
    /// Pay for credits.
    Buy {
        /// How many credits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credits: Option<u32>,
    },
    /// What was made before.
    History,
    /// A question about prices, abilities or how-to.
    Help,
    /// Join accounts of two faces.
    LinkAccount,
    /// A request was recognised, something it needs was not said.
    Clarify(Clarify),
    /// Nothing is asked for.
    Smalltalk,
    /// Turned away by the moderation policy.
    Refuse {
        /// Why.
        reason: RefuseReason,
    },
}

/// Fields of a thumbnail. `subject` is empty only within a [`Clarify`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ThumbnailWords {
    /// What it should show.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The exact words to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<Aspect>,
    /// Looks and moods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub style: Vec<String>,
    /// Colour words or `#hex`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub palette: Vec<String>,
    /// How many, 1 to 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u8>,
    /// The picture to show, counted over the conversation from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_image: Option<usize>,
    /// The picture that is the logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_image: Option<usize>,
    /// Words to look for a template by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Fields of an image. `prompt` is empty only within a [`Clarify`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageWords {
    /// What it should show.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// Shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<Aspect>,
    /// Looks and moods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub style: Vec<String>,
    /// How many, 1 to 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u8>,
    /// The picture to begin from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init_image: Option<usize>,
    /// What must not be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative: Option<String>,
}

/// Fields of a try-on. `person_image` is absent only within a [`Clarify`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TryonWords {
    /// Which clothes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<TryonMode>,
    /// The photo of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_image: Option<usize>,
    /// The photo of the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_image: Option<usize>,
    /// The photo of the bottom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bottom_image: Option<usize>,
    /// The photo of the one-piece garment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dress_image: Option<usize>,
    /// How many, 1 to 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u8>,
}

/// Fields of a portrait. `prompt` and `identity_images` are empty only within a [`Clarify`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortraitWords {
    /// What the person should be or do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// The photos of the person.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identity_images: Vec<usize>,
    /// How many, 1 to 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u8>,
    /// Looks and moods.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub style: Vec<String>,
}

/// Fields of a video. `mode` is absent only within a [`Clarify`]; `prompt` also for a photo that simply moves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VideoWords {
    /// What it is made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<VideoMode>,
    /// What it should show or explain.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// Length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<Aspect>,
    /// Lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// File kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// With a voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narration: Option<bool>,
    /// With subtitles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captions: Option<bool>,
    /// The photo that moves or is gone around.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<usize>,
    /// The page to explain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
}

/// Changes to the last request: what is absent or empty stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// The whole new subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The whole new prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The new title; an empty one takes the title away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<Aspect>,
    /// Looks and moods to go by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub style: Vec<String>,
    /// Colours instead of the earlier ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub palette: Vec<String>,
    /// How many, 1 to 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u8>,
    /// What must not be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub negative: Option<String>,
    /// Words to look for a template by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Another mode of the same request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<RequestMode>,
    /// Length of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Lines of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// File kind of a video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// With or without a voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub narration: Option<bool>,
    /// With or without subtitles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captions: Option<bool>,
    /// The picture to show on a thumbnail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_image: Option<usize>,
    /// The picture that is the logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_image: Option<usize>,
    /// The picture to begin from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init_image: Option<usize>,
    /// The photo of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_image: Option<usize>,
    /// The photo of the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_image: Option<usize>,
    /// The photo of the bottom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bottom_image: Option<usize>,
    /// The photo of the one-piece garment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dress_image: Option<usize>,
    /// The photos of the person of a portrait.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identity_images: Vec<usize>,
    /// The photo that moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<usize>,
    /// The page to explain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
}

/// A request with something missing, so that the answer can complete it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clarify {
    /// The intent it is for.
    #[serde(rename = "for")]
    pub intent_for: IntentName,
    /// Names of the fields to ask for.
    pub missing: Vec<String>,
    /// What was understood so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Box<Intent>>,
}

impl Changes {
    /// Whether nothing but perhaps the number changes.
    pub fn only_count(&self) -> bool {
        *self == Self { count: self.count, ..Self::default() }
    }
}
