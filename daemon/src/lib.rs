//! Atelier's daemon: the owner of the store, the engine and the rules.
#![warn(missing_docs)]

pub mod accounts;
pub mod audit;
pub mod clock;
pub mod id;
pub mod limits;
pub mod once;
pub mod page;
pub mod store;
