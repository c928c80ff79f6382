//! Listens to the gateway: acknowledges what Discord waits for, and hands it to the desk.

use std::sync::Arc;

use anyhow::Context as _;
use serenity::{
    all::{
        ClientBuilder, Context, EventHandler, GatewayIntents, Interaction, Message, MessageUpdateEvent,
        Ready, ResumedEvent,
    },
    http::Http,
};
use tokio_util::sync::CancellationToken;

use super::{
    BotName, Discord,
    hear::{Heard, of_change, of_command, of_message, of_press},
    refusal::refusal,
    write,
};
use crate::desk::Desk;

/// Mentions, answers, direct messages and interactions; none of them is a privileged intent. With the content of all
/// messages the bot could also hear who does not mention it, which nobody needs.
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);

struct Ears {
    discord: Arc<Discord>,
    desk: Desk<Discord>,
    bot: BotName,
}

impl Ears {
    async fn pass(&self, heard: Heard) {
        // Nobody waits: Discord does not bring events again.
        drop(self.desk.hear(heard.chat, heard.ask, heard.said).await);
    }

    async fn interaction(&self, interaction: Interaction) {
        let (id, token, heard, promise) = match &interaction {
            Interaction::Command(command) => {
                let (heard, private) = of_command(command);
                (command.id, command.token.as_str(), heard, Some(private))
            }
            Interaction::Component(press) => (press.id, press.token.as_str(), of_press(press), None),
            _ => return,
        };
        let answer = promise.map_or_else(write::noticed, write::promise);
        let http: &Http = &self.discord.http;
        if let Err(error) = http.create_interaction_response(id, token, &answer, Vec::new()).await {
            let refusal = refusal(error);
            tracing::warn!(%refusal, "an interaction could not be acknowledged");
            return;
        }
        self.discord.interactions.asked(heard.ask.id, token, promise.is_some(), tokio::time::Instant::now());
        self.pass(heard).await;
    }
}

#[serenity::async_trait]
impl EventHandler for Ears {
    async fn ready(&self, _: Context, ready: Ready) {
        tracing::info!(servers = ready.guilds.len(), "hearing");
        crate::run::ready();
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("hearing again, nothing was missed");
    }

    async fn message(&self, _: Context, message: Message) {
        if let Some(heard) = of_message(&self.bot, &message) {
            self.pass(heard).await;
        }
    }

    async fn message_update(
        &self,
        _: Context,
        _: Option<Message>,
        _: Option<Message>,
        change: MessageUpdateEvent,
    ) {
        if let Some(heard) = of_change(&self.bot, &change) {
            self.pass(heard).await;
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        self.interaction(interaction).await;
    }
}

/// Listens until `stop`.
///
/// # Errors
/// When Discord lets the bot listen no more.
pub async fn listen(
    discord: Arc<Discord>,
    token: &str,
    api: Option<&url::Url>,
    desk: Desk<Discord>,
    bot: BotName,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let ears = Ears { discord, desk, bot };
    let built = ClientBuilder::new_with_http(super::http(token, api), INTENTS).event_handler(ears).await;
    let mut client = built.map_err(refusal).context("Discord")?;
    let shards = Arc::clone(&client.shard_manager);
    tokio::spawn(async move {
        stop.cancelled().await;
        shards.shutdown_all().await;
    });
    // As many connections as Discord wants for so many servers.
    client.start_autosharded().await.map_err(refusal).context("Discord")
}
