//! `atelier-discord`: Atelier on Discord.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use atelier_bots::{
    desk::Desk,
    discord::{self, Discord},
    run::{self, Settings},
};
use clap::Parser;
use secrecy::ExposeSecret as _;

/// Atelier on Discord.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
    /// Another address than Discord's, for a proxy of one's own.
    #[arg(long, env = "ATELIER_DISCORD_API", value_name = "URL")]
    api: Option<url::Url>,
    /// Seconds after which the answer to a command is edited like an ordinary message; Discord's tokens live for 900.
    #[arg(long, env = "ATELIER_DISCORD_HAND_OVER_S", default_value_t = 840, value_name = "SECONDS")]
    hand_over_s: u64,
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
    let (token, api) = (token.expose_secret(), arguments.api.as_ref());
    let hand_over = Duration::from_secs(arguments.hand_over_s);
    let platform = Arc::new(Discord::new(token, api, hand_over));
    let me = platform.who().await.context("Discord")?;
    tracing::info!(
        bot = me.name,
        invitation = discord::invitation(me.application),
        "add the bot to a server with"
    );
    let desk = Desk::new(Arc::clone(&platform), daemon.clone());
    run::greet(&daemon, &desk, &stop).await?;
    if let Err(refusal) = platform.set_menu().await {
        tracing::warn!(%refusal, "the commands could not be set");
    }
    discord::listen(platform, token, api, desk, me, stop).await
}
