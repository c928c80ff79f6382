//! Loading, evicting and lending with models that only count themselves.

use std::sync::atomic::{AtomicU32, Ordering};

use atelier_models::{Pipeline, Silent};

use super::*;
use crate::engine::{Recipe, residency::Role};

/// A model of a size, which counts how many of its kind are in memory.
struct Fake {
    bytes: u64,
    alive: Arc<AtomicU32>,
}

impl Loaded for Fake {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn pipeline(self: Arc<Self>, _: &Recipe) -> Result<Box<dyn Pipeline>, Error> {
        Err(Error::Internal("paints nothing".to_owned()))
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Models `a` to `d` of 4 bytes each, `huge` of 100, `liar` of 40 that says 4, `broken` and `panics`.
#[derive(Clone, Default)]
struct Shelf {
    loads: Arc<AtomicU32>,
    alive: Arc<AtomicU32>,
}

impl Library for Shelf {
    fn installed(&self) -> Vec<Installed> {
        let sizes = [
            ("a", 4),
            ("b", 4),
            ("c", 4),
            ("d", 4),
            ("huge", 100),
            ("liar", 4),
            ("broken", 4),
            ("panics", 4),
        ];
        let model = |(name, memory_bytes): (&str, u64)| Installed {
            name: name.to_owned(),
            role: Role::Paints,
            verified: true,
            family: "fake".to_owned(),
            licence: "MIT".to_owned(),
            commercial_use: true,
            summary: String::new(),
            disk_bytes: memory_bytes,
            memory_bytes,
        };
        sizes.map(model).into()
    }

