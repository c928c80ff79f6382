//! Logging in and registering: a name and a password become a session that is kept.

use std::sync::Arc;

use atelier_proto::{
    client::{Client, Credentials, StoredTokens},
    request_id,
    v1::{LoginRequest, Member, RegisterRequest, Tokens},
};
use tonic::Status;

use super::FileTokens;

/// Logs in; the client that comes back calls as the member.
pub(crate) async fn sign_in(
    client: &Client,
    tokens: &FileTokens,
    name: &str,
    password: &str,
) -> Result<(Client, Member), Status> {
    let request = LoginRequest { name: name.to_owned(), password: password.to_owned(), device: device() };
    let nobody = client.with_credentials(Credentials::None);
    let answer = nobody
        .call(|client| {
            let request = request.clone();
            async move { client.accounts().login(request).await }
        })
        .await?;
    let client = keep(client, tokens, answer.tokens)?;
    Ok((client, answer.member.unwrap_or_default()))
}

/// Opens an account and logs in.
pub(crate) async fn sign_up(
    client: &Client,
    tokens: &FileTokens,
    name: &str,
    password: &str,
    invitation: &str,
) -> Result<(Client, Member), Status> {
    let request = RegisterRequest {
        request_id: request_id(),
        name: name.to_owned(),
        password: password.to_owned(),
        invitation: invitation.to_owned(),
    };
    let nobody = client.with_credentials(Credentials::None);
    let answer = nobody
        .call(|client| {
            let request = request.clone();
            async move { client.accounts().register(request).await }
        })
        .await?;
    let client = keep(client, tokens, answer.tokens)?;
    Ok((client, answer.member.unwrap_or_default()))
}

fn keep(client: &Client, store: &FileTokens, tokens: Option<Tokens>) -> Result<Client, Status> {
    let tokens = tokens.ok_or_else(|| Status::internal("the daemon answered without tokens"))?;
    store.keep(&StoredTokens::from(tokens)).map_err(|error| {
        Status::internal(format!(
            "logged in, but the session can't be kept in {}: {error}",
            store.file().display()
        ))
    })?;
    Ok(client.with_credentials(Credentials::Session(Arc::new(store.clone()))))
}

/// What this machine is called in the list of sessions.
fn device() -> String {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    match host.trim() {
        "" => "terminal".to_owned(),
        host => host.chars().take(64).collect(),
    }
}
