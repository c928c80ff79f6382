//! Hands updates to the desk, and says which of them Telegram need not bring again. Albums wait until they are complete.

use std::{collections::BTreeMap, time::Duration};

use teloxide_core::types::Update;
use tokio::{
    sync::oneshot::{Receiver, error::TryRecvError},
    time::Instant,
};

use super::{
    Telegram,
    albums::Albums,
    hear::{BotName, Heard, heard},
};
use crate::desk::Desk;

/// What takes longer than this is not waited for: the daemon is busy with it, or away and said so.
pub(super) const SETTLED_AFTER: Duration = Duration::from_secs(15);

/// Hears for one bot.
pub(super) struct Ears {
    bot: BotName,
    desk: Desk<Telegram>,
    albums: Albums,
    began: Instant,
    /// What is not in good hands yet, by update; none for parts of albums that are arriving.
    pending: BTreeMap<u32, (Instant, Option<Receiver<()>>)>,
    /// The first update that was not heard.
    next: u32,
}

impl Ears {
    pub(super) fn new(bot: BotName, desk: Desk<Telegram>) -> Self {
        let (albums, pending) = (Albums::default(), BTreeMap::new());
        Self { bot, desk, albums, began: Instant::now(), pending, next: 0 }
    }

    /// Takes in what was not heard before.
    pub(super) async fn hear(&mut self, updates: Vec<Update>) {
        for update in updates {
            let id = update.id.0;
            if id < self.next {
                continue;
            }
            self.next = id + 1;
            let Some(mut said) = heard(&self.bot, update) else { continue };
            match said.album.take() {
                Some(group) => {
                    self.pending.insert(id, (Instant::now(), None));
                    self.albums.add(group, id, said, self.began.elapsed());
                }
                None => self.pass(said, &[id]).await,
            }
        }
        for (album, updates) in self.albums.complete(self.began.elapsed()) {
            self.pass(album, &updates).await;
        }
    }

    async fn pass(&mut self, said: Heard, updates: &[u32]) {
        for update in updates {
            self.pending.remove(update);
        }
        if let Some(first) = updates.iter().min().filter(|_| said.addressed) {
            let receipt = self.desk.hear(said.chat, said.ask, said.said).await;
            self.pending.insert(*first, (Instant::now(), Some(receipt)));
        }
    }

    /// Whether everything that was heard is in good hands.
    pub(super) fn is_settled(&mut self) -> bool {
        self.pending.retain(|_, (since, receipt)| {
            let waits = match receipt {
                Some(receipt) => matches!(receipt.try_recv(), Err(TryRecvError::Empty)),
                None => true,
            };
            waits && since.elapsed() < SETTLED_AFTER
        });
        self.pending.is_empty()
    }

    /// The first update that Telegram has to bring (again).
    pub(super) fn offset(&self) -> u32 {
        self.pending.keys().next().copied().unwrap_or(self.next)
    }
}
