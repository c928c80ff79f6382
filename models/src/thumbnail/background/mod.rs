//! Procedural backgrounds: a scene family, a prop and a look, drawn by rules from the brief and its seed.
//!
//! Nothing here has learned anything: no weights, no photos, no network. Words that no table knows are reported
//! and otherwise ignored. The order of work is fixed (read words, paint scene, calm the copy space, stand the
//! prop, develop), so that one seed gives one picture.

mod canvas;
mod colour;
mod finish;
mod frame;
mod grade;
mod hours;
mod lexicon;
mod look;
mod mood;
mod noise;
mod palette;
mod props;
mod raster;
mod scenes;
mod shape;
mod sprite;
#[cfg(test)]
mod tests;
mod topics;

use std::ops::ControlFlow;

use super::brief::{Background, Brief, Painted};
use crate::{Error, Observer, Stage, Step};
use canvas::Canvas;
use colour::Lch;
use frame::Frame;
use lexicon::Scene;
use look::{Look, Words};
use noise::Dice;

/// The procedural painter. It keeps nothing between pictures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Procedural;

impl Procedural {
    /// A painter.
    pub(crate) fn new() -> Self {
        Self
    }
}

impl Background for Procedural {
    fn share(&self) -> f32 {
        0.6
    }

    fn paint(&mut self, brief: &Brief<'_>, observer: &mut dyn Observer) -> Result<Painted, Error> {
        let mut dice = Dice::new(brief.seed);
        let subject = lexicon::words(brief.subject);
        let known = |entry: &str| lexicon::look(entry).is_some();
        let (words, ignored) = look::read(brief.style, brief.palette, &subject, &known);
        let scene = lexicon::scene(&subject, brief.style, words.mood.key < -0.2, &mut dice);
        let painted = paint(scene, &words, brief, &mut dice, observer)?;
        Ok(Painted { ignored, ..painted })
    }
}

/// Paints one scene; the words are already read.
fn paint(
    scene: Scene,
    words: &Words,
    brief: &Brief<'_>,
    dice: &mut Dice,
    observer: &mut dyn Observer,
) -> Result<Painted, Error> {
    let mut step =
        |fraction: f32| match observer.step(Step { stage: Stage::Background, fraction, ..Step::begin() }) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Cancelled),
        };
    step(0.0)?;
    let look = Look::new(scene.family, words, dice);
    let frame = Frame::new(brief.width, brief.height, brief.copy_space);
    let mut canvas = Canvas::new(brief.width, brief.height, frame, dice)?;
    step(0.05)?;
    scene.family.paint(&mut canvas, &look, dice);
    step(0.6)?;
    canvas.calm(&look);
    step(0.75)?;
    // After the calm: the prop stays sharp where it reaches into the soft edge of the copy space.
    if let Some(prop) = scene.prop {
        prop.paint(&mut canvas, &look);
    }
    step(0.85)?;
    let pixels = canvas.develop(&look);
    step(0.95)?;
    let palette = finish::dominant(&pixels);
    step(1.0)?;
    let accent = standing_out(look.accent, &palette).rgb8();
    Ok(Painted {
        pixels,
        name: scene.family.name().to_owned(),
        painter: super::Draft::ALGORITHM.to_owned(),
        made_by: "procedural rules, no learned model".to_owned(),
        palette,
        accent,
        ignored: Vec::new(),
    })
}

/// The dominant colours of any picture, dark to light, and one that stands out from them.
pub(super) fn colours(pixels: &image::RgbImage) -> (Vec<[u8; 3]>, [u8; 3]) {
    let palette = finish::dominant(pixels);
    let vivid = palette.iter().copied().map(Lch::from_rgb8).max_by(|a, b| a.c.total_cmp(&b.c));
    let accent = vivid.map_or([255; 3], |vivid| standing_out(vivid, &palette).rgb8());
    (palette, accent)
}

/// A colour in OKLab, where distances are as large as they look.
pub(crate) fn oklab(rgb: [u8; 3]) -> [f32; 3] {
    let Lch { l, c, h } = Lch::from_rgb8(rgb);
    let (sine, cosine) = h.to_radians().sin_cos();
    [l, c * cosine, c * sine]
}

/// The accent, moved away from the lightness that fills the middle of the picture.
fn standing_out(accent: Lch, palette: &[[u8; 3]]) -> Lch {
    let middle = palette.get(palette.len() / 2).map_or(0.5, |rgb| Lch::from_rgb8(*rgb).l);
    if (accent.l - middle).abs() >= 0.25 {
        return accent;
    }
    accent.at(if middle < 0.6 { (middle + 0.35).min(0.9) } else { middle - 0.35 })
}
