//! The transforms of F(4×4, 3×3) in one direction, over vectors of `N` tiles or rows.
//!
//! They come from the points 0, ±√½, ±√2 and ∞: products of polynomials are counted by their values there. The
//! usual ±1 and ±2 make numbers of more unequal sizes, and so less exact answers.

use crate::kernels::cpu::fma;

/// Outputs of a tile in one direction.
pub(super) const SIDE: usize = 4;
/// Inputs that a tile sees in one direction, and points.
pub(super) const SEEN: usize = 6;
/// Points of a tile.
pub(super) const POINTS: usize = SEEN * SEEN;

/// The two positive points between 0 and ∞.
const NEAR: f32 = std::f32::consts::FRAC_1_SQRT_2;
const FAR: f32 = std::f32::consts::SQRT_2;
/// The squares of both, their sum; their product is 1.
const NEAR_2: f32 = 0.5;
const FAR_2: f32 = 2.0;
const SUM: f32 = NEAR_2 + FAR_2;

/// `Bᵀ x`: six pixels at the points.
#[inline(always)]
pub(super) fn input<const FMA: bool, const N: usize>(x: [&[f32; N]; SEEN], out: [&mut [f32; N]; SEEN]) {
    let [zero, near, less_near, far, less_far, infinity] = out;
    for lane in 0..N {
        let [a, b, c, d, e, f] = x.map(|x| x[lane]);
        zero[lane] = fma::<FMA>(-SUM, c, a + e);
        infinity[lane] = fma::<FMA>(-SUM, d, b + f);
        let (even, odd) = (fma::<FMA>(-FAR_2, c, e), NEAR * fma::<FMA>(-FAR_2, b, d));
        near[lane] = even + odd;
        less_near[lane] = even - odd;
        let (even, odd) = (fma::<FMA>(-NEAR_2, c, e), FAR * fma::<FMA>(-NEAR_2, b, d));
        far[lane] = even + odd;
        less_far[lane] = even - odd;
    }
}

/// `G w`: three weights at the points.
#[inline(always)]
pub(super) fn weights<const FMA: bool, const N: usize>(w: [&[f32; N]; 3], out: [&mut [f32; N]; SEEN]) {
    // One over the product of a point's distances to all others.
    const AT_NEAR: f32 = 1.0 / (2.0 * NEAR_2 * (NEAR_2 - FAR_2));
    const AT_FAR: f32 = 1.0 / (2.0 * FAR_2 * (FAR_2 - NEAR_2));
    let [zero, near, less_near, far, less_far, infinity] = out;
    for lane in 0..N {
        let [a, b, c] = w.map(|w| w[lane]);
        zero[lane] = a;
        infinity[lane] = c;
        let (even, odd) = (AT_NEAR * fma::<FMA>(NEAR_2, c, a), AT_NEAR * NEAR * b);
        near[lane] = even + odd;
        less_near[lane] = even - odd;
        let (even, odd) = (AT_FAR * fma::<FMA>(FAR_2, c, a), AT_FAR * FAR * b);
        far[lane] = even + odd;
        less_far[lane] = even - odd;
    }
}

/// `Aᵀ m`: four answers from the products at the points.
#[inline(always)]
pub(super) fn answer<const FMA: bool, const N: usize>(m: [&[f32; N]; SEEN], out: [&mut [f32; N]; SIDE]) {
    let [first, second, third, fourth] = out;
    for lane in 0..N {
        let [zero, near, less_near, far, less_far, infinity] = m.map(|m| m[lane]);
        let (near_even, near_odd) = (near + less_near, NEAR * (near - less_near));
        let (far_even, far_odd) = (far + less_far, FAR * (far - less_far));
        first[lane] = zero + near_even + far_even;
        second[lane] = near_odd + far_odd;
        third[lane] = fma::<FMA>(NEAR_2, near_even, FAR_2 * far_even);
        fourth[lane] = fma::<FMA>(NEAR_2, near_odd, fma::<FMA>(FAR_2, far_odd, infinity));
    }
}
