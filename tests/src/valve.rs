//! A valve on the engine: the real pipeline runs behind it, as far as the test lets it.

use std::{
    ops::ControlFlow,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use atelier_models::{Error, Observer, Output, Pipeline, Request, Step};
use tokio::sync::watch;

/// Holds and counts the steps of pipelines. Clones are the same valve.
#[derive(Clone)]
pub struct Valve {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    moved: Condvar,
    /// How many steps stand at the closed valve.
    held: watch::Sender<u32>,
}

#[derive(Default)]
struct State {
    closed: bool,
    /// Steps that may go through all the same.
    passes: u32,
    failures: u32,
    panics: u32,
}

impl Valve {
    /// An open valve.
    #[must_use]
    pub fn open() -> Self {
        let (state, moved) = (Mutex::default(), Condvar::new());
        Self { shared: Arc::new(Shared { state, moved, held: watch::Sender::new(0) }) }
    }

    /// Holds every step from now on.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// Lets everything go on.
    pub fn release(&self) {
        self.change(|state| (state.closed, state.passes) = (false, 0));
    }

    /// Lets so many steps through a closed valve.
    pub fn let_through(&self, steps: u32) {
        self.change(|state| state.passes += steps);
    }

    /// Lets the next `runs` fail for a reason that passes.
    pub fn fail_next(&self, runs: u32) {
        self.change(|state| state.failures = runs);
    }

    /// Lets the next `runs` panic.
    pub fn panic_next(&self, runs: u32) {
        self.change(|state| state.panics = runs);
    }

    /// Waits until a job stands at the closed valve.
    pub async fn until_held(&self) {
        let held = self.shared.held.subscribe().wait_for(|held| *held > 0).await.is_ok();
        debug_assert!(held, "the valve keeps its own sender");
    }

    /// Puts the valve in front of a pipeline.
    pub fn fit(&self, pipeline: &mut Box<dyn Pipeline>) {
        struct Nothing;
        impl Pipeline for Nothing {
            fn run(&mut self, _: &Request, _: &mut dyn Observer) -> Result<Vec<Output>, Error> {
                Err(Error::Internal("no pipeline".to_owned()))
            }
        }
        let real = std::mem::replace(pipeline, Box::new(Nothing));
        *pipeline = Box::new(Held { real, valve: self.clone() });
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.shared.moved.notify_all();
    }

    fn pass(&self) {
        let state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            self.shared.held.send_modify(|held| *held += 1);
            let state = self.shared.moved.wait_while(state, |state| state.closed && state.passes == 0);
            let mut state = state.unwrap_or_else(PoisonError::into_inner);
            state.passes = state.passes.saturating_sub(1);
            drop(state);
            self.shared.held.send_modify(|held| *held -= 1);
        }
    }
}

struct Held {
    real: Box<dyn Pipeline>,
    valve: Valve,
}

impl Pipeline for Held {
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error> {
        let (mut fail, mut panic) = (false, false);
        self.valve.change(|state| {
            fail = state.failures > 0;
            state.failures = state.failures.saturating_sub(1);
            panic = state.panics > 0;
            state.panics = state.panics.saturating_sub(1);
        });
        assert!(!panic, "the test asked for a panic");
        if fail {
            return Err(Error::Transient("the test asked for a failure".to_owned()));
        }
        self.real.run(request, &mut Holding { observer, valve: self.valve.clone() })
    }
}

struct Holding<'a> {
    observer: &'a mut dyn Observer,
    valve: Valve,
}

impl Observer for Holding<'_> {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        self.valve.pass();
        self.observer.step(step)
    }

    fn preview(&mut self, variant: u32, jpeg: Vec<u8>, cost: Duration) {
        self.observer.preview(variant, jpeg, cost);
    }
}
