//! Single scenes.

use std::time::Duration;

use super::{
    super::{Ask, Input, Outcome, Rules, Said, line::Line, show},
    world::{Weather, World},
};

const SECOND: Duration = Duration::from_secs(1);

fn private() -> World {
    World::new(Rules::telegram(false))
}

#[test]
fn a_price_a_press_a_job_and_its_end_are_two_messages() {
    let mut world = private();
    let said = world.say(1, "price");
    assert_eq!(world.settled, [said]);
    world.wait(SECOND);
    let press = world.press(1, 1_001, "confirm");
    world.wait(2 * SECOND);
    assert_eq!(world.acknowledged, [(press, None)]);
    assert_eq!(world.shown[&1_001].text, "Taken", "the price is edited, not sent anew");
    assert_eq!(world.bound, [1_002], "the daemon knows which message shows the job");
    for step in 1..=20_u8 {
        world.advance(0, f32::from(step) / 20.0);
        world.wait(SECOND / 2);
    }
    world.finish(0);
    world.wait(2 * SECOND);
    assert!(world.shown[&1_002].text.starts_with("Bread, done"), "{:?}", world.shown);
    assert_eq!((world.sends, world.bound.len()), (2, 0));
    let edits = &world.edits[&1_002];
    let (last, progress) = edits.split_last().unwrap();
    assert!(progress.windows(2).all(|pair| pair[1] - pair[0] >= 3 * SECOND), "{edits:?}");
    assert!(*last - progress[progress.len() - 1] >= SECOND);
    assert!(world.state.unwrap().is_idle());
}

#[test]
fn too_fast_means_waiting_and_never_another_message() {
    let mut world = private();
    world.weather.extend([Weather::Slow; 3]);
    world.say(1, "make");
    assert_eq!(world.sends, 0);
    world.wait(6 * SECOND);
    assert_eq!(world.weather.len(), 2, "nothing is tried before the time is over");
    world.wait(30 * SECOND);
    assert_eq!(world.sends, 1);
    world.weather.extend([Weather::Slow; 2]);
    world.finish(0);
    world.wait(30 * SECOND);
    assert_eq!(world.sends, 1, "an edit that was too fast is an edit later");
    assert!(world.shown[&1_001].text.starts_with("Bread, done"));
}

#[test]
fn where_many_wait_progress_is_left_out_and_the_end_is_not() {
    let mut world = private();
    world.crowded = true;
    world.say(1, "make");
    for step in 1..=8_u8 {
        world.advance(0, f32::from(step) / 9.0);
        world.wait(SECOND);
    }
    assert_eq!((world.sends, world.edits.len()), (1, 0));
    world.crowded = false;
    world.wait(3 * SECOND);
    assert_eq!(world.edits[&1_001].len(), 1, "the newest is shown when there is room");
    world.crowded = true;
    world.finish(0);
    world.wait(2 * SECOND);
    assert!(world.shown[&1_001].text.starts_with("Bread, done"));
    assert!(world.state.unwrap().is_idle());
}

#[test]
fn what_is_made_comes_although_its_message_was_deleted() {
    let mut world = private();
    world.say(1, "make");
    world.deleted.push(1_001);
    world.advance(0, 0.5);
    world.wait(10 * SECOND);
    assert_eq!((world.sends, world.bound.len()), (1, 0));
    world.finish(0);
    world.wait(10 * SECOND);
    assert_eq!(world.sends, 2);
    assert!(world.shown[&1_002].text.starts_with("Bread, done"));
}

#[test]
fn presses_are_acknowledged_at_once_and_told_alone() {
    let mut world = private();
    let stranger = world.press(2, 9, "theirs");
    let words = Line::NotYours.text(crate::phrases::Language::English.phrases());
    assert_eq!(world.acknowledged, [(stranger, Some(words))]);
    assert_eq!(world.sends, 0, "nobody else hears of it");
    let quiet = world.press(2, 9, "silence");
    assert_eq!(world.acknowledged[1], (quiet, None));
}

#[test]
fn storms_are_told_once_with_the_time_to_wait() {
    let mut world = private();
    for _ in 0..100 {
        world.say(1, "hello");
    }
    world.say(2, "me too");
    world.wait(59 * SECOND);
    let told: Vec<_> =
        world.shown.values().filter(|message| message.text.contains("I listen again")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].text.contains("60 s"), "{told:?}");
    assert!(world.shown.values().any(|message| message.text == "me too"), "others are heard");
    assert_eq!(world.settled.len(), 101);
    world.wait(2 * SECOND);
    world.say(1, "again");
    world.settle();
    assert!(world.shown.values().any(|message| message.text == "again"));
}

#[test]
fn nobody_waits_shorter_than_told_and_long_words_are_not_sent_on() {
    let mut world = private();
    world.say(1, "hello");
    world.wait(SECOND / 10);
    for _ in 0..20 {
        world.say(1, "hello");
    }
    world.wait(30 * SECOND);
    // 59.9 s were left.
    assert!(world.shown.values().any(|message| message.text.contains("60 s")), "{:?}", world.shown);
    let mut world = private();
    world.say(1, &"ß".repeat(8_000));
    world.say(1, &"ß".repeat(8_001));
    world.wait(5 * SECOND);
    assert_eq!((world.said, world.settled.len()), (1, 2));
    assert!(world.shown[&1_002].text.contains("at most 8000 letters"), "{:?}", world.shown[&1_002].text);
}

