//! The tokens of CLIP, and folders that cannot be used.

use std::fs;

use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    super::{Padding, Tokenizer},
    fixture,
};
use crate::Error;

fn numbers(table: &Value, name: &str, place: usize) -> Vec<u32> {
    serde_json::from_value(table[name][place].clone()).unwrap()
}

#[test]
fn the_bundled_vocabulary_gives_the_numbers_of_transformers() {
    let table: Value = serde_json::from_str(&fs::read_to_string(fixture("ids.json")).unwrap()).unwrap();
    let texts: Vec<String> = serde_json::from_value(table["texts"].clone()).unwrap();
    assert!(texts.len() >= 40);
    for (name, padding) in [("end", Padding::End), ("exclamation", Padding::Exclamation)] {
        let tokenizer = Tokenizer::bundled(padding).unwrap();
        for (place, text) in texts.iter().enumerate() {
            let mut whole = vec![tokenizer.start()];
            whole.extend(tokenizer.encode(text).unwrap());
            whole.push(tokenizer.end());
            assert_eq!(whole, numbers(&table, &format!("whole_{name}"), place), "{text:?} padded by {name}");
            let padded = tokenizer.encode_padded(text, 77).unwrap();
            assert_eq!(
                padded,
                numbers(&table, &format!("padded_{name}"), place),
                "{text:?} padded by {name}"
            );
        }
    }
}

#[test]
fn the_bundled_vocabulary_is_that_of_clip() {
    let tokenizer = Tokenizer::bundled(Padding::End).unwrap();
    assert_eq!((tokenizer.start(), tokenizer.end(), tokenizer.pad()), (49406, 49407, 49407));
    assert_eq!(Tokenizer::bundled(Padding::Exclamation).unwrap().pad(), 0);
}

#[test]
fn a_folder_says_what_pads() {
    for (folder, pad) in [("sd/tokenizer", 526), ("sdxl/tokenizer", 526), ("sdxl/tokenizer_2", 0)] {
        let tokenizer = Tokenizer::open(&fixture(folder)).unwrap();
        assert_eq!((tokenizer.end(), tokenizer.pad(), tokenizer.length()), (526, pad, Some(77)), "{folder}");
        assert_eq!(tokenizer.encode("The photo").unwrap(), [520, 515], "{folder}");
    }
}

#[test]
fn a_cut_text_keeps_its_end() {
    let tokenizer = Tokenizer::open(&fixture("sd/tokenizer")).unwrap();
    let padded = tokenizer.encode_padded(&"red ".repeat(100), 5).unwrap();
    assert_eq!(padded, [525, 522, 522, 522, 526]);
    assert_eq!(tokenizer.encode_padded("red", 0).unwrap(), [525, 526]);
}

/// Names and contents.
type Files<'a> = &'a [(&'a str, &'a str)];

/// A folder with these files.
fn folder(files: Files<'_>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn broken_folders_are_refused_in_plain_words() {
    const SPECIAL: &str = r#"{"a": 0, "b": 1, "<|startoftext|>": 2, "<|endoftext|>": 3}"#;
    let cases: &[(&str, Files<'_>, &str)] = &[
        ("nothing", &[], "holds no tokenizer"),
        ("half", &[("vocab.json", SPECIAL)], "holds no tokenizer"),
        ("list", &[("vocab.json", "[1, 2]"), ("merges.txt", "")], "not a table of tokens"),
        ("negative", &[("vocab.json", r#"{"a": -1}"#), ("merges.txt", "")], "not a table of tokens"),
        ("twice", &[("vocab.json", r#"{"a": 1, "b": 1}"#), ("merges.txt", "")], "the same number"),
        ("merge", &[("vocab.json", SPECIAL), ("merges.txt", "a b")], "the token \"ab\""),
        ("special", &[("vocab.json", r#"{"a": 0}"#), ("merges.txt", "")], "special token"),
        ("whole", &[("tokenizer.json", "{}")], "not the byte pair encoding"),
        (
            "word-piece",
            &[("tokenizer.json", r#"{"model": {"type": "WordPiece", "vocab": {}, "merges": []}}"#)],
            "not the byte pair encoding",
        ),
        (
            "config",
            &[("vocab.json", SPECIAL), ("merges.txt", ""), ("tokenizer_config.json", "{")],
            "tokenizer_config.json is not JSON",
        ),
        (
            "pad",
            &[
                ("vocab.json", SPECIAL),
                ("merges.txt", ""),
                ("special_tokens_map.json", r#"{"pad_token": "!"}"#),
            ],
            "special token \"!\"",
        ),
    ];
    for (name, files, wanted) in cases {
        let error = Tokenizer::open(folder(files).path()).unwrap_err();
        assert!(matches!(error, Error::Checkpoint { .. }), "{name}: {error}");
        assert!(error.to_string().contains(wanted), "{name}: {error}");
    }
}

#[test]
fn a_vocabulary_with_holes_is_an_error_only_where_it_is_hit() {
    let vocabulary = r#"{"a</w>": 0, "<|startoftext|>": 2, "<|endoftext|>": 3}"#;
    let folder = folder(&[("vocab.json", vocabulary), ("merges.txt", "#version: 0.2\n")]);
    let tokenizer = Tokenizer::open(folder.path()).unwrap();
    assert_eq!(tokenizer.encode("A a").unwrap(), [0, 0]);
    assert_eq!(tokenizer.encode("z").unwrap(), [3], "what is unknown is the end token, as the files say");
}

proptest! {
    #[test]
    fn every_text_has_tokens(text in any::<String>(), length in 0usize..100) {
        let tokenizer = Tokenizer::open(&fixture("sd/tokenizer")).unwrap();
        let padded = tokenizer.encode_padded(&text, length).unwrap();
        prop_assert_eq!(padded.len(), length.max(2));
        prop_assert!(padded.contains(&tokenizer.end()));
    }
}
