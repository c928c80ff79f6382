//! Pictures as the interface holds them: what is ready to be drawn, what is on its way, what is still lacking.
//!
//! Drawing asks for a picture at a size and gets it or a placeholder. What was lacking is fetched and encoded
//! off the loop; an answer that nobody waits for any more is dropped.

mod worker;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use ratatui_image::protocol::Protocol;

pub(crate) use self::worker::Worker;
#[cfg(test)]
pub(crate) use self::worker::encode;
use super::{
    model::Fault,
    msg::{Cmd, Order, PictureKey, PictureNews, Ticket},
};

/// Most pictures kept ready to be drawn.
const READY: usize = 96;
/// Most bytes kept of what was fetched.
const KEPT_BYTES: usize = 48 * 1024 * 1024;

/// Longest side that is fetched for a picture among words or others.
pub(crate) const SMALL_PX: u32 = 640;
/// Longest side that is fetched for a picture that fills the screen.
pub(crate) const LARGE_PX: u32 = 1920;

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// A file, at most this many pixels long.
    Asset(&'a str, u32),
    /// The newest preview of this job.
    Preview(&'a str),
}

impl Source<'_> {
    fn name(self) -> String {
        match self {
            Self::Asset(id, side) => format!("{id}@{side}"),
            Self::Preview(job) => format!("preview of {job}"),
        }
    }
}

/// Whether the terminal shows pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Showing {
    /// It has not said yet.
    #[default]
    Unknown,
    /// It does.
    Yes,
    /// Nobody wants to see any.
    Never,
}

/// What drawing gets.
pub(crate) enum Look<'a> {
    /// The picture.
    Ready(&'a Protocol),
    /// It is on its way.
    Coming,
    /// It can't be shown.
    Broken,
    /// Pictures are turned off.
    Off,
}

/// All pictures.
#[derive(Default)]
pub(crate) struct Pictures {
    /// Whether the terminal shows pictures.
    pub(crate) showing: Showing,
    ready: HashMap<(String, u16, u16), Ready>,
    bytes: HashMap<String, Kept>,
    lacking: Vec<(PictureKey, Option<(String, u32)>)>,
    encoding: HashMap<PictureKey, Ticket>,
    fetching: HashSet<String>,
    broken: HashSet<String>,
    tickets: Ticket,
    uses: u64,
}

struct Ready {
    version: u64,
    protocol: Box<Protocol>,
    used: u64,
}

