//! The journal file: every transfer once more, as lines of text that outlive the engine.
//!
//! A line is sixteen hexadecimal digits of checksum, a space and the transfer as JSON. The writer appends
//! and syncs it before a change is acknowledged, after the engine has it. So after a crash the file may end
//! in a torn line or lack the last batch, and is completed from the store when it is opened.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::JOURNAL;
use super::error::LedgerError;
use super::transfer::Transfer;
use crate::store::{Key, Mirror, Order, Store, StoreError};

/// More than one batch can hold; what lies before it was synced by an earlier batch.
const TAIL_BYTES: u64 = 8 << 20;
/// Longer lines are no transfers.
const LINE_BYTES: u64 = 64 << 10;

/// The open journal file. Give it to the store as its mirror.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// What the last line said when the file was opened.
    last: Option<Transfer>,
}

/// A line of the journal file that does not fit the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the journal file parts from the store at transfer {sequence}; move it away and start once: it is written anew"
)]
pub struct Mismatch {
    /// The sequence at which they part.
    pub sequence: u64,
}

impl Journal {
    /// Opens or creates the file.
    pub fn open(path: &Path) -> Result<Journal, StoreError> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(|error| StoreError::file("cannot open", path, &error))?;
        let journal = Journal { path: path.to_path_buf(), file, last: None };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            // The file's own entry in the folder must survive a power cut as well.
            journal.failed("cannot sync", File::open(folder).and_then(|folder| folder.sync_all()))?;
        }
        Ok(journal)
    }

    fn failed<T>(&self, action: &'static str, outcome: std::io::Result<T>) -> Result<T, StoreError> {
        outcome.map_err(|error| StoreError::file(action, &self.path, &error))
    }

    /// The last transfer before the first torn line of the tail, and the length of the file up to there.
    fn sound_part(&mut self) -> std::io::Result<(Option<Transfer>, u64)> {
        let length = self.file.seek(SeekFrom::End(0))?;
        let mut window = TAIL_BYTES;
        loop {
            let from = length.saturating_sub(window);
            self.file.seek(SeekFrom::Start(from))?;
            let mut reader = BufReader::new(&self.file);
            let mut end = from;
            if from > 0 {
                // The window begins inside a line that an earlier batch has synced.
                end += u64::try_from(reader.read_until(b'\n', &mut Vec::new())?).unwrap_or(0);
            }
            let mut last: Option<Transfer> = None;
            while let Some((transfer, bytes)) = next_line(&mut reader)? {
                if last.as_ref().is_some_and(|last| last.sequence.checked_add(1) != Some(transfer.sequence)) {
                    break;
                }
                last = Some(transfer);
                end += bytes;
            }
            if last.is_some() || from == 0 {
                return Ok((last, end));
            }
            window = window.saturating_mul(2);
        }
    }
}

impl Mirror for Journal {
    fn table(&self) -> u8 {
        JOURNAL.id()
    }

    fn last_key(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let sound = self.sound_part();
        let (last, end) = self.failed("cannot read", sound)?;
        let cut = self
            .file
            .metadata()
            .and_then(|data| if data.len() > end { self.file.set_len(end) } else { Ok(()) });
        self.failed("cannot repair", cut)?;
        self.failed("cannot sync", self.file.sync_all())?;
        self.last = last;
        Ok(self.last.as_ref().map(|transfer| {
            let mut key = Vec::new();
            transfer.sequence.encode(&mut key);
            key
        }))
    }

    fn agrees(&mut self, value: &[u8]) -> Result<bool, StoreError> {
        Ok(self.last.as_ref() == Some(&JOURNAL.decode(value)?))
    }

    fn append(&mut self, rows: &[(&[u8], &[u8])]) -> Result<(), StoreError> {
        let mut lines = Vec::new();
        for (_, value) in rows {
            write_line(&JOURNAL.decode(value)?, &mut lines).map_err(StoreError::Mirror)?;
        }
        let written = self.file.write_all(&lines);
        self.failed("cannot write", written)?;
        self.failed("cannot sync", self.file.sync_data())
    }
}

/// Reads the file from its beginning, up to the first line that is torn or out of sequence. Answers whether
/// the whole file was sound.
pub(super) fn replay(
    path: &Path,
    mut visit: impl FnMut(Transfer) -> Result<(), LedgerError>,
) -> Result<bool, LedgerError> {
    let failed = |error: std::io::Error| StoreError::file("cannot read", path, &error);
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let (mut sequence, mut read) = (0_u64, 0_u64);
    while let Some((transfer, bytes)) = next_line(&mut reader).map_err(failed)? {
        if sequence.checked_add(1) != Some(transfer.sequence) {
            return Ok(false);
        }
        sequence = transfer.sequence;
        read += bytes;
        visit(transfer)?;
    }
    Ok(read == length)
}

/// Compares the file with the store's journal, row by row, up to what the store holds now.
pub fn compare_with_store(path: &Path, store: &Store) -> Result<Option<Mismatch>, LedgerError> {
    let failed = |error: std::io::Error| StoreError::file("cannot read", path, &error);
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path).map_err(failed)?);
    let mut outcome = Ok(None);
    JOURNAL.visit(store, .., Order::Ascending, |sequence, stored| match next_line(&mut reader) {
        Ok(Some((mirrored, _))) if mirrored == stored => ControlFlow::Continue(()),
        Ok(_) => {
            outcome = Ok(Some(Mismatch { sequence }));
            ControlFlow::Break(())
        }
        Err(error) => {
            outcome = Err(failed(error).into());
            ControlFlow::Break(())
        }
    })?;
    outcome
}

/// The next line and its length; none at the end or at a line that is torn.
fn next_line(reader: &mut impl BufRead) -> std::io::Result<Option<(Transfer, u64)>> {
    let mut line = Vec::new();
    let bytes = reader.take(LINE_BYTES).read_until(b'\n', &mut line)?;
    Ok(parse_line(&line).map(|transfer| (transfer, bytes as u64)))
}

fn parse_line(line: &[u8]) -> Option<Transfer> {
    let (checksum, rest) = line.strip_suffix(b"\n")?.split_at_checked(16)?;
    let json = rest.strip_prefix(b" ")?;
    if checksum != checksum_of(json).as_bytes() {
        return None;
    }
    serde_json::from_slice(json).ok()
}

fn write_line(transfer: &Transfer, out: &mut Vec<u8>) -> Result<(), String> {
    let json = serde_json::to_vec(transfer).map_err(|error| error.to_string())?;
    out.extend_from_slice(checksum_of(&json).as_bytes());
    out.push(b' ');
    out.extend_from_slice(&json);
    out.push(b'\n');
    Ok(())
}

fn checksum_of(json: &[u8]) -> String {
    let digest = Sha256::digest(json);
    hex::encode(&digest[..8])
}
