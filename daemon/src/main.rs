//! `atelierd`: the daemon and its own commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    atelier_daemon::cli::main()
}
