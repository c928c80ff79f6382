//! Members, everybody's jobs, the ledger and the audit log.

use crate::ui::{
    app::App,
    keymap::Action,
    modals::{Ask, Choice, Confirm, Modal, Prompt},
    model::{JobState, Role},
    msg::{Act, Cmd, Order},
    screens::{Tab, Verifying},
    text,
};

/// Loads what the tab shows.
pub(super) fn load(app: &mut App) -> Vec<Cmd> {
    let screens = &mut app.screens;
    match app.tab {
        Tab::Users => {
            let search = screens.users.search.clone();
            vec![Cmd::Net(Order::Members(screens.users.members.ask(), search, None))]
        }
        Tab::Jobs => {
            let (state, member) = (screens.jobs.state, screens.jobs.member.clone());
            vec![Cmd::Net(Order::AllJobs(screens.jobs.jobs.ask(), state, member, None))]
        }
        Tab::Ledger if !screens.ledger.member.is_empty() => {
            let member = screens.ledger.member.clone();
            vec![Cmd::Net(Order::MemberTransfers(screens.ledger.transfers.ask(), member, None))]
        }
        Tab::Audit => {
            let prefix = screens.audit.prefix.clone();
            vec![Cmd::Net(Order::Audit(screens.audit.entries.ask(), prefix, None))]
        }
        _ => Vec::new(),
    }
}

/// Does it among members.
pub(super) fn users(app: &mut App, action: Action) -> Vec<Cmd> {
    let users = &mut app.screens.users;
    if let Action::Move(motion) = action {
        users.list.travel(motion, users.members.rows.len(), 1);
        return match users.members.wants_more(users.list.selected) {
            Some(page) => {
                let search = users.search.clone();
                vec![Cmd::Net(Order::Members(users.members.ask(), search, Some(page)))]
            }
            None => Vec::new(),
        };
    }
    let Some(row) = users.members.rows.get(users.list.selected) else { return Vec::new() };
    let (name, role, suspended) = (row.member.name.clone(), row.member.role, row.member.suspended);
    match action {
        Action::Open => {
            app.tab = Tab::Ledger;
            app.screens.ledger.member = name;
            app.screens.ledger.list.selected = 0;
            return load(app);
        }
        Action::Adjust => {
            let title = format!("Credits of {name}: {} now", text::number(row.available));
            let prompt = Prompt::new(title, "+500 for the workshop", "", Ask::Adjust(name));
            app.modals.push(Modal::Prompt(prompt));
        }
        Action::ChangeRole => {
            let mut choices: Vec<Choice> = Role::GIVEN
                .iter()
                .zip(['m', 'o', 'a', 'b'])
                .filter(|(other, _)| **other != role)
                .map(|(other, key)| {
                    Choice::new(key, other.word(), vec![Cmd::Net(Order::SetRole(name.clone(), *other))])
                })
                .collect();
            choices.push(Choice::stay('n', "leave it"));
            let text = format!("{name} is {} now.", role.word());
            app.modals.push(Modal::Confirm(Confirm::new("Another role", text, choices)));
        }
        Action::Suspend => {
            let title =
                if suspended { format!("End {name}'s suspension") } else { format!("Suspend {name}") };
            let ask = Ask::Suspend(name, !suspended);
            app.modals.push(Modal::Prompt(Prompt::new(title, "why, for the audit log", "", ask)));
        }
        Action::ResetPassword => {
            let reset = vec![Cmd::Net(Order::ResetPassword(name.clone()))];
            let text =
                format!("Every session of {name} ends, and a code to set a new password is shown once.");
            let choices =
                vec![Choice::destructive('y', "Make the code", reset), Choice::stay('n', "Not now")];
            app.modals.push(Modal::Confirm(Confirm::new("A new password", text, choices)));
        }
        _ => {}
    }
    Vec::new()
}

