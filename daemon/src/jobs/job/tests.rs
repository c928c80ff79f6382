//! Every change in every state.

use atelier_models::ThumbnailSpec;

use super::*;

pub(crate) fn queued_job() -> Job {
    let now = Timestamp::from_millis(1_000);
    Job {
        id: JobId::new(now),
        member: MemberId::new(now),
        work: Work::Thumbnail {
            spec: ThumbnailSpec { subject: "bread".into(), count: 1, ..ThumbnailSpec::default() },
            photo: None,
        },
        algorithm: "draft-1".into(),
        digest: Digest::of("test", &[]),
        price_credits: 3,
        charged_credits: 0,
        refunded: false,
        weight: 1,
        state: State::Queued { not_before: now },
        last_event: 1,
        attempts: 0,
        created_at: now,
        started_at: None,
        ended_at: None,
        pictures: Vec::new(),
    }
}

#[test]
fn every_change_in_every_state() {
    let now = Timestamp::from_millis(5_000);
    let start = || Change::Start;
    let again = || Change::TryAgain { message: "busy".into(), not_before: now };
    let succeed = || Change::Succeed { pictures: Vec::new(), charged_credits: 9 };
    let fail = || Change::Fail { failure: Failure::Internal, message: "broken".into() };
    let cancel = || Change::Cancel { by: "ann".into() };
    let queued = queued_job();
    let running = queued.apply(start(), now).unwrap().0;
    let succeeded = running.apply(succeed(), now).unwrap().0;
    let failed = running.apply(fail(), now).unwrap().0;
    let cancelled = queued.apply(cancel(), now).unwrap().0;
    use StateName::{Cancelled, Failed, Queued, Running, Succeeded};
    for (job, change, wanted) in [
        (&queued, start(), Some(Running)),
        (&queued, again(), None),
        (&queued, Change::Requeue { counts: true }, None),
        (&queued, succeed(), None),
        (&queued, fail(), Some(Failed)),
        (&queued, cancel(), Some(Cancelled)),
        (&running, start(), None),
        (&running, again(), Some(Queued)),
        (&running, Change::Requeue { counts: false }, Some(Queued)),
        (&running, succeed(), Some(Succeeded)),
        (&running, fail(), Some(Failed)),
        (&running, cancel(), Some(Cancelled)),
        (&succeeded, start(), None),
        (&succeeded, cancel(), None),
        (&failed, start(), None),
        (&failed, cancel(), None),
        (&cancelled, start(), None),
        (&cancelled, succeed(), None),
        (&cancelled, cancel(), None),
    ] {
        let text = format!("{:?} + {change:?}", job.state.name());
        let got = job.apply(change, now);
        assert_eq!(got.as_ref().ok().map(|(next, _)| next.state.name()), wanted, "{text}");
        if let Ok((next, event)) = got {
            assert_eq!(event.number, job.last_event + 1, "{text}");
            assert_eq!(next.ended_at.is_some(), next.state.has_ended(), "{text}");
            assert!(next.charged_credits <= next.price_credits, "{text}");
        }
    }
}

#[test]
fn an_attempt_counts_unless_the_daemon_ended_in_order() {
    let now = Timestamp::from_millis(5_000);
    let running = queued_job().apply(Change::Start, now).unwrap().0;
    assert_eq!(running.attempts, 1);
    assert_eq!(running.apply(Change::Requeue { counts: false }, now).unwrap().0.attempts, 0);
    assert_eq!(running.apply(Change::Requeue { counts: true }, now).unwrap().0.attempts, 1);
}
