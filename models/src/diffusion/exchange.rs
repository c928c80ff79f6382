//! Tensors in and out of files, so that a run can be compared with another implementation step by step.

use std::{collections::BTreeMap, path::Path};

use candle_core::{DType, Tensor};
use safetensors::{Dtype, tensor::TensorView};

use super::{latents::Latents, text::Conditioning};
use crate::{Error, weights::TensorFile};

/// Reads the tensor `name` `[count, channels, height, width]` of a safetensors file.
///
/// # Errors
/// [`Error::Checkpoint`] when the file, the tensor or its rank is not that.
pub fn read_latents(path: &Path, name: &str) -> Result<Latents, Error> {
    let parameter = TensorFile::open(path)?.parameter(name)?;
    let values = parameter.values().to_f32();
    match *parameter.shape() {
        [count, channels, height, width] => Ok(Latents { values, count, channels, height, width }),
        ref shape => Err(Error::Checkpoint {
            file: path.display().to_string(),
            problem: format!(
                "tensor {name} has shape {shape:?}; [pictures, channels, rows, columns] is needed"
            ),
        }),
    }
}

/// Reads the tensor `name` of any shape as one row of numbers.
///
/// # Errors
/// [`Error::Checkpoint`] when the file or the tensor cannot be used.
pub fn read_values(path: &Path, name: &str) -> Result<Vec<f32>, Error> {
    Ok(TensorFile::open(path)?.parameter(name)?.values().to_f32())
}

/// Collects what a run did.
#[derive(Debug, Default)]
pub struct Trace {
    steps: BTreeMap<String, Tensor>,
}

impl Trace {
    /// Keeps the latents after the step that is number `number` from 1, as `step_000` and on.
    ///
    /// # Errors
    /// When memory is short.
    pub fn keep(&mut self, number: usize, latents: &Latents) -> Result<(), Error> {
        let tensor = latents.to_tensor(&candle_core::Device::Cpu, DType::F32)?;
        self.steps.insert(format!("step_{:03}", number - 1), tensor);
        Ok(())
    }

    /// Writes `text.safetensors` (`context`, negative half first where there is one, and `pooled`),
    /// `latents.safetensors` (`latents`, after the last step) and `trace.safetensors` (`step_000` …) into `folder`.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when the folder cannot be written.
    pub fn write(&self, folder: &Path, text: &Conditioning, latents: &[Latents]) -> Result<(), Error> {
        let mut words = BTreeMap::from([("context".to_owned(), text.context.clone())]);
        if let Some(pooled) = &text.pooled {
            words.insert("pooled".to_owned(), pooled.clone());
        }
        let all: Result<Vec<Tensor>, Error> =
            latents.iter().map(|one| one.to_tensor(&candle_core::Device::Cpu, DType::F32)).collect();
        let last = BTreeMap::from([("latents".to_owned(), Tensor::cat(&all?, 0)?)]);
        save(&folder.join("text.safetensors"), &words)?;
        save(&folder.join("latents.safetensors"), &last)?;
        save(&folder.join("trace.safetensors"), &self.steps)
    }
}

fn save(path: &Path, tensors: &BTreeMap<String, Tensor>) -> Result<(), Error> {
    let refuse = |problem: String| Error::Checkpoint { file: path.display().to_string(), problem };
    let mut bytes: Vec<Vec<u8>> = Vec::with_capacity(tensors.len());
    for tensor in tensors.values() {
        let values: Vec<f32> = tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        bytes.push(values.iter().flat_map(|value| value.to_le_bytes()).collect());
    }
    let mut views = Vec::with_capacity(tensors.len());
    for ((name, tensor), bytes) in tensors.iter().zip(&bytes) {
        let view = TensorView::new(Dtype::F32, tensor.dims().to_vec(), bytes);
        views.push((name, view.map_err(|error| refuse(error.to_string()))?));
    }
    safetensors::serialize_to_file(views, None, path)
        .map_err(|error| refuse(format!("cannot be written: {error}")))
}
