//! A conversation with Atelier.

use anyhow::{Context as _, bail};
use atelier_proto::{
    client::Client,
    request_id,
    v1::{self as wire, card::Body},
};
use tonic::Status;

use crate::acts::soon;

/// A conversation.
pub struct Talk {
    client: Client,
    /// Its id.
    pub id: String,
}

impl Talk {
    /// Begins one.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn begin(client: &Client) -> Result<Self, Status> {
        let request = wire::CreateConversationRequest { request_id: request_id(), title: String::new() };
        let answer = client
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().create_conversation(request).await }
            })
            .await?;
        let conversation = answer.conversation.ok_or_else(|| Status::internal("no conversation"))?;
        Ok(Self { client: client.clone(), id: conversation.conversation_id })
    }

    /// What is sent to say `text`.
    #[must_use]
    pub fn words(&self, text: &str) -> wire::SayRequest {
        wire::SayRequest {
            request_id: request_id(),
            conversation_id: self.id.clone(),
            text: text.to_owned(),
            ..wire::SayRequest::default()
        }
    }

    /// Says something and hears the whole answer, card by card.
    ///
    /// # Errors
    /// The daemon's answer, and what takes too long.
    pub async fn say(&self, text: &str) -> anyhow::Result<Answer> {
        self.send(self.words(text)).await
    }

    /// Says what was prepared.
    ///
    /// # Errors
    /// The daemon's answer, and what takes too long.
    pub async fn send(&self, request: wire::SayRequest) -> anyhow::Result<Answer> {
        let mut cards = self.open(request).await?;
        let mut heard = Vec::new();
        while let Some(message) = soon(cards.message()).await?? {
            heard.push(message.card.context("no card")?);
        }
        Ok(Answer { cards: heard })
    }

    /// Says what was prepared and leaves the listening to the caller.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn open(
        &self,
        request: wire::SayRequest,
    ) -> Result<tonic::Streaming<wire::SayResponse>, Status> {
        self.client
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().say(request).await }
            })
            .await
    }

    /// Presses a button and hears the whole answer.
    ///
    /// # Errors
    /// The daemon's answer, and what takes too long.
    pub async fn press(&self, token: &str) -> anyhow::Result<Answer> {
        self.press_as(&request_id(), token).await
    }

    /// The same under this id.
    ///
    /// # Errors
    /// The daemon's answer, and what takes too long.
    pub async fn press_as(&self, id: &str, token: &str) -> anyhow::Result<Answer> {
        self.press_with(id, token, "").await
    }

    /// The same with words that go with it.
    ///
    /// # Errors
    /// The daemon's answer, and what takes too long.
    pub async fn press_with(&self, id: &str, token: &str, text: &str) -> anyhow::Result<Answer> {
        let (token, text) = (token.to_owned(), text.to_owned());
        let request = wire::PressRequest { request_id: id.to_owned(), token, text };
        let mut cards = self
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().press(request).await }
            })
            .await?;
        let mut heard = Vec::new();
        while let Some(message) = soon(cards.message()).await?? {
            heard.push(message.card.context("no card")?);
        }
        Ok(Answer { cards: heard })
    }

    /// All that was said, oldest first.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn history(&self) -> Result<Vec<wire::Message>, Status> {
        let request = wire::GetConversationRequest {
            conversation_id: self.id.clone(),
            page_size: 200,
            page_token: String::new(),
        };
        let answer = self
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().get_conversation(request).await }
            })
            .await?;
        Ok(answer.messages)
    }
}

/// The cards of an answer, as they came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// One after the other; a later one of the same id takes the place of an earlier one.
    pub cards: Vec<wire::Card>,
}

impl Answer {
    /// The kinds of cards as they came, repetitions left out.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Vec<_> = self.cards.iter().map(kind).collect();
        kinds.dedup();
        kinds
    }

    /// The last card.
    ///
    /// # Errors
    /// When there is none.
    pub fn last(&self) -> anyhow::Result<&wire::Card> {
        self.cards.last().context("no card came")
    }

    /// The words of an answer that is plain words.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn text(&self) -> anyhow::Result<&str> {
        match &self.last()?.body {
            Some(Body::Text(card)) => Ok(&card.text),
            Some(Body::Question(card)) => Ok(&card.text),
            other => bail!("not plain words: {other:?}"),
        }
    }

    /// The finished job of an answer that ends with pictures.
    ///
    /// # Errors
    /// When it does not.
    pub fn result(&self) -> anyhow::Result<&wire::Job> {
        match &self.last()?.body {
            Some(Body::Result(card)) => card.job.as_ref().context("a result without its job"),
            other => bail!("no result: {other:?}"),
        }
    }

    /// What a person should know of the pictures that an answer ends with.
    ///
    /// # Errors
    /// When it ends with none.
    pub fn notes(&self) -> anyhow::Result<&[String]> {
        match &self.last()?.body {
            Some(Body::Result(card)) => Ok(&card.notes),
            other => bail!("no result: {other:?}"),
        }
    }

    /// What went wrong.
    ///
    /// # Errors
    /// When nothing did.
    pub fn error(&self) -> anyhow::Result<&wire::ErrorCard> {
        let error = self.cards.iter().find_map(|card| match &card.body {
            Some(Body::Error(error)) => Some(error),
            _ => None,
        });
        error.context("nothing went wrong")
    }

    /// The price that was told.
    ///
    /// # Errors
    /// When none was.
    pub fn quote(&self) -> anyhow::Result<&wire::QuoteCard> {
        let quote = self.cards.iter().find_map(|card| match &card.body {
            Some(Body::Quote(quote)) => Some(quote),
            _ => None,
        });
        quote.context("no price was told")
    }
}

/// What kind of card it is.
#[must_use]
pub fn kind(card: &wire::Card) -> &'static str {
    match card.body {
        Some(Body::Text(_)) => "text",
        Some(Body::Question(_)) => "question",
        Some(Body::Quote(_)) => "quote",
        Some(Body::Progress(_)) => "progress",
        Some(Body::Result(_)) => "result",
        Some(Body::Error(_)) => "error",
        None => "nothing",
    }
}

/// The token behind the button of this label.
///
/// # Errors
/// When there is no such button.
pub fn button(card: &wire::Card, label: &str) -> anyhow::Result<String> {
    let actions = match &card.body {
        Some(Body::Text(card)) => &card.actions,
        Some(Body::Question(card)) => &card.choices,
        Some(Body::Quote(card)) => &card.actions,
        Some(Body::Progress(card)) => &card.actions,
        Some(Body::Result(card)) => &card.actions,
        Some(Body::Error(card)) => &card.actions,
        None => bail!("an empty card"),
    };
    let action = actions.iter().find(|action| action.label == label);
    Ok(action.with_context(|| format!("no button `{label}` in {actions:?}"))?.token.clone())
}

/// The seed of a job's request.
///
/// # Errors
/// When the job has none.
pub fn seed(job: &wire::Job) -> anyhow::Result<u64> {
    thumbnail(job)?.seed.context("no seed")
}

/// What a job was asked for.
///
/// # Errors
/// When it is no thumbnail.
pub fn thumbnail(job: &wire::Job) -> anyhow::Result<&wire::ThumbnailRequest> {
    match job.request.as_ref().and_then(|request| request.work.as_ref()) {
        Some(wire::job_request::Work::Thumbnail(thumbnail)) => Ok(thumbnail),
        Some(wire::job_request::Work::Image(image)) => bail!("it is an image: {image:?}"),
        None => bail!("a job without work"),
    }
}
