//! The type engine: sets a title so that it can be read, whatever lies beneath.

mod breaks;
mod design;
mod faces;
mod fit;
mod paint;
mod shape;

use std::collections::BTreeSet;

use tiny_skia::{Mask, Pixmap};

use super::colour::{READABLE, Rgb};
use super::layout::{Align, Anchor, Frame};

use design::Design;
use fit::{Block, Room};
use paint::Traced;
use shape::{Ink, Shaper};

/// A title to be set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Title<'a> {
    pub text: &'a str,
    pub style: &'a [String],
    /// Where it goes, in pixels.
    pub frame: Frame,
    pub align: Align,
    pub anchor: Anchor,
    /// Whether it stands on a panel of one colour.
    pub on_panel: bool,
    /// The colours of the scene, dark to light.
    pub palette: &'a [Rgb],
    pub accent: Rgb,
    pub seed: u64,
}

/// What became of a title.
#[derive(Debug)]
pub(super) struct Set {
    pub design: &'static str,
    /// The fonts that its glyphs came from.
    pub fonts: Vec<String>,
    /// Whether one of them is of the system: another machine may set the title differently.
    pub system_fonts: bool,
    /// How many glyphs no font had: boxes stand in their place.
    pub missing_glyphs: usize,
    pub lines: usize,
    /// Pixels per em of the smallest line.
    pub em: f32,
    /// Around all ink, stroke, hard shadow and plate: left, top, right, bottom in pixels.
    pub bounds: [f32; 4],
    /// WCAG contrast with the pixels beneath; none when there are only emoji.
    pub contrast: Option<f32>,
    /// How often the ground had to be improved to reach it.
    pub repairs: u32,
    /// The pixels of the letters.
    pub letters: Option<Mask>,
}

/// Sets titles. Keeps fonts and outlines between them.
pub(super) struct Typesetter {
    shaper: Shaper,
}

/// A title of more characters is set so small that it needs plain dress.
const LONG: usize = 40;
/// A font that bears less stroke than this, in ems, has hairlines.
const THIN: f32 = 0.07;
/// Most times that the ground is improved; the last one covers it.
const REPAIRS: u32 = 3;

impl Typesetter {
    pub(super) fn new() -> Self {
        Self { shaper: Shaper::new() }
    }

    /// Sets `title` on `canvas`. None when it has nothing that could be drawn.
    pub(super) fn set(&mut self, canvas: &mut Pixmap, title: &Title) -> Option<Set> {
        self.shaper.fonts.prepare(title.text);
        let face = self.shaper.fonts.choose(title.text, title.style, title.seed);
        let turn = (title.seed / 3).wrapping_add(title.seed);
        let plain = face.stroke < THIN || title.text.chars().count() > LONG;
        let words = title.text.split_whitespace().count();
        let first = Design::choose(title.style, face, title.on_panel, plain, turn);
        let mut repairs = 0;
        loop {
            let design = if repairs == 0 { first } else { first.repaired(face, repairs) };
            let block = fit::fit(&mut self.shaper, title.text, face, &room(title, &design, canvas))?;
            let accented = if design.highlight && words > 1 { design::highlight(&block.units) } else { None };
            let traced = paint::trace(&mut self.shaper, &block, accented);
            let ground = mean(canvas, block.ink);
            let colours = design::colours(&design, title.palette, title.accent, ground, title.seed);
            let mut dressed = canvas.clone();
            traced.dress(&mut dressed, &design, &colours);
            let contrast = traced.contrast(&dressed, &colours);
            if repairs == REPAIRS || contrast.is_none_or(|contrast| contrast >= READABLE) {
                traced.letters(&mut dressed, &colours);
                *canvas = dressed;
                return Some(self.report(&design, &block, &traced, canvas, contrast, repairs));
            }
            repairs += 1;
        }
    }

    fn report(
        &self,
        design: &Design,
        block: &Block,
        traced: &Traced,
        canvas: &Pixmap,
        contrast: Option<f32>,
        repairs: u32,
    ) -> Set {
        let glyphs = block.lines.iter().flat_map(|placed| &placed.line.glyphs);
        let names: BTreeSet<_> = glyphs.clone().map(|glyph| self.shaper.fonts.name(glyph.font)).collect();
        let Ink { left, top, right, bottom } = block.bounds(design.outset());
        Set {
            design: design.name,
            system_fonts: names.iter().any(|(_, bundled)| !bundled),
            fonts: names.into_iter().map(|(name, _)| name).collect(),
            missing_glyphs: glyphs.filter(|glyph| glyph.id == 0).count(),
            lines: block.lines.len(),
            em: block.em,
            bounds: [left, top, right, bottom],
            contrast,
            repairs,
            letters: traced.mask(canvas),
        }
    }
}

fn room(title: &Title, design: &Design, canvas: &Pixmap) -> Room {
    let side = canvas.width().min(canvas.height()) as f32;
    let size = design::size(title.style);
    Room {
        frame: title.frame,
        align: title.align,
        anchor: title.anchor,
        most_em: side * 0.46 * size,
        least_em: side * 0.08,
        // A wide, flat box has no height to spare for a slope.
        slope: design.slope * (title.frame.h / title.frame.w / 0.7).min(1.0),
        outset: design.outset(),
        gap: design.gap(),
        stacked: design.stacked,
    }
}

/// The mean colour of the canvas under a box.
fn mean(canvas: &Pixmap, ink: Ink) -> Rgb {
    let clamp = |value: f32, most: u32| (value.max(0.0) as u32).min(most) as usize;
    let (left, right) = (clamp(ink.left, canvas.width()), clamp(ink.right, canvas.width()));
    let (top, bottom) = (clamp(ink.top, canvas.height()), clamp(ink.bottom, canvas.height()));
    let mut sum = [0u64; 3];
    let mut count = 0;
    for row in canvas.pixels().chunks_exact(canvas.width() as usize).take(bottom).skip(top).step_by(3) {
        for pixel in row.iter().take(right).skip(left).step_by(3) {
            for (sum, value) in sum.iter_mut().zip([pixel.red(), pixel.green(), pixel.blue()]) {
                *sum += u64::from(value);
            }
            count += 1;
        }
    }
    sum.map(|sum| (sum / count.max(1)) as u8)
}

/// Whether `word` is a style word that decides on font, design or size.
pub(super) fn understands(word: &str) -> bool {
    faces::understands(word) || design::understands(word)
}
