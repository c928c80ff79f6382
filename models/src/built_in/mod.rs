//! The built-in family: small networks of our own, trained on scenes that a program drew, so that Atelier paints without
//! a download. What they are is said wherever they are named; they know sixteen kinds of backgrounds and nothing else.
//!
//! The weights lie inside this program ([`unpack`] puts them where files are mapped) and go through the same loader,
//! networks and samplers as every checkpoint. `models/tiny/README.md` has how they were made.

mod files;
mod lexicon;
mod model;
mod painter;
#[cfg(test)]
mod tests;

pub use files::{place, unpack};
pub(crate) use lexicon::{Reading, Side, read};
pub(crate) use model::Wish;
pub use model::{BuiltIn, usual_size};
pub use painter::Painter;

use crate::{
    checkpoint::Prediction,
    installable::Kind,
    manifest::{Commercial, Manifest},
};

/// What the model is called among installed ones.
pub const NAME: &str = "atelier-tiny";
/// What it is, wherever it is named.
pub const SUMMARY: &str = "built-in, tiny, trained on procedural scenes";
/// Its licence.
pub const LICENCE: &str = "MIT OR Apache-2.0";
/// The algorithm that makes thumbnails with it.
pub const THUMBNAILS: &str = "tiny-1";
/// The algorithm that makes pictures with it.
pub const IMAGES: &str = "tiny-image-1";

/// Steps, where nobody says otherwise.
pub const STEPS: u32 = 16;
/// Guidance, where nobody says otherwise.
pub const GUIDANCE: f64 = 3.0;
/// Width and height that it was trained at, in pixels. The upscaler doubles them.
pub const TRAINED: (u32, u32) = (320, 192);

/// Who painted, in every result.
pub const MADE_BY: &str = "the built-in tiny model (10 M parameters, trained on procedural scenes)";

/// What is known of it, as of an installed model.
#[must_use]
pub fn manifest() -> Manifest {
    let files = files::sums().clone();
    Manifest {
        name: NAME.to_owned(),
        kind: Kind::BuiltIn,
        inpaint: true,
        prediction: Some(Prediction::Velocity),
        licence: LICENCE.to_owned(),
        commercial: Commercial::Allowed,
        source: SUMMARY.to_owned(),
        bytes: files.values().map(|sum| sum.bytes).sum(),
        files,
        defaults: None,
    }
}
