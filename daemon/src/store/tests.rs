//! The store as a whole, over sled.

use super::*;

static NUMBERS: Table<u64, u64> = Table::new(200, "numbers");

fn open(path: &Path) -> Store {
    Store::open(path, StoreOptions::default()).unwrap()
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.transact(|tx| NUMBERS.put(tx, &1, &10)).await.unwrap();
    assert_eq!(NUMBERS.read(&store, &1), Ok(Some(10)));
    drop(store);
    let store = open(folder.path());
    assert_eq!(NUMBERS.read(&store, &1), Ok(Some(10)));
}

#[test]
fn a_second_daemon_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let _first = open(folder.path());
    let Err(error) = Store::open(folder.path(), StoreOptions::default()) else { panic!("opened twice") };
    let text = error.to_string();
    assert!(text.contains("another daemon") && text.contains(&std::process::id().to_string()), "{text}");
}
