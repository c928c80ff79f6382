//! What is done on this machine: files, the clipboard, the person's editor and viewer. Everything here blocks;
//! the loop runs it elsewhere.

use std::{
    env, fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::msg::{Attachment, LocalNews};

/// Most that is handed to a clipboard; terminals drop longer ones.
const CLIPBOARD_BYTES: usize = 64 * 1024;
/// Endings of files that can be attached.
const ENDINGS: [&str; 5] = ["jpg", "jpeg", "png", "webp", "gif"];

/// Whether these words look like the path of a picture, and nothing else.
pub(crate) fn picture_path(words: &str) -> Option<PathBuf> {
    let words = words.trim();
    let words = words.strip_prefix("file://").unwrap_or(words);
    let words = words.trim_matches(|quote| quote == '\'' || quote == '"').replace("\\ ", " ");
    if words.contains('\n') || !words.starts_with(['/', '~', '.']) && words.contains(' ') {
        return None;
    }
    let path = PathBuf::from(&words);
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    ENDINGS.contains(&ending.as_str()).then_some(path)
}

/// Sees whether this is a picture that can be attached.
pub(crate) fn inspect(path: &Path, words: Option<String>) -> LocalNews {
    let path = at_home(path);
    match image::ImageReader::open(&path).and_then(image::ImageReader::with_guessed_format) {
        Ok(reader) => match reader.into_dimensions() {
            Ok((width, height)) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                LocalNews::Attachable(Attachment { path, name, width, height })
            }
            Err(_) => {
                LocalNews::NotAttachable(format!("{} is no picture that can be read.", path.display()), words)
            }
        },
        Err(error) => LocalNews::NotAttachable(format!("{}: {error}.", path.display()), words),
    }
}

/// Hands words to the clipboard of the terminal, which may be on another machine (OSC 52).
pub(crate) fn copy(words: &str) -> LocalNews {
    if words.len() > CLIPBOARD_BYTES {
        return LocalNews::Trouble("That is too long for a clipboard.".to_owned());
    }
    let mut output = io::stdout();
    let sent = write!(output, "\x1b]52;c;{}\x07", STANDARD.encode(words)).and_then(|()| output.flush());
    match sent {
        Ok(()) => LocalNews::Word("Copied.".to_owned()),
        Err(error) => LocalNews::Trouble(format!("Could not copy: {error}.")),
    }
}

/// Keeps bytes in a new file; one that exists is never overwritten.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> LocalNews {
    let path = at_home(path);
    match create_beside(&path).and_then(|(free, mut file)| file.write_all(bytes).map(|()| free)) {
        Ok(free) => LocalNews::Word(format!("Saved as {}", free.display())),
        Err(error) => LocalNews::Trouble(format!("Could not save {}: {error}.", path.display())),
    }
}

/// Opens bytes in the system's viewer.
pub(crate) fn view(name: &str, bytes: &[u8]) -> LocalNews {
    let opened = create_beside(&env::temp_dir().join(name)).and_then(|(path, mut file)| {
        file.write_all(bytes)?;
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        Command::new(opener)
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    });
    match opened {
        Ok(mut viewer) => {
            // Some openers stay until the window is closed; nobody has to wait for that.
            std::thread::spawn(move || viewer.wait().ok());
            LocalNews::Word("Opened in your viewer.".to_owned())
        }
        Err(error) => LocalNews::Trouble(format!("No viewer could be opened: {error}. Save it with s.")),
    }
}

/// Opens words in the person's editor and gives back what became of them. The terminal has to be free.
pub(crate) fn edit(words: &str) -> LocalNews {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
        .unwrap_or_else(|| "vi".to_owned());
    match edit_in(&editor, words) {
        Ok(words) => LocalNews::Edited(words.trim_end().to_owned()),
        Err(error) => LocalNews::Trouble(format!("`{editor}` did not work: {error}. Set $EDITOR.")),
    }
}

fn edit_in(editor: &str, words: &str) -> io::Result<String> {
    let (path, mut file) = create_beside(&env::temp_dir().join("atelier-prompt.txt"))?;
    file.write_all(words.as_bytes())?;
    drop(file);
    let mut parts = editor.split_whitespace();
    let program = parts.next().unwrap_or("vi");
    let answer = Command::new(program).args(parts).arg(&path).status().and_then(|status| {
        if status.success() {
            fs::read_to_string(&path)
        } else {
            Err(io::Error::other(format!("it ended with {status}")))
        }
    });
    fs::remove_file(&path).ok();
    answer
}

/// Creates this file, or one with a number behind its name. Never follows or opens what is there.
fn create_beside(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    for number in 1..1000 {
        let free = match number {
            1 => path.to_path_buf(),
            _ => path.with_file_name(format!("{stem}-{number}{ending}")),
        };
        match fs::OpenOptions::new().write(true).create_new(true).open(&free) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (free, file)),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "a thousand files of that name are there already"))
}

fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), env::var_os("HOME")) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_pictures() {
        for (words, wanted) in [
            ("/home/a/me.jpg", Some("/home/a/me.jpg")),
            ("'/home/a/my dog.PNG'", Some("/home/a/my dog.PNG")),
            ("/home/a/my\\ dog.png\n", Some("/home/a/my dog.png")),
            ("file:///tmp/x.webp", Some("/tmp/x.webp")),
            ("bread.jpeg", Some("bread.jpeg")),
            ("thumbnail like bread.jpeg", None),
            ("/etc/passwd", None),
            ("", None),
        ] {
            assert_eq!(picture_path(words), wanted.map(PathBuf::from), "{words:?}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crust.jpg");
        for wanted in ["crust.jpg", "crust-2.jpg", "crust-3.jpg"] {
            let LocalNews::Word(word) = write(&path, b"x") else { panic!("not saved") };
            assert!(word.ends_with(wanted), "{word}");
        }
    }

    #[test]
    fn only_pictures_are_attached() {
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("me.png");
        image::RgbImage::new(3, 2).save(&good).unwrap();
        assert!(matches!(
            inspect(&good, None),
            LocalNews::Attachable(Attachment { width: 3, height: 2, .. })
        ));
        let bad = folder.path().join("bad.png");
        fs::write(&bad, b"no picture").unwrap();
        assert!(matches!(inspect(&bad, None), LocalNews::NotAttachable(..)));
        assert!(matches!(inspect(&folder.path().join("none.png"), None), LocalNews::NotAttachable(..)));
    }
}
