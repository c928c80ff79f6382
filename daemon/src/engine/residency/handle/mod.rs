//! Does what the [`Books`] decide: loads, evicts, lends.

mod choice;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use atelier_models::{Error, Observer, Stage, Step};

pub use self::choice::ModelError;
use self::choice::{estimate, estimate_painting};
use super::{
    ModelKey, ResidencyConfig,
    books::{Books, Busy, Phase, Place, Plan, Row},
    library::{Installed, Library, Loaded},
};
use crate::{
    clock::Clock,
    metrics::{Eviction, Metrics},
};

/// How often one who waits for a model looks whether its job shall stop.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The models in memory. Clones share them.
#[derive(Clone)]
pub struct Residency {
    shared: Arc<Shared>,
}

struct Shared {
    source: Arc<dyn Library>,
    clock: Clock,
    metrics: Metrics,
    state: Mutex<State>,
    /// Something was loaded, given back, evicted or left the line.
    changed: Condvar,
}

struct State {
    books: Books,
    models: BTreeMap<String, Arc<dyn Loaded>>,
}

/// The models in memory, for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Every model that there is something to say about, by name.
    pub rows: Vec<Row>,
    /// What all may take together, in bytes.
    pub budget: u64,
    /// How many wait for a model.
    pub waiting: usize,
}

/// A loaded model, for as long as a job uses it.
pub struct Lease {
    residency: Residency,
    name: String,
    /// Gone only while this is being dropped.
    model: Option<Arc<dyn Loaded>>,
}

impl Residency {
    /// Nothing is loaded.
    #[must_use]
    pub fn new(config: &ResidencyConfig, library: Arc<dyn Library>, clock: Clock, metrics: Metrics) -> Self {
        let keep_alive = Duration::from_secs(config.keep_alive_s);
        let books = Books::new(config.memory_budget_bytes, keep_alive, config.pinned.iter().cloned());
        let state = Mutex::new(State { books, models: BTreeMap::new() });
        Self { shared: Arc::new(Shared { source: library, clock, metrics, state, changed: Condvar::new() }) }
    }

    /// What is installed, by name.
    #[must_use]
    pub fn installed(&self) -> Vec<Installed> {
        self.shared.source.installed()
    }

    /// Whether a model that paints and its LoRAs are installed, fit each other as far as their manifests say, and can
    /// ever be loaded.
    ///
    /// # Errors
    /// Any [`ModelError`] but those of loading.
    pub fn check(&self, key: &ModelKey) -> Result<(), ModelError> {
        let bytes = estimate_painting(&self.installed(), key)?;
        Ok(self.state().books.fits(&key.to_string(), bytes)?)
    }

    /// The models in memory and on their way there.
    #[must_use]
    pub fn at_hand(&self) -> BTreeSet<String> {
        self.state().books.names().map(str::to_owned).collect()
    }

