//! The interactive terminal interface.
//!
//! An Elm-style loop: [`app::App`] is one value, a closed [`msg::Msg`] says what happened, `update` decides
//! synchronously what changes and what to do ([`msg::Cmd`]), `view` draws. `net` owns the connection, never fails
//! outward and is the only place that knows the wire's types; `picture` decodes and encodes images off the loop.

mod app;
mod editor;
mod keymap;
mod local;
mod modals;
mod model;
mod msg;
mod net;
mod picture;
mod probe;
mod run;
mod screens;
mod state;
mod term;
mod text;
mod theme;
mod update;
mod view;

#[cfg(test)]
mod tests;

use std::{path::PathBuf, time::Instant};

use atelier_proto::client::Client;
use futures::future::BoxFuture;

pub(crate) use self::run::run;

/// How pictures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Graphics {
    /// As the terminal says it can.
    #[default]
    Auto,
    /// Kitty's protocol.
    Kitty,
    /// Sixels.
    Sixel,
    /// iTerm2's inline images.
    Iterm,
    /// Coloured half blocks, which every terminal can show.
    Halfblocks,
    /// Not at all.
    Off,
}

/// Which colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ThemeChoice {
    /// As the terminal's background asks for.
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
}

/// How the interface shall be.
#[derive(Debug, Clone)]
pub(crate) struct UiOptions {
    /// How pictures are drawn.
    pub(crate) graphics: Graphics,
    /// Where the draft, the tab and the selection are kept between starts; nowhere if absent.
    pub(crate) state_file: Option<PathBuf>,
    /// Which colours are used.
    pub(crate) theme: ThemeChoice,
    /// When the process began.
    pub(crate) started: Instant,
    /// Draw one frame, leave, and say how long it took: for the start-up benchmark.
    pub(crate) first_frame_exit: bool,
}

/// What the one who connects reports.
pub(crate) enum ConnectEvent {
    /// A line for the header, such as "opening the store".
    Progress(String),
    /// There is a daemon to talk to.
    Ready(Connected),
    /// Somebody has to log in first.
    NeedLogin(Box<dyn LoginDoor>),
    /// It did not work, in plain words. The interface stays up and shows it; a later event takes its place.
    Failed(String),
}

/// A daemon to talk to.
pub(crate) struct Connected {
    /// The way to it.
    pub(crate) client: Client,
    /// Where it is.
    pub(crate) place: Place,
}

/// Where the daemon is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// In this process.
    Embedded,
    /// In another process of this machine.
    Joined,
    /// Elsewhere, at this address.
    Remote(String),
}

/// How accounts are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registration {
    /// By anyone.
    Open,
    /// With an invitation.
    Invite,
    /// Only by an admin.
    Closed,
}

/// The answer of a [`LoginDoor`]: the way in, or why not in plain words.
pub(crate) type LoginAnswer = BoxFuture<'static, Result<Connected, String>>;

/// Lets somebody in.
pub(crate) trait LoginDoor: Send {
    /// With a name and a password.
    fn login(&self, name: String, password: String) -> LoginAnswer;
    /// With a new account. `invitation` may be empty where none is needed.
    fn register(&self, name: String, password: String, invitation: String) -> LoginAnswer;
    /// Whether new accounts can be opened.
    fn registration(&self) -> Registration;
}

/// What shall become of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leave {
    /// An embedded one stops; running work is queued again.
    Quit,
    /// An embedded one goes on in the background.
    KeepServing,
}
