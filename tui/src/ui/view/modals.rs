//! What lies over a place.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
    widgets::{Clear, Paragraph},
};

use super::{Ctx, parts};
use crate::ui::{
    app::Target,
    modals::{Confirm, Help, Modal, Palette, Prompt, Viewer},
    picture::{LARGE_PX, Source},
    text,
};

/// Where it will be.
pub(super) fn area(modal: &Modal, screen: Rect) -> Rect {
    let width = |most: u16| most.min(screen.width.saturating_sub(4));
    let (width, height) = match modal {
        Modal::Viewer(_) => (screen.width, screen.height.saturating_sub(1)),
        Modal::Palette(_) => (width(64), 18.min(screen.height.saturating_sub(4))),
        Modal::Prompt(_) => (width(64), 6),
        Modal::Help(help) => {
            let rows: usize = help.sections.iter().map(|(_, rows)| rows.len() + 2).sum();
            (width(60), (rows as u16 + 2).min(screen.height.saturating_sub(3)))
        }
        Modal::Confirm(confirm) => {
            let width = width(66);
            let inside = usize::from(width.saturating_sub(6));
            let words = text::wrap(&confirm.text, inside).len();
            let choices: usize =
                confirm.choices.iter().map(|choice| text::wrap(&choice.label, inside - 4).len()).sum();
            (width, (words + choices + 4) as u16)
        }
    };
    let height = height.min(screen.height);
    Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 3,
        width,
        height,
    }
}

/// Draws it.
pub(super) fn draw(modal: &mut Modal, frame: &mut Frame<'_>, screen: Rect, ctx: &mut Ctx<'_>) {
    let area = area(modal, screen);
    frame.render_widget(Clear, area);
    match modal {
        Modal::Palette(palette) => self::palette(palette, frame, area, ctx),
        Modal::Help(help) => self::help(help, frame, area, ctx),
        Modal::Confirm(confirm) => self::confirm(confirm, frame, area, ctx),
        Modal::Viewer(viewer) => self::viewer(viewer, frame, area, ctx),
        Modal::Prompt(prompt) => self::prompt(prompt, frame, area, ctx),
    }
}

fn framed(title: &str, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) -> Rect {
    let block = parts::boxed(title, ctx.theme.accent, &ctx.theme);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

/// A line to type in, with the cursor.
fn line(input: &tui_input::Input, sign: &'static str, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let room = usize::from(area.width).saturating_sub(text::width(sign) + 1);
    let scroll = input.visual_scroll(room);
    let words: String = input.value().chars().skip(scroll).take(room).collect();
    let spans = vec![Span::styled(sign, ctx.theme.accent), Span::raw(words)];
    frame.render_widget(Line::from(spans), area);
    let x = area.x + (text::width(sign) + input.visual_cursor().max(scroll) - scroll) as u16;
    frame.set_cursor_position(Position::new(x.min(area.right()), area.y));
}

fn palette(palette: &Palette, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let inside = framed("Commands", frame, area, ctx);
    line(&palette.input, ": ", frame, Rect { height: 1, ..inside }, ctx);
    let below = Rect { y: inside.y + 2, height: inside.height.saturating_sub(2), ..inside };
    if palette.found.is_empty() {
        let words =
            if palette.attachment().is_some() { "Enter attaches this picture." } else { "No such command." };
        frame.render_widget(Line::styled(words, theme.dim), Rect { height: 1, ..below });
        return;
    }
    let room = usize::from(below.height);
    let top = (palette.selected + 1).saturating_sub(room);
    for (row, (place, found)) in palette.found.iter().enumerate().skip(top).take(room).enumerate() {
        let command = &palette.commands[*found];
        let area = Rect { y: below.y + row as u16, height: 1, ..below };
        let selected = place == palette.selected;
        let label = Line::from(vec![
            Span::styled(if selected { "▸ " } else { "  " }, theme.accent),
            Span::styled(command.label.as_str(), if selected { theme.strong } else { theme.text }),
        ]);
        frame.render_widget(label, area);
        frame.render_widget(Line::styled(command.keys.as_str(), theme.dim).right_aligned(), area);
        if selected {
            frame.buffer_mut().set_style(area, theme.selected);
        }
        ctx.hit(area, Target::Found(place));
    }
}

fn help(help: &mut Help, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    const KEYS: usize = 18;
    let theme = &ctx.theme;
    let inside = framed(&format!("Keys · {}", help.place), frame, area, ctx);
    let mut lines = Vec::new();
    for (title, rows) in &help.sections {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(*title, theme.dim));
        for (keys, label) in rows {
            let pad = " ".repeat(KEYS.saturating_sub(text::width(keys)).max(2));
            lines.push(Line::from(vec![
                Span::styled(format!("{keys}{pad}"), theme.accent),
                Span::raw(*label),
            ]));
        }
    }
    let room = usize::from(inside.height);
    let most = lines.len().saturating_sub(room);
    help.scroll = help.scroll.min(most);
    let shown: Vec<Line<'_>> = lines.into_iter().skip(help.scroll).take(room).collect();
    frame.render_widget(Paragraph::new(shown), inside);
    if help.scroll < most {
        let more = Line::styled(" ↓ more ", theme.dim).right_aligned();
        frame.render_widget(more, Rect { y: area.bottom() - 1, height: 1, ..inside });
    }
}

