//! The daemon inside another process: runs one, or says where the running one is.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    app::{App, Setup},
    clock::Clock,
    config::{Config, Flags, Mistakes},
    engine,
    models::Painters,
    store::StoreError,
};

/// How long the holder of the data folder may take to open its socket, or to let go of the folder.
const JOIN_WITHIN: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Which data to serve.
#[derive(Debug, Clone, Default)]
pub struct HostOptions {
    /// The data folder; none for `atelier` in the user's data folder.
    pub data: Option<PathBuf>,
    /// A configuration file.
    pub config: Option<PathBuf>,
}

/// Who serves the data now.
#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
pub enum Hosted {
    /// Another daemon; join it at its socket.
    Joined {
        /// Its socket.
        socket: PathBuf,
    },
    /// This process.
    Embedded(Running),
}

/// A daemon that runs in this process.
pub struct Running {
    app: App,
    data: PathBuf,
}

/// Why nothing serves the data.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] Mistakes),
    /// Another daemon holds the data but does not answer.
    #[error("another daemon holds {0}, but does not answer at its socket {1}; look at its log, or stop it")]
    Silent(PathBuf, PathBuf),
    /// The daemon can't start.
    #[error("{0}")]
    Start(String),
}

/// Serves the data folder from this process, on its Unix socket alone, or joins the daemon that holds it.
///
/// # Errors
/// In words for the one who starts it.
pub async fn host(options: HostOptions, progress: impl Fn(&str) + Send + Sync) -> Result<Hosted, HostError> {
    let config = Config::load(options.config.as_deref(), &Flags { data: options.data })?;
    let (data, socket) = (config.data.clone(), config.socket());
    let give_up = tokio::time::Instant::now() + JOIN_WITHIN;
    loop {
        let setup = Setup {
            config: config.clone(),
            clock: Clock::system(),
            pipelines: engine::built_in(),
            library: Arc::new(Painters::new(&config)),
            network: false,
        };
        let error = match App::start(setup, &progress).await {
            Ok(app) => return Ok(Hosted::Embedded(Running { app, data })),
            Err(error) => error,
        };
        if !matches!(error.downcast_ref(), Some(StoreError::Locked { .. })) {
            return Err(HostError::Start(format!("{error:#}")));
        }
        progress("joining the daemon that runs already");
        if tokio::net::UnixStream::connect(&socket).await.is_ok() {
            return Ok(Hosted::Joined { socket });
        }
        // It may be starting at this very moment; or ending, and then the data are free in a moment.
        if tokio::time::Instant::now() > give_up {
            return Err(HostError::Silent(data, socket));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

impl Running {
    /// Where it answers.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.app.socket()
    }

    /// What it serves.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Waits for SIGINT or SIGTERM.
    pub async fn until_signal(&mut self) {
        match Signals::listen() {
            Ok(mut signals) => signals.recv().await,
            // Without a handler the system's default ends the process, which recovery survives.
            Err(_) => std::future::pending().await,
        }
    }

    /// Stops it in order; running work is queued again.
    pub async fn stop(self) {
        self.app.stop().await;
    }
}

/// SIGINT and SIGTERM, heard from the moment this exists: before, either ends the process at once.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns when one of them comes.
    pub(crate) async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
