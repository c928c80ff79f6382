//! One engine thread.

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use atelier_models::{Error, Observer, Output, Photo, Request, Stage, Step, ThumbnailRequest};
use tokio::sync::mpsc::Receiver;

use super::{Assignment, Control, MakePipelines, Pipelines, Progress};
use crate::jobs::job::Work;

/// Runs assignments until nobody can send any more.
pub(super) fn work(mut incoming: Receiver<Assignment>, niceness: u32, make: &MakePipelines) {
    // On Linux this is the priority of the calling thread alone. Failing only costs smoothness.
    if let Err(error) = rustix::process::setpriority_process(None, niceness.min(19).cast_signed()) {
        tracing::warn!(%error, "the engine runs at normal priority");
    }
    let mut pipelines = make();
    while let Some(assignment) = incoming.blocking_recv() {
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&mut pipelines, &assignment)));
        let outcome = outcome.unwrap_or_else(|_| {
            // A pipeline that panicked may be in any state.
            pipelines = make();
            Err(Error::Internal("the pipeline broke down; this is a defect of Atelier".to_owned()))
        });
        // Nobody waits any more when the daemon is on its way out; recovery queues the job again.
        assignment.reply.send(outcome).ok();
    }
}

fn run(pipelines: &mut Pipelines, assignment: &Assignment) -> Result<Vec<Output>, Error> {
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
    let mut reporter = Reporter { control: Arc::clone(&assignment.control), preview: None };
    pipeline.run(&request, &mut reporter)
}

/// Hands a pipeline's steps on and its stop back.
struct Reporter {
    control: Arc<Control>,
    preview: Option<Arc<[u8]>>,
}

impl Observer for Reporter {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        self.control.report(Progress {
            stage: step.stage,
            fraction: step.fraction,
            variant: step.variant,
            steps: step.steps,
            preview: self.preview.clone(),
        });
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
        self.control.report(Progress { stage, fraction, variant, steps, preview: self.preview.clone() });
    }
}
