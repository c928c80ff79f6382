//! `login`, `register`, `logout`, `whoami`, `passwd`.

use atelier_proto::{
    client::{Credentials, StoredTokens},
    request_id,
    v1::{ChangePasswordRequest, LogoutRequest, Member, WhoAmIRequest, WhoAmIResponse},
};
use serde_json::json;
use tonic::{Code, Status};

use super::{
    Context,
    exit::{Exit, Failure},
    prompt, view, words,
};
use crate::session::{self, Session};

/// Who logs in.
#[derive(Debug, clap::Args)]
#[command(after_help = "The password is asked for, or read from standard input:\n  \
                        pass studio | atelier --connect https://studio.example:7340 login anna")]
pub(crate) struct LoginArgs {
    /// Name of the account; asked for when left out
    pub(crate) name: Option<String>,
}

/// Who opens an account.
#[derive(Debug, clap::Args)]
pub(crate) struct RegisterArgs {
    /// Name of the account: 3 to 32 letters, digits, dashes, underscores or dots
    pub(crate) name: Option<String>,
    /// Needed where accounts are opened by invitation
    #[arg(long, value_name = "CODE", env = "ATELIER_INVITATION", hide_env_values = true)]
    pub(crate) invitation: Option<String>,
}

/// Whose password is set.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The current password, or an admin's one-time code, and the new one are asked for; in a \
                        pipe they are two lines."
)]
pub(crate) struct PasswdArgs {
    /// Name of the account; your own when left out
    pub(crate) name: Option<String>,
}

pub(crate) async fn login(context: &Context, session: &Session, args: &LoginArgs) -> Result<Exit, Failure> {
    refuse_at_home(session, "log in to").await?;
    let name = name(context, args.name.as_deref()).await?;
    let password = prompt::secret(context.out, "Password:").await?;
    let (_, member) =
        session::sign_in(&session.client, &session.tokens()?, &name, &password).await.map_err(in_words)?;
    welcome(context, session, &member);
    Ok(Exit::Ok)
}

pub(crate) async fn register(
    context: &Context,
    session: &Session,
    args: &RegisterArgs,
) -> Result<Exit, Failure> {
    refuse_at_home(session, "register with").await?;
    let name = name(context, args.name.as_deref()).await?;
    let password = prompt::new_secret(context.out, "New password:").await?;
    let invitation = args.invitation.as_deref().unwrap_or_default();
    let (_, member) = session::sign_up(&session.client, &session.tokens()?, &name, &password, invitation)
        .await
        .map_err(in_words)?;
    welcome(context, session, &member);
    Ok(Exit::Ok)
}

async fn name(context: &Context, given: Option<&str>) -> Result<String, Failure> {
    match given {
        Some(name) => Ok(name.to_owned()),
        None if context.out.asks => prompt::line(context.out, "Name:").await,
        None => Err(Failure::new(Exit::Usage, "name the account: atelier login NAME")),
    }
}

/// A wrong password is no reason to be told to log in.
fn in_words(status: Status) -> Failure {
    match status.code() {
        Code::Unauthenticated => Failure::new(Exit::NotAllowed, status.message()),
        _ => status.into(),
    }
}

fn welcome(context: &Context, session: &Session, member: &Member) {
    context.out.object(&view::member(member));
    context.out.line(&format!(
        "Logged in to {} as {} ({}).",
        session.endpoint,
        member.name,
        words::role(member.role())
    ));
}

/// Whoever owns the daemon is known by its socket: a session there would be one more thing to lose.
async fn refuse_at_home(session: &Session, what: &str) -> Result<(), Failure> {
    if !session.is_local() {
        let nobody = session.client.with_credentials(Credentials::None);
        let known =
            nobody.call(|client| async move { client.accounts().who_am_i(WhoAmIRequest {}).await }).await;
        match known {
            Ok(_) => {}
            Err(status) if status.code() == Code::Unauthenticated => return Ok(()),
            // Better said before a password is typed than after it.
            Err(status) => return Err(status.into()),
        }
    }
    let message = format!(
        "this daemon is yours: it knows you by its socket ({}), so there is nothing to {what}. For a daemon \
         elsewhere add --connect ADDR",
        session.endpoint
    );
    Err(Failure::new(Exit::Usage, message))
}

pub(crate) async fn logout(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let tokens = session.tokens()?;
    if !tokens.exist() {
        context.out.object(&json!({ "ended": 0 }));
        context.out.line(&format!("There is no session with {}.", session.endpoint));
        return Ok(Exit::Ok);
    }
    let request = LogoutRequest { request_id: request_id(), ..LogoutRequest::default() };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.accounts().logout(request).await }
        })
        .await;
    let ended = match answer {
        Ok(answer) => answer.ended,
        // It had ended already.
        Err(status) if status.code() == Code::Unauthenticated => 0,
        Err(status) => return Err(status.into()),
    };
    tokens.forget().map_err(|error| Failure::io("the session can't be forgotten", &error))?;
    context.out.object(&json!({ "ended": ended }));
    context.out.line(&format!("Logged out of {}.", session.endpoint));
    Ok(Exit::Ok)
}

pub(crate) async fn whoami(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let WhoAmIResponse { member, api_key_name } = session
        .client
        .call(|client| async move { client.accounts().who_am_i(WhoAmIRequest {}).await })
        .await?;
    let member = member.unwrap_or_default();
    context.out.object(&json!({
        "member": view::member(&member),
        "api_key_name": api_key_name,
        "daemon": session.endpoint.to_string(),
    }));
    let by =
        if api_key_name.is_empty() { String::new() } else { format!(" by the key “{api_key_name}”") };
    let suspended = if member.suspended { ", suspended" } else { "" };
    context.out.line(&format!(
        "{} ({}{suspended}) on {}{by}",
        member.name,
        words::role(member.role()),
        session.endpoint
    ));
    Ok(Exit::Ok)
}

pub(crate) async fn passwd(context: &Context, session: &Session, args: &PasswdArgs) -> Result<Exit, Failure> {
    let current = prompt::secret(context.out, "Current password, or one-time code:").await?;
    let new_password = prompt::new_secret(context.out, "New password:").await?;
    let request = ChangePasswordRequest {
        request_id: request_id(),
        name: args.name.clone().unwrap_or_default(),
        current,
        new_password,
    };
    let answer = session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.accounts().change_password(request).await }
        })
        .await
        .map_err(in_words)?;
    // Every other session has ended, this machine's too; on the owner's socket there is none to replace.
    if let (Some(tokens), false) = (answer.tokens, session.is_local()) {
        let kept = session.tokens()?.keep(&StoredTokens::from(tokens));
        kept.map_err(|error| Failure::io("the password was set, but the session can't be kept", &error))?;
    }
    context.out.object(&json!({ "changed": true }));
    context.out.line("The password was set. Every other session has ended.");
    Ok(Exit::Ok)
}
