//! The tokens of a model, as its file lists them: from words to tokens, and from each token to the bytes that it stands for.

use candle_core::quantized::tokenizer::TokenizerFromGguf as _;
use tokenizers::{
    AddedToken, Tokenizer,
    models::bpe::{BPE, Vocab},
    normalizers::Replace,
};

use super::{
    family::{Family, Piece},
    gguf::Gguf,
};
use crate::{Error, error::plain};

/// Longest token that is ever written, in bytes. Longer ones are runs of spaces.
const MOST_BYTES: usize = 128;
/// What stands for a space in SentencePiece's tokens.
const SPACE: &str = "\u{2581}";
/// Kinds of tokens that stand for no text: unknown, control, unused.
const TEXTLESS: [usize; 3] = [2, 3, 5];

/// The tokens of a model.
pub(super) struct Vocabulary {
    tokenizer: Tokenizer,
    /// What each token writes; nothing where it is no text.
    bytes: Vec<Vec<u8>>,
    end: u32,
}

impl Vocabulary {
    pub(super) fn load(file: &Gguf, family: Family) -> Result<Self, Error> {
        let list = |key: &str| file.value(key).and_then(|value| value.to_vec().ok());
        let names = list("tokenizer.ggml.tokens").map(Vec::as_slice).unwrap_or_default();
        let names: Vec<&str> =
            names.iter().map(|name| name.to_string().map(String::as_str).unwrap_or_default()).collect();
        let kinds = list("tokenizer.ggml.token_type").map(Vec::as_slice).unwrap_or_default();
        let kinds: Vec<usize> = kinds
            .iter()
            .map(|kind| kind.to_i32().map_or(0, |kind| usize::try_from(kind).unwrap_or(0)))
            .collect();
        if kinds.len() != names.len() {
            return Err(file.refuse("lists its tokens without their kinds; take a newer file of this model"));
        }
        let model = file.text("tokenizer.ggml.model").unwrap_or_default();
        let split = file.text("tokenizer.ggml.pre").unwrap_or_default();
        let (mut tokenizer, pieces) = match model {
            // Of any other candle presumes that texts begin with a space.
            "gpt2" if !["qwen2", "llama3"].contains(&split) => {
                return Err(file.refuse(format!("its words are split by `{split}`, which is not known")));
            }
            "gpt2" => {
                let tokenizer = Tokenizer::from_gguf(file.header());
                (tokenizer.map_err(|error| file.refuse(plain(error).to_string()))?, false)
            }
            "llama" => (sentence_pieces(file, &names, &kinds)?, true),
            other => {
                return Err(file.refuse(format!("its tokens are of the kind `{other}`, which is not known")));
            }
        };
        // Whatever a person writes is words, never a mark.
        tokenizer.set_encode_special_tokens(true);
        let letters = letters();
        let bytes = names.iter().zip(&kinds).map(|(name, kind)| match kind {
            kind if TEXTLESS.contains(kind) => Vec::new(),
            _ if pieces => piece(name),
            _ => name.chars().filter_map(|letter| byte_of(&letters, letter)).collect(),
        });
        let bytes: Vec<Vec<u8>> =
            bytes.map(|bytes| if bytes.len() > MOST_BYTES { Vec::new() } else { bytes }).collect();
        let mut all = Self { tokenizer, bytes, end: 0 };
        let marks = family.before("").into_iter().chain(family.after("")).filter_map(|piece| match piece {
            Piece::Mark(mark) => Some(mark),
            Piece::Text(_) => None,
        });
        for mark in marks.chain([family.end()]) {
            let token = all.tokenizer.token_to_id(mark).filter(|token| (*token as usize) < names.len());
            let Some(token) = token else {
                return Err(
                    file.refuse(format!("has no token {mark}; take the model that was made for chats"))
                );
            };
            // A mark is not for the model to write.
            all.bytes[token as usize].clear();
            all.end = token;
        }
        Ok(all)
    }

    /// What each token writes.
    pub(super) fn bytes(&self) -> &[Vec<u8>] {
        &self.bytes
    }

