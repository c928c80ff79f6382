//! Tensors of the processor as slices for the kernels, and their answers as tensors.

use candle_core::{Device, Shape, Storage, Tensor};

use crate::{Error, weights::Weights};

/// Whether the kernels can work on `x`.
pub(super) fn is_host(x: &Tensor) -> bool {
    x.device().is_cpu() && x.dtype() == candle_core::DType::F32
}

/// What `work` answers for the numbers of `tensors`, in row-major order. Only what is not so in memory is copied.
pub(super) fn with_numbers<const N: usize, R>(
    tensors: [&Tensor; N],
    work: impl FnOnce([&[f32]; N]) -> R,
) -> Result<R, Error> {
    let mut contiguous = Vec::with_capacity(N);
    for tensor in tensors {
        contiguous.push(tensor.contiguous()?);
    }
    let guards: Vec<_> = contiguous.iter().map(Tensor::storage_and_layout).collect();
    let mut slices = [&[] as &[f32]; N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&guards) {
        let Storage::Cpu(storage) = &**storage else {
            return Err(Error::Internal("a tensor is not on the processor, where its layer is".to_owned()));
        };
        let first = layout.start_offset();
        *slice = &storage.as_slice::<f32>()?[first..first + layout.shape().elem_count()];
    }
    Ok(work(slices))
}

/// `numbers` as a tensor of `shape`.
pub(super) fn tensor(numbers: Vec<f32>, shape: impl Into<Shape>) -> Result<Tensor, Error> {
    Ok(Tensor::from_vec(numbers, shape.into(), &Device::Cpu)?)
}

/// The vector `name` of `length` numbers.
pub(super) fn vector(weights: &Weights, name: &str, length: usize) -> Result<Vec<f32>, Error> {
    Ok(weights.get(name, &[length])?.values().to_f32())
}

/// A defect: tensors that do not fit together.
pub(super) fn misfit(layer: &str, wanted: &[usize], found: &Tensor) -> Error {
    Error::Internal(format!("{layer} needs {wanted:?} and was given {:?}", found.dims()))
}
