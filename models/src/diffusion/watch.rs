//! What a run tells its caller while it goes on, and how the caller stops it.

use std::ops::ControlFlow;

use super::latents::Latents;
use crate::Error;

/// A point in a run at which it can be stopped.
#[derive(Debug)]
pub enum Moment<'a> {
    /// The prompts are read next.
    Text,
    /// The initial picture is encoded next.
    Encode,
    /// A part of a step is done; there is nothing to show.
    Tick,
    /// A denoising step is done.
    Step(Step<'a>),
    /// Picture `index` is decoded next.
    Decode {
        /// From 0.
        index: usize,
    },
}

/// A finished denoising step.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Which, from 1.
    pub number: usize,
    /// Of how many in the whole run, both passes of a two-pass run together.
    pub total: usize,
    /// What is painted on, as the step left it.
    pub latents: &'a Latents,
    /// What the model takes for the finished picture at this point.
    pub clean: &'a [f32],
}

/// Hears of every [`Moment`]; `Break` ends the run with [`Error::Cancelled`].
pub type Watch<'a> = dyn FnMut(Moment<'_>) -> ControlFlow<()> + 'a;

/// Tells `moment` and turns "stop" into an error.
pub(super) fn tell(watch: &mut Watch<'_>, moment: Moment<'_>) -> Result<(), Error> {
    match watch(moment) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}
