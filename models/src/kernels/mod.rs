//! The loops that networks spend their time in, on a processor.
//!
//! Everything here takes plain slices and small shapes and knows neither tensors nor layers. Functions that leave
//! this module are safe: they check lengths, and what cannot be checked lies behind a type that proves it
//! ([`Cpu`]). Work is shared out over rayon's threads.
#![allow(
    unsafe_code,
    reason = "vector instructions, and threads that write to one answer at different places"
)]

mod attention;
mod convolution;
mod cpu;
mod elementwise;
mod functions;
mod matrix;
mod norm;
mod output;
mod patches;
mod plan;
mod product;
mod scratch;
mod softmax;
#[cfg(test)]
mod tests;
mod tile;
mod transpose;
mod winograd;
mod work;

pub(crate) use attention::{Heads, attention};
pub(crate) use convolution::convolve;
pub(crate) use cpu::Cpu;
pub(crate) use elementwise::{Function, geglu, map, prelu};
pub(crate) use matrix::Rows;
pub(crate) use norm::{Affine, Groups, group_norm, layer_norm};
pub(crate) use patches::{Patches, View};
pub(crate) use product::{Added, multiply};
pub(crate) use work::taken;
