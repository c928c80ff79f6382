//! Discord: translates between its API and the dialogue.
//!
//! A press or command is acknowledged the moment it arrives, because Discord waits three seconds; the answer edits what
//! was promised then. Tokens of interactions die after a quarter of an hour, so a message that still changes later is
//! edited like any other message of the bot's.

mod ears;
mod forms;
mod hear;
mod interactions;
mod menu;
mod message_menu;
mod places;
mod refusal;
mod write;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use futures::TryStreamExt as _;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serenity::{
    all::{ChannelId, CreateAttachment, MessageId},
    http::{Http, HttpBuilder},
};

pub use self::{ears::listen, hear::BotName};
use self::{
    interactions::{Interactions, Promise},
    places::{Place, Places},
    refusal::refusal,
};
use tokio::time::Instant;

use crate::{
    dialogue::{Ask, FileRef, Rules},
    platform::{File, Incoming, Platform, Refusal},
    render::Message,
};

/// What Discord takes as a file where nobody pays for more.
const LARGEST_OUT_BYTES: u64 = 10 << 20;
/// Edits a second over all channels that show no more than progress; Discord allows a bot 50 calls a second.
const PROGRESS_PER_S: NonZeroU32 = match NonZeroU32::new(10) {
    Some(edits) => edits,
    None => NonZeroU32::MIN,
};
/// What is taken from people.
const LARGEST_IN_BYTES: u64 = 25 << 20;
/// Reading messages, sending them with files and embeds, in threads too, using commands.
const PERMISSIONS: u64 = 0x400 | 0x800 | 0x8000 | 0x4000 | 0x1_0000 | 0x40_0000_0000 | 0x8000_0000;

/// A bot on Discord.
pub struct Discord {
    http: Arc<Http>,
    interactions: Interactions,
    places: Places,
    files: reqwest::Client,
    progress: DefaultDirectRateLimiter,
}

impl Discord {
    /// A bot with this token. Messages of commands become ordinary ones after `hand_over`. `api` is another address
    /// than Discord's.
    #[must_use]
    pub fn new(token: &str, api: Option<&url::Url>, hand_over: Duration) -> Self {
        Self {
            http: Arc::new(http(token, api)),
            interactions: Interactions::new(hand_over),
            places: Places::default(),
            files: reqwest::Client::new(),
            progress: RateLimiter::direct(Quota::per_second(PROGRESS_PER_S)),
        }
    }

    /// Who the bot is.
    ///
    /// # Errors
    /// What Discord says, without the token.
    pub async fn who(&self) -> Result<BotName, Refusal> {
        let me = self.http.get_current_user().await.map_err(refusal)?;
        let application = self.http.get_current_application_info().await.map_err(refusal)?;
        self.http.set_application_id(application.id);
        Ok(BotName { id: me.id.get(), name: me.name.clone(), application: application.id.get() })
    }

    /// Where a channel is.
    async fn place(&self, channel: ChannelId) -> Result<Place, Refusal> {
        if let Some(place) = self.places.get(channel) {
            return Ok(place);
        }
        let told = self.http.get_channel(channel).await.map_err(refusal)?;
        let place = Place::described(channel, &told);
        self.places.learn(place);
        Ok(place)
    }

    /// Answers a command. What says no takes the place of the answer that everybody was promised, and is shown to the
    /// one who asked alone.
    async fn keep(
        &self,
        promise: Promise,
        message: &Message,
        files: Vec<File>,
    ) -> Result<MessageId, Refusal> {
        let files = attachments(files);
        if message.alone && !promise.private {
            match self.http.delete_original_interaction_response(&promise.token).await.map_err(refusal) {
                // At the second try it is gone already.
                Ok(()) | Err(Refusal::Gone) => {
                    let body = write::alone(message);
                    let sent = self.http.create_followup_message(&promise.token, &body, files).await;
                    return Ok(sent.map_err(refusal)?.id);
                }
                Err(Refusal::Refused(_)) => {}
                Err(later) => return Err(later),
            }
        }
        let body = write::body(message);
        let sent = self.http.edit_original_interaction_response(&promise.token, &body, files).await;
        Ok(sent.map_err(refusal)?.id)
    }

    /// Changes a message of ours, by the token of the command that it answers while that lives.
    async fn change(
        &self,
        chat: i64,
        message: i64,
        body: &serde_json::Value,
        files: Vec<File>,
    ) -> Result<(), Refusal> {
        let number = MessageId::new(message.unsigned_abs().max(1));
        if let Some(token) = self.interactions.token_for(chat, message, Instant::now()) {
            let edited =
                self.http.edit_followup_message(&token, number, body, attachments(files.clone())).await;
            match edited.map_err(refusal) {
                Ok(_) => return Ok(()),
                // The token died earlier than we thought: from now on it is an ordinary message.
                Err(Refusal::Refused(_)) => self.interactions.hand_over(chat, message, Instant::now()),
                Err(other) => return Err(other),
            }
        }
        self.http.edit_message(channel(chat), number, body, attachments(files)).await.map_err(refusal)?;
        Ok(())
    }

