//! End-to-end tests, one binary. Each module says what belongs into it.

mod command_line;
mod crash;
mod jobs;
mod processes;
mod terminal;
