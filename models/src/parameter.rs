//! The numbers of one tensor in the processor's memory, usually a view into a mapped file.

use std::{ops::Range, sync::Arc};

use candle_core::Tensor;
use half::{bf16, f16};
use rayon::prelude::*;
use safetensors::Dtype;

use crate::{Error, device::Placement, weights::TensorFile};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Float {
    F32,
    F16,
    Bf16,
}

impl Float {
    /// The format that a file calls `dtype`; none where it is not of floating point, or too coarse to be used.
    pub(crate) fn of(dtype: Dtype) -> Option<Self> {
        match dtype {
            Dtype::F32 => Some(Self::F32),
            Dtype::F16 => Some(Self::F16),
            Dtype::BF16 => Some(Self::Bf16),
            _ => None,
        }
    }

    /// Bytes of one number.
    fn width(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }
}

/// What holds a parameter's numbers.
#[derive(Debug, Clone)]
enum Store {
    Mapped { file: Arc<TensorFile>, bytes: Range<usize>, float: Float },
    F32(Arc<[f32]>),
    F16(Arc<[f16]>),
    Bf16(Arc<[bf16]>),
}

impl Store {
    /// A view into the map; a copy where the writer of the file did not align it.
    fn mapped(file: &Arc<TensorFile>, range: Range<usize>, float: Float) -> Self {
        let bytes = file.bytes(range.clone());
        if bytes.as_ptr().align_offset(float.width()) == 0 {
            return Self::Mapped { file: file.clone(), bytes: range, float };
        }
        match float {
            Float::F32 => Self::F32(bytemuck::pod_collect_to_vec(bytes).into()),
            Float::F16 => Self::F16(bytemuck::pod_collect_to_vec(bytes).into()),
            Float::Bf16 => Self::Bf16(bytemuck::pod_collect_to_vec(bytes).into()),
        }
    }
}

/// A parameter in the processor's memory, usually a view into its file.
#[derive(Debug, Clone)]
pub struct Parameter {
    store: Store,
    shape: Vec<usize>,
}