fn confirm(confirm: &Confirm, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let inside = framed(&confirm.title, frame, area, ctx);
    let inside = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    let words: Vec<Line<'_>> =
        text::wrap(&confirm.text, usize::from(inside.width)).into_iter().map(Line::raw).collect();
    let mut y = inside.y + words.len() as u16 + 1;
    frame.render_widget(Paragraph::new(words), inside);
    for (place, choice) in confirm.choices.iter().enumerate() {
        let selected = place == confirm.selected;
        let style = if choice.destructive { theme.bad } else { theme.text };
        let rows = text::wrap(&choice.label, usize::from(inside.width.saturating_sub(4)));
        let area = Rect { y, height: rows.len() as u16, ..inside }.intersection(inside);
        let lines: Vec<Line<'_>> = rows
            .into_iter()
            .enumerate()
            .map(|(row, words)| {
                let sign = if selected && row == 0 { "▸ " } else { "  " };
                let key = if row == 0 { choice.key.to_string() } else { " ".to_owned() };
                Line::from(vec![
                    Span::styled(sign, theme.accent),
                    Span::styled(format!("{key} "), theme.accent),
                    Span::styled(words, style),
                ])
            })
            .collect();
        frame.render_widget(Paragraph::new(lines), area);
        if selected {
            frame.buffer_mut().set_style(area, theme.selected);
        }
        ctx.hit(area, Target::Choice(place));
        y += area.height;
    }
}

fn prompt(prompt: &Prompt, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    let inside = framed(&prompt.title, frame, area, ctx);
    line(&prompt.input, "› ", frame, Rect { y: inside.y + 1, height: 1, ..inside }, ctx);
    let (words, style) = match &prompt.refusal {
        Some(refusal) => (refusal, theme.bad),
        None => (&prompt.hint, theme.dim),
    };
    let hint = Line::styled(format!("  {words}"), style);
    frame.render_widget(hint, Rect { y: inside.y + 2, height: 1, ..inside });
}

fn viewer(viewer: &Viewer, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let Some(shown) = viewer.shown() else { return };
    let picture = Rect { height: area.height.saturating_sub(2), ..area };
    parts::picture(Source::Asset(&shown.asset_id, LARGE_PX), &shown.caption, frame, picture, ctx);
    let width = usize::from(area.width.saturating_sub(2));
    let place = format!("{}/{}", viewer.index + 1, viewer.pictures.len());
    let caption = text::fit(&shown.caption, width.saturating_sub(place.len() + 2));
    let below = Rect { x: area.x + 1, y: picture.bottom(), width: area.width.saturating_sub(2), height: 2 };
    let lines =
        vec![Line::styled(caption, theme.strong), Line::styled(text::fit(&shown.details, width), theme.dim)];
    frame.render_widget(Paragraph::new(lines), below);
    frame.render_widget(Line::styled(place, theme.dim).right_aligned(), Rect { height: 1, ..below });
}
