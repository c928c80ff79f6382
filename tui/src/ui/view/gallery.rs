//! Results: a contact sheet, and what is known of the selected picture.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
    widgets::Paragraph,
};

use super::{Ctx, parts};
use crate::ui::{
    app::Target,
    picture::{SMALL_PX, Source},
    screens::{Gallery, Tile},
    text,
};

/// Cells from which what is known stands beside the pictures.
const WIDE: u16 = 110;
/// Cells of what is known.
const INFO: u16 = 52;
/// Cells of a picture, about, and on a screen with room.
const TILE: u16 = 22;
const LARGE_TILE: u16 = 34;
/// Rows from which a screen has room.
const TALL: u16 = 30;

/// Draws the place.
pub(super) fn draw(gallery: &mut Gallery, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let nothing = ("No pictures yet", "Ask for one in the chat: press 1. What gets finished is kept here.");
    if parts::instead(&gallery.jobs, frame, area, ctx, nothing) {
        return;
    }
    let hidden = ctx.hidden;
    let mut list = gallery.list;
    let tiles: Vec<Tile<'_>> = gallery.tiles(hidden).collect();
    list.clamp(tiles.len());
    if tiles.is_empty() {
        let advice = "Search for something else with /, or for nothing to see all.";
        parts::empty(frame, area, &ctx.theme, "No picture matches", advice);
        return;
    }
    let (sheet, info) = if area.width >= WIDE {
        let [sheet, info] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(INFO)]).spacing(3).areas(area);
        (sheet, info)
    } else {
        let [sheet, info] = Layout::vertical([Constraint::Fill(1), Constraint::Length(3)]).areas(area);
        (sheet, info)
    };
    let tile = if area.height >= TALL { LARGE_TILE } else { TILE };
    let columns = (sheet.width / tile).max(1);
    let across = (sheet.width + 2) / columns - 2;
    let down = parts::cells((16, 9), (across, u16::MAX / 4)).1 + 1;
    let lines = tiles.len().div_ceil(usize::from(columns));
    let room = usize::from((sheet.height / down).max(1));
    list.reveal(list.selected / usize::from(columns), lines, room);
    let first = list.top * usize::from(columns);
    for (spot, (place, tile)) in
        tiles.iter().enumerate().skip(first).take(room * usize::from(columns)).enumerate()
    {
        let (column, line) = (spot as u16 % columns, spot as u16 / columns);
        let area = Rect {
            x: sheet.x + column * (across + 2),
            y: sheet.y + line * down,
            width: across,
            height: down,
        }
        .intersection(sheet);
        self::tile(tile, place == list.selected, frame, area, ctx);
        ctx.hit(area, Target::Tile(place));
    }
    if let Some(tile) = tiles.get(list.selected) {
        let count = parts::position(&list, tiles.len(), gallery.jobs.next.is_some());
        if area.width >= WIDE {
            self::info(tile, &count, frame, info, ctx);
        } else {
            brief(tile, &count, frame, info, ctx);
        }
    }
    gallery.columns = usize::from(columns);
    gallery.list = list;
}

fn tile(tile: &Tile<'_>, selected: bool, frame: &mut Frame<'_>, area: Rect, ctx: &mut Ctx<'_>) {
    let theme = ctx.theme;
    let picture = Rect { height: area.height.saturating_sub(1), ..area };
    let name = text::fit(&tile.job.headline(), usize::from(area.width));
    parts::picture(Source::Asset(&tile.picture.asset_id, SMALL_PX), &name, frame, picture, ctx);
    let caption = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let words = if tile.job.title.is_empty() { &tile.job.subject } else { &tile.job.title };
    let style = if selected { theme.accent.patch(theme.strong) } else { theme.dim };
    let sign = if selected { "▸ " } else { "  " };
    let words = text::fit(words, usize::from(area.width.saturating_sub(2)));
    frame.render_widget(Line::styled(format!("{sign}{words}"), style), caption);
}

/// Two lines below the sheet.
fn brief(tile: &Tile<'_>, count: &str, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    parts::rule(frame, Rect { height: 1, ..area }, theme.line);
    let width = usize::from(area.width);
    let room = width.saturating_sub(count.len() + 2);
    let facts = format!(
        "{} × {} · {} · seed {} · {} · job {} · {}",
        tile.picture.width,
        tile.picture.height,
        tile.job.algorithm,
        tile.picture.seed,
        text::credits(tile.job.charged),
        tile.job.short_id(),
        ctx.ago(tile.job.ended_at)
    );
    let lines = vec![
        Line::styled(text::fit(&tile.job.headline(), room), theme.strong),
        Line::styled(text::fit(&facts, width), theme.dim),
    ];
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    frame.render_widget(Paragraph::new(lines), below);
    let count = Line::styled(count.to_owned(), theme.dim).right_aligned();
    frame.render_widget(count, Rect { height: 1, ..below });
}

fn info(tile: &Tile<'_>, count: &str, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx<'_>) {
    let theme = &ctx.theme;
    let (job, picture) = (tile.job, tile.picture);
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'_>> =
        text::wrap(&job.headline(), width).into_iter().map(|row| Line::styled(row, theme.strong)).collect();
    lines.push(Line::styled(format!("{count} · {}", ctx.ago(job.ended_at)), theme.dim));
    lines.push(Line::default());
    let mut facts = vec![
        ("made by", job.algorithm.clone()),
        ("size", format!("{} × {}", picture.width, picture.height)),
        ("file", format!("{} · {}", picture.extension(), text::bytes(picture.size_bytes))),
        ("seed", picture.seed.to_string()),
        ("price", text::credits(job.charged)),
        ("job", job.id.clone()),
    ];
    if job.pictures.len() > 1 {
        facts.insert(1, ("picture", format!("{} of {}", tile.number + 1, job.pictures.len())));
    }
    if job.refunded {
        facts.push(("refunded", "yes".to_owned()));
    }
    if !job.style.is_empty() {
        facts.push(("style", job.style.join(", ")));
    }
    lines.extend(facts.into_iter().flat_map(|(name, value)| fact(name, &value, width, theme)));
    if !picture.settings.is_empty() {
        lines.push(Line::default());
        lines.push(Line::styled("Settings", theme.dim));
        lines.extend(
            picture
                .settings
                .iter()
                .flat_map(|(name, value)| fact(&name.replace('_', " "), value, width, theme)),
        );
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn fact(name: &str, value: &str, width: usize, theme: &crate::ui::theme::Theme) -> Vec<Line<'static>> {
    const NAMES: usize = 14;
    text::wrap(value, width.saturating_sub(NAMES))
        .into_iter()
        .enumerate()
        .map(|(row, words)| {
            let name = if row == 0 { text::fit(name, NAMES - 2) } else { String::new() };
            Line::from(vec![Span::styled(format!("{name:<NAMES$}"), theme.dim), Span::raw(words)])
        })
        .collect()
}