    /// The token that ends what the model says.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// The tokens of what a model is told.
    pub(super) fn tokens(&self, pieces: &[Piece<'_>]) -> Result<Vec<u32>, Error> {
        let mut tokens = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Mark(mark) => tokens.extend(self.tokenizer.token_to_id(mark)),
                Piece::Text(text) => {
                    let encoded = self.tokenizer.encode_fast(*text, false);
                    let encoded = encoded.map_err(|error| Error::Internal(error.to_string()))?;
                    tokens.extend(
                        encoded.get_ids().iter().filter(|token| (**token as usize) < self.bytes.len()),
                    );
                }
            }
        }
        Ok(tokens)
    }
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vocabulary of {}", self.bytes.len())
    }
}

/// A tokenizer of SentencePiece's tokens with their scores: of all neighbours that make a token together, those with
/// the best score are joined first.
fn sentence_pieces(file: &Gguf, names: &[&str], kinds: &[usize]) -> Result<Tokenizer, Error> {
    let scores = file.value("tokenizer.ggml.scores").and_then(|value| value.to_vec().ok());
    let scores: Vec<f32> =
        scores.map(|all| all.iter().map(|score| score.to_f32().unwrap_or(0.0)).collect()).unwrap_or_default();
    if scores.len() != names.len() {
        return Err(file.refuse("lists its tokens without their scores; take a newer file of this model"));
    }
    let places = names.iter().zip(0_u32..).map(|(name, place)| ((*name).to_owned(), place));
    let vocabulary: Vocab = places.collect();
    let mut joins = Vec::new();
    for (name, (score, _)) in names.iter().zip(scores.iter().zip(kinds)).filter(|(_, (_, kind))| **kind == 1)
    {
        for (at, _) in name.char_indices().skip(1) {
            let (left, right) = name.split_at(at);
            if let (Some(left_place), Some(right_place)) = (vocabulary.get(left), vocabulary.get(right)) {
                joins.push((*score, (*left_place, *right_place), (left.to_owned(), right.to_owned())));
            }
        }
    }
    joins.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let joins = joins.into_iter().map(|(.., pair)| pair).collect();
    let refuse = |error: tokenizers::Error| file.refuse(format!("its tokens make no tokenizer: {error}"));
    let model = BPE::builder().vocab_and_merges(vocabulary, joins).byte_fallback(true).fuse_unk(true);
    let unknown = names.iter().zip(kinds).find(|(_, kind)| **kind == 2).map(|(name, _)| (*name).to_owned());
    let model = unknown.into_iter().fold(model, |model, unknown| model.unk_token(unknown));
    let mut tokenizer = Tokenizer::new(model.build().map_err(refuse)?);
    tokenizer.with_normalizer(Some(Replace::new(" ", SPACE).map_err(refuse)?)).map_err(refuse)?;
    let marks = names.iter().zip(kinds).filter(|(_, kind)| matches!(kind, 2..=5));
    let marks: Vec<_> = marks.map(|(name, _)| AddedToken::from((*name).to_owned(), true)).collect();
    tokenizer.add_special_tokens(marks).map_err(refuse)?;
    Ok(tokenizer)
}

/// What one of SentencePiece's tokens writes.
fn piece(name: &str) -> Vec<u8> {
    let byte = name.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
    match byte.and_then(|byte| u8::from_str_radix(byte, 16).ok()) {
        Some(byte) => vec![byte],
        None => name.replace(SPACE, " ").into_bytes(),
    }
}

/// The letters that stand for bytes in GPT-2's tokens: itself for what can be printed, others for the rest.
fn letters() -> [char; 256] {
    let mut spare = (256..).filter_map(char::from_u32);
    std::array::from_fn(|byte| {
        let byte = byte as u8;
        match byte {
            b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => char::from(byte),
            _ => spare.next().unwrap_or_default(),
        }
    })
}

fn byte_of(letters: &[char; 256], letter: char) -> Option<u8> {
    letters.iter().position(|known| *known == letter).map(|byte| byte as u8)
}
