//! The ledger and the audit log.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{
    Ctx, admin,
    parts::{self, Column},
    wallet,
};
use crate::ui::{
    app::Target,
    keymap::Action,
    model::Verification,
    screens::{AuditLog, Ledger, Verifying},
    text,
};

/// Most findings that are shown.
const FINDINGS: usize = 6;

/// Draws the ledger.
pub(super) fn ledger(screen: &mut Ledger, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let width = usize::from(area.width);
    let mut lines = match &screen.verifying {
        Verifying::Idle => {
            vec![Line::styled("Every transfer can be replayed and compared with every balance.", theme.dim)]
        }
        Verifying::Running => {
            vec![Line::styled(format!("{} replaying every transfer", ctx.spinner()), theme.text)]
        }
        Verifying::Failed(fault) => {
            vec![Line::styled(text::fit(&format!("✗ {} {}", fault.text, fault.advice()), width), theme.bad)]
        }
        Verifying::Done(found) => verification(found, width, ctx),
    };
    let button = Line::from(vec![Span::styled(" Verify ", theme.selected), Span::styled(" v", theme.accent)]);
    lines.push(Line::default());
    let height = lines.len() as u16 + 2;
    let [top, below] = Layout::vertical([Constraint::Length(height), Constraint::Fill(1)]).areas(area);
    let place = Rect { y: top.y + lines.len() as u16, height: 1, width: button.width() as u16, ..top };
    frame.render_widget(Paragraph::new(lines), top);
    let place = place.intersection(top);
    frame.render_widget(button, place);
    ctx.hit(place, Target::Do(Action::Verify));
    if screen.member.is_empty() {
        let advice = "Find one with /, or press Enter on a row of the Users tab.";
        parts::empty(frame, below, &theme, "Transfers of a member", advice);
        return;
    }
    let count = parts::position(&screen.list, screen.transfers.rows.len(), screen.transfers.next.is_some());
    let body = admin::heading("Transfers", &format!("of {}", screen.member), count, frame, below, &theme);
    let nothing =
        ("No transfers", "This member has neither got nor spent anything, or there is no such member.");
    wallet::transfers(&screen.transfers, &mut screen.list, nothing, frame, body, ctx);
}

fn verification(found: &Verification, width: usize, ctx: &Ctx<'_>) -> Vec<Line<'static>> {
    let theme = &ctx.theme;
    let counts = format!(
        "{} transfers, {} accounts, {}",
        text::number(found.transfers),
        text::number(found.accounts),
        text::span(found.took_ms.into())
    );
    if found.sound {
        return vec![Line::from(vec![
            Span::styled("✓ The ledger is sound.  ", theme.good.patch(theme.strong)),
            Span::styled(counts, theme.dim),
        ])];
    }
    let mut lines = vec![Line::from(vec![
        Span::styled("✗ The ledger does not agree.  ", theme.bad.patch(theme.strong)),
        Span::styled(counts, theme.dim),
    ])];
    let findings = found.findings.iter().take(FINDINGS);
    lines.extend(findings.map(|finding| Line::raw(text::fit(&format!("· {finding}"), width))));
    if found.findings.len() > FINDINGS {
        lines.push(Line::styled(format!("and {} more", found.findings.len() - FINDINGS), theme.dim));
    }
    lines
}

/// Draws the audit log.
pub(super) fn audit(screen: &mut AuditLog, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let shown =
        if screen.prefix.is_empty() { "everything".to_owned() } else { format!("{}…", screen.prefix) };
    let count = parts::position(&screen.list, screen.entries.rows.len(), screen.entries.next.is_some());
    let body = admin::heading("Audit log", &shown, count, frame, area, &theme);
    let nothing = ("Nothing is logged", "What admins do is written here, with the value before and after.");
    if parts::instead(&screen.entries, frame, body, ctx, nothing) {
        return;
    }
    const COLUMNS: [Column; 6] = [
        Column::number("no.", 6).from(100),
        Column::words("when", 10),
        Column::words("who", 10),
        Column::words("what", 16),
        Column::words("to", 12),
        Column::rest("change"),
    ];
    let [list, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(3)]).areas(body);
    let rows = &screen.entries.rows;
    let whens: Vec<String> = rows.iter().map(|entry| ctx.ago(entry.at)).collect();
    let row = |place: usize| {
        let entry = &rows[place];
        let change = match entry.old.as_str() {
            "" => entry.new.clone(),
            old => format!("{old} → {}", entry.new),
        };
        vec![
            Span::styled(entry.number.to_string(), theme.dim),
            Span::styled(whens[place].as_str(), theme.dim),
            Span::raw(entry.actor.as_str()),
            Span::styled(entry.action.as_str(), theme.accent),
            Span::raw(entry.entity.as_str()),
            Span::raw(change),
        ]
    };
    parts::table(&COLUMNS, rows.len(), &mut screen.list, row, frame, list, ctx);
    if let Some(entry) = rows.get(screen.list.selected) {
        let width = usize::from(below.width);
        let why = if entry.reason.is_empty() { "no reason given" } else { &entry.reason };
        let from = format!("{} · from {} with {}", ctx.date(entry.at), entry.address, entry.client);
        let lines = vec![
            Line::default(),
            Line::raw(text::fit(why, width)),
            Line::styled(text::fit(&from, width), theme.dim),
        ];
        frame.render_widget(Paragraph::new(lines), below);
    }
}