/// Does it among everybody's jobs.
pub(super) fn jobs(app: &mut App, action: Action) -> Vec<Cmd> {
    let screen = &mut app.screens.jobs;
    match action {
        Action::Move(motion) => {
            screen.list.travel(motion, screen.jobs.rows.len(), 1);
            return match screen.jobs.wants_more(screen.list.selected) {
                Some(page) => {
                    let (state, member) = (screen.state, screen.member.clone());
                    vec![Cmd::Net(Order::AllJobs(screen.jobs.ask(), state, member, Some(page)))]
                }
                None => Vec::new(),
            };
        }
        Action::Filter => {
            screen.state = screen.next_state();
            screen.list.selected = 0;
            return load(app);
        }
        _ => {}
    }
    let Some(job) = screen.jobs.rows.get(screen.list.selected).cloned() else { return Vec::new() };
    match action {
        Action::Copy => return vec![Cmd::Local(Act::Copy(job.id))],
        Action::RetryForMember if matches!(job.state, JobState::Failed | JobState::Cancelled) => {
            return vec![Cmd::Net(Order::RetryMemberJob(job.id))];
        }
        Action::RetryForMember => app.say("Only a failed or cancelled job can be run again here.", true),
        Action::Refund if job.refunded => app.say("Its price was given back already.", true),
        Action::Refund if job.state == JobState::Succeeded => {
            let title = format!("Give {} back to {}", text::credits(job.charged), job.member);
            let prompt = Prompt::new(title, "why, for the member and the audit log", "", Ask::Refund(job.id));
            app.modals.push(Modal::Prompt(prompt));
        }
        Action::Refund => app.say("Nothing was charged for this job.", true),
        Action::Cancel if job.state.has_ended() => app.say("This job has ended.", true),
        Action::Cancel => {
            let choices = vec![
                Choice::destructive('y', "End it", vec![Cmd::Net(Order::Cancel(job.id.clone()))]),
                Choice::stay('n', "Let it go on"),
            ];
            let text = format!("{} of {}. Its credits go back.", text::fit(&job.headline(), 100), job.member);
            app.modals.push(Modal::Confirm(Confirm::new("End this job?", text, choices)));
        }
        _ => {}
    }
    Vec::new()
}

/// Does it in the ledger.
pub(super) fn ledger(app: &mut App, action: Action) -> Vec<Cmd> {
    let screen = &mut app.screens.ledger;
    match action {
        Action::Move(motion) => {
            screen.list.travel(motion, screen.transfers.rows.len(), 1);
            if let Some(page) = screen.transfers.wants_more(screen.list.selected) {
                let member = screen.member.clone();
                return vec![Cmd::Net(Order::MemberTransfers(screen.transfers.ask(), member, Some(page)))];
            }
            Vec::new()
        }
        Action::Open => verify(app),
        Action::Copy => screen
            .transfers
            .rows
            .get(screen.list.selected)
            .map(|transfer| Cmd::Local(Act::Copy(transfer.reference.clone())))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Replays the ledger.
pub(super) fn verify(app: &mut App) -> Vec<Cmd> {
    let verifying = &mut app.screens.ledger.verifying;
    if matches!(verifying, Verifying::Running) {
        return Vec::new();
    }
    *verifying = Verifying::Running;
    vec![Cmd::Net(Order::Verify)]
}

/// Does it in the audit log.
pub(super) fn audit(app: &mut App, action: Action) -> Vec<Cmd> {
    let screen = &mut app.screens.audit;
    match action {
        Action::Move(motion) => {
            screen.list.travel(motion, screen.entries.rows.len(), 1);
            if let Some(page) = screen.entries.wants_more(screen.list.selected) {
                let prefix = screen.prefix.clone();
                return vec![Cmd::Net(Order::Audit(screen.entries.ask(), prefix, Some(page)))];
            }
            Vec::new()
        }
        Action::Copy => screen
            .entries
            .rows
            .get(screen.list.selected)
            .map(|entry| {
                let words = format!("{} {} {} {}", entry.number, entry.actor, entry.action, entry.entity);
                Cmd::Local(Act::Copy(words))
            })
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}
