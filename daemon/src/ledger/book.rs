//! The book: enters transfers and folds every other record from them.
//!
//! It works on copies and writes them into the transaction only when it is closed, so a verb that fails
//! half-way leaves nothing behind. What a record becomes depends on the transfers alone: `rebuild` sends the
//! journal through the same fold.

use std::collections::BTreeMap;

use super::account::{Account, AccountId, Side};
use super::error::LedgerError;
use super::list::IndexRow;
use super::reservation::Reservation;
use super::transfer::{
    Context, Kind, NOTE_LIMIT_CHARS, Phase, Posting, REFERENCE_LIMIT_CHARS, Reference, Transfer, part_id,
};
use super::wallet::{Daily, Wallet};
use super::{ACCOUNTS, HEAD, JOURNAL, MEMBER_TRANSFERS, POSTINGS, RESERVATIONS, WALLETS, rules};
use crate::clock::Timestamp;
use crate::id::{JobId, MemberId, TransferId};
use crate::store::{Key, StoreError, Tx};

/// A transfer before it has a place in the journal.
pub(super) struct Entry {
    pub(super) request: TransferId,
    pub(super) debit: AccountId,
    pub(super) credit: AccountId,
    pub(super) amount: u64,
    pub(super) kind: Kind,
    pub(super) phase: Phase,
    pub(super) reference: Reference,
    pub(super) expires: Option<Timestamp>,
}

/// The records that one verb touches.
pub(super) struct Book<'b, 'a> {
    tx: &'b mut Tx<'a>,
    head: u64,
    accounts: BTreeMap<AccountId, Account>,
    wallets: BTreeMap<MemberId, Wallet>,
    reservations: BTreeMap<JobId, Reservation>,
    postings: BTreeMap<TransferId, Posting>,
    transfers: Vec<Transfer>,
    marked: bool,
}

impl<'b, 'a> Book<'b, 'a> {
    pub(super) fn open(tx: &'b mut Tx<'a>) -> Result<Book<'b, 'a>, LedgerError> {
        let head = HEAD.get(tx, &())?.unwrap_or(0);
        Ok(Book {
            tx,
            head,
            accounts: BTreeMap::new(),
            wallets: BTreeMap::new(),
            reservations: BTreeMap::new(),
            postings: BTreeMap::new(),
            transfers: Vec::new(),
            marked: false,
        })
    }

    pub(super) fn account(&mut self, id: AccountId) -> Result<&mut Account, LedgerError> {
        load(&mut self.accounts, id, || Ok(ACCOUNTS.get(self.tx, &id)?.unwrap_or_default()))
    }

    pub(super) fn wallet(&mut self, member: MemberId) -> Result<&mut Wallet, LedgerError> {
        load(&mut self.wallets, member, || Ok(WALLETS.get(self.tx, &member)?.unwrap_or_default()))
    }

    /// The reservation of `job`, which must exist.
    pub(super) fn reservation(&mut self, job: JobId) -> Result<&mut Reservation, LedgerError> {
        load(&mut self.reservations, job, || {
            RESERVATIONS.get(self.tx, &job)?.ok_or(LedgerError::UnknownReservation(job))
        })
    }

    /// The sequence of the last transfer.
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    /// The id that the next transfer of `request` will have.
    pub(super) fn next_id(&mut self, request: TransferId) -> Result<TransferId, LedgerError> {
        Ok(part_id(request, self.posting(request)?.map_or(0, |posting| posting.count)))
    }

    /// Remembers who `from` became, even if nothing was there to be moved.
    pub(super) fn mark_merged(&mut self, from: MemberId, to: MemberId) -> Result<(), LedgerError> {
        self.wallet(from)?.merged_into = Some(to);
        self.marked = true;
        Ok(())
    }

    /// What was entered for `request` before, if anything.
    pub(super) fn recorded(&mut self, request: TransferId) -> Result<Option<Vec<Transfer>>, LedgerError> {
        let Some(posting) = POSTINGS.get(self.tx, &request)? else { return Ok(None) };
        let mut transfers = Vec::new();
        for sequence in posting.first..posting.first.saturating_add(posting.count) {
            let missing = || LedgerError::Damaged(format!("transfer {sequence} is missing"));
            transfers.push(JOURNAL.get(self.tx, &sequence)?.ok_or_else(missing)?);
        }
        Ok(Some(transfers))
    }

