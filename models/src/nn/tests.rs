//! Every layer on the processor against the same layer by candle's own operations, which are the path of other
//! devices.

use std::collections::BTreeMap;

use candle_core::{D, Device, Tensor};

use super::*;
use crate::{
    device::{Placement, Precision},
    weights::{Parameter, Weights},
};

/// How far f32 sums in another order may be apart, relatively.
const BOUND: f64 = 3e-6;
/// How far bf16 products may be.
const BF16_BOUND: f64 = 8e-3;

fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

fn drawn(shape: &[usize], seed: u32) -> Tensor {
    Tensor::from_vec(numbers(shape.iter().product(), seed), shape, &Device::Cpu).unwrap()
}

fn weights(precision: Precision, shape: &[usize]) -> Weights {
    let parameter =
        |shape: &[usize], seed| Parameter::owned(numbers(shape.iter().product(), seed), shape.to_vec());
    let replaced = BTreeMap::from([
        ("weight".to_owned(), parameter(shape, 1)),
        ("bias".to_owned(), parameter(&shape[..1], 2)),
    ]);
    Weights::from_parts("test", BTreeMap::new(), replaced, Placement { device: Device::Cpu, precision })
}

/// ‖a − b‖ / ‖b‖, of tensors of one shape.
fn distance(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.dims(), b.dims());
    let norm = |x: &Tensor| f64::from(x.sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap()).sqrt();
    norm(&(a - b).unwrap()) / norm(b)
}

#[test]
fn convolutions_agree() {
    let geometries = [
        Geometry::SAME,
        Geometry::HALF,
        Geometry::HALF_AFTER,
        Geometry::POINT,
        Geometry { kernel: 4, stride: 4, before: 0, after: 0 },
    ];
    for (precision, bound) in [(Precision::F32, BOUND), (Precision::Bf16, BF16_BOUND)] {
        for geometry in geometries {
            let shape = [21, 6, geometry.kernel, geometry.kernel];
            let weights = weights(precision, &shape);
            let host = Conv2d::load(&weights, 6, 21, geometry).unwrap();
            let device = Conv2d::read_to_device(&weights, 6, 21, geometry, true).unwrap();
            let x = drawn(&[2, 6, 12, 17], 3);
            let plain = device.forward(&x).unwrap();
            assert!(distance(&host.forward(&x).unwrap(), &plain) < bound, "{geometry:?}");
            let shift = drawn(&[2, 21], 4);
            let shifted =
                (host.forward_shifted(&x, &shift).unwrap(), device.forward_shifted(&x, &shift).unwrap());
            assert!(distance(&shifted.0, &shifted.1) < bound, "{geometry:?}");
            let residual = drawn(plain.dims(), 5);
            let added =
                (host.forward_add(&x, &residual).unwrap(), device.forward_add(&x, &residual).unwrap());
            assert!(distance(&added.0, &added.1) < bound, "{geometry:?}");
            for (height, width) in [(24, 34), (23, 33)] {
                let grown = (
                    host.forward_upsampled(&x, height, width).unwrap(),
                    device.forward_upsampled(&x, height, width).unwrap(),
                );
                assert!(distance(&grown.0, &grown.1) < bound, "{geometry:?} {height}×{width}");
            }
        }
    }
}

#[test]
fn linear_layers_agree() {
    for (precision, bound) in [(Precision::F32, BOUND), (Precision::Bf16, BF16_BOUND)] {
        let weights = weights(precision, &[37, 20]);
        let host = Linear::load(&weights, 20, 37).unwrap();
        let device = Linear::read_to_device(&weights, &[37, 20], true).unwrap();
        for shape in [vec![20], vec![5, 20], vec![2, 35, 20], vec![2, 3, 4, 20]] {
            let x = drawn(&shape, 3);
            let plain = device.forward(&x).unwrap();
            assert!(distance(&host.forward(&x).unwrap(), &plain) < bound, "{shape:?}");
            let residual = drawn(plain.dims(), 4);
            let added =
                (host.forward_add(&x, &residual).unwrap(), device.forward_add(&x, &residual).unwrap());
            assert!(distance(&added.0, &added.1) < bound, "{shape:?}");
        }
        let picture = drawn(&[2, 20, 5, 7], 5);
        let tokens = (host.from_picture(&picture).unwrap(), device.from_picture(&picture).unwrap());
        assert!(distance(&tokens.0, &tokens.1) < bound);
        let (x, residual) = (drawn(&[2, 35, 20], 6), drawn(&[2, 37, 5, 7], 7));
        let pictures =
            (host.to_picture_add(&x, &residual).unwrap(), device.to_picture_add(&x, &residual).unwrap());
        assert!(distance(&pictures.0, &pictures.1) < bound);
    }
}

