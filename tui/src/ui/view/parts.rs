//! Pieces that several places are made of.

use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Block, BorderType, Paragraph},
};
use ratatui_image::Image;

use super::Ctx;
use crate::ui::{
    app::Target,
    model::Fault,
    picture::{Look, Source},
    screens::{List, Remote},
    text,
    theme::Theme,
};

/// A thin line across.
pub(super) fn rule(frame: &mut Frame<'_>, area: Rect, style: Style) {
    frame.render_widget(Line::styled("─".repeat(usize::from(area.width)), style), area);
}

/// A bar, part of it done.
pub(super) fn bar(fraction: f32, cells: usize, theme: &Theme) -> Vec<Span<'static>> {
    let halves = (fraction.clamp(0.0, 1.0) * 2.0 * cells as f32).round() as usize;
    let mut done = "━".repeat(halves / 2);
    if halves % 2 == 1 {
        done.push('╸');
    }
    let rest = "─".repeat(cells - halves.div_ceil(2));
    vec![Span::styled(done, theme.accent), Span::styled(rest, theme.rest)]
}

/// Words in the middle of a place that has nothing else: what it is, and what to do.
pub(super) fn empty(frame: &mut Frame<'_>, area: Rect, theme: &Theme, title: &str, advice: &str) {
    let width = area.width.saturating_sub(4).min(64);
    let mut lines = vec![Line::styled(title.to_owned(), theme.strong), Line::default()];
    lines.extend(text::wrap(advice, usize::from(width)).into_iter().map(|row| Line::styled(row, theme.dim)));
    let height = (lines.len() as u16).min(area.height);
    let [_, middle, _] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(height), Constraint::Fill(2)]).areas(area);
    frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), middle);
}

/// What a list shows instead of rows: that it loads, why it can't, or that there is nothing.
pub(super) fn instead<T>(
    remote: &Remote<T>,
    frame: &mut Frame<'_>,
    area: Rect,
    ctx: &Ctx<'_>,
    nothing: (&str, &str),
) -> bool {
    match (&remote.fault, remote.rows.is_empty()) {
        (Some(fault), true) => trouble(fault, frame, area, &ctx.theme),
        (None, true) if !remote.loaded => {
            let line = Line::styled(format!("{} loading", ctx.spinner()), ctx.theme.dim).centered();
            frame.render_widget(
                line,
                Rect { y: area.y + area.height / 3, height: 1, ..area }.intersection(area),
            );
        }
        (None, true) => empty(frame, area, &ctx.theme, nothing.0, nothing.1),
        (_, false) => return false,
    }
    true
}

/// Why something can't be shown, and what to do.
pub(super) fn trouble(fault: &Fault, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    let width = usize::from(area.width.saturating_sub(4).min(64));
    let mut lines: Vec<Line<'_>> = text::wrap(&format!("✗ {}", fault.text), width)
        .into_iter()
        .map(|row| Line::styled(row, theme.bad))
        .collect();
    lines.push(Line::default());
    lines.extend(text::wrap(&fault.advice(), width).into_iter().map(|row| Line::styled(row, theme.dim)));
    let height = (lines.len() as u16).min(area.height);
    let [_, middle, _] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(height), Constraint::Fill(2)]).areas(area);
    frame.render_widget(Paragraph::new(lines).alignment(Alignment::Center), middle);
}

/// A frame with a title.
pub(super) fn boxed<'a>(title: &str, style: Style, theme: &Theme) -> Block<'a> {
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(style);
    if title.is_empty() { block } else { block.title(Span::styled(format!(" {title} "), theme.strong)) }
}

/// A column of a table.
pub(super) struct Column {
    title: &'static str,
    width: Constraint,
    right: bool,
    /// Only on screens at least this wide.
    from: u16,
}

impl Column {
    /// Words, so many cells wide.
    pub(super) const fn words(title: &'static str, cells: u16) -> Self {
        Self { title, width: Constraint::Length(cells), right: false, from: 0 }
    }

    /// A number, so many cells wide.
    pub(super) const fn number(title: &'static str, cells: u16) -> Self {
        Self { right: true, ..Self::words(title, cells) }
    }

