//! Where Atelier keeps things of its own, by the XDG rules.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use etcetera::{BaseStrategy, choose_base_strategy};

const NAME: &str = "atelier";

/// The data folder that is taken when nobody names one. Only for telling people: the daemon decides.
pub(crate) fn default_data() -> Option<PathBuf> {
    choose_base_strategy().ok().map(|base| base.data_dir().join(NAME))
}

/// Logs, sessions and what the UI remembers.
pub(crate) fn state() -> Option<PathBuf> {
    let base = choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join(NAME))
}

/// Makes a folder that only its owner can look into.
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}
