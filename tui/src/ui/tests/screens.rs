//! Every place and modal at two sizes, with fixed things in it.

use super::{Probe, fixtures, fixtures::page};
use crate::ui::{
    Registration,
    model::{Fault, FaultKind, JobState},
    msg::{Attachment, LocalNews, Msg, Net, Order},
};

/// A word that a fault carries.
fn broken() -> Fault {
    Fault { kind: FaultKind::Internal, text: "The store has stopped.".to_owned(), retry_after: None }
}

/// Compares the screen at both sizes with what was read and accepted before.
fn check(name: &str, probe: &mut Probe) {
    probe.paints = true;
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (width, height) in [(80, 24), (160, 50)] {
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), probe.screen(width, height));
        }
    });
    // Nobody works in these, but windows pass through them while they are dragged.
    for (width, height) in [(1, 1), (3, 40), (24, 8), (30, 12), (200, 2), (200, 9)] {
        probe.screen(width, height);
    }
}

/// The ticket of the newest question of this kind.
fn ticket(probe: &mut Probe, of: impl Fn(&Order) -> Option<u64>) -> u64 {
    probe.orders().iter().rev().find_map(of).expect("it was asked for")
}

/// A conversation with these cards.
fn talking(cards: Vec<crate::ui::model::Entry>) -> Probe {
    let mut probe = Probe::member();
    let asked = ticket(&mut probe, |order| match order {
        Order::Conversations(ticket) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::Conversations(asked, Ok(fixtures::conversations())));
    probe.keys("<Ctrl+b><Enter>");
    let asked = ticket(&mut probe, |order| match order {
        Order::Messages(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::Messages(asked, "k1".to_owned(), Ok(page(cards))));
    probe.app.screens.chat.side_shown = None;
    probe
}

#[test]
fn starting() {
    let mut probe = Probe::starting();
    probe.net(Net::Connecting("opening the store".to_owned()));
    check("starting", &mut probe);
}

#[test]
fn login() {
    let mut probe = Probe::starting();
    probe.net(Net::LoginNeeded(Registration::Open)).keys("anna<Enter>secret words");
    check("login", &mut probe);
    probe.net(Net::LoginRefused("The name and the password do not match.".to_owned()));
    check("login_refused", &mut probe);
    let mut probe = Probe::starting();
    probe.net(Net::LoginNeeded(Registration::Invite)).keys("<Ctrl+r>");
    check("register", &mut probe);
}

#[test]
fn failed() {
    let mut probe = Probe::starting();
    let text =
        "The store at ~/.local/share/atelier is in use by another process that does not answer.".to_owned();
    probe.net(Net::ConnectFailed { text, over: true });
    check("failed", &mut probe);
}

#[test]
fn chat_blank() {
    check("chat_blank", &mut Probe::member());
}

#[test]
fn chat_quote() {
    let mut probe =
        talking(vec![fixtures::person(fixtures::REQUEST), fixtures::said(fixtures::quote_card())]);
    probe.keys("<Esc>");
    check("chat_quote", &mut probe);
}

#[test]
fn chat_progress() {
    let mut probe = talking(vec![
        fixtures::person(fixtures::REQUEST),
        fixtures::said(fixtures::progress_card(JobState::Running)),
    ]);
    let mut progress = fixtures::progress(0.62);
    progress.preview = Some(fixtures::jpeg());
    probe.net(Net::JobProgress(fixtures::job(1, JobState::Running).id, progress));
    check("chat_progress", &mut probe);
}

#[test]
fn chat_result() {
    let mut probe =
        talking(vec![fixtures::person(fixtures::REQUEST), fixtures::said(fixtures::result_card(1))]);
    check("chat_result", &mut probe);
    let mut probe = talking(vec![fixtures::said(fixtures::result_card(3))]);
    check("chat_result_three", &mut probe);
}

#[test]
fn chat_words() {
    let mut probe = talking(vec![
        fixtures::person("hello"),
        fixtures::said(fixtures::text_card()),
        fixtures::person("bread"),
        fixtures::said(fixtures::question_card()),
        fixtures::said(fixtures::error_card()),
    ]);
    let photo =
        Attachment { path: "loaf.jpg".into(), name: "loaf.jpg".to_owned(), width: 4032, height: 3024 };
    probe.send(Msg::Local(LocalNews::Attachable(photo)));
    probe.keys("with this photo<Alt+Enter>and a shorter title");
    check("chat_words", &mut probe);
}

#[test]
fn disconnected() {
    let mut probe =
        talking(vec![fixtures::person(fixtures::REQUEST), fixtures::said(fixtures::quote_card())]);
    probe.net(Net::LinkLost("connection refused".to_owned())).at(12_000);
    check("disconnected", &mut probe);
}

#[test]
fn queue() {
    let mut probe = Probe::member();
    probe.keys("<Esc>2");
    check("queue_empty", &mut probe);
    let mut waiting = fixtures::job(2, JobState::Queued);
    waiting.queue_ahead = 1;
    waiting.title = "First Wind".to_owned();
    waiting.subject = "learning to sail with my daughter on a lake in the mountains, wide sky".to_owned();
    let mut again = fixtures::job(3, JobState::Queued);
    again.queue_ahead = 2;
    again.attempts = 2;
    let running = fixtures::job(1, JobState::Running);
    probe.net(Net::JobProgress(running.id.clone(), fixtures::progress(0.375)));
    let progress = fixtures::progress(0.375);
    probe.net(Net::Unfinished(vec![running.clone(), waiting, again]));
    probe.net(Net::JobProgress(running.id, progress));
    probe.keys("j");
    check("queue", &mut probe);
}

#[test]
fn gallery() {
    let mut probe = Probe::member();
    probe.keys("<Esc>3");
    let asked = ticket(&mut probe, |order| match order {
        Order::Results(ticket, _) => Some(*ticket),
        _ => None,
    });
    check("gallery_loading", &mut probe);
    probe.net(Net::Results(asked, false, Ok(fixtures::results()))).keys("l");
    check("gallery", &mut probe);
    probe.keys("d");
    check("gallery_undo", &mut probe);
    probe.keys("u<Enter>");
    check("viewer", &mut probe);
    probe.keys("s");
    check("viewer_save", &mut probe);
}

#[test]
fn gallery_empty() {
    let mut probe = Probe::member();
    probe.keys("<Esc>3");
    let asked = ticket(&mut probe, |order| match order {
        Order::Results(ticket, _) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::Results(asked, false, Ok(page(Vec::new()))));
    check("gallery_empty", &mut probe);
}

#[test]
fn wallet() {
    let mut probe = Probe::member();
    probe.keys("<Esc>4");
    let asked = ticket(&mut probe, |order| match order {
        Order::Transfers(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::Transfers(asked, false, Ok(fixtures::transfers())));
    check("wallet", &mut probe);
    probe.keys("R");
    let asked = ticket(&mut probe, |order| match order {
        Order::Transfers(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.app.screens.wallet.transfers.rows.clear();
    probe.net(Net::Transfers(asked, false, Err(broken())));
    check("wallet_error", &mut probe);
}

#[test]
fn users() {
    let mut probe = Probe::admin();
    probe.keys("<Esc>5");
    let asked = ticket(&mut probe, |order| match order {
        Order::Members(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::Members(asked, false, Ok(fixtures::members()))).keys("j");
    check("users", &mut probe);
    probe.keys("c");
    check("users_credits", &mut probe);
    probe.keys("500<Enter>");
    check("users_credits_refused", &mut probe);
    probe.keys("<Esc>p");
    check("users_role", &mut probe);
}

#[test]
fn jobs() {
    let mut probe = Probe::admin();
    probe.keys("<Esc>6");
    let asked = ticket(&mut probe, |order| match order {
        Order::AllJobs(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::AllJobs(asked, false, Ok(fixtures::all_jobs()))).keys("j");
    check("jobs", &mut probe);
}

#[test]
fn ledger() {
    let mut probe = Probe::admin();
    probe.keys("<Esc>7");
    check("ledger", &mut probe);
    probe.keys("v").net(Net::Verified(Ok(fixtures::verification(true)))).keys("/ben<Enter>");
    let asked = ticket(&mut probe, |order| match order {
        Order::MemberTransfers(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::MemberTransfers(asked, false, Ok(fixtures::transfers())));
    check("ledger_sound", &mut probe);
    probe.net(Net::Verified(Ok(fixtures::verification(false))));
    check("ledger_unsound", &mut probe);
}

#[test]
fn audit() {
    let mut probe = Probe::admin();
    probe.keys("<Esc>8");
    let asked = ticket(&mut probe, |order| match order {
        Order::Audit(ticket, ..) => Some(*ticket),
        _ => None,
    });
    probe.net(Net::Audit(asked, false, Ok(fixtures::audit())));
    check("audit", &mut probe);
}

#[test]
fn palette() {
    let mut probe = Probe::admin();
    probe.keys(":");
    check("palette", &mut probe);
    probe.keys("gal");
    check("palette_found", &mut probe);
}

#[test]
fn help() {
    let mut probe = Probe::member();
    probe.keys("<Esc>3?");
    check("help", &mut probe);
}

#[test]
fn leaving() {
    let mut probe = Probe::member();
    probe.net(Net::Unfinished(vec![fixtures::job(1, JobState::Running), fixtures::job(2, JobState::Queued)]));
    probe.keys("<Ctrl+c>");
    check("leaving", &mut probe);
}
