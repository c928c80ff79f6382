//! Telegram: translates between its Bot API and the dialogue.
//!
//! Updates are confirmed to Telegram only once what they say is in the daemon's hands, so a bot that is killed hears
//! them again; the ids of acts follow from them, so nothing happens twice. That is why updates are fetched here and
//! not by teloxide's dispatcher, which confirms them when they arrive.

mod albums;
mod change;
mod ears;
mod hear;
mod mouth;
mod poll;
mod refusal;
mod webhook;

use std::{
    collections::HashSet,
    num::NonZeroU32,
    sync::{Mutex, OnceLock, PoisonError},
};

use futures::{StreamExt as _, TryStreamExt as _};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use teloxide_core::{
    Bot, RequestError,
    net::Download as _,
    payloads::{AnswerCallbackQuerySetters as _, SetMyCommandsSetters as _},
    prelude::Requester as _,
    types::{BotCommand, CallbackQueryId, ChatAction, ChatId, FileId, Me, MessageId},
};

use self::refusal::refusal;
pub use self::{hear::BotName, poll::poll, webhook::receive};
use crate::{
    dialogue::{Ask, FileRef, Rules},
    phrases::Language,
    platform::{File, Incoming, Platform, Refusal},
    render::Message,
};

/// Calls a second over all chats; Telegram allows about 30.
const CALLS_PER_S: NonZeroU32 = per_s(25);
/// Those of them that may show no more than progress: however many wait, what is new and what is done comes soon.
const PROGRESS_PER_S: NonZeroU32 = per_s(10);
/// What bots may download.
const LARGEST_IN_BYTES: u64 = 20_000_000;
/// What a photo may have; beyond it the picture is made smaller, and "Send as file" gives the original.
const LARGEST_PHOTO_BYTES: u64 = 10_000_000;
/// What bots may send as a file.
const LARGEST_FILE_BYTES: u64 = 50_000_000;

/// A bot on Telegram.
pub struct Telegram {
    bot: Bot,
    pace: DefaultDirectRateLimiter,
    progress: DefaultDirectRateLimiter,
    /// What it is called; known once it was asked.
    name: OnceLock<String>,
    /// Albums that were sent and whose buttons were not, by chat and message: only what is missing is tried again.
    halfway: Mutex<HashSet<(i64, i64)>>,
}

impl Telegram {
    /// A bot with this token; at another address than Telegram's for a server of one's own.
    #[must_use]
    pub fn new(token: &str, api: Option<url::Url>) -> Self {
        let bot = Bot::new(token);
        let bot = match api {
            Some(api) => bot.set_api_url(api),
            None => bot,
        };
        let [pace, progress] =
            [CALLS_PER_S, PROGRESS_PER_S].map(|calls| RateLimiter::direct(Quota::per_second(calls)));
        Self { bot, pace, progress, name: OnceLock::new(), halfway: Mutex::default() }
    }

    /// Who the bot is.
    ///
    /// # Errors
    /// What Telegram says, without the token.
    pub async fn who(&self) -> Result<BotName, Refusal> {
        let me: Me = self.bot.get_me().await.map_err(refusal)?;
        let name = self.name.get_or_init(|| me.username().to_owned()).clone();
        Ok(BotName { id: me.user.id.0, name })
    }

    /// Tells Telegram the menu of commands, in every language.
    ///
    /// # Errors
    /// What Telegram says, without the token.
    pub async fn set_menu(&self) -> Result<(), Refusal> {
        for language in Language::ALL {
            let menu = language.phrases().commands.menu();
            let commands = menu.map(|(name, says)| BotCommand::new(name, says));
            let request = self.bot.set_my_commands(commands);
            // Without a code it is for everybody whose language has no menu.
            let set = if language == Language::default() {
                request.await
            } else {
                request.language_code(language.code()).await
            };
            set.map_err(refusal)?;
        }
        Ok(())
    }

    /// Waits for its turn over all chats.
    async fn turn(&self) {
        self.pace.until_ready().await;
    }

