//! Random operations, clock jumps among them, against the model; verified after every step, rebuilt at the
//! end.

use proptest::prelude::*;

use super::house::{House, records};
use super::model::Model;
use super::script::Op;
use crate::ledger::rebuild;
use crate::store::{Store, StoreOptions};

const MEMBERS: u8 = 3;

fn op() -> impl Strategy<Value = Op> {
    let who = 0..MEMBERS;
    let job = 0_u8..8;
    let id = 0_u8..24;
    let amount = prop_oneof![1 => Just(0_u64), 9 => 1_u64..30];
    let hour = 0_i64..240;
    prop_oneof![
        3 => prop_oneof![9 => hour.clone(), 1 => Just(90_000)].prop_map(|hour| Op::Clock { hour }),
        3 => (who.clone(), id.clone(), amount.clone()).prop_map(|(who, id, amount)| Op::Buy { who, id, amount }),
        2 => (who.clone(), id.clone(), amount.clone(), hour.clone())
            .prop_map(|(who, id, amount, ends)| Op::Plan { who, id, amount, ends }),
        3 => (who.clone(), id.clone(), amount.clone(), prop::option::of(hour))
            .prop_map(|(who, id, amount, ends)| Op::Gift { who, id, amount, ends }),
        3 => (who.clone(), 0_u64..20).prop_map(|(who, level)| Op::Daily { who, level }),
        8 => (who.clone(), job.clone(), amount.clone())
            .prop_map(|(who, job, amount)| Op::Reserve { who, job, amount }),
        4 => (job.clone(), amount.clone()).prop_map(|(job, amount)| Op::Capture { job, amount }),
        3 => job.clone().prop_map(|job| Op::Release { job }),
        3 => (id.clone(), job, amount.clone()).prop_map(|(id, job, amount)| Op::Refund { id, job, amount }),
        2 => (who.clone(), id.clone(), -20_i64..20)
            .prop_map(|(who, id, change)| Op::Adjust { who, id, change }),
        2 => (who.clone(), id.clone(), amount).prop_map(|(who, id, amount)| Op::Revoke { who, id, amount }),
        1 => (id, who.clone(), who).prop_map(|(id, from, to)| Op::Merge { id, from, to }),
        1 => Just(Op::Reopen),
    ]
}

/// Two grants that lapse at one time may be spent in either order, so no two of them do.
fn spread_ends(ops: Vec<Op>) -> Vec<Op> {
    let mut used = std::collections::BTreeSet::new();
    let mut fresh = |ends: i64| {
        // Days end on the hour of a day's free credits.
        (ends..).find(|ends| ends % 24 != 0 && used.insert(*ends)).unwrap_or(ends)
    };
    ops.into_iter()
        .map(|op| match op {
            Op::Plan { who, id, amount, ends } => Op::Plan { who, id, amount, ends: fresh(ends) },
            Op::Gift { who, id, amount, ends } => {
                // A grant that never lapses stands for one that lapses after all others.
                Op::Gift { who, id, amount, ends: Some(fresh(ends.unwrap_or(100_000))) }
            }
            other => other,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_ledger_behaves_like_its_model(ops in prop::collection::vec(op(), 1..60).prop_map(spread_ends)) {
        let mut house = House::new();
        let mut model = Model::new();
        for (step, op) in ops.iter().enumerate() {
            prop_assert_eq!(house.run(op), model.run(op), "step {}: {:?}", step, op);
            for who in 0..MEMBERS {
                prop_assert_eq!(house.balance(who), model.balance(who), "member {} after step {}: {:?}", who, step, op);
            }
            let report = house.verify();
            prop_assert!(report.is_sound(), "step {}: {:?}\n{:?}", step, op, report);
        }
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), StoreOptions::default()).unwrap();
        house.shut();
        let rebuilt = rebuild(&house.journal_path(), &store).unwrap();
        house.reopen();
        prop_assert!(rebuilt.1);
        prop_assert_eq!(records(&store), house.records());
    }
}
