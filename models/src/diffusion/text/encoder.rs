//! Prompts to what the denoiser is conditioned on, for one text encoder (Stable Diffusion 1 and 2) or two (SDXL).

use candle_core::{D, Tensor};

use super::{
    chunk::{Chunk, Frame, Item, Layout},
    clip::{ClipText, Depth, Token},
    conditioning::{Conditioning, Note, Prompt, Side},
    emphasis::weigh,
    inversion::{Inversion, Stretch, Words},
    prompt::{Part, parse},
    tokenizer::Tokenizer,
};
use crate::Error;

/// Most chunks of a prompt; at 75 words' worth of tokens each, more than anybody reads.
const MOST_CHUNKS: usize = 8;
/// Most bytes of a prompt.
const MOST_BYTES: usize = 16 << 10;

/// A text encoder and the tokenizer that it was trained with.
#[derive(Debug, Clone)]
pub struct Tower {
    /// Turns text to tokens.
    pub tokenizer: Tokenizer,
    /// Turns tokens to states.
    pub model: ClipText,
}

impl Tower {
    /// Tokens of a chunk with its start and end.
    fn length(&self) -> usize {
        let most = self.model.config().max_position_embeddings;
        self.tokenizer.length().map_or(most, |length| length.clamp(3, most))
    }
}

/// What tells the families of checkpoints apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Stable Diffusion 1 and 2: the last states, normed.
    One,
    /// SDXL: the last states but one as they are, of both encoders side by side, and a summary by the second.
    Two { zero_empty_negative: bool },
}

impl Family {
    /// Which states are taken. As in diffusers, `skip` is for what is wanted; what is not is never skipped.
    fn depth(self, side: Side, skip: Option<u32>) -> Depth {
        let skip = match side {
            Side::Positive => skip.unwrap_or(0) as usize,
            Side::Negative => 0,
        };
        match self {
            Self::One => Depth { skip, norm: true },
            Self::Two { .. } => Depth { skip: skip.saturating_add(1), norm: false },
        }
    }
}

/// The text half of a checkpoint. Cheap to clone, so that one job can learn words that another does not have.
#[derive(Debug, Clone)]
pub struct PromptEncoder {
    towers: Vec<Tower>,
    family: Family,
    words: Words,
}

impl PromptEncoder {
    /// Stable Diffusion 1 and 2.
    #[must_use]
    pub fn one(tower: Tower) -> Self {
        Self { towers: vec![tower], family: Family::One, words: Words::default() }
    }

