//! Draws the interface. Nothing is decided here; what drawing finds out (what is where, what fits) is noted for
//! the next decision.

mod admin;
mod audit;
mod cards;
mod chat;
mod flow;
mod frame;
mod gallery;
mod login;
mod modals;
mod parts;
mod queue;
mod wallet;

use jiff::tz::TimeZone;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    text::Line,
};

use super::{
    app::{App, Phase, Target},
    model::Clock,
    picture::Pictures,
    screens::Tab,
    theme::Theme,
};

/// Below this nothing can be laid out.
const SMALLEST: (u16, u16) = (24, 8);
/// Rows from which there is room to breathe.
const TALL: u16 = 30;

/// What every part needs while it draws.
struct Ctx<'a> {
    theme: Theme,
    clock: Clock,
    zone: &'a TimeZone,
    pictures: &'a mut Pictures,
    hits: &'a mut Vec<(Rect, Target)>,
    /// What modals will cover; pictures there would shine through.
    covered: Vec<Rect>,
    /// What is about to be deleted.
    hidden: &'a [String],
}

impl Ctx<'_> {
    /// Notes that a click here means that.
    fn hit(&mut self, area: Rect, target: Target) {
        self.hits.push((area, target));
    }

    /// The turning sign of work going on.
    fn spinner(&self) -> &'static str {
        const FRAMES: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠟"];
        FRAMES[(self.clock.mono.as_millis() / 120) as usize % FRAMES.len()]
    }

    /// `2 min ago`, or nothing.
    fn ago(&self, then: Option<jiff::Timestamp>) -> String {
        then.map(|then| super::text::ago(then, self.clock.wall, self.zone)).unwrap_or_default()
    }

    /// `2026-11-21 14:03`, or nothing.
    fn date(&self, then: Option<jiff::Timestamp>) -> String {
        then.map(|then| super::text::date(then, self.zone)).unwrap_or_default()
    }
}

/// Draws everything.
pub(crate) fn view(app: &mut App, frame: &mut Frame<'_>) {
    let area = frame.area();
    app.hits.clear();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame.render_widget(Line::styled("make me larger", app.theme.dim), area);
        return;
    }
    let rule = u16::from(area.height >= TALL);
    let [head, tabs, line, body, _, foot] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(rule),
        Constraint::Min(0),
        Constraint::Length(rule),
        Constraint::Length(1),
    ])
    .areas(area);
    frame::head(app, frame, head);
    frame::tabs(app, frame, tabs);
    if rule > 0 {
        parts::rule(frame, line, app.theme.line);
    }
    frame::foot(app, frame, foot);
    let covered = app.modals.iter().map(|modal| modals::area(modal, area)).collect();
    let mut ctx = Ctx {
        theme: app.theme,
        clock: app.clock,
        zone: &app.zone,
        pictures: &mut app.pictures,
        hits: &mut app.hits,
        covered,
        hidden: &app.hidden,
    };
    let body = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    let screens = &mut app.screens;
    match (&app.phase, app.tab) {
        (Phase::Login, _) => login::draw(&screens.login, &app.studio, frame, body, &mut ctx),
        (Phase::Failed { text, over }, _) => frame::failed(text, *over, frame, body, &ctx),
        (_, Tab::Chat) => chat::draw(&mut screens.chat, &app.work, frame, body, &mut ctx),
        (_, Tab::Queue) => queue::draw(&mut screens.queue, &app.work, frame, body, &mut ctx),
        (_, Tab::Gallery) => gallery::draw(&mut screens.gallery, frame, body, &mut ctx),
        (_, Tab::Wallet) => {
            wallet::draw(&mut screens.wallet, app.wallet.as_ref(), frame, body, &mut ctx);
        }
        (_, Tab::Users) => admin::users(&mut screens.users, frame, body, &mut ctx),
        (_, Tab::Jobs) => admin::jobs(&mut screens.jobs, frame, body, &mut ctx),
        (_, Tab::Ledger) => audit::ledger(&mut screens.ledger, frame, body, &mut ctx),
        (_, Tab::Audit) => audit::audit(&mut screens.audit, frame, body, &mut ctx),
    }
    for modal in &mut app.modals {
        // Only the top one can be clicked, and nothing below it; only those above cover its pictures.
        ctx.hits.clear();
        ctx.covered.remove(0);
        modals::draw(modal, frame, area, &mut ctx);
    }
    frame::toasts(&app.toasts, &app.theme, frame, foot);
}
