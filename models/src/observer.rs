//! How a running pipeline tells what it does and hears that it should stop.

use std::{ops::ControlFlow, time::Duration};

use serde::{Deserialize, Serialize};

/// The part of a pipeline that is at work. Closed on purpose: faces name each stage in people's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading a model's weights.
    Load,
    /// Reading pictures and prompts, choosing the layout.
    Prepare,
    /// Painting the background.
    Background,
    /// Cropping, framing and placing the photo.
    Subject,
    /// Fitting and drawing the title.
    Title,
    /// Taking noise away, step by step.
    Denoise,
    /// Turning what was painted into pixels.
    Decode,
    /// Compressing to the file that is handed over.
    Encode,
}

/// One report of progress.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Which picture of the request this is about, from 0.
    pub variant: u32,
    /// What is being done.
    pub stage: Stage,
    /// Share of the whole request that is done, 0.0 to 1.0, never falling.
    pub fraction: f32,
    /// Denoising steps done and wanted; both 0 where a pipeline has no such steps.
    pub steps: (u32, u32),
}

impl Step {
    /// Nothing is done yet.
    #[must_use]
    pub fn begin() -> Self {
        Self { variant: 0, stage: Stage::Prepare, fraction: 0.0, steps: (0, 0) }
    }
}

/// The caller's side of a running pipeline.
pub trait Observer {
    /// Hears of every step; `Break` ends the run with [`crate::Error::Cancelled`] before the next one.
    fn step(&mut self, step: Step) -> ControlFlow<()>;

    /// A small JPEG (at most 320 pixels wide) of variant `variant` as it stands, and the time that it cost to draw it
    /// for this alone. Latest wins.
    fn preview(&mut self, variant: u32, jpeg: Vec<u8>, cost: Duration);
}

/// An observer that listens to nothing and never stops a run.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {
    fn step(&mut self, _: Step) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn preview(&mut self, _: u32, _: Vec<u8>, _: Duration) {}
}
