//! Fitting: the breaks and the size at which a title fills its box best.

use std::collections::HashMap;

use crate::thumbnail::layout::{Align, Anchor, Frame};

use super::breaks::{self, Unit};
use super::faces::Face;
use super::shape::{Ink, Line, Shaper, first_strong_is_rtl};

/// Most lines that are tried.
const MOST_LINES: usize = 7;
/// Stacked lines are enlarged to the width of the widest, at most this much.
const STACKED_GROWTH: f32 = 1.9;
/// Width of a blank when lines are weighed, in ems.
const BLANK: f32 = 0.22;

/// What the lines must keep to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// The box, in pixels.
    pub frame: Frame,
    pub align: Align,
    pub anchor: Anchor,
    /// Largest size of a line, in pixels per em.
    pub most_em: f32,
    /// Words are cut between letters rather than set smaller than this, in pixels per em.
    pub least_em: f32,
    /// Slope of the lines, in degrees.
    pub slope: f32,
    /// What stroke, shadow and plate add on every side, in ems.
    pub outset: f32,
    /// Room between the ink of two lines, in ems.
    pub gap: f32,
    /// Whether short lines grow to the width of long ones.
    pub stacked: bool,
}

/// A line in its place.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub line: Line,
    /// Pixels per em.
    pub em: f32,
    /// Start of the base line in pixels, before the slope.
    pub x: f32,
    pub y: f32,
    /// For each unit on it: the byte where it begins.
    starts: Vec<usize>,
    /// Number of its first unit in the title.
    first_unit: usize,
}

impl Placed {
    /// The number of the unit that holds the letter at `byte`.
    pub(super) fn unit_at(&self, byte: usize) -> usize {
        self.first_unit + self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Its ink in pixels, before the slope.
    pub(super) fn ink(&self) -> Ink {
        let Ink { left, top, right, bottom } = self.line.ink;
        Ink { left: left * self.em, top: top * self.em, right: right * self.em, bottom: bottom * self.em }
            .moved(self.x, self.y)
    }
}

/// A title in its place.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub lines: Vec<Placed>,
    /// The pieces of the title in reading order.
    pub units: Vec<String>,
    /// Pixels per em of the smallest line.
    pub em: f32,
    /// Slope in degrees, around the middle of `ink`.
    pub slope: f32,
    /// Around all ink, in pixels, before the slope.
    pub ink: Ink,
}

impl Block {
    /// The middle of the slope.
    pub(super) fn pivot(&self) -> (f32, f32) {
        ((self.ink.left + self.ink.right) / 2.0, (self.ink.top + self.ink.bottom) / 2.0)
    }

    /// Around everything that is drawn, `outset` ems beyond the ink on each side, after the slope.
    pub(super) fn bounds(&self, outset: f32) -> Ink {
        let most_em = self.lines.iter().map(|placed| placed.em).fold(0.0, f32::max);
        let (x, y) = self.pivot();
        let (width, height) = sloped(
            self.ink.width() + 2.0 * outset * most_em,
            self.ink.height() + 2.0 * outset * most_em,
            self.slope,
        );
        Ink { left: x - width / 2.0, top: y - height / 2.0, right: x + width / 2.0, bottom: y + height / 2.0 }
    }
}

/// Sets `title` into `room`. None when it has nothing to draw.
pub(super) fn fit(shaper: &mut Shaper, title: &str, face: &Face, room: &Room) -> Option<Block> {
    let rtl = first_strong_is_rtl(title).unwrap_or(false);
    let mut setter = Setter { shaper, face, rtl, shaped: HashMap::new() };
    let mut units = breaks::units(title);
    for unit in &mut units {
        unit.width = setter.line(&unit.text).ink.width();
    }
    if units.is_empty() {
        return None;
    }
    let mut best = search(&mut setter, &units, room)?;
    if best.em < room.least_em {
        // The finer the pieces, the larger they are set, until they no longer fit one below the other.
        for em in [1.0, 1.4, 1.9].map(|share| room.least_em * share) {
            let most = (room.frame.w / em - 2.0 * room.outset).max(1.0);
            let cut = breaks::cut_long(units.clone(), most);
            if let Some(other) = search(&mut setter, &cut, room).filter(|other| other.em > best.em * 1.2) {
                best = other;
            }
        }
    }
    Some(best)
}

/// Shapes each line only once per title, however often it is tried.
struct Setter<'a> {
    shaper: &'a mut Shaper,
    face: &'a Face,
    rtl: bool,
    shaped: HashMap<String, Line>,
}

impl Setter<'_> {
    fn line(&mut self, text: &str) -> Line {
        if let Some(line) = self.shaped.get(text) {
            return line.clone();
        }
        let line = self.shaper.line(text, self.face, self.rtl);
        self.shaped.insert(text.to_owned(), line.clone());
        line
    }
}

/// The best of all numbers of lines; the person's own line breaks are kept as long as they can be read.
fn search(setter: &mut Setter, units: &[Unit], room: &Room) -> Option<Block> {
    let forced: Vec<_> = (0..units.len()).filter(|at| *at == 0 || units[*at].forced).collect();
    if forced.len() > 1
        && let Some((_, block)) = compose(setter, units, &forced, room)
        && block.em >= room.least_em
    {
        return Some(block);
    }
    (1..=units.len().min(MOST_LINES))
        .filter_map(|lines| compose(setter, units, &breaks::even(units, lines, BLANK), room))
        .fold(None, |best: Option<(f32, Block)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, block)| block)
}

