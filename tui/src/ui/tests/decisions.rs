//! What keys and clicks lead to in the places other than the chat.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use super::{Probe, fixtures};
use crate::ui::{
    app::Target,
    keymap::Motion,
    model::{JobState, Role},
    msg::{Act, Cmd, Done, FileFor, LocalNews, Msg, Net, Order},
    screens::{List, Tab},
};

fn gallery() -> Probe {
    let mut probe = Probe::member();
    probe.keys("<Esc>3");
    let asked = probe.app.screens.gallery.jobs.ask();
    probe.net(Net::Results(asked, false, Ok(fixtures::results())));
    probe.screen(80, 24);
    probe.wanted();
    probe
}

fn users() -> Probe {
    let mut probe = Probe::admin();
    probe.keys("<Esc>5");
    let asked = probe.app.screens.users.members.ask();
    probe.net(Net::Members(asked, false, Ok(fixtures::members())));
    probe.wanted();
    probe
}

fn jobs() -> Probe {
    let mut probe = Probe::admin();
    probe.keys("<Esc>6");
    let asked = probe.app.screens.jobs.jobs.ask();
    probe.net(Net::AllJobs(asked, false, Ok(fixtures::all_jobs())));
    probe.wanted();
    probe
}

#[test]
fn a_deletion_can_be_taken_back() {
    let id = fixtures::results().rows[0].id.clone();
    let mut probe = gallery();
    probe.keys("d").at(4_900);
    assert!(probe.orders().is_empty(), "it waits");
    assert_eq!(probe.app.screens.gallery.tiles(&probe.app.hidden).count(), 5);
    probe.keys("u").at(60_000);
    assert!(probe.orders().is_empty(), "it was taken back");
    assert_eq!(probe.app.screens.gallery.tiles(&probe.app.hidden).count(), 6);

    let mut probe = gallery();
    probe.keys("d").at(5_000);
    assert_eq!(probe.orders(), [Order::DeleteJob(id.clone())]);

    let mut probe = gallery();
    probe.keys("d");
    assert_eq!(crate::ui::update::settle(&mut probe.app), [Cmd::Net(Order::DeleteJob(id))]);
}

#[test]
fn what_costs_more_than_runs_unasked_is_asked_for() {
    let job = fixtures::results().rows[0].clone();
    let mut probe = gallery();
    probe.keys("v");
    assert!(probe.orders().is_empty());
    probe.keys("y");
    assert_eq!(probe.orders(), [Order::Again(job.id.clone(), true)]);
    let mut probe = gallery();
    probe.keys("rn");
    assert!(probe.orders().is_empty());
    let mut probe = gallery();
    probe.net(Net::Wallet(Ok(crate::ui::model::Wallet { auto_confirm: 20, ..fixtures::wallet() })));
    probe.keys("r");
    assert_eq!(probe.orders(), [Order::Again(job.id, false)]);
}

#[test]
fn results_are_saved_opened_copied_and_edited() {
    let job = fixtures::results().rows[0].clone();
    let asset = job.pictures[0].asset_id.clone();
    let name = "atelier-000000000001.jpg";
    for (keys, wanted) in [
        ("s<Enter>", Cmd::Net(Order::File(FileFor::Save(format!("./{name}").into()), asset.clone()))),
        ("o", Cmd::Net(Order::File(FileFor::Open(name.to_owned()), asset.clone()))),
        ("<Enter>o", Cmd::Net(Order::File(FileFor::Open(name.to_owned()), asset))),
        ("y", Cmd::Local(Act::Copy(job.id.clone()))),
        ("e", Cmd::Local(Act::Edit(job.prompt()))),
    ] {
        let mut probe = gallery();
        probe.keys(keys);
        assert_eq!(probe.wanted(), [wanted], "{keys}");
    }
    let mut probe = gallery();
    probe.net(Net::File(FileFor::Save("x.jpg".into()), Ok(super::bytes("x"))));
    assert_eq!(probe.wanted(), [Cmd::Local(Act::Write("x.jpg".into(), super::bytes("x")))]);
    probe.send(Msg::Local(LocalNews::Edited("other words".to_owned())));
    assert_eq!((probe.app.tab, probe.app.screens.chat.editor.text()), (Tab::Chat, "other words"));
}

#[test]
fn members_are_run() {
    for (keys, wanted) in [
        ("jc+50 thanks<Enter>", Some(Order::Adjust("ben".to_owned(), 50, "thanks".to_owned()))),
        ("jc50<Enter>", None),
        ("jpo", Some(Order::SetRole("ben".to_owned(), Role::Moderator))),
        ("jpn", None),
        ("jzspam<Enter>", Some(Order::Suspend("ben".to_owned(), true, "spam".to_owned()))),
        ("jjjzsorry<Enter>", Some(Order::Suspend("mallory".to_owned(), false, "sorry".to_owned()))),
        ("jwy", Some(Order::ResetPassword("ben".to_owned()))),
        ("jwn", None),
        ("n", Some(Order::Invite)),
    ] {
        let mut probe = users();
        probe.keys(keys);
        assert_eq!(probe.orders().pop(), wanted, "{keys}");
    }
    let mut probe = users();
    probe.keys("j<Enter>");
    assert_eq!((probe.app.tab, probe.app.screens.ledger.member.as_str()), (Tab::Ledger, "ben"));
    let mut probe = users();
    probe.keys("/noo<Enter>");
    assert!(matches!(probe.orders().pop(), Some(Order::Members(_, search, None)) if search == "noo"));
}

