//! Makes all records of the ledger anew from the journal file.

use std::path::Path;

use super::HEAD;
use super::book::Book;
use super::error::LedgerError;
use super::journal;
use super::transfer::Transfer;
use crate::store::Store;

/// How many transfers share a transaction.
const CHUNK_TRANSFERS: usize = 256;

/// Fills the empty ledger of `store` from the journal file at `path`, and answers how many transfers it read
/// and whether the file was sound to its end. Open the store without a mirror for this. The file alone
/// decides: balances, reservations and lists come out as they were. Only a merge that moved nothing leaves
/// no line, so its link must be made again.
pub fn rebuild(path: &Path, store: &Store) -> Result<(u64, bool), LedgerError> {
    if HEAD.read(store, &())?.is_some() {
        return Err(LedgerError::Damaged("it is not empty, so it cannot be rebuilt".to_owned()));
    }
    let mut chunk = Vec::with_capacity(CHUNK_TRANSFERS);
    let mut count = 0_u64;
    let sound = journal::replay(path, |transfer| {
        count += 1;
        chunk.push(transfer);
        if chunk.len() == CHUNK_TRANSFERS { enter(store, std::mem::take(&mut chunk)) } else { Ok(()) }
    })?;
    enter(store, chunk)?;
    Ok((count, sound))
}

fn enter(store: &Store, chunk: Vec<Transfer>) -> Result<(), LedgerError> {
    store.transact_blocking(move |tx| {
        let mut book = Book::open(tx)?;
        for transfer in &chunk {
            book.fold(transfer.clone())?;
        }
        book.close().map(drop)
    })
}