    /// SDXL. `zero_empty_negative` is `force_zeros_for_empty_prompt` of its `model_index.json`: an empty negative
    /// prompt is all zeros, not the encoding of no words.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when the second encoder has no projection, or the two take texts of different lengths.
    pub fn two(first: Tower, second: Tower, zero_empty_negative: bool) -> Result<Self, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: "text_encoder_2".to_owned(), problem };
        if !second.model.projects() {
            return Err(refuse("has no text_projection.weight, which SDXL needs".to_owned()));
        }
        let lengths = (first.length(), second.length());
        if lengths.0 != lengths.1 {
            return Err(refuse(format!("takes {} tokens where the first takes {}", lengths.1, lengths.0)));
        }
        let family = Family::Two { zero_empty_negative };
        Ok(Self { towers: vec![first, second], family, words: Words::default() })
    }

    /// Width of [`Conditioning::context`], which the denoiser's `cross_attention_dim` has to be.
    #[must_use]
    pub fn width(&self) -> usize {
        self.towers.iter().map(|tower| tower.model.config().hidden_size).sum()
    }

    /// Width of [`Conditioning::pooled`], where there is one.
    #[must_use]
    pub fn pooled_width(&self) -> Option<usize> {
        match (self.family, self.towers.last()) {
            (Family::Two { .. }, Some(second)) => Some(second.model.config().projection_dim),
            _ => None,
        }
    }

    /// Learns a word. From now on it stands for its rows wherever a prompt has it.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is for another kind of model, too long for a chunk, or known already.
    pub fn learn(&mut self, inversion: &Inversion) -> Result<(), Error> {
        let tables = inversion.tables();
        match (self.towers.as_slice(), tables) {
            ([_], [_]) | ([_, _], [_, _]) => {}
            ([_], _) => return Err(inversion.refuse("is for SDXL; this model is not".to_owned())),
            _ => {
                return Err(inversion.refuse("is for Stable Diffusion 1 or 2; this model is SDXL".to_owned()));
            }
        }
        if self.words.contains(inversion.word()) {
            return Err(inversion.refuse(format!("brings {:?}, which is known already", inversion.word())));
        }
        let room = self.towers.iter().map(|tower| tower.length() - 2).min().unwrap_or(0);
        let needed = tables[0].shape()[0];
        if needed > room {
            return Err(inversion.refuse(format!("has {needed} vectors; this model has room for {room}")));
        }
        for (tower, table) in self.towers.iter().zip(tables) {
            let (found, width) = (table.shape()[1], tower.model.config().hidden_size);
            if found != width {
                return Err(inversion.refuse(format!(
                    "is of width {found}, made for another kind of model; this one's text encoder is of {width}"
                )));
            }
        }
        let mut rows = 0..0;
        for (tower, table) in self.towers.iter_mut().zip(tables) {
            rows = tower.model.learn(table)?;
        }
        self.words.add(inversion.word(), rows);
        Ok(())
    }

    /// Encodes the prompts of a picture, at least one. All are as long as the longest: the others are followed by
    /// chunks without words.
    ///
    /// `skip` leaves out that many more of the last blocks ("CLIP skip", counted as diffusers does: 1 is the last
    /// block but one) for positive prompts. With 77 tokens at most and all weights 1 the answer is that of
    /// diffusers' `encode_prompt`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a prompt of more than 16 KiB, and as [`ClipText::forward`].
    pub fn encode(&self, prompts: &[Prompt<'_>], skip: Option<u32>) -> Result<Conditioning, Error> {
        if prompts.is_empty() {
            return Err(Error::Invalid { field: "prompt", problem: "at least one is needed".to_owned() });
        }
        let mut notes = Vec::new();
        let parts = prompts.iter().enumerate().map(|(place, prompt)| {
            if prompt.text.len() > MOST_BYTES {
                let problem = format!("has {} bytes; at most {MOST_BYTES} are read", prompt.text.len());
                return Err(Error::Invalid { field: "prompt", problem });
            }
            let parts = parse(prompt.text);
            notes.extend(self.unknown(&parts).map(|word| Note::Unknown { prompt: place, word }));
            Ok(parts)
        });
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let layouts =
            self.towers.iter().map(|tower| self.lay(tower, &parts)).collect::<Result<Vec<_>, _>>()?;
        for prompt in 0..prompts.len() {
            let tokens = layouts.iter().map(|texts| texts[prompt].cut).max().unwrap_or(0);
            notes.extend((tokens > 0).then_some(Note::Cut { prompt, tokens }));
        }
        let most = layouts.iter().flatten().map(|layout| layout.chunks.len()).max().unwrap_or(1);
        let mut contexts = Vec::with_capacity(self.towers.len());
        let mut pooled = None;
        for (tower, mut texts) in self.towers.iter().zip(layouts) {
            let empty = Frame::new(&tower.tokenizer, tower.length()).empty();
            for text in &mut texts {
                text.chunks.resize(most, empty.clone());
            }
            let (context, summary) = self.states(tower, prompts, &texts, skip)?;
            contexts.push(context);
            pooled = summary;
        }
        let context = self.zeroed(Tensor::cat(&contexts, D::Minus1)?, prompts)?;
        let pooled = match self.family {
            Family::One => None,
            Family::Two { .. } => pooled.map(|pooled| self.zeroed(pooled, prompts)).transpose()?,
        };
        Ok(Conditioning { context, pooled, notes })
    }

    /// The prompts in chunks of `tower`.
    fn lay(&self, tower: &Tower, prompts: &[Vec<Part>]) -> Result<Vec<Layout>, Error> {
        let frame = Frame::new(&tower.tokenizer, tower.length());
        let lay = |parts: &Vec<Part>| {
            let mut items = Vec::new();
            for part in parts {
                let Part::Text { text, weight } = part else {
                    items.push(Item::Break);
                    continue;
                };
                for stretch in self.words.split(text) {
                    match stretch {
                        Stretch::Learned(rows) => {
                            items.push(Item::Tokens(rows.map(Token::Learned).collect(), *weight));
                        }
                        Stretch::Plain(text) => {
                            let ids = tower.tokenizer.encode(text)?;
                            items.extend(
                                ids.into_iter().map(|id| Item::Tokens(vec![Token::Word(id)], *weight)),
                            );
                        }
                    }
                }
            }
            Ok(frame.lay(&items, MOST_CHUNKS))
        };
        prompts.iter().map(lay).collect()
    }

    /// States `[prompts, tokens, width]` of one encoder, and the summary of each prompt by its first chunk.
    fn states(
        &self,
        tower: &Tower,
        prompts: &[Prompt<'_>],
        texts: &[Layout],
        skip: Option<u32>,
    ) -> Result<(Tensor, Option<Tensor>), Error> {
        let mut rows = Vec::with_capacity(prompts.len());
        // Neighbours that need the same depth are encoded together.
        let depth = |prompt: &Prompt<'_>| self.family.depth(prompt.side, skip);
        let mut from = 0;
        for alike in prompts.chunk_by(|left, right| depth(left) == depth(right)) {
            let group = &texts[from..from + alike.len()];
            from += alike.len();
            let chunks: Vec<&Chunk> = group.iter().flat_map(|text| &text.chunks).collect();
            let tokens: Vec<_> = chunks.iter().map(|chunk| chunk.tokens.clone()).collect();
            let encoded = tower.model.forward(&tokens, depth(&alike[0]))?;
            let (_, _, width) = encoded.hidden.dims3()?;
            let context = weigh(encoded.hidden, &chunks)?.reshape((alike.len(), (), width))?;
            let first = |all: Tensor| -> Result<Tensor, Error> {
                Ok(all.reshape((alike.len(), (), all.dim(1)?))?.narrow(1, 0, 1)?.squeeze(1)?)
            };
            rows.push((context, encoded.projected.map(first).transpose()?));
        }
        let (contexts, summaries): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let summaries: Option<Vec<_>> = summaries.into_iter().collect();
        let summary = summaries.map(|summaries| Tensor::cat(&summaries, 0)).transpose()?;
        Ok((Tensor::cat(&contexts, 0)?, summary))
    }

    /// `x` `[prompts, …]` with zeros for empty negative prompts, where the checkpoint asks for that.
    fn zeroed(&self, x: Tensor, prompts: &[Prompt<'_>]) -> Result<Tensor, Error> {
        let zero = |prompt: &Prompt<'_>| {
            self.family == Family::Two { zero_empty_negative: true }
                && prompt.side == Side::Negative
                && prompt.text.trim().is_empty()
        };
        if !prompts.iter().any(zero) {
            return Ok(x);
        }
        let rows = prompts.iter().enumerate().map(|(place, prompt)| {
            let row = x.narrow(0, place, 1)?;
            if zero(prompt) { row.zeros_like() } else { Ok(row) }
        });
        Ok(Tensor::cat(&rows.collect::<Result<Vec<_>, _>>()?, 0)?)
    }

    /// What looks like learned words and is not.
    fn unknown<'a>(&'a self, parts: &'a [Part]) -> impl Iterator<Item = String> + 'a {
        let texts = parts.iter().filter_map(|part| match part {
            Part::Text { text, .. } => Some(text.as_str()),
            Part::Break => None,
        });
        let plain = texts.flat_map(|text| self.words.split(text)).filter_map(|stretch| match stretch {
            Stretch::Plain(text) => Some(text),
            Stretch::Learned(_) => None,
        });
        plain.flat_map(|text| text.split('<').skip(1)).filter_map(|text| {
            let (word, _) = text.split_once('>')?;
            let special = word.is_empty() || word.starts_with('|') || word.contains(char::is_whitespace);
            (!special).then(|| format!("<{word}>"))
        })
    }
}
