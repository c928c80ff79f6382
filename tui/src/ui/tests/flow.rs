//! From words to a picture, on the level of the whole interface.

use super::{Probe, bytes, fixtures, member, studio};
use crate::ui::{
    Place,
    model::{Body, Fault, FaultKind, Job, JobState, Progress, Role, Said, Stage},
    msg::{Cmd, Msg, Net, Order},
    screens::Tab,
};

fn order(orders: &[Order], wanted: impl Fn(&Order) -> bool) -> bool {
    orders.iter().any(wanted)
}

fn pressed(token: &str, text: &str) -> Order {
    Order::Press { conversation: "k1".to_owned(), token: token.to_owned(), text: text.to_owned() }
}

#[test]
fn sourdough() {
    let mut probe = Probe::member();
    probe.paints = true;
    probe.wanted();

    probe.keys(fixtures::REQUEST);
    probe.keys("<Enter>");
    let said = Order::Say { conversation: None, text: fixtures::REQUEST.to_owned(), attachments: Vec::new() };
    assert_eq!(probe.orders(), [said]);
    assert!(probe.screen(80, 24).contains("thinking"));

    probe.net(Net::ConversationBegun(fixtures::conversation("k1", "thumbnail for my video", 0)));
    probe.net(Net::Card("k1".to_owned(), fixtures::quote_card()));
    let screen = probe.screen(80, 24);
    for words in ["4 credits of 120", "2 jobs ahead, 9 s", "takes 6 s", "built-in, tiny", "Confirm c"] {
        assert!(screen.contains(words), "the price lacks {words}:\n{screen}");
    }
    assert!(!screen.contains("thinking"));

    probe.wanted();
    probe.keys("<Esc>c");
    assert_eq!(probe.orders(), [pressed("token-confirm", "")]);

    probe.net(Net::Card("k1".to_owned(), fixtures::progress_card(JobState::Queued)));
    let job = fixtures::job(1, JobState::Running);
    assert_eq!(probe.orders(), [Order::Follow(job.id.clone(), 2)]);
    probe.net(Net::JobChanged(job.clone()));
    let mut progress = fixtures::progress(0.5);
    progress.preview = Some(fixtures::jpeg());
    probe.net(Net::JobProgress(job.id, progress));
    let screen = probe.screen(80, 24);
    assert!(screen.contains("50 %") && screen.contains("painting the background · 4 s left"), "{screen}");
    assert!(screen.contains('▀') || screen.contains('▄'), "no preview:\n{screen}");

    probe.net(Net::Card("k1".to_owned(), fixtures::result_card(1)));
    probe.net(Net::TalkEnded("k1".to_owned(), Ok(())));
    let screen = probe.screen(80, 24);
    for words in ["the built-in, tiny model", "1280 × 720", "seed 42", "4 credits", "Again r", "Vary v"] {
        assert!(screen.contains(words), "the result lacks {words}:\n{screen}");
    }
    assert!(screen.contains('▀') || screen.contains('▄'), "no picture:\n{screen}");
    assert_eq!(probe.app.screens.chat.messages.rows.len(), 3, "a card took another's place");
}

#[test]
fn a_place_in_the_queue_is_forgotten_when_the_job_begins() {
    let mut probe = Probe::member();
    let waiting = Job { queue_ahead: 2, ..fixtures::job(1, JobState::Queued) };
    probe.net(Net::Unfinished(vec![waiting.clone()]));
    probe.keys("<Esc>2");
    assert!(probe.screen(80, 24).contains("2 jobs ahead"));
    let place =
        Progress { stage: Stage::Waiting, queue_ahead: 1, remaining_ms: 0, ..fixtures::progress(0.0) };
    probe.net(Net::JobProgress(waiting.id.clone(), place));
    assert!(probe.screen(80, 24).contains("1 job ahead"));
    probe.net(Net::JobChanged(fixtures::job(1, JobState::Running)));
    let screen = probe.screen(80, 24);
    assert!(screen.contains("starting") && !screen.contains("ahead"), "{screen}");
    probe.net(Net::JobProgress(waiting.id.clone(), fixtures::progress(0.5)));
    probe.net(Net::JobChanged(waiting));
    let screen = probe.screen(80, 24);
    assert!(screen.contains("2 jobs ahead") && !screen.contains("left"), "{screen}");
}

