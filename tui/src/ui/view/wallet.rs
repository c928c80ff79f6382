//! Credits: what there is, what comes, and what happened.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{
    Ctx,
    parts::{self, Column},
};
use crate::ui::{
    model::{Transfer, Wallet},
    screens::{List, Remote, WalletScreen},
    text,
    theme::Theme,
};

/// Cells from which the balance stands beside the history.
const WIDE: u16 = 130;

/// Draws the place.
pub(super) fn draw(
    screen: &mut WalletScreen,
    wallet: Option<&Wallet>,
    frame: &mut Frame<'_>,
    area: Rect,
    ctx: &mut Ctx<'_>,
) {
    let pockets = wallet.map_or(0, |wallet| wallet.pockets.len() as u16);
    let (left, right) = if area.width >= WIDE {
        let [left, right] =
            Layout::horizontal([Constraint::Length(46), Constraint::Fill(1)]).spacing(4).areas(area);
        (left, right)
    } else {
        let [left, right] =
            Layout::vertical([Constraint::Length(5 + pockets), Constraint::Fill(1)]).areas(area);
        (left, right)
    };
    match (wallet, &screen.fault) {
        (Some(wallet), _) => balance(wallet, frame, left, ctx),
        (None, Some(fault)) => parts::trouble(fault, frame, left, &ctx.theme),
        (None, None) => {
            let line = Line::styled(format!("{} loading", ctx.spinner()), ctx.theme.dim);
            frame.render_widget(line, Rect { height: 1, ..left }.intersection(left));
        }
    }
    let kind = screen.kind.map_or_else(|| "all".to_owned(), |kind| kind.word().to_owned());
    let head = vec![Span::styled("History  ", ctx.theme.dim), Span::raw(kind)];
    frame.render_widget(Line::from(head), Rect { height: 1, ..right }.intersection(right));
    let count = parts::position(&screen.list, screen.transfers.rows.len(), screen.transfers.next.is_some());
    let count = Line::styled(count, ctx.theme.dim).right_aligned();
    frame.render_widget(count, Rect { height: 1, ..right }.intersection(right));
    let below = Rect { y: right.y + 1, height: right.height.saturating_sub(1), ..right };
    let nothing = match screen.kind {
        Some(_) => ("Nothing of this kind", "Press f for the next kind; after the last come all again."),
        None => ("Nothing has happened yet", "What you get and what you spend is listed here."),
    };
    transfers(&screen.transfers, &mut screen.list, nothing, frame, below, ctx);
}

fn balance(wallet: &Wallet, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    let mut first = vec![
        Span::styled(text::number(wallet.available), theme.accent.patch(theme.strong)),
        Span::styled(
            if wallet.available == 1 { " credit to spend" } else { " credits to spend" },
            theme.strong,
        ),
    ];
    if wallet.reserved > 0 {
        let words = format!(" · {} set aside for jobs", text::number(wallet.reserved));
        first.push(Span::styled(words, theme.dim));
    }
    let mut second = format!("{} free a day", text::number(wallet.daily_free));
    if let Some(next) = wallet.next_reset_at {
        second.push_str(&format!(", the next {}", text::ahead(next, ctx.clock.wall, ctx.zone)));
    }
    let third = format!("prices up to {} run without asking", text::credits(wallet.auto_confirm));
    let mut lines = vec![Line::from(first)];
    if area.height > 5 + wallet.pockets.len() as u16 {
        lines.extend([Line::styled(second, theme.dim), Line::styled(third, theme.dim), Line::default()]);
    } else {
        lines.extend([Line::styled(format!("{second} · {third}"), theme.dim), Line::default()]);
    }
    let most = wallet.pockets.iter().map(|pocket| pocket.available).max().unwrap_or(0).max(1);
    for pocket in &wallet.pockets {
        let mut line = vec![
            Span::raw(format!("{:<10}", text::fit(&pocket.name, 10))),
            Span::styled(format!("{:>9}  ", text::number(pocket.available)), theme.strong),
        ];
        line.extend(parts::bar(pocket.available as f32 / most as f32, 12, theme));
        if let Some(expires) = pocket.expires_at {
            let words = format!("  ends {}", text::ahead(expires, ctx.clock.wall, ctx.zone));
            line.push(Span::styled(words, theme.dim));
        }
        lines.push(Line::from(line));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// A wallet's history, this one's or another member's.
pub(super) fn transfers(
    transfers: &Remote<Transfer>,
    list: &mut List,
    nothing: (&str, &str),
    frame: &mut Frame<'_>,
    area: Rect,
    ctx: &mut Ctx<'_>,
) {
    if parts::instead(transfers, frame, area, ctx, nothing) {
        return;
    }
    const COLUMNS: [Column; 8] = [
        Column::words("when", 10),
        Column::number("credits", 8),
        Column::words("why", 10),
        Column::words("", 10),
        Column::words("pocket", 9),
        Column::number("left", 8).from(90),
        Column::words("by", 12).from(100),
        Column::rest("note"),
    ];
    let theme = ctx.theme;
    let whens: Vec<String> = transfers.rows.iter().map(|row| ctx.ago(row.at)).collect();
    let row = |place: usize| transfer(&transfers.rows[place], &whens[place], &theme);
    parts::table(&COLUMNS, transfers.rows.len(), list, row, frame, area, ctx);
}

fn transfer<'t>(transfer: &'t Transfer, when: &'t str, theme: &Theme) -> Vec<Span<'t>> {
    let change = if transfer.change < 0 { theme.text } else { theme.good };
    let note = if transfer.note.is_empty() { &transfer.reference } else { &transfer.note };
    vec![
        Span::styled(when, theme.dim),
        Span::styled(text::signed(transfer.change), change),
        Span::raw(transfer.kind.word()),
        Span::styled(transfer.phase.word(), theme.dim),
        Span::raw(transfer.pocket.as_str()),
        Span::raw(text::number(transfer.balance_after)),
        Span::styled(transfer.actor.as_str(), theme.dim),
        Span::styled(note.as_str(), theme.dim),
    ]
}
