//! Convolutions over pictures.

use candle_core::Tensor;

use super::host;
use crate::{
    Error,
    kernels::{Added, Cpu, Rows, View, convolve},
    weights::{Parameter, Weights},
};

/// Kernel size, stride and zero padding, the same in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Side of the square kernel.
    pub kernel: usize,
    /// Distance between two outputs, in inputs.
    pub stride: usize,
    /// Zeros before the first row and column.
    pub before: usize,
    /// Zeros after the last row and column.
    pub after: usize,
}

impl Geometry {
    /// 3×3 that keeps the size.
    pub const SAME: Self = Self { kernel: 3, stride: 1, before: 1, after: 1 };
    /// 3×3 that halves the size, padded on both sides (UNet).
    pub const HALF: Self = Self { kernel: 3, stride: 2, before: 1, after: 1 };
    /// 3×3 that halves the size, padded after only (the VAE's encoder).
    pub const HALF_AFTER: Self = Self { kernel: 3, stride: 2, before: 0, after: 1 };
    /// 1×1.
    pub const POINT: Self = Self { kernel: 1, stride: 1, before: 0, after: 0 };
}

/// A two-dimensional convolution.
#[derive(Debug, Clone)]
pub struct Conv2d {
    inputs: usize,
    outputs: usize,
    geometry: Geometry,
    place: Place,
}

/// Where the layer works.
#[derive(Debug, Clone)]
enum Place {
    Host { weight: Parameter, bias: Option<Vec<f32>>, cpu: Cpu },
    Device { weight: Tensor, bias: Option<Tensor> },
}

