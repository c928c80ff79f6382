//! Limits: how often somebody may call, and how many pictures a day they may ask for.
//!
//! Calls are counted in memory, because a restart harms nobody there. Pictures cost money, so their count is a row
//! of the store, written in the transaction that submits the job. Every refusal says how long to wait.

mod calls;
mod config;
mod generations;

use std::fmt;
use std::time::Duration;

pub use calls::Limits;
pub use config::{Factors, LimitsConfig};
pub use generations::{TakeError, give_back, take_generation, used};

/// Which limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Calls from one network address.
    Address,
    /// Calls with one API key.
    ApiKey,
    /// Calls of one account.
    Account,
    /// Pictures of one account on one day.
    Generations,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::Address => "calls a minute from one address",
            Limit::ApiKey => "calls an hour with one API key",
            Limit::Account => "calls an hour of one account",
            Limit::Generations => "pictures a day (UTC) of one account",
        })
    }
}

/// A limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is more than {allowed} {limit}; try again in {} s", whole_seconds(*retry_after))]
pub struct Exceeded {
    /// Which limit.
    pub limit: Limit,
    /// How many it allows.
    pub allowed: u32,
    /// How long to wait.
    pub retry_after: Duration,
}

/// Rounded up, so that nobody is told to come back too early.
fn whole_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}
