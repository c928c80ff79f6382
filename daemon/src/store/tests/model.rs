//! Random transactions against a plain map, with reopening in between.

use std::collections::BTreeMap;
use std::ops::Bound;

use proptest::prelude::*;

use super::open;
use crate::store::*;

static TABLE: Table<(u8, i64), u64> = Table::new(200, "table");

type End = Bound<(u8, i64)>;

#[derive(Debug, Clone)]
enum Step {
    /// Writes, and whether the change is refused in the end.
    Change(Vec<((u8, i64), Option<u64>)>, bool),
    /// A scan.
    Scan(End, End, bool, usize),
    /// Dropped and opened again.
    Reopen,
}

fn key() -> impl Strategy<Value = (u8, i64)> {
    (0_u8..3, -3_i64..3)
}

fn bound() -> impl Strategy<Value = End> {
    prop_oneof![Just(Bound::Unbounded), key().prop_map(Bound::Included), key().prop_map(Bound::Excluded)]
}

fn step() -> impl Strategy<Value = Step> {
    let write = (key(), prop::option::weighted(0.7, any::<u64>()));
    prop_oneof![
        6 => (prop::collection::vec(write, 0..6), prop::bool::weighted(0.2))
            .prop_map(|(writes, refused)| Step::Change(writes, refused)),
        4 => (bound(), bound(), any::<bool>(), 0_usize..12)
            .prop_map(|(start, end, forward, limit)| Step::Scan(start, end, forward, limit)),
        1 => Just(Step::Reopen),
    ]
}

fn expected(
    model: &BTreeMap<(u8, i64), u64>,
    bounds: (End, End),
    forward: bool,
    limit: usize,
) -> Vec<((u8, i64), u64)> {
    use std::ops::RangeBounds;
    let mut rows: Vec<_> =
        model.iter().filter(|(key, _)| bounds.contains(*key)).map(|(key, value)| (*key, *value)).collect();
    if !forward {
        rows.reverse();
    }
    rows.truncate(limit);
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_store_behaves_like_a_map(steps in prop::collection::vec(step(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path());
        let mut model = BTreeMap::new();
        for step in steps {
            match step {
                Step::Change(writes, refused) => {
                    if !refused {
                        for (key, value) in &writes {
                            match value {
                                Some(value) => model.insert(*key, *value),
                                None => model.remove(key),
                            };
                        }
                    }
                    let outcome = store.transact_blocking(move |tx| -> Result<(), StoreError> {
                        for (key, value) in &writes {
                            match value {
                                Some(value) => TABLE.put(tx, key, value)?,
                                None => TABLE.remove(tx, key)?,
                            }
                        }
                        if refused { Err(StoreError::Busy) } else { Ok(()) }
                    });
                    prop_assert_eq!(outcome.is_err(), refused);
                }
                Step::Scan(start, end, forward, limit) => {
                    let order = if forward { Order::Ascending } else { Order::Descending };
                    let rows = TABLE.scan(&store, (start, end), order, limit).unwrap();
                    prop_assert_eq!(rows, expected(&model, (start, end), forward, limit));
                }
                Step::Reopen => {
                    drop(store);
                    store = open(folder.path());
                }
            }
        }
        let rows = TABLE.scan(&store, .., Order::Ascending, usize::MAX).unwrap();
        prop_assert_eq!(rows, model.into_iter().collect::<Vec<_>>());
    }
}
