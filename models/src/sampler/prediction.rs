//! What a network's answer says about the clean picture and the noise in it.

/// How much of a clean picture and how much noise (of unit variance) latents are made of.
///
/// Variance-preserving samplers keep `signal² + noise² = 1`; variance-exploding ones keep `signal = 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    pub(super) signal: f64,
    pub(super) noise: f64,
}

impl Level {
    /// The clean picture.
    pub(super) const CLEAN: Self = Self { signal: 1.0, noise: 0.0 };

    /// Variance-preserving, from the share of the clean picture in the variance.
    pub(super) fn of_share(share: f64) -> Self {
        Self { signal: share.sqrt(), noise: (1.0 - share).max(0.0).sqrt() }
    }

    /// Variance-exploding.
    pub(super) const fn exploding(sigma: f64) -> Self {
        Self { signal: 1.0, noise: sigma }
    }

    /// Variance-preserving, from the noise level of a picture of unchanged size.
    pub(super) fn preserving(sigma: f64) -> Self {
        let signal = 1.0 / sigma.hypot(1.0);
        Self { signal, noise: sigma * signal }
    }

    /// The standard deviation of latents whose clean picture has unit variance.
    pub(super) fn deviation(self) -> f64 {
        self.signal.hypot(self.noise)
    }

    /// Half the logarithm of the signal-to-noise ratio: infinite for a clean picture.
    pub(super) fn log_ratio(self) -> f64 {
        (self.signal / self.noise).ln()
    }

    /// `clean` under this much of `noise`.
    pub(super) fn mix(self, clean: &[f32], noise: &[f32]) -> Vec<f32> {
        let mix = |(clean, noise): (&f32, &f32)| {
            (self.signal * f64::from(*clean) + self.noise * f64::from(*noise)) as f32
        };
        clean.iter().zip(noise).map(mix).collect()
    }
}

/// What a network was trained to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prediction {
    /// The noise: "epsilon".
    Noise,
    /// The velocity of Salimans & Ho 2022 (arXiv 2202.00512), of the latents at unit variance: "v_prediction".
    Velocity,
    /// The clean picture: "sample".
    Clean,
}

impl Prediction {
    /// The clean picture in `latents` at `level`, by the network's `output`. The level's signal is not zero unless
    /// the prediction is another than noise.
    pub(super) fn clean(self, level: Level, latents: f64, output: f64) -> f64 {
        match self {
            Self::Noise => (latents - level.noise * output) / level.signal,
            Self::Velocity => {
                let deviation = level.deviation();
                (level.signal * latents / deviation - level.noise * output) / deviation
            }
            Self::Clean => output,
        }
    }

    /// The noise of unit variance in `latents` at `level`, by the network's `output`. The level's noise is not zero.
    pub(super) fn noise(self, level: Level, latents: f64, output: f64) -> f64 {
        match self {
            Self::Noise => output,
            Self::Velocity => {
                let deviation = level.deviation();
                (level.signal * output + level.noise * latents / deviation) / deviation
            }
            Self::Clean => (latents - level.signal * output) / level.noise,
        }
    }
}
