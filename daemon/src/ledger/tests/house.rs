//! A ledger on a disk of its own, driven by scripted operations.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::script::{Op, render};
use crate::clock::Timestamp;
use crate::id::{JobId, MemberId, TransferId};
use crate::ledger::*;
use crate::store::{Order, Store, StoreOptions, Tx};

pub(super) struct House {
    folder: TempDir,
    store: Option<Store>,
    pub(super) hour: i64,
    /// How the jobs stand, as the jobs themselves would say.
    pub(super) jobs: BTreeMap<JobId, EndState>,
}

pub(super) fn member(who: u8) -> MemberId {
    MemberId::derived(&[b"member", &[who]])
}

pub(super) fn job(number: u8) -> JobId {
    JobId::derived(&[b"job", &[number]])
}

pub(super) fn request(number: u8) -> TransferId {
    TransferId::derived(&[b"request", &[number]])
}

pub(super) fn at(hour: i64) -> Timestamp {
    Timestamp::from_millis(hour * 3_600_000)
}

fn hours(time: Timestamp) -> i64 {
    time.as_millis() / 3_600_000
}

pub(super) fn context(hour: i64) -> Context {
    Context::new(at(hour), Actor::System)
}

pub(super) fn days() -> DayRule {
    DayRule::new(TimeZone::UTC, 0).unwrap()
}

impl House {
    pub(super) fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let mut house = House { folder, store: None, hour: 12, jobs: BTreeMap::new() };
        house.reopen();
        house
    }

    pub(super) fn journal_path(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    pub(super) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    /// Closes the store and leaves its files.
    pub(super) fn shut(&mut self) {
        self.store = None;
    }

    pub(super) fn try_open(&mut self) -> Result<(), crate::store::StoreError> {
        let journal = Journal::open(&self.journal_path())?;
        let options = StoreOptions { mirror: Some(Box::new(journal)), ..StoreOptions::default() };
        self.store = Some(Store::open(&self.folder.path().join("store"), options)?);
        Ok(())
    }

    pub(super) fn reopen(&mut self) {
        self.shut();
        self.try_open().unwrap();
    }

    pub(super) fn transact<T: Send + 'static>(
        &self,
        verb: impl Fn(&mut Tx<'_>) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.store().transact_blocking(verb)
    }

    /// Runs an operation and says in a few words how it went.
    pub(super) fn run(&mut self, op: &Op) -> String {
        match *op {
            Op::Clock { hour } => self.hour = hour,
            Op::Reopen => self.reopen(),
            _ => return self.verb(op.clone()).unwrap_or_else(|error| name_of(&error).to_owned()),
        }
        String::new()
    }

    fn verb(&mut self, op: Op) -> Result<String, LedgerError> {
        let now = context(self.hour);
        let ended = match op {
            Op::Reserve { job: number, .. } => Some((number, EndState::Running)),
            Op::Capture { job: number, .. } => Some((number, EndState::Succeeded)),
            Op::Release { job: number } => Some((number, EndState::Unsuccessful)),
            _ => None,
        };
        let outcome = self.transact(move |tx| apply(tx, &op, &now))?;
        if let Some((number, end)) = ended {
            let known = self.jobs.entry(job(number)).or_insert(EndState::Running);
            if *known == EndState::Running {
                *known = end;
            }
        }
        Ok(outcome)
    }

    pub(super) fn balance(&self, who: u8) -> String {
        let now = at(self.hour);
        let balance = read_balance(self.store(), member(who), now).unwrap();
        let (mut free, mut held) = (0, 0);
        for holding in &balance.holdings {
            free += holding.available;
            held += holding.reserved;
        }
        assert_eq!((free, held), (balance.available, balance.reserved));
        render(balance.holdings.iter().map(|holding| {
            let name = match holding.account {
                AccountId::Purchased(_) => 'P',
                AccountId::Daily(_) => 'D',
                AccountId::Plan(_) => 'L',
                _ => 'B',
            };
            (name, holding.available, holding.reserved, holding.expires.map(hours))
        }))
    }

    pub(super) fn verify(&self) -> Report {
        let jobs = &self.jobs;
        verify(self.store(), |job| Ok(jobs.get(&job).copied())).unwrap()
    }

    /// All records as text, without what a rebuild cannot know: who became whom when nothing was moved.
    pub(super) fn records(&self) -> Vec<String> {
        records(self.store())
    }
}

