//! The session with the daemon: a service account of the role bot, by API key. Every call but the list of bindings is
//! made for somebody.

use std::time::Duration;

use atelier_proto::{
    client::{Client, Credentials, Endpoint, EndpointError, Follow, Patience},
    v1 as wire,
};
use bytes::Bytes;
use tonic::{Code, Status, Streaming};
use uuid::Uuid;

use crate::{
    dialogue::CardKey,
    pieces::parts,
    platform::{File, Incoming},
};

/// Connections that only follow jobs; a connection carries 200 streams at a time.
const WATCHING: usize = 4;
/// The slowest line that an upload is waited for, in bytes a second.
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;
const UPLOAD_AT_LEAST: Duration = Duration::from_secs(60);
/// A picture that is too large for a platform is made this small.
const FITTED_SIDES_PX: [u32; 2] = [2560, 1280];

/// The daemon, for a bot.
#[derive(Clone)]
pub struct Daemon {
    calls: Client,
    watches: Vec<Client>,
}

/// A picture as a platform can take it.
pub enum Fetched {
    /// The file, at most as large as asked.
    File(File),
    /// It is larger however small it is made: where it can be had.
    Link(String),
}

impl Daemon {
    /// A session that begins with the first call.
    ///
    /// # Errors
    /// When the endpoint's TLS settings can't be used.
    pub fn new(endpoint: &Endpoint, key: &str) -> Result<Self, EndpointError> {
        let client = || Client::new(endpoint, Credentials::Bearer(key.to_owned()), Patience::INTERACTIVE);
        let watches = (0..WATCHING).map(|_| client()).collect::<Result<_, _>>()?;
        Ok(Self { calls: client()?, watches })
    }

    /// The daemon, acting for a chat identity.
    #[must_use]
    pub fn person(&self, identity: &str) -> Person {
        let place =
            identity.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        Person {
            calls: self.calls.on_behalf_of(identity),
            watches: self.watches[place % self.watches.len()].on_behalf_of(identity),
        }
    }

    /// Whose key it is.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn who(&self) -> Result<wire::Member, Status> {
        let answer = self
            .calls
            .call(|client| async move { client.accounts().who_am_i(wire::WhoAmIRequest {}).await })
            .await?;
        answer.member.ok_or_else(|| Status::internal("the daemon did not say who this is"))
    }

    /// The messages that show unfinished work.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn bindings(&self) -> Result<Vec<wire::Binding>, Status> {
        let mut bindings = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = wire::ListBindingsRequest { page_size: 200, page_token };
            let answer = self
                .calls
                .call(|client| {
                    let request = request.clone();
                    async move { client.chats().list_bindings(request).await }
                })
                .await?;
            bindings.extend(answer.bindings);
            if answer.next_page_token.is_empty() {
                return Ok(bindings);
            }
            page_token = answer.next_page_token;
        }
    }
}

/// The daemon, acting for somebody.
#[derive(Clone)]
pub struct Person {
    calls: Client,
    watches: Client,
}

