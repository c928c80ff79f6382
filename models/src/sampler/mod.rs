//! Samplers: how noise is taken away, step by step.

mod kind;

pub use kind::SamplerKind;
