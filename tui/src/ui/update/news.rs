//! What the connection says.

use super::{act, chat, lists};
use crate::ui::{
    app::{App, Link, Phase},
    modals::{Choice, Confirm, Modal},
    model::{Body, Card, Conversation, Entry, Fault, FaultKind, Job, JobState, Page},
    msg::{Act, Cmd, Done, FileFor, Net, Order, Ticket},
    screens::{Tab, Verifying},
    text,
};

/// The connection said something.
pub(super) fn heard(app: &mut App, net: Net) -> Vec<Cmd> {
    match net {
        Net::Connecting(line) => app.phase = Phase::Starting(line),
        Net::LoginNeeded(registration) => {
            app.phase = Phase::Login;
            app.screens.login.registration = Some(registration);
            app.screens.login.waiting = false;
        }
        Net::LoginRefused(why) => {
            app.screens.login.waiting = false;
            app.screens.login.refusal = Some(why);
        }
        Net::Connected(place) => {
            app.place = Some(place);
            app.phase = Phase::Ready;
            app.screens.login = Default::default();
            return refresh(app);
        }
        Net::ConnectFailed { text, over } => app.phase = Phase::Failed { text, over },
        Net::SignedOut(text) => app.phase = Phase::Failed { text, over: true },
        Net::LinkUp => return link_up(app),
        Net::LinkLost(why) => link_lost(app, why),
        Net::Me(me, studio) => {
            app.studio = studio;
            app.me = Some(me);
            if !app.tabs().contains(&app.tab) {
                app.tab = Tab::Chat;
            }
        }
        Net::Unfinished(jobs) => {
            app.work.progress.retain(|id, _| jobs.iter().any(|job| job.id == *id));
            app.work.unfinished = jobs;
            app.work.loaded = true;
        }
        Net::JobChanged(job) => return job_changed(app, &job),
        Net::JobProgress(id, mut progress) => {
            if let Some(preview) = progress.preview.take() {
                app.pictures.preview(&id, preview);
            }
            app.work.progress.insert(id, progress);
        }
        Net::Starters(starters) => app.screens.chat.starters = starters,
        Net::Conversations(ticket, answer) => {
            app.screens.chat.conversations.answer(ticket, answer, false);
        }
        Net::ConversationBegun(conversation) => begun(app, conversation),
        Net::Messages(ticket, id, answer) => return messages(app, ticket, &id, answer),
        Net::Card(id, card) => return card_came(app, &id, card),
        Net::TalkEnded(id, answer) => return talk_ended(app, &id, answer),
        Net::Bytes(source, answer) => app.pictures.fetched(source, answer),
        Net::File(purpose, answer) => return file(app, purpose, answer),
        Net::Done(answer) => return done(app, answer),
        other => lists_came(app, other),
    }
    Vec::new()
}

/// Answers to the questions of lists.
fn lists_came(app: &mut App, net: Net) {
    let screens = &mut app.screens;
    match net {
        Net::Wallet(Ok(wallet)) => {
            app.wallet = Some(wallet);
            screens.wallet.fault = None;
        }
        Net::Wallet(Err(fault)) => screens.wallet.fault = Some(fault),
        Net::Results(ticket, more, answer) => {
            screens.gallery.jobs.answer(ticket, answer, more);
            let count = screens.gallery.tiles(&app.hidden).count();
            screens.gallery.list.clamp(count);
        }
        Net::Transfers(ticket, more, answer) => {
            screens.wallet.transfers.answer(ticket, answer, more);
            screens.wallet.list.clamp(screens.wallet.transfers.rows.len());
        }
        Net::Members(ticket, more, answer) => {
            screens.users.members.answer(ticket, answer, more);
            screens.users.list.clamp(screens.users.members.rows.len());
        }
        Net::AllJobs(ticket, more, answer) => {
            screens.jobs.jobs.answer(ticket, answer, more);
            screens.jobs.list.clamp(screens.jobs.jobs.rows.len());
        }
        Net::MemberTransfers(ticket, more, answer) => {
            screens.ledger.transfers.answer(ticket, answer, more);
            screens.ledger.list.clamp(screens.ledger.transfers.rows.len());
        }
        Net::Audit(ticket, more, answer) => {
            screens.audit.entries.answer(ticket, answer, more);
            screens.audit.list.clamp(screens.audit.entries.rows.len());
        }
        Net::Verified(Ok(verification)) => screens.ledger.verifying = Verifying::Done(verification),
        Net::Verified(Err(fault)) => screens.ledger.verifying = Verifying::Failed(fault),
        _ => {}
    }
}

