//! Listens to the gateway: acknowledges what Discord waits for, and hands it to the desk.

use std::sync::Arc;

use anyhow::Context as _;
use serenity::{
    all::{
        ClientBuilder, Context, EventHandler, GatewayIntents, Interaction, InteractionId, Message,
        MessageUpdateEvent, Ready, ResumedEvent,
    },
    http::Http,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    BotName, Discord,
    forms::Form,
    hear::{Heard, is_meant, of_change, of_command, of_form, of_message, of_press, pictures_of, snowflake},
    menu::TRYON,
    refusal::refusal,
    write,
};
use crate::{
    desk::Desk,
    dialogue::{Line, Said},
    phrases::Language,
};

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
        if let Interaction::Component(press) = &interaction
            && let Some(form) = Form::of_press(press)
        {
            let form = form.open(Language::of_code(&press.locale));
            self.acknowledge(press.id, &press.token, &form).await;
            return;
        }
        let interactions = &self.discord.interactions;
        let (id, token, heard, promise) = match &interaction {
            Interaction::Command(command) if command.data.name == TRYON => {
                let number = snowflake(command.id.get());
                interactions.keep_pictures(number, pictures_of(command), Instant::now());
                let form = Form::Tryon { command: number }.open(Language::of_code(&command.locale));
                self.acknowledge(command.id, &command.token, &form).await;
                return;
            }
            Interaction::Command(command) => {
                let (heard, private) = of_command(command);
                (command.id, command.token.as_str(), heard, Some(private))
            }
            Interaction::Component(press) => (press.id, press.token.as_str(), of_press(press), None),
            Interaction::Modal(sent) => {
                let heard = of_form(sent, |command| interactions.pictures(command, Instant::now()));
                // One that a button opened belongs to the button's message; another one is answered like a command.
                let promise = sent.message.is_none().then_some(false);
                (sent.id, sent.token.as_str(), heard, promise)
            }
            _ => return,
        };
        let answer = promise.map_or_else(write::noticed, write::promise);
        if self.acknowledge(id, token, &answer).await {
            interactions.asked(heard.ask.id, token, promise, Instant::now());
            self.pass(heard).await;
        }
    }

    /// Whether Discord took the first answer to an interaction.
    async fn acknowledge(&self, id: InteractionId, token: &str, answer: &serde_json::Value) -> bool {
        let http: &Http = &self.discord.http;
        match http.create_interaction_response(id, token, answer, Vec::new()).await {
            Ok(()) => true,
            Err(error) => {
                let refusal = refusal(error);
                tracing::warn!(%refusal, "an interaction could not be acknowledged");
                false
            }
        }
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
        if !is_meant(&self.bot, &message) {
            return;
        }
        let place = match message.guild_id {
            None => Ok(None),
            Some(_) => self.discord.place(message.channel_id).await.map(Some),
        };
        let mut heard = of_message(&self.bot, &message, place.as_ref().ok().copied().flatten());
        if let Err(refusal) = place {
            // Nobody gets past the rules of a channel because it could not be read which one it is.
            tracing::warn!(%refusal, "it can't be read where a message was written");
            heard.said = Said::Only(Line::Behind);
        }
        self.pass(heard).await;
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
