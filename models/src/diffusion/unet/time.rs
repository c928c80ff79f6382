//! How the network is told of the step: sinusoids of its number, then a small perceptron.

use candle_core::{DType, Device, Tensor};

use crate::{
    Error,
    nn::{Linear, silu},
    weights::Weights,
};

/// The longest wavelength, as a multiple of 2π steps.
const PERIOD: f32 = 10_000.0;

/// How sinusoids are laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sinusoids {
    /// Elements per number; even.
    pub(super) width: usize,
    /// Whether cosines come before sines.
    pub(super) cosines_first: bool,
    /// Taken off the number of frequencies when they are spread; less than that number.
    pub(super) shift: usize,
}

impl Sinusoids {
    /// Sines and cosines of `numbers` at wavelengths from 2π to 20000π (Vaswani et al. 2017, section 3.5), as f32
    /// `[numbers, width]`. In 16 bits step 999 would be step 1000.
    pub(super) fn of(&self, numbers: &[f32], device: &Device) -> Result<Tensor, Error> {
        let half = self.width / 2;
        let spread = (half - self.shift) as f32;
        let frequencies: Vec<f32> =
            (0..half).map(|index| (-PERIOD.ln() * index as f32 / spread).exp()).collect();
        let mut rows = Vec::with_capacity(numbers.len() * self.width);
        for number in numbers {
            let angles = frequencies.iter().map(|frequency| number * frequency);
            if self.cosines_first {
                rows.extend(angles.clone().map(f32::cos).chain(angles.map(f32::sin)));
            } else {
                rows.extend(angles.clone().map(f32::sin).chain(angles.map(f32::cos)));
            }
        }
        Ok(Tensor::from_vec(rows, (numbers.len(), self.width), device)?)
    }
}

/// Two linear layers with the activation between them.
#[derive(Debug)]
pub(super) struct Perceptron {
    condition: Option<Linear>,
    first: Linear,
    second: Linear,
    activation: DType,
}

impl Perceptron {
    /// Reads `linear_1`, `linear_2`, and `cond_proj` where the network takes a condition of that width.
    pub(super) fn load(
        weights: &Weights,
        inputs: usize,
        width: usize,
        condition: Option<usize>,
    ) -> Result<Self, Error> {
        Ok(Self {
            condition: condition
                .map(|condition| Linear::load_no_bias(&weights.pp("cond_proj"), condition, inputs))
                .transpose()?,
            first: Linear::load(&weights.pp("linear_1"), inputs, width)?,
            second: Linear::load(&weights.pp("linear_2"), width, width)?,
            activation: weights.placement().activation(),
        })
    }

    /// `[batch, inputs]` → `[batch, width]`. `condition` `[batch, condition]` shifts the input.
    pub(super) fn forward(&self, x: &Tensor, condition: Option<&Tensor>) -> Result<Tensor, Error> {
        let x = x.to_dtype(self.activation)?;
        let x = match (&self.condition, condition) {
            (Some(projection), Some(condition)) => projection.forward_add(condition, &x)?,
            _ => x,
        };
        self.second.forward(&silu(&self.first.forward(&x)?)?)
    }
}
