//! The shape of a CLIP text encoder, read from its `config.json` and checked before anything is allocated.

use std::{fs, ops::RangeInclusive, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Error;

/// The function between the two layers of a block's perceptron.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Activation {
    /// `x · σ(1.702 x)`: OpenAI's CLIP.
    #[serde(rename = "quick_gelu")]
    QuickGelu,
    /// By the error function: OpenCLIP.
    #[serde(rename = "gelu")]
    Gelu,
}

/// Which token's state stands for the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRule {
    /// The first with the highest id. Configurations from before the id was written down right say `2` and mean this.
    Highest,
    /// The first with this id; the very first token when there is none.
    Id(u32),
}

/// The shape of a CLIP text encoder.
#[derive(Debug, Clone, PartialEq)]
pub struct ClipTextConfig {
    /// Elements per token, 1 to 8192.
    pub hidden_size: usize,
    /// Elements inside a block's perceptron, 1 to 65536.
    pub intermediate_size: usize,
    /// Blocks, 1 to 128.
    pub num_hidden_layers: usize,
    /// Heads of attention; they divide [`Self::hidden_size`].
    pub num_attention_heads: usize,
    /// Most tokens of a text with its start and end, 3 to 4096.
    pub max_position_embeddings: usize,
    /// Rows of the token table, 1 to 2²⁰.
    pub vocab_size: usize,
    /// Elements of the projected text, 1 to 8192. Only an encoder with a projection has such.
    pub projection_dim: usize,
    /// The function inside the perceptrons.
    pub hidden_act: Activation,
    /// What keeps norms from dividing by zero.
    pub layer_norm_eps: f64,
    /// Which token is pooled.
    pub end: EndRule,
}

/// `config.json` as it is written. transformers leaves out what has its default value, so these are its defaults.
#[derive(Deserialize)]
#[serde(default)]
struct Written {
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    max_position_embeddings: usize,
    vocab_size: usize,
    projection_dim: usize,
    hidden_act: Activation,
    layer_norm_eps: f64,
    eos_token_id: u32,
    use_attention_mask: bool,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            hidden_size: 512,
            intermediate_size: 2048,
            num_hidden_layers: 12,
            num_attention_heads: 8,
            max_position_embeddings: 77,
            vocab_size: 49408,
            projection_dim: 512,
            hidden_act: Activation::QuickGelu,
            layer_norm_eps: 1e-5,
            eos_token_id: 49407,
            use_attention_mask: false,
        }
    }
}

impl ClipTextConfig {
    /// Reads the `config.json` at `path`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it cannot be read, and as [`Self::parse`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(json) => Self::parse(&name, &json),
            Err(error) => Err(Error::Checkpoint { file: name, problem: format!("cannot be read: {error}") }),
        }
    }

    /// Reads `json`. `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when it is no configuration of a CLIP text encoder, or its sizes are out of range.
    pub fn parse(name: &str, json: &str) -> Result<Self, Error> {
        let refuse = |problem: String| Error::Checkpoint { file: name.to_owned(), problem };
        // A list would be taken for fields without names.
        let written = serde_json::from_str::<Map<String, Value>>(json)
            .and_then(|fields| Written::deserialize(Value::Object(fields)))
            .map_err(|error| refuse(format!("does not describe a CLIP text encoder: {error}")))?;
        let sizes: [(&str, usize, RangeInclusive<usize>); 7] = [
            ("hidden_size", written.hidden_size, 1..=8192),
            ("intermediate_size", written.intermediate_size, 1..=65536),
            ("num_hidden_layers", written.num_hidden_layers, 1..=128),
            ("num_attention_heads", written.num_attention_heads, 1..=written.hidden_size),
            ("max_position_embeddings", written.max_position_embeddings, 3..=4096),
            ("vocab_size", written.vocab_size, 1..=1 << 20),
            ("projection_dim", written.projection_dim, 1..=8192),
        ];
        for (field, size, range) in sizes {
            if !range.contains(&size) {
                let (least, most) = range.into_inner();
                return Err(refuse(format!("{field} is {size}; {least} to {most} can be used")));
            }
        }
        if !written.hidden_size.is_multiple_of(written.num_attention_heads) {
            let (width, heads) = (written.hidden_size, written.num_attention_heads);
            return Err(refuse(format!("{heads} heads do not divide a hidden_size of {width}")));
        }
        let epsilon = written.layer_norm_eps;
        if !(f64::MIN_POSITIVE..=0.1).contains(&epsilon) {
            return Err(refuse(format!("layer_norm_eps is {epsilon}; it is a small number above zero")));
        }
        if written.use_attention_mask {
            return Err(refuse(
                "use_attention_mask is set; only encoders that read their padding can be used".to_owned(),
            ));
        }
        Ok(Self {
            hidden_size: written.hidden_size,
            intermediate_size: written.intermediate_size,
            num_hidden_layers: written.num_hidden_layers,
            num_attention_heads: written.num_attention_heads,
            max_position_embeddings: written.max_position_embeddings,
            vocab_size: written.vocab_size,
            projection_dim: written.projection_dim,
            hidden_act: written.hidden_act,
            layer_norm_eps: epsilon,
            end: if written.eos_token_id == 2 { EndRule::Highest } else { EndRule::Id(written.eos_token_id) },
        })
    }
}
