//! What people say to the studio and what is made of it.

pub mod interpreter;
