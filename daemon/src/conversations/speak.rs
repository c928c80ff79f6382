//! Saying something and pressing buttons: what is written at once, and the stream of the answer.

use tokio::sync::mpsc;

use super::{
    Card, ConversationError, Conversations, Speaker,
    button::{Act, Button},
    records::{self, Said},
    service::{Cards, MESSAGES, own},
};
use crate::{
    id::{AssetId, ConversationId, RequestId},
    once::{self, Digest},
    store::StoreError,
};

/// Longest text of one message, in characters.
const TEXT_CHARS: usize = 8_000;
/// Most pictures of one message.
pub(super) const PICTURES: usize = 8;
/// Most pictures of one conversation; they are counted by index.
pub(super) const CONVERSATION_PICTURES: usize = 500;
/// Cards that may wait for a slow reader.
const ROOM: usize = 8;

/// The message whose button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pressed {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: u32,
}

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    text: String,
    pictures: Vec<AssetId>,
    /// The message whose request it changes.
    about: Option<u32>,
}

impl Words {
    fn said(&self) -> Said {
        Said::Person { text: self.text.clone(), pictures: self.pictures.clone(), about: self.about }
    }

    fn digest(&self, id: ConversationId) -> Digest {
        let ids: Vec<u8> = self.pictures.iter().flat_map(|picture| *picture.as_bytes()).collect();
        match self.about {
            None => Digest::of("say", &[id.as_bytes(), self.text.as_bytes(), &ids]),
            Some(about) => Digest::of("revise", &[id.as_bytes(), self.text.as_bytes(), &about.to_be_bytes()]),
        }
    }
}

impl Conversations {
    /// Says something and streams the cards of the answer. Saying it again with the same `request` says it once
    /// and streams the same cards as they stand now.
    ///
    /// # Errors
    /// What is wrong with the words or pictures; later ones come through the stream.
    pub async fn say(
        &self,
        speaker: Speaker,
        request: RequestId,
        id: ConversationId,
        text: String,
        pictures: Vec<AssetId>,
    ) -> Result<Cards, ConversationError> {
        self.speak(speaker, request, id, Words { text, pictures, about: None }).await
    }

    async fn speak(
        &self,
        speaker: Speaker,
        request: RequestId,
        id: ConversationId,
        words: Words,
    ) -> Result<Cards, ConversationError> {
        check_words(&words.text, &words.pictures)?;
        for picture in &words.pictures {
            self.parts.assets.read(speaker.payer.member, *picture)?;
        }
        let member = speaker.payer.member;
        let now = self.parts.clock.now();
        let digest = words.digest(id);
        // From the message to its answer nobody else speaks.
        let turn = self.turn(id).await;
        let number = self
            .parts
            .store
            .transact(move |tx| {
                let mut conversation = own(records::get(tx, id)?, member)?;
                if let Some(answer) = once::answered(tx, member, request, &digest)? {
                    let lost =
                        || StoreError::Corrupt { table: "acts", reason: "no message number".to_owned() };
                    let number = answer.parse::<u32>().map_err(|_| lost())?;
                    let next = records::message(tx, id, number + 1)?;
                    if !next.is_some_and(|next| matches!(next.said, Said::Person { .. })) {
                        return Ok(number);
                    }
                    // The daemon stopped before it answered, and others have spoken since: it is said anew, at the
                    // end, where it can be answered.
                    let number = records::append(tx, &mut conversation, words.said(), now)?;
                    once::record(tx, member, request, digest, number.to_string(), now)?;
                    return Ok(number);
                }
                if conversation.messages >= MESSAGES
                    || conversation.pictures.len() + words.pictures.len() > CONVERSATION_PICTURES
                {
                    return Err(ConversationError::Full);
                }
                if conversation.title.is_empty() {
                    conversation.title = words.text.chars().take(60).collect();
                }
                conversation.pictures.extend(&words.pictures);
                let number = records::append(tx, &mut conversation, words.said(), now)?;
                once::record(tx, member, request, digest, number.to_string(), now)?;
                Ok(number)
            })
            .await?;
        Ok(self
            .stream(move |this, cards| async move { this.answer(turn, &speaker, id, number, &cards).await }))
    }

    /// Presses a button, with `text` where it asks for words: says of which message it is, and streams the cards of the
    /// answer.
    ///
    /// # Errors
    /// [`ConversationError::Forged`], [`ConversationError::NoButton`], [`ConversationError::NotFound`], what is wrong
    /// with the words, the store's.
    pub async fn press(
        &self,
        speaker: Speaker,
        request: RequestId,
        token: &str,
        text: String,
    ) -> Result<(Pressed, Cards), ConversationError> {
        let button = Button::verify(token, &self.parts.keys).ok_or(ConversationError::Forged)?;
        let pressed = Pressed { conversation: button.conversation, message: button.message };
        // Whoever holds the token still needs to be one who may press it.
        self.pressable(&speaker, button)?;
        let message = records::read_message(&self.parts.store, button.conversation, button.message)?
            .ok_or(ConversationError::NoButton)?;
        if let (Act::Revise, Said::Quote { .. } | Said::Job { .. }) = (button.act, &message.said) {
            let words = Words { text, pictures: Vec::new(), about: Some(button.message) };
            return Ok((pressed, self.speak(speaker, request, button.conversation, words).await?));
        }
        if !text.is_empty() {
            let problem = "goes with a button that asks what to change, and this one doesn't".to_owned();
            return Err(ConversationError::Invalid { field: "text", problem });
        }
        if let (Act::Choose(answer), Said::Text { suggestions, .. }) = (button.act, &message.said) {
            let words = suggestions.get(usize::from(answer)).ok_or(ConversationError::NoButton)?.clone();
            let cards = self.say(speaker, request, button.conversation, words, Vec::new()).await?;
            return Ok((pressed, cards));
        }
        let cards = self
            .stream(move |this, cards| async move { this.pressed(&speaker, request, button, &cards).await });
        Ok((pressed, cards))
    }

    /// Runs `work` on a task of its own: an answer is finished even when nobody listens any more.
    fn stream<F>(&self, work: impl FnOnce(Self, mpsc::Sender<Result<Card, ConversationError>>) -> F) -> Cards
    where
        F: Future<Output = Result<(), ConversationError>> + Send + 'static,
    {
        let (cards, stream) = mpsc::channel(ROOM);
        let failure = cards.clone();
        let work = work(self.clone(), cards);
        tokio::spawn(async move {
            if let Err(error) = work.await {
                failure.send(Err(error)).await.ok();
            }
        });
        stream
    }
}

fn check_words(text: &str, pictures: &[AssetId]) -> Result<(), ConversationError> {
    let invalid = |field, problem| Err(ConversationError::Invalid { field, problem });
    if text.trim().is_empty() && pictures.is_empty() {
        return invalid("text", "is empty; say what you would like, or send a picture".to_owned());
    }
    let chars = text.chars().count();
    if chars > TEXT_CHARS {
        return invalid(
            "text",
            format!("has {chars} characters, at most {TEXT_CHARS} are read; make it shorter"),
        );
    }
    if pictures.len() > PICTURES {
        return invalid(
            "asset_ids",
            format!("{} pictures are too many, send at most {PICTURES}", pictures.len()),
        );
    }
    Ok(())
}
