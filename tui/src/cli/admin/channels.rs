//! `admin channels`: what holds in channels of chat platforms.

use atelier_proto::{
    request_id,
    v1::{Access, ChannelRules, ListChannelRulesRequest, SetChannelRulesRequest},
};
use serde_json::json;

use crate::{
    cli::{
        Context,
        exit::{Exit, Failure},
        pages,
    },
    session::Session,
};

/// What to do with channels.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ChannelsCommand {
    /// List the channels that have rules of their own
    Ls,
    /// Set all rules of a channel; what is left out is as the configuration has it
    Set(Box<RulesArgs>),
    /// Take the rules of a channel away
    Clear {
        /// Such as telegram or discord
        platform: String,
        /// Id of the chat or channel there
        #[arg(allow_negative_numbers = true)]
        channel: String,
    },
}

/// Rules of a channel.
#[derive(Debug, clap::Args)]
pub(crate) struct RulesArgs {
    /// Such as telegram or discord
    platform: String,
    /// Id of the chat or channel there
    #[arg(allow_negative_numbers = true)]
    channel: String,
    /// Who may speak
    #[arg(long, value_enum)]
    access: Option<AccessArg>,
    /// Ids of the users who may speak where they are listed
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    users: Vec<String>,
    /// Algorithm for what can be made by it
    #[arg(long, default_value = "", hide_default_value = true)]
    algorithm: String,
    /// Most pictures of one request
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    most_pictures: u32,
    /// Most credits of one request
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    most_credits: u64,
    /// Member who pays for everybody here
    #[arg(long, value_name = "MEMBER", default_value = "", hide_default_value = true)]
    paid_by: String,
    /// Most waiting jobs of one user
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    most_waiting: u32,
    /// Seconds between two jobs of one user
    #[arg(long, value_name = "SECONDS")]
    cooldown: Option<u32>,
    /// Allow what has words of the mature list
    #[arg(long)]
    mature: bool,
}

/// Who may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AccessArg {
    Everybody,
    Listed,
    Nobody,
}

impl From<AccessArg> for Access {
    fn from(access: AccessArg) -> Self {
        match access {
            AccessArg::Everybody => Self::Everybody,
            AccessArg::Listed => Self::Listed,
            AccessArg::Nobody => Self::Nobody,
        }
    }
}

pub(super) async fn run(
    context: &Context,
    session: &Session,
    command: ChannelsCommand,
) -> Result<Exit, Failure> {
    match command {
        ChannelsCommand::Ls => list(context, session).await,
        ChannelsCommand::Set(args) => {
            let rules = ChannelRules {
                access: args.access.map_or(Access::Unspecified, Access::from).into(),
                users: args.users,
                algorithm: args.algorithm,
                most_pictures: args.most_pictures,
                most_credits: args.most_credits,
                paid_by: args.paid_by,
                most_waiting: args.most_waiting,
                cooldown_s: args.cooldown,
                mature: args.mature,
            };
            set(context, session, args.platform, args.channel, Some(rules)).await
        }
        ChannelsCommand::Clear { platform, channel } => set(context, session, platform, channel, None).await,
    }
}

async fn set(
    context: &Context,
    session: &Session,
    platform: String,
    channel: String,
    rules: Option<ChannelRules>,
) -> Result<Exit, Failure> {
    let said = if rules.is_some() { "has its rules" } else { "has no rules of its own any more" };
    let line = format!("{platform}:{channel} {said}.");
    let request = SetChannelRulesRequest { request_id: request_id(), platform, channel, rules };
    session
        .client
        .call(|client| {
            let request = request.clone();
            async move { client.chats().set_channel_rules(request).await }
        })
        .await?;
    context.out.object(&json!({ "platform": request.platform, "channel": request.channel }));
    context.out.line(&line);
    Ok(Exit::Ok)
}

async fn list(context: &Context, session: &Session) -> Result<Exit, Failure> {
    let channels = pages::collect(None, |page_size, page_token| async move {
        let request = ListChannelRulesRequest { page_size, page_token };
        let answer = session
            .client
            .call(|client| {
                let request = request.clone();
                async move { client.chats().list_channel_rules(request).await }
            })
            .await?;
        Ok((answer.channels, answer.next_page_token))
    })
    .await?;
    for channel in channels {
        let rules = channel.rules.unwrap_or_default();
        let access = match rules.access() {
            Access::Unspecified => "as configured",
            Access::Everybody => "everybody",
            Access::Listed => "listed",
            Access::Nobody => "nobody",
        };
        let payer = if rules.paid_by.is_empty() { "each" } else { &rules.paid_by };
        context.out.object(&json!({
            "platform": channel.platform,
            "channel": channel.channel,
            "access": access,
            "users": rules.users,
            "algorithm": rules.algorithm,
            "most_pictures": rules.most_pictures,
            "most_credits": rules.most_credits,
            "paid_by": rules.paid_by,
            "most_waiting": rules.most_waiting,
            "cooldown_s": rules.cooldown_s,
            "mature": rules.mature,
        }));
        context.out.line(&format!(
            "{}:{}  speaks: {access} {}  pays: {payer}  {} {}",
            channel.platform,
            channel.channel,
            rules.users.join(","),
            rules.algorithm,
            if rules.mature { "mature" } else { "" }
        ));
    }
    Ok(Exit::Ok)
}
