//! The layout rules of ARCHITECTURE.md, checked over the sources and manifests themselves.
//!
//! Each rule is a row of a table with the reason that a failure prints. An exception is a row too, with its own
//! reason, and has to go when it is no longer needed.

use std::{collections::BTreeSet, fs, process::Command};

use crate::tree::{
    NOT_OURS, RULES, Source, TOP_FILES, TOP_FOLDERS, has_path, has_word, lies_in, manifests, names_crate,
    root, sources, texts,
};

/// Names that stay behind a fence.
struct Fence {
    /// Crates, as code writes them; with `*` all that begin so.
    crates: &'static [&'static str],
    /// Files, or folders with a slash, that may name them.
    within: &'static [&'static str],
    /// Code that only looks like it.
    unless: &'static [&'static str],
    why: &'static str,
}

const FENCES: &[Fence] = &[
    Fence {
        crates: &["sled"],
        within: &["daemon/src/store/sled.rs"],
        // Our own module of that name, beside it.
        unless: &["sled::SledEngine"],
        why: "the store is a trait; its sharp-edged engine can be replaced while one file knows it",
    },
    Fence {
        crates: &["candle*", "llguidance", "tokenizers"],
        within: &["models/"],
        unless: &[],
        why: "the daemon asks for pixels and does not know how networks run",
    },
    Fence {
        crates: &["ureq"],
        within: &["models/src/hub/http.rs", "daemon/src/conversations/interpreter/endpoint/http.rs"],
        unless: &[],
        why: "one place opens a socket to download models, one to ask a language model; nothing that computes does",
    },
    Fence {
        crates: &["ratatui*", "viuer", "crossterm"],
        within: &["tui/"],
        unless: &[],
        why: "only one face is a terminal",
    },
    Fence {
        crates: &["serenity", "poise", "teloxide*"],
        within: &["bots/"],
        unless: &[],
        why: "the platforms' libraries are translated in the bots' adapters and nowhere else",
    },
    Fence {
        crates: &["atelier_daemon"],
        within: &["daemon/", "tests/", "tui/src/session/embedded.rs"],
        unless: &[],
        why: "faces use the daemon through gRPC only; one file hosts it, so that a face can be built without",
    },
    Fence {
        crates: &["atelier_models"],
        within: &["models/", "daemon/", "tests/"],
        unless: &[],
        why: "faces never compute pixels: the daemon does, and prices them",
    },
];

/// Where the generated types of the wire may be named.
const WIRE: &[(&str, &str)] = &[
    ("proto/", "their home"),
    ("daemon/src/rpc/", "the edge: converts to the daemon's own types and back"),
    ("daemon/src/cli/", "a client of a daemon that already runs"),
    ("daemon/benches/", "a client that measures"),
    ("tui/src/cli/", "a client: every command is a call"),
    ("tui/src/session/", "signs in, before there is a screen"),
    ("tui/src/ui/net", "the screens' one connection; everything behind it has types of its own"),
    ("bots/src/", "renders cards, which are the platform-neutral form already"),
    ("tests/", "are a client"),
];

/// What a workspace crate may depend on of the workspace; tests and benches of a crate included.
const DIRECTIONS: &[(&str, &[&str], &str)] = &[
    ("proto", &[], "the wire is shared by all and knows nobody"),
    ("models", &[], "pixels know no person, credit or job"),
    ("daemon", &["atelier-proto", "atelier-models"], "the owner of the rules knows no face"),
    ("tui", &["atelier-proto", "atelier-daemon"], "a face speaks the wire; the daemon is only hosted"),
    ("bots", &["atelier-proto"], "a face speaks the wire"),
    (
        "tests",
        &["atelier-proto", "atelier-models", "atelier-daemon", "atelier-bots"],
        "tests reach everything",
    ),
];

/// Dependencies that no source names, because generated code does.
const NAMED_BY_GENERATED_CODE: &[(&str, &str)] = &[("proto", "prost-types"), ("proto", "tonic-prost")];

const MOST_LINES: usize = 400;
const LONGER: &[(&str, usize, &str)] = &[];

