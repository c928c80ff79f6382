//! End-to-end tests, one binary. Each module says what belongs into it.

mod jobs;
mod layout;
mod tree;
