//! Where things are when nobody says otherwise.

use std::path::{Path, PathBuf};

/// `atelier` in the user's data folder.
#[must_use]
pub fn default_data() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.data_dir().join("atelier"))
}

/// The socket that belongs to a data folder: in the runtime folder, because socket paths must be short, with a
/// digest of the data folder's path in its name.
#[must_use]
pub fn default_socket(data: &Path) -> PathBuf {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(canonical(data).as_os_str().as_encoded_bytes());
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_dir());
    let folder = runtime.unwrap_or_else(|| {
        std::env::temp_dir().join(format!("atelier-{}", rustix::process::getuid().as_raw()))
    });
    folder.join(format!("atelier-{}.sock", hex::encode(&digest[..6])))
}

/// The one name of a folder. One that does not exist yet has none of its own; its parents may.
fn canonical(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let known = absolute.ancestors().find_map(|parent| Some((parent, parent.canonicalize().ok()?)));
    match known.and_then(|(parent, known)| Some((absolute.strip_prefix(parent).ok()?, known))) {
        Some((rest, known)) if rest.as_os_str().is_empty() => known,
        Some((rest, known)) => known.join(rest),
        None => absolute,
    }
}
