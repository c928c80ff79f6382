//! The order as tables, its bounds, and what holds whatever comes.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn ticket(job: u128, member: u128, weight: u32, model: &str, since_s: i64) -> Ticket {
    let since = Timestamp::from_millis(since_s * 1_000);
    Ticket {
        job: JobId::from_uuid(Uuid::from_u128(job)),
        member: MemberId::from_uuid(Uuid::from_u128(member)),
        weight,
        units: 1,
        model: model.to_owned(),
        since,
        not_before: since,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

/// What is picked with memory for one model, in which `loaded` is.
fn picks(queue: &mut Queue, now_s: i64, loaded: &str) -> Vec<u128> {
    let mut at_hand = BTreeSet::from([loaded.to_owned()]);
    std::iter::from_fn(|| {
        let ticket = queue.pick(at(now_s), &at_hand)?;
        if !ticket.model.is_empty() {
            at_hand = BTreeSet::from([ticket.model]);
        }
        Some(ticket.job.as_uuid().as_u128())
    })
    .collect()
}

/// One line per rule: (job, member, weight, model, since), loaded model, order wanted.
#[test]
fn order() {
    type Line = (u128, u128, u32, &'static str, i64);
    type Case = (&'static str, &'static [Line], &'static str, &'static [u128]);
    let cases: &[Case] = &[
        ("first come, first served", &[(1, 1, 1, "a", 0), (2, 1, 1, "a", 1)], "a", &[1, 2]),
        (
            "members take turns",
            &[(1, 1, 1, "a", 0), (2, 1, 1, "a", 0), (3, 1, 1, "a", 0), (4, 2, 1, "a", 1), (5, 3, 1, "a", 2)],
            "a",
            &[1, 4, 5, 2, 3],
        ),
        (
            "twice the weight, twice the turns",
            &[
                (1, 1, 2, "a", 0),
                (2, 1, 2, "a", 0),
                (3, 1, 2, "a", 0),
                (4, 1, 2, "a", 0),
                (5, 2, 1, "a", 0),
                (6, 2, 1, "a", 0),
            ],
            "a",
            &[1, 5, 2, 3, 6, 4],
        ),
        (
            "the loaded model goes first",
            &[(1, 1, 1, "b", 0), (2, 2, 1, "a", 0), (3, 3, 1, "a", 0)],
            "a",
            &[2, 3, 1],
        ),
        (
            "but only so many times",
            &[(1, 1, 1, "b", 0), (2, 2, 1, "a", 0), (3, 3, 1, "a", 0), (4, 4, 1, "a", 0), (5, 5, 1, "a", 0)],
            "a",
            &[2, 3, 1, 4, 5],
        ),
        (
            "of one member too",
            &[(1, 1, 1, "a", 0), (2, 1, 1, "b", 1), (3, 1, 1, "a", 2), (4, 1, 1, "b", 3)],
            "b",
            &[2, 4, 1, 3],
        ),
        (
            "what needs no model is not kept back, and keeps nothing back",
            &[(1, 1, 1, "b", 0), (2, 2, 1, "", 0), (3, 3, 1, "a", 0), (4, 4, 1, "", 0)],
            "a",
            &[3, 1, 2, 4],
        ),
        (
            "who waits long enough passes who has used less",
            &[(1, 1, 1, "a", 0), (2, 1, 1, "a", 0), (3, 2, 1, "a", 100)],
            "a",
            &[1, 2, 3],
        ),
    ];
    for (rule, lines, loaded, wanted) in cases {
        let config = QueueConfig { affinity_run: 2, ..QueueConfig::default() };
        let mut queue = Queue::new(config);
        for (job, member, weight, model, since) in *lines {
            queue.push(ticket(*job, *member, *weight, model, *since));
        }
        let at_hand = BTreeSet::from([(*loaded).to_owned()]);
        let planned: Vec<_> =
            queue.order(at(100), &at_hand).iter().map(|job| job.as_uuid().as_u128()).collect();
        assert_eq!(picks(&mut queue, 100, loaded), *wanted, "{rule}");
        assert_eq!(planned, *wanted, "{rule}: the order that is shown");
        assert!(queue.is_empty(), "{rule}");
    }
}

#[test]
fn coming_back_gives_no_credit_for_absence() {
    let mut queue = Queue::new(QueueConfig::default());
    for job in 0..10 {
        queue.push(ticket(job, 1, 1, "a", 0));
    }
    assert_eq!((0..5).filter_map(|_| queue.pick(at(0), &BTreeSet::new())).count(), 5);
    for job in 20..25 {
        queue.push(ticket(job, 2, 1, "a", 0));
    }
    let order = picks(&mut queue, 0, "a");
    let lead = order.iter().take(4).filter(|job| **job >= 20).count();
    assert!(lead <= 3, "a newcomer must not take all the turns: {order:?}");
}

/// Two models that memory can't hold together: a swap pays for at least four jobs, and nobody is passed over
/// by more than a run of them.
#[test]
fn swaps_are_few_and_nobody_starves() {
    for members in [1, 2, 5] {
        let mut queue = Queue::new(QueueConfig::default());
        for job in 0..80 {
            queue.push(ticket(job, job / 2 % members, 1, ["a", "b"][job as usize % 2], 0));
        }
        let order = picks(&mut queue, 0, "");
        let swaps = order.windows(2).filter(|pair| pair[0] % 2 != pair[1] % 2).count();
        assert!(swaps <= 80 / 4, "{members} members: {swaps} swaps in {order:?}");
        let mut waited = 0;
        for (place, job) in order.iter().enumerate() {
            // How many later ones of its own member went before it.
            let later = |other: &&u128| *other > job && *other / 2 % members == job / 2 % members;
            waited = waited.max(order[..place].iter().filter(later).count());
        }
        assert!(waited <= 8, "{members} members: {waited} overtook one of {order:?}");
    }
}

#[test]
fn a_paused_job_waits_and_blocks_nobody() {
    let mut queue = Queue::new(QueueConfig::default());
    queue.push(Ticket { not_before: at(50), ..ticket(1, 1, 1, "a", 0) });
    queue.push(ticket(2, 1, 1, "a", 1));
    assert_eq!(picks(&mut queue, 10, "a"), [2]);
    assert_eq!(queue.next_ready(at(10)), Some(at(50)));
    assert_eq!(picks(&mut queue, 50, "a"), [1]);
}

#[test]
fn bounds() {
    let config = QueueConfig { max_jobs: 3, max_jobs_per_member: 2, ..QueueConfig::default() };
    let mut queue = Queue::new(config);
    let member = |number| MemberId::from_uuid(Uuid::from_u128(number));
    queue.push(ticket(1, 1, 1, "a", 0));
    assert_eq!(queue.has_room(member(1), (0, 0)), Ok(()));
    assert_eq!(queue.has_room(member(1), (1, 1)), Err(Full::Member(2)));
    queue.push(ticket(2, 1, 1, "a", 0));
    assert_eq!(queue.has_room(member(1), (0, 0)), Err(Full::Member(2)));
    assert_eq!(queue.has_room(member(2), (1, 0)), Err(Full::Everyone(3)));
    queue.push(ticket(3, 2, 1, "a", 0));
    assert_eq!(queue.has_room(member(3), (0, 0)), Err(Full::Everyone(3)));
}

proptest! {
    /// Whatever is pushed is picked exactly once, counts agree, and nobody starves.
    #[test]
    fn nothing_is_lost_or_doubled(
        pushes in proptest::collection::vec((0_u128..6, 1_u32..5, 0_usize..3, 0_i64..1_000), 1..60),
        removals in proptest::collection::vec(0_usize..60, 0..10),
    ) {
        let mut queue = Queue::new(QueueConfig::default());
        for (number, (member, weight, model, since)) in pushes.iter().enumerate() {
            let model = ["a", "b", "c"][*model];
            queue.push(ticket(number as u128, *member, *weight, model, *since));
            queue.push(ticket(number as u128, *member, *weight, model, *since));
        }
        let mut left: Vec<u128> = (0..pushes.len() as u128).collect();
        for number in removals {
            let job = JobId::from_uuid(Uuid::from_u128(number as u128));
            let was_there = left.contains(&(number as u128));
            prop_assert_eq!(queue.remove(job).is_some(), was_there);
            left.retain(|other| *other != number as u128);
        }
        prop_assert_eq!(queue.len() as usize, left.len());
        prop_assert_eq!(queue.order(at(2_000), &BTreeSet::from(["a".to_owned()])).len(), left.len());
        let mut got = picks(&mut queue, 2_000, "a");
        got.sort_unstable();
        prop_assert_eq!(got, left);
        prop_assert!(queue.is_empty());
    }
}
