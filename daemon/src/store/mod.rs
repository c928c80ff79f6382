//! The store: an ordered key-value engine behind serialisable transactions and typed tables.
//!
//! All changes go through one writer thread, which lets many of them share one flush ([`Store::transact`]).
//! A change is a pure closure over point reads and writes; ids and the time come in from outside. Lists are
//! read outside of transactions, through index keys. Nothing is visible outside a transaction, and no caller
//! is answered, before it is durable. Files and pictures do not belong here.

mod codec;
mod durable;
mod engine;
mod error;
mod lock;
mod mirror;
mod sled;
mod table;
mod tables;
#[cfg(test)]
mod tests;
mod tx;
mod writer;

use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

pub use codec::{Key, KeyPrefix};
pub use engine::{Engine, Order, Span, Visit, WriteSet};
pub use error::StoreError;
pub use mirror::Mirror;
pub use table::{Table, VALUE_LIMIT_BYTES};
pub use tables::TableId;
pub use tx::Tx;

use durable::Durable;
use lock::FolderLock;
pub use writer::OnFlush;
use writer::{Call, Message, Writer};

/// The layout of the data. Raise it when old rows cannot be read any more.
const SCHEMA: u32 = 1;

/// The store's own facts.
static META: Table<String, u32> = Table::new(TableId::Meta as u8, "meta");

/// How the store is opened.
pub struct StoreOptions {
    /// What the engine may keep in memory, roughly; the engine takes it as a hint.
    pub cache_bytes: u64,
    /// How many changes may wait; beyond it callers hear [`StoreError::Busy`].
    pub queue_changes: usize,
    /// How many changes may share one flush.
    pub batch_changes: usize,
    /// The copy of one table to keep in step.
    pub mirror: Option<Box<dyn Mirror>>,
    /// Who hears of each flush.
    pub on_flush: Option<OnFlush>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions {
            cache_bytes: 64 << 20,
            queue_changes: 1024,
            batch_changes: 256,
            mirror: None,
            on_flush: None,
        }
    }
}

/// A handle on the open store. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Store {
    handle: Arc<Handle>,
}

struct Handle {
    durable: Arc<Durable>,
    queue: SyncSender<Message>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    /// Opens or creates the store in the folder `path`, which no other process may have open.
    pub fn open(path: &Path, options: StoreOptions) -> Result<Store, StoreError> {
        std::fs::create_dir_all(path).map_err(|error| StoreError::file("cannot create", path, &error))?;
        let lock = FolderLock::take(path)?;
        let engine = sled::SledEngine::open(&path.join("sled"), options.cache_bytes)?;
        Store::start(Box::new(engine), lock, options)
    }

    fn start(
        engine: Box<dyn Engine>,
        lock: FolderLock,
        mut options: StoreOptions,
    ) -> Result<Store, StoreError> {
        check_schema(&*engine)?;
        if let Some(mirror) = options.mirror.as_deref_mut() {
            mirror::catch_up(&*engine, mirror)?;
        }
        let durable = Arc::new(Durable::new(engine, lock));
        let (sender, receiver) = sync_channel(options.queue_changes);
        let writer = Writer {
            durable: Arc::clone(&durable),
            mirror: options.mirror,
            queue: receiver,
            batch_changes: options.batch_changes,
            on_flush: options.on_flush,
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(|| writer.work())
            .map_err(|error| StoreError::Engine(format!("the writer thread cannot start: {error}")))?;
        let handle = Handle { durable, queue: sender, writer: Mutex::new(Some(thread)) };
        Ok(Store { handle: Arc::new(handle) })
    }

    /// Runs `change` in a transaction of its own and answers when its outcome is durable.
    ///
    /// The closure is pure: it may read and write through `tx` and must neither block nor call the store.
    /// Dropping the future does not undo the change.
    pub async fn transact<T, E>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        // A caller who has gone away needs no answer.
        let call = Call::new(change, move |outcome| drop(reply.send(outcome)));
        self.queue(Message::Change(Box::new(call)))?;
        answer.await.unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }

    /// [`Store::transact`] for threads that may block, such as a command or a test.
    pub fn transact_blocking<T, E>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        let call = Call::new(change, move |outcome| drop(reply.send(outcome)));
        self.queue(Message::Change(Box::new(call)))?;
        answer.recv().unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }

    /// Runs `look` in one turn of the writer, so that nothing changes meanwhile. All changes wait for it:
    /// read what must belong together and leave. Blocks the calling thread.
    pub fn at_rest<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Store) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = sync_channel(1);
        let store = self.clone();
        let work = move || {
            let seen = look(&store);
            // Let go first: a caller who has the answer may close the store and open it again.
            drop(store);
            drop(reply.send(seen));
        };
        self.queue(Message::AtRest(Box::new(work)))?;
        answer.recv().map_err(|_| self.health().err().unwrap_or(StoreError::Panicked))
    }

    /// Says why the store does not write any more, if so.
    pub fn health(&self) -> Result<(), StoreError> {
        self.handle.durable.health()
    }

    /// Whether the store accepts changes.
    pub fn healthy(&self) -> bool {
        self.health().is_ok()
    }

    /// Finishes the changes that wait and ends the writer. Blocks; later changes hear [`StoreError::Closed`].
    /// The folder is free for others when the last clone is gone.
    pub fn close(&self) {
        self.handle.close();
    }

    fn queue(&self, message: Message) -> Result<(), StoreError> {
        self.handle.queue.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }

    fn durable(&self) -> &Durable {
        &self.handle.durable
    }
}

impl Handle {
    fn close(&self) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(thread) = writer.take() else { return };
        if thread.thread().id() == std::thread::current().id() {
            // The last clone went away inside a change. The writer ends when its queue does.
            return;
        }
        // Either may fail only because the writer has ended already.
        let _ended = self.queue.send(Message::Close);
        let _ended = thread.join();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.close();
    }
}

/// Refuses foreign data before anything else is written; runs before there is a writer.
fn check_schema(engine: &dyn Engine) -> Result<(), StoreError> {
    let key = "schema".to_owned();
    let nothing_before = WriteSet::new();
    let mut tx = Tx::new(engine, &nothing_before);
    match META.get(&mut tx, &key)? {
        Some(SCHEMA) => return Ok(()),
        Some(found) => return Err(StoreError::Schema { found, wanted: SCHEMA }),
        None => META.put(&mut tx, &key, &SCHEMA)?,
    }
    engine.commit(&tx.into_writes()?)
}
