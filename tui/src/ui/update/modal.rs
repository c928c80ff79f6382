//! What the top modal does with an action.

use super::{act, admin, chat, lists};
use crate::ui::{
    app::App,
    keymap::{Action, Motion},
    modals::{Ask, Deed, Modal, Prompt, parse_adjustment},
    msg::{Act, Cmd, FileFor, Order},
    screens::Tab,
};

/// Does it in the top modal.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Cmd> {
    let Some(modal) = app.modals.last_mut() else { return Vec::new() };
    match (modal, action) {
        (_, Action::Back) => {
            app.modals.pop();
            Vec::new()
        }
        (Modal::Help(help), Action::Move(motion)) => {
            help.scroll = match motion {
                Motion::Up => help.scroll.saturating_sub(1),
                _ => help.scroll + 1,
            };
            Vec::new()
        }
        (Modal::Palette(palette), Action::Move(motion)) => {
            palette.selected = turn(palette.selected, palette.found.len(), motion);
            Vec::new()
        }
        (Modal::Palette(palette), Action::Open) => match palette.attachment().map(str::to_owned) {
            Some(path) => {
                app.modals.pop();
                vec![Cmd::Local(Act::Inspect(path.into(), None))]
            }
            None => {
                let place = palette.selected;
                choose(app, place)
            }
        },
        (Modal::Confirm(confirm), Action::Move(motion)) => {
            confirm.selected = turn(confirm.selected, confirm.choices.len(), motion);
            Vec::new()
        }
        (Modal::Confirm(confirm), Action::Open) => {
            let place = confirm.selected;
            answer(app, place)
        }
        (Modal::Viewer(viewer), Action::Move(motion)) => {
            viewer.index = turn(viewer.index, viewer.pictures.len(), motion);
            Vec::new()
        }
        (Modal::Viewer(viewer), Action::Save | Action::OpenOutside | Action::Copy) => {
            let Some(shown) = viewer.shown().cloned() else { return Vec::new() };
            match action {
                Action::Save => lists::ask_where(app, &shown),
                Action::OpenOutside => lists::open_outside(&shown),
                _ => vec![Cmd::Local(Act::Copy(shown.job_id))],
            }
        }
        (Modal::Prompt(_), Action::Open) => submit(app),
        _ => Vec::new(),
    }
}

/// Gives the answer at this place of the top question.
pub(super) fn answer(app: &mut App, place: usize) -> Vec<Cmd> {
    match app.modals.pop() {
        Some(Modal::Confirm(mut confirm)) if place < confirm.choices.len() => {
            confirm.choices.swap_remove(place).cmds
        }
        _ => Vec::new(),
    }
}

/// Gives the answer with this key, if the top question has one.
pub(super) fn answer_with(app: &mut App, letter: char) -> Option<Vec<Cmd>> {
    let Some(Modal::Confirm(confirm)) = app.modals.last() else { return None };
    let place = confirm.choices.iter().position(|choice| choice.key == letter)?;
    Some(answer(app, place))
}

/// Does the command at this place of what the palette found.
pub(super) fn choose(app: &mut App, place: usize) -> Vec<Cmd> {
    let Some(Modal::Palette(palette)) = app.modals.pop() else { return Vec::new() };
    let Some(command) = palette.found.get(place).map(|found| &palette.commands[*found]) else {
        return Vec::new();
    };
    match &command.deed {
        Deed::Action(action) => act::perform(app, *action),
        Deed::Press(token) => chat::press(app, token.clone()),
    }
}

fn turn(place: usize, count: usize, motion: Motion) -> usize {
    match motion {
        _ if count == 0 => 0,
        Motion::Up | Motion::Left => (place + count - 1) % count,
        _ => (place + 1) % count,
    }
}

/// Takes the line of the top prompt, or says why it can't be taken.
fn submit(app: &mut App) -> Vec<Cmd> {
    let Some(Modal::Prompt(prompt)) = app.modals.last_mut() else { return Vec::new() };
    match order(prompt) {
        Err(refusal) => {
            prompt.refusal = Some(refusal.to_owned());
            Vec::new()
        }
        Ok(None) => {
            let words = prompt.input.value().trim().to_owned();
            app.modals.pop();
            search(app, words)
        }
        Ok(Some(cmd)) => {
            app.modals.pop();
            vec![cmd]
        }
    }
}

/// What the line means; nothing when it is a search in the place below.
fn order(prompt: &Prompt) -> Result<Option<Cmd>, &'static str> {
    let words = prompt.input.value().trim();
    let given = |refusal| if words.is_empty() { Err(refusal) } else { Ok(words.to_owned()) };
    let order = match &prompt.ask {
        Ask::Search => return Ok(None),
        Ask::Attach => {
            return Ok(Some(Cmd::Local(Act::Inspect(given("Type the path of a picture.")?.into(), None))));
        }
        Ask::Rename(id) => Order::Rename(id.clone(), given("A conversation needs a name.")?),
        Ask::Adjust(member) => {
            let (change, reason) = parse_adjustment(words)?;
            Order::Adjust(member.clone(), change, reason)
        }
        Ask::Suspend(member, suspended) => {
            Order::Suspend(member.clone(), *suspended, given("Say why; it goes into the audit log.")?)
        }
        Ask::Refund(job) => Order::Refund(job.clone(), given("Say why; the member will see it.")?),
        Ask::Save(asset) => {
            Order::File(FileFor::Save(given("Type where to keep it.")?.into()), asset.clone())
        }
    };
    Ok(Some(Cmd::Net(order)))
}

fn search(app: &mut App, words: String) -> Vec<Cmd> {
    let screens = &mut app.screens;
    match app.tab {
        Tab::Chat => {
            let wanted = words.to_lowercase();
            let mut rows = screens.chat.conversations.rows.iter().filter(|row| !app.hidden.contains(&row.id));
            return match rows.position(|row| row.title.to_lowercase().contains(&wanted)) {
                Some(place) => chat::show(app, place),
                None => {
                    app.say("No conversation has that in its name.", true);
                    Vec::new()
                }
            };
        }
        Tab::Gallery => {
            screens.gallery.search = words;
            screens.gallery.list.selected = 0;
            return lists::more_results(app);
        }
        Tab::Users => {
            screens.users.search = words;
            screens.users.list.selected = 0;
        }
        Tab::Jobs => {
            screens.jobs.member = words;
            screens.jobs.list.selected = 0;
        }
        Tab::Ledger => {
            screens.ledger.member = words;
            screens.ledger.list.selected = 0;
        }
        Tab::Audit => {
            screens.audit.prefix = words;
            screens.audit.list.selected = 0;
        }
        Tab::Queue | Tab::Wallet => {}
    }
    admin::load(app)
}
