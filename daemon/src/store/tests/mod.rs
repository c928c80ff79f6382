//! Proofs of the store.

mod codec;
mod conformance;
mod faults;
mod model;

use std::path::Path;

use super::*;

fn open(path: &Path) -> Store {
    Store::open(path, StoreOptions::default()).unwrap()
}

#[test]
fn sled_conforms() {
    conformance::check(open);
}

#[test]
fn a_second_daemon_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let _first = open(folder.path());
    let Err(error) = Store::open(folder.path(), StoreOptions::default()) else { panic!("opened twice") };
    let text = error.to_string();
    assert!(text.contains("another daemon") && text.contains(&std::process::id().to_string()), "{text}");
}

#[test]
fn a_torn_snapshot_does_not_keep_the_store_from_opening() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let torn = folder.path().join("sled").join("snap.00000000000FFFFF.generating");
    std::fs::write(&torn, b"half a snap").unwrap();
    drop(open(folder.path()));
    assert!(!torn.exists());
}

#[test]
fn data_of_another_layout_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.transact_blocking(|tx| META.put(tx, &"schema".to_owned(), &99)).unwrap();
    drop(store);
    let outcome = Store::open(folder.path(), StoreOptions::default());
    assert_eq!(outcome.err(), Some(StoreError::Schema { found: 99, wanted: SCHEMA }));
}
