//! The file of the key ring: what it looks like, who may read it, and how it is replaced.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::SecretBox;
use serde::{Deserialize, Serialize};

use super::{Chain, KeyRingError, Purpose, SigningKey};
use crate::clock::Timestamp;

/// A key as it is written; keys of one purpose follow each other from oldest to newest.
#[derive(Serialize, Deserialize)]
pub(super) struct KeyRow {
    pub(super) purpose: Purpose,
    kid: String,
    created_at: Timestamp,
    secret: String,
}

impl KeyRow {
    pub(super) fn key(&self, file: &Path) -> Result<Arc<SigningKey>, KeyRingError> {
        let secret = BASE64.decode(&self.secret).ok().and_then(|secret| <[u8; 32]>::try_from(secret).ok());
        let Some(secret) = secret else {
            let reason = format!("the secret of key {} is not 32 bytes", self.kid);
            return Err(KeyRingError::Damaged { path: file.to_owned(), reason });
        };
        let secret = SecretBox::new(Box::new(secret));
        Ok(Arc::new(SigningKey { kid: self.kid.clone(), secret, created_at: self.created_at }))
    }
}

fn rows(chains: &[Chain; 4]) -> Vec<KeyRow> {
    let mut rows = Vec::new();
    for (purpose, chain) in Purpose::ALL.into_iter().zip(chains) {
        for key in chain.older.iter().rev().chain([&chain.current]) {
            let secret = BASE64.encode(key.secret());
            rows.push(KeyRow { purpose, kid: key.kid.clone(), created_at: key.created_at, secret });
        }
    }
    rows
}

pub(super) fn read(path: &Path) -> Result<Vec<KeyRow>, KeyRingError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(file_error("cannot read", path, &error)),
    };
    check_private(path)?;
    serde_json::from_slice(&text)
        .map_err(|error| KeyRingError::Damaged { path: path.to_owned(), reason: error.to_string() })
}

/// Replaces the file as a whole, so that a crash leaves the old keys or the new ones.
pub(super) fn write(path: &Path, chains: &[Chain; 4]) -> Result<(), KeyRingError> {
    let fresh = path.with_extension("new");
    let text = serde_json::to_vec_pretty(&rows(chains))
        .map_err(|error| KeyRingError::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(file_error("cannot remove", &fresh, &error));
        }
        _ => {}
    }
    let written = private_file(&fresh).and_then(|mut file| {
        file.write_all(&text)?;
        file.sync_all()
    });
    written.map_err(|error| file_error("cannot write", &fresh, &error))?;
    fs::rename(&fresh, path).map_err(|error| file_error("cannot replace", path, &error))?;
    let folder = path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all());
    folder.map_err(|error| file_error("cannot flush the folder of", path, &error))
}

fn file_error(action: &'static str, path: &Path, error: &std::io::Error) -> KeyRingError {
    KeyRingError::File { action, path: path.to_owned(), reason: error.to_string() }
}

#[cfg(unix)]
pub(super) fn make_folder(folder: &Path) -> Result<(), KeyRingError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| file_error("cannot create", folder, &error))
}

#[cfg(not(unix))]
pub(super) fn make_folder(folder: &Path) -> Result<(), KeyRingError> {
    fs::create_dir_all(folder).map_err(|error| file_error("cannot create", folder, &error))
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), KeyRingError> {
    use std::os::unix::fs::PermissionsExt as _;
    let facts = fs::metadata(path).map_err(|error| file_error("cannot look at", path, &error))?;
    if facts.permissions().mode() & 0o077 == 0 { Ok(()) } else { Err(KeyRingError::Exposed(path.to_owned())) }
}

#[cfg(not(unix))]
fn check_private(_path: &Path) -> Result<(), KeyRingError> {
    Ok(())
}
