//! Lists: newest first, filtered, in pages, each line with the balance after it.

use super::house::{House, at, member};
use super::script::Op;
use crate::ledger::*;

fn amounts(house: &House, filter: &TransferFilter, limit: usize) -> Vec<(Kind, u64, Option<u64>)> {
    let mut page = Page { before: None, limit };
    let mut rows = Vec::new();
    loop {
        let part = transfers(house.store(), member(1), filter, page).unwrap();
        assert!(part.transfers.len() <= limit);
        rows.extend(part.transfers.iter().map(|t| (t.kind, t.amount, t.balance_after(member(1)))));
        match part.next {
            Some(next) => page.before = Some(next),
            None => return rows,
        }
    }
}

#[test]
fn a_member_sees_their_own_transfers() {
    let mut house = House::new();
    let script =
        ["buy 1 1 10", "buy 2 2 99", "clock 20", "reserve 1 1 4", "clock 30", "capture 1 3", "gift 1 3 2"];
    for line in script {
        house.run(&Op::parse(line));
    }
    let all = [
        (Kind::Gift, 2, Some(9)),
        (Kind::Usage, 1, Some(7)),
        (Kind::Usage, 3, Some(6)),
        (Kind::Usage, 4, Some(6)),
        (Kind::Purchase, 10, Some(10)),
    ];
    for limit in [1, 2, 5, 9] {
        assert_eq!(amounts(&house, &TransferFilter::default(), limit), all);
    }
    let usage = TransferFilter { kind: Some(Kind::Usage), ..TransferFilter::default() };
    assert_eq!(amounts(&house, &usage, 2), all[1..4]);
    let between = TransferFilter { from: Some(at(20)), to: Some(at(30)), kind: None };
    assert_eq!(amounts(&house, &between, 9), all[3..4]);
}

#[test]
fn a_wallet_holds_a_bounded_number_of_grants() {
    let mut house = House::new();
    for id in 0..64 {
        assert_eq!(house.run(&Op::Gift { who: 1, id, amount: 1, ends: Some(50) }), "moved 1");
    }
    assert_eq!(house.run(&Op::parse("gift 1 100 1 50")), "too many");
    assert_eq!(house.run(&Op::parse("reserve 1 1 64")), "open");
    assert_eq!(house.run(&Op::parse("capture 1 1")), "captured 1");
    assert_eq!(house.run(&Op::parse("gift 1 100 1 50")), "moved 1");
    assert_eq!(house.run(&Op::parse("clock 50")), "");
    assert_eq!(house.run(&Op::parse("gift 1 101 1 60")), "moved 1");
    assert_eq!(house.balance(1), "B1");
    assert!(house.verify().is_sound());
}
