//! What is written down about a finished picture.

use serde::Serialize;

use crate::{Aspect, OutputFormat, ThumbnailSpec};

/// The settings of one picture; their JSON travels inside the file.
#[derive(Debug, Serialize)]
pub(super) struct Settings<'a> {
    pub algorithm: &'a str,
    /// Says plainly how the picture was made.
    pub made_by: &'a str,
    pub version: &'static str,
    /// The request that makes this picture alone: a count of 1 and its own seed.
    pub request: Request<'a>,
    pub layout: &'static str,
    pub scene: &'a str,
    pub palette: Vec<String>,
    pub accent: String,
    /// What was done with the photo; null without one.
    pub photo: Option<&'static str>,
    /// Null when no title was set.
    pub title: Option<TitleSettings>,
    /// Style and palette words that nothing understood.
    pub ignored: Vec<String>,
}

/// A request in the words of its sender.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    subject: &'a str,
    title: Option<&'a str>,
    aspect: Aspect,
    style: &'a [String],
    palette: &'a [String],
    count: u32,
    seed: u64,
    format: OutputFormat,
}

impl<'a> Request<'a> {
    pub(super) fn new(spec: &'a ThumbnailSpec, seed: u64) -> Self {
        Self {
            subject: &spec.subject,
            title: spec.title.as_deref(),
            aspect: spec.aspect,
            style: &spec.style,
            palette: &spec.palette,
            count: 1,
            seed,
            format: spec.format,
        }
    }
}

/// How the title was set and how well it can be read.
#[derive(Debug, Serialize)]
pub(super) struct TitleSettings {
    pub design: &'static str,
    pub fonts: Vec<String>,
    /// True when a script needed fonts of this machine: elsewhere the picture may differ.
    pub system_fonts: bool,
    /// More than 0 when no font here has a script of the title.
    pub missing_glyphs: usize,
    pub lines: usize,
    pub em_px: u32,
    /// Left, top, right, bottom of everything that was drawn, in pixels.
    pub box_px: [i32; 4],
    /// WCAG contrast with the pixels beneath; null for emoji alone.
    pub contrast: Option<f32>,
    pub repairs: u32,
    /// 0 to 100 at 168×94.
    pub legibility: u32,
}

/// A colour as people write it.
pub(super) fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
