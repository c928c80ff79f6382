//! Scaled dot-product attention that is never materialised whole.

use candle_core::{D, DType, Tensor};

use super::host;
use crate::{
    Error,
    device::Precision,
    kernels::{self, Cpu, Heads},
};

/// Most bytes of attention scores that a device holds at a time.
const SCORE_BYTES: usize = 64 << 20;

/// Which keys a query may look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// All of them.
    None,
    /// Those at its own position and before.
    Causal,
}

/// `softmax(q kᵀ / √d) v` for `heads` heads side by side in the last dimension (Vaswani et al. 2017).
/// `q` is `[batch, queries, heads·d]`, `k` and `v` are `[batch, keys, heads·d]`; the answer has the shape of `q`.
/// On the processor, scores are counted in f32 whatever the precision, and stay in its caches; elsewhere queries are
/// taken in chunks, so that scores never need more than 64 MiB. With the feature `flash-attn` (Dao 2023, arXiv
/// 2307.08691), CUDA keeps them in its registers instead, where numbers are of 16 bits.
///
/// # Errors
/// When the shapes do not fit together, or the device has no room.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: usize, mask: Mask) -> Result<Tensor, Error> {
    let (batch, queries, width) = q.dims3()?;
    let keys = k.dim(1)?;
    for tensor in [k, v] {
        if tensor.dims() != [batch, keys, width] || keys == 0 {
            return Err(host::misfit("attention", &[batch, keys.max(1), width], tensor));
        }
    }
    if heads == 0 || !width.is_multiple_of(heads) {
        return Err(Error::Internal(format!(
            "attention cannot share a width of {width} out to {heads} heads"
        )));
    }
    if ![q, k, v].into_iter().all(host::is_host) {
        return on_device(q, k, v, heads, mask);
    }
    let shape = Heads { batch, queries, keys, heads, size: width / heads, causal: mask == Mask::Causal };
    let cpu = Cpu::detect(Precision::F32);
    let y = host::with_numbers([q, k, v], |[q, k, v]| kernels::attention(cpu, q, k, v, shape))?;
    host::tensor(y, q.shape())
}

pub(super) fn on_device(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    heads: usize,
    mask: Mask,
) -> Result<Tensor, Error> {
    let (batch, queries, width) = q.dims3()?;
    let keys = k.dim(1)?;
    let head = width / heads;
    #[cfg(feature = "flash-attn")]
    if flash_can(q, head, queries == keys || mask == Mask::None) {
        let split = |x: &Tensor, tokens: usize| x.reshape((batch, tokens, heads, head));
        let (q, k, v) = (split(q, queries)?, split(k, keys)?, split(v, keys)?);
        let scale = 1.0 / (head as f32).sqrt();
        let y = candle_flash_attn::flash_attn(&q, &k, &v, scale, mask == Mask::Causal)?;
        return Ok(y.reshape((batch, queries, width))?);
    }
    let split =
        |x: &Tensor, tokens: usize| x.reshape((batch, tokens, heads, head))?.transpose(1, 2)?.contiguous();
    let (q, k, v) = (split(q, queries)?, split(k, keys)?, split(v, keys)?);
    let keys_first = k.transpose(2, 3)?;
    let scale = 1.0 / (head as f64).sqrt();
    let chunk = (SCORE_BYTES / (batch * heads * keys * size_of::<f32>()).max(1)).clamp(1, queries);
    let mut done = Vec::with_capacity(queries.div_ceil(chunk));
    for start in (0..queries).step_by(chunk) {
        let length = chunk.min(queries - start);
        let scores = (q.narrow(2, start, length)?.contiguous()?.matmul(&keys_first)? * scale)?;
        let mut scores = scores.to_dtype(DType::F32)?;
        if mask == Mask::Causal {
            scores = scores.broadcast_add(&causal(start, length, keys, &scores)?)?;
        }
        let shares = candle_nn::ops::softmax_last_dim(&scores)?.to_dtype(v.dtype())?;
        done.push(shares.matmul(&v)?);
    }
    Ok(Tensor::cat(&done, D::Minus2)?.transpose(1, 2)?.reshape((batch, queries, width))?)
}

/// Whether there are kernels for it. Where positions of queries and keys differ, they align their ends and not, as
/// [`Mask::Causal`], their beginnings.
#[cfg(feature = "flash-attn")]
fn flash_can(q: &Tensor, head: usize, aligned: bool) -> bool {
    const LARGEST_HEAD: usize = 512;
    let halves = matches!(q.dtype(), DType::F16 | DType::BF16);
    q.device().is_cuda() && halves && aligned && head.is_multiple_of(8) && head <= LARGEST_HEAD
}

/// Zero where a query may look, minus infinity where it may not.
fn causal(start: usize, length: usize, keys: usize, like: &Tensor) -> Result<Tensor, Error> {
    let rows = (start..start + length)
        .flat_map(|query| (0..keys).map(move |key| if key <= query { 0.0 } else { f32::NEG_INFINITY }))
        .collect();
    Ok(Tensor::from_vec(rows, (length, keys), like.device())?)
}