const TIME: &[(&str, &str)] = &[
    ("daemon/src/clock.rs", "the one clock"),
    ("proto/src/client/auth.rs", "compares with an expiry that the daemon set"),
    ("tui/src/ui/run.rs", "the screens' one look at the clock"),
    ("tui/src/cli/keys.rs", "a key's span begins when the command is typed"),
];

#[test]
fn crates_stay_behind_their_fences() {
    let mut found = Vec::new();
    for source in sources().into_iter().filter(|source| !lies_in(&source.path, RULES)) {
        for fence in FENCES.iter().filter(|fence| !lies_in(&source.path, fence.within)) {
            for (line, code) in source.code() {
                let code = fence.unless.iter().fold(code.to_owned(), |code, it| code.replace(it, ""));
                for name in fence.crates.iter().filter(|name| names_crate(&code, name)) {
                    found.push(format!(
                        "{}:{line} names `{name}`, which belongs into {:?}: {}",
                        source.path, fence.within, fence.why
                    ));
                }
            }
        }
    }
    for manifest in manifests() {
        for fence in FENCES {
            let inside = fence.within.iter().any(|place| place.starts_with(&format!("{}/", manifest.folder)));
            for name in manifest.dependencies.keys().filter(|name| fence.lists(name) && !inside) {
                found.push(format!("{}/Cargo.toml depends on `{name}`: {}", manifest.folder, fence.why));
            }
        }
    }
    none(&found);
}

#[test]
fn the_wire_stops_at_the_edges() {
    let places: Vec<_> = WIRE.iter().map(|(place, _)| *place).collect();
    let named = |source: &Source| {
        let code: Vec<_> = source.code().collect();
        let imports = code.iter().any(|(_, code)| has_word(code, "atelier_proto"));
        code.into_iter().find(|(_, code)| imports && has_word(code, "v1")).map(|(line, _)| line)
    };
    let beyond = sources().into_iter().filter(|source| !lies_in(&source.path, &places));
    let found: Vec<_> = beyond
        .filter_map(|source| {
            let line = named(&source)?;
            Some(format!(
                "{}:{line} names types of the wire. They change with the wire, so only the edges see them, \
                 and convert: {WIRE:?}",
                source.path
            ))
        })
        .collect();
    none(&found);
}

#[test]
fn crates_depend_in_one_direction() {
    let mut found = Vec::new();
    let manifests = manifests();
    let folders: BTreeSet<_> = manifests.iter().map(|manifest| manifest.folder.as_str()).collect();
    let listed: BTreeSet<_> = DIRECTIONS.iter().map(|(folder, ..)| *folder).collect();
    assert_eq!(folders, listed, "every crate of the workspace has a row in DIRECTIONS");
    for (manifest, (folder, allowed, why)) in manifests
        .iter()
        .flat_map(|it| DIRECTIONS.iter().filter(|row| row.0 == it.folder).map(move |row| (it, row)))
    {
        for name in manifest.dependencies.keys().filter(|name| name.starts_with("atelier")) {
            if !allowed.contains(&name.as_str()) {
                found.push(format!("{folder}/Cargo.toml depends on `{name}`: {why}"));
            }
        }
    }
    let hosting =
        manifests.iter().find(|it| it.folder == "tui").and_then(|it| it.dependencies.get("atelier-daemon"));
    if hosting.is_some_and(|line| !line.contains("optional = true")) {
        found.push(
            "tui/Cargo.toml: `atelier-daemon` must be optional, for builds without a daemon inside"
                .to_owned(),
        );
    }
    none(&found);
}

#[test]
fn dependencies_are_in_the_workspace_table_and_in_use() {
    let mut found = Vec::new();
    for manifest in manifests() {
        let folder = &manifest.folder;
        let code: Vec<_> =
            sources().into_iter().filter(|it| it.path.starts_with(&format!("{folder}/"))).collect();
        for (name, line) in &manifest.dependencies {
            if !line.contains("workspace = true") {
                found.push(format!(
                    "{folder}/Cargo.toml: `{name}` has a version of its own; all are in the root's table"
                ));
            }
            let generated = NAMED_BY_GENERATED_CODE.contains(&(folder.as_str(), name.as_str()));
            let word = name.replace('-', "_");
            if !generated && !code.iter().any(|it| it.code().any(|(_, code)| has_word(code, &word))) {
                found.push(format!(
                    "{folder}/Cargo.toml: `{name}` is not used; it costs build time and audits"
                ));
            }
        }
    }
    none(&found);
}

