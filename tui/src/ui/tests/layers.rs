//! Keys: which layer has them, and what they lead to.

use super::{Probe, fixtures};
use crate::ui::{
    Leave,
    keymap::{BINDINGS, Key, Layer},
    msg::{Cmd, Net},
    screens::{Focus, Tab},
};

#[test]
fn keys_lead_somewhere() {
    for (keys, tab, focus) in [
        ("2", Tab::Chat, Focus::Input),
        ("<Esc>2", Tab::Queue, Focus::Cards),
        ("<Alt+3>", Tab::Gallery, Focus::Input),
        ("<Esc><Tab>", Tab::Queue, Focus::Cards),
        ("<Esc><Tab><Tab><Tab><Tab>", Tab::Chat, Focus::Cards),
        ("<Esc>5", Tab::Chat, Focus::Cards),
        ("<Esc>9", Tab::Chat, Focus::Cards),
        ("<Ctrl+b>", Tab::Chat, Focus::Side),
        ("<Ctrl+b><Ctrl+b>", Tab::Chat, Focus::Cards),
        ("<Esc>i", Tab::Chat, Focus::Input),
        ("<Esc>4:new conv<Enter>", Tab::Chat, Focus::Input),
    ] {
        let mut probe = Probe::member();
        probe.screen(80, 24);
        for key in split(keys) {
            probe.keys(key);
            probe.screen(80, 24);
        }
        let got = (probe.app.tab, probe.app.screens.chat.focus);
        let focus = if keys == "<Ctrl+b><Ctrl+b>" { Focus::Input } else { focus };
        assert_eq!(got, (tab, focus), "{keys}");
    }
}

/// One key at a time, so that each is decided on what was drawn for the one before.
fn split(keys: &str) -> Vec<&str> {
    let mut rest = keys;
    let mut split = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '<' => rest.find('>').unwrap() + 1,
            letter => letter.len_utf8(),
        };
        split.push(&rest[..length]);
        rest = &rest[length..];
    }
    split
}

#[test]
fn admins_have_more_tabs() {
    for (number, tab) in [('5', Tab::Users), ('6', Tab::Jobs), ('7', Tab::Ledger), ('8', Tab::Audit)] {
        let mut probe = Probe::admin();
        probe.keys(&format!("<Esc>{number}"));
        assert_eq!(probe.app.tab, tab);
        let mut probe = Probe::member();
        probe.keys(&format!("<Esc>{number}"));
        assert_eq!(probe.app.tab, Tab::Chat);
    }
}

#[test]
fn the_top_modal_has_the_keys() {
    for (keys, layer, depth) in [
        ("<Esc>?", Layer::Help, 1),
        ("<Esc>?2", Layer::Help, 1),
        ("<Esc>:q", Layer::Palette, 1),
        ("<Esc>:<Esc>", Layer::Cards, 0),
        ("?", Layer::Help, 1),
        ("a?", Layer::Typing, 0),
        (":", Layer::Palette, 1),
        ("<Ctrl+o>2", Layer::Prompt, 1),
    ] {
        let mut probe = Probe::member();
        probe.keys(keys);
        assert_eq!(probe.app.layers()[0], layer, "{keys}");
        assert_eq!(probe.app.modals.len(), depth, "{keys}");
        assert_eq!(probe.app.tab, Tab::Chat, "{keys}");
    }
}

#[test]
fn the_same_letter_twice() {
    let mut probe = Probe::member();
    probe.keys("<Esc>4");
    let asked = probe.app.screens.wallet.transfers.ask();
    probe.net(Net::Transfers(asked, false, Ok(fixtures::transfers())));
    for (keys, selected) in
        [("G", 5), ("g", 5), ("g", 0), ("j", 1), ("g", 1), ("k", 0), ("Gg", 5), ("jg", 5), ("gg", 0)]
    {
        probe.keys(keys);
        assert_eq!(probe.app.screens.wallet.list.selected, selected, "{keys}");
    }
}

#[test]
fn no_key_means_two_things_in_one_layer() {
    for (place, binding) in BINDINGS.iter().enumerate() {
        for other in &BINDINGS[place + 1..] {
            let shared =
                binding.layer == other.layer && binding.keys.iter().any(|key| other.keys.contains(key));
            assert!(!shared, "{:?} {:?} and {:?}", binding.layer, binding.action, other.action);
        }
    }
}

#[test]
fn typing_is_never_taken_for_commands() {
    for binding in BINDINGS {
        let typed = matches!(
            binding.layer,
            Layer::Typing | Layer::Palette | Layer::Prompt | Layer::Login | Layer::Global
        );
        let letters = binding.keys.iter().any(|key| key.letter().is_some() || matches!(key, Key::Twice(_)));
        assert!(!(typed && letters), "{:?} {:?}", binding.layer, binding.action);
    }
}

#[test]
fn leaving_asks_only_when_work_would_stop() {
    let mut probe = Probe::member();
    assert_eq!(probe.keys("<Ctrl+c>").wanted().last(), Some(&Cmd::Leave(Leave::Quit)));
    for (answer, wanted) in
        [('k', Some(Cmd::Leave(Leave::KeepServing))), ('s', Some(Cmd::Leave(Leave::Quit))), ('c', None)]
    {
        let mut probe = Probe::member();
        probe.net(Net::Unfinished(vec![fixtures::job(1, crate::ui::model::JobState::Running)]));
        probe.wanted();
        probe.keys("<Ctrl+c>");
        assert!(probe.wanted().is_empty());
        probe.keys(&answer.to_string());
        assert_eq!(probe.wanted().pop(), wanted, "{answer}");
    }
    let mut probe = Probe::member();
    probe.net(Net::Connected(crate::ui::Place::Remote("studio.example:443".to_owned())));
    probe.net(Net::Unfinished(vec![fixtures::job(1, crate::ui::model::JobState::Running)]));
    assert_eq!(probe.keys("<Ctrl+c>").wanted().last(), Some(&Cmd::Leave(Leave::Quit)));
}
