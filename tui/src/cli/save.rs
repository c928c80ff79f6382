//! Where results are written: names, and files that appear whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// How many characters of the subject a default name takes.
const NAME_CHARS: usize = 40;

/// The names for `count` files. A name that was given is kept as it is for one file and numbered for several; a
/// folder that was given takes default names.
pub(crate) fn names(given: Option<&Path>, subject: &str, count: usize, extension: &str) -> Vec<PathBuf> {
    let path = match given {
        Some(folder) if folder.is_dir() => folder.join(slug(subject)).with_extension(extension),
        Some(file) if file.extension().is_none() => file.with_extension(extension),
        Some(file) => file.to_owned(),
        None => PathBuf::from(slug(subject)).with_extension(extension),
    };
    match count {
        0 | 1 => vec![path],
        _ => (1..=count).map(|i| numbered(&path, i)).collect(),
    }
}

/// `crust.jpg` → `crust-2.jpg`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{number}.{extension}"))
}

/// Letters and digits of any language in lower case, joined by dashes.
fn slug(subject: &str) -> String {
    let mut slug = String::new();
    for c in subject.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.chars().count() >= NAME_CHARS {
            break;
        }
    }
    match slug.trim_end_matches('-') {
        "" => "thumbnail".to_owned(),
        slug => slug.to_owned(),
    }
}

/// Writes the file whole. Never overwrites unless `force`; a name that is taken gets a number, because what was
/// paid for must not get lost over it. Returns where it is.
pub(crate) fn write(path: &Path, bytes: &[u8], force: bool) -> io::Result<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = folder.join(format!(".atelier-{}.part", uuid::Uuid::new_v4()));
    let written = write_new(&temporary, bytes).and_then(|()| {
        if force {
            fs::rename(&temporary, path)?;
            return Ok(path.to_owned());
        }
        publish(&temporary, path)
    });
    // After a rename it is gone already.
    fs::remove_file(&temporary).ok();
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives the finished file the first free name.
fn publish(temporary: &Path, path: &Path) -> io::Result<PathBuf> {
    let free = std::iter::once(path.to_owned()).chain((2..10_000).map(|i| numbered(path, i)));
    for name in free {
        match claim(temporary, &name) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "every name like it is taken"))
}

/// A hard link fails where a name is taken, which a rename does not. Where a file system has no links, the name is
/// claimed by an empty file first.
fn claim(temporary: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(temporary, name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            File::create_new(name)?;
            fs::rename(temporary, name)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let long = "x".repeat(60);
        for (given, subject, count, wanted) in [
            (None, "A loaf of Bread!", 1, vec!["a-loaf-of-bread.jpg".to_owned()]),
            (None, "Größe: 麺 & tea", 1, vec!["größe-麺-tea.jpg".to_owned()]),
            (None, "../../etc/passwd", 1, vec!["etc-passwd.jpg".to_owned()]),
            (None, "?!", 1, vec!["thumbnail.jpg".to_owned()]),
            (None, long.as_str(), 1, vec![format!("{}.jpg", "x".repeat(40))]),
            (Some("out/crust.png"), "bread", 1, vec!["out/crust.png".to_owned()]),
            (Some("crust"), "bread", 1, vec!["crust.jpg".to_owned()]),
            (Some("crust.jpg"), "bread", 2, vec!["crust-1.jpg".to_owned(), "crust-2.jpg".to_owned()]),
            (folder.path().to_str(), "bread", 1, vec![inside("bread.jpg")]),
        ] {
            let got = names(given.map(Path::new), subject, count, "jpg");
            let got: Vec<_> = got.iter().map(|path| path.to_string_lossy().into_owned()).collect();
            assert_eq!(got, wanted, "{given:?} {subject}");
        }
    }

    #[test]
    fn nothing_is_overwritten_unless_forced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("crust.jpg");
        let text = |path: &Path| fs::read_to_string(path).expect("it can be read");
        assert_eq!(write(&path, b"one", false).expect("written"), path);
        let second = write(&path, b"two", false).expect("written");
        assert_eq!(second, folder.path().join("crust-2.jpg"));
        assert_eq!((text(&path), text(&second)), ("one".to_owned(), "two".to_owned()));
        assert_eq!(write(&path, b"three", true).expect("written"), path);
        assert_eq!(text(&path), "three");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "no temporary file is left");
        assert!(write(&folder.path().join("no/such.jpg"), b"", false).is_err());
    }
}
