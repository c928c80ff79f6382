//! `serve`: the daemon in the foreground without the UI, and how the UI leaves one behind in the background.

use std::{
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    Context,
    exit::{Exit, Failure},
    print::Out,
};
use crate::session::embedded::{self, Hosted, Running};

/// How long the daemon in the background may take until it answers.
const BEGIN: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub(crate) async fn run(context: &Context) -> Result<Exit, Failure> {
    #[cfg(unix)]
    let _ignored = ignore_hang_up();
    let out = context.out;
    let hosted = embedded::host(context.global.data.clone(), |news: &str| tracing::info!(news, "opening"))
        .await
        .map_err(|error| Failure::new(Exit::Failed, error))?;
    let mut running = match hosted {
        Hosted::Joined { socket } => {
            let message = format!("another daemon serves this folder already, at {}", socket.display());
            return Err(Failure::new(Exit::Failed, message));
        }
        Hosted::Embedded(running) => running,
    };
    let (data, socket) = (running.data().display(), running.socket().display());
    out.note(&format!("Serving {data} at unix:{socket}. Ctrl-C ends it; running work is queued again."));
    running.until_signal().await;
    running.stop().await;
    Ok(Exit::Ok)
}

/// Closing the terminal must not end what was left in the background on purpose. Held for as long as it counts.
#[cfg(unix)]
fn ignore_hang_up() -> io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())
}

/// Ends the daemon here and begins one of its own over the same folder.
pub(crate) async fn keep_serving(out: Out, running: Running) -> Result<Exit, Failure> {
    let (data, socket) = (running.data().to_owned(), running.socket().to_owned());
    running.stop().await;
    let log = data.join("serve.log");
    let mut child =
        spawn(&data, &log).map_err(|error| Failure::io("Atelier can't go on in the background", &error))?;
    let process = child.id();
    let give_up = tokio::time::Instant::now() + BEGIN;
    loop {
        if tokio::net::UnixStream::connect(&socket).await.is_ok() {
            out.line(&format!(
                "Atelier keeps serving in the background (log: {}). Stop it with: kill {process}",
                log.display()
            ));
            return Ok(Exit::Ok);
        }
        if let Ok(Some(status)) = child.try_wait() {
            let message = format!("the daemon in the background ended ({status}); see {}", log.display());
            return Err(Failure::new(Exit::Failed, message));
        }
        if tokio::time::Instant::now() > give_up {
            let message = format!(
                "the daemon in the background (process {process}) does not answer yet; see {}",
                log.display()
            );
            return Err(Failure::new(Exit::NotConnected, message));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn spawn(data: &Path, log: &Path) -> io::Result<std::process::Child> {
    let program: PathBuf = std::env::current_exe()?;
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    let mut command = Command::new(program);
    command.arg("serve").arg("--data").arg(data);
    // It serves its own folder, wherever this terminal was connected to.
    command.env_remove("ATELIER_CONNECT").env_remove("ATELIER_KEY");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    // A group of its own: Ctrl-C in this terminal is not meant for it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}
