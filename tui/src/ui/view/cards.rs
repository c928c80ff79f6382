//! Cards as rows.

use ratatui::{style::Style, text::Span};

use super::{Ctx, flow::Flow, parts};
use crate::ui::{
    app::{Target, Work},
    model::{Body, Button, Card, Entry, Job, JobState, Picture, Quote, Said},
    picture::{SMALL_PX, Showing, Source},
    text,
};

/// What one entry looks like.
pub(super) struct Look<'c> {
    /// Its place in the conversation.
    pub(super) place: usize,
    /// Whether the keys act on it, and on which button.
    pub(super) selected: Option<usize>,
    /// Cells across.
    pub(super) width: u16,
    /// Most rows of a picture.
    pub(super) tallest: u16,
    /// The newest word on every job.
    pub(super) work: &'c Work,
}

/// Adds an entry to the rows.
pub(super) fn entry<'a>(entry: &'a Entry, look: &Look<'_>, flow: &mut Flow<'a>, ctx: &Ctx<'_>) {
    let start = flow.lines.len();
    let theme = &ctx.theme;
    let (edge_style, sign) = match (&entry.said, look.selected) {
        (_, Some(_)) => (theme.accent, "┃ "),
        (Said::Person { .. }, None) => (theme.accent, "▍ "),
        (Said::Card(_), None) => (theme.line, "│ "),
    };
    let mut rows =
        Rows { flow, edge: Span::styled(sign, edge_style), width: usize::from(look.width.saturating_sub(2)) };
    match &entry.said {
        Said::Person { text, pictures, by } => {
            let mut head = vec![Span::styled("You", theme.strong)];
            let when = ctx.ago(entry.said_at);
            if !when.is_empty() {
                head.push(Span::styled(format!("  {when}"), theme.dim));
            }
            if let Some(by) = by {
                head.push(Span::styled(format!("  understood by {by}"), theme.dim));
            }
            rows.spans(head);
            rows.words(text, theme.text);
            for name in pictures {
                rows.words(&format!("▣ {name}"), theme.dim);
            }
        }
        Said::Card(card) => self::card(card, look, &mut rows, ctx),
    }
    flow.entries.push(start..flow.lines.len());
    flow.line(Vec::new());
}

/// Rows of one card, each behind the edge.
struct Rows<'f, 'a> {
    flow: &'f mut Flow<'a>,
    edge: Span<'a>,
    width: usize,
}

impl<'a> Rows<'_, 'a> {
    fn spans(&mut self, mut spans: Vec<Span<'a>>) {
        spans.insert(0, self.edge.clone());
        self.flow.line(spans);
    }

    fn words(&mut self, words: &str, style: Style) {
        for row in text::wrap(words, self.width) {
            self.spans(vec![Span::styled(row, style)]);
        }
    }
}

fn card<'a>(card: &'a Card, look: &Look<'_>, rows: &mut Rows<'_, 'a>, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    match &card.body {
        Body::Text { text, .. } => rows.words(text, theme.text),
        Body::Question { text, .. } => rows.words(text, theme.strong),
        Body::Quote { summary, quote, .. } => self::quote(summary, quote, rows, ctx),
        Body::Progress { job, summary, .. } => progress(job, summary, look, rows, ctx),
        Body::Result { job, summary, notes, .. } => result(job, summary, notes, look, rows, ctx),
        Body::Error { text, advice, charged, .. } => {
            rows.words(&format!("✗ {text}"), theme.bad);
            if !advice.is_empty() {
                rows.words(advice, theme.text);
            }
            rows.words(if *charged { "Credits were taken." } else { "No credits were taken." }, theme.dim);
        }
    }
    buttons(card.buttons(), look, rows, ctx);
}

fn quote<'a>(summary: &str, quote: &'a Quote, rows: &mut Rows<'_, 'a>, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    rows.words(summary, theme.strong);
    let enough = quote.price <= quote.available;
    if quote.algorithm.is_empty() {
        // A price of the past: what it waited for then is not known any more.
        rows.spans(vec![Span::styled(text::credits(quote.price), theme.dim)]);
        return;
    }
    let price = vec![
        Span::styled(text::credits(quote.price), if enough { theme.accent } else { theme.bad }),
        Span::styled(format!(" of {}", text::number(quote.available)), theme.dim),
        Span::styled(" · ", theme.dim),
        Span::raw(wait(quote)),
        Span::styled(" · ", theme.dim),
        Span::raw(format!("takes {}", text::span(quote.run_ms.into()))),
    ];
    rows.spans(price);
    let honest = match quote.algorithm_summary.as_str() {
        "" => quote.algorithm.clone(),
        summary => format!("{}: {summary}", quote.algorithm),
    };
    rows.words(&honest, theme.dim);
}

fn wait(quote: &Quote) -> String {
    match (quote.queue_ahead, quote.wait_ms) {
        (0, ..1000) => "starts at once".to_owned(),
        (0, ms) => format!("starts in {}", text::span(ms.into())),
        (1, ms) => format!("1 job ahead, {}", text::span(ms.into())),
        (ahead, ms) => format!("{ahead} jobs ahead, {}", text::span(ms.into())),
    }
}

