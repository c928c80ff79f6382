//! Everything in Atelier that turns a validated request into pixels.
//!
//! This crate is blocking, opens no socket and knows no person, credit or job: it is handed a [`Request`]
//! that cannot be wrong any more, reports every step to an [`Observer`] that may stop it, and answers with
//! finished, encoded pictures.
#![warn(missing_docs)]

pub mod device;
mod error;
mod kernels;
pub mod nn;
mod observer;
mod pipeline;
mod request;
pub mod thumbnail;
pub mod weights;

pub use error::Error;
pub use observer::{Observer, Silent, Stage, Step};
pub use pipeline::{Output, Pipeline};
pub use request::{Aspect, OutputFormat, Photo, PhotoLimits, Request, ThumbnailRequest, ThumbnailSpec};
pub use thumbnail::PhotoInfo;
