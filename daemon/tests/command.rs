//! The program as it is started. That these tests are here also makes `cargo test --workspace` build the program,
//! which the end-to-end tests start as well.

use std::process::Command;

#[test]
fn commands_say_what_they_do_and_end_as_documented() {
    for (arguments, code, words) in [
        (&["--help"][..], 0, "Exit codes: 0 done"),
        (&["serve", "--help"], 0, "Run the daemon"),
        (&["config", "check"], 0, "the configuration is right"),
        (&["config", "show"], 0, "queue.max_jobs = 500    # default"),
        (&["ledger", "verify"], 1, "--data"),
        (&["models", "ls"], 0, "no models are installed"),
        (&["models", "ls", "--json"], 0, "[]"),
        (&["models", "show", "nothing"], 1, "there is no model `nothing`"),
        (&["models", "add", "nowhere.safetensors"], 1, "nowhere.safetensors"),
        (&["models", "pull", "nothing"], 1, "is no repository"),
        (&["paint"], 2, "unrecognized subcommand"),
        (&["config", "check", "--config", "/nowhere/config.toml"], 2, "config.toml"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_atelierd"));
        let output = command.args(arguments).arg("--data").arg(folder.path().join("data")).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(words), "{arguments:?}: {text}");
    }
}
