//! The tables of jobs, and the only code that writes them.

use serde::{Deserialize, Serialize};

use super::job::{Event, Job, Kind, StateName, Tombstone};
use crate::{
    clock::Timestamp,
    id::{JobId, MemberId},
    page::{Listed, Page, PageError},
    store::{Order, Store, StoreError, Table, TableId, Tx},
};

static JOBS: Table<JobId, Job> = Table::new(TableId::Jobs as u8, "jobs");
static EVENTS: Table<(JobId, u64), Event> = Table::new(TableId::JobEvents as u8, "job events");
static MEMBER_JOBS: Table<(MemberId, Timestamp, JobId), Glance> =
    Table::new(TableId::MemberJobs as u8, "member jobs");
static ALL_JOBS: Table<(Timestamp, JobId), Glance> = Table::new(TableId::AllJobs as u8, "all jobs");
static OPEN_JOBS: Table<JobId, ()> = Table::new(TableId::OpenJobs as u8, "open jobs");
static COUNTS: Table<MemberId, u64> = Table::new(TableId::JobCounts as u8, "job counts");
static TOMBSTONES: Table<JobId, Tombstone> = Table::new(TableId::JobTombstones as u8, "job tombstones");

/// What a list has to know of a job to pass it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Glance {
    kind: Kind,
    state: StateName,
}

/// Which jobs a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only in this state.
    pub state: Option<StateName>,
}

impl Filter {
    fn shows(&self, glance: Glance) -> bool {
        self.kind.is_none_or(|kind| kind == glance.kind)
            && self.state.is_none_or(|state| state == glance.state)
    }
}

/// What is known under a job's id.
pub(super) enum Known {
    /// The job.
    Job(Box<Job>),
    /// It was deleted.
    Tombstone(Tombstone),
    /// Nothing.
    Nothing,
}

/// Writes a new or changed job with the event that led to it.
pub(super) fn write(tx: &mut Tx<'_>, job: &Job, event: &Event) -> Result<(), StoreError> {
    update(tx, job)?;
    EVENTS.put(tx, &(job.id, event.number), event)?;
    if job.state.has_ended() { OPEN_JOBS.remove(tx, &job.id) } else { OPEN_JOBS.put(tx, &job.id, &()) }
}

/// Writes a job whose state did not change.
pub(super) fn update(tx: &mut Tx<'_>, job: &Job) -> Result<(), StoreError> {
    let glance = Glance { kind: job.work.kind(), state: job.state.name() };
    JOBS.put(tx, &job.id, job)?;
    MEMBER_JOBS.put(tx, &(job.member, job.created_at, job.id), &glance)?;
    ALL_JOBS.put(tx, &(job.created_at, job.id), &glance)
}

/// Takes an ended job away and leaves a tombstone. `events` is how many it has.
pub(super) fn bury(tx: &mut Tx<'_>, job: &Job, now: Timestamp) -> Result<(), StoreError> {
    JOBS.remove(tx, &job.id)?;
    MEMBER_JOBS.remove(tx, &(job.member, job.created_at, job.id))?;
    ALL_JOBS.remove(tx, &(job.created_at, job.id))?;
    for number in 1..=job.last_event {
        EVENTS.remove(tx, &(job.id, number))?;
    }
    let tombstone = Tombstone {
        member: job.member,
        digest: job.digest,
        state: job.state.name(),
        charged_credits: job.charged_credits,
        deleted_at: now,
    };
    TOMBSTONES.put(tx, &job.id, &tombstone)
}

/// What the transaction sees under `id`.
pub(super) fn get(tx: &mut Tx<'_>, id: JobId) -> Result<Known, StoreError> {
    if let Some(job) = JOBS.get(tx, &id)? {
        return Ok(Known::Job(Box::new(job)));
    }
    Ok(TOMBSTONES.get(tx, &id)?.map_or(Known::Nothing, Known::Tombstone))
}

/// The durable job.
pub(super) fn read(store: &Store, id: JobId) -> Result<Option<Job>, StoreError> {
    JOBS.read(store, &id)
}

