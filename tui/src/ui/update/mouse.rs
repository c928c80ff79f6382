//! The mouse: clicks on what was drawn, and the wheel.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::{act, chat, modal};
use crate::ui::{
    app::{App, Target},
    keymap::{Action, Motion},
    model::Said,
    msg::Cmd,
    screens::{Focus, List, Tab},
};

/// Something was done with the mouse.
pub(super) fn event(app: &mut App, event: MouseEvent) -> Vec<Cmd> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => app
            .target(Position::new(event.column, event.row))
            .map_or_else(Vec::new, |target| click(app, target)),
        MouseEventKind::ScrollUp => wheel(app, true),
        MouseEventKind::ScrollDown => wheel(app, false),
        _ => Vec::new(),
    }
}

fn wheel(app: &mut App, up: bool) -> Vec<Cmd> {
    if app.modals.is_empty() && app.tab == Tab::Chat {
        return chat::wheel(app, up);
    }
    act::perform(app, Action::Move(if up { Motion::Up } else { Motion::Down }))
}

fn click(app: &mut App, target: Target) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    match target {
        Target::Tab(tab) => return act::go(app, tab),
        Target::Do(action) => return act::perform(app, action),
        Target::Choice(place) => return modal::answer(app, place),
        Target::Found(place) => return modal::choose(app, place),
        Target::Conversation(place) => return chat::show(app, place),
        Target::Starter(place) => chat::take_starter(app, place),
        Target::Input => chat.focus = Focus::Input,
        Target::Field(field) => app.screens.login.field = field,
        Target::Entry(entry) => {
            let again = chat.focus == Focus::Cards && chat.selected == entry;
            chat.focus = Focus::Cards;
            chat.selected = entry;
            chat.button = 0;
            if again {
                return act::perform(app, Action::View);
            }
        }
        Target::Button(entry, button) => {
            let token = chat.messages.rows.get(entry).and_then(|entry| match &entry.said {
                Said::Card(card) => card.buttons().get(button).map(|button| button.token.clone()),
                Said::Person { .. } => None,
            });
            return token.map_or_else(Vec::new, |token| chat::press(app, token));
        }
        Target::Row(place) | Target::Tile(place) => {
            if let Some(list) = list(app) {
                let again = list.selected == place;
                list.selected = place;
                // A second click opens, except where that would start something.
                if again && matches!(target, Target::Tile(_)) {
                    return act::perform(app, Action::Open);
                }
            }
        }
    }
    Vec::new()
}

fn list(app: &mut App) -> Option<&mut List> {
    let screens = &mut app.screens;
    match app.tab {
        Tab::Chat => None,
        Tab::Queue => Some(&mut screens.queue),
        Tab::Gallery => Some(&mut screens.gallery.list),
        Tab::Wallet => Some(&mut screens.wallet.list),
        Tab::Users => Some(&mut screens.users.list),
        Tab::Jobs => Some(&mut screens.jobs.list),
        Tab::Ledger => Some(&mut screens.ledger.list),
        Tab::Audit => Some(&mut screens.audit.list),
    }
}