    /// Enters one transfer.
    pub(super) fn post(&mut self, entry: Entry, context: &Context) -> Result<(), LedgerError> {
        check_lengths(&entry.reference, &context.note)?;
        let id = self.next_id(entry.request)?;
        let transfer = Transfer {
            sequence: self.head.checked_add(1).ok_or(LedgerError::Overflow)?,
            id,
            request: entry.request,
            debit: entry.debit,
            credit: entry.credit,
            amount: entry.amount,
            kind: entry.kind,
            phase: entry.phase,
            reference: entry.reference,
            expires: entry.expires,
            debit_after: None,
            credit_after: None,
            actor: context.actor,
            at: context.now,
            note: context.note.clone(),
        };
        self.fold(transfer)?;
        if let Some(last) = self.transfers.len().checked_sub(1) {
            let (debit, credit) = (self.transfers[last].debit, self.transfers[last].credit);
            self.transfers[last].debit_after = self.balance_after(debit)?;
            self.transfers[last].credit_after = self.balance_after(credit)?;
        }
        Ok(())
    }

    /// Lets lapsed credits of `member` expire, so that what is left can be spent.
    pub(super) fn settle(&mut self, member: MemberId, context: &Context) -> Result<(), LedgerError> {
        let pots = self.wallet(member)?.pots.clone();
        for pot in pots.iter().filter(|pot| pot.available > 0 && pot.lapsed(context.now)) {
            self.expire(pot.account, pot.available, pot.expires, context)?;
        }
        Ok(())
    }

    /// Lets `amount` of what `account` holds expire; `then` says when it lapsed.
    pub(super) fn expire(
        &mut self,
        account: AccountId,
        amount: u64,
        then: Option<Timestamp>,
        context: &Context,
    ) -> Result<(), LedgerError> {
        // Nobody repeats an expiry from outside, so its place in the journal makes a unique name.
        let mut name = Vec::new();
        account.encode(&mut name);
        let request = TransferId::derived(&[b"expiry", &name, &self.head.to_be_bytes()]);
        let entry = Entry {
            request,
            debit: account,
            credit: AccountId::Expired,
            amount,
            kind: Kind::Expiry,
            phase: Phase::Posted,
            reference: Reference::Lapsed(then),
            expires: None,
        };
        self.post(entry, context)
    }

    /// After credits came back to `account`: lets them expire if their time was over.
    pub(super) fn expire_returned(
        &mut self,
        account: AccountId,
        amount: u64,
        then: Option<Timestamp>,
        context: &Context,
    ) -> Result<(), LedgerError> {
        let expires = self.account(account)?.expires;
        if rules::lapses(then, expires, context.now) {
            self.expire(account, amount, then, context)?;
        }
        Ok(())
    }

    /// Adds a transfer and all that follows from it. `balance after` is kept as it is.
    pub(super) fn fold(&mut self, transfer: Transfer) -> Result<(), LedgerError> {
        if transfer.amount == 0 {
            return Err(LedgerError::ZeroAmount);
        }
        if transfer.sequence.checked_sub(1) != Some(self.head) {
            return Err(LedgerError::Damaged(format!("transfer {} is out of sequence", transfer.sequence)));
        }
        self.fold_side(Side::Debit, transfer.debit, &transfer)?;
        self.fold_side(Side::Credit, transfer.credit, &transfer)?;
        self.fold_wallet(&transfer)?;
        self.fold_reservation(&transfer)?;
        self.fold_posting(&transfer)?;
        self.head = transfer.sequence;
        self.transfers.push(transfer);
        Ok(())
    }

    /// Writes everything into the transaction and answers with the new transfers.
    pub(super) fn close(self) -> Result<Vec<Transfer>, LedgerError> {
        if self.transfers.is_empty() && !self.marked {
            return Ok(self.transfers);
        }
        HEAD.put(self.tx, &(), &self.head)?;
        put_all(&self.accounts, |id, account| ACCOUNTS.put(self.tx, id, account))?;
        put_all(&self.wallets, |member, wallet| WALLETS.put(self.tx, member, wallet))?;
        put_all(&self.reservations, |job, reservation| RESERVATIONS.put(self.tx, job, reservation))?;
        put_all(&self.postings, |request, posting| POSTINGS.put(self.tx, request, posting))?;
        for transfer in &self.transfers {
            JOURNAL.put(self.tx, &transfer.sequence, transfer)?;
            for member in transfer.members() {
                let row = IndexRow { kind: transfer.kind, at: transfer.at };
                MEMBER_TRANSFERS.put(self.tx, &(member, transfer.sequence), &row)?;
            }
        }
        Ok(self.transfers)
    }

