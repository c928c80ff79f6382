//! What both programs do when they start: settings, secrets, logs, signals.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use atelier_proto::{
    client::{Backoff, Endpoint, is_away},
    v1::Role,
};
use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::{daemon::Daemon, desk::Desk, platform::Platform};

/// How long a bot that starts waits between two reminders that the daemon is away.
const REMIND: Duration = Duration::from_secs(60);

/// Settings of every bot.
#[derive(Debug, Args)]
pub struct Settings {
    /// Where the daemon listens: unix:/path, host:port or https://host:port.
    #[arg(long, env = "ATELIER_DAEMON", default_value = "127.0.0.1:7340")]
    pub daemon: String,
    /// PEM of the authority that signed the daemon's certificate, where it is not a public one.
    #[arg(long, env = "ATELIER_CA_FILE", value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// File with the API key of a service account of the role bot; without it, systemd's credential `daemon-key`.
    #[arg(long, env = "ATELIER_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// File with the bot's token at the platform; without it, systemd's credential `bot-token`.
    #[arg(long, env = "ATELIER_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// What is logged, such as `info` or `atelier_bots=debug,info`.
    #[arg(long, env = "ATELIER_LOG", default_value = "info")]
    pub log: String,
}

impl Settings {
    /// Begins to log, to standard error.
    ///
    /// # Errors
    /// A filter that is none.
    pub fn log(&self) -> anyhow::Result<()> {
        // What is wrong with the filter has to be logged as well.
        let asked = EnvFilter::try_new(&self.log).context("--log: is no filter; write it like info");
        let (filter, wrong) = match asked {
            Ok(filter) => (filter, None),
            Err(error) => (EnvFilter::new("info"), Some(error)),
        };
        // The libraries of the platforms log addresses, and an address may hold a token.
        let filter = ["teloxide_core", "serenity", "reqwest", "hyper", "hyper_util", "tungstenite", "h2"]
            .iter()
            .try_fold(filter, |filter, name| {
                Ok::<_, anyhow::Error>(filter.add_directive(format!("{name}=off").parse()?))
            })?;
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
        wrong.map_or(Ok(()), Err)
    }

    /// The bot's token at the platform.
    ///
    /// # Errors
    /// When there is none.
    pub fn token(&self) -> anyhow::Result<SecretString> {
        secret(self.token_file.as_deref(), "bot-token", "--token-file")
    }

    /// The session with the daemon.
    ///
    /// # Errors
    /// A wrong address, or no key.
    pub fn session(&self) -> anyhow::Result<Daemon> {
        let mut endpoint: Endpoint = self.daemon.parse().context("--daemon")?;
        if let (Endpoint::Tcp { ca_pem, .. }, Some(file)) = (&mut endpoint, &self.ca_file) {
            *ca_pem = Some(std::fs::read(file).with_context(|| format!("can't read {}", file.display()))?);
        }
        let key = secret(self.key_file.as_deref(), "daemon-key", "--key-file")?;
        Ok(Daemon::new(&endpoint, key.expose_secret())?)
    }
}

/// A secret from its file or from systemd.
fn secret(file: Option<&Path>, credential: &str, flag: &str) -> anyhow::Result<SecretString> {
    let given = std::env::var_os("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join(credential));
    let Some(path) = file.map(Path::to_owned).or(given) else {
        bail!("{flag} is missing: name the file that holds it (readable for this program alone)");
    };
    let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    let text = text.trim();
    if text.is_empty() {
        bail!("{} is empty", path.display());
    }
    Ok(SecretString::from(text))
}

/// Waits for the daemon, checks whose key it is, and takes up what earlier runs left.
///
/// # Errors
/// When the daemon refuses, or the key is not that of a bot.
pub async fn greet<P: Platform>(
    daemon: &Daemon,
    desk: &Desk<P>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut backoff = Backoff::new();
    let mut reminded: Option<tokio::time::Instant> = None;
    let me = loop {
        match daemon.who().await {
            Ok(me) => break me,
            Err(status) if is_away(&status) => {
                if reminded.is_none_or(|at| at.elapsed() > REMIND) {
                    tracing::warn!("the daemon can't be reached; it is tried again");
                    reminded = Some(tokio::time::Instant::now());
                }
                tokio::select! {
                    () = tokio::time::sleep(backoff.next_pause()) => {}
                    () = stop.cancelled() => bail!("stopped before the daemon could be reached"),
                }
            }
            Err(status) => bail!("the daemon refuses the key: {}", status.message()),
        }
    };
    if me.role() != Role::Bot {
        bail!("{} has not the role bot; an admin gives it: atelier admin role {} bot", me.name, me.name);
    }
    match desk.take_up().await {
        Ok(count) => tracing::info!(account = me.name, messages = count, "the daemon is there"),
        Err(status) => bail!("the daemon does not say what was under way: {}", status.message()),
    }
    Ok(())
}

/// Ends when the system asks for it.
///
/// # Errors
/// When signals can't be heard.
pub fn stop_on_signals() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        told.cancel();
    });
    Ok(stop)
}

/// Tells systemd that the bot hears.
pub fn ready() {
    if let Err(error) = sd_notify::notify(&[sd_notify::NotifyState::Ready]) {
        tracing::debug!(%error, "nobody waits for the start");
    }
}
