//! Shaping: a line of text to glyphs and their outlines, measured in ems so that any size is a multiplication.

use std::collections::HashMap;

use cosmic_text::{
    Attrs, Buffer, CacheKey, CacheKeyFlags, Command, Family, Metrics, Shaping, SwashCache, SwashContent,
    SwashImage, fontdb,
};
use tiny_skia::{Path, PathBuilder, Rect, Transform};

use super::faces::{Face, Fonts};

/// The size at which outlines are kept; large enough that rounding is not seen, fixed so that the cache is
/// bounded by the number of glyphs.
const EM: f32 = 256.0;
/// Most outlines that are kept between titles.
const KEPT_OUTLINES: usize = 4096;

/// One glyph of a line, in ems from the start of the base line.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub font: fontdb::ID,
    pub id: u16,
    pub x: f32,
    pub y: f32,
    /// Byte of the line where its letters begin.
    pub start: usize,
}

/// One shaped line, in ems; the base line is at y 0 and y grows downwards.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub glyphs: Vec<Glyph>,
    /// The smallest box around all ink.
    pub ink: Ink,
}

/// A box around ink, in ems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ink {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Ink {
    pub(super) const NOTHING: Self =
        Self { left: f32::INFINITY, top: f32::INFINITY, right: f32::NEG_INFINITY, bottom: f32::NEG_INFINITY };

    pub(super) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn moved(self, x: f32, y: f32) -> Self {
        Self { left: self.left + x, top: self.top + y, right: self.right + x, bottom: self.bottom + y }
    }

    pub(super) fn width(self) -> f32 {
        (self.right - self.left).max(0.0)
    }

    pub(super) fn height(self) -> f32 {
        (self.bottom - self.top).max(0.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.right <= self.left || self.bottom <= self.top
    }
}

/// Shapes lines and hands out outlines. Keeps both the fonts and the outlines between titles.
pub(super) struct Shaper {
    pub(super) fonts: Fonts,
    swash: SwashCache,
    outlines: HashMap<(fontdb::ID, u16), Option<Path>>,
}

impl Shaper {
    pub(super) fn new() -> Self {
        Self { fonts: Fonts::new(), swash: SwashCache::new(), outlines: HashMap::new() }
    }

    /// Shapes `text`, which must be a single line, in the base direction of the whole title.
    pub(super) fn line(&mut self, text: &str, face: &Face, rtl: bool) -> Line {
        // A mark of direction in front keeps a Latin word that begins a line of Arabic on its right side.
        let mark = if rtl { "\u{200f}" } else { "\u{200e}" };
        let own = first_strong_is_rtl(text).is_none_or(|own| own == rtl);
        let marked = if own { text.to_owned() } else { format!("{mark}{text}") };
        let skipped = marked.len() - text.len();

        let system = &mut self.fonts.system;
        let mut buffer = Buffer::new_empty(Metrics::new(EM, EM));
        buffer.set_size(None, None);
        let attrs =
            Attrs::new().family(Family::Name(face.name)).cache_key_flags(CacheKeyFlags::DISABLE_HINTING);
        buffer.set_text(&marked, &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(system, false);
        let mut glyphs = Vec::new();
        for run in buffer.layout_runs() {
            for glyph in run.glyphs.iter().filter(|glyph| glyph.start >= skipped) {
                glyphs.push(Glyph {
                    font: glyph.font_id,
                    id: glyph.glyph_id,
                    x: glyph.x / EM + glyph.x_offset,
                    y: glyph.y / EM - glyph.y_offset,
                    start: glyph.start - skipped,
                });
            }
        }
        let ink = glyphs.iter().fold(Ink::NOTHING, |ink, glyph| match self.ink(glyph) {
            Some(own) => ink.with(own.moved(glyph.x, glyph.y)),
            None => ink,
        });
        Line {
            glyphs,
            ink: if ink.is_empty() { Ink { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 } } else { ink },
        }
    }

    /// The outline of a glyph in ems, y downwards; none for blanks and for coloured glyphs.
    pub(super) fn outline(&mut self, glyph: &Glyph) -> Option<&Path> {
        if self.fonts.is_emoji(glyph.font) {
            return None;
        }
        if self.outlines.len() >= KEPT_OUTLINES {
            self.outlines.clear();
        }
        self.outlines
            .entry((glyph.font, glyph.id))
            .or_insert_with(|| {
                let key = cache_key(glyph, EM);
                let commands = self.swash.get_outline_commands_uncached(&mut self.fonts.system, key)?;
                path(&commands)
            })
            .as_ref()
    }

    /// The coloured picture of a glyph at `size` pixels per em; none for glyphs that have an outline.
    pub(super) fn picture(&mut self, glyph: &Glyph, size: f32) -> Option<SwashImage> {
        if !self.fonts.is_emoji(glyph.font) && self.outline(glyph).is_some() {
            return None;
        }
        let key = cache_key(glyph, size.clamp(8.0, 512.0));
        let image = self.swash.get_image_uncached(&mut self.fonts.system, key)?;
        (image.content == SwashContent::Color && image.placement.width > 0).then_some(image)
    }

    fn ink(&mut self, glyph: &Glyph) -> Option<Ink> {
        if let Some(outline) = self.outline(glyph) {
            let bounds: Rect = outline.bounds();
            return Some(Ink {
                left: bounds.left(),
                top: bounds.top(),
                right: bounds.right(),
                bottom: bounds.bottom(),
            });
        }
        const SAMPLE: f32 = 64.0;
        let place = self.picture(glyph, SAMPLE)?.placement;
        Some(Ink {
            left: place.left as f32 / SAMPLE,
            top: -place.top as f32 / SAMPLE,
            right: (place.left + place.width as i32) as f32 / SAMPLE,
            bottom: (place.height as i32 - place.top) as f32 / SAMPLE,
        })
    }
}

/// The base direction of a text: that of its first letter that has one.
pub(super) fn first_strong_is_rtl(text: &str) -> Option<bool> {
    use unicode_script::{Script, UnicodeScript};
    text.chars().find_map(|letter| match letter.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana | Script::Nko | Script::Adlam => {
            Some(true)
        }
        _ => Some(false),
    })
}

fn cache_key(glyph: &Glyph, size: f32) -> CacheKey {
    let at = (0.0, 0.0);
    CacheKey::new(glyph.font, glyph.id, size, at, fontdb::Weight::NORMAL, CacheKeyFlags::DISABLE_HINTING).0
}

fn path(commands: &[Command]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for command in commands {
        match command {
            Command::MoveTo(to) => builder.move_to(to.x, -to.y),
            Command::LineTo(to) => builder.line_to(to.x, -to.y),
            Command::QuadTo(by, to) => builder.quad_to(by.x, -by.y, to.x, -to.y),
            Command::CurveTo(one, two, to) => builder.cubic_to(one.x, -one.y, two.x, -two.y, to.x, -to.y),
            Command::Close => builder.close(),
        }
    }
    builder.finish()?.transform(Transform::from_scale(1.0 / EM, 1.0 / EM))
}
