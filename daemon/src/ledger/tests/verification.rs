//! Every kind of damage is found.

use super::house::{House, job, member, request};
use super::script::Op;
use crate::ledger::*;
use crate::store::{StoreError, Tx};

fn house() -> House {
    let mut house = House::new();
    for line in ["buy 1 1 100", "reserve 1 1 40", "reserve 1 2 20", "capture 1 33", "gift 2 2 5"] {
        house.run(&Op::parse(line));
    }
    assert!(house.verify().is_sound());
    house
}

/// Damages the records of a sound ledger and expects a fault that fits.
fn check(
    damage: impl Fn(&mut Tx<'_>) -> Result<(), StoreError> + Send + 'static,
    fits: impl Fn(&Fault) -> bool,
) {
    let house = house();
    house.store().transact_blocking(damage).unwrap();
    let report = house.verify();
    assert!(report.faults.iter().any(fits), "{report:?}");
    assert!(report.faults.iter().all(|fault| !fault.to_string().is_empty()));
}

fn edit(tx: &mut Tx<'_>, sequence: u64, change: impl Fn(&mut Transfer)) -> Result<(), StoreError> {
    let mut transfer = JOURNAL.get(tx, &sequence)?.unwrap();
    change(&mut transfer);
    JOURNAL.put(tx, &sequence, &transfer)
}

#[test]
fn totals_that_differ() {
    let purchased = AccountId::Purchased(member(1));
    check(
        move |tx| {
            let mut account = ACCOUNTS.get(tx, &purchased)?.unwrap();
            account.totals.credits_posted += 1;
            ACCOUNTS.put(tx, &purchased, &account)
        },
        |fault| matches!(fault, Fault::WrongTotals { .. }),
    );
    check(move |tx| ACCOUNTS.remove(tx, &purchased), |fault| matches!(fault, Fault::WrongTotals { .. }));
    check(move |tx| ACCOUNTS.remove(tx, &AccountId::Revenue), |fault| matches!(fault, Fault::Unbalanced));
}

#[test]
fn an_edited_journal() {
    check(
        |tx| edit(tx, 1, |transfer| transfer.amount = 30),
        |fault| matches!(fault, Fault::BelowZero { .. }),
    );
    check(
        |tx| edit(tx, 1, |transfer| transfer.amount = 101),
        |fault| matches!(fault, Fault::WrongBalance { .. }),
    );
    check(
        |tx| edit(tx, 1, |transfer| transfer.amount = 0),
        |fault| matches!(fault, Fault::Impossible { .. }),
    );
    check(|tx| JOURNAL.remove(tx, &2), |fault| matches!(fault, Fault::Gap(2)));
    check(|tx| HEAD.put(tx, &(), &9), |fault| matches!(fault, Fault::WrongEnd { head: 9, .. }));
    check(|tx| POSTINGS.remove(tx, &request(1)), |fault| matches!(fault, Fault::Impossible { .. }));
}

#[test]
fn a_reservation_that_ends_twice() {
    check(
        |tx| {
            let mut again = JOURNAL.get(tx, &4)?.unwrap();
            again.sequence = 7;
            HEAD.put(tx, &(), &7)?;
            JOURNAL.put(tx, &7, &again)
        },
        |fault| matches!(fault, Fault::EndedTwice(ended) if *ended == job(1)),
    );
}

#[test]
fn wallets_and_reservations_that_differ() {
    check(|tx| WALLETS.remove(tx, &member(1)), |fault| matches!(fault, Fault::WrongWallet(_)));
    check(|tx| RESERVATIONS.remove(tx, &job(1)), |fault| matches!(fault, Fault::WrongReservation(_)));
    check(
        |tx| {
            let mut stray = RESERVATIONS.get(tx, &job(1))?.unwrap();
            stray.job = job(9);
            RESERVATIONS.put(tx, &job(9), &stray)
        },
        |fault| matches!(fault, Fault::WrongReservation(stray) if *stray == job(9)),
    );
}

#[test]
fn jobs_that_contradict_their_reservations() {
    let expect = |number: u8, end: Option<EndState>, fault: Fault| {
        let mut house = house();
        match end {
            Some(end) => house.jobs.insert(job(number), end),
            None => house.jobs.remove(&job(number)),
        };
        assert_eq!(house.verify().faults, [fault]);
    };
    expect(1, None, Fault::WithoutJob(job(1)));
    expect(2, None, Fault::WithoutJob(job(2)));
    expect(2, Some(EndState::Succeeded), Fault::EndedWithOpenReservation(job(2)));
    expect(2, Some(EndState::Unsuccessful), Fault::EndedWithOpenReservation(job(2)));
    let mut house = house();
    house.run(&Op::parse("release 2"));
    house.jobs.insert(job(2), EndState::Succeeded);
    assert_eq!(house.verify().faults, [Fault::SucceededWithoutCapture(job(2))]);
}

#[test]
fn a_job_that_cannot_be_read_is_an_error_and_no_fault() {
    let house = house();
    for unreadable in [1, 2] {
        let outcome = verify(house.store(), |asked| match house.jobs.get(&asked) {
            _ if asked == job(unreadable) => Err(StoreError::Closed),
            known => Ok(known.copied()),
        });
        assert_eq!(outcome, Err(LedgerError::Store(StoreError::Closed)), "job {unreadable}");
    }
}
