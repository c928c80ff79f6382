//! The daemon as a process of its own, for tests that kill it.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use atelier_proto::client::{Client, Credentials, Endpoint, Patience};

/// A built program of this workspace. Building the tests of the workspace builds it.
///
/// # Errors
/// When it was not built.
pub fn binary(name: &str) -> anyhow::Result<PathBuf> {
    // A test lies in target/PROFILE/deps, the programs one folder above.
    let test = std::env::current_exe()?;
    let folder = test.ancestors().nth(2).context("the test lies in no target folder")?;
    let path = folder.join(name);
    if !path.exists() {
        bail!("{} was not built; run the tests with `cargo test --workspace`", path.display());
    }
    Ok(path)
}

/// `atelierd` with a data folder and a socket below `folder`, without a network.
///
/// # Errors
/// When it was not built.
pub fn atelierd(folder: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(binary("atelierd")?);
    command
        .env("ATELIER_DATA", folder.join("data"))
        .env("ATELIER_LISTEN__SOCKET", folder.join("a.sock"))
        .env("ATELIER_HTTP__LISTEN", "127.0.0.1:0")
        .env("ATELIER_LISTEN__GRPC", "off")
        .env("ATELIER_LOG__FILTER", "warn")
        .stdin(Stdio::null());
    Ok(command)
}

/// A daemon that runs as a process; killed when dropped.
pub struct Daemon {
    child: Child,
    socket: PathBuf,
}

impl Daemon {
    /// Starts one; it may not answer yet.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn spawn(folder: &Path) -> anyhow::Result<Self> {
        let child = atelierd(folder)?.arg("serve").stdout(Stdio::null()).stderr(Stdio::inherit()).spawn()?;
        Ok(Self { child, socket: folder.join("a.sock") })
    }

    /// Kills it as the system would when memory runs out.
    ///
    /// # Errors
    /// When it is gone already.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The owner, by the socket, patient enough for the start.
    ///
    /// # Errors
    /// None in practice.
    pub fn owner(&self) -> anyhow::Result<Client> {
        let patience = Patience { unreachable: Duration::from_secs(30), ..Patience::INTERACTIVE };
        Ok(Client::new(&Endpoint::Unix(self.socket.clone()), Credentials::None, patience)?)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have been killed by the test.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
