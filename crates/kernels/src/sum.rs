//! Weighted sums of kernel values, whose order is fixed.

use fuzzysvm_core::per_cpu;

/// Running sums side by side.
pub(crate) const LANES: usize = 16;

/// Σ coef_j value_j in sixteen running sums, those that are left one after another behind them: no step is fused, so the sum
/// is the same on every CPU. Decision values are summed like this whichever way they are computed.
///
/// ```
/// assert_eq!(fuzzysvm_kernels::weighted_sum(&[1.0, 0.5], &[2.0, -4.0]), 0.0);
/// ```
pub fn weighted_sum(values: &[f64], coef: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    add_sixteens(values, coef, &mut sums);
    fold(sums) + left(values, coef, |v| v)
}

/// As [`weighted_sum`] of values in single precision; the sum is in double precision.
pub fn weighted_sum_f32(values: &[f32], coef: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    add_sixteens_f32(values, coef, &mut sums);
    fold(sums) + left(values, coef, f64::from)
}

// The sums are written to memory, not added up here: the compiler makes vectors as wide as what is done with them at the end.
per_cpu! {
    fn add_sixteens(values: &[f64], coef: &[f64], sums: &mut [f64; LANES]) = add_sixteens_on;
    fn add_sixteens_f32(values: &[f32], coef: &[f64], sums: &mut [f64; LANES]) = add_sixteens_f32_on;
}

#[inline(always)]
fn add_sixteens_on(values: &[f64], coef: &[f64], sums: &mut [f64; LANES]) {
    add_with(values, coef, sums, |v| v);
}

#[inline(always)]
fn add_sixteens_f32_on(values: &[f32], coef: &[f64], sums: &mut [f64; LANES]) {
    add_with(values, coef, sums, f64::from);
}

/// Adds the products of all whole sixteens.
#[inline(always)]
fn add_with<T: Copy>(values: &[T], coef: &[f64], sums: &mut [f64; LANES], wide: impl Fn(T) -> f64) {
    let (values, coef) = (values.as_chunks::<LANES>().0, coef.as_chunks::<LANES>().0);
    let mut running = *sums;
    for (v, c) in values.iter().zip(coef) {
        for l in 0..LANES {
            running[l] += wide(v[l]) * c[l];
        }
    }
    *sums = running;
}

/// The sum behind the last sixteen.
fn left<T: Copy>(values: &[T], coef: &[f64], wide: impl Fn(T) -> f64) -> f64 {
    let (vr, cr) = (values.as_chunks::<LANES>().1, coef.as_chunks::<LANES>().1);
    vr.iter().zip(cr).map(|(v, c)| wide(*v) * c).sum()
}

/// Running sums added up, halves onto halves.
#[inline(always)]
pub(crate) fn fold(mut sums: [f64; LANES]) -> f64 {
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for l in 0..width {
            sums[l] += sums[l + width];
        }
    }
    sums[0]
}
