//! One engine thread.

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use atelier_models::{Error, Observer, Output, Photo, Request, Stage, Step, ThumbnailRequest};
use tokio::sync::mpsc::Receiver;

use super::{Assignment, Control, MakePipelines, Pipelines, Progress, remaining::remaining_ms};
use crate::{
    clock::{Clock, Timestamp},
    jobs::job::Work,
};

/// Runs assignments until nobody can send any more.
pub(super) fn work(mut incoming: Receiver<Assignment>, niceness: u32, clock: &Clock, make: &MakePipelines) {
    // On Linux this is the priority of the calling thread alone. Failing only costs smoothness.
    if let Err(error) = rustix::process::setpriority_process(None, niceness.min(19).cast_signed()) {
        tracing::warn!(%error, "the engine runs at normal priority");
    }
    let mut pipelines = build(make);
    while let Some(assignment) = incoming.blocking_recv() {
        // What could not be built may go better at the next job, and the thread has to be there for it.
        pipelines = pipelines.or_else(|| build(make));
        let outcome = match &mut pipelines {
            None => Err(broken("the engine can't build its pipelines")),
            Some(built) => {
                catch_unwind(AssertUnwindSafe(|| run(built, clock, &assignment))).unwrap_or_else(|_| {
                    // A pipeline that panicked may be in any state.
                    pipelines = build(make);
                    Err(broken("the pipeline broke down"))
                })
            }
        };
        // Nobody waits any more when the daemon is on its way out; recovery queues the job again.
        assignment.reply.send(outcome).ok();
    }
}

/// The pipelines; none when making them panicked, of which the log tells more.
fn build(make: &MakePipelines) -> Option<Pipelines> {
    let built = catch_unwind(AssertUnwindSafe(|| make()));
    built.inspect_err(|_| tracing::error!("the engine's pipelines can't be built")).ok()
}

fn broken(what: &str) -> Error {
    Error::Internal(format!("{what}; this is a defect of Atelier"))
}

fn run(pipelines: &mut Pipelines, clock: &Clock, assignment: &Assignment) -> Result<Vec<Output>, Error> {
    let pipeline = pipelines.get_mut(assignment.pipeline.as_str()).ok_or_else(|| Error::Invalid {
        field: "algorithm",
        problem: format!("needs the pipeline `{}`, which this daemon does not have", assignment.pipeline),
    })?;
    let request = match &assignment.work {
        Work::Thumbnail { spec, .. } => {
            let photo = assignment.photo.as_deref();
            let photo = photo.map(|bytes| Photo::decode(bytes, assignment.photo_limits)).transpose()?;
            Request::Thumbnail(ThumbnailRequest::new(spec.clone(), photo)?)
        }
    };
    let mut reporter = Reporter {
        control: Arc::clone(&assignment.control),
        preview: None,
        clock: clock.clone(),
        began: clock.now(),
    };
    pipeline.run(&request, &mut reporter)
}

/// Hands a pipeline's steps on and its stop back.
struct Reporter {
    control: Arc<Control>,
    preview: Option<Arc<[u8]>>,
    clock: Clock,
    began: Timestamp,
}

impl Reporter {
    fn report(&self, Step { variant, stage, fraction, steps }: Step) {
        let elapsed = self.clock.now().since(self.began);
        let remaining_ms = remaining_ms(elapsed, fraction);
        self.control.report(Progress {
            stage,
            fraction,
            variant,
            steps,
            remaining_ms,
            preview: self.preview.clone(),
        });
    }
}

impl Observer for Reporter {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        self.report(step);
        match self.control.stopped() {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    fn preview(&mut self, variant: u32, jpeg: Vec<u8>) {
        self.preview = Some(jpeg.into());
        let (stage, fraction, steps) =
            self.control.watch().borrow().as_ref().map_or((Stage::Prepare, 0.0, (0, 0)), |progress| {
                (progress.stage, progress.fraction, progress.steps)
            });
        self.report(Step { variant, stage, fraction, steps });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use atelier_models::{PhotoLimits, Pipeline, ThumbnailSpec};

    use super::*;
    use crate::engine::Lane;

    /// A pipeline that makes nothing, or breaks down when asked for it.
    struct Fragile;

    impl Pipeline for Fragile {
        fn run(&mut self, request: &Request, _: &mut dyn Observer) -> Result<Vec<Output>, Error> {
            let Request::Thumbnail(request) = request else { return Ok(Vec::new()) };
            assert_ne!(request.spec().subject, "a stone", "it falls on it");
            Ok(Vec::new())
        }
    }

    async fn job(lane: &Lane, subject: &str) -> Result<Vec<Output>, Error> {
        let spec = ThumbnailSpec { subject: subject.to_owned(), count: 1, ..ThumbnailSpec::default() };
        lane.run(|reply| Assignment {
            pipeline: "fragile".to_owned(),
            work: Work::Thumbnail { spec, photo: None },
            photo: None,
            photo_limits: PhotoLimits { side_px: 1, pixels: 1, decoded_bytes: 1 },
            control: Arc::default(),
            reply,
        })
        .await
    }

    /// A lane whose pipelines can't be built the first `times`.
    fn lane(times: u32) -> Lane {
        let failures = AtomicU32::new(times);
        let make: MakePipelines = Arc::new(move || {
            let fails = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert!(fails.is_err(), "not built");
            let fragile: Box<dyn Pipeline> = Box::new(Fragile);
            Pipelines::from([("fragile", fragile)])
        });
        Lane::start(0, 0, Clock::manual(Timestamp::from_millis(0)), make).unwrap()
    }

    #[tokio::test]
    async fn an_engine_whose_pipelines_were_not_built_says_so_and_builds_them_later() {
        let lane = lane(2);
        assert_eq!(job(&lane, "bread").await, Err(broken("the engine can't build its pipelines")));
        assert_eq!(job(&lane, "bread").await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn a_pipeline_that_breaks_down_is_built_anew() {
        let lane = lane(0);
        assert_eq!(job(&lane, "a stone").await, Err(broken("the pipeline broke down")));
        assert_eq!(job(&lane, "bread").await, Ok(Vec::new()));
    }
}
