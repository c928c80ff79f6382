//! `link` and `forget`: chat identities of one's account, and what is kept of oneself.

use atelier_proto::{
    request_id,
    v1::{CreateLinkCodeRequest, ForgetMeRequest, ListLinksRequest, UnlinkChatRequest},
};
use serde_json::json;

use super::{
    Context,
    exit::{Exit, Failure},
    words,
};
use crate::session::Session;

/// What to do with chat identities.
#[derive(Debug, clap::Args)]
#[command(after_help = "Send the code to the bot within ten minutes: /link ABCD-EFGH")]
pub(crate) struct LinkArgs {
    /// List the chat identities of your account instead
    #[arg(long, conflicts_with = "remove")]
    pub(crate) list: bool,
    /// Separate this one, such as telegram:1234, instead
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) remove: Option<String>,
}

/// What is deleted.
#[derive(Debug, clap::Args)]
pub(crate) struct ForgetArgs {
    /// Really: it can't be undone
    #[arg(long)]
    pub(crate) yes: bool,
}

pub(crate) async fn link(context: &Context, session: &Session, args: &LinkArgs) -> Result<Exit, Failure> {
    match (&args.remove, args.list) {
        (Some(identity), _) => unlink(context, session, identity).await,
        (None, true) => list(context, session).await,
        (None, false) => code(context, session).await,
    }
}

async fn code(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let request = CreateLinkCodeRequest { request_id: request_id() };
    let made = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.chats().create_link_code(request).await }
        })
        .await?;
    let until = words::when(made.expires_at.as_ref(), &context.zone);
    context.out.object(&json!({ "code": made.code, "expires_at": until }));
    context.out.line(&format!("Send this to the bot until {until}: /link {}", made.code));
    Ok(Exit::Ok)
}

async fn list(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let identities = session
        .client
        .call(|client| async move { client.chats().list_links(ListLinksRequest {}).await })
        .await?
        .identities;
    context.out.object(&json!({ "identities": identities }));
    if identities.is_empty() {
        context.out.line("No chat belongs to your account. `atelier link` shows a code for one.");
    }
    for identity in &identities {
        context.out.line(identity);
    }
    Ok(Exit::Ok)
}

async fn unlink(context: &Context, session: &Session, identity: &str) -> Result<Exit, Failure> {
    let request = UnlinkChatRequest { request_id: request_id(), identity: identity.to_owned() };
    session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.chats().unlink_chat(request).await }
        })
        .await?;
    context.out.object(&json!({ "removed": identity }));
    context.out.line(&format!("{identity} is on its own again. What it made stays with you."));
    Ok(Exit::Ok)
}

pub(crate) async fn forget(context: &Context, session: &Session, args: &ForgetArgs) -> Result<Exit, Failure> {
    if !args.yes {
        let message =
            "this deletes all your conversations, pictures and jobs for good; say --yes if you mean it";
        return Err(Failure::new(Exit::NeedsConfirmation, message));
    }
    let request = ForgetMeRequest { request_id: request_id() };
    let done = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.chats().forget_me(request).await }
        })
        .await?;
    context.out.object(&json!({ "deleted_items": done.deleted_items, "stays": done.stays }));
    context
        .out
        .line(&format!("{} things were deleted. {} Your account stays.", done.deleted_items, done.stays));
    Ok(Exit::Ok)
}