    fn load(&self, key: &ModelKey) -> Result<Arc<dyn Loaded>, Error> {
        let name = key.model.as_str();
        assert_ne!(name, "panics", "asked for");
        if name == "broken" {
            return Err(Error::Checkpoint {
                file: "broken.safetensors".into(),
                problem: "ends early".into(),
            });
        }
        self.loads.fetch_add(1, Ordering::SeqCst);
        self.alive.fetch_add(1, Ordering::SeqCst);
        let bytes = if name == "liar" { 40 } else { 4 };
        Ok(Arc::new(Fake { bytes, alive: Arc::clone(&self.alive) }))
    }
}

fn residency(budget: u64) -> (Residency, Shelf, Clock) {
    let (shelf, clock) = (Shelf::default(), Clock::manual(crate::clock::Timestamp::from_millis(0)));
    let config = ResidencyConfig { memory_budget_bytes: budget, keep_alive_s: 60, pinned: Vec::new() };
    let residency = Residency::new(&config, Arc::new(shelf.clone()), clock.clone(), Metrics::new("0"));
    (residency, shelf, clock)
}

fn phase(residency: &Residency, name: &str) -> Phase {
    residency.state().books.phase(name)
}

#[test]
fn models_are_loaded_once_and_evicted_for_others() {
    let (residency, shelf, _) = residency(8);
    for name in ["a", "b", "a", "c", "a", "c"] {
        residency.lend(&name.into(), &mut Silent).unwrap();
    }
    assert_eq!(shelf.loads.load(Ordering::SeqCst), 3);
    assert_eq!(shelf.alive.load(Ordering::SeqCst), 2, "an evicted model is freed");
    assert_eq!(residency.at_hand(), ["a", "c"].map(str::to_owned).into());
    let text = residency.shared.metrics.text().unwrap();
    for line in ["atelier_model_loads_total{outcome=\"loaded\",swap=\"yes\"} 1", "atelier_models_bytes 8"] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
}

#[test]
fn what_is_not_there_or_never_fits_is_refused() {
    let (residency, ..) = residency(8);
    assert_eq!(residency.check(&"z".into()), Err(ModelError::NotInstalled("z".into())));
    assert!(matches!(residency.check(&"huge".into()), Err(ModelError::TooLarge(_))));
    assert!(matches!(
        residency.lend(&"huge".into(), &mut Silent).err(),
        Some(Error::Invalid { field: "algorithm", .. })
    ));
    // A size that was wrong is found out by loading, once.
    assert!(residency.check(&"liar".into()).is_ok());
    assert!(residency.lend(&"liar".into(), &mut Silent).is_err());
    assert!(matches!(residency.check(&"liar".into()), Err(ModelError::TooLarge(_))));
    assert_eq!(residency.state().books.bytes(), 0);
}

#[test]
fn a_load_that_fails_leaves_nothing_behind() {
    let (residency, shelf, _) = residency(8);
    residency.lend(&"a".into(), &mut Silent).unwrap();
    let failed = residency.load_ahead(&"broken".into());
    assert!(failed.is_err_and(|error| error.to_string().contains("ends early")));
    let rows = residency.standing().rows;
    let row = rows.iter().find(|row| row.name == "broken").unwrap();
    assert!(row.phase == Phase::Absent && row.failure.is_some());
    let broken_down = residency.clone();
    std::thread::spawn(move || broken_down.lend(&"panics".into(), &mut Silent).map(drop)).join().unwrap_err();
    assert_eq!(phase(&residency, "panics"), Phase::Absent);
    residency.lend(&"b".into(), &mut Silent).unwrap();
    assert_eq!(shelf.loads.load(Ordering::SeqCst), 2);
}

#[test]
fn what_is_in_use_is_waited_for() {
    let (residency, shelf, _) = residency(4);
    let lease = residency.lend(&"a".into(), &mut Silent).unwrap();
    assert_eq!(residency.unload("a"), Err(ModelError::Busy(Busy("a".into()))));
    let other = residency.clone();
    let waits = std::thread::spawn(move || other.lend(&"b".into(), &mut Silent).map(drop));
    while residency.state().books.waiting() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(phase(&residency, "b"), Phase::Absent);
    drop(lease);
    waits.join().unwrap().unwrap();
    assert_eq!((phase(&residency, "a"), phase(&residency, "b")), (Phase::Absent, Phase::Resident));
    assert_eq!(shelf.alive.load(Ordering::SeqCst), 1);
}

#[test]
fn whoever_waits_can_be_stopped() {
    struct Stopped;
    impl Observer for Stopped {
        fn step(&mut self, step: Step) -> ControlFlow<()> {
            assert_eq!(step.stage, Stage::Load);
            ControlFlow::Break(())
        }
        fn preview(&mut self, _: u32, _: Vec<u8>, _: Duration) {}
    }
    let (residency, ..) = residency(4);
    let _lease = residency.lend(&"a".into(), &mut Silent).unwrap();
    assert!(matches!(residency.lend(&"b".into(), &mut Stopped).err(), Some(Error::Cancelled)));
    // The line is free again.
    residency.lend(&"a".into(), &mut Silent).unwrap();
}

#[test]
fn idle_models_are_freed_and_pinned_ones_stay() {
    let (residency, shelf, clock) = residency(8);
    assert_eq!(residency.pin("a", true), Ok(false));
    assert_eq!(residency.pin("z", true), Err(ModelError::NotInstalled("z".into())));
    residency.load_ahead(&"a".into()).unwrap();
    residency.load_ahead(&"b".into()).unwrap();
    clock.advance(Duration::from_secs(60));
    residency.expire();
    assert_eq!(shelf.alive.load(Ordering::SeqCst), 1);
    assert_eq!(residency.at_hand(), ["a".to_owned()].into());
    assert_eq!(residency.unload("a"), Ok(true));
    assert_eq!(residency.unload("a"), Ok(false));
    assert_eq!(shelf.alive.load(Ordering::SeqCst), 0);
}

#[test]
fn many_threads_share_what_fits() {
    let (residency, shelf, _) = residency(8);
    std::thread::scope(|scope| {
        for thread in 0..4_usize {
            let residency = &residency;
            let alive = &shelf.alive;
            scope.spawn(move || {
                for round in 0..50_usize {
                    let name = ["a", "b", "c", "d"][(thread + round * round) % 4];
                    let lease = residency.lend(&name.into(), &mut Silent).unwrap();
                    assert!(alive.load(Ordering::SeqCst) <= 2, "more is in memory than fits");
                    drop(lease);
                }
            });
        }
    });
}