pub(super) fn records(store: &Store) -> Vec<String> {
    fn dump<
        K: crate::store::Key + std::fmt::Debug,
        V: serde::Serialize + serde::de::DeserializeOwned + std::fmt::Debug,
    >(
        store: &Store,
        table: &Table<K, V>,
    ) -> Vec<String> {
        let rows = table.scan(store, .., Order::Ascending, usize::MAX).unwrap();
        rows.iter().map(|(key, value)| format!("{table:?} {key:?} {value:?}")).collect()
    }
    let mut wallets = WALLETS.scan(store, .., Order::Ascending, usize::MAX).unwrap();
    wallets.iter_mut().for_each(|(_, wallet)| wallet.merged_into = None);
    wallets.retain(|(_, wallet)| *wallet != wallet::Wallet::default());
    let mut records = vec![format!("{wallets:?}")];
    records.extend(dump(store, &ACCOUNTS));
    records.extend(dump(store, &JOURNAL));
    records.extend(dump(store, &POSTINGS));
    records.extend(dump(store, &RESERVATIONS));
    records.extend(dump(store, &MEMBER_TRANSFERS));
    records.push(format!("{}", HEAD.read(store, &()).unwrap().unwrap_or(0)));
    records
}

fn apply(tx: &mut Tx<'_>, op: &Op, now: &Context) -> Result<String, LedgerError> {
    let payment = |id: u8| Reference::Payment(format!("payment {id}"));
    let moved = |transfers: &[Transfer]| {
        format!("moved {}", transfers.iter().map(|transfer| transfer.amount).sum::<u64>())
    };
    let state = |reservation: Reservation| match reservation.state() {
        ReservationState::Open => "open".to_owned(),
        ReservationState::Captured(amount) => format!("captured {amount}"),
        ReservationState::Released => "released".to_owned(),
    };
    let give = |tx: &mut Tx<'_>, who: u8, id: u8, amount: u64, source: GrantSource| {
        let request =
            GrantRequest { id: request(id), member: member(who), amount, source, reference: payment(id) };
        grant(tx, &request, now).map(|transfer| moved(&[transfer]))
    };
    match *op {
        Op::Buy { who, id, amount } => give(tx, who, id, amount, GrantSource::Purchase),
        Op::Plan { who, id, amount, ends } => give(tx, who, id, amount, GrantSource::Plan { ends: at(ends) }),
        Op::Gift { who, id, amount, ends } => {
            let source = GrantSource::Bonus { kind: BonusKind::Gift, expires: ends.map(at) };
            give(tx, who, id, amount, source)
        }
        Op::Daily { who, level } => {
            let day = days().day(now.now)?;
            let transfer = ensure_daily(tx, &DailyRequest { member: member(who), level, day }, now)?;
            Ok(moved(transfer.as_slice()))
        }
        Op::Reserve { who, job: number, amount } => {
            reserve(tx, &ReserveRequest { job: job(number), member: member(who), amount }, now).map(state)
        }
        Op::Capture { job: number, amount } => capture(tx, job(number), amount, now).map(state),
        Op::Release { job: number } => release(tx, job(number), now).map(state),
        Op::Refund { id, job: number, amount } => {
            refund(tx, &RefundRequest { id: request(id), job: job(number), amount }, now)
                .map(|done| moved(&done))
        }
        Op::Adjust { who, id, change } => {
            let reference = Reference::None;
            adjust(tx, &AdjustRequest { id: request(id), member: member(who), change, reference }, now)
                .map(|done| moved(&done))
        }
        Op::Revoke { who, id, amount } => {
            let request =
                RevokeRequest { id: request(id), member: member(who), amount, reference: payment(id) };
            revoke_purchase(tx, &request, now).map(|done| moved(done.as_slice()))
        }
        Op::Merge { id, from, to } => {
            merge(tx, &MergeRequest { id: request(id), from: member(from), to: member(to) }, now)
                .map(|done| moved(&done))
        }
        Op::Clock { .. } | Op::Reopen => Ok(String::new()),
    }
}

fn name_of(error: &LedgerError) -> &'static str {
    match error {
        LedgerError::Insufficient { .. } => "insufficient",
        LedgerError::ZeroAmount => "zero",
        LedgerError::AlreadyExists(_) => "exists",
        LedgerError::UnknownReservation(_) => "unknown",
        LedgerError::CaptureTooLarge { .. } | LedgerError::RefundTooLarge { .. } => "too large",
        LedgerError::TooManyGrants(_) => "too many",
        LedgerError::Merged(_) => "merged",
        LedgerError::SameMember => "same",
        LedgerError::TooLong { .. } => "too long",
        LedgerError::Overflow => "overflow",
        LedgerError::Time => "time",
        LedgerError::Damaged(_) => "damaged",
        LedgerError::Store(_) => "store",
    }
}
