//! `atelierd models pull` against a hub on this machine that breaks every large file off once.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use serde_json::json;
use sha2::{Digest as _, Sha256};

/// The repositories, by their names.
const REPOSITORIES: [(&str, &str); 2] = [("tiny/painter", "checkpoint/sd1"), ("tiny/talker", "language")];

fn fixture(folder: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/fixtures")).join(folder)
}

/// All files of the repository, by their paths.
fn files(folder: &Path, prefix: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("the fixture is there").flatten();
    entries
        .flat_map(|entry| {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            match entry.path() {
                inner if inner.is_dir() => files(&inner, &format!("{path}/")),
                file => vec![(path, fs::read(file).expect("it can be read"))],
            }
        })
        .collect()
}

/// Serves the repositories and answers with its address.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        let mut broken = BTreeSet::new();
        for stream in listener.incoming().flatten() {
            // A client that has gone away is none of the hub's business.
            answer(&stream, &mut broken).ok();
        }
    });
    url
}

fn answer(stream: &TcpStream, broken: &mut BTreeSet<String>) -> std::io::Result<()> {
    let lines: Vec<_> =
        BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let range = lines
        .iter()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
    let from: Option<usize> = range.and_then(|range| range.trim_end_matches('-').parse().ok());
    let known = REPOSITORIES.iter().find(|(name, _)| path.contains(&format!("/{name}/")));
    let Some((name, folder)) = known else { return send(stream, 404, "", b"", 0) };
    let files = files(&fixture(folder), "");
    if path == format!("/api/models/{name}/revision/main") {
        let about = json!({"sha": "c0ffee", "cardData": {"license": "openrail++"}}).to_string();
        return send(stream, 200, "", about.as_bytes(), about.len());
    }
    if path.starts_with(&format!("/api/models/{name}/tree/c0ffee")) {
        let entry = |(path, bytes): &(String, Vec<u8>)| {
            let mut entry = json!({"type": "file", "path": path, "size": bytes.len()});
            if path.ends_with(".safetensors") || path.ends_with(".gguf") {
                entry["lfs"] = json!({"oid": hex::encode(Sha256::digest(bytes)), "size": bytes.len()});
            }
            entry
        };
        let list = files.iter().map(entry).collect::<serde_json::Value>().to_string();
        return send(stream, 200, "", list.as_bytes(), list.len());
    }
    let wanted = path.strip_prefix(&format!("/{name}/resolve/c0ffee/")).unwrap_or_default();
    let Some((_, bytes)) = files.iter().find(|(path, _)| path == wanted) else {
        return send(stream, 404, "", b"", 0);
    };
    let rest = &bytes[from.unwrap_or(0)..];
    let sent =
        if rest.len() > 10_000 && broken.insert(wanted.to_owned()) { &rest[..rest.len() / 2] } else { rest };
    let part =
        from.map(|from| format!("content-range: bytes {from}-{}/{}\r\n", bytes.len() - 1, bytes.len()));
    send(stream, if from.is_some() { 206 } else { 200 }, &part.unwrap_or_default(), sent, rest.len())
}

fn send(mut stream: &TcpStream, status: u16, more: &str, body: &[u8], length: usize) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n")?;
    stream.write_all(body)
}

#[test]
fn a_model_is_pulled_listed_verified_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let hub = serve();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atelierd"));
        command.args(arguments).arg("--data").arg(folder.path().join("data"));
        let output = command.env("ATELIER_MODELS__HUB_URL", &hub).env_remove("HF_TOKEN").output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    for (arguments, success, words) in [
        (&["models", "pull", "tiny/nothing"][..], false, "no such repository"),
        (&["models", "pull", "tiny/painter", "--name", "tiny"], true, "openrail++"),
        (&["models", "pull", "tiny/painter", "--name", "tiny"], false, "there is a model `tiny` already"),
        (&["models", "ls"], true, "verified"),
        (&["models", "show", "tiny", "--json"], true, "/tiny/painter@c0ffee\""),
        (&["models", "verify"], true, "tiny is sound"),
        (&["models", "rm", "tiny"], true, "removed tiny"),
        (&["models", "ls"], true, "install larger ones"),
        (&["models", "pull", "tiny/talker"], false, "name one with --file: "),
        (&["models", "pull", "tiny/talker:none.gguf"], false, "has no file none.gguf"),
        (&["models", "pull", "tiny/talker:../qwen3.gguf"], false, "has no file ../qwen3.gguf"),
        (&["models", "pull", "tiny/talker:qwen3.gguf", "--file", "llama.gguf"], false, "two files are named"),
        (&["models", "pull", "tiny/talker:qwen3.gguf"], true, "openrail++"),
        (&["models", "show", "qwen3", "--json"], true, "/tiny/talker@c0ffee\""),
        (&["models", "verify", "qwen3"], true, "qwen3 is sound"),
        (&["models", "pull", "tiny/talker", "--file", "llama.gguf", "--name", "other"], true, "openrail++"),
        (&["models", "rm", "qwen3"], true, "removed qwen3"),
        (&["models", "rm", "other"], true, "removed other"),
    ] {
        let (succeeded, text) = run(arguments);
        assert_eq!(succeeded, success, "{arguments:?}: {text}");
        assert!(text.contains(words), "{arguments:?}: {text}");
    }
    let left = fs::read_dir(folder.path().join("data/models")).unwrap().count();
    assert_eq!(left, 0);
}
