//! The conversation, the field to type in, and the list of conversations.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{
    Ctx,
    cards::{self, Look},
    flow::Flow,
    parts,
};
use crate::ui::{
    app::{Target, Work},
    screens::{Chat, Focus},
    text,
};

/// Cells from which the list of conversations is shown unless somebody decided otherwise.
const WIDE: u16 = 110;
/// Cells of that list.
const SIDE: u16 = 30;
/// Longest lines that are good to read.
const LONGEST: u16 = 110;
/// Most rows of the field to type in.
const INPUT_ROWS: usize = 6;

/// Draws the place.
pub(super) fn draw(chat: &mut Chat, work: &Work, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let shown = chat.side_shown.unwrap_or(area.width >= WIDE);
    chat.side_visible = shown;
    let side = if shown { SIDE.min(area.width / 2) } else { 0 };
    let [list, main] = Layout::horizontal([Constraint::Length(side), Constraint::Fill(1)])
        .spacing(u16::from(shown))
        .areas(area);
    if shown {
        self::side(chat, frame, list, ctx);
    }
    let main = Rect { width: main.width.min(LONGEST + 4), ..main };
    let field =
        chat.editor.rows(usize::from(main.width.saturating_sub(4))).0.len().clamp(1, INPUT_ROWS) as u16;
    let chips = u16::from(!chat.attachments.is_empty());
    let [said, input] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(field + chips + 2)]).areas(main);
    if chat.is_blank() {
        starters(chat, frame, said, ctx);
    } else {
        self::said(chat, work, frame, said, ctx);
    }
    self::input(chat, frame, input, ctx);
}

fn said(chat: &mut Chat, work: &Work, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let messages = &chat.messages;
    if parts::instead(
        messages,
        frame,
        area,
        ctx,
        ("Nothing was said here", "Write below what you want to see."),
    ) {
        return;
    }
    let mut flow = Flow::default();
    if messages.next.is_some() {
        flow.line(vec![Span::styled("  ↑ there is more before", ctx.theme.dim)]);
    }
    for (place, entry) in messages.rows.iter().enumerate() {
        let selected = (chat.focus == Focus::Cards && chat.selected == place).then_some(chat.button);
        let look = Look { place, selected, width: area.width, tallest: tallest(area.height), work };
        cards::entry(entry, &look, &mut flow, ctx);
    }
    if chat.talking {
        flow.line(vec![Span::styled(format!("  {} thinking", ctx.spinner()), ctx.theme.dim)]);
    }
    let room = usize::from(area.height);
    chat.scroll_most = flow.lines.len().saturating_sub(room);
    chat.scroll = chat.scroll.min(chat.scroll_most);
    if chat.reveal {
        chat.reveal = false;
        if let Some(rows) = flow.entries.get(chat.selected) {
            let top = chat.scroll_most - chat.scroll;
            if rows.start < top || rows.end > top + room {
                chat.scroll = (flow.lines.len() - rows.end.min(rows.start + room)).min(chat.scroll_most);
            }
        }
    }
    let top = chat.scroll_most - chat.scroll;
    flow.draw(top, frame, area, ctx);
    if chat.scroll > 0 {
        let words = format!(" ↓ {} more ", chat.scroll);
        let width = text::width(&words) as u16;
        let corner = Rect { x: area.right().saturating_sub(width), y: area.bottom() - 1, width, height: 1 };
        frame.render_widget(Line::styled(words, ctx.theme.dim.patch(ctx.theme.selected)), corner);
    }
}

/// Pictures leave room for the words of their card.
fn tallest(room: u16) -> u16 {
    room.saturating_sub(6).clamp(4, 28)
}

fn starters(chat: &Chat, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let width = usize::from(area.width.saturating_sub(6).min(76));
    let mut lines = vec![
        Line::styled("What shall we make?", theme.strong),
        Line::styled("Say it in your own words, or begin with one of these.", theme.dim),
        Line::default(),
    ];
    let head = lines.len();
    let mut rows = Vec::new();
    for (place, starter) in chat.starters.iter().enumerate() {
        let selected = chat.editor.is_empty() && chat.starter == place;
        let sign = if selected { "› " } else { "  " };
        rows.push((lines.len(), place));
        for (row, words) in text::wrap(starter, width.saturating_sub(2)).into_iter().enumerate() {
            let style = if selected { theme.text } else { theme.dim };
            let sign = if row == 0 { sign } else { "  " };
            lines.push(Line::from(vec![Span::styled(sign, theme.accent), Span::styled(words, style)]));
        }
    }
    if lines.len() == head {
        lines.truncate(1);
        lines.push(Line::styled("Say it in your own words below.", theme.dim));
    } else {
        lines.push(Line::default());
        lines.push(Line::styled("↑ ↓ choose · Enter takes it into the field below", theme.dim));
    }
    let height = (lines.len() as u16).min(area.height);
    let place = Rect {
        x: area.x + area.width.saturating_sub(width as u16) / 2,
        y: area.y + area.height.saturating_sub(height) / 2,
        width: width as u16,
        height,
    };
    for (row, starter) in rows {
        if (row as u16) < height {
            ctx.hit(Rect { y: place.y + row as u16, height: 1, ..place }, Target::Starter(starter));
        }
    }
    frame.render_widget(Paragraph::new(lines), place);
}