    /// Words that take what is left.
    pub(super) const fn rest(title: &'static str) -> Self {
        Self { width: Constraint::Fill(1), ..Self::words(title, 0) }
    }

    /// Left out on screens that are less wide.
    pub(super) const fn from(self, cells: u16) -> Self {
        Self { from: cells, ..self }
    }
}

/// A table with one selected row.
pub(super) fn table<'t>(
    columns: &[Column],
    count: usize,
    list: &mut List,
    row: impl Fn(usize) -> Vec<Span<'t>>,
    frame: &mut Frame<'_>,
    area: Rect,
    ctx: &mut Ctx<'_>,
) {
    let shown: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].from <= area.width).collect();
    let widths = shown.iter().map(|at| columns[*at].width);
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let cells = Layout::horizontal(widths).spacing(2).split(Rect { height: 1, ..inside });
    for (at, cell) in shown.iter().zip(cells.iter()) {
        let line = Line::styled(columns[*at].title, ctx.theme.dim);
        frame.render_widget(if columns[*at].right { line.right_aligned() } else { line }, *cell);
    }
    let room = usize::from(area.height.saturating_sub(1));
    list.reveal(list.selected, count, room);
    for (line, index) in (list.top..count.min(list.top + room)).enumerate() {
        let y = area.y + 1 + line as u16;
        let whole = Rect { y, height: 1, ..area };
        let spans = row(index);
        for (at, cell) in shown.iter().zip(cells.iter()) {
            let Some(span) = spans.get(*at) else { continue };
            let words = Line::styled(text::fit(&span.content, usize::from(cell.width)), span.style);
            let cell = Rect { y, ..*cell };
            frame.render_widget(if columns[*at].right { words.right_aligned() } else { words }, cell);
        }
        if index == list.selected {
            frame.buffer_mut().set_style(whole, ctx.theme.selected);
            frame.buffer_mut().set_string(area.x, y, "▌", ctx.theme.accent);
        }
        ctx.hit(whole, Target::Row(index));
    }
}

/// How many of how many: `12 of many`.
pub(super) fn position(list: &List, count: usize, more: bool) -> String {
    match count {
        0 => String::new(),
        _ => format!("{}/{count}{}", list.selected + 1, if more { "+" } else { "" }),
    }
}

/// The largest cells of this shape within a room, taking letters to be twice as high as wide.
pub(super) fn cells(shape: (u32, u32), most: (u16, u16)) -> (u16, u16) {
    let (across, down) = (f64::from(shape.0.max(1)), f64::from(shape.1.max(1)));
    let scale = (f64::from(most.0) / across).min(f64::from(most.1) * 2.0 / down);
    let width = (across * scale).round().clamp(1.0, f64::from(most.0.max(1)));
    let height = (down * scale / 2.0).round().clamp(1.0, f64::from(most.1.max(1)));
    (width as u16, height as u16)
}

/// A picture in the middle of its area, or what stands for it.
pub(super) fn picture(source: Source<'_>, name: &str, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    if area.is_empty() {
        return;
    }
    let spinner = ctx.spinner();
    let covered = ctx.covered.iter().any(|other| other.intersects(area));
    let words = match ctx.pictures.look(source, area.width, area.height) {
        Look::Ready(protocol) if !covered => {
            let size = protocol.size();
            let middle = Rect {
                x: area.x + area.width.saturating_sub(size.width) / 2,
                y: area.y + area.height.saturating_sub(size.height) / 2,
                width: size.width.min(area.width),
                height: size.height.min(area.height),
            };
            frame.render_widget(Image::new(protocol), middle);
            return;
        }
        Look::Ready(_) => String::new(),
        Look::Coming => spinner.to_owned(),
        Look::Broken => "can't be shown".to_owned(),
        Look::Off => name.to_owned(),
    };
    placeholder(&words, frame, area, &ctx.theme);
}

/// Stands for a picture.
pub(super) fn placeholder(words: &str, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.rest);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    if !inside.is_empty() {
        let line = Line::styled(text::fit(words, usize::from(inside.width)), theme.dim).centered();
        frame.render_widget(
            line,
            Rect { y: inside.y + inside.height / 2, height: 1, ..inside }.intersection(inside),
        );
    }
}