struct Kept {
    version: u64,
    bytes: Arc<[u8]>,
    used: u64,
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pictures")
            .field("showing", &self.showing)
            .field("ready", &self.ready.len())
            .field("fetched", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Pictures {
    /// The picture at this size, or what to show instead. What is lacking is noted.
    pub(crate) fn look(&mut self, source: Source<'_>, width: u16, height: u16) -> Look<'_> {
        if self.showing == Showing::Never {
            return Look::Off;
        }
        let name = source.name();
        if self.broken.contains(&name) {
            return Look::Broken;
        }
        self.uses += 1;
        let version = match self.bytes.get_mut(&name) {
            Some(kept) => {
                kept.used = self.uses;
                kept.version
            }
            None => 0,
        };
        let key = PictureKey { source: name.clone(), version, width, height };
        let place = (name, width, height);
        let current = self.ready.get(&place).is_some_and(|ready| ready.version >= version);
        if !current {
            let fetch = match source {
                Source::Asset(id, side) => Some((id.to_owned(), side)),
                Source::Preview(_) => None,
            };
            self.lacking.push((key, fetch));
        }
        match self.ready.get_mut(&place) {
            // An older preview is better than none while the newer one is prepared.
            Some(ready) => {
                ready.used = self.uses;
                Look::Ready(&ready.protocol)
            }
            None => Look::Coming,
        }
    }

    /// Whether there is a preview of this job to be seen.
    pub(crate) fn has_preview(&self, job: &str) -> bool {
        self.bytes.contains_key(&Source::Preview(job).name())
    }

    /// What has to be done for the pictures that the last frame lacked.
    pub(crate) fn demands(&mut self) -> Vec<Cmd> {
        let mut cmds = Vec::new();
        for (key, fetch) in std::mem::take(&mut self.lacking) {
            match (self.bytes.get(&key.source), fetch) {
                (Some(kept), _) if self.showing == Showing::Yes && !self.encoding.contains_key(&key) => {
                    self.tickets += 1;
                    cmds.push(Cmd::Encode(key.clone(), self.tickets, Arc::clone(&kept.bytes)));
                    self.encoding.insert(key, self.tickets);
                }
                (None, Some((id, side))) if self.fetching.insert(key.source.clone()) => {
                    cmds.push(Cmd::Net(Order::Bytes(key.source, id, side)));
                }
                _ => {}
            }
        }
        cmds
    }

    /// A preview arrived; it takes the place of the one before.
    pub(crate) fn preview(&mut self, job: &str, bytes: Arc<[u8]>) {
        let name = Source::Preview(job).name();
        let version = self.bytes.get(&name).map_or(1, |kept| kept.version + 1);
        self.keep(name, version, bytes);
    }

    /// Fetched bytes arrived, or did not.
    pub(crate) fn fetched(&mut self, source: String, bytes: Result<Arc<[u8]>, Fault>) {
        if !self.fetching.remove(&source) {
            return;
        }
        match bytes {
            Ok(bytes) => self.keep(source, 1, bytes),
            Err(fault) => {
                tracing::debug!(%source, fault = fault.text, "a picture could not be fetched");
                self.broken.insert(source);
            }
        }
    }

    /// The worker has something to say. True when something new can be drawn.
    pub(crate) fn hear(&mut self, news: PictureNews) -> bool {
        match news {
            PictureNews::Probed { shown, .. } => {
                self.showing = if shown { Showing::Yes } else { Showing::Never };
                true
            }
            PictureNews::Encoded(key, ticket, answer) => {
                // Encoded for a terminal, a preview or a wish that is no longer the newest.
                if self.encoding.get(&key) != Some(&ticket) {
                    return false;
                }
                self.encoding.remove(&key);
                match answer {
                    Ok(protocol) => self.place(key, protocol),
                    Err(error) => {
                        tracing::debug!(source = key.source, error, "a picture could not be drawn");
                        self.broken.insert(key.source);
                        true
                    }
                }
            }
        }
    }

    /// The connection stands again: what failed may work now, and what was on its way is not.
    pub(crate) fn try_again(&mut self) {
        self.broken.clear();
        self.fetching.clear();
    }

    /// The terminal changed its size: what is being prepared has the wrong one.
    pub(crate) fn forget_encoding(&mut self) {
        self.encoding.clear();
    }

    fn place(&mut self, key: PictureKey, protocol: Box<Protocol>) -> bool {
        let place = (key.source, key.width, key.height);
        if self.ready.get(&place).is_some_and(|ready| ready.version > key.version) {
            return false;
        }
        self.uses += 1;
        self.ready.insert(place, Ready { version: key.version, protocol, used: self.uses });
        if self.ready.len() > READY
            && let Some(oldest) =
                self.ready.iter().min_by_key(|(_, ready)| ready.used).map(|(place, _)| place.clone())
        {
            self.ready.remove(&oldest);
        }
        true
    }

    fn keep(&mut self, name: String, version: u64, bytes: Arc<[u8]>) {
        self.uses += 1;
        self.bytes.insert(name, Kept { version, bytes, used: self.uses });
        while self.bytes.len() > 1
            && self.bytes.values().map(|kept| kept.bytes.len()).sum::<usize>() > KEPT_BYTES
            && let Some(oldest) =
                self.bytes.iter().min_by_key(|(_, kept)| kept.used).map(|(name, _)| name.clone())
        {
            self.bytes.remove(&oldest);
        }
    }
}
