//! The program as it is started. That these tests are here also makes `cargo test --workspace` build the program,
//! which the end-to-end tests start as well.

use std::process::{Command, Stdio};

#[test]
fn commands_say_what_they_do_and_end_as_documented() {
    for (arguments, code, words) in [
        (&["--help"][..], 0, "Exit codes:"),
        (&["thumbnail", "--help"], 0, "--photo"),
        (&["paint"], 2, "unrecognized subcommand"),
        // Without a terminal there is nothing to draw on.
        (&[], 2, "needs a terminal"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_atelier"));
        command.args(arguments).env("HOME", folder.path()).env("XDG_STATE_HOME", folder.path());
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(words), "{arguments:?}: {text}");
    }
}