    /// Tells Discord the commands.
    ///
    /// # Errors
    /// What Discord says, without the token.
    pub async fn set_menu(&self) -> Result<(), Refusal> {
        self.http.create_global_commands(&menu::commands()).await.map_err(refusal)?;
        Ok(())
    }
}

/// A client for Discord. Its own limiter keeps to the headers of answers; a proxy does that for all who share it, and
/// whoever is told to wait by it tries the same later.
fn http(token: &str, api: Option<&url::Url>) -> Http {
    let http = HttpBuilder::new(token);
    match api {
        Some(api) => http.proxy(api.as_str().trim_end_matches('/')).ratelimiter_disabled(true).build(),
        None => http.build(),
    }
}

/// The address at which somebody adds the bot to a server, with no more rights than it needs.
#[must_use]
pub fn invitation(application: u64) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot%20applications.commands&permissions={PERMISSIONS}"
    )
}

#[tonic::async_trait]
impl Platform for Discord {
    fn rules(&self, _chat: i64) -> Rules {
        Rules::DISCORD
    }

    fn largest_in(&self) -> u64 {
        LARGEST_IN_BYTES
    }

    fn largest_out(&self) -> u64 {
        LARGEST_OUT_BYTES
    }

    fn largest_original(&self) -> u64 {
        LARGEST_OUT_BYTES
    }

    fn has_room(&self) -> bool {
        self.progress.check().is_ok()
    }

    async fn send(&self, chat: i64, ask: &Ask, message: &Message, files: Vec<File>) -> Result<i64, Refusal> {
        let now = Instant::now;
        let sent = if let Some(promise) = self.interactions.promised(ask.id, now()) {
            self.keep(promise, message, files).await?
        } else if let Some(token) = self.interactions.token_of(ask.id, now()) {
            let body = if message.alone { write::alone(message) } else { write::body(message) };
            let sent = self.http.create_followup_message(&token, &body, attachments(files)).await;
            sent.map_err(refusal)?.id
        } else {
            let mut body = write::body(message);
            if let Some(answers) = ask.message.or(ask.pressed) {
                write::answering(&mut body, answers);
            }
            let sent = self.http.send_message(channel(chat), attachments(files), &body).await;
            return Ok(id(sent.map_err(refusal)?.id));
        };
        self.interactions.kept(ask.id, chat, id(sent), now());
        Ok(id(sent))
    }

    async fn edit(
        &self,
        chat: i64,
        _ask: &Ask,
        message: i64,
        new: &Message,
        files: Vec<File>,
    ) -> Result<(), Refusal> {
        self.change(chat, message, &write::body(new), files).await
    }

    async fn rebutton(&self, chat: i64, _ask: &Ask, message: i64, new: &Message) -> Result<(), Refusal> {
        self.change(chat, message, &write::buttons(new), Vec::new()).await
    }

    async fn remove(&self, chat: i64, message: i64) -> Result<(), Refusal> {
        let number = MessageId::new(message.unsigned_abs().max(1));
        self.http.delete_message(channel(chat), number, None).await.map_err(refusal)
    }

    async fn send_originals(&self, chat: i64, ask: &Ask, files: Vec<File>) -> Result<(), Refusal> {
        let message = Message::plain(ask.language.phrases().files_sent.clone());
        self.send(chat, ask, &message, files).await?;
        Ok(())
    }

    async fn acknowledge(&self, ask: &Ask, words: Option<&str>) -> Result<(), Refusal> {
        // That it was noticed was said when it arrived.
        let (Some(words), Some(token)) = (words, self.interactions.token_of(ask.id, Instant::now())) else {
            return Ok(());
        };
        let body = write::private(words);
        self.http.create_followup_message(&token, &body, Vec::new()).await.map_err(refusal)?;
        Ok(())
    }

    async fn typing(&self, chat: i64) -> Result<(), Refusal> {
        self.http.broadcast_typing(channel(chat)).await.map_err(refusal)
    }

    async fn open(&self, file: &FileRef) -> Result<Incoming, Refusal> {
        let answer = self.files.get(&file.reference).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status).map_err(refusal::of_network)?;
        let bytes = Box::pin(answer.bytes_stream().map_err(refusal::of_network));
        Ok(Incoming { size_bytes: file.size_bytes, bytes })
    }
}

fn attachments(files: Vec<File>) -> Vec<CreateAttachment> {
    files.into_iter().map(|file| CreateAttachment::bytes(file.bytes, file.name)).collect()
}

fn channel(chat: i64) -> ChannelId {
    ChannelId::new(chat.unsigned_abs().max(1))
}

/// Snowflakes are times in 42 bits and some numbers; the highest bit stays free for decades.
fn id(message: MessageId) -> i64 {
    i64::try_from(message.get()).unwrap_or(i64::MAX)
}
