//! The single writer: drains the queue into one write set, makes it durable, then answers.
//!
//! Each change runs over its own overlay, so one that fails takes nothing of its neighbours with it. All
//! answers of a batch wait until the batch is durable, the refusals too: a refusal may rest on a neighbour
//! that has not reached the disk yet.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::StoreError;
use super::durable::Durable;
use super::engine::WriteSet;
use super::mirror::Mirror;
use super::tx::Tx;

/// A batch is closed when it wants to write this much, to bound memory and the wait of its first caller.
const BATCH_BYTES: usize = 1 << 20;

/// What the writer can be told.
pub(super) enum Message {
    /// A change.
    Change(Box<dyn Change>),
    /// Something to do while nothing is being written.
    AtRest(Box<dyn FnOnce() + Send>),
    /// Finish what is queued and end.
    Close,
}

/// A queued change and the way back to its caller.
pub(super) trait Change: Send {
    /// Runs the change; true if its writes are to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Answers the caller, once it is known whether the batch became durable.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

/// A change made of a closure and a reply.
pub(super) struct Call<F, T, E, R> {
    run: F,
    outcome: Option<Result<T, E>>,
    reply: R,
}

impl<F, T, E, R> Call<F, T, E, R> {
    pub(super) fn new(run: F, reply: R) -> Self {
        Call { run, outcome: None, reply }
    }
}

impl<F, T, E, R> Change for Call<F, T, E, R>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    E: From<StoreError> + Send,
    T: Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.run)(tx)));
        let outcome = match (outcome, tx.failure()) {
            (Err(_), _) => Err(E::from(StoreError::Panicked)),
            (Ok(Ok(_)), Some(failure)) => Err(E::from(failure.clone())),
            (Ok(outcome), _) => outcome,
        };
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let Call { run, outcome, reply } = *self;
        // Whatever the closure holds, a store perhaps, is let go before its caller goes on.
        drop(run);
        match (durable, outcome) {
            (Ok(()), Some(outcome)) => reply(outcome),
            (Ok(()), None) => reply(Err(E::from(StoreError::Closed))),
            (Err(error), _) => reply(Err(E::from(error))),
        }
    }
}

/// Hears how many changes became durable together and how long that took, on the writer's thread.
pub type OnFlush = Box<dyn Fn(usize, std::time::Duration) + Send>;

/// The writer's state; lives on its own thread.
pub(super) struct Writer {
    pub(super) durable: Arc<Durable>,
    pub(super) mirror: Option<Box<dyn Mirror>>,
    pub(super) queue: Receiver<Message>,
    pub(super) batch_changes: usize,
    pub(super) on_flush: Option<OnFlush>,
}

impl Writer {
    /// Works until the store is closed or dropped, then until the queue is empty.
    pub(super) fn work(mut self) {
        while let Ok(first) = self.queue.recv() {
            if !self.turn(first) {
                break;
            }
        }
        while let Ok(message) = self.queue.try_recv() {
            self.turn(message);
        }
    }

    /// One batch, beginning with `first`; false when told to close.
    fn turn(&mut self, first: Message) -> bool {
        let mut batch = OpenBatch {
            durable: Arc::clone(&self.durable),
            writes: WriteSet::new(),
            bytes: 0,
            changes: Vec::new(),
        };
        let mut next = Some(first);
        let last = loop {
            match next.take() {
                Some(Message::Change(change)) => batch.add(change),
                other => break other,
            }
            if batch.changes.len() >= self.batch_changes || batch.bytes >= BATCH_BYTES {
                break None;
            }
            next = self.queue.try_recv().ok();
        };
        let changes = batch.changes.len();
        let began = std::time::Instant::now();
        batch.finish(self.mirror.as_deref_mut());
        if let Some(heard) = self.on_flush.as_ref().filter(|_| changes > 0) {
            heard(changes, began.elapsed());
        }
        match last {
            Some(Message::AtRest(work)) => {
                // The caller learns of a panic by its reply being dropped.
                let _panicked = catch_unwind(AssertUnwindSafe(work));
                true
            }
            Some(Message::Close) => false,
            Some(Message::Change(_)) | None => true,
        }
    }
}

/// The changes that will share one flush.
struct OpenBatch {
    durable: Arc<Durable>,
    writes: WriteSet,
    bytes: usize,
    changes: Vec<Box<dyn Change>>,
}

impl OpenBatch {
    fn add(&mut self, mut change: Box<dyn Change>) {
        // A stopped store runs nothing: what it would decide on may not be on the disk.
        if self.durable.health().is_ok() {
            let mut tx = Tx::new(self.durable.engine(), &self.writes);
            let keep = change.run(&mut tx);
            if let (true, Ok(writes)) = (keep, tx.into_writes()) {
                self.bytes += writes
                    .iter()
                    .map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len))
                    .sum::<usize>();
                self.writes.extend(writes);
            }
        }
        self.changes.push(change);
    }

    fn finish(self, mirror: Option<&mut (dyn Mirror + 'static)>) {
        if self.changes.is_empty() {
            return;
        }
        let outcome = match self.durable.health() {
            Ok(()) if self.writes.is_empty() => Ok(()),
            Ok(()) => self.durable.commit(&self.writes, mirror),
            Err(stopped) => Err(stopped),
        };
        for change in self.changes {
            change.answer(outcome.clone());
        }
    }
}
