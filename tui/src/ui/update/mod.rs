//! Decides what changes and what is to be done when something happens. Synchronous, without IO, without a clock.

mod act;
mod admin;
mod chat;
mod input;
mod lists;
mod modal;
mod mouse;
mod news;

use super::{
    app::{App, Deletion, Toast, UNDO},
    model::Clock,
    msg::{Cmd, LocalNews, Msg, Order, PictureNews},
    screens::{Focus, Tab},
    theme::Theme,
};

/// Something happened: changes the interface and says what is to be done.
pub(crate) fn update(app: &mut App, msg: Msg) -> Vec<Cmd> {
    match msg {
        Msg::Tick(clock) => tick(app, clock),
        Msg::Terminal(event) => input::event(app, event),
        Msg::Net(net) => news::heard(app, net),
        Msg::Picture(news) => {
            if let PictureNews::Probed { light, .. } = &news {
                app.theme = Theme::choose(app.theme_choice, light.unwrap_or(false), app.colour);
            }
            app.pictures.hear(news);
            Vec::new()
        }
        Msg::Local(news) => {
            local(app, news);
            Vec::new()
        }
        Msg::Drawn => app.pictures.demands(),
    }
}

fn tick(app: &mut App, clock: Clock) -> Vec<Cmd> {
    app.clock = clock;
    let (gone, staying): (Vec<Toast>, Vec<Toast>) =
        std::mem::take(&mut app.toasts).into_iter().partition(|toast| toast.until <= clock.mono);
    app.toasts = staying;
    gone.into_iter().filter_map(|toast| toast.deletion).map(|deletion| delete(app, &deletion)).collect()
}

/// Hides something and deletes it unless that is taken back.
fn delete_later(app: &mut App, deletion: Deletion, text: &str) {
    app.hidden.push(deletion.id().to_owned());
    let until = app.clock.mono + UNDO;
    app.toast(Toast { text: format!("{text}  u undo"), bad: false, until, deletion: Some(deletion) });
}

/// Takes the newest deletion back.
fn undo(app: &mut App) {
    let Some(place) = app.toasts.iter().rposition(|toast| toast.deletion.is_some()) else { return };
    if let Some(deletion) = app.toasts.remove(place).deletion {
        app.hidden.retain(|id| id != deletion.id());
        app.say("Taken back.", false);
    }
}

/// What is still waiting to be deleted when the interface is left.
pub(crate) fn settle(app: &mut App) -> Vec<Cmd> {
    let waiting: Vec<Deletion> = app.toasts.drain(..).filter_map(|toast| toast.deletion).collect();
    waiting.iter().map(|deletion| delete(app, deletion)).collect()
}

fn delete(app: &mut App, deletion: &Deletion) -> Cmd {
    match deletion {
        Deletion::Job(id) => {
            app.screens.gallery.jobs.rows.retain(|job| job.id != *id);
            Cmd::Net(Order::DeleteJob(id.clone()))
        }
        Deletion::Conversation(id) => {
            app.screens.chat.conversations.rows.retain(|conversation| conversation.id != *id);
            Cmd::Net(Order::DeleteConversation(id.clone()))
        }
    }
}

fn local(app: &mut App, news: LocalNews) {
    match news {
        LocalNews::Edited(text) => {
            app.tab = Tab::Chat;
            app.screens.chat.focus = Focus::Input;
            app.screens.chat.editor.set(&text);
        }
        LocalNews::Attachable(attachment) => chat::attach(app, attachment),
        LocalNews::NotAttachable(_, Some(words)) => app.screens.chat.editor.insert(&words),
        LocalNews::NotAttachable(why, None) | LocalNews::Trouble(why) => app.say(why, true),
        LocalNews::Word(word) => app.say(word, false),
    }
}
