//! Functions of one number, written so that loops over them become vectors: no branches, no calls, no tables.
//!
//! The polynomials are minimax fits made for Atelier. Errors are in `tests.rs`, against f64.

use std::f32::consts::{FRAC_1_SQRT_2, LN_2, LOG2_E};

use super::cpu::fma;

/// Adding it rounds a number below 2²² to a whole one, which is then in the lowest bits.
const ROUNDING: f32 = 12_582_912.0;

/// Powers below are as good as zero.
const LEAST_EXPONENT: f32 = -126.0;
/// Powers above are as good as infinite.
const MOST_EXPONENT: f32 = 127.0;

/// `Σ coefficients[i] xⁱ`, by Horner's rule.
#[inline(always)]
fn polynomial<const FMA: bool, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[N - 1];
    // By number: an iterator is not always inlined into a function with other target features, and is a call then.
    let mut left = N - 1;
    while left > 0 {
        left -= 1;
        sum = fma::<FMA>(sum, x, coefficients[left]);
    }
    sum
}

/// `2^(whole + part)` for a `rounded` = `whole` + [`ROUNDING`] and a part in [−½, ½].
#[inline(always)]
fn power<const FMA: bool>(rounded: f32, part: f32) -> f32 {
    let fraction = polynomial::<FMA, 7>(
        part,
        [1.0, LN_2, 0.240_226_48, 0.055_503_324, 0.009_618_437, 0.001_339_887_6, 0.000_153_533_6],
    );
    let exponent = (rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits());
    fraction * f32::from_bits(exponent)
}

/// `x` between the exponents that have a power; not a number stays that.
#[inline(always)]
fn exponent(x: f32) -> f32 {
    let x = if x < LEAST_EXPONENT { LEAST_EXPONENT } else { x };
    if x > MOST_EXPONENT { MOST_EXPONENT } else { x }
}

/// 2ˣ within 2 units in the last place. Never below 2⁻¹²⁶ nor above 2¹²⁷.
#[inline(always)]
pub(super) fn exp2<const FMA: bool>(x: f32) -> f32 {
    let x = exponent(x);
    let rounded = x + ROUNDING;
    power::<FMA>(rounded, x - (rounded - ROUNDING))
}

/// eˣ within 2 units in the last place, for -87 < x < 88; bounded beyond as [`exp2`] is.
#[inline(always)]
pub(super) fn exp<const FMA: bool>(x: f32) -> f32 {
    // log₂ e in two parts, the first of which has few enough bits for its product with `whole` to be exact.
    const UPPER: f32 = 0.693_359_4;
    const LOWER: f32 = -0.000_212_194_44;
    let rounded = exponent(x * LOG2_E) + ROUNDING;
    let whole = rounded - ROUNDING;
    let least = LEAST_EXPONENT * LN_2;
    let most = MOST_EXPONENT * LN_2;
    let x = if x < least { least } else { x };
    let x = if x > most { most } else { x };
    // Cody & Waite (1980): x - whole · ln 2 without losing what is small.
    let part = fma::<FMA>(whole, -LOWER, fma::<FMA>(whole, -UPPER, x));
    power::<FMA>(rounded, part * LOG2_E)
}

/// `x · σ(x)`.
#[inline(always)]
pub(super) fn silu<const FMA: bool>(x: f32) -> f32 {
    x / (1.0 + exp::<FMA>(-x))
}

/// The error function within 10⁻⁷: a polynomial near zero, and one of the logarithm of what is missing to 1 beyond.
#[inline(always)]
pub(super) fn erf<const FMA: bool>(x: f32) -> f32 {
    /// Where the missing part is below half a unit in the last place of 1.
    const ONE: f32 = 4.0;
    let size = x.abs();
    let size = if size > ONE { ONE } else { size };
    let near = polynomial::<FMA, 6>(
        size * size,
        [0.128_378_93, -0.376_119_4, 0.112_780_645, -0.026_663_812, 0.004_870_704_4, -0.000_546_293_1],
    );
    let near = fma::<FMA>(near, size, size);
    let missing = polynomial::<FMA, 8>(
        size,
        [
            0.000_271_285_2,
            -1.629_637_2,
            -0.913_543_2,
            -0.156_414_94,
            0.036_367_83,
            -0.006_065_901_4,
            0.000_636_713_9,
            -0.000_031_287_52,
        ],
    );
    let far = 1.0 - exp2::<FMA>(missing);
    let y = if size > 1.0 { far } else { near };
    y.copysign(x)
}

/// `x · Φ(x)` with the exact Φ.
#[inline(always)]
pub(super) fn gelu<const FMA: bool>(x: f32) -> f32 {
    let half = 0.5 * x;
    fma::<FMA>(half, erf::<FMA>(x * FRAC_1_SQRT_2), half)
}

/// `x · σ(1.702 x)`.
#[inline(always)]
pub(super) fn quick_gelu<const FMA: bool>(x: f32) -> f32 {
    x / (1.0 + exp::<FMA>(-1.702 * x))
}
