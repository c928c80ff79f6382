//! Painting a fitted title: ground, strokes, letters; and measuring what lies beneath the letters.

use cosmic_text::SwashImage;
use tiny_skia::{
    FillRule, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, PixmapPaint, PremultipliedColorU8, Stroke,
    Transform,
};

use crate::thumbnail::colour::{self, Rgb};
use crate::thumbnail::composite::{self, paint};

use super::design::{Colours, Design, HARD_SHADOW, PLATE_PADDING, Shadow};
use super::fit::Block;
use super::shape::{Ink, Shaper};

/// The share of the pixels around the letters that may be worse than the contrast that is reported: edges are
/// never perfect, a patch that swallows a letter is far larger.
const TOLERATED: f32 = 0.05;

/// A fitted title as paths on the canvas.
pub(super) struct Traced {
    /// All letters.
    all: Option<Path>,
    /// Those in the usual colour.
    usual: Option<Path>,
    /// Those in the accent colour.
    accented: Option<Path>,
    pictures: Vec<Picture>,
    /// One rectangle a line.
    plates: Option<Path>,
    /// A rectangle around everything.
    patch: Option<Path>,
    em: f32,
}

/// A coloured glyph.
struct Picture {
    pixels: Pixmap,
    at: Transform,
    blurred: Option<Path>,
}

/// Turns `block` into paths; the unit `accented` gets the accent colour.
pub(super) fn trace(shaper: &mut Shaper, block: &Block, accented: Option<usize>) -> Traced {
    let (x, y) = block.pivot();
    let slope = Transform::from_rotate_at(block.slope, x, y);
    let (mut all, mut usual, mut other) = (PathBuilder::new(), PathBuilder::new(), PathBuilder::new());
    let (mut plates, mut patch) = (PathBuilder::new(), PathBuilder::new());
    let mut pictures = Vec::new();
    for placed in &block.lines {
        for glyph in &placed.line.glyphs {
            let (x, y) = (placed.x + glyph.x * placed.em, placed.y + glyph.y * placed.em);
            if let Some(outline) = shaper.outline(glyph) {
                let at = Transform::from_row(placed.em, 0.0, 0.0, placed.em, x, y).post_concat(slope);
                if let Some(path) = outline.clone().transform(at) {
                    all.push_path(&path);
                    let is_accented = accented == Some(placed.unit_at(glyph.start));
                    if is_accented { &mut other } else { &mut usual }.push_path(&path);
                }
            } else if let Some(image) = shaper.picture(glyph, placed.em) {
                pictures.extend(picture(&image, placed.em, x, y, slope));
            }
        }
        push(&mut plates, grown(placed.ink(), PLATE_PADDING * placed.em), slope);
    }
    push(&mut patch, grown(block.ink, 0.25 * block.em), slope);
    Traced {
        all: all.finish(),
        usual: usual.finish(),
        accented: other.finish(),
        pictures,
        plates: plates.finish(),
        patch: patch.finish(),
        em: block.em,
    }
}

fn grown(ink: Ink, by: f32) -> Ink {
    Ink { left: ink.left - by, top: ink.top - by, right: ink.right + by, bottom: ink.bottom + by }
}

fn push(builder: &mut PathBuilder, ink: Ink, slope: Transform) {
    let rect = tiny_skia::Rect::from_ltrb(ink.left, ink.top, ink.right, ink.bottom);
    if let Some(path) = rect.map(PathBuilder::from_rect).and_then(|path| path.transform(slope)) {
        builder.push_path(&path);
    }
}

fn picture(image: &SwashImage, em: f32, x: f32, y: f32, slope: Transform) -> Option<Picture> {
    let mut pixels = Pixmap::new(image.placement.width, image.placement.height)?;
    for (to, from) in pixels.pixels_mut().iter_mut().zip(image.data.chunks_exact(4)) {
        let alpha = from[3];
        let scaled = |value: u8| (u16::from(value) * u16::from(alpha) / 255) as u8;
        *to = PremultipliedColorU8::from_rgba(scaled(from[0]), scaled(from[1]), scaled(from[2]), alpha)?;
    }
    // Very large glyphs are drawn smaller than asked for, see `Shaper::picture`.
    let scale = em / em.clamp(8.0, 512.0);
    let (left, top) = (image.placement.left as f32 * scale, image.placement.top as f32 * scale);
    let at = Transform::from_row(scale, 0.0, 0.0, scale, x + left, y - top).post_concat(slope);
    let (width, height) = (image.placement.width as f32, image.placement.height as f32);
    let disc = PathBuilder::from_circle(width / 2.0, height / 2.0, width.min(height) / 2.0);
    Some(Picture { pixels, at, blurred: disc.and_then(|disc| disc.transform(at)) })
}

