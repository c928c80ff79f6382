//! What every generator is to its caller.

use crate::{Error, Observer, Request};

/// One finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The encoded file.
    pub bytes: Vec<u8>,
    /// Its type, `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The seed that makes exactly this picture again, with a count of 1.
    pub seed: u64,
    /// What was decided and measured, as JSON: algorithm, seed, layout, scene, fonts, contrast, legibility.
    /// The same text travels inside the file.
    pub settings: String,
}

/// Turns requests into pictures. One call at a time; a pipeline may keep weights and caches between calls.
pub trait Pipeline: Send {
    /// Makes all variants of `request`, in order.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the observer said stop; otherwise see [`Error`].
    fn run(&mut self, request: &Request, observer: &mut dyn Observer) -> Result<Vec<Output>, Error>;
}
