//! Where this process writes its log: into a file, never onto the terminal that it draws on.

use std::{
    fs::{self, OpenOptions},
    io,
    sync::Mutex,
};

use tracing_subscriber::EnvFilter;

use crate::session::folders;

/// A log that is larger is put aside at the next start.
const MOST_BYTES: u64 = 8 << 20;

/// Begins the log. `ATELIER_LOG` chooses what is written, as in `debug` or `atelier=trace`.
pub(crate) fn begin() -> io::Result<()> {
    let folder = folders::state().ok_or_else(|| io::Error::other("there is no home folder"))?;
    folders::create_private(&folder)?;
    let path = folder.join("atelier.log");
    if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > MOST_BYTES) {
        fs::rename(&path, folder.join("atelier.log.1"))?;
    }
    let file = OpenOptions::new().create(true).append(true).open(&path)?;
    write_to(Mutex::new(file), "info");
    Ok(())
}

/// For a daemon without a UI: onto standard error, which is its log file or a terminal.
pub(crate) fn begin_on_stderr() {
    write_to(io::stderr, "info");
}

fn write_to<W>(writer: W, usual: &str)
where
    W: for<'w> tracing_subscriber::fmt::MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_from_env("ATELIER_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    // Another subscriber can only be one that a test has set; it may stay.
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(writer).try_init().ok();
}
