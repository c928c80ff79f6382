//! The form to log in.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span, Text},
};

use super::{Ctx, parts};
use crate::ui::{
    Registration,
    app::Target,
    keymap::Action,
    model::Studio,
    screens::{Field, Login},
    text,
};

/// Cells across.
const WIDTH: u16 = 52;
/// Cells between its edge and its words, with the line.
const MARGIN: u16 = 3;

/// Draws the form.
pub(super) fn draw(form: &Login, studio: &Studio, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let fields = form.fields();
    let width = WIDTH.min(area.width);
    let (hint, style) = hint(form, ctx);
    let hint = text::wrap(&hint, usize::from(width.saturating_sub(2 * MARGIN)));
    let height = (fields.len() * 2 + hint.len()) as u16 + 5;
    let height = height.min(area.height);
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let studio = if studio.name.is_empty() { "Atelier" } else { &studio.name };
    let title =
        if form.registering { format!("A new account at {studio}") } else { format!("Log in to {studio}") };
    let block = parts::boxed(&title, theme.line, &theme);
    let inside = block.inner(place);
    frame.render_widget(block, place);
    let inside =
        Rect { x: inside.x + MARGIN - 1, width: inside.width.saturating_sub(2 * MARGIN - 2), ..inside };
    for (row, field) in fields.iter().enumerate() {
        let line = Rect { y: inside.y + 1 + row as u16 * 2, height: 1, ..inside }.intersection(inside);
        if line.is_empty() {
            return;
        }
        self::field(form, *field, frame, line, ctx);
    }
    let below = inside.y + 1 + fields.len() as u16 * 2;
    let lines = Rect { y: below, height: hint.len() as u16, ..inside }.intersection(inside);
    let hint: Vec<Line<'_>> = hint.into_iter().map(|line| Line::styled(line, style)).collect();
    frame.render_widget(Text::from(hint), lines);
    if form.can_register() {
        ctx.hit(lines, Target::Do(Action::SwitchLogin));
    }
}

/// What stands below the fields.
fn hint(form: &Login, ctx: &Ctx<'_>) -> (String, Style) {
    let theme = &ctx.theme;
    let words = match (&form.refusal, form.waiting, form.registration) {
        (Some(refusal), ..) => return (refusal.clone(), theme.bad),
        (None, true, _) => return (format!("{} one moment", ctx.spinner()), theme.dim),
        (None, false, Some(Registration::Closed) | None) => {
            "Accounts are opened by whoever runs this studio."
        }
        (None, false, _) if form.registering => "A password has at least 10 characters.",
        (None, false, _) => "No account yet? Ctrl+R opens one.",
    };
    (words.to_owned(), theme.dim)
}

fn field(form: &Login, field: Field, frame: &mut Frame<'_>, line: Rect, ctx: &mut Ctx<'_>) {
    const NAMES: u16 = 12;
    let theme = ctx.theme;
    let (name, input) = match field {
        Field::Name => ("Name", &form.name),
        Field::Password => ("Password", &form.password),
        Field::Invitation => ("Invitation", &form.invitation),
    };
    let focused = form.field == field;
    let style = if focused { theme.accent } else { theme.dim };
    frame.render_widget(Line::styled(name, style), line);
    let value = Rect { x: line.x + NAMES, width: line.width.saturating_sub(NAMES), ..line };
    let room = usize::from(value.width);
    let scroll = input.visual_scroll(room.saturating_sub(1));
    let words = match field {
        Field::Password => "•".repeat(input.value().chars().count()),
        _ => input.value().to_owned(),
    };
    let words: String = words.chars().skip(scroll).take(room).collect();
    let rest = "_".repeat(room.saturating_sub(text::width(&words)));
    let spans = vec![Span::raw(words), Span::styled(rest, theme.rest)];
    frame.render_widget(Line::from(spans), value);
    ctx.hit(line, Target::Field(field));
    if focused && ctx.covered.is_empty() {
        let x = value.x + (input.visual_cursor().max(scroll) - scroll) as u16;
        frame.set_cursor_position(Position::new(x.min(value.right()), value.y));
    }
}
