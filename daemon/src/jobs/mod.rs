//! Jobs: paid work for the engine, from submit to result.
//!
//! [`job`] is the state machine and [`queue`] the order, both pure. [`Jobs`] is what the rest of the daemon calls;
//! each of its verbs is one transaction. `runner` takes a job through the engine, and `recovery` puts right
//! what a crash left behind. A change is announced ([`hub`]) only once it is durable.

mod bounds;
mod error;
pub mod hub;
pub mod job;
mod mature;
pub mod queue;
mod records;
mod recovery;
mod runner;
mod scheduler;
mod service;
mod submit;
mod wanted;

pub use self::{
    bounds::{Bounds, ChannelBound},
    error::JobError,
    mature::MatureWords,
    records::Filter,
    recovery::{Recovered, end_state},
    runner::run_lanes,
    scheduler::{Ahead, Scheduler},
    service::{Jobs, JobsParts},
    submit::{Payer, Quote, Submission},
    wanted::{ImageWish, Wanted},
};
