//! `atelierd`: the daemon's own command line.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong arguments or configuration (before anything was opened), 3 the ledger
//! does not agree.

mod bench;
mod config;
mod infer;
mod ledger;
mod models;
mod serve;
mod understand;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::config::{Config, Flags, Mistakes};

/// Wrong arguments or configuration.
const EXIT_USAGE: u8 = 2;
/// The ledger does not agree.
const EXIT_UNSOUND: u8 = 3;

/// Atelier's daemon: owns the models, the credits and everybody's work.
#[derive(Debug, Parser)]
#[command(
    name = "atelierd",
    version,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong arguments or configuration, 3 the ledger does not agree.\n\nEvery value of the configuration can be given in the environment: ATELIER_SECTION__KEY=VALUE.\nMembers, credits, jobs and prices are run with `atelier admin`, which talks to this daemon."
)]
struct Arguments {
    /// The configuration file (TOML).
    #[arg(long, global = true, env = "ATELIER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder; the default is `atelier` in the user's data folder.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the daemon until SIGTERM or Ctrl-C.
    Serve,
    /// The configuration.
    #[command(subcommand)]
    Config(config::Command),
    /// The credits ledger.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Measure this machine.
    #[command(subcommand)]
    Bench(bench::Command),
    /// Paint one picture with a checkpoint, without the daemon.
    Infer(Box<infer::Arguments>),
    /// Installed models.
    #[command(subcommand)]
    Models(models::Command),
    /// Print what the interpreter understands of conversations.
    Understand(understand::Arguments),
}

/// Parses the arguments and runs the command.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let flags = Flags { data: arguments.data };
    let file = arguments.config;
    let outcome = match arguments.command {
        Command::Bench(command) => bench::run(&command),
        Command::Infer(command) => infer::run(&command),
        Command::Understand(command) => understand::run(&command, file.as_deref(), &flags),
        Command::Config(command) => config::run(&command, file.as_deref(), &flags),
        Command::Serve => Config::load(file.as_deref(), &flags).map_err(Into::into).and_then(serve::run),
        Command::Ledger(command) => Config::load(file.as_deref(), &flags)
            .map_err(Into::into)
            .and_then(|config| ledger::run(&command, &config)),
        Command::Models(command) => Config::load(file.as_deref(), &flags)
            .map_err(Into::into)
            .and_then(|config| models::run(command, &config)),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            say_error(&error);
            if error.is::<Mistakes>() { ExitCode::from(EXIT_USAGE) } else { ExitCode::FAILURE }
        }
    }
}

/// One line to standard output. A reader that has gone away is no failure.
fn say(line: &str) {
    use std::io::Write as _;
    writeln!(std::io::stdout().lock(), "{line}").ok();
}

/// What went wrong, to standard error, one line for each mistake.
fn say_error(error: &anyhow::Error) {
    use std::io::Write as _;
    let text = format!("{error:#}");
    let mut out = std::io::stderr().lock();
    for line in text.lines() {
        writeln!(out, "atelierd: {line}").ok();
    }
}
