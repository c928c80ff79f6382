//! Jobs: paid work for the engine, from submit to result.

pub mod job;
pub mod queue;
