//! `atelierd models`: what is installed, and what comes and goes. Works on the folder, whether a daemon runs or not; `ps`
//! alone asks the daemon.

mod progress;
mod ps;
mod pull;
mod show;

use std::{path::PathBuf, process::ExitCode};

use self::progress::Meter;
use super::say;
use crate::{
    config::Config,
    models::{Found, Library, Wish},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List installed models.
    Ls {
        #[command(flatten)]
        form: Form,
    },
    /// Show what the running daemon has in memory, and which of it makes room next.
    Ps {
        #[command(flatten)]
        form: Form,
    },
    /// Check a diffusers folder or a .safetensors file (a model or a LoRA), and install a copy of it.
    Add {
        /// The folder or file.
        path: PathBuf,
        /// What to call it; the default is made of the path.
        #[arg(long)]
        name: Option<String>,
        /// Its licence, such as openrail++, where it doesn't say itself.
        #[arg(long)]
        licence: Option<String>,
        /// Leave it where it is and only link it.
        #[arg(long)]
        link: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Show everything that is known of a model.
    Show {
        /// Its name.
        name: String,
        #[command(flatten)]
        form: Form,
    },
    /// Read models whole: every number is finite, every file the one that was installed.
    Verify {
        /// One model; all without.
        name: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Remove a model, or the link to it.
    Rm {
        /// Its name.
        name: String,
    },
    /// Download a model from the hub and install it. A download that was cut off goes on where it stopped.
    Pull(pull::Arguments),
}

/// How to answer.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Form {
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: Command, config: &Config) -> anyhow::Result<ExitCode> {
    let library = Library::of(config);
    match command {
        Command::Ls { form } => show::list(&library.scan()?, form.json)?,
        Command::Ps { form } => ps::run(config, form.json)?,
        Command::Show { name, form } => show::one(&library.find(&name)?, form.json)?,
        Command::Add { path, name, licence, link, form } => {
            let meter = Meter::new();
            let installed =
                library.add(&path, &Wish { name, licence, link }, &mut |what, done| meter.at(what, done))?;
            meter.end();
            show::one(&installed, form.json)?;
        }
        Command::Verify { name, form } => return verify(&library, name, form.json),
        Command::Rm { name } => {
            library.remove(&name)?;
            say(&format!("removed {name}"));
        }
        Command::Pull(arguments) => pull::run(&arguments, &library, &config.models)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Verifies one model or all, and goes on after one that is not sound.
fn verify(library: &Library, name: Option<String>, json: bool) -> anyhow::Result<ExitCode> {
    let names = match name {
        Some(name) => vec![name],
        None => library.scan()?.iter().map(|found| found.name().to_owned()).collect(),
    };
    let mut outcomes = Vec::new();
    for name in names {
        let meter = Meter::new();
        let outcome = library.verify(&name, &mut |what, done| meter.at(what, done));
        meter.end();
        outcomes.push((name, outcome));
    }
    let sound = outcomes.iter().all(|(_, outcome)| outcome.is_ok());
    show::outcomes(&outcomes, json)?;
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Which of the found are sound.
fn problem(found: &Found) -> Option<&str> {
    match found {
        Found::Usable(_) => None,
        Found::Broken { problem, .. } => Some(problem),
    }
}
