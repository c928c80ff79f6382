//! What every engine must do, told through the store. Run it with the function that opens the engine; each
//! check gets a folder of its own, and may open it again after dropping the store.

use std::ops::ControlFlow;
use std::path::Path;

use crate::store::*;

static LEFT: Table<u64, u64> = Table::new(200, "left");
static RIGHT: Table<u64, u64> = Table::new(201, "right");
static NAMES: Table<(String, i64), String> = Table::new(202, "names");

type Open = fn(&Path) -> Store;

/// Runs all checks.
pub(super) fn check(open: Open) {
    let checks: [fn(&Path, Open); 12] = [
        acknowledged_changes_survive_reopening,
        a_change_sees_its_own_writes,
        a_refused_change_leaves_nothing,
        a_panic_is_an_error_and_the_writer_lives,
        an_overlooked_failure_refuses_the_change,
        values_have_a_limit,
        increments_are_serial,
        scans_are_ordered_and_bounded,
        tables_do_not_mix,
        prefixes_select_whole_parts,
        long_visits_miss_nothing,
        closing_finishes_what_waits,
    ];
    for check in checks {
        let folder = tempfile::tempdir().unwrap();
        check(folder.path(), open);
    }
}

fn put(store: &Store, rows: &[(u64, u64)]) {
    let rows = rows.to_vec();
    store
        .transact_blocking(move |tx| rows.iter().try_for_each(|(key, value)| LEFT.put(tx, key, value)))
        .unwrap();
}

fn acknowledged_changes_survive_reopening(path: &Path, open: Open) {
    let store = open(path);
    put(&store, &[(1, 10), (2, 20)]);
    store.transact_blocking(|tx| LEFT.remove(tx, &1)).unwrap();
    drop(store);
    let store = open(path);
    assert_eq!(LEFT.scan(&store, .., Order::Ascending, 9), Ok(vec![(2, 20)]));
}

fn a_change_sees_its_own_writes(path: &Path, open: Open) {
    let store = open(path);
    put(&store, &[(1, 10)]);
    let seen = store.transact_blocking(|tx| -> Result<_, StoreError> {
        LEFT.put(tx, &1, &11)?;
        LEFT.put(tx, &2, &22)?;
        LEFT.remove(tx, &2)?;
        Ok((LEFT.get(tx, &1)?, LEFT.get(tx, &2)?))
    });
    assert_eq!(seen, Ok((Some(11), None)));
}

fn a_refused_change_leaves_nothing(path: &Path, open: Open) {
    let store = open(path);
    put(&store, &[(1, 10)]);
    let outcome: Result<(), StoreError> = store.transact_blocking(|tx| {
        LEFT.put(tx, &1, &11)?;
        RIGHT.put(tx, &1, &11)?;
        Err(StoreError::Busy)
    });
    assert_eq!(outcome, Err(StoreError::Busy));
    assert_eq!(LEFT.read(&store, &1), Ok(Some(10)));
    assert_eq!(RIGHT.read(&store, &1), Ok(None));
}

fn a_panic_is_an_error_and_the_writer_lives(path: &Path, open: Open) {
    let store = open(path);
    let outcome = store.transact_blocking(|tx| -> Result<(), StoreError> {
        LEFT.put(tx, &1, &1)?;
        panic!("a mistake in a rule")
    });
    assert_eq!(outcome, Err(StoreError::Panicked));
    assert_eq!(store.at_rest(|_| panic!("a mistake in a look")), Err::<(), _>(StoreError::Panicked));
    put(&store, &[(2, 2)]);
    assert_eq!(LEFT.scan(&store, .., Order::Ascending, 9), Ok(vec![(2, 2)]));
}

fn an_overlooked_failure_refuses_the_change(path: &Path, open: Open) {
    static SHORT: Table<u64, String> = Table::new(200, "left, read as text");
    let store = open(path);
    put(&store, &[(1, 10)]);
    let outcome = store.transact_blocking(|tx| -> Result<(), StoreError> {
        let guess = SHORT.get(tx, &1).unwrap_or_default();
        LEFT.put(tx, &2, &guess.map_or(0, |text| text.len() as u64))
    });
    assert!(matches!(outcome, Err(StoreError::Corrupt { .. })), "{outcome:?}");
    assert_eq!(LEFT.read(&store, &2), Ok(None));
}

fn values_have_a_limit(path: &Path, open: Open) {
    static TEXTS: Table<u64, String> = Table::new(203, "texts");
    let store = open(path);
    store.transact_blocking(|tx| TEXTS.put(tx, &1, &"x".repeat(VALUE_LIMIT_BYTES - 3))).unwrap();
    let outcome = store.transact_blocking(|tx| TEXTS.put(tx, &2, &"x".repeat(VALUE_LIMIT_BYTES)));
    assert!(matches!(outcome, Err(StoreError::TooLarge { table: "texts", .. })), "{outcome:?}");
    assert_eq!(TEXTS.read(&store, &1).unwrap().map(|text| text.len()), Some(VALUE_LIMIT_BYTES - 3));
}

