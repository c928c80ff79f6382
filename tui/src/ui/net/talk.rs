//! Saying and pressing: streams of cards. Each act has one id, so saying it again after a break says it once.

use std::path::{Path, PathBuf};

use atelier_proto::{
    client::{Backoff, Client},
    request_id,
    v1::{CreateConversationRequest, PressRequest, SayRequest},
};
use tokio::sync::mpsc;

use super::{
    super::{
        model::{Fault, FaultKind},
        msg::{Msg, Net},
    },
    convert::{self, call},
};

/// How often an answer that breaks off is asked for again.
const TRIES: usize = 8;
/// Largest picture that is sent; the daemon has a limit of its own.
const PICTURE_BYTES: u64 = 64 * 1024 * 1024;

/// Hands on the cards of one answer; says why it broke off.
macro_rules! cards {
    ($client:expr, $method:ident, $request:expr, $conversation:expr, $news:expr) => {{
        match call!($client, conversations, $method, $request) {
            Err(fault) => Err(fault),
            Ok(mut stream) => loop {
                match stream.message().await {
                    Ok(Some(message)) => {
                        if let Some(card) = message.card.and_then(convert::card) {
                            let net = Net::Card($conversation.clone(), card);
                            if $news.send(Msg::Net(net)).await.is_err() {
                                break Ok(());
                            }
                        }
                    }
                    Ok(None) => break Ok(()),
                    Err(status) => break Err(convert::fault!(status)),
                }
            },
        }
    }};
}

/// Says something, in a new conversation if there is none yet.
pub(super) async fn say(
    client: Client,
    news: mpsc::Sender<Msg>,
    conversation: Option<String>,
    text: String,
    attachments: Vec<PathBuf>,
) {
    let conversation = match conversation {
        Some(id) => id,
        None => match begin(&client, &news).await {
            Ok(id) => id,
            Err(fault) => return end(&news, String::new(), Err(fault)).await,
        },
    };
    let asset_ids = match upload(&client, &attachments).await {
        Ok(asset_ids) => asset_ids,
        Err(fault) => return end(&news, conversation, Err(fault)).await,
    };
    let request = SayRequest {
        request_id: request_id(),
        conversation_id: conversation.clone(),
        text,
        asset_ids,
        confirm: false,
    };
    let mut backoff = Backoff::new();
    let mut answer = Ok(());
    for _ in 0..TRIES {
        answer = cards!(client, say, request, conversation, news);
        if !broke_off(&answer) {
            break;
        }
        tokio::time::sleep(backoff.next_pause()).await;
    }
    end(&news, conversation, answer).await;
}

/// Presses a button.
pub(super) async fn press(
    client: Client,
    news: mpsc::Sender<Msg>,
    conversation: String,
    token: String,
    text: String,
) {
    let request = PressRequest { request_id: request_id(), token, text };
    let mut backoff = Backoff::new();
    let mut answer = Ok(());
    for _ in 0..TRIES {
        answer = cards!(client, press, request, conversation, news);
        if !broke_off(&answer) {
            break;
        }
        tokio::time::sleep(backoff.next_pause()).await;
    }
    end(&news, conversation, answer).await;
}

fn broke_off(answer: &Result<(), Fault>) -> bool {
    matches!(answer, Err(fault) if fault.kind == FaultKind::Unreachable)
}

async fn end(news: &mpsc::Sender<Msg>, conversation: String, answer: Result<(), Fault>) {
    news.send(Msg::Net(Net::TalkEnded(conversation, answer))).await.ok();
}

async fn begin(client: &Client, news: &mpsc::Sender<Msg>) -> Result<String, Fault> {
    let request = CreateConversationRequest { request_id: request_id(), title: String::new() };
    let answer = call!(client, conversations, create_conversation, request)?;
    let conversation = answer
        .conversation
        .map(convert::conversation)
        .ok_or_else(|| Fault::local("The daemon began a conversation but did not say which."))?;
    let id = conversation.id.clone();
    news.send(Msg::Net(Net::ConversationBegun(conversation))).await.ok();
    Ok(id)
}

async fn upload(client: &Client, attachments: &[PathBuf]) -> Result<Vec<String>, Fault> {
    let mut ids = Vec::with_capacity(attachments.len());
    for path in attachments {
        let bytes = read(path).await?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let asset = client
            .upload(&request_id(), &name, bytes.into())
            .await
            .map_err(|status| convert::fault!(status))?;
        ids.push(asset.asset_id);
    }
    Ok(ids)
}

async fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    let trouble = |error: std::io::Error| Fault::local(format!("{}: {error}.", path.display()));
    let size = tokio::fs::metadata(path).await.map_err(trouble)?.len();
    if size > PICTURE_BYTES {
        return Err(Fault::local(format!("{} is too large to send.", path.display())));
    }
    tokio::fs::read(path).await.map_err(trouble)
}