fn progress<'a>(job: &'a Job, summary: &str, look: &Look<'_>, rows: &mut Rows<'_, 'a>, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    rows.words(summary, theme.strong);
    let (bar, words) = under_way(job, look.work, rows.width.saturating_sub(56).clamp(10, 40), ctx);
    let mut line = bar;
    let room = rows.width.saturating_sub(line.iter().map(Span::width).sum());
    line.push(Span::styled(text::fit(&words, room), theme.dim));
    rows.spans(line);
    if ctx.pictures.has_preview(&job.id) && ctx.pictures.showing != Showing::Never {
        let size = parts::cells(job.size, (look.width.saturating_sub(4).min(96), look.tallest));
        let edge = rows.edge.clone();
        let preview = std::iter::once((Source::Preview(&job.id), "preview".to_owned()));
        rows.flow.pictures(&edge, 2, size, preview);
    }
}

/// A bar and words on how far a job is.
pub(super) fn under_way(job: &Job, work: &Work, cells: usize, ctx: &Ctx<'_>) -> (Vec<Span<'static>>, String) {
    let theme = &ctx.theme;
    let progress = work.progress.get(&job.id);
    match job.state {
        JobState::Queued => {
            let ahead = progress.map_or(job.queue_ahead, |progress| progress.queue_ahead);
            let words = match ahead {
                0 => "  next in the queue".to_owned(),
                1 => "  1 job ahead".to_owned(),
                _ => format!("  {ahead} jobs ahead"),
            };
            let left = progress.map_or(0, |progress| progress.remaining_ms);
            let left = if left == 0 { String::new() } else { format!(" · {}", text::span(left.into())) };
            (parts::bar(0.0, cells, theme), words + &left)
        }
        JobState::Running => {
            let Some(progress) = progress else {
                return (parts::bar(0.0, cells, theme), format!("  {} starting", ctx.spinner()));
            };
            let mut bar = parts::bar(progress.fraction, cells, theme);
            let percent = format!(" {:>3.0} %", progress.fraction.clamp(0.0, 1.0) * 100.0);
            bar.push(Span::styled(percent, theme.strong));
            let mut words = format!("  {}", progress.doing());
            if job.count > 1 {
                words.push_str(&format!(" {} of {}", progress.variant + 1, job.count));
            }
            if progress.remaining_ms > 0 {
                words.push_str(&format!(" · {} left", text::span(progress.remaining_ms.into())));
            }
            (bar, words)
        }
        JobState::Succeeded => (parts::bar(1.0, cells, theme), "  done, fetching the result".to_owned()),
        JobState::Failed | JobState::Cancelled => {
            (parts::bar(0.0, cells, theme), format!("  {}; no credits were taken", job.state.word()))
        }
    }
}

fn result<'a>(
    job: &'a Job,
    summary: &str,
    notes: &[String],
    look: &Look<'_>,
    rows: &mut Rows<'_, 'a>,
    ctx: &Ctx<'_>,
) {
    let theme = &ctx.theme;
    rows.words(summary, theme.strong);
    // Without pictures the line of facts below stands for them.
    if let Some(first) = job.pictures.first().filter(|_| ctx.pictures.showing != Showing::Never) {
        const GAP: u16 = 2;
        let room = look.width.saturating_sub(4).min(120);
        let across = (job.pictures.len() as u16).min((room / 24).max(1));
        let width = ((room + GAP) / across).saturating_sub(GAP).min(96);
        let size = parts::cells((first.width, first.height), (width, look.tallest));
        let edge = rows.edge.clone();
        for line in job.pictures.chunks(usize::from(across)) {
            let line = line.iter().map(|picture| (Source::Asset(&picture.asset_id, SMALL_PX), name(picture)));
            rows.flow.pictures(&edge, 2, size, line);
        }
    }
    for note in notes {
        rows.words(&format!("· {note}"), theme.warn);
    }
    let mut facts = Vec::new();
    if let Some(first) = job.pictures.first() {
        facts.push(format!("{} × {}", first.width, first.height));
        facts.push(text::bytes(first.size_bytes));
        facts.push(format!("seed {}", first.seed));
    }
    facts.push(job.algorithm.clone());
    facts.push(text::credits(job.charged));
    facts.push(format!("job {}", job.short_id()));
    rows.words(&facts.join(" · "), theme.dim);
}

fn name(picture: &Picture) -> String {
    format!("{} × {} {}", picture.width, picture.height, picture.extension())
}

fn buttons<'a>(buttons: &'a [Button], look: &Look<'_>, rows: &mut Rows<'_, 'a>, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    let mut line: Vec<Span<'a>> = Vec::new();
    let mut used = 0;
    for (place, button) in buttons.iter().enumerate() {
        let key = button.key.map(|key| format!(" {key}")).unwrap_or_default();
        let width = text::width(&button.label) + text::width(&key) + 2;
        if used > 0 && used + width > rows.width {
            rows.spans(std::mem::take(&mut line));
            used = 0;
        }
        let style = if button.destructive { theme.bad } else { theme.text };
        let chosen = look.selected == Some(place);
        let style = if chosen { style.patch(theme.selected) } else { style };
        let (open, close) = if chosen { ("▸", " ") } else { (" ", " ") };
        rows.flow.button(used as u16 + 2, width as u16, Target::Button(look.place, place));
        line.push(Span::styled(open, theme.accent.patch(style)));
        line.push(Span::styled(button.label.as_str(), style));
        line.push(Span::styled(key, theme.accent.patch(if chosen { theme.selected } else { Style::new() })));
        line.push(Span::styled(close, style));
        line.push(Span::raw("  "));
        used += width + 2;
    }
    if !line.is_empty() {
        rows.spans(line);
    }
}
