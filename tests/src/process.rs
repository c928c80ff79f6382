//! The programs of this workspace as processes of their own, for tests that kill, signal and type.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use atelier_proto::client::{Client, Credentials, Endpoint, Patience};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// No program of ours takes longer, however busy the machine is.
const LONGEST: Duration = Duration::from_secs(120);

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

/// `atelierd` with a data folder and a socket below `folder`, and nothing of the environment of whoever runs the
/// tests.
///
/// # Errors
/// When it was not built.
pub fn atelierd(folder: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(binary("atelierd")?);
    command
        .env_clear()
        .env("HOME", folder)
        .env("ATELIER_DATA", folder.join("data"))
        .env("ATELIER_LISTEN__SOCKET", folder.join("a.sock"))
        .env("ATELIER_HTTP__LISTEN", "127.0.0.1:0")
        .env("ATELIER_LISTEN__GRPC", "off")
        .env("ATELIER_LOG__FILTER", "warn")
        .stdin(Stdio::null());
    Ok(command)
}

/// How a program ended, and what it wrote.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// Standard output of a program that must have ended well.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        self.stdout
    }
}

/// Runs a program to its end, with `input` on its standard input.
///
/// # Errors
/// When it can't be started, or does not end.
pub async fn finish(mut command: Command, input: &str) -> anyhow::Result<Finished> {
    let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let pid = pid(&child)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read to the end is no failure here; what it answers is looked at.
        stdin.write_all(input.as_bytes()).ok();
    }
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output());
    let Ok(output) = tokio::time::timeout(LONGEST, ended).await else {
        kill_process(pid, Signal::KILL)?;
        bail!("{command:?} did not end");
    };
    let output = output??;
    Ok(Finished {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn pid(child: &Child) -> anyhow::Result<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process without a number")
}

/// A daemon that runs as a process; killed when dropped.
pub struct Daemon {
    child: Child,
    socket: PathBuf,
    stdout: Option<BufReader<ChildStdout>>,
}

impl Daemon {
    /// Starts one; it may not answer yet.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn spawn(folder: &Path) -> anyhow::Result<Self> {
        Self::launch(atelierd(folder)?, folder)
    }

    /// Starts what [`atelierd`] gave for `folder`, with more settings.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn launch(mut command: Command, folder: &Path) -> anyhow::Result<Self> {
        let mut child = command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let stdout = child.stdout.take().map(BufReader::new);
        Ok(Self { child, socket: folder.join("a.sock"), stdout })
    }

    /// Waits until it answers, and gives what it says of itself by then: `socket`, `gRPC` and `HTTP` with their
    /// addresses.
    ///
    /// # Errors
    /// When it ends or says nothing.
    pub async fn until_ready(&mut self) -> anyhow::Result<Vec<(String, String)>> {
        let mut stdout = self.stdout.take().context("it was waited for before")?;
        let read = tokio::task::spawn_blocking(move || {
            let mut facts = Vec::new();
            loop {
                let mut line = String::new();
                if stdout.read_line(&mut line)? == 0 {
                    bail!("the daemon ended before it was ready");
                }
                let (name, value) = line.trim().split_once(' ').unwrap_or_default();
                facts.push((name.to_owned(), value.trim().to_owned()));
                if name == "HTTP" {
                    return Ok((facts, stdout));
                }
            }
        });
        let (facts, stdout) =
            tokio::time::timeout(LONGEST, read).await.context("it does not get ready")???;
        // Kept open: it may have more to say.
        self.stdout = Some(stdout);
        Ok(facts)
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

    /// Asks it to stop, as systemd would, and waits for its end.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn terminate(mut self) -> anyhow::Result<ExitStatus> {
        let pid = pid(&self.child)?;
        kill_process(pid, Signal::TERM)?;
        let ended = tokio::task::spawn_blocking(move || self.child.wait());
        match tokio::time::timeout(LONGEST, ended).await {
            Ok(status) => Ok(status??),
            Err(_) => {
                kill_process(pid, Signal::KILL)?;
                bail!("the daemon did not stop")
            }
        }
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

/// A person's home folder, where nothing of Atelier is yet.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty one.
    ///
    /// # Errors
    /// The file system's.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("run"))?;
        Ok(Self { folder })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Names and values of the environment that a person who is at home here has.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let inside = |name: &str| self.path().join(name);
        vec![
            ("HOME", self.path().to_owned()),
            ("XDG_CONFIG_HOME", inside("config")),
            ("XDG_DATA_HOME", inside("data")),
            ("XDG_STATE_HOME", inside("state")),
            ("XDG_CACHE_HOME", inside("cache")),
            ("XDG_RUNTIME_DIR", inside("run")),
        ]
    }

    /// `atelier`, begun here with these arguments and nothing else of the environment.
    ///
    /// # Errors
    /// When it was not built.
    pub fn atelier<A: AsRef<OsStr>>(&self, arguments: &[A]) -> anyhow::Result<Command> {
        let mut command = Command::new(binary("atelier")?);
        command.env_clear().envs(self.environment()).current_dir(self.path()).args(arguments);
        Ok(command)
    }

    /// Runs `atelier` to its end.
    ///
    /// # Errors
    /// When it was not built, or does not end.
    pub async fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> anyhow::Result<Finished> {
        finish(self.atelier(arguments)?, "").await
    }
}
