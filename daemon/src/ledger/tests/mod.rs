//! Proofs of the ledger.

mod concurrency;
mod house;
mod journal;
mod lists;
mod model;
mod random;
mod script;
mod verbs;
mod verification;
