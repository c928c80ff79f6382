//! Latent diffusion (Rombach et al. 2022): the networks of Stable Diffusion, and what drives them.
//!
//! Every network is built from the `config.json` beside its weights; no table of models is kept here.

pub mod text;
