//! What the bots need of a chat platform. Each adapter translates this into its platform's library, nothing more.

use std::time::Duration;

use bytes::Bytes;
use futures::stream::BoxStream;

use crate::{
    dialogue::{Ask, FileRef, Rules},
    render::Message,
};

/// A picture to be sent.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A file that somebody sent, as it arrives.
pub struct Incoming {
    /// How many bytes come.
    pub size_bytes: u64,
    /// The bytes.
    pub bytes: BoxStream<'static, Result<Bytes, Refusal>>,
}

/// Why a platform does not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too fast: the same may be tried again after this long.
    #[error("too fast, {} ms have to pass", .0.as_millis())]
    Slow(Duration),
    /// What it is about is not there any more.
    #[error("it is not there any more")]
    Gone,
    /// It will never be taken. Without secrets.
    #[error("refused: {0}")]
    Refused(String),
    /// It may work later. Without secrets.
    #[error("can't be reached: {0}")]
    Unreachable(String),
}

/// A chat platform, seen by one bot.
#[tonic::async_trait]
pub trait Platform: Send + Sync + 'static {
    /// How fast a chat may be spoken in.
    fn rules(&self, chat: i64) -> Rules;

    /// The largest file that people can send, in bytes.
    fn largest_in(&self) -> u64;

    /// The largest picture that can be shown, in bytes.
    fn largest_out(&self) -> u64;

    /// The largest file that can be sent as it is, in bytes.
    fn largest_original(&self) -> u64;

    /// Whether there is room for one more edit that only shows progress, beside messages that matter more.
    fn has_room(&self) -> bool;

    /// Sends a message that answers `ask`; gives its id.
    async fn send(&self, chat: i64, ask: &Ask, message: &Message, files: Vec<File>) -> Result<i64, Refusal>;

    /// Makes a message of ours show something else. Showing what it shows already is no error.
    async fn edit(
        &self,
        chat: i64,
        ask: &Ask,
        message: i64,
        new: &Message,
        files: Vec<File>,
    ) -> Result<(), Refusal>;

    /// Gives a message of ours other buttons; its words and pictures stay.
    async fn rebutton(&self, chat: i64, ask: &Ask, message: i64, new: &Message) -> Result<(), Refusal>;

    /// Takes a message of ours away.
    async fn remove(&self, chat: i64, message: i64) -> Result<(), Refusal>;

    /// Sends files as they are, without making them smaller.
    async fn send_originals(&self, chat: i64, ask: &Ask, files: Vec<File>) -> Result<(), Refusal>;

    /// Takes note of a press, with words for the one who pressed alone.
    async fn acknowledge(&self, ask: &Ask, words: Option<&str>) -> Result<(), Refusal>;

    /// Shows that an answer is being made.
    async fn typing(&self, chat: i64) -> Result<(), Refusal>;

    /// Opens a file that somebody sent.
    async fn open(&self, file: &FileRef) -> Result<Incoming, Refusal>;
}
