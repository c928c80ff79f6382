//! No sequence of anything panics, presses what nobody pressed, doubles a message, or leaves somebody without an answer.

use std::time::Duration;

use proptest::prelude::*;

use super::{
    super::{Ask, Deed, Input, Line, Outcome, Rules, Said},
    world::{Weather, World},
};

/// Something that happens.
#[derive(Debug, Clone, Copy)]
enum Move {
    Say(u8, &'static str),
    /// A person presses a button of a message, both chosen among what there is.
    Press(u8, usize, usize),
    /// Presses something that is on no button.
    Forge(u8, &'static str),
    /// Says what to change, as a message or with a press.
    Change(u8, bool),
    More(u8),
    Do(u8),
    Only(u8),
    Weather(bool),
    Delete(usize),
    Advance(usize, f32),
    Finish(usize),
    Wait(u64),
    /// An answer that belongs to nothing.
    Stray(u8),
}

fn moves() -> impl Strategy<Value = Move> {
    let words = prop::sample::select(vec!["hello", "price", "make", "fail", "away", "silence"]);
    let forged = prop::sample::select(vec![
        "!c:x",
        "delete",
        "gone",
        "!files:x",
        "!nonsense",
        "theirs",
        "away",
        "!forget:telegram:1",
    ]);
    prop_oneof![
        4 => (0..3_u8, words).prop_map(|(person, text)| Move::Say(person, text)),
        4 => (0..3_u8, any::<usize>(), any::<usize>()).prop_map(|(who, what, which)| Move::Press(who, what, which)),
        1 => (0..3_u8, forged).prop_map(|(who, token)| Move::Forge(who, token)),
        1 => (0..3_u8, any::<bool>()).prop_map(|(who, pressed)| Move::Change(who, pressed)),
        1 => (0..3_u8).prop_map(Move::More),
        1 => (0..3_u8).prop_map(Move::Do),
        1 => (0..3_u8).prop_map(Move::Only),
        2 => any::<bool>().prop_map(Move::Weather),
        1 => any::<usize>().prop_map(Move::Delete),
        2 => (any::<usize>(), 0.0..1.0_f32).prop_map(|(which, fraction)| Move::Advance(which, fraction)),
        2 => any::<usize>().prop_map(Move::Finish),
        3 => (0..20_000_u64).prop_map(Move::Wait),
        1 => (0..5_u8).prop_map(Move::Stray),
    ]
}

fn make(world: &mut World, happens: Move) -> Option<(i64, bool)> {
    match happens {
        Move::Say(who, text) => return Some((world.say(who, text), text == "silence")),
        Move::Press(who, what, which) => {
            let messages: Vec<_> =
                world.shown.iter().filter(|(_, message)| !message.buttons.is_empty()).collect();
            let (id, message) = messages.get(what % messages.len().max(1))?;
            let buttons = message.buttons.concat();
            let token = buttons[which % buttons.len()].token.clone();
            let id = **id;
            world.press(who, id, &token);
        }
        Move::Forge(who, token) => {
            world.press(who, 1_001, token);
        }
        Move::Change(who, pressed) => {
            let ask = Ask { pressed: pressed.then_some(1_001), ..world.ask(who) };
            let id = ask.id;
            let said = Said::Change { token: "t".to_owned(), text: "price".to_owned() };
            world.put(Input::Heard(ask, said));
            return Some((id, false));
        }
        Move::More(who) => {
            let ask = world.ask(who);
            let id = ask.id;
            world.put(Input::Heard(ask, Said::More { token: "t".to_owned() }));
            return Some((id, false));
        }
        Move::Do(who) => {
            let ask = world.ask(who);
            let id = ask.id;
            world.put(Input::Heard(ask, Said::Deed(Deed::Begin)));
            return Some((id, false));
        }
        Move::Only(who) => {
            let ask = world.ask(who);
            let id = ask.id;
            world.put(Input::Heard(ask, Said::Only(Line::Help)));
            return Some((id, false));
        }
        Move::Weather(slow) => world.weather.push_back(if slow { Weather::Slow } else { Weather::Away }),
        Move::Delete(which) => {
            let shown: Vec<_> = world.shown.keys().copied().collect();
            world.deleted.push(*shown.get(which % shown.len().max(1))?);
        }
        Move::Advance(which, fraction) => world.advance(which, fraction),
        Move::Finish(which) => world.finish(which),
        Move::Wait(ms) => world.wait(Duration::from_millis(ms)),
        Move::Stray(kind) => world.put(match kind {
            0 => Input::Accepted(-1),
            1 => Input::Answered(-1),
            2 => Input::Told(-1, Line::Away),
            3 => Input::Done(Outcome::Sent(5)),
            _ => Input::Tick,
        }),
    }
    None
}

proptest! {
    #[test]
    fn nothing_leads_to_a_dead_end(group in any::<bool>(), walk in prop::collection::vec(moves(), 1..80)) {
        // Storms have a test of their own; here everybody is heard.
        let rules = Rules { heard_per_minute: 1_000, waiting: 1_000, tries: 1_000, ..Rules::telegram(group) };
        let mut world = World::new(rules);
        let (mut asked, mut silent, mut presses) = (0, 0, 0);
        for happens in walk {
            let is_press = matches!(happens, Move::Press(..) | Move::Forge(..) | Move::Change(_, true));
            let before = world.acknowledged.len() + world.pressed.len();
            if let Some((_, silence)) = make(&mut world, happens) {
                asked += 1;
                silent += usize::from(silence);
            }
            presses += usize::from(is_press && world.acknowledged.len() + world.pressed.len() > before);
        }
        world.settle();
        let state = world.state.as_ref().unwrap();
        prop_assert!(state.is_idle(), "{state:#?}");
        prop_assert!(world.sends + silent >= asked, "{} messages for {asked} questions", world.sends);
        prop_assert!(world.acknowledged.len() >= presses);
        let mut acknowledged: Vec<_> = world.acknowledged.iter().map(|(ask, _)| *ask).collect();
        acknowledged.dedup();
        prop_assert_eq!(acknowledged.len(), world.acknowledged.len(), "acknowledged once each");
        prop_assert!(world.bound.is_empty(), "{:?} are still bound", world.bound);
        prop_assert!(world.pressed.len() <= presses, "only people press, once each");
        let unfinished = world.shown.iter().filter(|(id, message)| {
            !world.deleted.contains(id) && message.buttons.concat().iter().any(|button| button.label == "Cancel")
        });
        prop_assert_eq!(unfinished.count(), 0, "every job shows its end: {:#?}", world.shown);
    }
}
