//! `atelierd ledger`: through the running daemon where there is one, on the store itself otherwise.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use atelier_proto::{
    client::{Client, Credentials, Endpoint, Patience},
    v1::VerifyLedgerRequest,
};

use super::{EXIT_UNSOUND, say};
use crate::{
    app::{journal_of, open_store},
    config::Config,
    jobs::end_state,
    ledger,
    store::{Store, StoreError, StoreOptions},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Replay every transfer and compare. Exit code 3 when something does not agree.
    Verify,
    /// Make a new store's ledger from a journal file. Members and jobs do not come back; balances do.
    Rebuild {
        /// The journal file (`store/journal` of a data folder).
        journal: PathBuf,
        /// The folder of the new store, which must not exist or be empty.
        into: PathBuf,
    },
}

/// What a verification found, wherever it ran.
struct Found {
    sound: bool,
    transfers: u64,
    accounts: u64,
    findings: Vec<String>,
}

pub(super) fn run(command: &Command, config: &Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Verify => verify(config),
        Command::Rebuild { journal, into } => rebuild(journal, into),
    }
}

fn verify(config: &Config) -> anyhow::Result<ExitCode> {
    if !config.data.join("store").is_dir() {
        bail!("{} holds no store; name the right folder with --data", config.data.display());
    }
    let found = match open_store(&config.data, &config.store, None) {
        Ok(store) => {
            let found = verify_here(&store, &journal_of(&config.data))?;
            store.close();
            found
        }
        Err(StoreError::Locked { .. }) => verify_there(config)?,
        Err(error) => return Err(error.into()),
    };
    say(&format!("{} transfers replayed, {} accounts compared", found.transfers, found.accounts));
    if found.sound {
        say("the ledger is sound");
        return Ok(ExitCode::SUCCESS);
    }
    for finding in &found.findings {
        say(&format!("- {finding}"));
    }
    say(
        "the ledger does NOT agree; stop the daemon, keep a copy of the data folder, and rebuild from the journal",
    );
    Ok(ExitCode::from(EXIT_UNSOUND))
}

fn verify_here(store: &Store, journal: &Path) -> anyhow::Result<Found> {
    let report = ledger::verify(store, |job| end_state(store, job))?;
    let mismatch = ledger::compare_with_store(journal, store)?;
    let mut findings: Vec<_> = report.faults.iter().map(ToString::to_string).collect();
    findings.extend(mismatch.map(|mismatch| mismatch.to_string()));
    Ok(Found {
        sound: findings.is_empty(),
        transfers: report.transfers,
        accounts: report.accounts as u64,
        findings,
    })
}

fn verify_there(config: &Config) -> anyhow::Result<Found> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let endpoint = Endpoint::Unix(config.socket());
        // A large ledger takes a while.
        let patience = Patience { attempt: std::time::Duration::from_secs(3_600), ..Patience::NONE };
        let client = Client::new(&endpoint, Credentials::None, patience)?;
        let answer = client
            .call(|client| async move { client.admin().verify_ledger(VerifyLedgerRequest {}).await })
            .await
            .map_err(|status| anyhow::anyhow!("{}", status.message()))
            .with_context(|| format!("the daemon at {endpoint} does not answer"))?;
        Ok(Found {
            sound: answer.sound,
            transfers: answer.transfer_count,
            accounts: answer.account_count,
            findings: answer.findings,
        })
    })
}

fn rebuild(journal: &Path, into: &Path) -> anyhow::Result<ExitCode> {
    if into.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty; name a new folder", into.display());
    }
    let store = Store::open(into, StoreOptions::default())?;
    let (transfers, whole) = ledger::rebuild(journal, &store)?;
    store.close();
    say(&format!("{transfers} transfers entered into {}", into.display()));
    if !whole {
        say("the journal ends in a torn line, which was left out");
    }
    Ok(ExitCode::SUCCESS)
}
