//! The daemon inside this process. The only file that names `atelier_daemon`; a build without the feature
//! `embedded` has the same functions, which say so.

#[cfg(not(feature = "embedded"))]
pub(crate) use self::absent::{Hosted, Running};
#[cfg(feature = "embedded")]
pub(crate) use atelier_daemon::host::{Hosted, Running};

use std::path::PathBuf;

/// Joins the daemon that holds `data`, or runs one here.
#[cfg(feature = "embedded")]
pub(crate) async fn host(
    data: Option<PathBuf>,
    progress: impl Fn(&str) + Send + Sync,
) -> Result<Hosted, String> {
    let options = atelier_daemon::host::HostOptions { data, config: None };
    atelier_daemon::host::host(options, progress).await.map_err(|error| error.to_string())
}

/// There is no daemon to run.
#[cfg(not(feature = "embedded"))]
#[expect(clippy::unused_async, reason = "the same shape as with a daemon inside")]
pub(crate) async fn host(
    _data: Option<PathBuf>,
    _progress: impl Fn(&str) + Send + Sync,
) -> Result<Hosted, String> {
    Err("this build has no daemon inside; start atelierd and name its address with --connect".to_owned())
}

#[cfg(not(feature = "embedded"))]
mod absent {
    use std::path::{Path, PathBuf};

    /// Never made: without a daemon inside there is nothing to join or to run.
    #[expect(dead_code, reason = "matched on, so that both builds are the same elsewhere")]
    pub(crate) enum Hosted {
        Joined { socket: PathBuf },
        Embedded(Running),
    }

    /// Never made.
    pub(crate) enum Running {}

    #[expect(clippy::unused_async, reason = "the same shape as with a daemon inside")]
    impl Running {
        pub(crate) fn socket(&self) -> &Path {
            match *self {}
        }

        pub(crate) fn data(&self) -> &Path {
            match *self {}
        }

        pub(crate) async fn until_signal(&mut self) {
            match *self {}
        }

        pub(crate) async fn stop(self) {
            match self {}
        }
    }
}