#[test]
fn a_bot_that_starts_takes_up_what_it_showed() {
    let mut world = private();
    let ask = world.ask(1);
    let key = super::super::CardKey { conversation: "c".to_owned(), card: "9".to_owned() };
    world.put(Input::TakeUp { key, message: 77, ask, job: "j9".to_owned() });
    assert_eq!(world.jobs.len(), 1);
    world.finish(0);
    world.wait(5 * SECOND);
    assert_eq!(world.sends, 0);
    assert!(world.shown[&77].text.starts_with("Bread, done"));
    assert!(world.state.unwrap().is_idle());
}

#[test]
fn deleting_everything_asks_first() {
    let mut world = private();
    let ask = world.ask(1);
    world.put(Input::Heard(ask, Said::Only(Line::ForgetSure)));
    let labels: Vec<_> =
        world.shown[&1_001].buttons.concat().into_iter().map(|button| button.token).collect();
    assert_eq!(labels, ["!forget:telegram:1", "!keep"]);
    let not_yours = Line::NotYours.text(crate::phrases::Language::English.phrases());
    for token in ["!forget:telegram:1", "!forget", "!forget:", "!nonsense"] {
        let stranger = world.press(2, 1_001, token);
        assert_eq!(world.acknowledged.last(), Some(&(stranger, Some(not_yours.clone()))), "{token}");
    }
    assert_eq!((world.sends, world.state.as_ref().unwrap().is_idle()), (1, true), "nobody else is forgotten");
    world.press(1, 1_001, "!keep");
    world.wait(5 * SECOND);
    assert!(world.shown[&1_002].text.contains("Nothing was deleted"));
    assert!(world.pressed.is_empty(), "buttons of the bot's own never reach the daemon");
}

#[test]
fn an_answer_for_nothing_changes_nothing() {
    let mut world = private();
    world.put(Input::Done(Outcome::Gone));
    world.put(Input::Accepted(9));
    world.put(Input::Told(9, Line::Away));
    world.put(Input::Tick);
    assert!(world.state.as_ref().unwrap().is_idle());
    let mut effects = Vec::new();
    show::next(world.state.as_mut().unwrap(), super::super::At::ZERO, &mut effects);
    assert!(effects.is_empty());
}

#[test]
fn a_change_is_asked_for_where_buttons_take_no_words() {
    let mut world = private();
    let press = world.press(1, 9, "!c:token");
    assert_eq!(world.acknowledged, [(press, None)]);
    let asked = &world.shown[&1_001];
    assert_eq!(asked.asks_for.as_deref(), Some("token"), "{asked:?}");
    assert!(world.changed.is_empty() && world.pressed.is_empty(), "nothing is pressed before it is said");
    let ask = world.ask(1);
    world.put(Input::Heard(ask, Said::Change { token: "token".to_owned(), text: "bigger".to_owned() }));
    world.wait(5 * SECOND);
    assert_eq!(world.changed, ["token bigger"]);
    assert_eq!(world.acknowledged.len(), 1, "a message is not a press");
    assert_eq!(world.shown[&1_002].text, "bigger");
    // Words that came with a press are acknowledged like one.
    let ask = Ask { pressed: Some(9), ..world.ask(1) };
    let id = ask.id;
    world.put(Input::Heard(ask, Said::Change { token: "token".to_owned(), text: "theirs".to_owned() }));
    let words = Line::NotYours.text(crate::phrases::Language::English.phrases());
    assert_eq!(world.acknowledged.last(), Some(&(id, Some(words))));
    assert!(world.state.unwrap().is_idle());
}

#[test]
fn a_press_that_comes_too_late_still_brings_the_result() {
    let mut world = private();
    world.shown.insert(77, crate::render::Message::plain("Bread\nWorking on it…"));
    world.press(1, 77, "late");
    world.wait(5 * SECOND);
    assert_eq!((world.sends, world.rebuttoned.len()), (0, 0));
    assert_eq!(world.shown[&77].text, "Bread, done");
}

#[test]
fn deleting_asks_with_the_buttons_alone_and_takes_the_message_away() {
    for stuck in [false, true] {
        let mut world = private();
        world.stuck = stuck;
        world.shown.insert(77, crate::render::Message::plain("Bread, done"));
        world.press(1, 77, "delete");
        world.wait(5 * SECOND);
        assert_eq!((world.sends, world.rebuttoned.as_slice()), (0, [77].as_slice()));
        assert_eq!(world.shown[&77].buttons.concat()[0].label, "Delete for good");
        world.press(1, 77, "gone");
        world.wait(5 * SECOND);
        assert_eq!((world.sends, world.shown.contains_key(&77)), (usize::from(stuck), stuck));
        let told = world.shown.values().any(|message| message.text.contains("please delete it yourself"));
        assert_eq!(told, stuck);
        assert!(world.state.unwrap().is_idle());
    }
}
