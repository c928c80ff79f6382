//! The command line: one file per group of commands. Each asks the daemon, prints, and ends with an [`exit::Exit`].

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod chats;
pub(crate) mod doctor;
pub(crate) mod exit;
pub(crate) mod image;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod models;
mod pages;
mod picture;
pub(crate) mod print;
mod prompt;
mod save;
pub(crate) mod serve;
pub(crate) mod show;
mod table;
pub(crate) mod thumbnail;
mod view;
pub(crate) mod wallet;
mod words;

use clap::CommandFactory;
use jiff::tz::TimeZone;

use self::{
    exit::{Exit, Failure},
    print::Out,
};
use crate::{
    args::{Args, Command, Global},
    session::{self, Session},
};

/// What every command is given.
pub(crate) struct Context {
    pub(crate) out: Out,
    pub(crate) global: Global,
    /// For showing times to people.
    pub(crate) zone: TimeZone,
}

impl Context {
    async fn open(&self) -> Result<Session, Failure> {
        let progress = |news: &str| tracing::info!(news, "opening");
        Ok(session::open(&self.global, session::api_key(), progress).await?)
    }
}

/// Runs one command to its end.
pub(crate) async fn run(global: Global, command: Command) -> Exit {
    let out = Out::new(global.json);
    let context = Context { out, global, zone: TimeZone::system() };
    match dispatch(&context, command).await {
        Ok(exit) => exit,
        Err(failure) => {
            out.failure(&failure);
            failure.exit
        }
    }
}

async fn dispatch(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        // These three do without a daemon, or see to it themselves.
        Command::Completions { shell } => {
            completions(context.out, shell);
            return Ok(Exit::Ok);
        }
        Command::Doctor => return Box::pin(doctor::run(context)).await,
        Command::Serve => return Box::pin(serve::run(context)).await,
        Command::Show(args) if args.is_file() => return show::file(context, &args).await,
        _ => {}
    }
    // A name that is taken is found out before a daemon is begun for it.
    match &command {
        Command::Thumbnail(args) => args.check()?,
        Command::Image(args) => args.check()?,
        _ => {}
    }
    let session = context.open().await?;
    // These have more to say on Ctrl-C.
    let follows = matches!(command, Command::Thumbnail(_) | Command::Image(_) | Command::Show(_));
    let done = tokio::select! {
        done = Box::pin(with_daemon(context, &session, command)) => done,
        _ = tokio::signal::ctrl_c(), if !follows => Err(Failure::new(Exit::Interrupted, "interrupted")),
    };
    session.close().await;
    done
}

async fn with_daemon(context: &Context, session: &Session, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Thumbnail(args) => thumbnail::run(context, session, &args).await,
        Command::Image(args) => image::run(context, session, &args).await,
        Command::Models => models::list(context, session).await,
        Command::Jobs(args) => jobs::list(context, session, &args).await,
        Command::Show(args) => show::job(context, session, &args).await,
        Command::Cancel(args) => jobs::cancel(context, session, &args).await,
        Command::Retry(args) => jobs::retry(context, session, &args).await,
        Command::Wallet(args) => wallet::run(context, session, &args).await,
        Command::Login(args) => account::login(context, session, &args).await,
        Command::Register(args) => account::register(context, session, &args).await,
        Command::Logout => account::logout(context, session).await,
        Command::Whoami => account::whoami(context, session).await,
        Command::Passwd(args) => account::passwd(context, session, &args).await,
        Command::Link(args) => chats::link(context, session, &args).await,
        Command::Forget(args) => chats::forget(context, session, &args).await,
        Command::Keys(command) => keys::run(context, session, command).await,
        Command::Admin(command) => admin::run(context, session, command).await,
        Command::Completions { .. } | Command::Doctor | Command::Serve => Ok(Exit::Ok),
    }
}

fn completions(out: Out, shell: clap_complete::Shell) {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "atelier", &mut script);
    out.raw(&script);
}
