//! The form to log in.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    text::{Line, Span},
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

/// Draws the form.
pub(super) fn draw(form: &Login, studio: &Studio, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let fields = form.fields();
    let height = (fields.len() as u16 * 2 + 6).min(area.height);
    let width = WIDTH.min(area.width);
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    let studio = if studio.name.is_empty() { "Atelier" } else { &studio.name };
    let title =
        if form.registering { format!("A new account at {studio}") } else { format!("Log in to {studio}") };
    let block = parts::boxed(&title, theme.line, &theme);
    let inside = block.inner(place);
    frame.render_widget(block, place);
    let inside = Rect { x: inside.x + 2, width: inside.width.saturating_sub(4), ..inside };
    for (row, field) in fields.iter().enumerate() {
        let line = Rect { y: inside.y + 1 + row as u16 * 2, height: 1, ..inside }.intersection(inside);
        if line.is_empty() {
            return;
        }
        self::field(form, *field, frame, line, ctx);
    }
    let below = inside.y + 1 + fields.len() as u16 * 2;
    let hint = match (&form.refusal, form.waiting, form.registration) {
        (Some(refusal), ..) => Line::styled(text::fit(refusal, usize::from(inside.width)), theme.bad),
        (None, true, _) => Line::styled(format!("{} one moment", ctx.spinner()), theme.dim),
        (None, false, Some(Registration::Closed) | None) => {
            Line::styled("Accounts are opened by whoever runs this studio.", theme.dim)
        }
        (None, false, _) if form.registering => {
            Line::styled("A password has at least 10 characters.", theme.dim)
        }
        (None, false, _) => Line::styled("No account yet? Ctrl+R opens one.", theme.dim),
    };
    let line = Rect { y: below, height: 1, ..inside }.intersection(inside);
    frame.render_widget(hint, line);
    if form.can_register() {
        ctx.hit(line, Target::Do(Action::SwitchLogin));
    }
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
