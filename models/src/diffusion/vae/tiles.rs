//! Large pictures in overlapping tiles, which need the memory of one.

use candle_core::{D, Tensor};

use crate::Error;

/// The part of a tile that overlaps the next: one in this many, as diffusers' `tile_overlap_factor` of 0.25.
const OVERLAP: usize = 4;

/// Side of the square tiles in which large pictures are encoded and decoded, in latents.
///
/// A tile does not know what is around it: its norms and its attention see less than those of a whole picture, so
/// the answer differs a little, and neighbours are blended where they overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile(usize);

impl Tile {
    /// The tile that holds a picture of `pixels`×`pixels` (what a network was trained on) at `factor` pixels per
    /// latent, rounded up to what can be overlapped by a quarter.
    #[must_use]
    pub fn holding(pixels: usize, factor: usize) -> Self {
        Self((pixels / factor.max(1)).max(1).next_multiple_of(OVERLAP))
    }

    /// A tile of `latents`×`latents`.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless it is a multiple of 4 above 0, so that a quarter of it is whole.
    pub fn new(latents: usize) -> Result<Self, Error> {
        if latents == 0 || !latents.is_multiple_of(OVERLAP) {
            let problem = format!("has a side of {latents} latents; a multiple of {OVERLAP} is needed");
            return Err(Error::Invalid { field: "tile", problem });
        }
        Ok(Self(latents))
    }

    /// Its side in latents.
    #[must_use]
    pub fn latents(self) -> usize {
        self.0
    }
}

/// Runs `network` over tiles of `x` `[batch, channels, height, width]` of side `from`, which it turns into tiles of
/// side `to`, and blends what overlaps.
pub(super) fn tiled(
    x: &Tensor,
    from: usize,
    to: usize,
    mut network: impl FnMut(&Tensor) -> Result<Tensor, Error>,
) -> Result<Tensor, Error> {
    let (_, _, height, width) = x.dims4()?;
    let (step, blend) = (from - from / OVERLAP, to / OVERLAP);
    let mut above: Vec<Tensor> = Vec::new();
    let mut rows = Vec::new();
    for top in (0..height).step_by(step) {
        let band = x.narrow(2, top, from.min(height - top))?;
        let mut row: Vec<Tensor> = Vec::new();
        for (column, left) in (0..width).step_by(step).enumerate() {
            let mut tile = network(&band.narrow(3, left, from.min(width - left))?.contiguous()?)?;
            if let Some(above) = above.get(column) {
                tile = blended(above, &tile, 2, blend)?;
            }
            if let Some(left) = row.last() {
                tile = blended(left, &tile, 3, blend)?;
            }
            row.push(tile);
        }
        let kept = row.iter().map(|tile| {
            let (_, _, height, width) = tile.dims4()?;
            tile.narrow(2, 0, height.min(to - blend))?.narrow(3, 0, width.min(to - blend))
        });
        rows.push(Tensor::cat(&kept.collect::<Result<Vec<_>, _>>()?, D::Minus1)?);
        above = row;
    }
    Ok(Tensor::cat(&rows, 2)?)
}

/// `after`, whose first `extent` rows (`dim` 2) or columns (3) go over from the last ones of `before`.
fn blended(before: &Tensor, after: &Tensor, dim: usize, extent: usize) -> Result<Tensor, Error> {
    let (had, has) = (before.dim(dim)?, after.dim(dim)?);
    let extent = extent.min(had).min(has);
    if extent == 0 {
        return Ok(after.clone());
    }
    let shares: Vec<f32> = (0..extent).map(|place| place as f32 / extent as f32).collect();
    let mut shape = [1; 4];
    shape[dim] = extent;
    let shares = Tensor::from_vec(shares, &shape, after.device())?.to_dtype(after.dtype())?;
    let old = before.narrow(dim, had - extent, extent)?.broadcast_mul(&(1.0 - &shares)?)?;
    let mixed = (old + after.narrow(dim, 0, extent)?.broadcast_mul(&shares)?)?;
    if has == extent {
        return Ok(mixed);
    }
    Ok(Tensor::cat(&[&mixed, &after.narrow(dim, extent, has - extent)?], dim)?)
}
