//! `atelierd serve`.

use std::{process::ExitCode, sync::Arc, time::Duration};

use sd_notify::NotifyState;
use secrecy::ExposeSecret as _;
use tracing_subscriber::EnvFilter;

use super::say;
use crate::{
    app::{App, Setup},
    clock::Clock,
    config::{Config, Mistakes},
    engine,
    host::Signals,
    models::Painters,
};

pub(super) fn run(config: Config) -> anyhow::Result<ExitCode> {
    start_log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config))
}

fn start_log(config: &Config) -> Result<(), Mistakes> {
    let filter = EnvFilter::try_new(&config.log.filter)
        .map_err(|error| Mistakes(vec![format!("log.filter: {error}")]))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log.json {
        log.json().init();
    } else {
        log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init();
    }
    Ok(())
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    // Heard from the start, so that a stop that comes with the readiness is an orderly one.
    let mut signals = Signals::listen()?;
    let data = config.data.clone();
    let library = Arc::new(Painters::new(&config));
    let setup =
        Setup { config, clock: Clock::system(), pipelines: engine::built_in(), library, network: true };
    let app = App::start(setup, &|step| tracing::info!("{step}")).await?;
    say(&format!("data      {}", data.display()));
    say(&format!("socket    {}", app.socket().display()));
    if let Some(address) = app.grpc_address() {
        say(&format!("gRPC      {address}"));
    }
    if let Some(address) = app.http_address() {
        say(&format!("HTTP      http://{address}/healthz"));
    }
    if let Some(code) = app.owner_code() {
        say(&format!("\nFirst start. The owner's one-time code, shown this once: {}", code.expose_secret()));
        say(
            "From elsewhere, set a password with it: `atelier --connect ADDRESS passwd owner`. On this machine the owner needs none.",
        );
    }
    let recovered = app.recovered();
    tracing::info!(?recovered, "ready");
    notify(&[NotifyState::Ready]);
    let watchdog = tokio::spawn(feed_watchdog());
    until_stopped(&app, &mut signals).await;
    notify(&[NotifyState::Stopping]);
    tracing::info!("stopping");
    let healthy = app.is_healthy();
    app.stop().await;
    watchdog.abort();
    tracing::info!("stopped");
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Ends at a signal, or when the store can't write any more: a restart may help, going on can't.
async fn until_stopped(app: &App, signals: &mut Signals) {
    let broken = async {
        while app.is_healthy() {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        tracing::error!("the store takes no changes any more; the daemon stops");
    };
    tokio::select! {
        () = signals.recv() => {}
        () = broken => {}
    }
}

/// Tells systemd that the daemon lives, twice as often as it asks for.
async fn feed_watchdog() {
    let Some(every) = sd_notify::watchdog_enabled() else { return };
    loop {
        notify(&[NotifyState::Watchdog]);
        tokio::time::sleep(every / 2).await;
    }
}

fn notify(states: &[NotifyState<'_>]) {
    // Without systemd there is nobody to tell.
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