    fn is_halfway(&self, chat: i64, message: i64) -> bool {
        let halfway = self.halfway.lock().unwrap_or_else(PoisonError::into_inner);
        halfway.contains(&(chat, message))
    }

    fn set_halfway(&self, chat: i64, message: i64, is: bool) {
        let mut halfway = self.halfway.lock().unwrap_or_else(PoisonError::into_inner);
        if is {
            halfway.insert((chat, message));
        } else {
            halfway.remove(&(chat, message));
        }
    }
}

#[tonic::async_trait]
impl Platform for Telegram {
    fn rules(&self, chat: i64) -> Rules {
        // Ids of groups and channels are negative.
        Rules::telegram(chat < 0)
    }

    fn largest_in(&self) -> u64 {
        LARGEST_IN_BYTES
    }

    fn largest_out(&self) -> u64 {
        LARGEST_PHOTO_BYTES
    }

    fn largest_original(&self) -> u64 {
        LARGEST_FILE_BYTES
    }

    fn has_room(&self) -> bool {
        self.progress.check().is_ok()
    }

    async fn send(&self, chat: i64, ask: &Ask, message: &Message, files: Vec<File>) -> Result<i64, Refusal> {
        self.turn().await;
        self.say(chat, ask, message, files).await
    }

    async fn edit(
        &self,
        chat: i64,
        ask: &Ask,
        message: i64,
        new: &Message,
        files: Vec<File>,
    ) -> Result<(), Refusal> {
        self.turn().await;
        match self.change(chat, ask, message, new, files).await {
            Err(Refusal::Refused(reason)) if reason == refusal::NOT_MODIFIED => Ok(()),
            other => other,
        }
    }

    async fn rebutton(&self, chat: i64, _ask: &Ask, message: i64, new: &Message) -> Result<(), Refusal> {
        self.turn().await;
        match self.change_buttons(chat, message, new).await {
            Err(Refusal::Refused(reason)) if reason == refusal::NOT_MODIFIED => Ok(()),
            other => other,
        }
    }

    async fn remove(&self, chat: i64, message: i64) -> Result<(), Refusal> {
        self.turn().await;
        let id = i32::try_from(message).map_err(|_| Refusal::Gone)?;
        self.bot.delete_message(ChatId(chat), MessageId(id)).await.map_err(refusal)?;
        Ok(())
    }

    async fn send_originals(&self, chat: i64, ask: &Ask, files: Vec<File>) -> Result<(), Refusal> {
        for file in files {
            self.turn().await;
            self.document(chat, ask, file).await?;
        }
        Ok(())
    }

    async fn acknowledge(&self, ask: &Ask, words: Option<&str>) -> Result<(), Refusal> {
        let request = self.bot.answer_callback_query(CallbackQueryId(ask.handle.clone()));
        match words {
            Some(words) => request.text(shortened(words)).show_alert(true).await,
            None => request.await,
        }
        .map_err(refusal)?;
        Ok(())
    }

    async fn typing(&self, chat: i64) -> Result<(), Refusal> {
        // Where many want to be heard, messages go first.
        if self.pace.check().is_err() {
            return Ok(());
        }
        self.bot.send_chat_action(ChatId(chat), ChatAction::Typing).await.map_err(refusal)?;
        Ok(())
    }

    async fn open(&self, file: &FileRef) -> Result<Incoming, Refusal> {
        let found = self.bot.get_file(FileId(file.reference.clone())).await.map_err(refusal)?;
        let bytes = self.bot.download_file_stream(&found.path);
        let bytes = bytes.map_err(|error| refusal(RequestError::Network(error.into()))).boxed();
        Ok(Incoming { size_bytes: found.meta.size.into(), bytes })
    }
}

const fn per_s(calls: u32) -> NonZeroU32 {
    match NonZeroU32::new(calls) {
        Some(calls) => calls,
        None => NonZeroU32::MIN,
    }
}

/// Answers to presses have at most 200 letters.
fn shortened(words: &str) -> String {
    words.chars().take(200).collect()
}
