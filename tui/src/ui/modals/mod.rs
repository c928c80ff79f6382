//! What lies over a screen. The top one has the keys.

mod confirm;
mod help;
mod palette;
mod prompt;
mod viewer;

pub(crate) use self::{
    confirm::{Choice, Confirm},
    help::Help,
    palette::{Command, Deed, Palette},
    prompt::{Ask, Prompt, parse_adjustment},
    viewer::{Shown, Viewer},
};
use super::keymap::Layer;

/// What lies over a screen.
#[derive(Debug)]
pub(crate) enum Modal {
    /// Every command, found by a few letters.
    Palette(Palette),
    /// The keys of the place.
    Help(Help),
    /// A question with answers.
    Confirm(Confirm),
    /// A picture that fills the screen.
    Viewer(Viewer),
    /// A question with a line to type.
    Prompt(Prompt),
}

impl Modal {
    /// Whose keys hold.
    pub(crate) fn layer(&self) -> Layer {
        match self {
            Self::Palette(_) => Layer::Palette,
            Self::Help(_) => Layer::Help,
            Self::Confirm(_) => Layer::Confirm,
            Self::Viewer(_) => Layer::Viewer,
            Self::Prompt(_) => Layer::Prompt,
        }
    }
}
