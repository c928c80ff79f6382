//! Who serves the data when the daemon that was joined goes away: it may have lived in another command, which has
//! ended, while this one still waits for its picture.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{sync::oneshot, task::JoinHandle, time::Instant};

use super::embedded::{self, Hosted, Running};

/// A service that is restarted gets its place back; it takes less than this.
const ABSENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Runs a daemon in this process when there is none any more.
pub(crate) struct Heir {
    resign: oneshot::Sender<()>,
    task: JoinHandle<Option<Running>>,
}

impl Heir {
    /// Waits for the place of the daemon that serves `data` at `socket`.
    pub(crate) fn wait(data: Option<PathBuf>, socket: PathBuf) -> Self {
        let (resign, resigned) = oneshot::channel();
        Self { resign, task: tokio::spawn(inherit(data, socket, resigned)) }
    }

    /// Gives the place up, and ends the daemon if there came to be one here; its work is queued again.
    pub(crate) async fn resign(self) {
        drop(self.resign);
        if let Ok(Some(running)) = self.task.await {
            running.stop().await;
        }
    }
}

async fn inherit(
    data: Option<PathBuf>,
    socket: PathBuf,
    mut resigned: oneshot::Receiver<()>,
) -> Option<Running> {
    loop {
        tokio::select! {
            () = until_gone(&socket) => {}
            _ = &mut resigned => return None,
        }
        match embedded::host(data.clone(), |news: &str| tracing::info!(news, "taking over")).await {
            Ok(Hosted::Embedded(running)) => {
                resigned.await.ok();
                return Some(running);
            }
            // Another was quicker.
            Ok(Hosted::Joined { .. }) => {}
            Err(error) => tracing::warn!(error, "the daemon is gone, and none can be run here"),
        }
    }
}

/// Returns once nobody has answered for a while.
async fn until_gone(socket: &Path) {
    let mut last_seen = Instant::now();
    while last_seen.elapsed() < ABSENCE {
        tokio::time::sleep(LOOK_EVERY).await;
        if tokio::net::UnixStream::connect(socket).await.is_ok() {
            last_seen = Instant::now();
        }
    }
}
