//! What the background stage is told, and what it hands back.

use std::ops::ControlFlow;

use crate::Error;

/// Where calm space is kept for the title or the photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CopySpace {
    /// The left part.
    Left,
    /// The right part.
    Right,
    /// The middle.
    Centre,
    /// The upper part.
    Top,
    /// The lower part.
    Bottom,
    /// Everywhere: something large will cover the picture.
    Whole,
}

/// Everything that decides a background: the same brief gives the same pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brief<'a> {
    /// What the picture is about, free text.
    pub subject: &'a str,
    /// Words for look and mood.
    pub style: &'a [String],
    /// Colour words or `#rrggbb`.
    pub palette: &'a [String],
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where calm space is kept.
    pub copy_space: CopySpace,
    /// All randomness comes from here.
    pub seed: u64,
}

/// Paints backgrounds, by whatever means.
pub(crate) trait Background {
    /// Paints one background. `go_on` hears the share of this stage that is done, 0 to 1.
    ///
    /// # Errors
    /// [`Error::Cancelled`] as soon as `go_on` answers `Break`.
    fn paint(
        &mut self,
        brief: &Brief<'_>,
        go_on: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> Result<Painted, Error>;
}

/// A finished background.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Painted {
    /// The picture, in the size of the brief.
    pub pixels: image::RgbImage,
    /// Name of the scene family.
    pub name: String,
    /// Dominant colours, dark to light.
    pub palette: Vec<[u8; 3]>,
    /// A colour that stands out against the picture and belongs to it.
    pub accent: [u8; 3],
    /// Style and palette words that were not understood, as they were written.
    pub ignored: Vec<String>,
}
