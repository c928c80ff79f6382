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
        (&["models", "ls"], 0, "MIT OR Apache-2.0  verified  built-in, tiny, trained on procedural scenes"),
        (&["models", "ls"], 0, "install larger ones with `atelierd models add PATH`"),
        (&["models", "ls", "--json"], 0, "\"family\": \"built-in\""),
        (&["models", "show", "atelier-tiny"], 0, "source      built-in, tiny, trained on procedural scenes"),
        (&["models", "verify"], 0, "atelier-tiny is sound"),
        (&["models", "rm", "atelier-tiny"], 1, "is built into this program"),
        (&["bench", "built-in", "--runs", "0"], 1, "--runs: 1 to"),
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
