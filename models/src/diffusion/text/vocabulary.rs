//! Where the tokens of CLIP come from: the files of a checkpoint, or the bundled table.
//!
//! Only the vocabulary, the merges and the names of special tokens are taken from a file. How a text is cut is the
//! same for every CLIP, so a file cannot bring regular expressions or normalisers of its own.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::Read,
    path::Path,
};

use serde_json::Value;

use crate::Error;

/// OpenAI's merges, from which the tokens follow.
const MERGES: &str = include_str!("../../../vocabulary/clip-merges.txt");
/// Name of the token before every text, where a checkpoint does not say.
const START: &str = "<|startoftext|>";
/// Name of the token after every text, where a checkpoint does not say.
const END: &str = "<|endoftext|>";
/// What a byte is written with at the end of a word.
const WORD_END: &str = "</w>";
/// Most bytes of a file of a tokenizer. CLIP's largest has 3.6 MB.
const MOST_BYTES: u64 = 32 << 20;

/// Every token by its name.
type Tokens = HashMap<String, u32>;
/// Pairs of tokens that become one, the most frequent first.
type Merges = Vec<(String, String)>;

/// What fills a text up to the length of the encoder, where the checkpoint brings no tokenizer to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// The end token: Stable Diffusion 1, and the first encoder of SDXL.
    End,
    /// The token of id 0, which is "!": Stable Diffusion 2, and the second encoder of SDXL.
    Exclamation,
}

/// Everything that tells one CLIP tokenizer from another.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub tokens: Tokens,
    /// Each pair and what it makes are tokens.
    pub merges: Merges,
    pub start: String,
    pub end: String,
    pub pad: String,
    pub unknown: String,
    /// Most tokens of a text with its start and end, where the checkpoint says.
    pub length: Option<usize>,
}

impl Vocabulary {
    /// OpenAI's own.
    pub(super) fn bundled(padding: Padding) -> Self {
        let merges: Vec<_> = pairs(MERGES).collect();
        let letters: Vec<String> = byte_letters().map(String::from).collect();
        let whole = letters.iter().cloned();
        let last = letters.iter().map(|letter| format!("{letter}{WORD_END}"));
        let made = merges.iter().map(|(left, right)| format!("{left}{right}"));
        let special = [START, END].map(str::to_owned);
        let tokens = whole.chain(last).chain(made).chain(special).zip(0..).collect();
        let pad = match padding {
            Padding::End => END,
            Padding::Exclamation => "!",
        };
        let [start, end, pad, unknown] = [START, END, pad, END].map(str::to_owned);
        Self { tokens, merges, start, end, pad, unknown, length: None }
    }

    /// Of a folder with `tokenizer.json`, or `vocab.json` and `merges.txt`. `special_tokens_map.json` and
    /// `tokenizer_config.json` name the special tokens and may be absent.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: folder.display().to_string(), problem };
        let (tokens, merges) = match read(&folder.join("tokenizer.json"))? {
            Some(text) => whole_file(&text).ok_or_else(|| {
                refuse("tokenizer.json is not the byte pair encoding of a CLIP tokenizer".to_owned())
            })?,
            None => match (read(&folder.join("vocab.json"))?, read(&folder.join("merges.txt"))?) {
                (Some(vocabulary), Some(merges)) => {
                    let tokens = serde_json::from_str(&vocabulary)
                        .map_err(|error| refuse(format!("vocab.json is not a table of tokens: {error}")))?;
                    (tokens, pairs(&merges).collect())
                }
                _ => {
                    return Err(refuse(
                        "holds no tokenizer; it needs tokenizer.json, or vocab.json and merges.txt"
                            .to_owned(),
                    ));
                }
            },
        };
        check(&tokens, &merges).map_err(refuse)?;
        let json = |name: &str| -> Result<Value, Error> {
            let Some(text) = read(&folder.join(name))? else { return Ok(Value::Null) };
            serde_json::from_str(&text).map_err(|error| refuse(format!("{name} is not JSON: {error}")))
        };
        let config = json("tokenizer_config.json")?;
        let map = json("special_tokens_map.json")?;
        // A file that lists its added tokens was written by a version that keeps the names there as well.
        let files =
            if config.get("added_tokens_decoder").is_some() { [&config, &map] } else { [&map, &config] };
        let named = |field: &str, usual: &str| {
            let found = files.iter().find_map(|file| name(file.get(field)?));
            found.unwrap_or(usual).to_owned()
        };
        let end = named("eos_token", END);
        let pad = named("pad_token", &end);
        let unknown = named("unk_token", &end);
        // Some write 10³⁰ for "any".
        let length = config.get("model_max_length").and_then(Value::as_u64);
        let length = length.and_then(|length| usize::try_from(length).ok());
        Ok(Self { tokens, merges, start: named("bos_token", START), end, pad, unknown, length })
    }
}

/// The text of a file; `None` when it is absent.
fn read(path: &Path) -> Result<Option<String>, Error> {
    let refuse = |problem: String| Error::Checkpoint { file: path.display().to_string(), problem };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refuse(format!("cannot be opened: {error}"))),
    };
    let mut text = String::new();
    let read = file.take(MOST_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| refuse(format!("cannot be read: {error}")))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(refuse(format!("is longer than {MOST_BYTES} bytes, more than any tokenizer of CLIP")));
    }
    Ok(Some(text))
}

/// Vocabulary and merges of a `tokenizer.json`; `None` when it is of another kind.
fn whole_file(text: &str) -> Option<(Tokens, Merges)> {
    let mut file: Value = serde_json::from_str(text).ok()?;
    let model = file.get_mut("model")?;
    if model.get("end_of_word_suffix")?.as_str()? != WORD_END {
        return None;
    }
    let tokens = serde_json::from_value(model.get_mut("vocab")?.take()).ok()?;
    // Written as "a b" by older versions, as ["a", "b"] by newer.
    let pair = |merge: &Value| match merge {
        Value::String(line) => pairs(line).next(),
        Value::Array(both) => match both.as_slice() {
            [left, right] => Some((left.as_str()?.to_owned(), right.as_str()?.to_owned())),
            _ => None,
        },
        _ => None,
    };
    let merges = model.get("merges")?.as_array()?.iter().map(pair).collect::<Option<_>>()?;
    Some((tokens, merges))
}

/// The merges of a `merges.txt`: two tokens a line. Its first line may be a comment on its version.
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let lines = text.lines().filter(|line| !line.starts_with("#version"));
    lines
        .filter_map(|line| line.trim_end().split_once(' '))
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
}

/// What the tokenizer takes for granted.
fn check(tokens: &Tokens, merges: &[(String, String)]) -> Result<(), String> {
    if tokens.values().collect::<HashSet<_>>().len() != tokens.len() {
        return Err("two tokens of its vocabulary have the same number".to_owned());
    }
    for (left, right) in merges {
        let made = format!("{left}{right}");
        if let Some(missing) = [left, right, &made].into_iter().find(|token| !tokens.contains_key(*token)) {
            return Err(format!("its merges use the token {missing:?}, which is not in its vocabulary"));
        }
    }
    Ok(())
}

/// A special token: its name, or an object with its name and how it is found.
fn name(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("content")?.as_str())
}

/// The letters that stand for bytes, in the order of CLIP's vocabulary: printable bytes for themselves, then the
/// others by the letters from U+0100 on (Radford et al. 2019, section 2.2).
fn byte_letters() -> impl Iterator<Item = char> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let others = (0..=255u8).filter(move |byte| !printable(byte)).zip('\u{100}'..).map(|(_, letter)| letter);
    (0..=255u8).filter(printable).map(char::from).chain(others)
}
