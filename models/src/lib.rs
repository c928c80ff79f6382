//! Everything in Atelier that turns a validated request into pixels.
//!
//! This crate is blocking, opens no socket but for [`hub`], which downloads models, and knows no person, credit or
//! job: it is handed a [`Request`] that cannot be wrong any more, reports every step to an [`Observer`] that may
//! stop it, and answers with finished, encoded pictures.
#![warn(missing_docs)]

pub mod bench;
pub mod built_in;
pub mod checkpoint;
pub mod device;
pub mod diffusion;
mod encode;
mod error;
pub mod hub;
pub mod installable;
mod kernels;
pub mod language;
pub mod manifest;
mod metadata;
pub mod nn;
mod observer;
mod parameter;
mod pipeline;
mod request;
pub mod sampler;
pub mod thumbnail;
pub mod upscale;
pub mod weights;

pub use encode::preview;
pub use error::Error;
pub use metadata::read_settings;
pub use observer::{Observer, Silent, Stage, Step};
pub use pipeline::{Output, Pipeline};
pub use request::{Aspect, OutputFormat, Photo, PhotoLimits, Request, ThumbnailRequest, ThumbnailSpec};
pub use thumbnail::{PhotoError, PhotoInfo};