/// Sets `units` in lines that begin at `starts`, as large as `room` allows, and says how good that looks.
fn compose(setter: &mut Setter, units: &[Unit], starts: &[usize], room: &Room) -> Option<(f32, Block)> {
    let ends = starts[1..].iter().copied().chain([units.len()]);
    let mut placed: Vec<Placed> = Vec::with_capacity(starts.len());
    for (from, to) in starts.iter().copied().zip(ends) {
        let (text, bytes) = join(&units[from..to]);
        let line = setter.line(&text);
        placed.push(Placed { line, em: 1.0, x: 0.0, y: 0.0, starts: bytes, first_unit: from });
    }
    let widest = placed.iter().map(|placed| placed.line.ink.width()).fold(0.0, f32::max);
    if widest <= 0.0 {
        return None;
    }
    let narrowest = placed.iter().map(|placed| placed.line.ink.width()).fold(f32::INFINITY, f32::min);
    if room.stacked {
        for placed in &mut placed {
            placed.em = (widest / placed.line.ink.width().max(0.01)).clamp(1.0, STACKED_GROWTH);
        }
    }
    stack(&mut placed, room.gap);
    align(&mut placed, room.align, setter.rtl);
    let ink = placed.iter().fold(Ink::NOTHING, |ink, placed| ink.with(placed.ink()));
    let largest = placed.iter().map(|placed| placed.em).fold(0.0, f32::max);
    let outset = 2.0 * room.outset * largest;
    let (width, height) = sloped(ink.width() + outset, ink.height() + outset, room.slope);
    let size = (room.frame.w / width).min(room.frame.h / height).min(room.most_em / largest);

    // From ems to pixels, then into the box.
    let (width, height) = (width * size, height * size);
    let left = match align_for(room.align, setter.rtl) {
        Align::Left => room.frame.x,
        Align::Centre => room.frame.x + (room.frame.w - width) / 2.0,
        Align::Right => room.frame.x + room.frame.w - width,
    };
    let top = match room.anchor {
        Anchor::Top => room.frame.y,
        Anchor::Middle => room.frame.y + (room.frame.h - height) / 2.0,
        Anchor::Bottom => room.frame.y + room.frame.h - height,
    };
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    let (middle_x, middle_y) = ((ink.left + ink.right) / 2.0, (ink.top + ink.bottom) / 2.0);
    for placed in &mut placed {
        placed.em *= size;
        placed.x = x + (placed.x - middle_x) * size;
        placed.y = y + (placed.y - middle_y) * size;
    }
    let block = Block {
        em: placed.iter().map(|placed| placed.em).fold(f32::INFINITY, f32::min),
        ink: placed.iter().fold(Ink::NOTHING, |ink, placed| ink.with(placed.ink())),
        lines: placed,
        units: units.iter().map(|unit| unit.text.clone()).collect(),
        slope: room.slope,
    };
    let filled = (width * height) / (room.frame.w * room.frame.h).max(1.0);
    let ragged = if starts.len() > 1 { narrowest / widest } else { 1.0 };
    let orphan = starts.len() > 1 && starts.last() == Some(&(units.len() - 1)) && ragged < 0.4;
    // Size counts most; then how full the box is, how even the lines, and that no word stands alone.
    let score =
        block.em * filled.max(0.01).powf(0.18) * (0.82 + 0.18 * ragged) * if orphan { 0.85 } else { 1.0 };
    Some((score, block))
}

/// Base lines, in ems. One even pitch, unless the lines differ in size.
fn stack(placed: &mut [Placed], gap: f32) {
    let same = placed.windows(2).all(|pair| pair[0].em == pair[1].em);
    let step = |pair: &[Placed]| {
        let gap = gap * pair[0].em.min(pair[1].em);
        pair[0].line.ink.bottom * pair[0].em - pair[1].line.ink.top * pair[1].em + gap
    };
    let even = placed.windows(2).map(step).fold(0.0, f32::max);
    for at in 1..placed.len() {
        let pitch = if same { even } else { step(&placed[at - 1..=at]) };
        placed[at].y = placed[at - 1].y + pitch;
    }
}

fn align(placed: &mut [Placed], align: Align, rtl: bool) {
    for placed in placed {
        let ink = placed.line.ink;
        placed.x = match align_for(align, rtl) {
            Align::Left => -ink.left * placed.em,
            Align::Centre => -(ink.left + ink.right) / 2.0 * placed.em,
            Align::Right => -ink.right * placed.em,
        };
    }
}

/// A text that runs from right to left begins at the right.
fn align_for(align: Align, rtl: bool) -> Align {
    match (align, rtl) {
        (Align::Left, true) => Align::Right,
        (Align::Right, true) => Align::Left,
        (other, _) => other,
    }
}

/// The text of a line, and the byte where each unit begins.
fn join(units: &[Unit]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(units.len());
    for unit in units {
        if unit.spaced && !text.is_empty() {
            text.push(' ');
        }
        starts.push(text.len());
        text.push_str(&unit.text);
    }
    (text, starts)
}

/// Width and height of the upright box around a sloped one.
fn sloped(width: f32, height: f32, degrees: f32) -> (f32, f32) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    (width * cos + height * sin.abs(), width * sin.abs() + height * cos)
}
