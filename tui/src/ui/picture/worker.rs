//! Decoding, resizing and encoding, off the loop.

use std::{io::Cursor, sync::Arc};

use image::{DynamicImage, ImageReader, Limits};
use ratatui::layout::Size;
use ratatui_image::{FilterType, Resize, picker::Picker, protocol::Protocol};
use tokio::sync::{Semaphore, mpsc, watch};

use super::super::msg::{Msg, PictureKey, PictureNews, Ticket};

/// How many pictures are prepared at once; the machine is busy painting others.
const AT_ONCE: usize = 2;
/// Most that decoding may take, so that a bad file can't fill the memory.
const DECODED_BYTES: u64 = 256 * 1024 * 1024;
/// Longest side that is decoded.
const LONGEST_PX: u32 = 16_384;

/// Prepares pictures and reports them.
#[derive(Clone)]
pub(crate) struct Worker {
    news: mpsc::Sender<Msg>,
    /// Nothing until the terminal has said what it can.
    picker: watch::Receiver<Option<Picker>>,
    turns: Arc<Semaphore>,
}

impl Worker {
    /// A worker that encodes as `picker` says.
    pub(crate) fn new(news: mpsc::Sender<Msg>, picker: watch::Receiver<Option<Picker>>) -> Self {
        Self { news, picker, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Prepares a picture and reports it.
    pub(crate) fn encode(&self, key: PictureKey, ticket: Ticket, bytes: Arc<[u8]>) {
        let worker = self.clone();
        tokio::spawn(async move {
            let Ok(_turn) = worker.turns.acquire().await else { return };
            let Some(picker) = worker.picker.borrow().clone() else { return };
            let size = Size::new(key.width, key.height);
            let work = tokio::task::spawn_blocking(move || encode(&picker, &bytes, size));
            let answer = match work.await {
                Ok(answer) => answer,
                Err(_) => Err("the picture could not be decoded".to_owned()),
            };
            worker.news.send(Msg::Picture(PictureNews::Encoded(key, ticket, answer))).await.ok();
        });
    }
}

/// The picture as the terminal takes it.
pub(crate) fn encode(picker: &Picker, bytes: &[u8], size: Size) -> Result<Box<Protocol>, String> {
    let picture = decode(bytes).map_err(|error| error.to_string())?;
    picker
        .new_protocol(picture, size, Resize::Scale(Some(FilterType::Triangle)))
        .map(Box::new)
        .map_err(|error| error.to_string())
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, image::ImageError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_PX);
    limits.max_image_height = Some(LONGEST_PX);
    limits.max_alloc = Some(DECODED_BYTES);
    reader.limits(limits);
    reader.decode()
}