/// Everything that is always shown, and what the tab shows.
fn refresh(app: &mut App) -> Vec<Cmd> {
    let mut cmds = vec![Cmd::Net(Order::Wallet)];
    if app.tab != Tab::Chat {
        cmds.extend(chat::load(app));
    }
    cmds.extend(act::load(app));
    cmds
}

fn link_up(app: &mut App) -> Vec<Cmd> {
    let was_lost = matches!(app.link, Link::Lost { .. });
    app.link = Link::Up;
    if !was_lost {
        return Vec::new();
    }
    // What was said while nobody listened is in the conversation; previews are followed by their own streams.
    app.pictures.try_again();
    app.screens.chat.talking = false;
    refresh(app)
}

fn link_lost(app: &mut App, why: String) {
    let since = match app.link {
        Link::Lost { since, .. } => since,
        Link::Up => app.clock.mono,
    };
    app.link = Link::Lost { since, why };
}

fn job_changed(app: &mut App, job: &Job) -> Vec<Cmd> {
    let unfinished = &mut app.work.unfinished;
    let known = unfinished.iter().position(|other| other.id == job.id);
    let mut cmds = Vec::new();
    if job.state.has_ended() {
        if let Some(place) = known {
            unfinished.remove(place);
            cmds.push(Cmd::Net(Order::Wallet));
            if app.tab == Tab::Gallery || app.screens.gallery.jobs.loaded {
                cmds.extend(lists::load_gallery(app));
            }
            ended(app, job);
        }
        app.screens.queue.clamp(app.work.unfinished.len());
        app.work.progress.remove(&job.id);
        app.work.followed.remove(&job.id);
        // Whoever said it may be gone, so the card of the end is fetched.
        if app.screens.chat.under_way().any(|(id, _)| id == job.id) && !app.screens.chat.messages.loading {
            cmds.extend(chat::reload(app));
        }
    } else {
        match known {
            Some(place) => {
                // A place in the queue says nothing of a job that runs, and the other way round.
                if unfinished[place].state != job.state {
                    app.work.progress.remove(&job.id);
                }
                unfinished[place] = job.clone();
            }
            None => unfinished.push(job.clone()),
        }
    }
    for entry in &mut app.screens.chat.messages.rows {
        if let crate::ui::model::Said::Card(Card { body: Body::Progress { job: shown, .. }, .. }) =
            &mut entry.said
            && shown.id == job.id
        {
            shown.clone_from(job);
        }
    }
    cmds
}

/// Says that a job has ended to somebody who looks elsewhere.
fn ended(app: &mut App, job: &Job) {
    if app.tab == Tab::Chat
        || app.me.as_ref().is_some_and(|me| !job.member.is_empty() && job.member != me.name)
    {
        return;
    }
    let name = text::fit(&job.headline(), 40);
    match job.state {
        JobState::Succeeded => app.say(format!("{name} is ready."), false),
        JobState::Failed => app.say(format!("{name} failed; no credits were taken."), true),
        _ => {}
    }
}

fn begun(app: &mut App, conversation: Conversation) {
    let chat = &mut app.screens.chat;
    if chat.beginning {
        chat.beginning = false;
        chat.open = Some(conversation.id.clone());
        chat.messages.loaded = true;
    }
    chat.conversations.rows.retain(|row| row.id != conversation.id);
    chat.conversations.rows.insert(0, conversation);
    chat.side.selected = 0;
}

