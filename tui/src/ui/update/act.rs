//! Actions: those that mean the same everywhere, and the way to those that a place gives a meaning to.

use super::{admin, chat, lists, modal, undo};
use crate::ui::{
    Leave, Place,
    app::{App, Phase},
    keymap::{Action, Layer, of_layers},
    modals::{Ask, Choice, Command, Confirm, Deed, Help, Modal, Palette, Prompt},
    msg::{Cmd, Order},
    screens::{Focus, Tab},
};

/// Does it.
pub(super) fn perform(app: &mut App, action: Action) -> Vec<Cmd> {
    if !app.modals.is_empty() {
        return modal::act(app, action);
    }
    match action {
        Action::Quit => quit(app),
        Action::Help => {
            app.modals.push(Modal::Help(Help::new(place_name(app), &app.layers())));
            Vec::new()
        }
        Action::Palette => {
            app.modals.push(Modal::Palette(Palette::new(commands(app))));
            Vec::new()
        }
        Action::Go(tab) => go(app, tab),
        Action::GoTo(number) => match app.tabs().get(usize::from(number).wrapping_sub(1)) {
            Some(tab) => go(app, *tab),
            None => Vec::new(),
        },
        Action::NextTab => step(app, 1),
        Action::PreviousTab => step(app, app.tabs().len() - 1),
        Action::Undo => {
            undo(app);
            Vec::new()
        }
        Action::Refresh => load(app),
        Action::Search => search(app),
        Action::Verify => {
            app.tab = Tab::Ledger;
            admin::verify(app)
        }
        Action::Invite => vec![Cmd::Net(Order::Invite)],
        Action::NewConversation => {
            app.tab = Tab::Chat;
            app.screens.chat.begin();
            Vec::new()
        }
        Action::Attach => {
            app.tab = Tab::Chat;
            let prompt = Prompt::new("Attach a picture", "path of a PNG, JPEG, WebP or GIF", "", Ask::Attach);
            app.modals.push(Modal::Prompt(prompt));
            Vec::new()
        }
        _ => in_place(app, action),
    }
}

fn in_place(app: &mut App, action: Action) -> Vec<Cmd> {
    if app.phase == Phase::Login {
        return login(app, action);
    }
    match app.tab {
        Tab::Chat => chat::act(app, action),
        Tab::Queue => lists::queue(app, action),
        Tab::Gallery => lists::gallery(app, action),
        Tab::Wallet => lists::wallet(app, action),
        Tab::Users => admin::users(app, action),
        Tab::Jobs => admin::jobs(app, action),
        Tab::Ledger => admin::ledger(app, action),
        Tab::Audit => admin::audit(app, action),
    }
}

/// Shows a tab and loads what it shows.
pub(super) fn go(app: &mut App, tab: Tab) -> Vec<Cmd> {
    if !app.tabs().contains(&tab) {
        return Vec::new();
    }
    app.tab = tab;
    load(app)
}

fn step(app: &mut App, by: usize) -> Vec<Cmd> {
    let tabs = app.tabs();
    let place = tabs.iter().position(|tab| *tab == app.tab).unwrap_or(0);
    go(app, tabs[(place + by) % tabs.len()])
}

/// Loads what the tab shows.
pub(super) fn load(app: &mut App) -> Vec<Cmd> {
    if app.phase != Phase::Ready {
        return Vec::new();
    }
    match app.tab {
        Tab::Chat => chat::load(app),
        Tab::Queue => Vec::new(),
        Tab::Gallery => lists::load_gallery(app),
        Tab::Wallet => lists::load_wallet(app),
        Tab::Users | Tab::Jobs | Tab::Ledger | Tab::Audit => admin::load(app),
    }
}

fn search(app: &mut App) -> Vec<Cmd> {
    let (title, hint, start) = match app.tab {
        Tab::Chat => ("Find a conversation", "part of its name", String::new()),
        Tab::Gallery => {
            ("Search results", "part of the words, algorithm or id", app.screens.gallery.search.clone())
        }
        Tab::Queue | Tab::Wallet => return Vec::new(),
        Tab::Users => ("Find a member", "part of the name; empty for all", app.screens.users.search.clone()),
        Tab::Jobs => ("Jobs of one member", "name; empty for everybody's", app.screens.jobs.member.clone()),
        Tab::Ledger => ("Transfers of a member", "name", app.screens.ledger.member.clone()),
        Tab::Audit => {
            ("Filter the audit log", "how actions begin, such as credits.", app.screens.audit.prefix.clone())
        }
    };
    app.modals.push(Modal::Prompt(Prompt::new(title, hint, &start, Ask::Search)));
    Vec::new()
}

