//! The closed sets of values that a request can hold.

use serde::{Deserialize, Serialize};

/// Shape of a picture or video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aspect {
    /// Wide: players, banners, desktops.
    #[serde(rename = "16:9")]
    Wide,
    /// Tall: phones, shorts, stories.
    #[serde(rename = "9:16")]
    Tall,
    /// Square: posts, avatars, covers of sound.
    #[serde(rename = "1:1")]
    Square,
    /// The feed's portrait.
    #[serde(rename = "4:5")]
    Feed,
}

/// Which clothes a try-on is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TryonMode {
    /// Shirts, knitwear, coats.
    Top,
    /// Trousers, skirts, shorts.
    Bottom,
    /// A top and a bottom together.
    Full,
    /// Any one-piece garment.
    Dress,
}

/// What a video is made from and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoMode {
    /// Words alone.
    Text,
    /// An attached photo that moves.
    Image,
    /// A plot over several scenes.
    Story,
    /// Something is explained.
    Study,
    /// Around a thing.
    Orbit,
}

/// A changed mode: which kind it is follows from the request that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RequestMode {
    /// Of a try-on.
    Tryon(TryonMode),
    /// Of a video.
    Video(VideoMode),
}

/// Lines of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolution {
    /// 720 lines.
    #[serde(rename = "720p")]
    Hd,
    /// 1080 lines.
    #[serde(rename = "1080p")]
    FullHd,
    /// 2160 lines.
    #[serde(rename = "4k")]
    Uhd,
}

/// File kind of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The usual one.
    Mp4,
    /// The open one.
    Webm,
    /// Silent and looping.
    Gif,
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefuseReason {
    /// Nudity or sex.
    Sexual,
    /// A child in a sexual or undressed setting.
    Minor,
    /// Gore and torture for its own sake.
    Violence,
    /// Contempt for a group of people.
    Hate,
    /// A real person shown to say or do what they did not, to deceive.
    RealPersonDeception,
}

/// The intents that can lack something and be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentName {
    /// A picture that presents something.
    Thumbnail,
    /// Any other picture.
    Image,
    /// Clothes onto a person.
    Tryon,
    /// New pictures of the person in a photo.
    Portrait,
    /// Moving pictures.
    Video,
}
