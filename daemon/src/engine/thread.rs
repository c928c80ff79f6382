//! One engine thread.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use atelier_models::{
    Error, Observer, Output, Photo, PhotoLimits, Pipeline, Request, Stage, Step, ThumbnailRequest,
    diffusion::{Generation, Sources},
};
use image::{GrayImage, RgbImage, buffer::ConvertBuffer as _};
use tokio::sync::mpsc::Receiver;

use super::{
    Assignment, Control, MakePipeline, Progress, Uploads, remaining::remaining_ms, residency::Residency,
};
use crate::{
    clock::{Clock, Timestamp},
    jobs::job::Work,
    metrics::Metrics,
};

/// The pipelines that need no model, by name: they keep their fonts and caches from job to job.
type Kept = BTreeMap<String, Box<dyn Pipeline>>;

/// Runs assignments until nobody can send any more.
pub(super) fn work(
    mut incoming: Receiver<Assignment>,
    niceness: u32,
    clock: &Clock,
    make: &MakePipeline,
    residency: &Residency,
    metrics: &Metrics,
) {
    // On Linux this is the priority of the calling thread alone. Failing only costs smoothness.
    if let Err(error) = rustix::process::setpriority_process(None, niceness.min(19).cast_signed()) {
        tracing::warn!(%error, "the engine runs at normal priority");
    }
    let mut kept = Kept::new();
    while let Some(assignment) = incoming.blocking_recv() {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let reporter = Reporter::new(&assignment.control, clock, metrics);
            run(&mut kept, reporter, make, residency, &assignment)
        }));
        let outcome = outcome.unwrap_or_else(|_| {
            // A pipeline that panicked may be in any state.
            kept.clear();
            Err(Error::Internal("the pipeline broke down; this is a defect of Atelier".to_owned()))
        });
        // Nobody waits any more when the daemon is on its way out; recovery queues the job again.
        assignment.reply.send(outcome).ok();
    }
}

fn run(
    kept: &mut Kept,
    mut reporter: Reporter,
    make: &MakePipeline,
    residency: &Residency,
    assignment: &Assignment,
) -> Result<Vec<Output>, Error> {
    let Assignment { recipe, work, uploads, photo_limits, .. } = assignment;
    let request = request(work, uploads, *photo_limits)?;
    if recipe.model.is_empty() {
        if !kept.contains_key(&recipe.pipeline) {
            kept.insert(recipe.pipeline.clone(), make(recipe, None)?);
        }
        let pipeline = kept.get_mut(&recipe.pipeline);
        let missing = || Error::Internal("the pipeline was lost; this is a defect of Atelier".to_owned());
        return pipeline.ok_or_else(missing)?.run(&request, &mut reporter);
    }
    // The pipeline goes before the lease, so that nobody evicts a model that still has a user.
    let lease = residency.lend(&recipe.key(work), &mut reporter)?;
    // How long loading took says nothing about how long painting takes.
    reporter.began = reporter.clock.now();
    let mut pipeline = make(recipe, lease.model())?;
    pipeline.run(&request, &mut reporter)
}

/// The request for the pipeline, its pictures decoded.
fn request(work: &Work, uploads: &Uploads, limits: PhotoLimits) -> Result<Request, Error> {
    let decode =
        |bytes: &Option<Vec<u8>>| bytes.as_deref().map(|bytes| Photo::decode(bytes, limits)).transpose();
    Ok(match work {
        Work::Thumbnail { spec, .. } => {
            Request::Thumbnail(ThumbnailRequest::new(spec.clone(), decode(&uploads.photo)?)?)
        }
        Work::Image { spec, .. } => {
            let sources = Sources {
                init: decode(&uploads.init)?.map(on_white),
                mask: decode(&uploads.mask)?.map(|photo| -> GrayImage { on_white(photo).convert() }),
                calm: None,
            };
            Request::Image(Generation::new(spec.clone(), sources)?)
        }
    })
}

/// The picture on white paper: what is transparent has no colour that a model could start from.
fn on_white(photo: Photo) -> RgbImage {
    let pixels = photo.pixels;
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, alpha] = pixels.get_pixel(x, y).0;
        let over = |part: u8| {
            let mixed = u32::from(part) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            (mixed / 255) as u8
        };
        image::Rgb([red, green, blue].map(over))
    })
}

/// Hands a pipeline's steps on and its stop back.
struct Reporter {
    control: Arc<Control>,
    preview: Option<Arc<[u8]>>,
    clock: Clock,
    metrics: Metrics,
    began: Timestamp,
}

impl Reporter {
    fn new(control: &Arc<Control>, clock: &Clock, metrics: &Metrics) -> Self {
        Self {
            control: Arc::clone(control),
            preview: None,
            clock: clock.clone(),
            metrics: metrics.clone(),
            began: clock.now(),
        }
    }

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

    fn preview(&mut self, variant: u32, jpeg: Vec<u8>, cost: Duration) {
        self.metrics.preview_drawn(cost);
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
    use crate::{
        catalogue::Defaults,
        engine::{
            Lane, Recipe,
            residency::{NoModels, ResidencyConfig},
        },
        jobs::job::Kind,
    };

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
        let recipe = Recipe {
            kind: Kind::Thumbnail,
            pipeline: "fragile".to_owned(),
            model: String::new(),
            defaults: Defaults::default(),
        };
        lane.run(|reply| Assignment {
            recipe,
            work: Work::Thumbnail { spec, photo: None },
            uploads: Uploads::default(),
            photo_limits: PhotoLimits { side_px: 1, pixels: 1, decoded_bytes: 1 },
            control: Arc::default(),
            reply,
        })
        .await
    }

    /// A lane whose pipeline can't be built the first `times`.
    fn lane(times: u32) -> Lane {
        let failures = AtomicU32::new(times);
        let make: MakePipeline = Arc::new(move |_, _| {
            let fails = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            assert!(fails.is_err(), "not built");
            Ok(Box::new(Fragile))
        });
        let clock = Clock::manual(Timestamp::from_millis(0));
        let config = ResidencyConfig::default();
        let metrics = Metrics::new("0");
        let residency = Residency::new(&config, Arc::new(NoModels), clock.clone(), metrics.clone());
        Lane::start(0, 0, clock, make, residency, metrics).unwrap()
    }

    #[tokio::test]
    async fn what_breaks_down_is_built_anew_for_the_next_job() {
        let broken = || Error::Internal("the pipeline broke down; this is a defect of Atelier".to_owned());
        let lane = lane(1);
        assert_eq!(job(&lane, "bread").await, Err(broken()), "while it was built");
        assert_eq!(job(&lane, "bread").await, Ok(Vec::new()));
        assert_eq!(job(&lane, "a stone").await, Err(broken()), "while it ran");
        assert_eq!(job(&lane, "bread").await, Ok(Vec::new()));
    }
}