fn messages(app: &mut App, ticket: Ticket, id: &str, answer: Result<Page<Entry>, Fault>) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    if chat.open.as_deref() != Some(id) {
        return Vec::new();
    }
    if matches!(&answer, Err(fault) if fault.kind == FaultKind::NotFound) {
        // Deleted elsewhere, or kept from another studio.
        chat.begin();
        return Vec::new();
    }
    let back = chat.reaching_back;
    let newer = if back { std::mem::take(&mut chat.messages.rows) } else { Vec::new() };
    let count = chat.messages.rows.len();
    if !chat.messages.answer(ticket, answer, false) {
        if back {
            chat.messages.rows = newer;
        }
        return Vec::new();
    }
    if back {
        chat.reaching_back = false;
        chat.selected += chat.messages.rows.len().saturating_sub(count);
        chat.messages.rows.extend(newer);
    }
    chat.fold();
    chat.selected = chat.selected.min(chat.messages.rows.len().saturating_sub(1));
    chat::follow(app)
}

fn card_came(app: &mut App, id: &str, card: Card) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    if chat.open.as_deref() != Some(id) {
        return Vec::new();
    }
    chat.talking = false;
    let at_end = chat.selected + 1 >= chat.messages.rows.len();
    chat.put(card);
    if at_end {
        chat.selected = chat.messages.rows.len() - 1;
    }
    chat::follow(app)
}

fn talk_ended(app: &mut App, id: &str, answer: Result<(), Fault>) -> Vec<Cmd> {
    let chat = &mut app.screens.chat;
    // An empty id is a conversation that could not be begun.
    if !(chat.open.as_deref() == Some(id) || id.is_empty() && chat.beginning) {
        return Vec::new();
    }
    chat.talking = false;
    match answer {
        Ok(()) => vec![Cmd::Net(Order::Conversations(chat.conversations.ask()))],
        Err(fault) if fault.kind == FaultKind::Unreachable => {
            app.say("The answer was cut off; it is loaded again when the connection stands.", true);
            Vec::new()
        }
        Err(fault) => {
            let advice = fault.advice();
            let body = Body::Error { text: fault.text, advice, charged: false, buttons: Vec::new() };
            chat.put(Card { id: String::new(), body });
            Vec::new()
        }
    }
}

fn file(app: &mut App, purpose: FileFor, answer: Result<std::sync::Arc<[u8]>, Fault>) -> Vec<Cmd> {
    match (purpose, answer) {
        (FileFor::Save(path), Ok(bytes)) => vec![Cmd::Local(Act::Write(path, bytes))],
        (FileFor::Open(name), Ok(bytes)) => vec![Cmd::Local(Act::View(name, bytes))],
        (_, Err(fault)) => {
            app.say(format!("{} {}", fault.text, fault.advice()), true);
            Vec::new()
        }
    }
}

fn done(app: &mut App, answer: Result<Done, Fault>) -> Vec<Cmd> {
    match answer {
        Ok(Done::Word(word)) => app.say(word, false),
        Ok(Done::Members(word) | Done::Jobs(word)) => {
            app.say(word, false);
            if matches!(app.tab, Tab::Users | Tab::Jobs | Tab::Chat) {
                return act::load(app);
            }
        }
        Ok(Done::Secret(title, secret)) => {
            let choices = vec![
                Choice::new('y', "Copy it", vec![Cmd::Local(Act::Copy(secret.clone()))]),
                Choice::stay('c', "Close"),
            ];
            let text = format!("{secret}\n\nIt is shown this once.");
            app.modals.push(Modal::Confirm(Confirm::new(&title, text, choices)));
        }
        Err(fault) => {
            // Deletions that were refused are shown again.
            app.hidden.clear();
            app.say(format!("{} {}", fault.text, fault.advice()), true);
        }
    }
    Vec::new()
}
