//! Atelier's daemon: the owner of the store, the engine and the rules.
#![warn(missing_docs)]

pub mod accounts;
pub mod act;
pub mod app;
pub mod assets;
pub mod audit;
pub mod catalogue;
pub mod chats;
pub mod cli;
pub mod clock;
pub mod config;
pub mod conversations;
pub mod credits;
pub mod engine;
pub mod host;
pub mod http;
pub mod id;
pub mod jobs;
pub mod ledger;
pub mod limits;
pub mod metrics;
pub mod models;
pub mod once;
pub mod page;
mod rpc;
mod socket;
pub mod store;
