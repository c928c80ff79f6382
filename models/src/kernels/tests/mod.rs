//! Every kernel against a naive loop in f64, on every instruction set that this machine has.

mod activations;

use half::{bf16, f16};
use proptest::prelude::*;

use super::{
    cpu::tests::{all, rounding},
    *,
};
use crate::weights::Values;

/// Deterministic numbers in [-½, ½).
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

/// ‖a − b‖ / ‖b‖.
fn distance(a: &[f32], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let (mut apart, mut size) = (0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        apart += (f64::from(*a) - b).powi(2);
        size += b * b;
    }
    (apart / size.max(f64::MIN_POSITIVE)).sqrt()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

/// `x [rows, depth] · w [columns, depth]ᵀ`.
fn naive_product(x: &[f64], w: &[f64], depth: usize) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    x.chunks(depth).flat_map(|row| w.chunks(depth).map(move |column| dot(row, column))).collect()
}

fn check_product(cpu: Cpu, (rows, columns, depth): (usize, usize, usize), bound: f64) {
    let (x, w) = (numbers(rows * depth, 1), numbers(columns * depth, 2));
    let (bias, residual) = (numbers(columns, 3), numbers(rows * columns, 4));
    let added = Added { per_column: Some(&bias), everywhere: Some(&residual), per_row: None };
    let mut expected = naive_product(&wide(&x), &wide(&w), depth);
    for (index, value) in expected.iter_mut().enumerate() {
        *value += f64::from(bias[index % columns]) + f64::from(residual[index]);
    }
    let left = Rows::new(Values::F32(&x), rows, depth);
    let y = multiply(cpu, &left, &Rows::new(Values::F32(&w), columns, depth), added);
    let error = distance(&y, &expected);
    assert!(error < bound, "{cpu:?} {rows}×{columns}×{depth}: {error:e}");
}

#[test]
fn products_of_any_shape_are_right() {
    let shapes = [
        (1, 1, 1),
        (2, 1280, 320),
        (77, 31, 1),
        (14, 32, 324),
        (15, 33, 325),
        (29, 17, 700),
        (3, 16, 7),
        (200, 5, 1000),
        (64, 64, 64),
        (1, 100, 9),
        (130, 97, 11),
    ];
    for cpu in all() {
        for shape in shapes {
            check_product(cpu, shape, 1e-6);
        }
    }
}

#[test]
fn bf16_products_are_as_right_as_bf16_is() {
    for shape in [(1, 1, 1), (2, 80, 321), (15, 33, 325), (29, 17, 700), (200, 5, 1001), (64, 64, 64)] {
        if let Some(cpu) = rounding() {
            check_product(cpu, shape, 6e-3);
        }
    }
}

