//! Jobs under way.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Ctx, cards, parts};
use crate::ui::{
    app::{Target, Work},
    model::{Job, JobState},
    screens::List,
    text,
};

/// Rows of one job, the empty one below it included.
const ROWS: u16 = 3;
/// Longest lines that are good to read.
const LONGEST: u16 = 130;

/// Draws the place.
pub(super) fn draw(list: &mut List, work: &Work, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let area = Rect { width: area.width.min(LONGEST), ..area };
    if !work.loaded {
        let line = Line::styled(format!("{} loading", ctx.spinner()), theme.dim).centered();
        frame.render_widget(line, Rect { y: area.y + area.height / 3, height: 1, ..area });
        return;
    }
    if work.unfinished.is_empty() {
        let advice = "Ask for something in the chat: press 1. Finished pictures are in the gallery: press 3.";
        parts::empty(frame, area, &theme, "Nothing is waiting or running", advice);
        return;
    }
    let running = work.unfinished.iter().filter(|job| job.state == JobState::Running).count();
    let head = format!("{running} running · {} waiting", work.unfinished.len() - running);
    frame.render_widget(Line::styled(head, theme.dim), Rect { height: 1, ..area });
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    list.clamp(work.unfinished.len());
    let room = usize::from(body.height / ROWS);
    list.reveal(list.selected, work.unfinished.len(), room);
    for (line, place) in (list.top..work.unfinished.len().min(list.top + room)).enumerate() {
        let area = Rect { y: body.y + line as u16 * ROWS, height: 2, ..body };
        let selected = place == list.selected;
        job(&work.unfinished[place], selected, work, frame, area, ctx);
        ctx.hit(area, Target::Row(place));
    }
}

fn job(job: &Job, selected: bool, work: &Work, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    let edge = if selected { Span::styled("▌ ", theme.accent) } else { Span::raw("  ") };
    let width = usize::from(area.width);
    let mut right = vec![Span::styled(text::credits(job.price), theme.dim)];
    if !job.member.is_empty() {
        right.insert(0, Span::styled(format!("{} · ", text::fit(&job.member, 16)), theme.dim));
    }
    right.push(Span::styled(format!(" · {:>10}", ctx.ago(job.created_at)), theme.dim));
    let right = Line::from(right);
    let room = width.saturating_sub(right.width() + 4);
    let name = vec![edge.clone(), Span::styled(text::fit(&job.headline(), room), theme.strong)];
    let (bar, words) = cards::under_way(job, work, width.saturating_sub(52).clamp(12, 48), ctx);
    let mut line = vec![edge];
    line.extend(bar);
    line.push(Span::styled(words, theme.dim));
    if job.attempts > 1 {
        line.push(Span::styled(format!(" · attempt {}", job.attempts), theme.warn));
    }
    frame.render_widget(Paragraph::new(vec![Line::from(name), Line::from(line)]), area);
    frame.render_widget(right.right_aligned(), Rect { height: 1, ..area });
    if selected {
        frame.buffer_mut().set_style(area, theme.selected);
    }
}
