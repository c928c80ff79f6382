//! `atelierd`: the daemon and its own commands.

use std::process::ExitCode;

/// Keeps the memory of activations between layers: fresh pages from the system cost a quarter of a step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    atelier_daemon::cli::main()
}