fn input(chat: &Chat, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let focused = chat.focus == Focus::Input && ctx.covered.is_empty();
    let title = if chat.changing.is_some() { "Change" } else { "" };
    let block = parts::boxed(title, if focused { theme.accent } else { theme.line }, &theme);
    let inside = block.inner(area);
    let inside = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    frame.render_widget(block, area);
    ctx.hit(area, Target::Input);
    let chips = u16::from(!chat.attachments.is_empty());
    if chips > 0 {
        let mut line = Vec::new();
        for attachment in &chat.attachments {
            let words = format!(" ▣ {} {} × {} ", attachment.name, attachment.width, attachment.height);
            line.push(Span::styled(words, theme.selected));
            line.push(Span::raw(" "));
        }
        frame.render_widget(Line::from(line), Rect { height: 1, ..inside });
    }
    let field = Rect { y: inside.y + chips, height: inside.height.saturating_sub(chips), ..inside };
    if chat.editor.is_empty() {
        let words = match (&chat.changing, chat.is_blank()) {
            (Some(_), _) => "What shall be changed? Esc leaves it as it is",
            (None, true) => "What do you want to see?",
            (None, false) => "Say more, or change it",
        };
        frame.render_widget(Line::styled(words, theme.dim), Rect { height: 1, ..field }.intersection(field));
    }
    let (rows, (column, row)) = chat.editor.rows(usize::from(field.width) + 1);
    let room = usize::from(field.height);
    let top = (row + 1).saturating_sub(room);
    let lines: Vec<Line<'_>> = rows.into_iter().skip(top).take(room).map(Line::raw).collect();
    if !chat.editor.is_empty() {
        frame.render_widget(Paragraph::new(lines), field);
    }
    if focused && !field.is_empty() {
        let x = (field.x + column as u16).min(field.right());
        frame.set_cursor_position(Position::new(x, field.y + (row - top) as u16));
    }
}

fn side(chat: &mut Chat, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let focused = chat.focus == Focus::Side;
    let inside = Rect { width: area.width.saturating_sub(1), ..area };
    for y in area.top()..area.bottom() {
        frame.buffer_mut().set_string(area.right() - 1, y, "│", theme.line);
    }
    let title = Line::styled("Conversations", if focused { theme.accent } else { theme.dim });
    frame.render_widget(title, Rect { height: 1, ..inside });
    let inside = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let nothing = ("None yet", "The first begins with your words.");
    if parts::instead(&chat.conversations, frame, inside, ctx, nothing) {
        return;
    }
    let hidden = ctx.hidden;
    let rows: Vec<_> = chat.conversations.rows.iter().filter(|row| !hidden.contains(&row.id)).collect();
    let room = usize::from(inside.height / 2).max(1);
    chat.side.reveal(chat.side.selected, rows.len(), room);
    for (line, (place, row)) in rows.iter().enumerate().skip(chat.side.top).take(room).enumerate() {
        let open = chat.open.as_deref() == Some(row.id.as_str());
        let area = Rect { y: inside.y + line as u16 * 2, height: 2, ..inside }.intersection(inside);
        let width = usize::from(area.width.saturating_sub(3));
        let title = if row.title.is_empty() { "new conversation" } else { &row.title };
        let style = if open { theme.strong } else { theme.text };
        let sign = if open { "● " } else { "  " };
        let lines = vec![
            Line::from(vec![Span::styled(sign, theme.accent), Span::styled(text::fit(title, width), style)]),
            Line::styled(format!("  {}", ctx.ago(row.updated_at)), theme.dim),
        ];
        let mut paragraph = Paragraph::new(lines);
        if focused && place == chat.side.selected {
            paragraph = paragraph.style(theme.selected);
        }
        frame.render_widget(paragraph, area);
        ctx.hit(area, Target::Conversation(place));
    }
}
