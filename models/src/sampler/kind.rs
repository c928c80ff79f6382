//! Which samplers there are, and what people call them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Error;

/// A sampler, by the name that people choose it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SamplerKind {
    /// Denoising diffusion implicit models (Song et al. 2020, arXiv 2010.02502).
    Ddim,
    /// Pseudo numerical methods (Liu et al. 2022, arXiv 2202.09778), what Stable Diffusion 1.5 ships with.
    Pndm,
    /// Euler's method over noise levels (Karras et al. 2022, arXiv 2206.00364, algorithm 2 without churn).
    Euler,
    /// Euler's method with fresh noise after every step.
    EulerAncestral,
    /// Heun's method (Karras et al. 2022, algorithm 1): second order, two calls a step.
    Heun,
    /// DPM-Solver++ as a multistep method (Lu et al. 2022, arXiv 2211.01095).
    Dpm2m,
    /// DPM-Solver++ for the stochastic differential equation: fresh noise in every step.
    Dpm2mSde,
    /// Predictor and corrector in one (Zhao et al. 2023, arXiv 2302.04867).
    UniPc,
    /// Latent consistency models (Luo et al. 2023, arXiv 2310.04378): a few steps, distilled checkpoints only.
    Lcm,
    /// Trajectory consistency distillation (Zheng et al. 2024, arXiv 2402.19159): as few steps, more detail.
    Tcd,
}

impl SamplerKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Ddim,
        Self::Pndm,
        Self::Euler,
        Self::EulerAncestral,
        Self::Heun,
        Self::Dpm2m,
        Self::Dpm2mSde,
        Self::UniPc,
        Self::Lcm,
        Self::Tcd,
    ];

    /// The name that [`FromStr`] reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ddim => "ddim",
            Self::Pndm => "pndm",
            Self::Euler => "euler",
            Self::EulerAncestral => "euler-a",
            Self::Heun => "heun",
            Self::Dpm2m => "dpm++2m",
            Self::Dpm2mSde => "dpm++2m-sde",
            Self::UniPc => "unipc",
            Self::Lcm => "lcm",
            Self::Tcd => "tcd",
        }
    }

    /// The class of diffusers whose numbers this sampler makes.
    #[must_use]
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Ddim => "DDIMScheduler",
            Self::Pndm => "PNDMScheduler",
            Self::Euler => "EulerDiscreteScheduler",
            Self::EulerAncestral => "EulerAncestralDiscreteScheduler",
            Self::Heun => "HeunDiscreteScheduler",
            Self::Dpm2m | Self::Dpm2mSde => "DPMSolverMultistepScheduler",
            Self::UniPc => "UniPCMultistepScheduler",
            Self::Lcm => "LCMScheduler",
            Self::Tcd => "TCDScheduler",
        }
    }

    /// Whether a step may add fresh noise; the others never ask for any.
    #[must_use]
    pub const fn is_stochastic(self) -> bool {
        matches!(self, Self::Ddim | Self::EulerAncestral | Self::Dpm2mSde | Self::Lcm | Self::Tcd)
    }
}

impl fmt::Display for SamplerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SamplerKind {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::Invalid {
                field: "sampler",
                problem: format!("“{name}” is not known; choose one of {names}"),
            }
        })
    }
}

impl TryFrom<String> for SamplerKind {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        name.parse()
    }
}

impl From<SamplerKind> for String {
    fn from(kind: SamplerKind) -> Self {
        kind.name().to_owned()
    }
}
