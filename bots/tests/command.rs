//! The programs as they are started. That these tests are here also makes `cargo test --workspace` build them, which the
//! end-to-end tests start as well.

use std::process::Command;

#[test]
fn commands_say_what_they_do_and_what_is_missing() {
    for program in [env!("CARGO_BIN_EXE_atelier-telegram"), env!("CARGO_BIN_EXE_atelier-discord")] {
        for (arguments, code, words) in [
            (&["--help"][..], 0, "--key-file"),
            (&[], 1, "--token-file is missing: name the file that holds it"),
            (&["--token-file", "/nowhere/token"], 1, "can't read /nowhere/token"),
            (&["--log", "=="], 1, "--log: is no filter"),
            (&["paint"], 2, "unexpected argument"),
        ] {
            let mut command = Command::new(program);
            let output = command.args(arguments).env_remove("CREDENTIALS_DIRECTORY").output().unwrap();
            let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
            assert!(text.contains(words), "{arguments:?}: {text}");
        }
    }
}
