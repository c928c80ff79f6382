//! Talking: what is said, pressed and looked at.

use super::{delete_later, lists};
use crate::ui::{
    app::{App, Deletion, Phase},
    keymap::{Action, Motion},
    local::picture_path,
    modals::{Ask, Modal, Prompt, Shown, Viewer},
    model::{Card, Entry, Said},
    msg::{Act, Attachment, Cmd, Order},
    screens::Focus,
    text,
};

/// Most pictures that go with one message.
const ATTACHMENTS: usize = 8;

/// Does it here.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Cmd> {
    match (app.screens.chat.focus, action) {
        (_, Action::Send) => return send(app),
        (_, Action::NewLine) => app.screens.chat.editor.insert("\n"),
        (_, Action::Type) => app.screens.chat.focus = Focus::Input,
        (Focus::Input, Action::Back) => {
            app.screens.chat.changing = None;
            look_around(app);
        }
        (_, Action::Back) => app.screens.chat.focus = Focus::Input,
        (_, Action::Earlier) if blank(app) => choose_starter(app, false),
        (_, Action::Later) if blank(app) => choose_starter(app, true),
        (_, Action::Earlier) => drop(app.screens.chat.editor.up()),
        (_, Action::Later) => drop(app.screens.chat.editor.down()),
        (_, Action::ToggleSide) => toggle_side(app),
        (_, Action::Detach) => drop(app.screens.chat.attachments.pop()),
        (Focus::Input, Action::Edit) => {
            return vec![Cmd::Local(Act::Edit(app.screens.chat.editor.text().to_owned()))];
        }
        (Focus::Input, Action::Move(motion)) => return scroll(app, motion),
        (Focus::Side, _) => return side(app, action),
        (Focus::Cards | Focus::Input, _) => return cards(app, action),
    }
    Vec::new()
}

/// Loads the list of conversations and what is shown of one.
pub(super) fn load(app: &mut App) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    let mut cmds = vec![Cmd::Net(Order::Conversations(chat.conversations.ask()))];
    if chat.starters.is_empty() {
        cmds.push(Cmd::Net(Order::Starters));
    }
    cmds.extend(reload(app));
    cmds
}

/// Loads the newest page of the open conversation again.
pub(super) fn reload(app: &mut App) -> Option<Cmd> {
    let chat = &mut app.screens.chat;
    let id = chat.open.clone()?;
    chat.reaching_back = false;
    Some(Cmd::Net(Order::Messages(chat.messages.ask(), id, None)))
}

/// Follows every job whose progress is shown and is not followed yet.
pub(super) fn follow(app: &mut App) -> Vec<Cmd> {
    let followed = &mut app.work.followed;
    app.screens
        .chat
        .under_way()
        .filter(|(job, _)| followed.insert((*job).to_owned()))
        .map(|(job, last_event)| Cmd::Net(Order::Follow(job.to_owned(), last_event)))
        .collect()
}

/// Says what was written.
fn send(app: &mut App) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    if let Some(token) = chat.changing.clone().filter(|_| !chat.editor.text().trim().is_empty()) {
        return change(app, token);
    }
    if chat.editor.text().trim().is_empty() && chat.attachments.is_empty() {
        if chat.is_blank()
            && let Some(starter) = chat.starters.get(chat.starter)
        {
            chat.editor.set(starter);
        }
        return Vec::new();
    }
    if let Some(path) = picture_path(chat.editor.text()) {
        let words = chat.editor.take();
        return vec![Cmd::Local(Act::Inspect(path, Some(words)))];
    }
    if app.phase != Phase::Ready {
        app.say("Not connected yet; your words stay here.", true);
        return Vec::new();
    }
    if chat.talking {
        app.say("Still answering; your words stay here.", true);
        return Vec::new();
    }
    let text = chat.editor.take().trim().to_owned();
    let attachments = std::mem::take(&mut chat.attachments);
    let pictures = attachments.iter().map(|attachment| attachment.name.clone()).collect();
    chat.messages.rows.push(Entry {
        said_at: Some(app.clock.wall),
        said: Said::Person { text: text.clone(), pictures, by: None },
    });
    chat.talking = true;
    chat.scroll = 0;
    chat.beginning = chat.open.is_none();
    let attachments = attachments.into_iter().map(|attachment| attachment.path).collect();
    vec![Cmd::Net(Order::Say { conversation: chat.open.clone(), text, attachments })]
}