/// What is added to a convolution's answer.
#[derive(Debug, Clone, Copy)]
enum Extra<'a> {
    Nothing,
    /// `[batch, outputs]`, at every pixel.
    Shift(&'a Tensor),
    /// Of the answer's shape.
    Residual(&'a Tensor),
}

impl Conv2d {
    /// Reads `weight` `[outputs, inputs, kernel, kernel]` and `bias` `[outputs]`.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load(weights: &Weights, inputs: usize, outputs: usize, geometry: Geometry) -> Result<Self, Error> {
        Self::read(weights, inputs, outputs, geometry, true)
    }

    /// Reads `weight` `[outputs, inputs, kernel, kernel]` of a layer without bias.
    ///
    /// # Errors
    /// As [`Weights::get`].
    pub fn load_no_bias(
        weights: &Weights,
        inputs: usize,
        outputs: usize,
        geometry: Geometry,
    ) -> Result<Self, Error> {
        Self::read(weights, inputs, outputs, geometry, false)
    }

    fn read(
        weights: &Weights,
        inputs: usize,
        outputs: usize,
        geometry: Geometry,
        bias: bool,
    ) -> Result<Self, Error> {
        let placement = weights.placement();
        if !placement.device.is_cpu() {
            return Self::read_to_device(weights, inputs, outputs, geometry, bias);
        }
        let weight = weights.get("weight", &[outputs, inputs, geometry.kernel, geometry.kernel])?;
        let bias = if bias { Some(host::vector(weights, "bias", outputs)?) } else { None };
        let place = Place::Host { weight, bias, cpu: Cpu::detect(placement.precision) };
        Ok(Self { inputs, outputs, geometry, place })
    }

    pub(super) fn read_to_device(
        weights: &Weights,
        inputs: usize,
        outputs: usize,
        geometry: Geometry,
        bias: bool,
    ) -> Result<Self, Error> {
        let placement = weights.placement();
        let shape = [outputs, inputs, geometry.kernel, geometry.kernel];
        let weight = weights.get("weight", &shape)?.tensor(placement)?;
        let bias = if bias {
            Some(weights.vector("bias", outputs)?.to_dtype(placement.activation())?)
        } else {
            None
        };
        Ok(Self { inputs, outputs, geometry, place: Place::Device { weight, bias } })
    }

    /// `[batch, inputs, height, width]` → `[batch, outputs, height', width']`.
    ///
    /// # Errors
    /// When the shapes do not fit, or the device has no room.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor, Error> {
        self.run(x, None, Extra::Nothing)
    }

    /// [`Self::forward`] plus `per_channel` `[batch, outputs]` at every pixel (the time embedding).
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_shifted(&self, x: &Tensor, per_channel: &Tensor) -> Result<Tensor, Error> {
        self.run(x, None, Extra::Shift(per_channel))
    }

    /// [`Self::forward`] plus `residual`, which has the shape of the answer.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_add(&self, x: &Tensor, residual: &Tensor) -> Result<Tensor, Error> {
        self.run(x, None, Extra::Residual(residual))
    }

    /// [`Self::forward`] of `x` doubled in both directions by repeating pixels, to the size `height`×`width`
    /// (which may be one less than double).
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub fn forward_upsampled(&self, x: &Tensor, height: usize, width: usize) -> Result<Tensor, Error> {
        self.run(x, Some((height, width)), Extra::Nothing)
    }

    /// Of `x`, or of `x` grown to `seen`, plus `extra`.
    fn run(&self, x: &Tensor, seen: Option<(usize, usize)>, extra: Extra<'_>) -> Result<Tensor, Error> {
        let (weight, bias, cpu) = match &self.place {
            Place::Host { weight, bias, cpu } => (weight, bias, *cpu),
            Place::Device { weight, bias } => {
                return self.on_device(weight, bias.as_ref(), x, seen, extra);
            }
        };
        let view = self.view(x, seen)?;
        let shape = [view.batch, self.outputs, view.answer.0, view.answer.1];
        let per_row = self.per_row(view.batch, bias.as_deref(), extra)?;
        let residual = match extra {
            Extra::Residual(residual) if residual.dims() != shape => {
                return Err(host::misfit("a convolution's residual", &shape, residual));
            }
            Extra::Residual(residual) => Some(residual),
            Extra::Nothing | Extra::Shift(_) => None,
        };
        // What is not there stands for nothing: x is read twice.
        let y = host::with_numbers([x, residual.unwrap_or(x)], |[x, added]| {
            let depth = self.inputs * self.geometry.kernel * self.geometry.kernel;
            let weight = Rows::new(weight.values(), self.outputs, depth);
            let everywhere = residual.map(|_| added);
            let added = Added { per_row: per_row.as_deref(), everywhere, per_column: None };
            convolve(cpu, weight, x, view, added)
        })?;
        host::tensor(y, shape.as_slice())
    }

    /// How the kernel looks at `x`.
    fn view(&self, x: &Tensor, seen: Option<(usize, usize)>) -> Result<View, Error> {
        let Geometry { kernel, stride, before, after } = self.geometry;
        let (batch, channels, height, width) = x.dims4()?;
        let seen = seen.unwrap_or((height, width));
        let answer = |side: usize| (side + before + after).checked_sub(kernel).map(|room| room / stride + 1);
        match (answer(seen.0), answer(seen.1)) {
            (Some(rows), Some(columns)) if channels == self.inputs => Ok(View {
                batch,
                channels,
                stored: (height, width),
                seen,
                answer: (rows, columns),
                kernel,
                stride,
                before,
            }),
            _ => Err(host::misfit("a convolution", &[batch, self.inputs, kernel, kernel], x)),
        }
    }

    /// Bias and shift together, `[batch, outputs]`.
    fn per_row(
        &self,
        batch: usize,
        bias: Option<&[f32]>,
        extra: Extra<'_>,
    ) -> Result<Option<Vec<f32>>, Error> {
        let Extra::Shift(shift) = extra else {
            return Ok(bias.map(|bias| bias.repeat(batch)));
        };
        if shift.dims() != [batch, self.outputs] {
            return Err(host::misfit("a convolution's shift", &[batch, self.outputs], shift));
        }
        let mut sums = host::with_numbers([shift], |[shift]| shift.to_vec())?;
        for (sum, bias) in sums.iter_mut().zip(bias.unwrap_or_default().iter().cycle()) {
            *sum += bias;
        }
        Ok(Some(sums))
    }

    fn on_device(
        &self,
        weight: &Tensor,
        bias: Option<&Tensor>,
        x: &Tensor,
        seen: Option<(usize, usize)>,
        extra: Extra<'_>,
    ) -> Result<Tensor, Error> {
        let Geometry { stride, before, after, .. } = self.geometry;
        let x = match seen {
            Some((height, width)) => x.upsample_nearest2d(height, width)?,
            None => x.clone(),
        };
        let x = if before == after {
            x
        } else {
            x.pad_with_zeros(2, before, after)?.pad_with_zeros(3, before, after)?
        };
        let padding = if before == after { before } else { 0 };
        let mut y = x.conv2d(weight, padding, stride, 1, 1)?;
        if let Some(bias) = bias {
            y = y.broadcast_add(&bias.reshape((1, (), 1, 1))?)?;
        }
        Ok(match extra {
            Extra::Nothing => y,
            Extra::Shift(shift) => {
                let (batch, channels) = shift.dims2()?;
                y.broadcast_add(&shift.reshape((batch, channels, 1, 1))?)?
            }
            Extra::Residual(residual) => (y + residual)?,
        })
    }
}
