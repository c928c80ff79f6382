//! One file: from the hub into `PATH.part`, as often as it takes, and then, compared with its digest, into its place.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use super::{
    Remote, Wait,
    http::{Http, TRIES, pause},
    refused,
};
use crate::{
    Error,
    manifest::{sha256, sync_folder},
};

/// Most connections for one file, however little each brings.
const MOST_CONNECTIONS: u32 = 1_000;

/// How one connection ended.
enum End {
    /// The file is there.
    Whole,
    /// Another try may bring more.
    Cut(String, Option<std::time::Duration>),
}

pub(super) fn download(
    http: &Http,
    wait: Wait,
    url: &str,
    file: &Remote,
    place: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    if place.metadata().is_ok_and(|about| about.len() == file.bytes) {
        progress(file.bytes);
        return Ok(());
    }
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(|error| disk(folder, &error))?;
    }
    let part = part_of(place);
    let mut in_vain = 0;
    for _ in 0..MOST_CONNECTIONS {
        let before = length(&part);
        match fetch(http, url, file, &part, progress)? {
            End::Whole => return settle(file, &part, place),
            End::Cut(problem, asked) => {
                in_vain = if length(&part) > before { 0 } else { in_vain + 1 };
                if in_vain >= TRIES {
                    return Err(Error::Transient(format!(
                        "{problem}; what is there is kept, and the same command goes on with it"
                    )));
                }
                wait(asked.unwrap_or(pause(in_vain)));
            }
        }
    }
    Err(Error::Transient(format!(
        "{url}: too many broken connections; the same command goes on with what is there"
    )))
}

/// One connection: appends what it brings to `part`.
fn fetch(
    http: &Http,
    url: &str,
    file: &Remote,
    part: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<End, Error> {
    let mut there = length(part);
    if there > file.bytes {
        // Left by a download of something else.
        forget(part)?;
        there = 0;
    }
    if there == file.bytes && there > 0 {
        progress(there);
        return Ok(End::Whole);
    }
    let mut answer = match http.get(url, (there > 0).then_some(there)) {
        Ok(answer) => answer,
        Err(Error::Transient(problem)) => return Ok(End::Cut(problem, None)),
        Err(other) => return Err(other),
    };
    match answer.status {
        // All of it, although a part was asked for.
        200 => {
            forget(part)?;
            there = 0;
        }
        206 if answer.begins == Some(there) => {}
        206 | 416 => {
            forget(part)?;
            return Ok(End::Cut(format!("{url}: the hub sends another part than was asked for"), None));
        }
        _ if answer.is_passing() => {
            let problem = format!("{url}: the hub answers with status {}", answer.status);
            return Ok(End::Cut(problem, answer.wait));
        }
        _ => return Err(refused(&file.path, &answer)),
    }
    let mut out =
        OpenOptions::new().create(true).append(true).open(part).map_err(|error| disk(part, &error))?;
    let mut buffer = vec![0; 1 << 18];
    let mut body = answer.reader();
    let end = loop {
        match body.read(&mut buffer) {
            Ok(0) if there == file.bytes => break End::Whole,
            Ok(0) => break End::Cut(format!("{url}: the connection ended early"), None),
            Ok(read) => {
                there += read as u64;
                if there > file.bytes {
                    forget(part)?;
                    return Err(wrong(file, "the hub sends more than it lists"));
                }
                out.write_all(&buffer[..read]).map_err(|error| disk(part, &error))?;
                progress(there);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break End::Cut(format!("{url}: {error}"), None),
        }
    };
    out.sync_all().map_err(|error| disk(part, &error))?;
    Ok(end)
}

/// Compares the whole file with its digest and puts it in place.
fn settle(file: &Remote, part: &Path, place: &Path) -> Result<(), Error> {
    if let Some(listed) = &file.sha256 {
        let found = sha256(part, |_| {})?;
        if !found.eq_ignore_ascii_case(listed) {
            forget(part)?;
            return Err(wrong(file, &format!("has SHA-256 {found}, and the hub lists {listed}")));
        }
    }
    fs::rename(part, place).map_err(|error| disk(place, &error))?;
    let folder = place.parent().unwrap_or(Path::new("."));
    sync_folder(folder).map_err(|error| disk(folder, &error))
}

fn wrong(file: &Remote, problem: &str) -> Error {
    Error::Checkpoint {
        file: file.path.clone(),
        problem: format!("{problem}; it was thrown away, try again"),
    }
}

fn part_of(place: &Path) -> PathBuf {
    let mut part = place.as_os_str().to_owned();
    part.push(".part");
    part.into()
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |about| about.len())
}

/// Makes `part` empty.
fn forget(part: &Path) -> Result<(), Error> {
    File::create(part).map(drop).map_err(|error| disk(part, &error))
}

fn disk(path: &Path, error: &io::Error) -> Error {
    Error::Transient(format!("{}: {error}", path.display()))
}
