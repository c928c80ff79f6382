//! A disk that fails or takes its time.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use crate::store::lock::FolderLock;
use crate::store::sled::SledEngine;
use crate::store::*;

static TABLE: Table<u64, u64> = Table::new(200, "table");

/// sled, with a flush that can be held up or fail after the write set was applied.
struct Faulty {
    sled: SledEngine,
    fails: Arc<AtomicBool>,
    gate: Option<Gate>,
}

/// Tells that a write set was applied, and waits to be let on.
struct Gate {
    applied: SyncSender<()>,
    go_on: Mutex<Receiver<()>>,
}

impl Engine for Faulty {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.sled.get(key)
    }

    fn scan(&self, span: &Span, order: Order, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.sled.scan(span, order, visit)
    }

    fn commit(&self, writes: &WriteSet) -> Result<(), StoreError> {
        self.sled.commit(writes)?;
        // The schema is written before there is anything to hold up.
        if let Some(gate) = self.gate.as_ref().filter(|_| writes.keys().all(|key| key[0] == 200)) {
            gate.applied.send(()).unwrap();
            gate.go_on.lock().unwrap().recv().unwrap();
        }
        if self.fails.load(Ordering::SeqCst) {
            assert!(
                !writes.contains_key([200, 0, 0, 0, 0, 0, 0, 0, 13].as_slice()),
                "a mistake in the engine"
            );
            return Err(StoreError::Engine("no space is left".to_owned()));
        }
        Ok(())
    }
}

fn open_faulty(path: &Path, gate: Option<Gate>) -> (Store, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(false));
    let sled = SledEngine::open(&path.join("sled"), 1 << 20).unwrap();
    let engine = Faulty { sled, fails: Arc::clone(&fails), gate };
    let options = StoreOptions { queue_changes: 4, ..StoreOptions::default() };
    let store = Store::start(Box::new(engine), FolderLock::take(path).unwrap(), options).unwrap();
    (store, fails)
}

#[test]
fn a_failed_flush_stops_all_changes_and_shows_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let (store, fails) = open_faulty(folder.path(), None);
    store.transact_blocking(|tx| TABLE.put(tx, &1, &10)).unwrap();
    assert!(store.healthy());
    fails.store(true, Ordering::SeqCst);
    let outcome = store.transact_blocking(|tx| {
        TABLE.put(tx, &1, &11)?;
        TABLE.put(tx, &2, &22)
    });
    assert!(matches!(outcome, Err(StoreError::Stopped(_))), "{outcome:?}");
    fails.store(false, Ordering::SeqCst);
    let outcome = store.transact_blocking(|tx| TABLE.get(tx, &1));
    assert!(matches!(outcome, Err(StoreError::Stopped(_))), "{outcome:?}");
    assert!(!store.healthy());
    assert_eq!(TABLE.read(&store, &1), Ok(Some(10)));
    assert_eq!(TABLE.scan(&store, .., Order::Descending, 9), Ok(vec![(1, 10)]));
}

#[test]
fn an_engine_that_panics_stops_all_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (store, fails) = open_faulty(folder.path(), None);
    fails.store(true, Ordering::SeqCst);
    let outcome = store.transact_blocking(|tx| TABLE.put(tx, &13, &1));
    assert!(matches!(outcome, Err(StoreError::Stopped(_))), "{outcome:?}");
    assert!(!store.healthy());
    assert_eq!(TABLE.read(&store, &13), Ok(None));
}

#[test]
fn readers_see_the_old_state_until_the_new_one_is_durable() {
    let folder = tempfile::tempdir().unwrap();
    let (applied, is_applied) = sync_channel(1);
    let (let_go, go_on) = sync_channel(1);
    let (store, _) = open_faulty(folder.path(), Some(Gate { applied, go_on: Mutex::new(go_on) }));
    let change = |writes: Vec<(u64, Option<u64>)>| {
        let store = store.clone();
        std::thread::spawn(move || {
            store.transact_blocking(move |tx| {
                writes.iter().try_for_each(|(key, value)| match value {
                    Some(value) => TABLE.put(tx, key, value),
                    None => TABLE.remove(tx, key),
                })
            })
        })
    };
    let both = |store: &Store| {
        let up = TABLE.scan(store, .., Order::Ascending, 9).unwrap();
        let mut down = TABLE.scan(store, .., Order::Descending, 9).unwrap();
        down.reverse();
        assert_eq!(up, down);
        up
    };
    let first = change(vec![(1, Some(10)), (3, Some(30)), (5, Some(50))]);
    is_applied.recv().unwrap();
    assert_eq!(both(&store), []);
    let_go.send(()).unwrap();
    first.join().unwrap().unwrap();

    let before = [(1, 10), (3, 30), (5, 50)];
    let second = change(vec![(0, Some(1)), (1, Some(11)), (3, None), (4, Some(40)), (5, None)]);
    is_applied.recv().unwrap();
    assert_eq!(both(&store), before);
    assert_eq!(TABLE.scan(&store, .., Order::Descending, 1), Ok(vec![(5, 50)]));
    assert_eq!(TABLE.scan(&store, 2.., Order::Ascending, 1), Ok(vec![(3, 30)]));
    assert_eq!(TABLE.read(&store, &3), Ok(Some(30)));
    assert_eq!(TABLE.read(&store, &4), Ok(None));
    let_go.send(()).unwrap();
    second.join().unwrap().unwrap();
    assert_eq!(both(&store), [(0, 1), (1, 11), (4, 40)]);
}

#[test]
fn a_full_queue_is_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (applied, is_applied) = sync_channel(1);
    let (let_go, go_on) = sync_channel(9);
    let (store, _) = open_faulty(folder.path(), Some(Gate { applied, go_on: Mutex::new(go_on) }));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let put = |key| store.transact(move |tx| TABLE.put(tx, &key, &key));
        let mut waiting = vec![Box::pin(put(0))];
        // One change is at the disk and four wait; polling sends each of them off.
        futures::future::join_all(waiting.iter_mut().map(futures::future::poll_immediate)).await;
        is_applied.recv().unwrap();
        for key in 1..=4 {
            let mut change = Box::pin(put(key));
            assert_eq!(futures::future::poll_immediate(&mut change).await, None);
            waiting.push(change);
        }
        assert_eq!(put(5).await, Err(StoreError::Busy));
        let_go.send(()).unwrap();
        let_go.send(()).unwrap();
        assert!(futures::future::join_all(waiting).await.into_iter().all(|outcome| outcome.is_ok()));
    });
    assert_eq!(TABLE.scan(&store, .., Order::Ascending, 9).map(|rows| rows.len()), Ok(5));
}
