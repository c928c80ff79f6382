//! The one loop: waits for something to happen, lets `update` decide, does what it says, draws.

use std::{
    io,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use crossterm::event::{Event, EventStream};
use futures::StreamExt as _;
use jiff::{Timestamp, tz::TimeZone};
use ratatui_image::picker::Picker;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use super::{
    ConnectEvent, Graphics, Leave, UiOptions,
    app::App,
    local,
    model::Clock,
    msg::{Act, Cmd, LocalNews, Msg, Order, PictureNews},
    net,
    picture::Worker,
    probe::{Found, probe},
    state::Saved,
    term::Screen,
    update::{settle, update},
    view::view,
};

/// Room for what happened and was not looked at yet.
const MSGS: usize = 256;
/// Room for orders that the connection has not taken yet.
const ORDERS: usize = 64;
/// Most that is looked at before the next frame.
const DRAIN: usize = 128;
/// Frames are at least so far apart.
const FRAME: Duration = Duration::from_millis(16);
/// How long after a change the draft is kept.
const KEEP_AFTER: Duration = Duration::from_secs(1);
/// How long leaving waits for the last orders.
const LAST_ORDERS: Duration = Duration::from_secs(2);

/// Shows the interface until somebody leaves it.
pub(crate) async fn run(options: UiOptions, connect: mpsc::Receiver<ConnectEvent>) -> anyhow::Result<Leave> {
    let saved = options.state_file.as_deref().map(Saved::load).unwrap_or_default();
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut screen = Screen::take().context("the terminal could not be taken; is this one?")?;
    let app = App::new(clock(options.started), TimeZone::system(), options.theme, colour, saved.clone());
    let (msgs_in, msgs) = mpsc::channel(MSGS);
    let (orders_in, orders) = mpsc::channel(ORDERS);
    let (picker_in, picker) = watch::channel(None);
    let mut ui = Ui {
        app,
        started: options.started,
        msgs,
        worker: Worker::new(msgs_in.clone(), picker),
        msgs_in: msgs_in.clone(),
        orders: orders_in,
        picker: picker_in,
        events: None,
        leave: None,
        dirty: false,
        next_frame: Instant::now(),
        kept: saved,
        keep_at: None,
        state_file: options.state_file.clone(),
    };
    ui.draw(&mut screen)?;
    if options.first_frame_exit {
        let passed = options.started.elapsed();
        drop(screen);
        tell_first_frame(passed)?;
        return Ok(Leave::Quit);
    }
    let net = tokio::spawn(net::run(connect, orders, msgs_in));
    let leave = ui.run(&mut screen, options.graphics).await;
    ui.finish(net).await;
    drop(screen);
    leave
}

fn tell_first_frame(passed: Duration) -> io::Result<()> {
    use io::Write as _;
    writeln!(io::stdout(), "first frame after {:.1} ms", passed.as_secs_f64() * 1000.0)
}

/// The screens' one look at the clock; everything else gets it as a value.
#[expect(clippy::disallowed_methods, reason = "here the time comes from")]
fn clock(started: Instant) -> Clock {
    Clock { mono: started.elapsed(), wall: Timestamp::now() }
}

/// The loop's own things.
struct Ui {
    app: App,
    started: Instant,
    msgs: mpsc::Receiver<Msg>,
    msgs_in: mpsc::Sender<Msg>,
    orders: mpsc::Sender<Order>,
    worker: Worker,
    picker: watch::Sender<Option<Picker>>,
    /// Nothing while the terminal is asked what it can, or lent to an editor: two readers would share the keys.
    events: Option<EventStream>,
    leave: Option<Leave>,
    dirty: bool,
    next_frame: Instant,
    kept: Saved,
    keep_at: Option<Instant>,
    state_file: Option<PathBuf>,
}

/// What the loop waits for.
#[expect(clippy::large_enum_variant, reason = "one exists at a time")]
enum Happening {
    Msg(Msg),
    Event(Option<io::Result<Event>>),
    Probed(Box<Found>),
    Time,
    Told(Leave),
}

impl Ui {
    async fn run(&mut self, screen: &mut Screen, graphics: Graphics) -> anyhow::Result<Leave> {
        let mut probing = Some(begin_probe(graphics));
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        loop {
            let happening = self.wait(&mut probing, &mut terminate, &mut hang_up).await;
            self.apply(Msg::Tick(clock(self.started)), screen).await?;
            match happening {
                Happening::Msg(msg) => self.apply(msg, screen).await?,
                Happening::Event(Some(event)) => {
                    self.apply(Msg::Terminal(event.context("the terminal went away")?), screen).await?;
                }
                Happening::Probed(found) => {
                    probing = None;
                    self.probed(*found, screen).await?;
                }
                Happening::Time => {}
                Happening::Told(leave) => self.leave = Some(leave),
                Happening::Event(None) => self.leave = Some(Leave::Quit),
            }
            self.drain(screen).await?;
            if let Some(leave) = self.leave {
                return Ok(leave);
            }
            self.dirty = true;
            if Instant::now() >= self.next_frame {
                self.draw(screen)?;
                self.apply(Msg::Drawn, screen).await?;
            }
            self.keep();
        }
    }

    async fn wait(
        &mut self,
        probing: &mut Option<oneshot::Receiver<Box<Found>>>,
        terminate: &mut Signal,
        hang_up: &mut Signal,
    ) -> Happening {
        let now = Instant::now();
        let mut until = if self.dirty { self.next_frame } else { now + self.app.next_change() };
        if let Some(keep_at) = self.keep_at {
            until = until.min(keep_at);
        }
        loop {
            return tokio::select! {
                Some(msg) = self.msgs.recv() => Happening::Msg(msg),
                event = next_event(&mut self.events) => Happening::Event(event),
                found = probed(probing) => match found {
                    Some(found) => Happening::Probed(found),
                    None => {
                        *probing = None;
                        self.events = Some(EventStream::new());
                        continue;
                    }
                },
                _ = terminate.recv() => Happening::Told(Leave::Quit),
                _ = hang_up.recv() => Happening::Told(Leave::Quit),
                () = tokio::time::sleep_until(until.into()) => Happening::Time,
            };
        }
    }

    async fn probed(&mut self, found: Found, screen: &mut Screen) -> anyhow::Result<()> {
        let shown = found.picker.is_some();
        self.picker.send_replace(found.picker);
        self.events = Some(EventStream::new());
        let news = PictureNews::Probed { shown, light: found.light };
        self.apply(Msg::Picture(news), screen).await?;
        for event in found.typed {
            self.apply(Msg::Terminal(event), screen).await?;
        }
        Ok(())
    }

    /// Takes what else has happened, so that a burst costs one frame. Keys are left to the loop: their stream
    /// remembers the first that asked and would wake nobody after being asked in passing.
    async fn drain(&mut self, screen: &mut Screen) -> anyhow::Result<()> {
        for _ in 0..DRAIN {
            let Ok(msg) = self.msgs.try_recv() else { return Ok(()) };
            self.apply(msg, screen).await?;
        }
        Ok(())
    }

    async fn apply(&mut self, msg: Msg, screen: &mut Screen) -> anyhow::Result<()> {
        let cmds = update(&mut self.app, msg);
        self.execute(cmds, screen).await
    }

    async fn execute(&mut self, cmds: Vec<Cmd>, screen: &mut Screen) -> anyhow::Result<()> {
        for cmd in cmds {
            match cmd {
                Cmd::Net(order) => {
                    if self.orders.try_send(order).is_err() {
                        self.app.say("The connection is busy; try that again.", true);
                    }
                }
                Cmd::Encode(key, ticket, bytes) => self.worker.encode(key, ticket, bytes),
                Cmd::Leave(leave) => self.leave = Some(leave),
                Cmd::Local(Act::Edit(words)) => {
                    let news = self.lend_to_editor(words, screen).await?;
                    update(&mut self.app, Msg::Local(news));
                }
                Cmd::Local(act) => self.act(act),
            }
        }
        Ok(())
    }

    /// The editor gets the terminal; what happens meanwhile waits.
    async fn lend_to_editor(&mut self, words: String, screen: &mut Screen) -> anyhow::Result<LocalNews> {
        self.events = None;
        Screen::suspend();
        let edited = tokio::task::spawn_blocking(move || local::edit(&words)).await;
        screen.resume().context("the terminal could not be taken back")?;
        self.events = Some(EventStream::new());
        Ok(edited.unwrap_or_else(|_| LocalNews::Trouble("The editor did not come back.".to_owned())))
    }

    fn act(&self, act: Act) {
        let msgs = self.msgs_in.clone();
        tokio::task::spawn_blocking(move || {
            let news = match act {
                Act::Inspect(path, words) => local::inspect(&path, words),
                Act::Copy(words) => local::copy(&words),
                Act::Write(path, bytes) => local::write(&path, &bytes),
                Act::View(name, bytes) => local::view(&name, &bytes),
                Act::Edit(words) => LocalNews::Edited(words),
            };
            msgs.blocking_send(Msg::Local(news)).ok();
        });
    }

    fn draw(&mut self, screen: &mut Screen) -> io::Result<()> {
        screen.terminal.draw(|frame| view(&mut self.app, frame))?;
        self.dirty = false;
        self.next_frame = Instant::now() + FRAME;
        Ok(())
    }

    /// Keeps the draft and the place a moment after they have changed.
    fn keep(&mut self) {
        let Some(path) = self.state_file.clone() else { return };
        let now = Instant::now();
        match self.keep_at {
            Some(at) if at <= now => {
                self.keep_at = None;
                self.kept = Saved::of(&self.app);
                let saved = self.kept.clone();
                tokio::task::spawn_blocking(move || {
                    if let Err(error) = saved.store(&path) {
                        tracing::warn!(%error, "the interface's state could not be kept");
                    }
                });
            }
            Some(_) => {}
            None if Saved::of(&self.app) != self.kept => self.keep_at = Some(now + KEEP_AFTER),
            None => {}
        }
    }

    /// Sends the last orders and keeps the draft.
    async fn finish(mut self, net: JoinHandle<()>) {
        for cmd in settle(&mut self.app) {
            if let Cmd::Net(order) = cmd {
                self.orders.try_send(order).ok();
            }
        }
        let saved = Saved::of(&self.app);
        if let Some(path) = &self.state_file
            && let Err(error) = saved.store(path)
        {
            tracing::warn!(%error, "the interface's state could not be kept");
        }
        // The actor ends when the orders do; what it still says goes nowhere.
        drop(self.orders);
        drop(self.msgs);
        if tokio::time::timeout(LAST_ORDERS, net).await.is_err() {
            tracing::warn!("the last orders did not get through in time");
        }
    }
}

fn begin_probe(graphics: Graphics) -> oneshot::Receiver<Box<Found>> {
    let (answer, found) = oneshot::channel();
    tokio::spawn(async move {
        answer.send(Box::new(probe(graphics).await)).ok();
    });
    found
}

/// Waits for ever when nobody asks the terminal any more.
async fn probed(probing: &mut Option<oneshot::Receiver<Box<Found>>>) -> Option<Box<Found>> {
    match probing {
        Some(probing) => probing.await.ok(),
        None => std::future::pending().await,
    }
}

async fn next_event(events: &mut Option<EventStream>) -> Option<io::Result<Event>> {
    match events {
        Some(events) => events.next().await,
        None => std::future::pending().await,
    }
}
