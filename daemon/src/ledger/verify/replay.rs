//! The replay itself: plain sums, written apart from the book that it checks.

use std::collections::HashMap;

use super::fault::{Fault, Report};
use crate::id::{JobId, MemberId, TransferId};
use crate::ledger::POSTINGS;
use crate::ledger::account::{AccountId, Side, Totals};
use crate::ledger::error::LedgerError;
use crate::ledger::transfer::{Phase, Reference, Transfer, part_id};
use crate::store::Store;

/// What the transfers so far make.
#[derive(Default)]
pub(super) struct Replay {
    pub(super) last: u64,
    pub(super) transfers: u64,
    pub(super) totals: HashMap<AccountId, Totals>,
    pub(super) open: HashMap<JobId, OpenJob>,
    /// What each member can spend in all accounts.
    available: HashMap<MemberId, u64>,
    /// What is left of each pending transfer.
    pending: HashMap<TransferId, Pending>,
}

/// A job whose reservation has not ended.
#[derive(Default)]
pub(super) struct OpenJob {
    pub(super) reserved: u64,
    pub(super) captured: u64,
    pub(super) released: u64,
}

struct Pending {
    job: JobId,
    debit: AccountId,
    credit: AccountId,
    left: u64,
}

impl Replay {
    /// Adds one transfer. Answers the job whose reservation ended with it, and how much was captured.
    pub(super) fn step(
        &mut self,
        store: &Store,
        sequence: u64,
        transfer: &Transfer,
        report: &mut Report,
    ) -> Result<Option<(JobId, u64)>, LedgerError> {
        for missing in (self.last.saturating_add(1)..sequence).take(10) {
            report.add(Fault::Gap(missing));
        }
        self.last = sequence;
        self.transfers += 1;
        let mut impossible = |reason| report.add(Fault::Impossible { sequence, reason });
        if transfer.sequence != sequence {
            impossible("it stands at another place");
        }
        if transfer.amount == 0 {
            impossible("it moves nothing");
        }
        if transfer.debit == transfer.credit {
            impossible("both sides are one account");
        }
        if !is_posted(store, transfer)? {
            impossible("its request does not know it");
        }
        self.add(Side::Debit, transfer.debit, transfer, report);
        self.add(Side::Credit, transfer.credit, transfer, report);
        self.check_balances(transfer, report);
        Ok(self.reserve_or_end(transfer, report))
    }

    fn add(&mut self, side: Side, account: AccountId, transfer: &Transfer, report: &mut Report) {
        let totals = self.totals.entry(account).or_default();
        let before = totals.available();
        match totals.after(side, transfer.phase, transfer.amount) {
            Some(after) => *totals = after,
            None => {
                report
                    .add(Fault::Impossible { sequence: transfer.sequence, reason: "a sum leaves its range" });
            }
        }
        let Some(member) = account.member() else { return };
        let Some(after) = totals.available() else {
            report.add(Fault::BelowZero { account, sequence: transfer.sequence });
            return;
        };
        let sum = self.available.entry(member).or_default();
        *sum = sum.saturating_sub(before.unwrap_or(0)).saturating_add(after);
    }

    fn check_balances(&self, transfer: &Transfer, report: &mut Report) {
        let sides = [(transfer.debit, transfer.debit_after), (transfer.credit, transfer.credit_after)];
        for (account, named) in sides {
            let member = account.member();
            let replayed = member.and_then(|member| self.available.get(&member).copied());
            if let (Some(member), true) = (member, named != replayed) {
                report.add(Fault::WrongBalance { sequence: transfer.sequence, member });
            }
        }
    }

    fn reserve_or_end(&mut self, transfer: &Transfer, report: &mut Report) -> Option<(JobId, u64)> {
        let sequence = transfer.sequence;
        let amount = transfer.amount;
        let (of, captures) = match transfer.phase {
            Phase::Posted => return None,
            Phase::Pending => {
                let Reference::Job(job) = transfer.reference else {
                    report.add(Fault::Impossible { sequence, reason: "credits are reserved for no job" });
                    return None;
                };
                let (debit, credit) = (transfer.debit, transfer.credit);
                self.pending.insert(transfer.id, Pending { job, debit, credit, left: amount });
                let open = self.open.entry(job).or_default();
                open.reserved = open.reserved.saturating_add(amount);
                return None;
            }
            Phase::Capture { of } => (of, true),
            Phase::Release { of } => (of, false),
        };
        let Some(pending) = self.pending.get_mut(&of) else {
            match transfer.reference {
                Reference::Job(job) => report.add(Fault::EndedTwice(job)),
                _ => report.add(Fault::Impossible { sequence, reason: "it ends what never began" }),
            }
            return None;
        };
        let job = pending.job;
        if (pending.debit, pending.credit) != (transfer.debit, transfer.credit)
            || transfer.reference != Reference::Job(job)
        {
            report.add(Fault::Impossible { sequence, reason: "it ends what was reserved elsewhere" });
        }
        match pending.left.checked_sub(amount) {
            None => report.add(Fault::EndedTwice(job)),
            Some(0) => drop(self.pending.remove(&of)),
            Some(left) => pending.left = left,
        }
        let open = self.open.get_mut(&job)?;
        let part = if captures { &mut open.captured } else { &mut open.released };
        *part = part.saturating_add(amount);
        if open.left() > 0 {
            return None;
        }
        self.open.remove(&job).map(|ended| (job, ended.captured))
    }
}

/// Whether the request of `transfer` knows it, under the id that its place gives it. This also shows that
/// no id was used twice.
fn is_posted(store: &Store, transfer: &Transfer) -> Result<bool, LedgerError> {
    let Some(posting) = POSTINGS.read(store, &transfer.request)? else { return Ok(false) };
    let index = transfer.sequence.checked_sub(posting.first).filter(|index| *index < posting.count);
    Ok(index.is_some_and(|index| part_id(transfer.request, index) == transfer.id))
}