#[test]
fn narrow_weights_are_widened_exactly() {
    let (rows, columns, depth) = (9, 21, 400);
    let (x, w) = (numbers(rows * depth, 1), numbers(columns * depth, 2));
    let left = Rows::new(Values::F32(&x), rows, depth);
    let half: Vec<f16> = w.iter().map(|value| f16::from_f32(*value)).collect();
    let brain: Vec<bf16> = w.iter().map(|value| bf16::from_f32(*value)).collect();
    let narrow: [(Values<'_>, Vec<f32>); 2] = [
        (Values::F16(&half), half.iter().map(|value| value.to_f32()).collect()),
        (Values::Bf16(&brain), brain.iter().map(|value| value.to_f32()).collect()),
    ];
    for cpu in all() {
        for (narrow, same) in &narrow {
            let y = multiply(cpu, &left, &Rows::new(*narrow, columns, depth), Added::default());
            let expected = naive_product(&wide(&x), &wide(same), depth);
            assert!(distance(&y, &expected) < 1e-6);
        }
    }
}

/// A convolution by its definition.
fn naive_convolution(x: &[f32], w: &[f32], outputs: usize, view: View) -> Vec<f64> {
    let View { batch, channels, stored, seen, answer, kernel, stride, before } = view;
    let mut y = Vec::new();
    for image in 0..batch {
        for output in 0..outputs {
            for (row, column) in (0..answer.0).flat_map(|row| (0..answer.1).map(move |column| (row, column)))
            {
                let mut sum = 0.0;
                for channel in 0..channels {
                    for (down, right) in (0..kernel).flat_map(|a| (0..kernel).map(move |b| (a, b))) {
                        let (y, x_) = (row * stride + down, column * stride + right);
                        if y < before || x_ < before || y - before >= seen.0 || x_ - before >= seen.1 {
                            continue;
                        }
                        let (y, x_) = ((y - before) * stored.0 / seen.0, (x_ - before) * stored.1 / seen.1);
                        let pixel = x[((image * channels + channel) * stored.0 + y) * stored.1 + x_];
                        let weight = w[((output * channels + channel) * kernel + down) * kernel + right];
                        sum += f64::from(pixel) * f64::from(weight);
                    }
                }
                y.push(sum);
            }
        }
    }
    y
}

fn check_convolution(cpu: Cpu, outputs: usize, view: View) {
    let depth = view.channels * view.kernel * view.kernel;
    let x = numbers(view.batch * view.channels * view.stored.0 * view.stored.1, 5);
    let (w, bias) = (numbers(outputs * depth, 6), numbers(view.batch * outputs, 7));
    let mut expected = naive_convolution(&x, &w, outputs, view);
    let pixels = view.answer.0 * view.answer.1;
    for (index, value) in expected.iter_mut().enumerate() {
        *value += f64::from(bias[index / pixels]);
    }
    let added = Added { per_row: Some(&bias), ..Added::default() };
    let weights = Rows::new(Values::F32(&w), outputs, depth);
    let y = multiply(cpu, &weights, &Patches::new(&x, view), added);
    let error = distance(&y, &expected);
    assert!(error < 1e-6, "{cpu:?} {outputs} of {view:?}: {error:e}");
    if winograd::can(&view) {
        let error = distance(&winograd::convolve(cpu, weights, &x, view, added), &expected);
        assert!(error < 2e-6, "at points, {cpu:?} {outputs} of {view:?}: {error:e}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn convolutions_of_any_shape_are_right(
        batch in 1_usize..3, channels in 1_usize..9, outputs in 1_usize..40, height in 1_usize..14,
        width in 1_usize..70, kernel in 1_usize..4, stride in 1_usize..3, before in 0_usize..3,
        after in 0_usize..3, growth in 0_usize..3,
    ) {
        let seen = match growth {
            0 => (height, width),
            1 => (2 * height, 2 * width),
            _ => (2 * height - 1, 2 * width - 1),
        };
        let side = |seen: usize| (seen + before + after).checked_sub(kernel).map(|room| room / stride + 1);
        if let (Some(rows), Some(columns)) = (side(seen.0), side(seen.1)) {
            let answer = (rows, columns);
            let view = View { batch, channels, stored: (height, width), seen, answer, kernel, stride, before };
            for cpu in all() {
                check_convolution(cpu, outputs, view);
            }
        }
    }

    #[test]
    fn products_of_drawn_shapes_are_right(rows in 1_usize..90, columns in 1_usize..90, depth in 1_usize..800) {
        for cpu in all() {
            check_product(cpu, (rows, columns, depth), 1e-6);
        }
    }
}

#[test]
fn convolutions_at_points_are_right_for_every_kind_of_weight() {
    // Batch, channels, outputs, height, width: blocks of channels, groups of rows, strips and bands that are not full.
    let shapes = [(1, 16, 16, 16, 16), (2, 131, 37, 9, 11), (3, 257, 29, 7, 5), (1, 20, 17, 61, 67)];
    for (batch, channels, outputs, height, width) in shapes {
        let (size, depth) = ((height, width), channels * 9);
        for seen in [size, (2 * height - 1, 2 * width)] {
            let (stored, answer) = (size, seen);
            let view = View { batch, channels, stored, seen, answer, kernel: 3, stride: 1, before: 1 };
            let x = numbers(batch * channels * height * width, 17);
            let bias = numbers(batch * outputs, 18);
            let residual = numbers(batch * outputs * answer.0 * answer.1, 19);
            let half: Vec<f16> =
                numbers(outputs * depth, 20).iter().map(|value| f16::from_f32(*value)).collect();
            let brain: Vec<bf16> = half.iter().map(|value| bf16::from_f32(value.to_f32())).collect();
            let kinds: [(Values<'_>, Vec<f32>); 2] = [
                (Values::F16(&half), half.iter().map(|value| value.to_f32()).collect()),
                (Values::Bf16(&brain), brain.iter().map(|value| value.to_f32()).collect()),
            ];
            for (narrow, same) in &kinds {
                let mut expected = naive_convolution(&x, same, outputs, view);
                for (index, value) in expected.iter_mut().enumerate() {
                    *value += f64::from(bias[index / (answer.0 * answer.1)]) + f64::from(residual[index]);
                }
                let added = Added { per_row: Some(&bias), everywhere: Some(&residual), ..Added::default() };
                for (cpu, values) in
                    all().into_iter().flat_map(|cpu| [(cpu, *narrow), (cpu, Values::F32(same))])
                {
                    let weights = Rows::new(values, outputs, depth);
                    let error = distance(&winograd::convolve(cpu, weights, &x, view, added), &expected);
                    assert!(error < 3e-6, "{cpu:?} {outputs} of {view:?}: {error:e}");
                }
            }
        }
    }
}

#[test]
fn convolutions_go_the_way_that_is_faster() {
    let cpu = Cpu::portable();
    for (size, channels) in [((16, 16), 16), ((8, 8), 16), ((16, 16), 3)] {
        let view = View {
            batch: 1,
            channels,
            stored: size,
            seen: size,
            answer: size,
            kernel: 3,
            stride: 1,
            before: 1,
        };
        let (x, w) = (numbers(channels * size.0 * size.1, 21), numbers(16 * channels * 9, 22));
        let weights = Rows::new(Values::F32(&w), 16, channels * 9);
        let y = convolve(cpu, weights, &x, view, Added::default());
        assert!(distance(&y, &naive_convolution(&x, &w, 16, view)) < 2e-6, "{view:?}");
    }
}

#[test]
fn deep_convolutions_are_right() {
    for cpu in all() {
        let size = (5, 7);
        let view = View {
            batch: 2,
            channels: 90,
            stored: size,
            seen: size,
            answer: size,
            kernel: 3,
            stride: 1,
            before: 1,
        };
        check_convolution(cpu, 33, view);
    }
}

fn naive_attention(q: &[f32], k: &[f32], v: &[f32], shape: Heads) -> Vec<f64> {
    let Heads { batch, queries, keys, heads, size, causal } = shape;
    let width = heads * size;
    let mut y = vec![0.0; q.len()];
    for (image, head) in (0..batch).flat_map(|image| (0..heads).map(move |head| (image, head))) {
        for query in 0..queries {
            let at = |token: usize, tokens: usize| (image * tokens + token) * width + head * size;
            let q = &q[at(query, queries)..][..size];
            let seen = if causal { keys.min(query + 1) } else { keys };
            let score = |key: usize| {
                let k = &k[at(key, keys)..][..size];
                let dot: f64 = q.iter().zip(k).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                dot / (size as f64).sqrt()
            };
            let scores: Vec<f64> = (0..seen).map(score).collect();
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
            let all: f64 = powers.iter().sum();
            for (key, power) in powers.iter().enumerate() {
                for dimension in 0..size {
                    y[at(query, queries) + dimension] +=
                        power / all * f64::from(v[at(key, keys) + dimension]);
                }
            }
        }
    }
    y
}

#[test]
fn attention_of_any_shape_is_right() {
    let shapes = [
        (1, 1, 1, 1, 1),
        (2, 77, 77, 2, 40),
        (1, 200, 77, 3, 64),
        (2, 33, 700, 1, 15),
        (1, 300, 300, 2, 8),
        (1, 64, 64, 1, 160),
        (3, 5, 600, 2, 33),
    ];
    for cpu in all() {
        for ((batch, queries, keys, heads, size), causal) in
            shapes.into_iter().flat_map(|shape| [(shape, false), (shape, true)])
        {
            let shape = Heads { batch, queries, keys, heads, size, causal };
            let q: Vec<f32> = numbers(batch * queries * heads * size, 8).iter().map(|x| x * 20.0).collect();
            let k = numbers(batch * keys * heads * size, 9);
            let v = numbers(batch * keys * heads * size, 10);
            let error = distance(&attention(cpu, &q, &k, &v, shape), &naive_attention(&q, &k, &v, shape));
            assert!(error < 3e-6, "{cpu:?} {shape:?}: {error:e}");
        }
    }
}

fn naive_normal(x: &[f32], length: usize, epsilon: f64, affine: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    let mut y = Vec::new();
    for group in x.chunks(length) {
        let mean = wide(group).iter().sum::<f64>() / length as f64;
        let variance = wide(group).iter().map(|x| (x - mean).powi(2)).sum::<f64>() / length as f64;
        for x in group {
            y.push(affine(y.len(), (f64::from(*x) - mean) / (variance + epsilon).sqrt()));
        }
    }
    y
}

#[test]
fn norms_are_right_also_far_from_zero() {
    for (batch, groups, channels, pixels) in [(1, 1, 1, 5), (2, 4, 12, 35), (2, 32, 64, 64), (1, 2, 6, 9001)]
    {
        let count = batch * channels * pixels;
        let x: Vec<f32> = numbers(count, 11).iter().map(|x| x + 100.0).collect();
        let (weight, bias) = (numbers(channels, 12), numbers(channels, 13));
        let affine = Affine { weight: &weight, bias: &bias, epsilon: 1e-5 };
        let shape = Groups { batch, groups, channels, pixels };
        let channel = |index: usize| index / pixels % channels;
        let expected = naive_normal(&x, channels / groups * pixels, 1e-5, |index, x| {
            x * f64::from(weight[channel(index)]) + f64::from(bias[channel(index)])
        });
        let activated: Vec<f64> = expected.iter().map(|x| x / (1.0 + (-x).exp())).collect();
        for cpu in all() {
            assert!(
                distance(&group_norm(cpu, &x, shape, affine, false), &expected) < 3e-5,
                "{cpu:?} {shape:?}"
            );
            assert!(
                distance(&group_norm(cpu, &x, shape, affine, true), &activated) < 3e-5,
                "{cpu:?} {shape:?}"
            );
        }
    }
    for (rows, width) in [(1, 1), (3, 5), (77, 768), (2, 5000)] {
        let x: Vec<f32> = numbers(rows * width, 14).iter().map(|x| x - 30.0).collect();
        let (weight, bias) = (numbers(width, 15), numbers(width, 16));
        let affine = Affine { weight: &weight, bias: &bias, epsilon: 1e-5 };
        let expected = naive_normal(&x, width, 1e-5, |index, x| {
            x * f64::from(weight[index % width]) + f64::from(bias[index % width])
        });
        for cpu in all() {
            assert!(distance(&layer_norm(cpu, &x, affine), &expected) < 1e-5, "{cpu:?} {rows}×{width}");
        }
    }
}
