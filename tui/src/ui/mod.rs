//! Provisional face of the terminal UI: the items that the command line needs of it.

use std::{path::PathBuf, time::Instant};

use atelier_proto::client::Client;
use futures::future::BoxFuture;
use tokio::sync::mpsc;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Graphics {
    /// Ask the terminal.
    #[default]
    Auto,
    /// Kitty's protocol.
    Kitty,
    /// Sixels.
    Sixel,
    /// iTerm2's protocol.
    Iterm,
    /// Coloured half blocks, which work nearly everywhere.
    Halfblocks,
    /// No pictures.
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ThemeChoice {
    /// Ask the terminal.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
}

#[expect(dead_code, reason = "read by the UI proper")]
pub(crate) struct UiOptions {
    pub graphics: Graphics,
    pub state_file: Option<PathBuf>,
    pub theme: ThemeChoice,
    pub started: Instant,
    pub first_frame_exit: bool,
}

#[expect(dead_code, reason = "read by the UI proper")]
pub(crate) enum ConnectEvent {
    Progress(String),
    Ready(Connected),
    NeedLogin(Box<dyn LoginDoor>),
    Failed(String),
}

#[expect(dead_code, reason = "read by the UI proper")]
pub(crate) struct Connected {
    pub client: Client,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(dead_code, reason = "made by builds with a daemon inside")]
pub(crate) enum Place {
    Embedded,
    Joined,
    Remote(String),
}

#[expect(dead_code, reason = "called by the UI proper")]
pub(crate) trait LoginDoor: Send {
    fn login(&self, name: String, password: String) -> BoxFuture<'static, Result<Connected, String>>;
    fn register(
        &self,
        name: String,
        password: String,
        invitation: String,
    ) -> BoxFuture<'static, Result<Connected, String>>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "made by the UI proper")]
pub(crate) enum Leave {
    Quit,
    KeepServing,
}

pub(crate) async fn run(
    _options: UiOptions,
    mut connect: mpsc::Receiver<ConnectEvent>,
) -> anyhow::Result<Leave> {
    connect.recv().await;
    Ok(Leave::Quit)
}
