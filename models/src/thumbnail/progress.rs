//! Telling an observer how far a run is, and hearing that it should stop.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use crate::{Error, Observer, Stage, Step};

/// The stages in order.
const STAGES: [Stage; 5] = [Stage::Prepare, Stage::Background, Stage::Subject, Stage::Title, Stage::Encode];

/// The share of a picture that is done when each of the [`STAGES`] begins, and in the end, where the background is done
/// at `painted`.
fn begins(painted: f32) -> [f32; 6] {
    let after = |share: f32| painted + (1.0 - painted) * share;
    [0.0, 0.03, painted, after(0.25), after(0.7), 1.0]
}

/// The progress of one run.
pub(super) struct Progress<'a> {
    observer: &'a mut dyn Observer,
    count: u32,
    variant: u32,
    told: f32,
    begins: [f32; 6],
}

impl<'a> Progress<'a> {
    /// `painted` is the share of a picture that is done when its background is.
    pub(super) fn new(observer: &'a mut dyn Observer, count: u32, painted: f32) -> Self {
        Self { observer, count, variant: 0, told: 0.0, begins: begins(painted) }
    }

    /// The next reports are about this picture.
    pub(super) fn begin(&mut self, variant: u32) {
        self.variant = variant;
    }

    /// Tells that `within` (0.0 to 1.0) of `stage` is done, at `steps` where it has any. Never falls, whatever a
    /// stage says of itself.
    fn tell(&mut self, stage: Stage, within: f32, steps: (u32, u32)) -> ControlFlow<()> {
        let at = STAGES.iter().position(|known| *known == stage).unwrap_or(0);
        let (from, to) = (self.begins[at], self.begins[at + 1]);
        let within = if within.is_finite() { within.clamp(0.0, 1.0) } else { 0.0 };
        let share = (self.variant as f32 + from + (to - from) * within) / self.count.max(1) as f32;
        self.told = share.clamp(self.told, 1.0);
        self.observer.step(Step { variant: self.variant, stage, fraction: self.told, steps })
    }

    /// Tells the same, as a result that ends the run.
    pub(super) fn reach(&mut self, stage: Stage, within: f32) -> Result<(), Error> {
        if self.tell(stage, within, (0, 0)).is_break() { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Shows the picture as it stands.
    pub(super) fn show(&mut self, pixels: &image::RgbImage) {
        let began = Instant::now();
        let jpeg = crate::encode::preview(pixels);
        self.observer.preview(self.variant, jpeg, began.elapsed());
    }
}

/// What the painter of a background tells is about this picture's background.
impl Observer for Progress<'_> {
    fn step(&mut self, step: Step) -> ControlFlow<()> {
        self.tell(Stage::Background, step.fraction, step.steps)
    }

    fn preview(&mut self, _: u32, jpeg: Vec<u8>, cost: Duration) {
        self.observer.preview(self.variant, jpeg, cost);
    }
}
