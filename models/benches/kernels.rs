//! Layers at the sizes that Stable Diffusion 1.5 runs them at, 512×512 and two pictures a step, beside a plain product
//! of 2048³ in the same run: `cargo bench -p atelier-models --bench kernels [-- bf16] [name]`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "the output is what it is for, and a failure here is a defect"
)]

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use atelier_models::{
    device::{Placement, Precision},
    nn::{Conv2d, Geometry, GroupNorm, LayerNorm, Linear, Mask, attention, geglu},
    weights::{Parameter, Weights},
};
use candle_core::{Device, Tensor};

/// Runs of everything. The shortest counts: the others were disturbed.
const RUNS: usize = 7;

struct Bench {
    precision: Precision,
    filter: String,
    /// Operations a second of a plain product.
    peak: f64,
}

impl Bench {
    /// Prints how long `work` takes, and at what part of the plain product's speed its `operations` are
    /// done, where there are any to count.
    fn time(&self, name: &str, operations: f64, mut work: impl FnMut() -> Tensor) {
        if !name.contains(&self.filter) {
            return;
        }
        let seconds = shortest(&mut work).as_secs_f64();
        print!("{name:<44} {:>9.2} ms", seconds * 1e3);
        if operations > 0.0 {
            let speed = operations / seconds;
            print!(" {:>8.0} GFLOP/s {:>5.0} %", speed / 1e9, speed / self.peak * 100.0);
        }
        println!();
    }

    fn weights(&self, shape: &[usize]) -> Weights {
        let parameter = |shape: &[usize]| Parameter::owned(numbers(shape.iter().product()), shape.to_vec());
        let replaced = BTreeMap::from([
            ("weight".to_owned(), parameter(shape)),
            ("bias".to_owned(), parameter(&shape[..1])),
        ]);
        let placement = Placement { device: Device::Cpu, precision: self.precision };
        Weights::from_parts("bench", BTreeMap::new(), replaced, placement)
    }

    fn conv(&self, batch: usize, inputs: usize, outputs: usize, side: usize) {
        let conv =
            Conv2d::load(&self.weights(&[outputs, inputs, 3, 3]), inputs, outputs, Geometry::SAME).unwrap();
        let x = tensor(&[batch, inputs, side, side]);
        let operations = 2.0 * (batch * outputs * inputs * 9 * side * side) as f64;
        let name = format!("conv 3×3 {batch}×{inputs}→{outputs} {side}×{side}");
        self.time(&name, operations, || conv.forward(&x).unwrap());
    }

    fn upsampled(&self, batch: usize, channels: usize, side: usize) {
        let weights = self.weights(&[channels, channels, 3, 3]);
        let conv = Conv2d::load(&weights, channels, channels, Geometry::SAME).unwrap();
        let x = tensor(&[batch, channels, side / 2, side / 2]);
        let operations = 2.0 * (batch * channels * channels * 9 * side * side) as f64;
        let name = format!("conv 3×3 upsampled {batch}×{channels} {side}×{side}");
        self.time(&name, operations, || conv.forward_upsampled(&x, side, side).unwrap());
    }

    fn linear(&self, rows: usize, inputs: usize, outputs: usize) {
        let linear = Linear::load(&self.weights(&[outputs, inputs]), inputs, outputs).unwrap();
        let x = tensor(&[rows, inputs]);
        let operations = 2.0 * (rows * inputs * outputs) as f64;
        self.time(&format!("linear {rows}×{inputs}→{outputs}"), operations, || {
            linear.forward(&x).unwrap()
        });
    }

    fn attention(&self, queries: usize, keys: usize, heads: usize, size: usize) {
        let (q, k) = (tensor(&[2, queries, heads * size]), tensor(&[2, keys, heads * size]));
        let operations = 4.0 * (2 * queries * keys * heads * size) as f64;
        let name = format!("attention 2×{queries}×{keys} {heads}×{size}");
        self.time(&name, operations, || attention(&q, &k, &k, heads, Mask::None).unwrap());
    }

    fn rest(&self) {
        let norm = GroupNorm::load(&self.weights(&[128]), 32, 128, 1e-6).unwrap();
        let x = tensor(&[1, 128, 512, 512]);
        self.time("group norm and silu 128 512×512", 0.0, || norm.forward_silu(&x).unwrap());
        let norm = LayerNorm::load(&self.weights(&[320]), 320, 1e-5).unwrap();
        let x = tensor(&[2, 4096, 320]);
        self.time("layer norm 2×4096×320", 0.0, || norm.forward(&x).unwrap());
        let x = tensor(&[2, 4096, 2560]);
        self.time("geglu 2×4096×1280", 0.0, || geglu(&x).unwrap());
    }
}

fn numbers(count: usize) -> Vec<f32> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

fn tensor(shape: &[usize]) -> Tensor {
    Tensor::from_vec(numbers(shape.iter().product()), shape, &Device::Cpu).unwrap()
}

fn shortest(work: &mut impl FnMut() -> Tensor) -> Duration {
    let once = || {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    std::iter::repeat_with(once).take(RUNS).min().unwrap_or_default()
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let precision = if words.iter().any(|word| word == "bf16") { Precision::Bf16 } else { Precision::F32 };
    let filter = words.into_iter().find(|word| word != "bf16").unwrap_or_default();
    let square = tensor(&[2048, 2048]);
    let plain = shortest(&mut || square.matmul(&square).unwrap()).as_secs_f64();
    let peak = 2.0 * 2048_f64.powi(3) / plain;
    println!("plain product, f32: {:.0} GFLOP/s", peak / 1e9);
    let bench = Bench { precision, filter, peak };
    for (batch, inputs, outputs, side) in [
        (2, 320, 320, 64),
        (2, 640, 640, 32),
        (2, 1280, 1280, 16),
        (2, 2560, 1280, 16),
        (2, 1280, 1280, 8),
        (1, 512, 512, 64),
        (1, 512, 512, 128),
        (1, 256, 256, 256),
        (1, 128, 128, 512),
        (1, 128, 3, 512),
    ] {
        bench.conv(batch, inputs, outputs, side);
    }
    bench.upsampled(2, 640, 64);
    bench.upsampled(1, 256, 512);
    for (rows, inputs, outputs) in [
        (8192, 320, 320),
        (8192, 320, 2560),
        (8192, 1280, 320),
        (2048, 640, 5120),
        (512, 1280, 10240),
        (154, 768, 320),
        (2, 1280, 1280),
    ] {
        bench.linear(rows, inputs, outputs);
    }
    for (queries, keys, heads, size) in [
        (4096, 4096, 8, 40),
        (4096, 77, 8, 40),
        (1024, 1024, 8, 80),
        (256, 256, 8, 160),
        (4096, 4096, 1, 512),
    ] {
        bench.attention(queries, keys, heads, size);
    }
    bench.rest();
}