impl Traced {
    /// Everything below the letters: patch, shadow, plates, strokes.
    pub(super) fn dress(&self, canvas: &mut Pixmap, design: &Design, colours: &Colours) {
        let em = self.em;
        if design.scrim > 0.0
            && let Some(patch) = &self.patch
        {
            composite::soft(canvas, patch, (em * 0.8).max(40.0), colours.shade, design.scrim);
        }
        let width = design.stroke + design.outer;
        if design.shadow == Shadow::Soft {
            let shape = if design.plate { self.plates.as_ref() } else { self.all.as_ref() };
            let pictures = self.pictures.iter().filter_map(|picture| picture.blurred.as_ref());
            for path in shape.into_iter().chain(pictures) {
                let fallen = path.clone().transform(Transform::from_translate(0.0, em * 0.05));
                if let Some(path) = fallen {
                    let reach = em * (0.1 + width);
                    composite::soft(canvas, &path, reach.max(10.0), colours.shade, 0.85);
                }
            }
        }
        if design.plate
            && let Some(plates) = &self.plates
        {
            fill(canvas, plates, colours.plate);
        }
        let Some(all) = &self.all else { return };
        if design.shadow == Shadow::Hard {
            let fallen = HARD_SHADOW * em;
            // Several copies make a solid edge; two apart would show a gap between thin strokes.
            for step in 1..=4 {
                let by = fallen * step as f32 / 4.0;
                if let Some(path) = all.clone().transform(Transform::from_translate(by, by)) {
                    outline(canvas, &path, design.stroke * em, colours.stroke);
                }
            }
        }
        if design.outer > 0.0 {
            outline(canvas, all, width * em, colours.outer);
        }
        if design.stroke > 0.0 {
            outline(canvas, all, design.stroke * em, colours.stroke);
        }
    }

    /// The letters and the emoji.
    pub(super) fn letters(&self, canvas: &mut Pixmap, colours: &Colours) {
        if let Some(usual) = &self.usual {
            fill(canvas, usual, colours.fill);
        }
        if let Some(accented) = &self.accented {
            fill(canvas, accented, colours.highlight);
        }
        let paint = PixmapPaint { quality: tiny_skia::FilterQuality::Bilinear, ..PixmapPaint::default() };
        for picture in &self.pictures {
            canvas.draw_pixmap(0, 0, picture.pixels.as_ref(), &paint, picture.at, None);
        }
    }

    /// The WCAG contrast of the letters with the dressed canvas around them, before they are drawn on it: 95 of
    /// 100 pixels are at least this good. None without letters.
    pub(super) fn contrast(&self, canvas: &Pixmap, colours: &Colours) -> Option<f32> {
        let all = self.all.as_ref()?;
        let letters = mask(canvas, all)?;
        let reach = (self.em * 0.03).clamp(1.5, 3.5);
        let worst = |path: &Option<Path>, colour: Rgb| {
            let around = path.as_ref()?.stroke(&stroke(2.0 * reach), 1.0)?;
            percentile(canvas, &letters, &mask(canvas, &around)?, colour)
        };
        [worst(&self.usual, colours.fill), worst(&self.accented, colours.highlight)]
            .into_iter()
            .flatten()
            .min_by(f32::total_cmp)
    }

    /// The pixels of the letters.
    pub(super) fn mask(&self, canvas: &Pixmap) -> Option<Mask> {
        mask(canvas, self.all.as_ref()?)
    }
}

fn percentile(canvas: &Pixmap, letters: &Mask, around: &Mask, colour: Rgb) -> Option<f32> {
    const STEPS: f32 = 20.0;
    let letter = colour::luminance(colour);
    let mut counts = [0u32; 430];
    let pixels = canvas.pixels().iter().zip(letters.data()).zip(around.data());
    for ((pixel, _), _) in pixels.filter(|((_, letter), around)| **letter == 0 && **around > 200) {
        let ground = colour::luminance([pixel.red(), pixel.green(), pixel.blue()]);
        counts[((colour::ratio(letter, ground) * STEPS) as usize).min(429)] += 1;
    }
    let total: u32 = counts.iter().sum();
    let tolerated = (total as f32 * TOLERATED) as u32;
    let mut seen = 0;
    let step = counts.iter().position(|count| {
        seen += count;
        seen > tolerated
    })?;
    Some(step as f32 / STEPS)
}

fn mask(canvas: &Pixmap, path: &Path) -> Option<Mask> {
    let mut mask = Mask::new(canvas.width(), canvas.height())?;
    mask.fill_path(path, FillRule::Winding, true, Transform::identity());
    Some(mask)
}

fn stroke(width: f32) -> Stroke {
    Stroke { width, line_join: LineJoin::Round, ..Stroke::default() }
}

fn fill(canvas: &mut Pixmap, path: &Path, colour: Rgb) {
    let paint: Paint = paint(colour);
    canvas.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
}

/// Letters and a band of `width` pixels around them.
fn outline(canvas: &mut Pixmap, path: &Path, width: f32, colour: Rgb) {
    let paint: Paint = paint(colour);
    canvas.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
    canvas.stroke_path(path, &paint, &stroke(2.0 * width), Transform::identity(), None);
}