/// Says what to change to the button that asks for it.
fn change(app: &mut App, token: String) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    if app.phase != Phase::Ready || chat.talking {
        app.say("Not now; your words stay here. Try again in a moment.", true);
        return Vec::new();
    }
    let Some(conversation) = chat.open.clone() else { return Vec::new() };
    let text = chat.editor.take().trim().to_owned();
    let said = Said::Person { text: text.clone(), pictures: Vec::new(), by: None };
    chat.messages.rows.push(Entry { said_at: Some(app.clock.wall), said });
    (chat.changing, chat.talking, chat.scroll) = (None, true, 0);
    vec![Cmd::Net(Order::Press { conversation, token, text })]
}

/// Presses a button of a card. One that asks what to change has it written in the field below.
pub(super) fn press(app: &mut App, token: String) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    if chat.asks(&token) {
        (chat.changing, chat.focus) = (Some(token), Focus::Input);
        return Vec::new();
    }
    let Some(conversation) = chat.open.clone() else { return Vec::new() };
    if app.phase != Phase::Ready {
        app.say("Not connected yet; nothing was pressed.", true);
        return Vec::new();
    }
    chat.talking = true;
    chat.scroll = 0;
    vec![Cmd::Net(Order::Press { conversation, token, text: String::new() })]
}

/// A picture will go with the next words.
pub(super) fn attach(app: &mut App, attachment: Attachment) {
    let chat = &mut app.screens.chat;
    chat.focus = Focus::Input;
    if chat.attachments.len() >= ATTACHMENTS {
        app.say(format!("{ATTACHMENTS} pictures are the most that go with one message."), true);
    } else if !chat.attachments.contains(&attachment) {
        chat.attachments.push(attachment);
    }
}

/// Shows another conversation.
pub(super) fn show(app: &mut App, place: usize) -> Vec<Cmd> {
    let hidden = &app.hidden;
    let chat = &mut app.screens.chat;
    let shown = chat.conversations.rows.iter().filter(|row| !hidden.contains(&row.id)).nth(place);
    let Some(id) = shown.map(|row| row.id.clone()) else { return Vec::new() };
    chat.side.selected = place;
    chat.show(id);
    chat.focus = Focus::Input;
    reload(app).into_iter().collect()
}

/// Takes a sentence to begin with.
pub(super) fn take_starter(app: &mut App, place: usize) {
    let chat = &mut app.screens.chat;
    if let Some(starter) = chat.starters.get(place) {
        chat.starter = place;
        chat.editor.set(starter);
        chat.focus = Focus::Input;
    }
}

fn blank(app: &App) -> bool {
    let chat = &app.screens.chat;
    chat.is_blank() && chat.editor.is_empty() && !chat.starters.is_empty()
}

fn choose_starter(app: &mut App, next: bool) {
    let chat = &mut app.screens.chat;
    let last = chat.starters.len().saturating_sub(1);
    chat.starter = if next { (chat.starter + 1).min(last) } else { chat.starter.saturating_sub(1) };
}

/// From writing to the newest card that can be pressed.
fn look_around(app: &mut App) {
    let chat = &mut app.screens.chat;
    chat.focus = Focus::Cards;
    chat.selected = chat.messages.rows.len().saturating_sub(1);
    chat.button = 0;
    chat.reveal = true;
}

fn toggle_side(app: &mut App) {
    let chat = &mut app.screens.chat;
    match (chat.side_visible, chat.focus) {
        (true, Focus::Side) => {
            chat.side_shown = Some(false);
            chat.focus = Focus::Input;
        }
        _ => {
            chat.side_shown = Some(true);
            chat.focus = Focus::Side;
        }
    }
}

fn scroll(app: &mut App, motion: Motion) -> Vec<Cmd> {
    const PAGE: usize = 10;
    let chat = &mut app.screens.chat;
    chat.scroll = match motion {
        Motion::Up => chat.scroll + 3,
        Motion::PageUp => chat.scroll + PAGE,
        Motion::First => chat.scroll_most,
        Motion::Down => chat.scroll.saturating_sub(3),
        Motion::PageDown => chat.scroll.saturating_sub(PAGE),
        _ => 0,
    }
    .min(chat.scroll_most);
    reach_back(app)
}

/// At the top of what is there, fetches what was said before.
fn reach_back(app: &mut App) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    let at_top = chat.scroll >= chat.scroll_most || chat.selected == 0 && chat.focus == Focus::Cards;
    match (&chat.open, &chat.messages.next) {
        (Some(id), Some(page)) if at_top && !chat.messages.loading => {
            let (id, page) = (id.clone(), page.clone());
            chat.reaching_back = true;
            vec![Cmd::Net(Order::Messages(chat.messages.ask(), id, Some(page)))]
        }
        _ => Vec::new(),
    }
}