#[test]
fn the_top_level_is_fixed() {
    let mut found = Vec::new();
    for entry in fs::read_dir(root()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let allowed = if folder { TOP_FOLDERS } else { TOP_FILES };
        // Hidden ones belong to git, to the checks or to somebody's editor.
        if !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) && !allowed.contains(&name.as_str()) {
            found.push(format!("{name}: a reader finds the same few things at the top; put it into a crate"));
        }
    }
    none(&found);
}

#[test]
fn time_is_asked_in_one_place() {
    let places: Vec<_> = TIME.iter().map(|(place, _)| *place).collect();
    let asks = ["SystemTime::now", "Timestamp::now", "Zoned::now"];
    let asking = |source: &Source| source.code().any(|(_, code)| asks.iter().any(|it| code.contains(it)));
    let found: Vec<_> = sources()
        .iter()
        .filter(|source| !lies_in(&source.path, RULES) && asking(source) != lies_in(&source.path, &places))
        .map(|source| format!("{}: time comes in as a parameter, except {TIME:?}", source.path))
        .collect();
    none(&found);
}

#[test]
fn files_can_be_read_in_one_sitting() {
    let mut found = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        let longer = LONGER.iter().find(|(path, ..)| *path == source.path);
        let most = longer.map_or(MOST_LINES, |(_, most, _)| *most);
        if lines > most {
            found.push(format!("{}: {lines} lines, at most {most}; split it by kind of work", source.path));
        } else if longer.is_some() && lines <= MOST_LINES {
            found.push(format!("{}: {lines} lines, so its exception in LONGER can go", source.path));
        }
    }
    none(&found);
}

#[test]
fn every_file_says_what_it_is() {
    let silent = |source: &&Source| !source.text.starts_with("//!");
    let found: Vec<_> = sources()
        .iter()
        .filter(silent)
        .map(|source| {
            format!("{}: begins without `//!` that says what it is and what it must not do", source.path)
        })
        .collect();
    none(&found);
}

#[test]
fn nothing_is_left_for_later_and_no_machine_is_named() {
    // Written so that this file does not hold them itself.
    let later =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!"), concat!("unimplemented", "!")];
    let machines = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tmp/", "wt")];
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (line, content) in (1..).zip(text.lines()) {
            for word in later.iter().filter(|word| path.ends_with(".rs") && has_word(content, word)) {
                found.push(format!(
                    "{path}:{line} has `{word}`: write an issue, or say what the code does today"
                ));
            }
            for machine in machines.iter().filter(|machine| has_path(content, machine)) {
                found.push(format!("{path}:{line} has `{machine}`: somebody's machine, and nobody else's"));
            }
        }
    }
    none(&found);
}

#[test]
fn units_are_what_systemd_expects() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join("systemd")).unwrap().flatten() {
        let path = entry.path();
        if !path.extension().is_some_and(|end| end == "service" || end == "socket" || end == "timer") {
            continue;
        }
        // The programs are not installed here; any other stands in for them.
        let unit = fs::read_to_string(&path).unwrap();
        let stand_in: String = unit
            .lines()
            .map(|line| {
                if line.starts_with("ExecStart=") {
                    "ExecStart=/bin/true\n".to_owned()
                } else {
                    format!("{line}\n")
                }
            })
            .collect();
        let copy = folder.path().join(entry.file_name());
        fs::write(&copy, stand_in).unwrap();
        let told = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&copy).output().unwrap();
        let told = [told.stdout, told.stderr].concat();
        assert!(told.is_empty(), "{}: {}", path.display(), String::from_utf8_lossy(&told));
    }
}

impl Fence {
    /// Whether it is about this package.
    fn lists(&self, package: &str) -> bool {
        let package = package.replace('-', "_");
        self.crates.iter().any(|name| match name.strip_suffix('*') {
            Some(begin) => package.starts_with(begin),
            None => package == *name,
        })
    }
}

fn none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
