//! Many callers at once.

use super::house::{House, context, days, job, member, request};
use super::script::Op;
use crate::ledger::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_submits_on_a_balance_for_ten() {
    let mut house = House::new();
    house.run(&Op::parse("buy 1 1 10"));
    let submit = |number: u8| {
        let store = house.store().clone();
        tokio::spawn(async move {
            let request = ReserveRequest { job: job(number), member: member(1), amount: 1 };
            store.transact(move |tx| reserve(tx, &request, &context(12))).await
        })
    };
    let tries: Vec<_> = (0..64).map(submit).collect();
    let mut accepted = 0;
    for (number, outcome) in (0..).zip(futures::future::join_all(tries).await) {
        match outcome.unwrap() {
            Ok(_) => {
                accepted += 1;
                house.jobs.insert(job(number), EndState::Running);
            }
            Err(error) => assert_eq!(error, LedgerError::Insufficient { needed: 1, available: 0 }),
        }
    }
    assert_eq!(accepted, 10);
    assert_eq!(house.balance(1), "P0+10");
    let report = house.verify();
    assert!(report.is_sound() && report.open_reservations == 10, "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_payment_event_five_times_at_once() {
    let house = House::new();
    let deliver = |_| {
        let store = house.store().clone();
        tokio::spawn(async move {
            let event = GrantRequest {
                id: request(1),
                member: member(1),
                amount: 500,
                source: GrantSource::Purchase,
                reference: Reference::Payment("event".to_owned()),
            };
            store.transact(move |tx| grant(tx, &event, &context(12))).await
        })
    };
    let answers = futures::future::join_all((0..5).map(deliver)).await;
    let answers: Vec<Transfer> = answers.into_iter().map(|answer| answer.unwrap().unwrap()).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(house.balance(1), "P500");
    assert_eq!(house.verify().transfers, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_free_credits_of_a_day_asked_for_at_once() {
    let house = House::new();
    let ask = |_| {
        let store = house.store().clone();
        tokio::spawn(async move {
            let daily = DailyRequest { member: member(1), level: 10, day: days().day(context(12).now)? };
            store.transact(move |tx| ensure_daily(tx, &daily, &context(12))).await
        })
    };
    let answers = futures::future::join_all((0..20).map(ask)).await;
    let granted = answers.into_iter().filter(|answer| matches!(answer, Ok(Ok(Some(_))))).count();
    assert_eq!(granted, 1);
    assert_eq!(house.balance(1), "D10");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn verifying_while_work_goes_on_raises_no_alarm() {
    let mut house = House::new();
    house.run(&Op::parse("buy 1 1 1000"));
    for number in 0..60 {
        house.jobs.insert(job(number), EndState::Running);
    }
    let work = |number: u8| {
        let store = house.store().clone();
        tokio::spawn(async move {
            let request = ReserveRequest { job: job(number), member: member(1), amount: 3 };
            store.transact(move |tx| reserve(tx, &request, &context(12))).await?;
            store.transact(move |tx| capture(tx, job(number), 2, &context(12))).await
        })
    };
    let work: Vec<_> = (0..60).map(work).collect();
    for _ in 0..20 {
        let report = tokio::task::block_in_place(|| house.verify());
        assert!(report.is_sound(), "{report:?}");
    }
    assert!(futures::future::join_all(work).await.into_iter().all(|done| done.unwrap().is_ok()));
    assert_eq!(house.balance(1), "P880");
    assert!(house.verify().is_sound());
}