/// The numbers of a [`Parameter`], in row-major order.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// 32 bits.
    F32(&'a [f32]),
    /// IEEE 754 half.
    F16(&'a [f16]),
    /// The upper half of an f32.
    Bf16(&'a [bf16]),
}

impl Values<'_> {
    /// The numbers as f32.
    #[must_use]
    pub fn to_f32(self) -> Vec<f32> {
        match self {
            Self::F32(values) => values.to_vec(),
            Self::F16(values) => values.iter().map(|value| value.to_f32()).collect(),
            Self::Bf16(values) => values.iter().map(|value| value.to_f32()).collect(),
        }
    }

    /// Whether no number is infinite or NaN. Reads every page once, on all cores.
    pub(crate) fn all_finite(self) -> bool {
        const CHUNK: usize = 1 << 20;
        match self {
            Self::F32(values) => values
                .par_chunks(CHUNK)
                .all(|chunk| chunk.iter().fold(true, |fine, value| fine & value.is_finite())),
            Self::F16(values) => values.par_chunks(CHUNK).all(|chunk| {
                chunk.iter().fold(true, |fine, value| fine & (value.to_bits() & 0x7C00 != 0x7C00))
            }),
            Self::Bf16(values) => values.par_chunks(CHUNK).all(|chunk| {
                chunk.iter().fold(true, |fine, value| fine & (value.to_bits() & 0x7F80 != 0x7F80))
            }),
        }
    }
}

impl Parameter {
    /// The numbers in `bytes` of `file`, which are as many as `shape` says.
    pub(crate) fn mapped(
        file: &Arc<TensorFile>,
        bytes: Range<usize>,
        float: Float,
        shape: Vec<usize>,
    ) -> Self {
        Self { store: Store::mapped(file, bytes, float), shape }
    }

    /// A parameter of its own memory, for what is computed at load (a merged LoRA, a transposed matrix).
    ///
    /// # Panics
    /// When `values` are not as many as `shape` says.
    #[must_use]
    pub fn owned(values: Vec<f32>, shape: Vec<usize>) -> Self {
        assert_eq!(values.len(), shape.iter().product::<usize>(), "as many numbers as the shape says");
        Self { store: Store::F32(values.into()), shape }
    }

    /// Its shape, outermost dimension first.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Bytes of its numbers.
    pub(crate) fn bytes(&self) -> u64 {
        match self.values() {
            Values::F32(values) => size_of_val(values) as u64,
            Values::F16(values) => size_of_val(values) as u64,
            Values::Bf16(values) => size_of_val(values) as u64,
        }
    }

    /// Its numbers.
    #[must_use]
    pub fn values(&self) -> Values<'_> {
        match &self.store {
            Store::Mapped { file, bytes, float } => {
                let bytes = file.bytes(bytes.clone());
                match float {
                    Float::F32 => Values::F32(bytemuck::cast_slice(bytes)),
                    Float::F16 => Values::F16(bytemuck::cast_slice(bytes)),
                    Float::Bf16 => Values::Bf16(bytemuck::cast_slice(bytes)),
                }
            }
            Store::F32(values) => Values::F32(values),
            Store::F16(values) => Values::F16(values),
            Store::Bf16(values) => Values::Bf16(values),
        }
    }

    /// The same numbers under another shape of as many elements (a 1×1 convolution as a matrix).
    #[must_use]
    pub fn reshaped(mut self, shape: &[usize]) -> Self {
        assert_eq!(self.shape.iter().product::<usize>(), shape.iter().product::<usize>(), "as many elements");
        self.shape = shape.to_vec();
        self
    }

    /// Rows `rows` of the outermost dimension, without copying (the q, k and v of one stacked matrix).
    #[must_use]
    pub fn rows(&self, rows: Range<usize>) -> Self {
        let row: usize = self.shape[1..].iter().product();
        let mut shape = self.shape.clone();
        shape[0] = rows.len();
        let elements = rows.start * row..rows.end * row;
        let store = match &self.store {
            Store::Mapped { file, bytes, float } => {
                let width = float.width();
                let bytes = bytes.start + elements.start * width..bytes.start + elements.end * width;
                Store::Mapped { file: file.clone(), bytes, float: *float }
            }
            Store::F32(values) => Store::F32(values[elements].into()),
            Store::F16(values) => Store::F16(values[elements].into()),
            Store::Bf16(values) => Store::Bf16(values[elements].into()),
        };
        Self { store, shape }
    }

    /// A matrix `[rows, columns]` as `[columns, rows]`, in its own number format (a projection that was written to
    /// be multiplied from the other side).
    ///
    /// # Panics
    /// When it is no matrix.
    #[must_use]
    pub fn transposed(&self) -> Self {
        assert_eq!(self.shape.len(), 2, "only a matrix is transposed");
        let (rows, columns) = (self.shape[0], self.shape[1]);
        let store = match self.values() {
            Values::F32(values) => Store::F32(turned(values, rows, columns)),
            Values::F16(values) => Store::F16(turned(values, rows, columns)),
            Values::Bf16(values) => Store::Bf16(turned(values, rows, columns)),
        };
        Self { store, shape: vec![columns, rows] }
    }

    /// A copy as a tensor on the device of `placement`, in its activation type.
    ///
    /// # Errors
    /// When the device has no room.
    pub fn tensor(&self, placement: &Placement) -> Result<Tensor, Error> {
        let tensor = match self.values() {
            Values::F32(values) => Tensor::from_slice(values, self.shape.as_slice(), &placement.device)?,
            Values::F16(values) => Tensor::from_slice(values, self.shape.as_slice(), &placement.device)?,
            Values::Bf16(values) => Tensor::from_slice(values, self.shape.as_slice(), &placement.device)?,
        };
        Ok(tensor.to_dtype(placement.activation())?)
    }
}

/// `values` of a matrix `[rows, columns]`, column by column.
fn turned<T: Copy>(values: &[T], rows: usize, columns: usize) -> Arc<[T]> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}