    fn posting(&mut self, request: TransferId) -> Result<Option<Posting>, LedgerError> {
        match self.postings.get(&request) {
            Some(posting) => Ok(Some(*posting)),
            None => Ok(POSTINGS.get(self.tx, &request)?),
        }
    }

    fn balance_after(&mut self, account: AccountId) -> Result<Option<u64>, LedgerError> {
        account.member().map(|member| self.wallet(member)?.available()).transpose()
    }

    fn fold_side(&mut self, side: Side, id: AccountId, transfer: &Transfer) -> Result<(), LedgerError> {
        let account = self.account(id)?;
        let totals = account.totals.after(side, transfer.phase, transfer.amount);
        account.totals = totals.ok_or(LedgerError::Overflow)?;
        if side == Side::Credit && transfer.phase == Phase::Posted && transfer.expires.is_some() {
            // Events of plans may arrive out of order: a period that is older shortens nothing.
            account.expires = match id {
                AccountId::Plan(_) => transfer.expires.max(account.expires),
                _ => transfer.expires,
            };
        }
        let account = *account;
        match id.member() {
            Some(member) => self.wallet(member)?.show(id, &account),
            None => Ok(()),
        }
    }

    fn fold_wallet(&mut self, transfer: &Transfer) -> Result<(), LedgerError> {
        if let (AccountId::Daily(member), Reference::Day { day, level }) =
            (transfer.credit, &transfer.reference)
        {
            self.wallet(member)?.daily = Some(Daily { day: *day, level: *level });
        }
        if let (Kind::Merge, Some(from)) = (transfer.kind, transfer.debit.member()) {
            self.wallet(from)?.merged_into = transfer.credit.member();
        }
        Ok(())
    }

    fn fold_reservation(&mut self, transfer: &Transfer) -> Result<(), LedgerError> {
        let Reference::Job(job) = transfer.reference else { return Ok(()) };
        if transfer.phase == Phase::Pending && !self.reservations.contains_key(&job) {
            let known = RESERVATIONS.get(self.tx, &job)?;
            let fresh = || Reservation::begin(job, transfer);
            self.reservations.insert(job, known.map_or_else(fresh, Ok)?);
        }
        self.reservation(job)?.fold(transfer)
    }

    fn fold_posting(&mut self, transfer: &Transfer) -> Result<(), LedgerError> {
        let known = self.posting(transfer.request)?;
        let mut posting = known.unwrap_or(Posting { first: transfer.sequence, count: 0 });
        // The answer to one request is one piece of the journal; a second piece means its id was used twice.
        if posting.first.checked_add(posting.count) != Some(transfer.sequence) {
            return Err(LedgerError::AlreadyExists(transfer.request));
        }
        posting.count += 1;
        self.postings.insert(transfer.request, posting);
        Ok(())
    }
}

fn load<K: Ord + Copy, V>(
    cache: &mut BTreeMap<K, V>,
    key: K,
    read: impl FnOnce() -> Result<V, LedgerError>,
) -> Result<&mut V, LedgerError> {
    use std::collections::btree_map::Entry;
    match cache.entry(key) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(unknown) => Ok(unknown.insert(read()?)),
    }
}

fn put_all<K, V>(
    records: &BTreeMap<K, V>,
    mut put: impl FnMut(&K, &V) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    records.iter().try_for_each(|(key, record)| put(key, record))
}

fn check_lengths(reference: &Reference, note: &str) -> Result<(), LedgerError> {
    if reference.text_chars() > REFERENCE_LIMIT_CHARS {
        return Err(LedgerError::TooLong { field: "reference", limit: REFERENCE_LIMIT_CHARS });
    }
    if note.chars().count() > NOTE_LIMIT_CHARS {
        return Err(LedgerError::TooLong { field: "note", limit: NOTE_LIMIT_CHARS });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        let payment = |text: String| Reference::Payment(text);
        let too_long = |field, limit| Err(LedgerError::TooLong { field, limit });
        for (reference, note, outcome) in [
            (Reference::None, "礼".repeat(NOTE_LIMIT_CHARS), Ok(())),
            (Reference::None, "礼".repeat(NOTE_LIMIT_CHARS + 1), too_long("note", NOTE_LIMIT_CHARS)),
            (payment("ü".repeat(REFERENCE_LIMIT_CHARS)), String::new(), Ok(())),
            (
                payment("ü".repeat(REFERENCE_LIMIT_CHARS + 1)),
                String::new(),
                too_long("reference", REFERENCE_LIMIT_CHARS),
            ),
        ] {
            assert_eq!(check_lengths(&reference, &note), outcome);
        }
    }
}
