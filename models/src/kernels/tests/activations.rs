//! Functions of one number against f64.

use super::*;

/// Φ(x) by its series, good for |x| < 6.
fn phi(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        term *= x * x / f64::from(2 * n + 1);
        sum += term;
    }
    0.5 + sum * (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

#[test]
fn activations_are_right_to_the_last_places() {
    let x: Vec<f32> = (-60_000..=60_000).map(|step| step as f32 * 1e-4).collect();
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let cases: [(Function, &dyn Fn(f64) -> f64); 3] = [
        (Function::Silu, &|x| x * sigmoid(x)),
        (Function::Gelu, &|x| x * phi(x)),
        (Function::QuickGelu, &|x| x * sigmoid(1.702 * x)),
    ];
    for cpu in all() {
        for (function, exact) in cases {
            for (x, y) in x.iter().zip(map(cpu, function, &x)) {
                let error = (f64::from(y) - exact(f64::from(*x))).abs() / f64::from(x.abs()).max(1.0);
                assert!(error < 2e-7, "{cpu:?} {function:?}({x}) = {y}: {error:e}");
            }
        }
        let gated = geglu(cpu, &[3.0, -2.0, 0.5, 1.0, 5.0, 6.0, -0.5, 2.0], 2);
        let expected = [(3.0, 0.5), (-2.0, 1.0), (5.0, -0.5), (6.0, 2.0)].map(|(a, b)| a * b * phi(b));
        assert!(distance(&gated, &expected) < 1e-7);
    }
}

#[test]
fn activations_do_not_break_far_out() {
    for cpu in all() {
        for function in [Function::Silu, Function::Gelu, Function::QuickGelu] {
            let y = map(cpu, function, &[-1e30, -1e4, -100.0, 0.0, 100.0, 1e4, 1e30, f32::NAN]);
            assert!(y[..3].iter().all(|y| y.abs() < 1e-5), "{cpu:?} {function:?} {y:?}");
            assert_eq!((y[3], y[4], y[5], y[6]), (0.0, 100.0, 1e4, 1e30), "{cpu:?} {function:?}");
            assert!(y[7].is_nan(), "{cpu:?} {function:?}");
        }
    }
}