#[test]
fn secrets_are_shown_until_closed() {
    let mut probe = users();
    probe.net(Net::Done(Ok(Done::Secret("Code for ben".to_owned(), "K4-9P".to_owned()))));
    assert!(probe.screen(80, 24).contains("K4-9P"));
    probe.at(600_000);
    assert!(probe.screen(80, 24).contains("K4-9P"));
    probe.keys("y");
    assert_eq!(probe.wanted().pop(), Some(Cmd::Local(Act::Copy("K4-9P".to_owned()))));
}

#[test]
fn jobs_are_refused_what_makes_no_sense() {
    let ids: Vec<String> = fixtures::all_jobs().rows.into_iter().map(|job| job.id).collect();
    for (keys, wanted) in [
        ("xy", Some(Order::Cancel(ids[0].clone()))),
        ("r", None),
        ("$", None),
        ("jr", Some(Order::RetryMemberJob(ids[1].clone()))),
        ("jx", None),
        ("jj$blank<Enter>", Some(Order::Refund(ids[2].clone(), "blank".to_owned()))),
        ("jjj$", None),
    ] {
        let mut probe = jobs();
        probe.keys(keys);
        assert_eq!(probe.orders().pop(), wanted, "{keys}");
        assert!(wanted.is_some() || !probe.app.toasts.is_empty(), "{keys}: nobody said why");
    }
    let mut probe = jobs();
    probe.keys("ff");
    assert_eq!(probe.app.screens.jobs.state, Some(JobState::Running));
}

#[test]
fn late_answers_are_dropped() {
    let mut probe = users();
    let early = probe.app.screens.users.members.ask();
    let late = probe.app.screens.users.members.ask();
    probe.net(Net::Members(late, false, Ok(fixtures::page(fixtures::members().rows[..1].to_vec()))));
    probe.net(Net::Members(early, false, Ok(fixtures::members())));
    assert_eq!(probe.app.screens.users.members.rows.len(), 1);
}

#[test]
fn a_selection_stays_within_its_list() {
    for (motion, count, stride, from, wanted) in [
        (Motion::Up, 5, 1, 0, 0),
        (Motion::Down, 5, 1, 4, 4),
        (Motion::Down, 7, 3, 3, 6),
        (Motion::Down, 7, 3, 5, 5),
        (Motion::Up, 7, 3, 1, 1),
        (Motion::Right, 7, 3, 6, 6),
        (Motion::PageDown, 7, 3, 0, 6),
        (Motion::Last, 0, 1, 0, 0),
    ] {
        let mut list = List { selected: from, top: 0, room: 4 };
        list.travel(motion, count, stride);
        assert_eq!(list.selected, wanted, "{motion:?} of {count} by {stride} from {from}");
    }
}

fn click(probe: &mut Probe, target: Target) {
    probe.screen(80, 24);
    let area: Option<Rect> =
        probe.app.hits.iter().rev().find(|(_, other)| *other == target).map(|(area, _)| *area);
    let area = area.unwrap_or_else(|| panic!("{target:?} is not to be clicked"));
    let event = MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: area.x,
        row: area.y,
        modifiers: KeyModifiers::NONE,
    };
    probe.send(Msg::Terminal(Event::Mouse(event)));
}

#[test]
fn the_mouse_reaches_what_it_points_at() {
    let mut probe = gallery();
    click(&mut probe, Target::Tile(3));
    assert_eq!(probe.app.screens.gallery.list.selected, 3);
    click(&mut probe, Target::Tile(3));
    assert_eq!(probe.app.modals.len(), 1, "a second click opens");
    probe.keys("<Esc>");
    click(&mut probe, Target::Tab(Tab::Wallet));
    assert_eq!(probe.app.tab, Tab::Wallet);
    let asked = probe.app.screens.wallet.transfers.ask();
    probe.net(Net::Transfers(asked, false, Ok(fixtures::transfers())));
    click(&mut probe, Target::Row(2));
    assert_eq!(probe.app.screens.wallet.list.selected, 2);
    let wheel =
        MouseEvent { kind: MouseEventKind::ScrollDown, column: 5, row: 15, modifiers: KeyModifiers::NONE };
    probe.send(Msg::Terminal(Event::Mouse(wheel)));
    assert_eq!(probe.app.screens.wallet.list.selected, 3);
    // What a modal covers can't be clicked.
    probe.keys("?");
    probe.screen(80, 24);
    assert!(probe.app.hits.iter().all(|(_, target)| *target != Target::Tab(Tab::Queue)));
}

#[test]
fn a_lost_session_brings_the_form_back() {
    use crate::ui::{Registration, app::Phase};
    let mut probe = Probe::member();
    probe.net(Net::LoginNeeded(Registration::Closed)).keys("anna<Enter>pass words<Enter>");
    assert_eq!(probe.orders().pop(), Some(Order::Login("anna".to_owned(), "pass words".to_owned())));
    assert!(probe.app.screens.login.waiting);
    probe.net(Net::LoginRefused("no".to_owned()));
    assert!(!probe.app.screens.login.waiting);
    probe.keys("<Ctrl+r>");
    assert!(!probe.app.screens.login.registering, "accounts are not opened here");
    probe.net(Net::Connected(crate::ui::Place::Joined));
    assert_eq!(probe.app.phase, Phase::Ready);
    assert_eq!(probe.app.screens.login.password.value(), "", "the password is forgotten");
}
