//! Atelier's terminal UI and command line.
//!
//! Both are faces of a daemon that they reach over a socket. With the feature `embedded` the daemon may run inside
//! this process; only `session/embedded.rs` knows it.

mod args;
mod cli;
mod log;
mod session;
mod ui;

use std::{
    io::IsTerminal,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::Parser;
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
    sync::{mpsc, oneshot},
};

use crate::{
    args::{Args, Command, Global},
    cli::{
        exit::{Exit, Failure},
        print::Out,
        serve,
    },
    session::Farewell,
    ui::{Leave, UiOptions},
};

/// How long the UI may take to leave after the terminal has hung up.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// Room for news that the UI did not read yet.
const NEWS: usize = 16;

fn main() -> ExitCode {
    let started = Instant::now();
    let Args { global, command } = Args::parse();
    let out = Out::new(global.json);
    if matches!(command, Some(Command::Serve)) {
        log::begin_on_stderr();
    } else if let Err(error) = log::begin() {
        out.note(&format!("there will be no log: {error}"));
    }
    let exit = match command {
        Some(command) => run_command(out, global, command),
        None => run_ui(out, global, started),
    };
    ExitCode::from(exit.code())
}

fn run_command(out: Out, global: Global, command: Command) -> Exit {
    let runtime = match runtime("atelier") {
        Ok(runtime) => runtime,
        Err(error) => return report(out, &error),
    };
    let exit = runtime.block_on(Box::pin(cli::run(global, command)));
    // A prompt that waits for a key can't be ended; the process does not wait for it.
    runtime.shutdown_background();
    exit
}

fn run_ui(out: Out, global: Global, started: Instant) -> Exit {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        let message = "the terminal UI needs a terminal; `atelier --help` lists the commands";
        let failure = Failure::new(Exit::Usage, message);
        out.failure(&failure);
        return failure.exit;
    }
    match show_ui(out, global, started) {
        Ok(exit) => exit,
        Err(error) => report(out, &error),
    }
}

/// The UI on this thread; the connection, and the daemon where it runs here, on another with a runtime of its own,
/// so that neither opening a store nor painting a picture holds up a frame.
fn show_ui(out: Out, global: Global, started: Instant) -> anyhow::Result<Exit> {
    let (events, news) = mpsc::channel(NEWS);
    let (leave, left) = oneshot::channel();
    let options = UiOptions {
        graphics: global.graphics,
        state_file: session::folders::state().map(|folder| folder.join("ui.json")),
        theme: global.theme,
        started,
        first_frame_exit: global.first_frame_exit,
    };
    let connection = std::thread::Builder::new()
        .name("connection".to_owned())
        .spawn(move || connect(out, &global, events, left))
        .context("a thread can't be started")?;
    let runtime = runtime("ui")?;
    let shown = runtime.block_on(Box::pin(ui::run(options, news)));
    runtime.shutdown_background();
    leave.send(*shown.as_ref().unwrap_or(&Leave::Quit)).ok();
    let exit = connection.join().unwrap_or(Ok(Exit::Failed));
    shown?;
    exit
}

/// Hands on how the UI left. When the terminal hangs up, the library that reads its keys may spin for ever on the
/// dead line; then the UI is given up: true.
async fn outlive_terminal(mut left: oneshot::Receiver<Leave>, told: oneshot::Sender<Leave>) -> bool {
    let hung_up = async {
        match signal(SignalKind::hangup()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    let leave = tokio::select! {
        leave = &mut left => Some(leave),
        () = hung_up => tokio::time::timeout(LAST_WORDS, left).await.ok(),
    };
    let stuck = leave.is_none();
    // Nobody listens once the session could not be opened.
    told.send(leave.and_then(Result::ok).unwrap_or(Leave::Quit)).ok();
    stuck
}

fn connect(
    out: Out,
    global: &Global,
    events: mpsc::Sender<ui::ConnectEvent>,
    left: oneshot::Receiver<Leave>,
) -> anyhow::Result<Exit> {
    let runtime = runtime("daemon")?;
    let exit = runtime.block_on(Box::pin(async {
        let (told, heard) = oneshot::channel();
        let stuck = tokio::spawn(outlive_terminal(left, told));
        let farewell = session::open_for_face(global, events, heard).await;
        if stuck.await.unwrap_or(false) {
            if let Farewell::KeepServing(running) = farewell {
                running.stop().await;
            }
            #[expect(clippy::disallowed_methods, reason = "the thread of the UI never comes back")]
            std::process::exit(Exit::Failed.code().into());
        }
        match farewell {
            Farewell::Nothing => Exit::Ok,
            Farewell::KeepServing(running) => {
                serve::keep_serving(out, running).await.unwrap_or_else(|failure| {
                    out.failure(&failure);
                    failure.exit
                })
            }
        }
    }));
    runtime.shutdown_background();
    Ok(exit)
}

fn runtime(name: &str) -> anyhow::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(name)
        .enable_all()
        .build()
        .context("threads can't be started")
}

fn report(out: Out, error: &anyhow::Error) -> Exit {
    let failure = Failure::new(Exit::Failed, format!("{error:#}"));
    out.failure(&failure);
    failure.exit
}
