//! CLIP's text encoder: a causal transformer over tokens (Radford et al. 2021, section 2.4).

use std::ops::Range;

use candle_core::Tensor;

use super::config::{Activation, ClipTextConfig, EndRule};
use crate::{
    Error,
    nn::{LayerNorm, Linear, Mask, attention, gelu, quick_gelu},
    weights::{Parameter, Values, Weights},
};

/// One place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A row of the checkpoint's table.
    Word(u32),
    /// A row that was brought by [`ClipText::learn`], counted from 0.
    Learned(usize),
}

/// Which of the hidden states is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// How many of the last blocks are left out, 0 to all.
    pub skip: usize,
    /// Whether the final norm is applied to what is taken.
    pub norm: bool,
}

/// What an encoder says about texts.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// The hidden states asked for, `[texts, tokens, hidden_size]`.
    pub hidden: Tensor,
    /// State of the end token after the last block and the final norm, `[texts, hidden_size]`.
    pub pooled: Tensor,
    /// [`Self::pooled`] by the projection, `[texts, projection_dim]`, where the checkpoint has one.
    pub projected: Option<Tensor>,
}

/// A CLIP text encoder. Cheap to clone: a clone shares the weights.
#[derive(Debug, Clone)]
pub struct ClipText {
    config: ClipTextConfig,
    /// Stays in its file; only the rows of a text's tokens are copied.
    table: Parameter,
    /// Rows of the same width that came after it, one after another.
    learned: Vec<f32>,
    positions: Tensor,
    blocks: Vec<Block>,
    norm: LayerNorm,
    projection: Option<Linear>,
}

impl ClipText {
    /// Reads an encoder under the names of transformers, with or without the prefix `text_model.`, and refuses
    /// tensors that it has no place for. There is a projection where `text_projection.weight` is.
    ///
    /// # Errors
    /// As [`Weights::get`] and [`Weights::finish`].
    pub fn load(config: &ClipTextConfig, weights: &Weights) -> Result<Self, Error> {
        let width = config.hidden_size;
        let prefixed = weights.contains("text_model.embeddings.token_embedding.weight");
        let root = if prefixed { weights.pp("text_model") } else { weights.clone() };
        let embeddings = root.pp("embeddings");
        // 0, 1, 2 …, which some versions of transformers wrote down.
        embeddings.ignore("position_ids");
        let table = embeddings.get("token_embedding.weight", &[config.vocab_size, width])?;
        let positions = embeddings
            .get("position_embedding.weight", &[config.max_position_embeddings, width])?
            .tensor(weights.placement())?;
        let layers = root.pp("encoder").pp("layers");
        let blocks = (0..config.num_hidden_layers)
            .map(|place| Block::load(config, &layers.pp(place)))
            .collect::<Result<_, _>>()?;
        let norm = LayerNorm::load(&root.pp("final_layer_norm"), width, config.layer_norm_eps)?;
        let projection = if weights.contains("text_projection.weight") {
            Some(Linear::load_no_bias(&weights.pp("text_projection"), width, config.projection_dim)?)
        } else {
            None
        };
        weights.finish()?;
        Ok(Self { config: config.clone(), table, learned: Vec::new(), positions, blocks, norm, projection })
    }

    /// The shape of this encoder.
    #[must_use]
    pub fn config(&self) -> &ClipTextConfig {
        &self.config
    }

    /// Whether it has a projection.
    #[must_use]
    pub fn projects(&self) -> bool {
        self.projection.is_some()
    }

    /// Appends rows to the table of tokens (textual inversion) and says which [`Token::Learned`] they are.
    ///
    /// # Errors
    /// [`Error::Invalid`] when `rows` are not `[any, hidden_size]`.
    pub fn learn(&mut self, rows: &Parameter) -> Result<Range<usize>, Error> {
        let width = self.config.hidden_size;
        let [count, found] = *rows.shape() else {
            return Err(embedding("is not a matrix with one row per vector".to_owned()));
        };
        if found != width {
            return Err(embedding(format!(
                "is of width {found}, made for another kind of model; this text encoder's is {width}"
            )));
        }
        let first = self.learned.len() / width;
        self.learned.extend(rows.values().to_f32());
        Ok(first..first + count)
    }

    /// Encodes `texts`, all of one length of at most [`ClipTextConfig::max_position_embeddings`] tokens.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no or uneven texts, tokens that are not in the table and a depth of more blocks than
    /// there are; and when the device has no room.
    pub fn forward(&self, texts: &[Vec<Token>], depth: Depth) -> Result<Encoded, Error> {
        let blocks = self.blocks.len();
        let Some(wanted) = blocks.checked_sub(depth.skip) else {
            return Err(Error::Invalid {
                field: "clip_skip",
                problem: format!("goes {} blocks back; this text encoder has {blocks}", depth.skip),
            });
        };
        let mut x = self.embed(texts)?;
        let mut kept = x.clone();
        for (place, block) in self.blocks.iter().enumerate() {
            x = block.forward(&x)?;
            if place < wanted {
                kept = x.clone();
            }
        }
        let last = self.norm.forward(&x)?;
        let hidden = match depth {
            Depth { skip: 0, norm: true } => last.clone(),
            Depth { norm: true, .. } => self.norm.forward(&kept)?,
            Depth { norm: false, .. } => kept,
        };
        let ends = texts.iter().enumerate().map(|(row, text)| {
            Ok(last.narrow(0, row, 1)?.narrow(1, end_of(text, self.config.end), 1)?.squeeze(1)?)
        });
        let pooled = Tensor::cat(&ends.collect::<Result<Vec<_>, Error>>()?, 0)?;
        let projected = self.projection.as_ref().map(|it| it.forward(&pooled)).transpose()?;
        Ok(Encoded { hidden, pooled, projected })
    }

