//! What is around every place: head, tabs, foot and the words that go away by themselves.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::{Ctx, parts};
use crate::ui::{
    Place,
    app::{App, Link, Phase, Target, Toast},
    keymap::{Action, Layer, of_layers},
    screens::Tab,
    text,
    theme::Theme,
};

/// Cells from which the head has room for everything.
const ROOMY: u16 = 110;

/// Who, where, how much there is to spend, and how the connection stands.
pub(super) fn head(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = &app.theme;
    let mut left = vec![Span::styled(" Atelier", theme.accent.patch(theme.strong))];
    match (&app.phase, &app.link) {
        (Phase::Starting(line), _) => {
            left.push(Span::styled(format!("  {} {line}", spinner(app)), theme.dim));
        }
        (_, Link::Lost { since, why }) => {
            let passed = app.clock.mono.saturating_sub(*since).as_millis() as u64;
            let words = format!("  ⚠ connection lost for {}, trying again · {why}", text::span(passed));
            left.push(Span::styled(words, theme.warn));
        }
        (Phase::Ready, Link::Up) => left.push(Span::styled(format!("  {}", place(app)), theme.dim)),
        (Phase::Login | Phase::Failed { .. }, Link::Up) => {}
    }
    let mut right = Vec::new();
    // Trouble needs the room more than the balance does.
    let crowded = area.width < ROOMY && matches!(app.link, Link::Lost { .. });
    if let Some(wallet) = app.wallet.as_ref().filter(|_| !crowded) {
        right.push(Span::styled(text::number(wallet.available), theme.strong));
        right.push(Span::styled(if wallet.available == 1 { " credit" } else { " credits" }, theme.dim));
        if wallet.reserved > 0 {
            right.push(Span::styled(format!(" · {} set aside", text::number(wallet.reserved)), theme.dim));
        }
    }
    if let Some(me) = &app.me {
        right.push(Span::styled(if right.is_empty() { "" } else { "   " }, theme.dim));
        right.push(Span::raw(text::fit(&me.name, 16)));
    }
    right.push(Span::raw(" "));
    let right = Line::from(right).right_aligned();
    let room = area.width.saturating_sub(right.width() as u16 + 1);
    frame.render_widget(Line::from(left), Rect { width: room, ..area });
    frame.render_widget(right, area);
}

fn place(app: &App) -> String {
    let name = if app.studio.name.is_empty() { String::new() } else { format!("{} · ", app.studio.name) };
    let drained = if app.me.is_some() && !app.studio.accepting { " · takes no new work" } else { "" };
    match &app.place {
        Some(Place::Embedded) => format!("{name}in this window{drained}"),
        Some(Place::Joined) => format!("{name}on this machine{drained}"),
        Some(Place::Remote(address)) => format!("{name}{address}{drained}"),
        None => name,
    }
}

fn spinner(app: &App) -> &'static str {
    const FRAMES: [&str; 4] = ["◐", "◓", "◑", "◒"];
    FRAMES[(app.clock.mono.as_millis() / 200) as usize % FRAMES.len()]
}

/// The tabs.
pub(super) fn tabs(app: &mut App, frame: &mut Frame<'_>, area: Rect) {
    if matches!(app.phase, Phase::Login | Phase::Failed { .. }) {
        return;
    }
    let theme = app.theme;
    let mut x = area.x + 1;
    for (number, tab) in app.tabs().iter().enumerate() {
        let selected = *tab == app.tab;
        let waiting = match tab {
            Tab::Queue if !app.work.unfinished.is_empty() => format!(" {}", app.work.unfinished.len()),
            _ => String::new(),
        };
        let name = if selected { theme.accent.patch(theme.strong) } else { theme.text };
        let line = Line::from(vec![
            Span::styled(format!("{} ", number + 1), if selected { theme.accent } else { theme.dim }),
            Span::styled(tab.title(), if selected { name.underlined() } else { name }),
            Span::styled(waiting, theme.accent),
        ]);
        let cell = Rect { x, width: line.width() as u16, ..area }.intersection(area);
        x += cell.width + 2;
        frame.render_widget(line, cell);
        app.hits.push((cell, Target::Tab(*tab)));
    }
}

