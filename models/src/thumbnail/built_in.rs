//! Backgrounds by the built-in model.

use std::sync::Arc;

use super::{
    background,
    brief::{Background, Brief, CopySpace, Painted as Finished},
    diffused::cover,
};
use crate::{
    Error, Observer,
    built_in::{self, BuiltIn, Side, Wish},
    diffusion::{GenerationSpec, Sources},
};

/// Paints backgrounds with the built-in model.
pub(super) struct Painted {
    model: Arc<BuiltIn>,
    defaults: GenerationSpec,
    preview_share: f64,
}

impl Painted {
    /// `defaults` says how the model is run, and `preview_share` which share of its time previews may cost.
    pub(super) fn by(model: Arc<BuiltIn>, defaults: GenerationSpec, preview_share: f64) -> Self {
        Self { model, defaults, preview_share }
    }
}

impl Background for Painted {
    fn paint(&mut self, brief: &Brief<'_>, observer: &mut dyn Observer) -> Result<Finished, Error> {
        let entries = [brief.subject].into_iter();
        let entries = entries.chain(brief.style.iter().chain(brief.palette).map(String::as_str));
        let reading = built_in::read(entries, Side::Is(side(brief.copy_space)), brief.seed);
        let spec = GenerationSpec { seed: brief.seed, ..self.defaults.clone() };
        let size = (brief.width, brief.height);
        let wish = Wish { reading: &reading, spec: &spec, size, sources: Sources::default() };
        let painted = self.model.paint(wish, observer, self.preview_share)?;
        let pixels = cover(&painted, brief.width, brief.height);
        let (palette, accent) = background::colours(&pixels);
        Ok(Finished {
            pixels,
            name: reading.prompt,
            painter: built_in::THUMBNAILS.to_owned(),
            made_by: format!("background by {}, the rest by rules", built_in::MADE_BY),
            palette,
            accent,
            ignored: reading.unused,
        })
    }
}

/// The side that the model keeps calm. It has learnt no word for the top, the bottom, or everywhere.
fn side(space: CopySpace) -> Option<&'static str> {
    match space {
        CopySpace::Left => Some("left"),
        CopySpace::Right => Some("right"),
        CopySpace::Centre => Some("centre"),
        CopySpace::Top | CopySpace::Bottom | CopySpace::Whole => None,
    }
}