    /// Rows of the table plus positions, `[texts, tokens, hidden_size]`.
    fn embed(&self, texts: &[Vec<Token>]) -> Result<Tensor, Error> {
        let width = self.config.hidden_size;
        let most = self.config.max_position_embeddings;
        let length = texts.first().map_or(0, Vec::len);
        if !(1..=most).contains(&length) || texts.iter().any(|text| text.len() != length) {
            return Err(prompt(format!(
                "texts are encoded together when all have one length of 1 to {most}"
            )));
        }
        let mut rows = Vec::with_capacity(texts.len() * length * width);
        for token in texts.iter().flatten() {
            let found = match *token {
                Token::Word(id) => copy_row(&self.table, id as usize, width, &mut rows),
                Token::Learned(place) => {
                    let row = self.learned.chunks_exact(width).nth(place);
                    row.map(|row| rows.extend_from_slice(row))
                }
            };
            if found.is_none() {
                return Err(prompt(format!(
                    "{token:?} is not in the table of {} tokens; tokenizer and text encoder belong to different \
                     checkpoints",
                    self.config.vocab_size
                )));
            }
        }
        let positions = self.positions.narrow(0, 0, length)?;
        let rows = Tensor::from_vec(rows, (texts.len(), length, width), positions.device())?;
        Ok(rows.to_dtype(positions.dtype())?.broadcast_add(&positions)?)
    }
}

fn prompt(problem: String) -> Error {
    Error::Invalid { field: "prompt", problem }
}

fn embedding(problem: String) -> Error {
    Error::Invalid { field: "embedding", problem }
}

/// Appends row `row` of `table` to `rows`; `None` when there is no such row.
fn copy_row(table: &Parameter, row: usize, width: usize, rows: &mut Vec<f32>) -> Option<()> {
    let range = row.checked_mul(width)?..row.checked_add(1)?.checked_mul(width)?;
    match table.values() {
        Values::F32(values) => rows.extend_from_slice(values.get(range)?),
        Values::F16(values) => rows.extend(values.get(range)?.iter().map(|value| value.to_f32())),
        Values::Bf16(values) => rows.extend(values.get(range)?.iter().map(|value| value.to_f32())),
    }
    Some(())
}

/// Where `text` ends. Learned tokens are no ends, whatever their ids would be.
fn end_of(text: &[Token], rule: EndRule) -> usize {
    let id = |token: &Token| match *token {
        Token::Word(id) => Some(id),
        Token::Learned(_) => None,
    };
    let end = match rule {
        EndRule::Highest => text.iter().filter_map(id).max(),
        EndRule::Id(id) => Some(id),
    };
    text.iter().position(|token| end.is_some() && id(token) == end).unwrap_or(0)
}

/// One block: attention and a perceptron, each on normed input and added to what came in.
#[derive(Debug, Clone)]
struct Block {
    before_attention: LayerNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    heads: usize,
    before_perceptron: LayerNorm,
    widen: Linear,
    activation: Activation,
    narrow: Linear,
}

impl Block {
    fn load(config: &ClipTextConfig, weights: &Weights) -> Result<Self, Error> {
        let (width, inner) = (config.hidden_size, config.intermediate_size);
        let norm = |name| LayerNorm::load(&weights.pp(name), width, config.layer_norm_eps);
        let square = |name| Linear::load(&weights.pp("self_attn").pp(name), width, width);
        Ok(Self {
            before_attention: norm("layer_norm1")?,
            query: square("q_proj")?,
            key: square("k_proj")?,
            value: square("v_proj")?,
            out: square("out_proj")?,
            heads: config.num_attention_heads,
            before_perceptron: norm("layer_norm2")?,
            widen: Linear::load(&weights.pp("mlp").pp("fc1"), width, inner)?,
            activation: config.hidden_act,
            narrow: Linear::load(&weights.pp("mlp").pp("fc2"), inner, width)?,
        })
    }

    /// `[texts, tokens, hidden_size]` → the same.
    fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        let normal = self.before_attention.forward(x)?;
        let (q, k, v) =
            (self.query.forward(&normal)?, self.key.forward(&normal)?, self.value.forward(&normal)?);
        let x = self.out.forward_add(&attention(&q, &k, &v, self.heads, Mask::Causal)?, x)?;
        let wide = self.widen.forward(&self.before_perceptron.forward(&x)?)?;
        let wide = match self.activation {
            Activation::QuickGelu => quick_gelu(&wide)?,
            Activation::Gelu => gelu(&wide)?,
        };
        self.narrow.forward_add(&wide, &x)
    }
}
