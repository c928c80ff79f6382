//! The one network of all three families: a decoder with rotary positions and grouped keys, on a processor. What the
//! families do differently is in its blocks as options, filled from the file.

use std::sync::Arc;

use candle_core::{
    D, Device, Tensor,
    quantized::{QMatMul, QTensor, ggml_file},
};
use candle_nn::{Module as _, ops};

use super::{
    family::Family,
    gguf::{EMBEDDING, Gguf, HEAD},
    sizes::{Rope, Sizes},
};
use crate::Error;

/// A language model's network.
#[derive(Debug)]
pub(super) struct Network {
    family: Family,
    sizes: Sizes,
    embedding: Arc<QTensor>,
    blocks: Vec<Block>,
    norm: Tensor,
    head: QMatMul,
}

#[derive(Debug)]
struct Block {
    before_attention: Tensor,
    query: QMatMul,
    key: QMatMul,
    value: QMatMul,
    out: QMatMul,
    /// Norms of each head's query and key.
    heads: Option<(Tensor, Tensor)>,
    after_attention: Option<Tensor>,
    before_mlp: Tensor,
    gate: QMatMul,
    up: QMatMul,
    down: QMatMul,
    after_mlp: Option<Tensor>,
    /// How far back it looks; none for to the beginning.
    window: Option<usize>,
}

/// Keys and values of what was read so far. A clone shares them and goes its own way.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    layers: Vec<(Tensor, Tensor)>,
    length: usize,
}

impl Memory {
    /// How many tokens were read.
    pub(super) fn len(&self) -> usize {
        self.length
    }
}

impl Network {
    pub(super) fn load(file: &Gguf) -> Result<Self, Error> {
        let family = Family::of(file)?;
        let sizes = Sizes::of(file, family)?;
        let embedding = Arc::new(file.tensor(EMBEDDING, &[sizes.vocabulary, sizes.width])?);
        let blocks =
            (0..sizes.layers).map(|at| Block::load(file, family, &sizes, at)).collect::<Result<_, _>>()?;
        let norm = vector(file, "output_norm.weight", sizes.width)?;
        let head = if file.has(HEAD) {
            product(file, HEAD, sizes.vocabulary, sizes.width)?
        } else {
            QMatMul::from_arc(Arc::clone(&embedding))?
        };
        file.finish()?;
        Ok(Self { family, sizes, embedding, blocks, norm, head })
    }

    pub(super) fn family(&self) -> Family {
        self.family
    }

    /// Most tokens that it was made for.
    pub(super) fn context(&self) -> usize {
        self.sizes.context
    }

    /// Reads `tokens` after what `memory` holds, and says how likely each token comes next.
    pub(super) fn read(&self, tokens: &[u32], memory: &mut Memory) -> Result<Vec<f32>, Error> {
        let (count, from) = (tokens.len(), memory.length);
        let mut x = self.embed(tokens)?;
        let far = self.sizes.far.at(from, count)?;
        let near = self.sizes.near.as_ref().map(|rope| rope.at(from, count)).transpose()?;
        for (at, block) in self.blocks.iter().enumerate() {
            let rope = near.as_ref().filter(|_| block.window.is_some()).unwrap_or(&far);
            let attended =
                block.attend(&self.norm_of(&x, &block.before_attention)?, self, rope, memory, at)?;
            x = (x + self.norm_if(&attended, block.after_attention.as_ref())?)?;
            let made = block.mlp(&self.norm_of(&x, &block.before_mlp)?, self.family)?;
            x = (x + self.norm_if(&made, block.after_mlp.as_ref())?)?;
        }
        memory.length += count;
        let last = x.narrow(1, count - 1, 1)?;
        Ok(self.head.forward(&self.norm_of(&last, &self.norm)?)?.flatten_all()?.to_vec1()?)
    }

    /// Rows of the embedding, which stays quantised: as floats it would be the largest part of a small model.
    fn embed(&self, tokens: &[u32]) -> Result<Tensor, Error> {
        let data = self.embedding.data()?;
        let row = data.len() / self.sizes.vocabulary;
        let mut rows = Vec::with_capacity(tokens.len() * row);
        for token in tokens {
            let at = *token as usize * row;
            let bytes = data.get(at..at + row);
            rows.extend(bytes.ok_or_else(|| Error::Internal(format!("there is no token {token}")))?);
        }
        let shape = vec![tokens.len(), self.sizes.width];
        let rows = ggml_file::qtensor_from_ggml(self.embedding.dtype(), &rows, shape, &Device::Cpu)?;
        let rows = rows.dequantize(&Device::Cpu)?.unsqueeze(0)?;
        Ok(match self.family {
            Family::Qwen3 | Family::Llama => rows,
            Family::Gemma3 => (rows * (self.sizes.width as f64).sqrt())?,
        })
    }

    fn norm_of(&self, x: &Tensor, weight: &Tensor) -> candle_core::Result<Tensor> {
        ops::rms_norm(&x.contiguous()?, weight, self.sizes.epsilon)
    }

    fn norm_if(&self, x: &Tensor, weight: Option<&Tensor>) -> candle_core::Result<Tensor> {
        weight.map_or(Ok(x.clone()), |weight| self.norm_of(x, weight))
    }
}

