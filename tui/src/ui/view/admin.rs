//! Members and everybody's jobs.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use super::{
    Ctx,
    parts::{self, Column},
};
use crate::ui::{
    model::{JobState, Role},
    screens::{Jobs, Users},
    text,
    theme::Theme,
};

/// Longest rows that are good to read.
const LONGEST: u16 = 120;

/// Draws members.
pub(super) fn users(screen: &mut Users, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    // A name far from its numbers is hard to follow.
    let area = Rect { width: area.width.min(LONGEST), ..area };
    let search = if screen.search.is_empty() { "all".to_owned() } else { format!("“{}”", screen.search) };
    let count = parts::position(&screen.list, screen.members.rows.len(), screen.members.next.is_some());
    let body = heading("Members", &search, count, frame, area, &theme);
    let nothing = match screen.search.as_str() {
        "" => ("No members", "Make an invitation with n and hand it to somebody."),
        _ => ("Nobody has that in their name", "Search for something else with /."),
    };
    if parts::instead(&screen.members, frame, body, ctx, nothing) {
        return;
    }
    const COLUMNS: [Column; 8] = [
        Column::rest("name"),
        Column::words("role", 9),
        Column::words("", 9),
        Column::words("plan", 8),
        Column::number("credits", 9),
        Column::number("set aside", 9).from(90),
        Column::number("jobs", 6),
        Column::words("last seen", 10),
    ];
    let rows = &screen.members.rows;
    let seen: Vec<String> = rows
        .iter()
        .map(|row| {
            if row.member.last_login_at.is_none() {
                "never".to_owned()
            } else {
                ctx.ago(row.member.last_login_at)
            }
        })
        .collect();
    let row = |place: usize| {
        let row = &rows[place];
        let role = if row.member.role >= Role::Admin { theme.accent } else { theme.text };
        vec![
            Span::styled(row.member.name.as_str(), theme.strong),
            Span::styled(row.member.role.word(), role),
            Span::styled(if row.member.suspended { "suspended" } else { "" }, theme.bad),
            Span::styled(row.member.plan.as_str(), theme.dim),
            Span::raw(text::number(row.available)),
            Span::styled(text::number(row.reserved), theme.dim),
            Span::raw(text::number(row.jobs)),
            Span::styled(seen[place].as_str(), theme.dim),
        ]
    };
    parts::table(&COLUMNS, rows.len(), &mut screen.list, row, frame, body, ctx);
}

/// Draws everybody's jobs.
pub(super) fn jobs(screen: &mut Jobs, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let whose =
        if screen.member.is_empty() { "everybody's".to_owned() } else { format!("{}'s", screen.member) };
    let filter = format!("{whose} · {}", screen.state.map_or("in any state", JobState::word));
    let count = parts::position(&screen.list, screen.jobs.rows.len(), screen.jobs.next.is_some());
    let body = heading("Jobs", &filter, count, frame, area, &theme);
    let nothing = ("No such jobs", "Press f for the next state, / for another member.");
    if parts::instead(&screen.jobs, frame, body, ctx, nothing) {
        return;
    }
    const COLUMNS: [Column; 8] = [
        Column::words("when", 10),
        Column::words("member", 12),
        Column::words("state", 10),
        Column::rest("what"),
        Column::words("algorithm", 12).from(100),
        Column::number("credits", 8),
        Column::words("", 8).from(90),
        Column::words("job", 12).from(100),
    ];
    // What went wrong with the selected job deserves a line of its own.
    let [list, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(2)]).areas(body);
    let rows = &screen.jobs.rows;
    let whens: Vec<String> = rows.iter().map(|job| ctx.ago(job.created_at)).collect();
    let row = |place: usize| {
        let job = &rows[place];
        let price = if job.state == JobState::Succeeded { job.charged } else { job.price };
        vec![
            Span::styled(whens[place].as_str(), theme.dim),
            Span::raw(job.member.as_str()),
            Span::styled(job.state.word(), state_style(job.state, &theme)),
            Span::raw(job.headline()),
            Span::styled(job.algorithm.as_str(), theme.dim),
            Span::raw(text::number(price)),
            Span::styled(if job.refunded { "refunded" } else { "" }, theme.warn),
            Span::styled(job.short_id(), theme.dim),
        ]
    };
    parts::table(&COLUMNS, rows.len(), &mut screen.list, row, frame, list, ctx);
    if let Some(job) = rows.get(screen.list.selected) {
        let words = match (job.message.as_str(), job.state.has_ended()) {
            ("", true) => format!("job {} · submitted {}", job.id, ctx.date(job.created_at)),
            ("", false) => format!("job {} · {} ahead", job.id, job.queue_ahead),
            (message, _) => message.to_owned(),
        };
        let line = Line::styled(text::fit(&words, usize::from(below.width)), theme.dim);
        frame.render_widget(line, Rect { y: below.bottom().saturating_sub(1), height: 1, ..below });
    }
}

/// A place's name, what is shown of it, and how much there is. Gives what is left.
pub(super) fn heading(
    name: &str,
    shown: &str,
    count: String,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: &Theme,
) -> Rect {
    let line = Line::from(vec![Span::styled(format!("{name}  "), theme.dim), Span::raw(shown.to_owned())]);
    let first = Rect { height: 1, ..area }.intersection(area);
    frame.render_widget(line, first);
    frame.render_widget(Line::styled(count, theme.dim).right_aligned(), first);
    Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area }
}

fn state_style(state: JobState, theme: &Theme) -> Style {
    match state {
        JobState::Queued | JobState::Cancelled => theme.dim,
        JobState::Running => theme.accent,
        JobState::Succeeded => theme.good,
        JobState::Failed => theme.bad,
    }
}
