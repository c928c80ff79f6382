//! Opens what everything is kept in, and makes what signs links.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;

use crate::{
    accounts::KeyRing,
    assets::Links,
    config::{Config, StoreConfig},
    ledger::Journal,
    store::{OnFlush, Store, StoreError, StoreOptions},
};

/// The store with its journal beside it.
pub(crate) fn open_store(
    data: &Path,
    config: &StoreConfig,
    on_flush: Option<OnFlush>,
) -> Result<Store, StoreError> {
    let folder = data.join("store");
    make_private(&folder)?;
    let options = StoreOptions {
        cache_bytes: config.cache_bytes,
        queue_changes: config.queue_changes,
        batch_changes: config.batch_changes,
        mirror: Some(Box::new(Journal::open(&journal_of(data))?)),
        on_flush,
    };
    Store::open(&folder, options)
}

/// The journal beside the store.
pub(crate) fn journal_of(data: &Path) -> PathBuf {
    data.join("store").join("journal")
}

/// Everybody's pictures and secrets lie below: nobody else on the machine may look.
fn make_private(folder: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| StoreError::File {
        action: "cannot create",
        path: folder.to_owned(),
        reason: error.to_string(),
    })
}

pub(super) fn make_links(config: &Config, keys: &KeyRing) -> anyhow::Result<Links> {
    let valid = Duration::from_secs(config.assets.link_valid_s);
    Links::new(keys.clone(), &config.http.public_url, valid).context("http.public_url")
}
