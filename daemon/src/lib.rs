//! Atelier's daemon: the owner of the store, the engine and the rules.
#![warn(missing_docs)]

pub mod assets;
pub mod clock;
pub mod id;
pub mod jobs;
pub mod once;
pub mod ledger;
pub mod store;
