//! CLIP's byte pair encoding (Radford et al. 2021): text to the numbers of tokens.

use std::{path::Path, sync::Arc};

use tokenizers::{
    AddedToken, NormalizerWrapper, PreTokenizerWrapper, SplitDelimiterBehavior,
    models::bpe::{BPE, Vocab},
    normalizers::{NFC, Replace, Sequence as Normalizers, replace::ReplacePattern, utils::Lowercase},
    pre_tokenizers::{
        byte_level::ByteLevel,
        sequence::Sequence as PreTokenizers,
        split::{Split, SplitPattern},
    },
};

use super::vocabulary::{Padding, Vocabulary};
use crate::Error;

/// What CLIP takes for one word: a special token, an English ending, letters, one digit, or other signs.
const WORDS: &str =
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

/// A CLIP tokenizer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    inner: Arc<tokenizers::Tokenizer>,
    start: u32,
    end: u32,
    pad: u32,
    length: Option<usize>,
}

impl Tokenizer {
    /// Reads a folder with `tokenizer.json`, or `vocab.json` and `merges.txt`. The special tokens, the one that
    /// pads among them, are those of `special_tokens_map.json` and `tokenizer_config.json`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when the files are absent, not a CLIP tokenizer's, or contradict each other.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::build(Vocabulary::open(folder)?)
            .map_err(|problem| Error::Checkpoint { file: folder.display().to_string(), problem })
    }

    /// OpenAI's vocabulary of 49408 tokens, for checkpoints that bring none.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bundled table is damaged.
    pub fn bundled(padding: Padding) -> Result<Self, Error> {
        Self::build(Vocabulary::bundled(padding))
            .map_err(|problem| Error::Internal(format!("the bundled vocabulary: {problem}")))
    }

    fn build(vocabulary: Vocabulary) -> Result<Self, String> {
        let Vocabulary { tokens, merges, start, end, pad, unknown, length } = vocabulary;
        let id = |token: &str| {
            let found = tokens.get(token).copied();
            found.ok_or_else(|| format!("the special token {token:?} is not in its vocabulary"))
        };
        let (start_id, end_id, pad_id, _) = (id(&start)?, id(&end)?, id(&pad)?, id(&unknown)?);
        let inner = pipeline(tokens.into_iter().collect(), merges, [start, end, pad, unknown])
            .map_err(|error| format!("cannot be used: {error}"))?;
        Ok(Self { inner: Arc::new(inner), start: start_id, end: end_id, pad: pad_id, length })
    }

    /// The token before every text.
    #[must_use]
    pub fn start(&self) -> u32 {
        self.start
    }

    /// The token after every text.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.end
    }

    /// The token that fills up what is left after the end.
    #[must_use]
    pub fn pad(&self) -> u32 {
        self.pad
    }

    /// Most tokens of a text with its start and end, where the checkpoint says.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        self.length
    }

    /// The tokens of `text`, without start and end.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the vocabulary has no token for a part of it.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, Error> {
        let refuse = |error| Error::Invalid {
            field: "prompt",
            problem: format!("cannot be turned into tokens: {error}"),
        };
        Ok(self.inner.encode_fast(text, false).map_err(refuse)?.get_ids().to_vec())
    }

    /// `text` as exactly `length` tokens: start, what of it has room, end, padding. `length` is at least 2.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn encode_padded(&self, text: &str, length: usize) -> Result<Vec<u32>, Error> {
        let mut tokens = vec![self.start];
        tokens.extend(self.encode(text)?.into_iter().take(length.saturating_sub(2)));
        tokens.push(self.end);
        tokens.resize(length.max(2), self.pad);
        Ok(tokens)
    }
}

/// The steps from text to tokens, as transformers' CLIPTokenizer has them.
fn pipeline(
    tokens: Vocab,
    merges: Vec<(String, String)>,
    special: [String; 4],
) -> tokenizers::Result<tokenizers::Tokenizer> {
    let [.., unknown] = &special;
    let model = BPE::builder()
        .vocab_and_merges(tokens, merges)
        .unk_token(unknown.clone())
        .continuing_subword_prefix(String::new())
        .end_of_word_suffix("</w>".to_owned())
        .build()?;
    let mut inner = tokenizers::Tokenizer::new(model);
    let spaces = Replace::new(ReplacePattern::Regex(r"\s+".to_owned()), " ")?;
    let normalizers: Vec<NormalizerWrapper> = vec![NFC.into(), spaces.into(), Lowercase.into()];
    inner.with_normalizer(Some(Normalizers::new(normalizers)))?;
    let words = Split::new(SplitPattern::Regex(WORDS.to_owned()), SplitDelimiterBehavior::Removed, true)?;
    let steps: Vec<PreTokenizerWrapper> = vec![words.into(), ByteLevel::new(false, true, true).into()];
    inner.with_pre_tokenizer(Some(PreTokenizers::new(steps)));
    inner.add_special_tokens(special.map(|token| AddedToken::from(token, true)))?;
    Ok(inner)
}
