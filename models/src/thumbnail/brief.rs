//! The seam between the thumbnail pipeline and whatever paints its background.

use crate::{Error, Observer};

/// Where the title or the photo will go, so where the background should stay calm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CopySpace {
    /// The left half.
    Left,
    /// The right half.
    Right,
    /// The middle.
    Centre,
    /// The upper half.
    Top,
    /// The lower half.
    Bottom,
    /// Everywhere.
    Whole,
}

/// What a background is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brief<'a> {
    /// What the picture should show, free text.
    pub subject: &'a str,
    /// Looks and moods.
    pub style: &'a [String],
    /// Colour words or `#rrggbb`.
    pub palette: &'a [String],
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where calm space is needed.
    pub copy_space: CopySpace,
    /// Decides everything that the words leave open.
    pub seed: u64,
}

/// A finished background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Painted {
    /// The picture, of exactly the size of the brief.
    pub pixels: image::RgbImage,
    /// The family of scenes it belongs to.
    pub name: String,
    /// The algorithm or model that painted it.
    pub painter: String,
    /// Plainly how it was painted.
    pub made_by: String,
    /// Its dominant colours, dark to light.
    pub palette: Vec<[u8; 3]>,
    /// The colour that stands out from them.
    pub accent: [u8; 3],
    /// The style and palette words that were not understood.
    pub ignored: Vec<String>,
}

/// Paints backgrounds: the procedural painter or a diffusion model.
pub(crate) trait Background {
    /// The share of a picture's time that its background takes, so that what is left can be told.
    fn share(&self) -> f32 {
        // Of what models take, the rest is next to nothing.
        0.95
    }

    /// Paints `brief`. The observer hears of this picture alone: fractions are shares of the background. Stops with
    /// [`Error::Cancelled`] when it answers `Break`.
    fn paint(&mut self, brief: &Brief, observer: &mut dyn Observer) -> Result<Painted, Error>;
}