fn increments_are_serial(path: &Path, open: Open) {
    let store = open(path);
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                for _ in 0..25 {
                    let add = |tx: &mut Tx<'_>| -> Result<(), StoreError> {
                        let sum = LEFT.get(tx, &0)?.unwrap_or(0);
                        LEFT.put(tx, &0, &(sum + 1))
                    };
                    store.transact_blocking(add).unwrap();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(LEFT.read(&store, &0), Ok(Some(400)));
}

fn scans_are_ordered_and_bounded(path: &Path, open: Open) {
    let store = open(path);
    put(&store, &[(300, 3), (1, 1), (256, 2), (u64::MAX, 4)]);
    let keys = |range: (std::ops::Bound<u64>, std::ops::Bound<u64>), order, limit| {
        let rows = LEFT.scan(&store, range, order, limit).unwrap();
        rows.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
    };
    use std::ops::Bound::{Excluded, Included, Unbounded};
    assert_eq!(keys((Unbounded, Unbounded), Order::Ascending, 9), [1, 2, 3, 4]);
    assert_eq!(keys((Unbounded, Unbounded), Order::Descending, 9), [4, 3, 2, 1]);
    assert_eq!(keys((Unbounded, Unbounded), Order::Descending, 2), [4, 3]);
    assert_eq!(keys((Unbounded, Unbounded), Order::Ascending, 0), [0; 0]);
    assert_eq!(keys((Included(1), Excluded(300)), Order::Ascending, 9), [1, 2]);
    assert_eq!(keys((Excluded(1), Included(300)), Order::Descending, 9), [3, 2]);
    assert_eq!(keys((Included(9), Included(2)), Order::Ascending, 9), [0; 0]);
    assert_eq!(keys((Excluded(1), Excluded(1)), Order::Ascending, 9), [0; 0]);
    assert_eq!(keys((Excluded(u64::MAX), Unbounded), Order::Ascending, 9), [0; 0]);
}

fn tables_do_not_mix(path: &Path, open: Open) {
    let store = open(path);
    put(&store, &[(1, 10), (u64::MAX, 11)]);
    store.transact_blocking(|tx| RIGHT.put(tx, &1, &20)).unwrap();
    assert_eq!(LEFT.scan(&store, 2.., Order::Ascending, 9), Ok(vec![(u64::MAX, 11)]));
    assert_eq!(RIGHT.scan(&store, .., Order::Descending, 9), Ok(vec![(1, 20)]));
}

fn prefixes_select_whole_parts(path: &Path, open: Open) {
    let store = open(path);
    let rows = [("ann", 1), ("ann", -1), ("anna", 2), ("an", 3), ("ann\0", 4)];
    store
        .transact_blocking(move |tx| {
            rows.iter().try_for_each(|(name, n)| NAMES.put(tx, &((*name).to_owned(), *n), &n.to_string()))
        })
        .unwrap();
    let found = NAMES.scan_prefix(&store, &"ann".to_owned(), Order::Ascending, 9).unwrap();
    let found: Vec<_> = found.into_iter().map(|((_, n), _)| n).collect();
    assert_eq!(found, [-1, 1]);
}

fn long_visits_miss_nothing(path: &Path, open: Open) {
    let store = open(path);
    let rows: Vec<_> = (0..2000).map(|n| (n, n)).collect();
    put(&store, &rows);
    for order in [Order::Ascending, Order::Descending] {
        let mut seen = Vec::new();
        let visit = |key, _| {
            seen.push(key);
            ControlFlow::Continue(())
        };
        LEFT.visit(&store, .., order, visit).unwrap();
        if order == Order::Descending {
            seen.reverse();
        }
        assert!(seen.into_iter().eq(0..2000), "{order:?}");
    }
    let sum = store.at_rest(|store| LEFT.scan(store, .., Order::Ascending, 5000).map(|rows| rows.len()));
    assert_eq!(sum, Ok(Ok(2000)));
}

fn closing_finishes_what_waits(path: &Path, open: Open) {
    let store = open(path);
    put(&store, &[(1, 1)]);
    store.close();
    store.close();
    assert_eq!(store.transact_blocking(|tx| LEFT.put(tx, &2, &2)), Err(StoreError::Closed));
    assert_eq!(LEFT.read(&store, &1), Ok(Some(1)));
    drop(store);
    assert_eq!(LEFT.read(&open(path), &1), Ok(Some(1)));
}