    /// What is in memory and what would happen next.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let state = self.state();
        Standing { rows: state.books.rows(), budget: state.books.budget(), waiting: state.books.waiting() }
    }

    /// Lends a model, loading it first where it has to be, which blocks for as long as it takes. Hears of
    /// [`Stage::Load`] meanwhile; only waiting can be stopped, loading not.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not installed or never fits, [`Error::Cancelled`], or the loader's.
    pub fn lend(&self, key: &ModelKey, observer: &mut dyn Observer) -> Result<Lease, Error> {
        loop {
            let wanted = self.wait_for(key, observer)?;
            let loading = match wanted {
                Wanted::There(lease) => return Ok(lease),
                Wanted::Absent(loading) => loading,
            };
            // Whoever shall stop hears of it at the pipeline's first step.
            tell(observer).ok();
            if let Some(lease) = loading.load()? {
                return Ok(lease);
            }
        }
    }

    /// Waits in line until the model is there, or it is the caller's turn to load it.
    fn wait_for(&self, key: &ModelKey, observer: &mut dyn Observer) -> Result<Wanted<'_>, Error> {
        let in_line = InLine::enter(self);
        let name = key.to_string();
        loop {
            let bytes = estimate(&self.installed(), key).map_err(|error| refused(&error))?;
            let mut state = self.state();
            match state.books.want(in_line.place, &name, bytes) {
                Plan::There => {
                    let lease = self.take(&mut state, &name);
                    // Leaving the line takes the lock.
                    drop(state);
                    let lost = || Error::Internal(format!("the model `{name}` is in the books alone"));
                    return lease.map(Wanted::There).ok_or_else(lost);
                }
                Plan::Never(too_large) => {
                    drop(state);
                    return Err(refused(&too_large.into()));
                }
                Plan::Wait => {
                    let waited = self.shared.changed.wait_timeout(state, LOOK_EVERY);
                    drop(waited.unwrap_or_else(PoisonError::into_inner));
                    tell(observer)?;
                }
                Plan::Load { evict } => {
                    let evicted = self.take_out(&mut state, &evict, Eviction::Room);
                    state.books.begin(&name, bytes, self.shared.clock.now());
                    drop(state);
                    let loading = Loading {
                        residency: self,
                        key: key.clone(),
                        name,
                        is_swap: !evict.is_empty(),
                        ended: false,
                    };
                    drop(evicted);
                    return Ok(Wanted::Absent(loading));
                }
            }
        }
    }

    /// Loads a model ahead of its first job.
    ///
    /// # Errors
    /// See [`ModelError`].
    pub fn load_ahead(&self, key: &ModelKey) -> Result<(), ModelError> {
        let bytes = estimate(&self.installed(), key)?;
        self.state().books.fits(&key.to_string(), bytes)?;
        let failed = |error: Error| ModelError::Failed { name: key.to_string(), reason: error.to_string() };
        self.lend(key, &mut atelier_models::Silent).map(drop).map_err(failed)
    }

    /// Evicts an idle model. False when it was not loaded.
    ///
    /// # Errors
    /// [`ModelError::NotInstalled`] or [`ModelError::Busy`].
    pub fn unload(&self, name: &str) -> Result<bool, ModelError> {
        let is_installed = self.is_installed(name);
        let mut state = self.state();
        if state.books.phase(name) == Phase::Absent && !is_installed {
            return Err(ModelError::NotInstalled(name.to_owned()));
        }
        let was_there = state.books.evict(name)?;
        let model = state.models.remove(name);
        if was_there {
            self.note_evicted(&state, Eviction::Asked);
        }
        drop(state);
        drop(model);
        Ok(was_there)
    }

    /// Says whether a model stays loaded once it is, until the daemon stops. Answers how it was before.
    ///
    /// # Errors
    /// [`ModelError::NotInstalled`].
    pub fn pin(&self, name: &str, pinned: bool) -> Result<bool, ModelError> {
        if pinned && !self.is_installed(name) {
            return Err(ModelError::NotInstalled(name.to_owned()));
        }
        let before = self.state().books.pin(name, pinned);
        self.shared.changed.notify_all();
        Ok(before)
    }

    /// Whether there is a model that this is the key of.
    fn is_installed(&self, name: &str) -> bool {
        name.parse().is_ok_and(|key| estimate(&self.installed(), &key).is_ok())
    }

    /// Evicts what has been idle for too long.
    pub fn expire(&self) {
        let mut state = self.state();
        let expired = state.books.expire(self.shared.clock.now());
        let models: Vec<_> = expired.iter().filter_map(|name| state.models.remove(name)).collect();
        for _ in &expired {
            self.note_evicted(&state, Eviction::Idle);
        }
        drop(state);
        // Freed without the lock, which others wait for.
        drop(models);
    }

    fn take(&self, state: &mut State, name: &str) -> Option<Lease> {
        let model = Arc::clone(state.models.get(name)?);
        state.books.take(name, self.shared.clock.now());
        Some(Lease { residency: self.clone(), name: name.to_owned(), model: Some(model) })
    }

    fn take_out(&self, state: &mut State, names: &[String], why: Eviction) -> Vec<Arc<dyn Loaded>> {
        let mut models = Vec::new();
        for name in names {
            // The plan named idle ones only, and the lock has been held since.
            if state.books.evict(name) == Ok(true) {
                models.extend(state.models.remove(name));
                self.note_evicted(state, why);
            }
        }
        models
    }

    fn note_evicted(&self, state: &State, why: Eviction) {
        self.shared.metrics.model_evicted(why);
        self.shared.metrics.set_model_bytes(state.books.bytes());
        self.shared.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// The model.
    #[must_use]
    pub fn model(&self) -> Option<Arc<dyn Loaded>> {
        self.model.clone()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Before it is given back: whoever evicts it then must be the last who has it.
        self.model = None;
        let shared = &self.residency.shared;
        self.residency.state().books.give_back(&self.name, shared.clock.now());
        shared.changed.notify_all();
    }
}

