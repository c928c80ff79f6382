//! Downloads from a model hub that answers like huggingface.co: the only place of this crate that opens a socket.
//!
//! A download that was cut off goes on where it stopped, and a file is in its place only when all of it is there and
//! has the SHA-256 that the hub lists. Which files are taken is decided by `choose.rs`, from names that this program
//! knows, never from paths that a server made up.

mod choose;
mod file;
mod http;
#[cfg(test)]
mod tests;

use std::{fmt, path::Path, time::Duration};

use serde::Deserialize;

pub use self::choose::choose;
use self::http::{Answer, Http};
use crate::Error;

/// Most pages of a list of files; a page has up to 1000.
const MOST_PAGES: usize = 20;
/// Most bytes of one answer that is no model.
const MOST_TEXT: u64 = 16 << 20;

/// A hub to download from.
pub struct Hub {
    http: Http,
    url: String,
    wait: Wait,
}

/// Waits for this long before something is tried again.
pub type Wait = fn(Duration);

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("url", &self.url).finish_non_exhaustive()
    }
}

/// One state of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// `owner/name`.
    pub repository: String,
    /// The commit, which names these very files for ever.
    pub commit: String,
    /// The licence that its card names; empty when it names none.
    pub licence: String,
    /// Its files.
    pub files: Vec<Remote>,
}

/// A file on the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Path in the repository.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal. The hub lists it for large files; small ones are configurations, which are checked by
    /// reading them.
    pub sha256: Option<String>,
}

impl Hub {
    /// The hub at `url`, signing in with `token`.
    #[must_use]
    pub fn new(url: &str, token: Option<&str>, wait: Wait) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { http: Http::new(&url, token), url, wait }
    }

    /// What `repository` (`owner/name`) holds at `revision` (a branch, a tag or a commit).
    ///
    /// # Errors
    /// [`Error::Invalid`] for words that are no names, [`Error::Checkpoint`] when the hub refuses, and
    /// [`Error::Transient`] when it can't be reached.
    pub fn snapshot(&self, repository: &str, revision: &str) -> Result<Snapshot, Error> {
        check_repository(repository)?;
        check_revision(revision)?;
        let about: About = self.json(repository, &format!("{}/revision/{revision}", self.api(repository)))?.0;
        check_revision(&about.sha)?;
        let mut files = Vec::new();
        let mut next = Some(format!("{}/tree/{}?recursive=true", self.api(repository), about.sha));
        for _ in 0..MOST_PAGES {
            let Some(page) = next.take() else { break };
            let (entries, following): (Vec<Entry>, _) = self.json(repository, &page)?;
            files.extend(entries.into_iter().filter(|entry| entry.kind == "file").map(Entry::remote));
            // Only to the hub itself: the token goes along.
            next = following.filter(|url| url.starts_with(&format!("{}/", self.url)));
        }
        let licence = about.card.and_then(|card| card.licence).unwrap_or_default();
        Ok(Snapshot { repository: repository.to_owned(), commit: about.sha, licence, files })
    }

    /// Downloads `file` of `snapshot` into `folder`, under its path there. Goes on with what an earlier try left in
    /// `PATH.part`, and leaves a file that is there already alone. `progress` hears how many bytes of it are there.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when the hub refuses or sends another file than it lists, [`Error::Transient`] when it
    /// stops answering; what is there is kept for the next try.
    pub fn download(
        &self,
        snapshot: &Snapshot,
        file: &Remote,
        folder: &Path,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Error> {
        let url = format!("{}/{}/resolve/{}/{}", self.url, snapshot.repository, snapshot.commit, file.path);
        file::download(&self.http, self.wait, &url, file, &folder.join(&file.path), progress)
    }

    fn api(&self, repository: &str) -> String {
        format!("{}/api/models/{repository}", self.url)
    }

    fn json<T: for<'de> Deserialize<'de>>(
        &self,
        repository: &str,
        url: &str,
    ) -> Result<(T, Option<String>), Error> {
        let mut answer = http::patiently(self.wait, || self.http.get(url, None))?;
        if answer.status != 200 {
            return Err(refused(repository, &answer));
        }
        let text = answer.text(MOST_TEXT)?;
        let value = serde_json::from_str(&text).map_err(|error| Error::Checkpoint {
            file: url.to_owned(),
            problem: format!("does not answer like a model hub ({error}); check models.hub_url"),
        })?;
        Ok((value, answer.next_page))
    }
}

/// Why the hub says no, by the number of its answer.
fn refused(what: &str, answer: &Answer) -> Error {
    let problem = match answer.status {
        401 | 403 => "the hub asks who you are: accept the licence on the model's page there, and set \
                      models.hub_token to a token of yours"
            .to_owned(),
        404 => "the hub has no such repository, revision or file, or shows it only to those who signed in; check \
                the spelling, and models.hub_token"
            .to_owned(),
        status => format!("the hub answers with status {status}"),
    };
    Error::Checkpoint { file: what.to_owned(), problem }
}

fn is_word(word: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-');
    (1..=96).contains(&word.len())
        && word.chars().all(plain)
        && !word.starts_with('.')
        && !word.contains("..")
}

fn check_repository(name: &str) -> Result<(), Error> {
    match name.split_once('/') {
        Some((owner, name)) if is_word(owner) && is_word(name) => Ok(()),
        _ => Err(Error::Invalid {
            field: "repository",
            problem: format!("{name:?} is no repository; write it like stabilityai/sdxl-turbo"),
        }),
    }
}

fn check_revision(name: &str) -> Result<(), Error> {
    if is_word(name) {
        return Ok(());
    }
    Err(Error::Invalid {
        field: "revision",
        problem: format!("{name:?} is no branch, tag or commit that can be asked for"),
    })
}

/// What the hub says about a repository.
#[derive(Debug, Deserialize)]
struct About {
    sha: String,
    #[serde(rename = "cardData")]
    card: Option<Card>,
}

#[derive(Debug, Deserialize)]
struct Card {
    #[serde(rename = "license")]
    licence: Option<String>,
}

/// An entry of the list of files.
#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
    #[serde(default)]
    size: u64,
    lfs: Option<Large>,
}

#[derive(Debug, Deserialize)]
struct Large {
    oid: String,
    size: u64,
}

impl Entry {
    fn remote(self) -> Remote {
        match self.lfs {
            Some(large) => Remote { path: self.path, bytes: large.size, sha256: Some(large.oid) },
            None => Remote { path: self.path, bytes: self.size, sha256: None },
        }
    }
}