/// Leaves, or asks what shall become of work that an embedded daemon has not finished.
pub(super) fn quit(app: &mut App) -> Vec<Cmd> {
    let waiting = app.work.unfinished.len();
    if app.place != Some(Place::Embedded) || waiting == 0 {
        return vec![Cmd::Leave(Leave::Quit)];
    }
    let text = match waiting {
        1 => "One job has not finished.".to_owned(),
        _ => format!("{waiting} jobs have not finished."),
    };
    let choices = vec![
        Choice::new('k', "Keep serving in the background", vec![Cmd::Leave(Leave::KeepServing)]),
        Choice::destructive(
            's',
            "Stop; running work is queued again and goes on at the next start",
            vec![Cmd::Leave(Leave::Quit)],
        ),
        Choice::stay('c', "Stay"),
    ];
    app.modals.push(Modal::Confirm(Confirm::new("Leave Atelier?", text, choices)));
    Vec::new()
}

fn login(app: &mut App, action: Action) -> Vec<Cmd> {
    let form = &mut app.screens.login;
    match action {
        Action::NextField => form.next(false),
        Action::PreviousField => form.next(true),
        Action::SwitchLogin if form.can_register() => {
            form.registering = !form.registering;
            form.refusal = None;
            form.field = form.fields()[0];
        }
        Action::SwitchLogin => {
            form.refusal = Some("Accounts are opened by whoever runs this studio.".to_owned());
        }
        Action::Open if form.waiting => {}
        Action::Open if form.fields().last() != Some(&form.field) => form.next(false),
        Action::Open => {
            let name = form.name.value().trim().to_owned();
            let password = form.password.value().to_owned();
            if name.is_empty() || password.is_empty() {
                form.refusal = Some("Give a name and a password.".to_owned());
                return Vec::new();
            }
            form.waiting = true;
            form.refusal = None;
            let order = if form.registering {
                Order::Register(name, password, form.invitation.value().trim().to_owned())
            } else {
                Order::Login(name, password)
            };
            return vec![Cmd::Net(order)];
        }
        _ => {}
    }
    Vec::new()
}

fn place_name(app: &App) -> &'static str {
    match (&app.phase, app.tab, app.screens.chat.focus) {
        (Phase::Login, ..) => "Log in",
        (Phase::Failed { .. }, ..) => "Not connected",
        (_, Tab::Chat, Focus::Input) => "Chat, writing",
        (_, Tab::Chat, Focus::Cards) => "Chat, looking around",
        (_, Tab::Chat, Focus::Side) => "Conversations",
        (_, tab, _) => tab.title(),
    }
}

/// Every command that makes sense now, those of the place first.
fn commands(app: &App) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    if let Some(card) = app.screens.chat.card().filter(|_| app.tab == Tab::Chat) {
        commands.extend(card.buttons().iter().map(|button| Command {
            label: button.label.to_lowercase(),
            keys: button.key.map(String::from).unwrap_or_default(),
            deed: Deed::Press(button.token.clone()),
        }));
    }
    let mut layers = app.layers();
    if layers.first() == Some(&Layer::Typing) {
        // While typing the letters are words, but the palette can still do everything.
        layers = match app.screens.chat.card() {
            Some(_) => vec![Layer::Typing, Layer::Cards, Layer::Browse, Layer::Global],
            None => vec![Layer::Typing, Layer::Browse, Layer::Global],
        };
    }
    for binding in of_layers(&layers) {
        let wanted = !matches!(
            binding.action,
            Action::Move(_)
                | Action::GoTo(_)
                | Action::Palette
                | Action::Earlier
                | Action::Later
                | Action::Back
        );
        let deed = Deed::Action(binding.action);
        if wanted && !commands.iter().any(|command| command.deed == deed) {
            let keys = binding.keys.first().map(|key| key.name()).unwrap_or_default();
            commands.push(Command { label: binding.label.to_owned(), keys, deed });
        }
    }
    for (number, tab) in app.tabs().iter().enumerate() {
        commands.push(Command {
            label: format!("go to {}", tab.title()),
            keys: format!("{}", number + 1),
            deed: Deed::Action(Action::Go(*tab)),
        });
    }
    let mut anywhere =
        vec![(Action::NewConversation, "new conversation"), (Action::Attach, "attach a picture")];
    if app.tabs().contains(&Tab::Ledger) {
        anywhere.extend([(Action::Verify, "verify the ledger"), (Action::Invite, "make an invitation")]);
    }
    for (action, label) in anywhere {
        let deed = Deed::Action(action);
        if !commands.iter().any(|command| command.deed == deed) {
            commands.push(Command { label: label.to_owned(), keys: String::new(), deed });
        }
    }
    commands
}