/// What is left of a deleted job.
pub(super) fn read_tombstone(store: &Store, id: JobId) -> Result<Option<Tombstone>, StoreError> {
    TOMBSTONES.read(store, &id)
}

/// The events after `number`, in order.
pub(super) fn events_after(store: &Store, id: JobId, number: u64) -> Result<Vec<Event>, StoreError> {
    let range = (id, number.saturating_add(1))..=(id, u64::MAX);
    Ok(EVENTS.scan(store, range, Order::Ascending, usize::MAX)?.into_iter().map(|(_, event)| event).collect())
}

/// Jobs that have not ended, in no particular order.
pub(super) fn open(store: &Store) -> Result<Vec<Job>, StoreError> {
    let mut jobs = Vec::new();
    for (id, ()) in OPEN_JOBS.scan(store, .., Order::Ascending, usize::MAX)? {
        jobs.extend(JOBS.read(store, &id)?);
    }
    Ok(jobs)
}

/// A page of jobs of one member, or of everybody; newest first.
pub(super) fn page(
    store: &Store,
    member: Option<MemberId>,
    filter: Filter,
    page: &Page,
) -> Result<Listed<Job>, PageError> {
    let shown = |id: JobId, glance: Glance| filter.shows(glance).then_some(id);
    let ids = match member {
        Some(member) => {
            let first = (member, Timestamp::from_millis(i64::MIN), JobId::from_uuid(uuid::Uuid::nil()));
            let last = (member, Timestamp::MAX, JobId::from_uuid(uuid::Uuid::max()));
            let own = |(_, _, id): &(MemberId, Timestamp, JobId), glance| shown(*id, glance);
            page.list(store, &MEMBER_JOBS, first..=last, Order::Descending, own)?
        }
        None => {
            let any = |(_, id): &(Timestamp, JobId), glance| shown(*id, glance);
            page.list(store, &ALL_JOBS, .., Order::Descending, any)?
        }
    };
    let mut jobs = Vec::with_capacity(ids.items.len());
    for id in ids.items {
        // One that was deleted meanwhile is left out.
        jobs.extend(JOBS.read(store, &id)?);
    }
    Ok(Listed { items: jobs, next: ids.next })
}

/// When a member's newest job was submitted.
pub(super) fn newest(store: &Store, member: MemberId) -> Result<Option<Timestamp>, StoreError> {
    let rows = MEMBER_JOBS.scan_prefix(store, &member, Order::Descending, 1)?;
    Ok(rows.first().map(|((_, at, _), _)| *at))
}

/// Gives the ended ones of these jobs of one member to another; how many there were.
pub(super) fn hand_over(
    tx: &mut Tx<'_>,
    jobs: &[JobId],
    from: MemberId,
    to: MemberId,
) -> Result<u64, StoreError> {
    let mut moved = 0;
    for id in jobs {
        let Some(mut job) = JOBS.get(tx, id)?.filter(|job| job.member == from && job.state.has_ended())
        else {
            continue;
        };
        MEMBER_JOBS.remove(tx, &(from, job.created_at, job.id))?;
        job.member = to;
        update(tx, &job)?;
        count_one(tx, to)?;
        moved += 1;
    }
    Ok(moved)
}

/// Jobs of a member, oldest first.
pub(super) fn ids_of(store: &Store, member: MemberId, most: usize) -> Result<Vec<JobId>, StoreError> {
    let rows = MEMBER_JOBS.scan_prefix(store, &member, Order::Ascending, most)?;
    Ok(rows.into_iter().map(|((_, _, id), _)| id).collect())
}

/// Counts a new job of `member`.
pub(super) fn count_one(tx: &mut Tx<'_>, member: MemberId) -> Result<(), StoreError> {
    let count = COUNTS.get(tx, &member)?.unwrap_or(0);
    COUNTS.put(tx, &member, &(count + 1))
}

/// How many jobs a member has ever submitted.
pub(super) fn count(store: &Store, member: MemberId) -> Result<u64, StoreError> {
    Ok(COUNTS.read(store, &member)?.unwrap_or(0))
}
