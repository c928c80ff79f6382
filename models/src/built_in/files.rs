//! The built-in checkpoint: inside this program, and unpacked to where the ordinary loader maps it.

use std::{
    collections::BTreeMap,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use super::NAME;
use crate::{
    Error,
    manifest::{Sum, sync_folder},
};

/// Letters of the digest that a folder is named with.
const DIGEST_LETTERS: usize = 12;
/// A folder that nobody has written to for so long was left by a process that was killed on the way.
const ABANDONED: Duration = Duration::from_secs(3_600);

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../tiny/checkpoint/", $path)))),*]
    };
}

/// Paths within the checkpoint, and what is there.
static FILES: &[(&str, &[u8])] = files![
    "model_index.json",
    "scheduler/scheduler_config.json",
    "text_encoder/config.json",
    "text_encoder/model.fp16.safetensors",
    "tokenizer/merges.txt",
    "tokenizer/special_tokens_map.json",
    "tokenizer/tokenizer_config.json",
    "tokenizer/vocab.json",
    "unet/config.json",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "upscaler/model.fp16.safetensors",
    "vae/config.json",
    "vae/diffusion_pytorch_model.fp16.safetensors",
];

static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (path, sum) in sums() {
        digest.update(path);
        digest.update(sum.sha256.as_deref().unwrap_or_default());
    }
    hex::encode(digest.finalize())
});

/// Sizes and digests of its files.
pub(super) fn sums() -> &'static BTreeMap<String, Sum> {
    static SUMS: LazyLock<BTreeMap<String, Sum>> = LazyLock::new(|| {
        let sum = |bytes: &[u8]| Sum {
            bytes: bytes.len() as u64,
            sha256: Some(hex::encode(Sha256::digest(bytes))),
        };
        FILES.iter().map(|(path, bytes)| ((*path).to_owned(), sum(bytes))).collect()
    });
    &SUMS
}

/// Where it lies in `folder` once it is unpacked: another build, another place.
#[must_use]
pub fn place(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}-{}", &DIGEST[..DIGEST_LETTERS]))
}

/// Unpacks it into `folder`, unless every byte of it is there already. What is damaged is written anew, and what other
/// builds left goes. Whoever has mapped the files before keeps what they have.
///
/// # Errors
/// [`Error::Transient`] when the disk does not take it.
pub fn unpack(folder: &Path) -> Result<PathBuf, Error> {
    // One at a time: two threads would step on each other's new files.
    static UNPACKING: Mutex<()> = Mutex::new(());
    let _alone = UNPACKING.lock().unwrap_or_else(PoisonError::into_inner);
    let place = place(folder);
    if is_whole(&place) {
        return Ok(place);
    }
    match write(folder, &place) {
        Ok(()) => Ok(place),
        // Another process was faster.
        Err(_) if is_whole(&place) => Ok(place),
        Err(error) => Err(Error::Transient(format!(
            "the built-in model can't be unpacked into {}: {error}",
            folder.display()
        ))),
    }
}

fn is_whole(place: &Path) -> bool {
    FILES.iter().all(|(path, bytes)| fs::read(place.join(path)).is_ok_and(|found| found == *bytes))
}

fn write(folder: &Path, place: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let new = folder.join(format!(".{NAME}-{}", std::process::id()));
    remove(&new)?;
    let done = write_files(&new).and_then(|()| take_place(folder, &new, place));
    // What is left of it only takes room.
    remove(&new).ok();
    done
}

fn write_files(new: &Path) -> io::Result<()> {
    for (path, bytes) in FILES {
        let path = new.join(path);
        fs::create_dir_all(path.parent().unwrap_or(new))?;
        let mut file = fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    Ok(())
}

fn take_place(folder: &Path, new: &Path, place: &Path) -> io::Result<()> {
    if is_whole(place) {
        // Another process was faster, and may be reading.
        return Ok(());
    }
    remove(place)?;
    fs::rename(new, place)?;
    sync_folder(folder)?;
    let written = |path: &Path| path.metadata().and_then(|about| about.modified());
    let now = written(place)?;
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let other_build = name.starts_with(&format!("{NAME}-")) && entry.path() != place;
        let left = name.starts_with(&format!(".{NAME}-"))
            && written(&entry.path())
                .is_ok_and(|then| now.duration_since(then).is_ok_and(|age| age > ABANDONED));
        if other_build || left {
            remove(&entry.path()).ok();
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn it_is_unpacked_once_and_mended() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("built-in");
        let place = unpack(&folder).unwrap();
        let weights = place.join("unet/diffusion_pytorch_model.fp16.safetensors");
        let written = |path: &Path| path.metadata().unwrap().modified().unwrap();
        let first = written(&weights);
        assert_eq!(unpack(&folder).unwrap(), place);
        assert_eq!(written(&weights), first, "nothing is written twice");

        let sound = fs::read(&weights).unwrap();
        let mut damaged = sound.clone();
        *damaged.last_mut().unwrap() ^= 1;
        fs::write(&weights, damaged).unwrap();
        unpack(&folder).unwrap();
        assert!(fs::read(&weights).unwrap() == sound, "one wrong bit");
        fs::remove_file(place.join("tokenizer/merges.txt")).unwrap();
        unpack(&folder).unwrap();
        assert!(is_whole(&place), "a missing file");

        // Another build's goes when this one is written.
        fs::create_dir(folder.join(format!("{NAME}-0123456789ab"))).unwrap();
        let left = folder.join(format!(".{NAME}-1"));
        fs::create_dir(&left).unwrap();
        fs::File::open(&left).unwrap().set_modified(first - 2 * ABANDONED).unwrap();
        fs::remove_dir_all(&place).unwrap();
        unpack(&folder).unwrap();
        assert_eq!(names(&folder), [place.file_name().unwrap().to_string_lossy()]);
    }

    #[test]
    fn a_folder_that_cant_be_written_is_named() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("file");
        fs::write(&file, b"").unwrap();
        let refusal = unpack(&file).unwrap_err().to_string();
        assert!(refusal.contains(&file.display().to_string()), "{refusal}");
    }
}
