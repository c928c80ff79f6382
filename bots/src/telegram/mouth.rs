//! Sends and changes messages.

use bytes::Bytes;
use teloxide_core::{
    payloads::{
        EditMessageMediaSetters as _, EditMessageReplyMarkupSetters as _, EditMessageTextSetters as _,
        SendDocumentSetters as _, SendMediaGroupSetters as _, SendMessageSetters as _, SendPhotoSetters as _,
    },
    prelude::Requester as _,
    types::{
        ChatId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia, InputMediaPhoto,
        LinkPreviewOptions, MessageId, ReplyParameters,
    },
};

use super::{Telegram, change, refusal::refusal};
use crate::{
    dialogue::Ask,
    platform::{File, Refusal},
    render::{Button, Message, shorten},
};

/// Longest words under a picture.
const CAPTION: usize = 1024;

impl Telegram {
    pub(super) async fn say(
        &self,
        chat: i64,
        ask: &Ask,
        message: &Message,
        mut files: Vec<File>,
    ) -> Result<i64, Refusal> {
        if let Some(token) = &message.asks_for {
            return self.question(chat, ask, message, token).await;
        }
        let answers = reply_to(ask.message.or(ask.pressed));
        let keyboard = keyboard(&message.buttons);
        match files.len() {
            0 => self.words(chat, answers, message).await,
            1 => {
                let file = files.remove(0);
                let request = self
                    .bot
                    .send_photo(ChatId(chat), input(file))
                    .caption(shorten(&message.text, CAPTION))
                    .reply_markup(keyboard);
                let sent = match answers {
                    Some(answers) => request.reply_parameters(answers).await,
                    None => request.await,
                };
                Ok(sent.map_err(refusal)?.id.0.into())
            }
            // Albums have no buttons: they follow in one message.
            _ => {
                let place = ask.message.unwrap_or_default();
                if !self.is_halfway(chat, place) {
                    self.album(chat, answers.clone(), files).await?;
                    self.set_halfway(chat, place, true);
                }
                let sent = self.words(chat, answers, message).await?;
                self.set_halfway(chat, place, false);
                Ok(sent)
            }
        }
    }

    pub(super) async fn change(
        &self,
        chat: i64,
        ask: &Ask,
        message: i64,
        new: &Message,
        mut files: Vec<File>,
    ) -> Result<(), Refusal> {
        let id = MessageId(i32::try_from(message).map_err(|_| Refusal::Gone)?);
        match files.len() {
            0 => {
                self.bot
                    .edit_message_text(ChatId(chat), id, &new.text)
                    .link_preview_options(no_preview())
                    .reply_markup(keyboard(&new.buttons))
                    .await
                    .map_err(refusal)?;
            }
            1 => {
                let photo = InputMediaPhoto::new(input(files.remove(0))).caption(shorten(&new.text, CAPTION));
                self.bot
                    .edit_message_media(ChatId(chat), id, InputMedia::Photo(photo))
                    .reply_markup(keyboard(&new.buttons))
                    .await
                    .map_err(refusal)?;
            }
            _ => {
                if !self.is_halfway(chat, message) {
                    self.album(chat, reply_to(Some(message)), files).await?;
                    self.set_halfway(chat, message, true);
                }
                // The buttons belong below the pictures, so they are a message of their own.
                let below = Message { text: ask.language.phrases().what_next.clone(), ..new.clone() };
                self.words(chat, None, &below).await?;
                self.set_halfway(chat, message, false);
                let told = self.bot.edit_message_text(ChatId(chat), id, &new.text);
                told.link_preview_options(no_preview()).await.map_err(refusal)?;
            }
        }
        Ok(())
    }

    /// A file as it is.
    pub(super) async fn document(&self, chat: i64, ask: &Ask, file: File) -> Result<(), Refusal> {
        let request = self
            .bot
            .send_document(ChatId(chat), input(file))
            // Otherwise a picture would become a photo again.
            .disable_content_type_detection(true);
        let sent = match reply_to(ask.pressed) {
            Some(answers) => request.reply_parameters(answers).await,
            None => request.await,
        };
        sent.map_err(refusal)?;
        Ok(())
    }

    /// Gives a message other buttons.
    pub(super) async fn change_buttons(&self, chat: i64, message: i64, new: &Message) -> Result<(), Refusal> {
        let id = MessageId(i32::try_from(message).map_err(|_| Refusal::Gone)?);
        let request = self.bot.edit_message_reply_markup(ChatId(chat), id);
        request.reply_markup(keyboard(&new.buttons)).await.map_err(refusal)?;
        Ok(())
    }

    /// Asks for words that go with a button.
    async fn question(&self, chat: i64, ask: &Ask, message: &Message, token: &str) -> Result<i64, Refusal> {
        let name = self.name.get().map(String::as_str).unwrap_or_default();
        let request = self
            .bot
            .send_message(ChatId(chat), &message.text)
            .entities(change::entities(name, token, &ask.person, &message.text))
            .link_preview_options(no_preview())
            .reply_markup(change::field(&ask.language.phrases().change_hint));
        let sent = match reply_to(ask.pressed) {
            Some(answers) => request.reply_parameters(answers).await,
            None => request.await,
        };
        Ok(sent.map_err(refusal)?.id.0.into())
    }

    async fn words(
        &self,
        chat: i64,
        answers: Option<ReplyParameters>,
        message: &Message,
    ) -> Result<i64, Refusal> {
        let request = self
            .bot
            .send_message(ChatId(chat), &message.text)
            .link_preview_options(no_preview())
            .reply_markup(keyboard(&message.buttons));
        let sent = match answers {
            Some(answers) => request.reply_parameters(answers).await,
            None => request.await,
        };
        Ok(sent.map_err(refusal)?.id.0.into())
    }

    async fn album(
        &self,
        chat: i64,
        answers: Option<ReplyParameters>,
        files: Vec<File>,
    ) -> Result<(), Refusal> {
        let photos = files.into_iter().map(|file| InputMedia::Photo(InputMediaPhoto::new(input(file))));
        let request = self.bot.send_media_group(ChatId(chat), photos);
        let sent = match answers {
            Some(answers) => request.reply_parameters(answers).await,
            None => request.await,
        };
        sent.map_err(refusal)?;
        Ok(())
    }
}

fn input(file: File) -> InputFile {
    // Shared, not copied.
    let bytes: Bytes = file.bytes;
    InputFile::memory(bytes).file_name(file.name)
}

fn reply_to(message: Option<i64>) -> Option<ReplyParameters> {
    let id = i32::try_from(message?).ok()?;
    // Somebody may have deleted it.
    Some(ReplyParameters::new(MessageId(id)).allow_sending_without_reply())
}

fn keyboard(rows: &[Vec<Button>]) -> InlineKeyboardMarkup {
    let row = |row: &Vec<Button>| -> Vec<_> {
        row.iter().map(|button| InlineKeyboardButton::callback(&button.label, &button.token)).collect()
    };
    InlineKeyboardMarkup::new(rows.iter().map(row))
}

/// People's own words may hold addresses; nobody asked for a picture of them.
fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