#[test]
fn streams_survive_a_restart() {
    let mut probe = Probe::member();
    probe.keys("bread<Enter>");
    probe.net(Net::ConversationBegun(fixtures::conversation("k1", "bread", 0)));
    probe.net(Net::Card("k1".to_owned(), fixtures::progress_card(JobState::Running)));
    probe.net(Net::Unfinished(vec![fixtures::job(1, JobState::Running)]));
    probe.wanted();

    probe.net(Net::LinkLost("connection refused".to_owned()));
    let cut = Fault { kind: FaultKind::Unreachable, text: "Broken.".to_owned(), retry_after: None };
    probe.net(Net::TalkEnded("k1".to_owned(), Err(cut)));
    probe.at(3_000);
    assert!(probe.screen(80, 24).contains("connection lost for 3 s, trying again"));
    assert_eq!(probe.app.work.unfinished.len(), 1, "what was known stays to be seen");
    assert!(probe.orders().is_empty(), "nobody asks into the void");
    probe.keys("a draft");

    probe.net(Net::LinkUp);
    let orders = probe.orders();
    assert!(
        order(&orders, |order| matches!(order, Order::Messages(_, id, None) if id == "k1")),
        "{orders:?}"
    );
    assert!(order(&orders, |order| *order == Order::Wallet), "{orders:?}");
    let asked = orders
        .iter()
        .find_map(|order| match order {
            Order::Messages(ticket, ..) => Some(*ticket),
            _ => None,
        })
        .unwrap();
    let page = fixtures::page(vec![fixtures::person("bread"), fixtures::said(fixtures::result_card(1))]);
    probe.net(Net::Messages(asked, "k1".to_owned(), Ok(page)));
    probe.net(Net::Unfinished(Vec::new()));
    let chat = &probe.app.screens.chat;
    assert_eq!(chat.messages.rows.len(), 2);
    assert_eq!(chat.editor.text(), "a draft");
    assert!(!probe.screen(80, 24).contains("connection lost"));
}

#[test]
fn the_end_of_a_job_is_fetched_when_nobody_said_it() {
    let mut probe = Probe::member();
    probe.keys("bread<Enter>");
    probe.net(Net::ConversationBegun(fixtures::conversation("k1", "bread", 0)));
    probe.net(Net::Card("k1".to_owned(), fixtures::progress_card(JobState::Running)));
    probe.net(Net::Unfinished(vec![fixtures::job(1, JobState::Running)]));
    probe.wanted();
    probe.net(Net::JobChanged(fixtures::finished(1, "CRUST!", "bread", 1)));
    let orders = probe.orders();
    assert!(order(&orders, |order| matches!(order, Order::Messages(..))), "{orders:?}");
    assert!(order(&orders, |order| *order == Order::Wallet), "{orders:?}");
    assert!(probe.app.work.unfinished.is_empty());
}

#[test]
fn a_refusal_is_a_card_and_takes_no_credits() {
    let mut probe = Probe::member();
    probe.keys("bread<Enter>");
    probe.net(Net::ConversationBegun(fixtures::conversation("k1", "bread", 0)));
    let full = Fault { kind: FaultKind::Full, text: "The queue is full.".to_owned(), retry_after: None };
    probe.net(Net::TalkEnded("k1".to_owned(), Err(full)));
    let last = probe.app.screens.chat.messages.rows.last().unwrap();
    assert!(
        matches!(&last.said, Said::Card(card) if matches!(card.body, Body::Error { charged: false, .. }))
    );
    assert!(probe.screen(80, 24).contains("No credits were taken."));
}

#[test]
fn cards_of_another_conversation_stay_out() {
    let mut probe = Probe::member();
    probe.keys("bread<Enter>").keys("<Ctrl+n>");
    probe.net(Net::ConversationBegun(fixtures::conversation("k1", "bread", 0)));
    probe.net(Net::Card("k1".to_owned(), fixtures::quote_card()));
    assert!(probe.app.screens.chat.is_blank());
    assert_eq!(probe.app.screens.chat.conversations.rows[0].id, "k1");
}

#[test]
fn nothing_is_sent_before_there_is_a_connection() {
    let mut probe = Probe::starting();
    probe.keys("bread<Enter>");
    assert!(probe.orders().is_empty());
    assert_eq!(probe.app.screens.chat.editor.text(), "bread");
    probe.net(Net::Connected(Place::Joined));
    probe.net(Net::Me(member("anna", Role::Member), studio()));
    probe.keys("<Enter>");
    assert!(order(&probe.orders(), |order| matches!(order, Order::Say { .. })));
}