/// The wheel turns what is under it.
pub(super) fn wheel(app: &mut App, up: bool) -> Vec<Cmd> {
    scroll(app, if up { Motion::Up } else { Motion::Down })
}

fn side(app: &mut App, action: Action) -> Vec<Cmd> {
    let hidden = &app.hidden;
    let chat = &mut app.screens.chat;
    let shown: Vec<(String, String)> = chat
        .conversations
        .rows
        .iter()
        .filter(|row| !hidden.contains(&row.id))
        .map(|row| (row.id.clone(), row.title.clone()))
        .collect();
    let selected = shown.get(chat.side.selected).cloned();
    match (action, selected) {
        (Action::Move(Motion::Right), _) => look_around(app),
        (Action::Move(Motion::Left), _) => {}
        (Action::Move(motion), _) => chat.side.travel(motion, shown.len(), 1),
        (Action::Open, _) => return show(app, app.screens.chat.side.selected),
        (Action::Rename, Some((id, title))) => {
            let prompt =
                Prompt::new("Rename the conversation", "1 to 120 characters", &title, Ask::Rename(id));
            app.modals.push(Modal::Prompt(prompt));
        }
        (Action::Delete, Some((id, title))) => {
            if chat.open.as_ref() == Some(&id) {
                chat.begin();
                chat.focus = Focus::Side;
            }
            chat.side.clamp(shown.len().saturating_sub(1));
            let word = format!("“{}” will be deleted; its results stay.", text::fit(&title, 24));
            delete_later(app, Deletion::Conversation(id), &word);
        }
        _ => {}
    }
    Vec::new()
}

fn cards(app: &mut App, action: Action) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    let count = chat.messages.rows.len();
    match action {
        Action::Move(motion @ (Motion::PageUp | Motion::PageDown)) => return scroll(app, motion),
        Action::Move(Motion::Left) if chat.button > 0 => chat.button -= 1,
        Action::Move(Motion::Left) if chat.side_visible => chat.focus = Focus::Side,
        Action::Move(Motion::Left) => {}
        Action::Move(Motion::Right) => {
            let buttons = chat.card().map_or(0, |card| card.buttons().len());
            chat.button = (chat.button + 1).min(buttons.saturating_sub(1));
        }
        Action::Move(Motion::Down) if chat.selected + 1 >= count => chat.focus = Focus::Input,
        Action::Move(motion) => {
            chat.selected = match motion {
                Motion::Up => chat.selected.saturating_sub(1),
                Motion::Down => chat.selected + 1,
                Motion::First => 0,
                _ => count.saturating_sub(1),
            };
            chat.button = 0;
            chat.reveal = true;
            return reach_back(app);
        }
        Action::Open => {
            return match chat.pressed().map(|button| button.token.clone()) {
                Some(token) => press(app, token),
                None => cards(app, Action::View),
            };
        }
        Action::Copy => {
            let words = match chat.messages.rows.get(chat.selected).map(|entry| &entry.said) {
                Some(Said::Person { text, .. }) => text.clone(),
                Some(Said::Card(card)) => card.words(),
                None => return Vec::new(),
            };
            return vec![Cmd::Local(Act::Copy(words))];
        }
        _ => return on_job(app, action),
    }
    Vec::new()
}

/// What can be done with the job of the selected card.
fn on_job(app: &mut App, action: Action) -> Vec<Cmd> {
    let Some(job) = app.screens.chat.card().and_then(Card::job).cloned() else { return Vec::new() };
    let shown: Vec<Shown> = job
        .pictures
        .iter()
        .enumerate()
        .map(|(number, picture)| lists::shown(&job, picture, number))
        .collect();
    match action {
        Action::View if !shown.is_empty() => {
            app.modals.push(Modal::Viewer(Viewer { pictures: shown, index: 0 }));
            Vec::new()
        }
        Action::Save => shown.first().map_or_else(Vec::new, |shown| lists::ask_where(app, shown)),
        Action::OpenOutside => shown.first().map_or_else(Vec::new, lists::open_outside),
        Action::Edit => vec![Cmd::Local(Act::Edit(job.prompt()))],
        Action::Again => lists::again(app, &job, false),
        Action::Vary => lists::again(app, &job, true),
        Action::Cancel if !job.state.has_ended() => vec![Cmd::Net(Order::Cancel(job.id))],
        _ => Vec::new(),
    }
}