#[test]
fn attention_agrees_also_on_views() {
    let (q, k) = (drawn(&[2, 50, 48], 1), drawn(&[2, 77, 48], 2));
    let v = drawn(&[2, 48, 77], 3).transpose(1, 2).unwrap();
    for mask in [Mask::None, Mask::Causal] {
        let host = attention(&q, &k, &v, 3, mask).unwrap();
        let device = attention::on_device(&q, &k, &v, 3, mask).unwrap();
        assert!(distance(&host, &device) < BOUND, "{mask:?}");
    }
    assert!(attention(&q, &k, &v, 5, Mask::None).is_err());
    assert!(attention(&q, &k, &q, 3, Mask::None).is_err());
}

#[test]
fn activations_agree() {
    let x = (drawn(&[3, 40], 1) * 12.0).unwrap();
    assert!(distance(&silu(&x).unwrap(), &x.silu().unwrap()) < BOUND);
    assert!(distance(&gelu(&x).unwrap(), &x.gelu_erf().unwrap()) < BOUND);
    assert!(distance(&quick_gelu(&x).unwrap(), &activation::quick_gelu_on_device(&x).unwrap()) < BOUND);
    assert!(distance(&geglu(&x).unwrap(), &activation::geglu_on_device(&x).unwrap()) < BOUND);
    assert!(geglu(&drawn(&[2, 3], 1)).is_err());
}

#[test]
fn norms_do_what_their_names_say() {
    let weights = weights(Precision::F32, &[12]);
    let (scale, shift) = (weights.vector("weight", 12).unwrap(), weights.vector("bias", 12).unwrap());
    let x = (drawn(&[2, 12, 5, 7], 3) * 3.0).unwrap();
    let group = GroupNorm::load(&weights, 4, 12, 1e-5).unwrap();
    let expected = candle_nn::GroupNorm::new(scale.clone(), shift.clone(), 12, 4, 1e-5).unwrap();
    let expected = candle_core::Module::forward(&expected, &x).unwrap();
    assert!(distance(&group.forward(&x).unwrap(), &expected) < BOUND);
    assert!(distance(&group.forward_silu(&x).unwrap(), &expected.silu().unwrap()) < BOUND);
    assert!(group.forward(&drawn(&[2, 6, 5], 1)).is_err());
    let rows = x.flatten_from(2).unwrap().transpose(1, 2).unwrap();
    let layer = LayerNorm::load(&weights, 12, 1e-5).unwrap();
    let expected =
        candle_nn::ops::layer_norm_slow(&rows.contiguous().unwrap(), &scale, &shift, 1e-5).unwrap();
    assert!(distance(&layer.forward(&rows).unwrap(), &expected) < BOUND);
    assert_eq!(rows.dim(D::Minus1).unwrap(), 12);
    assert!(layer.forward(&x).is_err());
}

#[test]
fn what_does_not_fit_is_an_error() {
    let weights = weights(Precision::F32, &[4, 3, 3, 3]);
    let conv = Conv2d::load(&weights, 3, 4, Geometry::SAME).unwrap();
    let x = drawn(&[1, 3, 4, 4], 1);
    assert!(conv.forward(&drawn(&[1, 2, 4, 4], 1)).is_err());
    assert!(conv.forward(&drawn(&[3, 4, 4], 1)).is_err());
    assert!(conv.forward_add(&x, &drawn(&[1, 4, 4, 5], 1)).is_err());
    assert!(conv.forward_shifted(&x, &drawn(&[1, 3], 1)).is_err());
    assert!(conv.forward(&x.to_dtype(candle_core::DType::F64).unwrap()).is_err());
}