/// The keys of the moment.
pub(super) fn foot(app: &mut App, frame: &mut Frame<'_>, area: Rect) {
    let theme = app.theme;
    let layers = app.layers();
    let mut hints: Vec<(String, String, Option<Target>)> = Vec::new();
    if layers.first() == Some(&Layer::Cards) {
        let selected = app.screens.chat.selected;
        let buttons = app.screens.chat.card().map(|card| card.buttons()).unwrap_or_default();
        hints.extend(buttons.iter().enumerate().filter_map(|(place, button)| {
            let key = button.key?;
            Some((key.to_string(), button.label.to_lowercase(), Some(Target::Button(selected, place))))
        }));
    }
    hints.extend(of_layers(&layers).filter(|binding| binding.footer).map(|binding| {
        let key = binding.keys.first().map(|key| key.name()).unwrap_or_default();
        (key, binding.label.to_owned(), Some(Target::Do(binding.action)))
    }));
    // Help is always there, whatever else has no room.
    let help = of_layers(&layers).find(|binding| binding.action == Action::Help);
    let mut end = area.right();
    if let Some(key) = help.and_then(|binding| binding.keys.first()) {
        let line =
            Line::from(vec![Span::styled(key.name(), theme.accent), Span::styled(" help ", theme.dim)]);
        let width = line.width() as u16;
        let cell = Rect { x: area.right().saturating_sub(width), width, ..area }.intersection(area);
        frame.render_widget(line, cell);
        app.hits.push((cell, Target::Do(Action::Help)));
        end = cell.x;
    }
    let mut x = area.x + 1;
    for (key, label, target) in hints {
        let line =
            Line::from(vec![Span::styled(key, theme.accent), Span::styled(format!(" {label}"), theme.dim)]);
        let width = line.width() as u16;
        if x + width >= end {
            break;
        }
        let cell = Rect { x, width, ..area };
        frame.render_widget(line, cell);
        if let Some(target) = target {
            app.hits.push((cell, target));
        }
        x += width + 3;
    }
}

/// Words that go away by themselves, above the foot at the right.
pub(super) fn toasts(toasts: &[Toast], theme: &Theme, frame: &mut Frame<'_>, foot: Rect) {
    for (place, toast) in toasts.iter().rev().enumerate() {
        let Some(y) = foot.y.checked_sub(place as u16 + 1) else { return };
        let words = text::fit(&toast.text, usize::from(foot.width.saturating_sub(8)));
        let sign = if toast.bad { "✗" } else { "✓" };
        let line = Line::from(vec![
            Span::styled(format!(" {sign} "), if toast.bad { theme.bad } else { theme.good }),
            Span::styled(format!("{words} "), theme.strong),
        ]);
        let width = line.width() as u16;
        let area = Rect { x: foot.right().saturating_sub(width + 1), y, width, height: 1 };
        frame.render_widget(Clear, area);
        frame.render_widget(line.style(theme.selected), area);
    }
}

/// There is no daemon.
pub(super) fn failed(text: &str, over: bool, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let advice = if over {
        "Your draft is kept. Mend what is named above, leave with q and start Atelier again."
    } else {
        "Your draft is kept. Atelier goes on trying; leave with q."
    };
    let width = usize::from(area.width.saturating_sub(8).min(72));
    let mut lines: Vec<Line<'_>> =
        text::wrap(text, width).into_iter().map(|row| Line::styled(row, ctx.theme.bad).centered()).collect();
    lines.push(Line::default());
    lines
        .extend(text::wrap(advice, width).into_iter().map(|row| Line::styled(row, ctx.theme.dim).centered()));
    let title = Line::styled("Atelier could not be reached", ctx.theme.strong).centered();
    lines.splice(0..0, [title, Line::default()]);
    let height = (lines.len() as u16 + 2).min(area.height);
    let block = parts::boxed("", ctx.theme.line, &ctx.theme);
    let framed = Rect {
        x: area.x + area.width.saturating_sub(width as u16 + 4) / 2,
        y: area.y + area.height.saturating_sub(height) / 3,
        width: (width as u16 + 4).min(area.width),
        height,
    };
    frame.render_widget(ratatui::widgets::Paragraph::new(lines).block(block), framed);
}
