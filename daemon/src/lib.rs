//! Atelier's daemon: the owner of the store, the engine and the rules.
#![warn(missing_docs)]

pub mod assets;
pub mod clock;
pub mod http;
pub mod id;
pub mod metrics;
pub mod once;
pub mod store;
