//! `atelier-telegram`: Atelier on Telegram.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use atelier_bots::{
    desk::Desk,
    run::{self, Settings},
    telegram::{self, Telegram},
};
use clap::Parser;
use secrecy::ExposeSecret as _;

/// Atelier on Telegram.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
    /// Address of a Bot API server of one's own.
    #[arg(long, env = "ATELIER_TELEGRAM_API", value_name = "URL")]
    api: Option<url::Url>,
    /// Public https address at which Telegram brings updates, instead of being asked for them.
    #[arg(long, env = "ATELIER_TELEGRAM_WEBHOOK_URL", value_name = "URL", requires = "webhook_listen")]
    webhook_url: Option<url::Url>,
    /// Where those are taken in, without TLS: the proxy that has the certificate sends them here.
    #[arg(long, env = "ATELIER_TELEGRAM_WEBHOOK_LISTEN", value_name = "ADDRESS", requires = "webhook_url")]
    webhook_listen: Option<SocketAddr>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match serve(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> anyhow::Result<()> {
    arguments.settings.log()?;
    let stop = run::stop_on_signals()?;
    let token = arguments.settings.token()?;
    let daemon = arguments.settings.session()?;
    let platform = Arc::new(Telegram::new(token.expose_secret(), arguments.api));
    let me = platform.who().await.context("Telegram")?;
    let desk = Desk::new(Arc::clone(&platform), daemon.clone());
    run::greet(&daemon, &desk, &stop).await?;
    if let Err(refusal) = platform.set_menu().await {
        tracing::warn!(%refusal, "the menu of commands could not be set");
    }
    tracing::info!(bot = me.name, "hearing");
    if let (Some(url), Some(listen)) = (arguments.webhook_url, arguments.webhook_listen) {
        return telegram::receive(&platform, desk, me, url, listen, stop).await;
    }
    run::ready();
    telegram::poll(&platform, desk, me, stop).await;
    Ok(())
}
