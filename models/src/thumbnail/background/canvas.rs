//! The picture while it is painted: vector shapes with graded inks.

use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, Pixmap, Point,
    RadialGradient, Shader, SpreadMode, Stroke, Transform,
};

use super::colour::{Lch, arc, lerp};
use super::frame::Frame;
use super::noise::Dice;
use crate::Error;

/// Side of the dither tile, a power of two.
pub(super) const TILE: usize = 64;

/// A position along a gradient, the colour there and its opacity.
pub(super) type Stop = (f32, Lch, f32);

/// The picture.
pub(super) struct Canvas {
    /// Its pixels, always opaque.
    pub pixmap: Pixmap,
    /// Its measures.
    pub frame: Frame,
    /// Noise without low frequencies, -0.5 to 0.5: added before rounding it hides the steps of 8 bits.
    pub tile: Vec<f32>,
}

impl Canvas {
    /// An empty canvas.
    pub(super) fn new(width: u32, height: u32, frame: Frame, dice: &mut Dice) -> Result<Self, Error> {
        let pixmap = Pixmap::new(width, height)
            .ok_or_else(|| Error::Transient(format!("no memory for a picture of {width}×{height}")))?;
        Ok(Self { pixmap, frame, tile: dither_tile(dice) })
    }

    /// Fills `path`, if it is one: a shape that collapsed to nothing paints nothing.
    pub(super) fn fill(&mut self, path: Option<Path>, ink: &Ink) {
        fill(&mut self.pixmap, path, ink, Transform::identity());
    }

    /// Draws along `path`.
    pub(super) fn stroke(&mut self, path: Option<Path>, width: f32, ink: &Ink) {
        stroke(&mut self.pixmap, path, width, ink, Transform::identity());
    }
}

/// Fills `path` on any pixmap.
pub(super) fn fill(pixmap: &mut Pixmap, path: Option<Path>, ink: &Ink, transform: Transform) {
    if let (Some(path), Some(paint)) = (path, ink.paint()) {
        pixmap.fill_path(&path, &paint, FillRule::Winding, transform, None);
    }
}

/// Draws along `path` on any pixmap, with round ends and corners.
pub(super) fn stroke(pixmap: &mut Pixmap, path: Option<Path>, width: f32, ink: &Ink, transform: Transform) {
    if let (Some(path), Some(paint)) = (path, ink.paint()) {
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        pixmap.stroke_path(&path, &paint, &stroke, transform, None);
    }
}

enum Kind {
    Flat(Lch, f32),
    Line((f32, f32), (f32, f32), Vec<Stop>),
    Radial((f32, f32), f32, Vec<Stop>),
}

/// What a shape is filled with.
pub(super) struct Ink {
    kind: Kind,
    blend: BlendMode,
}

impl Ink {
    /// One colour.
    pub(super) fn flat(colour: Lch, alpha: f32) -> Self {
        Self { kind: Kind::Flat(colour, alpha), blend: BlendMode::SourceOver }
    }

    /// A gradient from one point to another.
    pub(super) fn line(from: (f32, f32), to: (f32, f32), stops: &[Stop]) -> Self {
        Self { kind: Kind::Line(from, to, stops.to_vec()), blend: BlendMode::SourceOver }
    }

    /// A gradient downwards, from height `top` to height `bottom`.
    pub(super) fn down(top: f32, bottom: f32, stops: &[Stop]) -> Self {
        Self::line((0.0, top), (0.0, bottom), stops)
    }

    /// A gradient from one solid colour above to another below.
    pub(super) fn fade(top: f32, bottom: f32, above: Lch, below: Lch) -> Self {
        Self::down(top, bottom, &[(0.0, above, 1.0), (1.0, below, 1.0)])
    }

    /// A gradient outwards from a point.
    pub(super) fn radial(centre: (f32, f32), radius: f32, stops: &[Stop]) -> Self {
        Self { kind: Kind::Radial(centre, radius, stops.to_vec()), blend: BlendMode::SourceOver }
    }

    /// Brightens what lies below, as light does.
    pub(super) fn screen(self) -> Self {
        Self { blend: BlendMode::Screen, ..self }
    }

    /// Paints only on what is already there.
    pub(super) fn inside(self) -> Self {
        Self { blend: BlendMode::SourceAtop, ..self }
    }

    fn paint(&self) -> Option<Paint<'static>> {
        let identity = Transform::identity();
        let point = |(x, y): (f32, f32)| Point::from_xy(x, y);
        let shader = match &self.kind {
            Kind::Flat(colour, alpha) => Shader::SolidColor(skia(*colour, *alpha)),
            Kind::Line(from, to, stops) => {
                LinearGradient::new(point(*from), point(*to), steps(stops), SpreadMode::Pad, identity)?
            }
            Kind::Radial(centre, radius, stops) => RadialGradient::new(
                point(*centre),
                0.0,
                point(*centre),
                *radius,
                steps(stops),
                SpreadMode::Pad,
                identity,
            )?,
        };
        Some(Paint { shader, blend_mode: self.blend, anti_alias: true, ..Paint::default() })
    }
}

/// The rasteriser mixes in sRGB; where that would turn muddy, stops between are mixed here.
fn steps(stops: &[Stop]) -> Vec<GradientStop> {
    let mut out = Vec::with_capacity(stops.len() * 2);
    for (i, (at, colour, alpha)) in stops.iter().enumerate() {
        out.push(GradientStop::new(*at, skia(*colour, *alpha)));
        let Some((next_at, next, next_alpha)) = stops.get(i + 1) else { break };
        if arc(colour.h, next.h).abs() > 25.0 && colour.c.min(next.c) > 0.02 {
            for t in [0.25, 0.5, 0.75] {
                let between = skia(colour.mix(*next, t), lerp(*alpha, *next_alpha, t));
                out.push(GradientStop::new(lerp(*at, *next_at, t), between));
            }
        }
    }
    out
}

fn skia(colour: Lch, alpha: f32) -> Color {
    let [r, g, b] = colour.rgb().map(|v| (v / 255.0).clamp(0.0, 1.0));
    Color::from_rgba(r, g, b, alpha.clamp(0.0, 1.0)).unwrap_or(Color::TRANSPARENT)
}

fn dither_tile(dice: &mut Dice) -> Vec<f32> {
    let white: Vec<f32> = (0..TILE * TILE).map(|_| dice.range(-0.5, 0.5)).collect();
    let at = |x: usize, y: usize| white[(y % TILE) * TILE + x % TILE];
    (0..TILE * TILE)
        .map(|i| {
            let (x, y) = (i % TILE, i / TILE);
            let around = at(x + 1, y) + at(x + TILE - 1, y) + at(x, y + 1) + at(x, y + TILE - 1);
            (0.95 * (at(x, y) - around / 4.0)).clamp(-0.5, 0.5)
        })
        .collect()
}
