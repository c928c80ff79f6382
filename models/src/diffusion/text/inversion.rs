//! Textual inversion (Gal et al. 2022): words whose rows of the token table were learned apart from the checkpoint.

use std::{ops::Range, path::Path};

use crate::{
    Error,
    weights::{Parameter, TensorFile},
};

/// Most rows of one word. It has to fit into a chunk of CLIP.
const MOST_ROWS: usize = 75;
/// Most bytes of a word.
const MOST_WORD: usize = 100;

/// A learned word.
#[derive(Debug, Clone)]
pub struct Inversion {
    file: String,
    word: String,
    tables: Vec<Parameter>,
}

impl Inversion {
    /// Reads a safetensors file: one tensor named by its word (diffusers), `emb_params` (A1111), or `clip_l` and
    /// `clip_g` (SDXL). A file that names no word is called by its own name.
    ///
    /// # Errors
    /// As [`TensorFile::open`], and [`Error::Checkpoint`] when it is no textual inversion.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = TensorFile::open(path)?;
        let refuse = |problem: String| Error::Checkpoint { file: path.display().to_string(), problem };
        let names: Vec<&str> = file.names().collect();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (word, names) = match names.as_slice() {
            ["clip_g", "clip_l"] => (stem, vec!["clip_l", "clip_g"]),
            ["emb_params" | "*"] => (stem, names),
            [word] => ((*word).to_owned(), names),
            _ => {
                return Err(refuse(format!(
                    "is no textual inversion: it holds {} tensors, not one (or clip_l and clip_g)",
                    names.len()
                )));
            }
        };
        let tables = names.into_iter().map(|name| {
            let shape = match *file.shape(name).unwrap_or_default() {
                // A single vector.
                [width] => [1, width],
                [rows, width] => [rows, width],
                ref other => return Err(refuse(format!("{name} has shape {other:?}, not [vectors, width]"))),
            };
            if !(1..=MOST_ROWS).contains(&shape[0]) {
                return Err(refuse(format!("{name} has {} vectors; 1 to {MOST_ROWS} can be used", shape[0])));
            }
            Ok(file.parameter(name)?.reshaped(&shape))
        });
        let tables = tables.collect::<Result<Vec<_>, _>>()?;
        if tables.iter().any(|table| table.shape()[0] != tables[0].shape()[0]) {
            return Err(refuse("clip_l and clip_g have different numbers of vectors".to_owned()));
        }
        let file = path.display().to_string();
        Self { file, word: String::new(), tables }.called(&word)
    }

    /// The same under another word.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when `word` is empty, longer than 100 bytes, or has a sign of the prompt's syntax in it.
    pub fn called(self, word: &str) -> Result<Self, Error> {
        let word = word.trim().to_owned();
        let signs = ['(', ')', '[', ']', '\\', '\n'];
        if word.is_empty() || word.len() > MOST_WORD || word.contains(signs) || word == "BREAK" {
            return Err(self.refuse(format!(
                "cannot be called {word:?} in a prompt; give it a short word without brackets"
            )));
        }
        Ok(Self { word, ..self })
    }

    /// What it is called in prompts.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }

    /// One table `[vectors, width]` for each text encoder.
    #[must_use]
    pub fn tables(&self) -> &[Parameter] {
        &self.tables
    }

    /// An error about this file.
    pub(super) fn refuse(&self, problem: String) -> Error {
        Error::Checkpoint { file: self.file.clone(), problem }
    }
}

/// The learned words of an encoder.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    /// Longest first, so that `cat-toy` is not read as `cat`. With the rows in every encoder's table.
    list: Vec<(String, Range<usize>)>,
}

/// A stretch of a prompt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stretch<'a> {
    Plain(&'a str),
    /// A learned word, as rows of the encoders' tables.
    Learned(Range<usize>),
}

impl Words {
    pub(super) fn contains(&self, word: &str) -> bool {
        self.list.iter().any(|(known, _)| known.eq_ignore_ascii_case(word))
    }

    pub(super) fn add(&mut self, word: &str, rows: Range<usize>) {
        let place = self.list.partition_point(|(known, _)| known.len() >= word.len());
        self.list.insert(place, (word.to_owned(), rows));
    }

    /// Cuts `text` at learned words, which are found in any case and never inside another word.
    pub(super) fn split<'a>(&self, text: &'a str) -> Vec<Stretch<'a>> {
        let mut found = Vec::new();
        let mut plain = 0;
        let mut at = 0;
        while let Some(sign) = text[at..].chars().next() {
            let here = self.list.iter().find(|(word, _)| stands_at(text, at, word));
            let Some((word, rows)) = here else {
                at += sign.len_utf8();
                continue;
            };
            if plain < at {
                found.push(Stretch::Plain(&text[plain..at]));
            }
            found.push(Stretch::Learned(rows.clone()));
            at += word.len();
            plain = at;
        }
        if plain < text.len() {
            found.push(Stretch::Plain(&text[plain..]));
        }
        found
    }
}

/// Whether `word` stands at byte `at` of `text`, and no letter or digit of either goes on beside it.
fn stands_at(text: &str, at: usize, word: &str) -> bool {
    let same = |found: &str| found.eq_ignore_ascii_case(word);
    let apart = |left: Option<char>, right: Option<char>| {
        let letter = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
        !(letter(left) && letter(right))
    };
    let end = at + word.len();
    text.get(at..end).is_some_and(same)
        && apart(text[..at].chars().next_back(), word.chars().next())
        && apart(word.chars().next_back(), text[end..].chars().next())
}
