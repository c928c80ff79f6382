//! `admin`: running the studio. The daemon checks the role and writes the audit log.

mod algorithms;
mod catalogue;
mod channels;
mod ledger;
mod members;
mod work;

use std::time::Duration;

use atelier_proto::v1::Role;

use self::{algorithms::AlgorithmsCommand, channels::ChannelsCommand};
use super::{
    Context,
    exit::{Exit, Failure},
    jobs::StateArg,
    keys::span,
    models::{self, ModelsCommand},
};
use crate::session::Session;

/// What an admin does.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AdminCommand {
    /// Find members by part of their name
    Users {
        /// Part of a name
        #[arg(default_value = "")]
        search: String,
    },
    /// Open an account and print a one-time code for its password, however registration is set
    Add {
        /// The name to log in with
        name: String,
    },
    /// Give or take purchased credits; without a change, list the member's transfers
    #[command(after_help = "Examples:\n  atelier admin credits anna 500 --reason \"workshop\"\n  \
                            atelier admin credits anna -20 --reason \"given twice\"\n  \
                            atelier admin credits anna")]
    Credits {
        /// Name or id
        member: String,
        /// How many; negative takes, never below zero
        #[arg(allow_negative_numbers = true, requires = "reason")]
        change: Option<i64>,
        /// Why, for the member and the audit log
        #[arg(long)]
        reason: Option<String>,
    },
    /// Change a role
    Role {
        /// Name or id
        member: String,
        /// The new role
        role: RoleArg,
    },
    /// Suspend a member: they may look, but not act
    Suspend {
        /// Name or id
        member: String,
        /// Why, for the audit log
        #[arg(long)]
        reason: String,
    },
    /// End a suspension
    Unsuspend {
        /// Name or id
        member: String,
        /// Why, for the audit log
        #[arg(long)]
        reason: String,
    },
    /// End a member's sessions and print a one-time code for a new password
    Reset {
        /// Name or id
        member: String,
    },
    /// Print an invitation
    Invite {
        /// For how many accounts
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
        uses: u32,
        /// For how long, such as 12h or 7d
        #[arg(long, value_name = "TIME", default_value = "7d", value_parser = span)]
        valid: Duration,
    },
    /// Everybody's jobs, newest first
    Jobs {
        /// Only those in this state
        #[arg(long, value_enum)]
        state: Option<StateArg>,
        /// Only this member's
        #[arg(long, value_name = "NAME", default_value = "")]
        member: String,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
        limit: u32,
        /// Every one there is
        #[arg(long)]
        all: bool,
    },
    /// Run a failed or cancelled job again for its owner
    Retry {
        /// Id of the job
        job: String,
    },
    /// Give back what a job cost, once
    Refund {
        /// Id of the job
        job: String,
        /// Why, for the member and the audit log
        #[arg(long)]
        reason: String,
    },
    /// All algorithms with their prices; make and change them
    Algorithms {
        /// What to do; nothing lists them
        #[command(subcommand)]
        command: Option<AlgorithmsCommand>,
    },
    /// Rules of chat channels: who speaks, how much, and who pays
    #[command(subcommand)]
    Channels(ChannelsCommand),
    /// Models in memory: look, load, evict, pin
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Make an algorithm the one that is taken when nobody picks
    Activate {
        /// Its name
        algorithm: String,
    },
    /// No longer offer an algorithm
    Retire {
        /// Its name
        algorithm: String,
    },
    /// Set the price of one picture
    Price {
        /// Name of the algorithm
        algorithm: String,
        /// Credits, at most 1,000,000
        #[arg(value_parser = clap::value_parser!(u64).range(..=1_000_000))]
        credits: u64,
    },
    /// Replay every transfer and compare; ends with 1 when something does not agree
    Verify,
    /// The audit log, newest first
    Audit {
        /// Only actions that begin so, such as credits
        #[arg(long, value_name = "ACTION", default_value = "")]
        action: String,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20, conflicts_with = "all")]
        limit: u32,
        /// Every one there is
        #[arg(long)]
        all: bool,
    },
}

/// A role that can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RoleArg {
    Member,
    Moderator,
    Admin,
    Owner,
    Bot,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Member => Self::Member,
            RoleArg::Moderator => Self::Moderator,
            RoleArg::Admin => Self::Admin,
            RoleArg::Owner => Self::Owner,
            RoleArg::Bot => Self::Bot,
        }
    }
}

pub(crate) async fn run(
    context: &Context,
    session: &Session,
    command: AdminCommand,
) -> Result<Exit, Failure> {
    match command {
        AdminCommand::Users { search } => members::list(context, session, &search).await,
        AdminCommand::Add { name } => members::add(context, session, &name).await,
        AdminCommand::Credits { member, change: None, .. } => {
            ledger::transfers(context, session, &member).await
        }
        AdminCommand::Credits { member, change: Some(change), reason } => {
            members::credits(context, session, &member, change, &reason.unwrap_or_default()).await
        }
        AdminCommand::Role { member, role } => members::role(context, session, &member, role.into()).await,
        AdminCommand::Suspend { member, reason } => {
            members::suspend(context, session, &member, true, &reason).await
        }
        AdminCommand::Unsuspend { member, reason } => {
            members::suspend(context, session, &member, false, &reason).await
        }
        AdminCommand::Reset { member } => members::reset(context, session, &member).await,
        AdminCommand::Invite { uses, valid } => members::invite(context, session, uses, valid).await,
        AdminCommand::Jobs { state, member, limit, all } => {
            work::list(context, session, state, &member, (!all).then_some(limit)).await
        }
        AdminCommand::Retry { job } => work::retry(context, session, &job).await,
        AdminCommand::Refund { job, reason } => work::refund(context, session, &job, &reason).await,
        AdminCommand::Algorithms { command: None } => catalogue::list(context, session).await,
        AdminCommand::Algorithms { command: Some(command) } => {
            algorithms::run(context, session, command).await
        }
        AdminCommand::Channels(command) => channels::run(context, session, command).await,
        AdminCommand::Models(command) => models::run(context, session, command).await,
        AdminCommand::Activate { algorithm } => {
            catalogue::set_state(context, session, &algorithm, atelier_proto::v1::AlgorithmState::Active)
                .await
        }
        AdminCommand::Retire { algorithm } => {
            catalogue::set_state(context, session, &algorithm, atelier_proto::v1::AlgorithmState::Retired)
                .await
        }
        AdminCommand::Price { algorithm, credits } => {
            catalogue::price(context, session, &algorithm, credits).await
        }
        AdminCommand::Verify => ledger::verify(context, session).await,
        AdminCommand::Audit { action, limit, all } => {
            ledger::audit(context, session, &action, (!all).then_some(limit)).await
        }
    }
}
