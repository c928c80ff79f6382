//! Where a network runs and how precisely it counts.

use std::{
    fmt::{Display, Formatter},
    str::FromStr,
};

use candle_core::{DType, Device};
use serde::{Deserialize, Serialize};

use crate::{Error, error::plain};

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

/// Which device a person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DeviceChoice {
    /// The first GPU that this build can use, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA GPU by its number.
    Cuda(usize),
    /// Apple's GPU.
    Metal,
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    /// [`Error::Invalid`] when this build or this machine has no such device.
    pub fn open(self) -> Result<Device, Error> {
        let missing = |error: candle_core::Error| Error::Invalid {
            field: "device",
            problem: format!("{self} cannot be used here ({}); `cpu` always can", plain(error)),
        };
        match self {
            Self::Cpu => Ok(Device::Cpu),
            Self::Cuda(number) => Device::new_cuda(number).map_err(missing),
            Self::Metal => Device::new_metal(0).map_err(missing),
            // A driver that is there and does not start is told by an error: asked for nothing in particular,
            // the processor is an answer.
            Self::Auto => Ok(Device::new_cuda(0).or_else(|_| Device::new_metal(0)).unwrap_or(Device::Cpu)),
        }
    }
}

impl Display for DeviceChoice {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
            Self::Metal => f.write_str("metal"),
        }
    }
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "metal" => Ok(Self::Metal),
            other => other
                .strip_prefix("cuda:")
                .and_then(|number| number.parse().ok())
                .map(Self::Cuda)
                .ok_or_else(|| format!("{other} is not auto, cpu, cuda, cuda:N or metal")),
        }
    }
}

impl TryFrom<String> for DeviceChoice {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<DeviceChoice> for String {
    fn from(choice: DeviceChoice) -> Self {
        choice.to_string()
    }
}
