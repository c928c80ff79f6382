//! Makes words count more or less, after the text encoder.
//!
//! Every token's state is multiplied by its weight. That moves the mean of the chunk, and a picture loses contrast
//! with it, so the whole chunk is scaled back to the mean that it had, as A1111's web UI does. It looks at each
//! prompt by itself, so that a prompt means the same whatever is encoded with it.

use candle_core::{DType, Tensor};

use super::chunk::Chunk;
use crate::Error;

/// The mean is not restored by more than this factor either way. States whose mean is about zero (SDXL's can be)
/// would be blown up by a quotient that means nothing.
const MOST_SCALE: f32 = 4.0;

/// Weights `hidden` `[chunks, tokens, width]`. What counts 1 throughout stays as it is, bit for bit.
///
/// # Errors
/// When the shapes do not fit, or the device has no room.
pub(super) fn weigh(hidden: Tensor, chunks: &[&Chunk]) -> Result<Tensor, Error> {
    if chunks.iter().all(|chunk| chunk.weights.iter().all(|weight| *weight == 1.0)) {
        return Ok(hidden);
    }
    let (count, tokens, _) = hidden.dims3()?;
    let plain = hidden.to_dtype(DType::F32)?;
    let weights: Vec<f32> = chunks.iter().flat_map(|chunk| chunk.weights.iter().copied()).collect();
    let weights = Tensor::from_vec(weights, (count, tokens, 1), hidden.device())?;
    let weighted = plain.broadcast_mul(&weights)?;
    let scales = sums(&plain)?.into_iter().zip(sums(&weighted)?).map(|(before, after)| scale(before, after));
    let scales = Tensor::from_vec(scales.collect::<Vec<_>>(), (count, 1, 1), hidden.device())?;
    Ok(weighted.broadcast_mul(&scales)?.to_dtype(hidden.dtype())?)
}

/// The sum over each chunk. It nearly cancels out, so it is counted in f64.
fn sums(x: &Tensor) -> Result<Vec<f64>, Error> {
    let chunks = x.flatten_from(1)?.to_vec2::<f32>()?;
    Ok(chunks.into_iter().map(|chunk| chunk.into_iter().map(f64::from).sum()).collect())
}

/// What brings a sum from `after` back to `before`; 1 where nothing sensible does.
fn scale(before: f64, after: f64) -> f32 {
    let scale = (before / after) as f32;
    if (1.0 / MOST_SCALE..=MOST_SCALE).contains(&scale) { scale } else { 1.0 }
}
