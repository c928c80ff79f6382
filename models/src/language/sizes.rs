//! How large a network is, read from its file and held against limits, so that no number of a header is believed.

use candle_core::Device;

use super::{family::Family, gguf::Gguf};
use crate::Error;

/// Largest width, inner width or product of heads.
const MOST_WIDE: usize = 1 << 16;
/// Most blocks. Qwen3 32B has 64.
const MOST_LAYERS: usize = 256;
/// Most tokens of a vocabulary. Gemma 3 has 262,208.
const MOST_TOKENS: usize = 1 << 20;
/// Gemma 3's every sixth block sees all, the others what is near.
const PERIOD: usize = 6;
/// Gemma 3's base of the near blocks' rotation, which files do not say.
const NEAR_BASE: f32 = 10_000.0;
/// Gemma 3 27B, alone, scales its attention by something else than its heads' width.
const ODD_GEMMA_LAYERS: usize = 62;

/// The sizes of a network.
#[derive(Debug)]
pub(super) struct Sizes {
    pub(super) layers: usize,
    pub(super) width: usize,
    pub(super) inner: usize,
    pub(super) heads: usize,
    pub(super) kv_heads: usize,
    /// Width of one head.
    pub(super) head: usize,
    pub(super) vocabulary: usize,
    /// Most tokens that it was made for.
    pub(super) context: usize,
    pub(super) epsilon: f32,
    pub(super) far: Rope,
    /// Of blocks with a window.
    pub(super) near: Option<Rope>,
    window: Option<usize>,
}

/// How fast each pair of a head's numbers turns from one position to the next.
#[derive(Debug)]
pub(super) struct Rope(Vec<f32>);

impl Rope {
    pub(super) fn speeds(&self) -> &[f32] {
        &self.0
    }

    fn new(head: usize, base: f32, slower: f32, factors: Option<&[f32]>) -> Self {
        let speed = |pair: usize| {
            let factor = factors.and_then(|factors| factors.get(pair)).copied().unwrap_or(1.0);
            base.powf(-((2 * pair) as f32) / head as f32) / (factor * slower)
        };
        Self((0..head / 2).map(speed).collect())
    }
}

impl Sizes {
    pub(super) fn of(file: &Gguf, family: Family) -> Result<Self, Error> {
        let key = |name: &str| format!("{}.{name}", family.word());
        let within = |name: &str, found: Option<usize>, most: usize| {
            found.filter(|size| (1..=most).contains(size)).ok_or_else(|| {
                file.refuse(format!("its {} is missing or not within 1 and {most}", key(name)))
            })
        };
        let size = |name: &str, most: usize| within(name, file.whole(&key(name)), most);
        let width = size("embedding_length", MOST_WIDE)?;
        let heads = size("attention.head_count", MOST_WIDE)?;
        let kv_heads = size("attention.head_count_kv", heads)?;
        let head = file.whole(&key("attention.key_length")).or(Some(width / heads));
        let head = within("attention.key_length", head, MOST_WIDE / heads)?;
        if !heads.is_multiple_of(kv_heads) || !head.is_multiple_of(2) {
            return Err(file.refuse(format!("{heads} heads of {head} can't share {kv_heads} keys")));
        }
        let layers = size("block_count", MOST_LAYERS)?;
        let tokens = file.value("tokenizer.ggml.tokens").and_then(|value| value.to_vec().ok()).map(Vec::len);
        let vocabulary = within("vocabulary", tokens, MOST_TOKENS)?;
        let number = |name: &str| file.number(&key(name)).filter(|number| *number > 0.0);
        let Some(epsilon) = number("attention.layer_norm_rms_epsilon") else {
            return Err(file.refuse(format!("its {} is missing", key("attention.layer_norm_rms_epsilon"))));
        };
        let slower = match file.text(&key("rope.scaling.type")) {
            None | Some("none") => 1.0,
            Some("linear") => number("rope.scaling.factor").unwrap_or(1.0),
            Some(other) => {
                return Err(file.refuse(format!("its positions are scaled by `{other}`; take another")));
            }
        };
        let base = number("rope.freq_base").unwrap_or(10_000.0);
        let is_gemma = family == Family::Gemma3;
        if is_gemma && layers == ODD_GEMMA_LAYERS {
            return Err(file.refuse("is a Gemma 3 27B; take a smaller one"));
        }
        let window = is_gemma.then(|| size("attention.sliding_window", MOST_TOKENS)).transpose()?;
        let factors = factors(file, head)?;
        Ok(Self {
            layers,
            width,
            inner: size("feed_forward_length", MOST_WIDE)?,
            heads,
            kv_heads,
            head,
            vocabulary,
            context: size("context_length", usize::MAX)?,
            epsilon,
            far: Rope::new(head, base, slower, factors.as_deref()),
            near: is_gemma.then(|| Rope::new(head, NEAR_BASE, 1.0, None)),
            window,
        })
    }

    /// What keys and values of so many tokens take, in bytes.
    pub(super) fn memory_bytes(&self, tokens: usize) -> u64 {
        let token = 2 * self.layers * self.kv_heads * self.head * size_of::<f32>();
        (token as u64).saturating_mul(tokens.min(self.context) as u64)
    }

    /// How far back the block `at` looks; none for to the beginning.
    pub(super) fn window_of(&self, at: usize) -> Option<usize> {
        self.window.filter(|_| !(at + 1).is_multiple_of(PERIOD))
    }
}

/// What Llama 3's slow turns are divided by.
fn factors(file: &Gguf, head: usize) -> Result<Option<Vec<f32>>, Error> {
    const NAME: &str = "rope_freqs.weight";
    if !file.has(NAME) {
        return Ok(None);
    }
    let factors: Vec<f32> = file.tensor(NAME, &[head / 2])?.dequantize(&Device::Cpu)?.to_vec1()?;
    if factors.iter().all(|factor| factor.is_finite() && *factor > 0.0) {
        Ok(Some(factors))
    } else {
        Err(file.refuse(format!("its tensor {NAME} holds what divides nothing")))
    }
}
