//! Latents: what a diffusion model paints on, kept as plain f32 on the processor between two steps.

use candle_core::{DType, Device, Tensor};

use crate::{Error, sampler::Noise};

/// A batch of latent pictures, `[count, channels, height, width]`, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Latents {
    /// The numbers.
    pub values: Vec<f32>,
    /// Pictures in the batch.
    pub count: usize,
    /// Channels of a picture.
    pub channels: usize,
    /// Rows: the picture's height in pixels divided by the autoencoder's factor.
    pub height: usize,
    /// Columns: the picture's width in pixels divided by the autoencoder's factor.
    pub width: usize,
}

impl Latents {
    /// Reads a tensor `[count, channels, height, width]` of any floating type.
    ///
    /// # Errors
    /// When it has another rank.
    pub fn from_tensor(tensor: &Tensor) -> Result<Self, Error> {
        let (count, channels, height, width) = tensor.dims4()?;
        let values = tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        Ok(Self { values, count, channels, height, width })
    }

    /// Copies to `device` as `dtype`.
    ///
    /// # Errors
    /// When the device has no room.
    pub fn to_tensor(&self, device: &Device, dtype: DType) -> Result<Tensor, Error> {
        let shape = (self.count, self.channels, self.height, self.width);
        Ok(Tensor::from_slice(&self.values, shape, device)?.to_dtype(dtype)?)
    }

    /// The same shape with other numbers.
    #[must_use]
    pub fn with(&self, values: Vec<f32>) -> Self {
        debug_assert_eq!(values.len(), self.values.len(), "the shape stays");
        Self { values, ..*self }
    }

    /// Picture `index` alone.
    #[must_use]
    pub fn picture(&self, index: usize) -> Self {
        let size = self.channels * self.height * self.width;
        let values = self.values[index * size..(index + 1) * size].to_vec();
        Self { values, count: 1, ..*self }
    }

    /// The corner of at most `side` rows and columns of the first picture.
    #[must_use]
    pub(super) fn corner(&self, side: usize) -> Self {
        let (height, width) = (self.height.min(side), self.width.min(side));
        let plane = self.height * self.width;
        let rows = (0..self.channels).flat_map(|channel| (0..height).map(move |row| (channel, row)));
        let row = |(channel, row): (usize, usize)| {
            let start = channel * plane + row * self.width;
            &self.values[start..start + width]
        };
        Self { values: rows.flat_map(row).copied().collect(), count: 1, height, width, ..*self }
    }

    /// The one picture of this batch, `count` times.
    #[must_use]
    pub fn repeated(&self, count: usize) -> Self {
        Self { values: self.values.repeat(count), count: self.count * count, ..*self }
    }

    /// All numbers times `factor`.
    #[must_use]
    pub fn scaled(mut self, factor: f32) -> Self {
        self.values.iter_mut().for_each(|value| *value *= factor);
        self
    }
}

/// Normal noise for a batch whose pictures have a seed each: a picture is the same alone and in any company.
#[derive(Debug)]
pub(super) struct Draws {
    sources: Vec<Noise>,
}

impl Draws {
    pub(super) fn new(seeds: &[u64]) -> Self {
        Self { sources: seeds.iter().copied().map(Noise::new).collect() }
    }

    /// Fills `values`, as many for every picture, with the next numbers of each seed.
    pub(super) fn fill(&mut self, values: &mut [f32]) {
        let size = values.len() / self.sources.len();
        for (picture, source) in values.chunks_mut(size).zip(&mut self.sources) {
            source.fill(picture);
        }
    }
}
