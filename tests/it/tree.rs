//! The tree of the workspace as the layout rules see it: its files, its manifests, and names in code.

use std::{collections::BTreeMap, fs, path::Path};

/// Folders at the top level.
pub(crate) const TOP_FOLDERS: &[&str] = &["bots", "daemon", "models", "proto", "systemd", "tests", "tui"];
/// Files at the top level.
pub(crate) const TOP_FILES: &[&str] = &[
    "ARCHITECTURE.md",
    "BENCHMARKS.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
];
/// Not part of the tree: build output, and folders that a checkout may have beside it.
pub(crate) const NOT_OURS: &[&str] = &["target", "shared"];

/// The rules themselves, whose tables hold examples of what they forbid.
pub(crate) const RULES: &[&str] = &["tests/it/layout.rs", "tests/it/tree.rs"];

pub(crate) struct Source {
    /// From the root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Numbered lines without comments.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = (1..).zip(self.text.lines());
        lines.map(|(number, line)| {
            // Not the slashes of an address.
            let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
            (number, comment.map_or(line, |(at, _)| &line[..at]))
        })
    }
}

pub(crate) struct Manifest {
    pub(crate) folder: String,
    /// Package and its line, of all kinds of dependencies.
    pub(crate) dependencies: BTreeMap<String, String>,
}

/// The manifests of the workspace's crates.
pub(crate) fn manifests() -> Vec<Manifest> {
    let read = |folder: &&str| {
        let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).ok()?;
        let mut dependencies = BTreeMap::new();
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.trim_end().ends_with("dependencies]");
                assert!(
                    !line.contains("dependencies."),
                    "{folder}/Cargo.toml: one line per dependency, not {line}"
                );
            } else if let Some(name) = line.split(['.', ' ', '=']).next()
                && inside
                && !name.is_empty()
                && !name.starts_with('#')
            {
                dependencies.insert(name.to_owned(), line.to_owned());
            }
        }
        Some(Manifest { folder: (*folder).to_owned(), dependencies })
    };
    TOP_FOLDERS.iter().filter_map(read).collect()
}

/// Every Rust file of the workspace.
pub(crate) fn sources() -> Vec<Source> {
    let rust = texts().into_iter().filter(|(path, _)| path.ends_with(".rs"));
    rust.map(|(path, text)| Source { path, text }).collect()
}

/// Every file that people write, by its path from the root.
pub(crate) fn texts() -> Vec<(String, String)> {
    const ENDS: &[&str] = &["rs", "toml", "md", "proto", "service", "sysusers", "tmpfiles", "yml", "sh"];
    let mut found = Vec::new();
    let mut open: Vec<_> = TOP_FOLDERS.iter().map(|name| root().join(name)).collect();
    open.push(root().join(".ci"));
    open.extend(TOP_FILES.iter().map(|name| root().join(name)));
    while let Some(path) = open.pop() {
        if let Ok(entries) = fs::read_dir(&path) {
            open.extend(entries.flatten().map(|entry| entry.path()));
        } else if path.extension().is_none_or(|end| ENDS.iter().any(|it| end == *it))
            && let Ok(text) = fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push((path, text));
        }
    }
    found.sort();
    found
}

pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

pub(crate) fn lies_in(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path == *place || path.starts_with(place) && !place.ends_with(".rs"))
}

/// Whether code names a crate, rather than something else that is called like it.
pub(crate) fn names_crate(code: &str, name: &str) -> bool {
    let (begin, any) = name.strip_suffix('*').map_or((name, false), |begin| (begin, true));
    words(code, begin).any(|(before, after)| {
        let rest = if any { after.trim_start_matches(is_letter) } else { after };
        let whole = !rest.starts_with(is_letter);
        let imported = ["use", "crate"].iter().any(|word| before.trim_end().ends_with(word));
        whole && (rest.starts_with("::") || imported) && !before.ends_with("::")
    })
}

/// Whether the word stands there by itself.
pub(crate) fn has_word(code: &str, word: &str) -> bool {
    words(code, word).any(|(_, after)| !after.starts_with(is_letter))
}

/// Whether a path begins there: not the end of a longer one.
pub(crate) fn has_path(content: &str, path: &str) -> bool {
    content
        .match_indices(path)
        .any(|(at, _)| !content[..at].ends_with(|it| is_letter(it) || "~.}-".contains(it)))
}

/// What stands before and after each place where a word begins so.
fn words<'a>(code: &'a str, begin: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let places = code.match_indices(begin).map(|(at, it)| (&code[..at], &code[at + it.len()..]));
    places.filter(|(before, _)| !before.ends_with(is_letter))
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[test]
fn names_are_told_from_what_looks_like_them() {
    for (code, name, named) in [
        ("use sled::Db;", "sled", true),
        ("use sled;", "sled", true),
        ("extern crate sled as s;", "sled", true),
        ("let db = sled::open(path);", "sled", true),
        ("self.sled.get(key)", "sled", false),
        ("mod sled;", "sled", false),
        ("use crate::store::sled::SledEngine;", "sled", false),
        ("bobsled::ride()", "sled", false),
        ("candle_core::Tensor::new()", "candle*", true),
        ("use candle_nn::Linear;", "candle*", true),
        ("candles(canvas, look)", "candle*", false),
        ("ratatui_image::picker::Picker", "ratatui*", true),
        ("serenity_prelude::Http", "serenity", false),
    ] {
        assert_eq!(names_crate(code, name), named, "{name} in {code}");
    }
    let source = Source { path: String::new(), text: "a // b\nlet u = \"http://c\"; // d".to_owned() };
    let code: Vec<_> = source.code().map(|(_, code)| code.trim_end()).collect();
    assert_eq!(code, ["a", "let u = \"http://c\";"]);
}