impl Block {
    fn load(file: &Gguf, family: Family, sizes: &Sizes, at: usize) -> Result<Self, Error> {
        let name = |part: &str| format!("blk.{at}.{part}.weight");
        let norm = |part: &str, size: usize| vector(file, &name(part), size);
        let matrix = |part: &str, rows: usize, columns: usize| product(file, &name(part), rows, columns);
        let Sizes { width, head, .. } = *sizes;
        let (queries, keys) = (sizes.heads * head, sizes.kv_heads * head);
        let after = |part: &str| (family == Family::Gemma3).then(|| norm(part, width)).transpose();
        let heads = match family {
            Family::Llama => None,
            Family::Qwen3 | Family::Gemma3 => Some((norm("attn_q_norm", head)?, norm("attn_k_norm", head)?)),
        };
        Ok(Self {
            before_attention: norm("attn_norm", width)?,
            query: matrix("attn_q", queries, width)?,
            key: matrix("attn_k", keys, width)?,
            value: matrix("attn_v", keys, width)?,
            out: matrix("attn_output", width, queries)?,
            heads,
            after_attention: after("post_attention_norm")?,
            before_mlp: norm("ffn_norm", width)?,
            gate: matrix("ffn_gate", sizes.inner, width)?,
            up: matrix("ffn_up", sizes.inner, width)?,
            down: matrix("ffn_down", width, sizes.inner)?,
            after_mlp: after("post_ffw_norm")?,
            window: sizes.window_of(at),
        })
    }

    fn attend(
        &self,
        x: &Tensor,
        network: &Network,
        (cos, sin): &(Tensor, Tensor),
        memory: &mut Memory,
        at: usize,
    ) -> Result<Tensor, Error> {
        let sizes = &network.sizes;
        let (_, count, _) = x.dims3()?;
        let split =
            |x: Tensor, heads: usize| x.reshape((1, count, heads, sizes.head))?.transpose(1, 2)?.contiguous();
        let mut query = split(self.query.forward(x)?, sizes.heads)?;
        let mut key = split(self.key.forward(x)?, sizes.kv_heads)?;
        let mut value = split(self.value.forward(x)?, sizes.kv_heads)?;
        if let Some((of_query, of_key)) = &self.heads {
            query = network.norm_of(&query, of_query)?;
            key = network.norm_of(&key, of_key)?;
        }
        let turn = match network.family {
            // Files of this family hold their rows so that neighbours are turned together.
            Family::Llama => candle_nn::rotary_emb::rope_i,
            Family::Qwen3 | Family::Gemma3 => candle_nn::rotary_emb::rope,
        };
        (query, key) = (turn(&query, cos, sin)?, turn(&key, cos, sin)?);
        if let Some((keys, values)) = memory.layers.get(at) {
            key = Tensor::cat(&[keys, &key], 2)?;
            value = Tensor::cat(&[values, &value], 2)?;
        }
        let kept = (key.clone(), value.clone());
        match memory.layers.get_mut(at) {
            Some(layer) => *layer = kept,
            None => memory.layers.push(kept),
        }
        let total = memory.length + count;
        // Queries that share a key stand in its rows, so that no key is copied for them.
        let shared = sizes.heads / sizes.kv_heads;
        let query = query.reshape((1, sizes.kv_heads, shared * count, sizes.head))?;
        let scores = (query.matmul(&key.t()?)? * (sizes.head as f64).sqrt().recip())?;
        let scores = scores.reshape((1, sizes.kv_heads, shared, count, total))?;
        let scores = match self.mask(memory.length, count) {
            Some(mask) => scores.broadcast_add(&Tensor::from_vec(mask, (count, total), &Device::Cpu)?)?,
            None => scores,
        };
        let scores = ops::softmax_last_dim(&scores)?.reshape((1, sizes.kv_heads, shared * count, total))?;
        let mixed = scores.matmul(&value)?.reshape((1, sizes.heads, count, sizes.head))?;
        Ok(self.out.forward(&mixed.transpose(1, 2)?.flatten_from(D::Minus2)?)?)
    }

    /// What the tokens after the first `from` may not see, added to their scores; none where they see all.
    fn mask(&self, from: usize, count: usize) -> Option<Vec<f32>> {
        let window = self.window.unwrap_or(usize::MAX);
        if count == 1 && from < window {
            return None;
        }
        let seen = |token: usize, other: usize| other <= token && token - other < window;
        let row = |token: usize| {
            (0..from + count).map(move |other| if seen(token, other) { 0.0 } else { f32::NEG_INFINITY })
        };
        Some((from..from + count).flat_map(row).collect())
    }

    fn mlp(&self, x: &Tensor, family: Family) -> candle_core::Result<Tensor> {
        let gate = self.gate.forward(x)?;
        let gate = match family {
            Family::Qwen3 | Family::Llama => gate.silu()?,
            Family::Gemma3 => gate.gelu()?,
        };
        self.down.forward(&(gate * self.up.forward(x)?)?)
    }
}

fn vector(file: &Gguf, name: &str, size: usize) -> Result<Tensor, Error> {
    Ok(file.tensor(name, &[size])?.dequantize(&Device::Cpu)?)
}

fn product(file: &Gguf, name: &str, rows: usize, columns: usize) -> Result<QMatMul, Error> {
    Ok(QMatMul::from_qtensor(file.tensor(name, &[rows, columns])?)?)
}

impl Rope {
    /// Cosines and sines of `count` positions after the first `from`.
    fn at(&self, from: usize, count: usize) -> candle_core::Result<(Tensor, Tensor)> {
        let angles = |turn: fn(f32) -> f32| {
            let row = |place: usize| self.speeds().iter().map(move |speed| turn(place as f32 * speed));
            let all: Vec<f32> = (from..from + count).flat_map(row).collect();
            Tensor::from_vec(all, (count, self.speeds().len()), &Device::Cpu)
        };
        Ok((angles(f32::cos)?, angles(f32::sin)?))
    }
}
