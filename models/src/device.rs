//! Where a network runs and how precisely it counts.

use candle_core::{DType, Device};
use serde::{Deserialize, Serialize};

/// The number format of products. Sums, norms and the sampler always count in f32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32 bits. The reference, and the default on a processor.
    #[default]
    F32,
    /// 16 bits with the range of f32. The default on a GPU. A processor that gains nothing by it counts in f32.
    Bf16,
    /// 16 bits with a small range. For GPUs from before bf16.
    F16,
}

/// A device and the number format used on it.
#[derive(Debug, Clone)]
pub struct Placement {
    /// The device that holds weights and activations.
    pub device: Device,
    /// The number format of products.
    pub precision: Precision,
}

impl Placement {
    /// The processor, in f32.
    #[must_use]
    pub fn cpu() -> Self {
        Self { device: Device::Cpu, precision: Precision::F32 }
    }

    /// The type of activation tensors: f32 on the processor, whose kernels round inside products only, and
    /// [`Self::precision`] on a GPU.
    #[must_use]
    pub fn activation(&self) -> DType {
        match (self.device.is_cpu(), self.precision) {
            (true, _) | (_, Precision::F32) => DType::F32,
            (_, Precision::Bf16) => DType::BF16,
            (_, Precision::F16) => DType::F16,
        }
    }
}