impl Person {
    /// The conversation that goes on here, or a fresh one.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn enter(&self, act: Uuid, fresh: bool) -> Result<String, Status> {
        let request = wire::EnterChatRequest { request_id: act.to_string(), fresh };
        let answer = self
            .calls
            .call(|client| {
                let request = request.clone();
                async move { client.chats().enter_chat(request).await }
            })
            .await?;
        Ok(answer.conversation_id)
    }

    /// Hands a file on while it arrives.
    ///
    /// # Errors
    /// The daemon's answer; when the file breaks off, the daemon says so.
    pub async fn upload(&self, act: Uuid, name: &str, incoming: Incoming) -> Result<wire::Asset, Status> {
        let header = wire::UploadHeader {
            request_id: act.to_string(),
            file_name: name.to_owned(),
            size_bytes: incoming.size_bytes,
        };
        let patience = Duration::from_secs(incoming.size_bytes / SLOWEST_BYTES_PER_S) + UPLOAD_AT_LEAST;
        let mut assets = self.calls.assets();
        let sent = tokio::time::timeout(patience, assets.upload_asset(parts(header, incoming))).await;
        let answer = sent.map_err(|_| Status::deadline_exceeded("the file took too long"))??;
        answer.into_inner().asset.ok_or_else(|| Status::internal("the daemon did not say what it kept"))
    }

    /// Says something; the daemon keeps it when this returns.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn say(
        &self,
        act: Uuid,
        conversation: &str,
        text: &str,
        pictures: Vec<String>,
    ) -> Result<Streaming<wire::SayResponse>, Status> {
        let request = wire::SayRequest {
            request_id: act.to_string(),
            conversation_id: conversation.to_owned(),
            text: text.to_owned(),
            asset_ids: pictures,
            // Prices above the set one are for the person to accept.
            confirm: false,
        };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().say(request).await }
            })
            .await
    }

    /// Presses a button, with words where it asks for them.
    ///
    /// # Errors
    /// The daemon's answer; NOT_FOUND when it is somebody else's.
    pub async fn press(
        &self,
        act: Uuid,
        token: &str,
        text: &str,
    ) -> Result<Streaming<wire::PressResponse>, Status> {
        let (token, text) = (token.to_owned(), text.to_owned());
        let request = wire::PressRequest { request_id: act.to_string(), token, text };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().press(request).await }
            })
            .await
    }

    /// A card as it stands; none where the message is a person's.
    ///
    /// # Errors
    /// The daemon's answer; NOT_FOUND when it was deleted.
    pub async fn card(&self, key: &CardKey) -> Result<Option<wire::Card>, Status> {
        let number = key.card.parse().map_err(|_| Status::not_found("there is no such card"))?;
        let conversation_id = key.conversation.clone();
        self.message(wire::GetMessageRequest { conversation_id, number, token: String::new() }).await
    }

    /// The card, as it stands, that a button was made for; none where the message is a person's.
    ///
    /// # Errors
    /// The daemon's answer; NOT_FOUND when it is somebody else's.
    pub async fn card_of(&self, token: &str) -> Result<Option<wire::Card>, Status> {
        let token = token.to_owned();
        self.message(wire::GetMessageRequest { token, ..wire::GetMessageRequest::default() }).await
    }

    async fn message(&self, request: wire::GetMessageRequest) -> Result<Option<wire::Card>, Status> {
        let answer = self
            .calls
            .call(|client| {
                let request = request.clone();
                async move { client.conversations().get_message(request).await }
            })
            .await?;
        Ok(answer.message.and_then(|message| match message.body {
            Some(wire::message::Body::Card(card)) => Some(card),
            Some(wire::message::Body::Person(_)) | None => None,
        }))
    }

    /// Follows a job to its end.
    #[must_use]
    pub fn follow(&self, job: &str) -> Follow<wire::WatchJobResponse> {
        self.watches.follow_job(job, 0)
    }

    /// Has the daemon remember what a message shows.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn bind(&self, binding: wire::Binding) -> Result<(), Status> {
        let request =
            wire::BindMessageRequest { request_id: atelier_proto::request_id(), binding: Some(binding) };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.chats().bind_message(request).await }
            })
            .await?;
        Ok(())
    }

    /// Has the daemon forget it.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn release(&self, chat: i64, message: i64) -> Result<(), Status> {
        let request = wire::ReleaseMessageRequest { request_id: atelier_proto::request_id(), chat, message };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.chats().release_message(request).await }
            })
            .await?;
        Ok(())
    }

    /// Joins the chat identity to the account behind a code.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn link(&self, act: Uuid, code: &str) -> Result<wire::LinkChatResponse, Status> {
        let request = wire::LinkChatRequest { request_id: act.to_string(), code: code.to_owned() };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.chats().link_chat(request).await }
            })
            .await
    }

    /// Separates it from its account.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn unlink(&self, act: Uuid) -> Result<(), Status> {
        let request = wire::UnlinkChatRequest { request_id: act.to_string(), identity: String::new() };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.chats().unlink_chat(request).await }
            })
            .await?;
        Ok(())
    }

    /// Deletes all that is kept of the chat user.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn forget(&self, act: Uuid) -> Result<wire::ForgetMeResponse, Status> {
        let request = wire::ForgetMeRequest { request_id: act.to_string() };
        self.calls
            .call(|client| {
                let request = request.clone();
                async move { client.chats().forget_me(request).await }
            })
            .await
    }

    /// The pictures of a finished job.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn pictures_of(&self, job: &str) -> Result<Vec<String>, Status> {
        let request = wire::GetJobRequest { job_id: job.to_owned() };
        let answer = self
            .calls
            .call(|client| {
                let request = request.clone();
                async move { client.jobs().get_job(request).await }
            })
            .await?;
        let results = answer.job.map(|job| job.results).unwrap_or_default();
        Ok(results.into_iter().map(|result| result.asset_id).collect())
    }

    /// A picture that has at most `most_bytes`: the original, or made smaller, or where it can be had.
    ///
    /// # Errors
    /// The daemon's answer.
    pub async fn fetch(&self, asset: &str, most_bytes: u64) -> Result<Fetched, Status> {
        for side in std::iter::once(0).chain(FITTED_SIDES_PX) {
            if side == 0 && self.size_of(asset).await? > most_bytes {
                continue;
            }
            let got = self.calls.download(asset, side).await?;
            if got.bytes.len() as u64 <= most_bytes {
                let end = if got.asset.media_type == "image/png" { "png" } else { "jpg" };
                let name = if got.asset.file_name.is_empty() || side > 0 {
                    format!("atelier.{end}")
                } else {
                    got.asset.file_name
                };
                return Ok(Fetched::File(File { name, bytes: Bytes::from(got.bytes) }));
            }
        }
        self.link_to(asset).await.map(Fetched::Link)
    }

    /// How large a file is, without having it sent.
    async fn size_of(&self, asset: &str) -> Result<u64, Status> {
        let request = wire::DownloadAssetRequest { asset_id: asset.to_owned(), max_side_px: 0 };
        let mut stream = self
            .calls
            .call(|client| {
                let request = request.clone();
                async move { client.assets().download_asset(request).await }
            })
            .await?;
        match stream.message().await?.and_then(|message| message.part) {
            Some(wire::download_asset_response::Part::Asset(asset)) => Ok(asset.size_bytes),
            _ => Err(Status::data_loss("the daemon did not say what the file is")),
        }
    }

    async fn link_to(&self, asset: &str) -> Result<String, Status> {
        let request = wire::CreateLinkRequest { asset_id: asset.to_owned(), valid_s: 0 };
        let answer = self
            .calls
            .call(|client| {
                let request = request.clone();
                async move { client.assets().create_link(request).await }
            })
            .await?;
        Ok(answer.url)
    }
}

/// Whether the daemon refused because it is somebody else's, or not there.
#[must_use]
pub fn is_foreign(status: &Status) -> bool {
    status.code() == Code::NotFound
}