#[test]
fn a_pasted_path_becomes_an_attachment() {
    use crate::ui::msg::{Act, Attachment, LocalNews};
    use crossterm::event::Event;
    let mut probe = Probe::member();
    probe.wanted();
    probe.send(Msg::Terminal(Event::Paste("/tmp/me.jpg".to_owned())));
    let path = std::path::PathBuf::from("/tmp/me.jpg");
    assert_eq!(probe.wanted(), [Cmd::Local(Act::Inspect(path.clone(), Some("/tmp/me.jpg".to_owned())))]);
    let photo = Attachment { path: path.clone(), name: "me.jpg".to_owned(), width: 10, height: 10 };
    probe.send(Msg::Local(LocalNews::Attachable(photo)));
    probe.keys("me, baking<Enter>");
    let said =
        Order::Say { conversation: None, text: "me, baking".to_owned(), attachments: vec![path.clone()] };
    assert_eq!(probe.orders(), [said]);
    probe.net(Net::TalkEnded(String::new(), Ok(())));

    probe.keys("<Ctrl+n>:attach /tmp/me.jpg<Enter>");
    let wanted = probe.wanted();
    assert_eq!(wanted.last(), Some(&Cmd::Local(Act::Inspect(path, None))), "{wanted:?}");
    // A path that is no picture comes back as words.
    probe.send(Msg::Local(LocalNews::NotAttachable("gone".to_owned(), Some("/tmp/me.jpg".to_owned()))));
    assert_eq!(probe.app.screens.chat.editor.text(), "/tmp/me.jpg");
}

#[test]
fn pictures_that_nobody_waits_for_are_dropped() {
    let mut probe = Probe::member();
    probe.keys("<Esc>3");
    let asked = probe.app.screens.gallery.jobs.ask();
    probe.net(Net::Results(asked, false, Ok(fixtures::results())));
    assert_eq!(probe.app.tab, Tab::Gallery);
    probe.wanted();
    probe.screen(80, 24);
    let fetches = probe.orders();
    assert_eq!(fetches.len(), 6, "each picture once: {fetches:?}");
    probe.screen(80, 24);
    assert!(probe.orders().is_empty(), "what is on its way is not asked for again");

    let Order::Bytes(source, ..) = fetches[0].clone() else { panic!("{fetches:?}") };
    probe.net(Net::Bytes(source, Ok(fixtures::jpeg())));
    // Nobody asked for these.
    probe.net(Net::Bytes("another".to_owned(), Ok(bytes("x"))));
    probe.screen(80, 24);
    let wanted = probe.wanted();
    let [Cmd::Encode(key, ticket, picture)] = &wanted[..] else { panic!("{} cmds", wanted.len()) };
    let encode = |ticket| {
        let size = ratatui::layout::Size::new(key.width, key.height);
        let protocol = super::encode(&super::Picker::halfblocks(), picture, size);
        Msg::Picture(crate::ui::msg::PictureNews::Encoded(key.clone(), ticket, protocol))
    };
    probe.send(encode(*ticket + 7));
    assert!(!probe.screen(80, 24).contains('▀'), "an answer to another question was drawn");
    probe.wanted();
    probe.send(Msg::Terminal(crossterm::event::Event::Resize(100, 30)));
    probe.send(encode(*ticket));
    assert!(!probe.screen(80, 24).contains('▀'), "an answer for the old size was drawn");
    let again = probe.wanted();
    let [Cmd::Encode(_, ticket, _)] = &again[..] else { panic!("{} cmds", again.len()) };
    probe.send(encode(*ticket));
    assert!(probe.screen(80, 24).contains('▀'));
}

#[test]
fn what_to_change_is_written_below_and_goes_to_the_card() {
    let mut probe = Probe::member();
    probe.net(Net::ConversationBegun(fixtures::conversation("k1", "bread", 0)));
    let mut card = fixtures::result_card(1);
    if let Body::Result { buttons, .. } = &mut card.body {
        buttons.push(fixtures::button("Change …", 'c'));
    }
    probe.app.screens.chat.show("k1".to_owned());
    probe.net(Net::Card("k1".to_owned(), card));
    probe.orders();
    probe.keys("<Esc>c");
    assert!(probe.orders().iter().all(|order| !matches!(order, Order::Press { .. })), "not without words");
    let screen = probe.screen(80, 24);
    assert!(screen.contains("What shall be changed?"), "{screen}");
    // Thought better of.
    probe.keys("<Esc>");
    assert!(!probe.screen(80, 24).contains("What shall be changed?"));
    probe.keys("cbigger<Enter>");
    assert!(probe.orders().contains(&pressed("token-change …", "bigger")));
    let screen = probe.screen(80, 24);
    assert!(screen.contains("bigger") && screen.contains("thinking"), "{screen}");
}

#[test]
fn words_say_which_language_model_understood_them() {
    let mut probe = Probe::member();
    let mut entry = fixtures::person("a loaf");
    if let Said::Person { by, .. } = &mut entry.said {
        *by = Some("the language model here");
    }
    probe.app.screens.chat.show("k1".to_owned());
    probe.app.screens.chat.messages.rows = vec![entry];
    assert!(probe.screen(80, 24).contains("understood by the language model here"));
}
