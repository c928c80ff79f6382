//! What was said, as rows: words, buttons and room for pictures, measured before anything is drawn.

use std::ops::Range;

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{Ctx, parts};
use crate::ui::{app::Target, picture::Source};

/// Rows of a conversation.
#[derive(Default)]
pub(super) struct Flow<'a> {
    /// The words of each row.
    pub(super) lines: Vec<Line<'a>>,
    /// Rows of each entry.
    pub(super) entries: Vec<Range<usize>>,
    pictures: Vec<Slot<'a>>,
    buttons: Vec<(usize, u16, u16, Target)>,
}

/// Room for a picture.
struct Slot<'a> {
    row: usize,
    x: u16,
    size: (u16, u16),
    source: Source<'a>,
    name: String,
}

impl<'a> Flow<'a> {
    /// A row of words.
    pub(super) fn line(&mut self, spans: Vec<Span<'a>>) {
        self.lines.push(Line::from(spans));
    }

    /// Pictures side by side, `x` cells from the left; `edge` begins every row beside them.
    pub(super) fn pictures(
        &mut self,
        edge: &Span<'a>,
        x: u16,
        size: (u16, u16),
        sources: impl Iterator<Item = (Source<'a>, String)>,
    ) {
        let row = self.lines.len();
        for (place, (source, name)) in sources.enumerate() {
            let x = x + place as u16 * (size.0 + 2);
            self.pictures.push(Slot { row, x, size, source, name });
        }
        for _ in 0..size.1 {
            self.line(vec![edge.clone()]);
        }
    }

    /// A button that is about to be written, in the next row.
    pub(super) fn button(&mut self, x: u16, width: u16, target: Target) {
        self.buttons.push((self.lines.len(), x, width, target));
    }

    /// Draws the rows from `top` on.
    pub(super) fn draw(&self, top: usize, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
        let room = usize::from(area.height);
        let seen = top..(top + room).min(self.lines.len());
        for (y, row) in seen.clone().enumerate() {
            frame.render_widget(&self.lines[row], Rect { y: area.y + y as u16, height: 1, ..area });
        }
        for (place, rows) in self.entries.iter().enumerate() {
            let (start, end) = (rows.start.max(seen.start), rows.end.min(seen.end));
            if start < end {
                let y = area.y + (start - top) as u16;
                ctx.hit(Rect { y, height: (end - start) as u16, ..area }, Target::Entry(place));
            }
        }
        for (row, x, width, target) in &self.buttons {
            if seen.contains(row) {
                let y = area.y + (row - top) as u16;
                ctx.hit(Rect { x: area.x + x, y, width: *width, height: 1 }.intersection(area), *target);
            }
        }
        for slot in &self.pictures {
            let (start, end) =
                (slot.row.max(seen.start), (slot.row + usize::from(slot.size.1)).min(seen.end));
            if start >= end {
                continue;
            }
            let y = area.y + (start - top) as u16;
            let place = Rect { x: area.x + slot.x, y, width: slot.size.0, height: (end - start) as u16 };
            let place = place.intersection(area);
            if place.height == slot.size.1 && place.width == slot.size.0 {
                parts::picture(slot.source, &slot.name, frame, place, ctx);
            } else {
                // Most protocols can't draw a part of a picture.
                parts::placeholder("scroll to see it", frame, place, &ctx.theme);
            }
        }
    }
}