/// A place in the line, left whatever happens.
struct InLine<'a> {
    residency: &'a Residency,
    place: Place,
}

impl<'a> InLine<'a> {
    fn enter(residency: &'a Residency) -> Self {
        let place = residency.state().books.queue();
        Self { residency, place }
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.residency.state().books.leave(self.place);
        self.residency.shared.changed.notify_all();
    }
}

/// What waiting for a model ends with.
enum Wanted<'a> {
    There(Lease),
    Absent(Loading<'a>),
}

/// A load for whose memory the books have spoken. A loader that breaks down must not keep it.
struct Loading<'a> {
    residency: &'a Residency,
    key: ModelKey,
    /// The key in the books.
    name: String,
    /// Whether another model had to go for it.
    is_swap: bool,
    ended: bool,
}

impl Loading<'_> {
    /// Reads the model. None when it turned out to need more than there is now.
    fn load(mut self) -> Result<Option<Lease>, Error> {
        let Residency { shared } = self.residency;
        let began = Instant::now();
        let outcome = shared.source.load(&self.key);
        shared.metrics.model_loaded(outcome.is_ok(), self.is_swap, began.elapsed());
        let now = shared.clock.now();
        let mut state = self.residency.state();
        self.ended = true;
        let mut surplus = Vec::new();
        let lease = match outcome {
            Ok(model) => match state.books.loaded(&self.name, model.bytes(), now) {
                Ok(evict) => {
                    surplus.extend(evict.iter().filter_map(|victim| state.models.remove(victim)));
                    evict.iter().for_each(|_| shared.metrics.model_evicted(Eviction::Room));
                    state.models.insert(self.name.clone(), model);
                    Ok(self.residency.take(&mut state, &self.name))
                }
                Err(Busy(_)) => {
                    surplus.push(model);
                    Ok(None)
                }
            },
            Err(error) => {
                tracing::warn!(model = self.name, %error, "a model could not be loaded");
                state.books.failed(&self.name, error.to_string(), now);
                Err(error)
            }
        };
        shared.metrics.set_model_bytes(state.books.bytes());
        drop(state);
        // Freed without the lock, which others wait for.
        drop(surplus);
        shared.changed.notify_all();
        lease
    }
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let (shared, reason) = (&self.residency.shared, "the loader broke down".to_owned());
            self.residency.state().books.failed(&self.name, reason, shared.clock.now());
            shared.changed.notify_all();
        }
    }
}

/// Reports that a model is being waited for or loaded, and hears whether to go on.
fn tell(observer: &mut dyn Observer) -> Result<(), Error> {
    let step = Step { variant: 0, stage: Stage::Load, fraction: 0.0, steps: (0, 0) };
    match observer.step(step) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}

fn refused(error: &ModelError) -> Error {
    Error::Invalid { field: "algorithm", problem: error.to_string() }
}
