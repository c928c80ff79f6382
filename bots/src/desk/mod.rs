//! Runs one dialogue for each chat: reads its mail, carries out what the dialogue wants, and puts the answers back into
//! its mail. A chat in which nothing is under way is forgotten after a while; whatever matters is in the daemon.

mod follow;
mod talk;
#[cfg(test)]
mod tests;
mod work;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use crate::{
    daemon::Daemon,
    dialogue::{Ask, At, Effect, Input, Said, State, step},
    platform::Platform,
};

/// Mail that may wait in one chat; whoever writes more waits.
const ROOM: usize = 64;
/// A chat is forgotten when nothing has been under way for this long.
const FORGET_AFTER: Duration = Duration::from_secs(60);

/// All chats of a bot. Clones share them.
pub struct Desk<P> {
    inner: Arc<Inner<P>>,
}

struct Inner<P> {
    platform: Arc<P>,
    daemon: Daemon,
    chats: Mutex<HashMap<i64, mpsc::Sender<Mail>>>,
    /// Moments of dialogues are counted from here.
    began: Instant,
}

impl<P> Clone for Desk<P> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

/// What a chat is told.
struct Mail {
    input: Input,
    /// Answered when what was heard is in good hands.
    receipt: Option<oneshot::Sender<()>>,
}

impl<P: Platform> Desk<P> {
    /// A desk without chats.
    #[must_use]
    pub fn new(platform: Arc<P>, daemon: Daemon) -> Self {
        let (chats, began) = (Mutex::default(), Instant::now());
        Self { inner: Arc::new(Inner { platform, daemon, chats, began }) }
    }

    /// Somebody said or pressed something. The receipt comes when it is in good hands.
    pub async fn hear(&self, chat: i64, ask: Ask, said: Said) -> oneshot::Receiver<()> {
        let (receipt, received) = oneshot::channel();
        self.post(chat, Mail { input: Input::Heard(ask, said), receipt: Some(receipt) }).await;
        received
    }

    /// Takes up the messages of earlier runs that show work which had not ended.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn take_up(&self) -> Result<usize, tonic::Status> {
        let bindings = self.inner.daemon.bindings().await?;
        let count = bindings.len();
        for binding in bindings {
            let chat = binding.chat;
            let input = talk::taken_up(binding);
            self.post(chat, Mail { input, receipt: None }).await;
        }
        Ok(count)
    }

    async fn post(&self, chat: i64, mail: Mail) {
        let mut mail = mail;
        loop {
            let sender = self.chat(chat);
            match sender.send(mail).await {
                Ok(()) => return,
                // It was just being forgotten.
                Err(mpsc::error::SendError(returned)) => mail = returned,
            }
        }
    }

    fn chat(&self, chat: i64) -> mpsc::Sender<Mail> {
        let mut chats = self.inner.chats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = chats.get(&chat).filter(|sender| !sender.is_closed()) {
            return sender.clone();
        }
        let (sender, inbox) = mpsc::channel(ROOM);
        chats.insert(chat, sender.clone());
        tokio::spawn(Chat::new(self.clone(), chat, sender.downgrade(), inbox).run());
        sender
    }
}

/// One chat at work.
struct Chat<P> {
    desk: Desk<P>,
    id: i64,
    /// For the tasks that it starts.
    own: mpsc::WeakSender<Mail>,
    inbox: mpsc::Receiver<Mail>,
    state: State,
    receipts: HashMap<i64, oneshot::Sender<()>>,
    wake_at: Option<At>,
    tasks: JoinSet<()>,
    /// The last thing that the daemon was to remember or forget of a message; the next one follows it.
    noting: Option<JoinHandle<()>>,
}

impl<P: Platform> Chat<P> {
    fn new(desk: Desk<P>, id: i64, own: mpsc::WeakSender<Mail>, inbox: mpsc::Receiver<Mail>) -> Self {
        let state = State::new(desk.inner.platform.rules(id));
        let (receipts, tasks) = (HashMap::new(), JoinSet::new());
        Self { desk, id, own, inbox, state, receipts, wake_at: None, tasks, noting: None }
    }

    async fn run(mut self) {
        loop {
            let wake = self.desk.inner.began + self.wake_at.unwrap_or_default();
            let quiet = Instant::now() + FORGET_AFTER;
            let input = tokio::select! {
                mail = self.inbox.recv() => match mail {
                    Some(mail) => {
                        if let (Some(receipt), Input::Heard(ask, _)) = (mail.receipt, &mail.input) {
                            self.receipts.insert(ask.id, receipt);
                        }
                        mail.input
                    }
                    None => return,
                },
                () = tokio::time::sleep_until(wake), if self.wake_at.is_some() => {
                    self.wake_at = None;
                    Input::Tick
                }
                Some(_) = self.tasks.join_next() => continue,
                () = tokio::time::sleep_until(quiet), if self.state.is_idle() && self.tasks.is_empty() => {
                    if self.leave() {
                        return;
                    }
                    continue;
                }
            };
            let now = self.desk.inner.began.elapsed();
            let (state, effects) = step(self.state, now, input);
            self.state = state;
            // Whatever is still due is said again.
            self.wake_at = None;
            for effect in effects {
                self.carry_out(effect);
            }
        }
    }

    /// Leaves the desk, unless there is mail.
    fn leave(&mut self) -> bool {
        let mut chats = self.desk.inner.chats.lock().unwrap_or_else(PoisonError::into_inner);
        if self.inbox.is_empty() {
            chats.remove(&self.id);
            self.inbox.close();
        }
        self.inbox.is_closed()
    }

    /// Begins what is to be done. It never waits: whoever did would keep those who speak elsewhere from being heard, as
    /// their words come through the same ears.
    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Settled(ask) => {
                if let Some(receipt) = self.receipts.remove(&ask) {
                    // Whoever does not wait for it is fine.
                    receipt.send(()).ok();
                }
            }
            Effect::WakeAt(at) => {
                self.wake_at = Some(self.wake_at.map_or(at, |known| known.min(at)));
            }
            Effect::Note(what) => tracing::warn!(chat = self.id, "{what}"),
            Effect::Bind { message, key, ask, job } => self.bind(message, key, ask, job),
            Effect::Release { message, ask } => self.release(message, &ask),
            effect => self.begin(effect),
        }
    }
}
