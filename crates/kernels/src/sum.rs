//! Weighted sums of kernel values, whose order is fixed.

use fuzzysvm_core::per_cpu;

/// Running sums side by side.
pub(crate) const LANES: usize = 16;

per_cpu! {
    /// Σ coef_j value_j in sixteen running sums, those that are left one after another behind them: no step is fused, so the sum
    /// is the same on every CPU. Decision values are summed like this whichever way they are computed.
    ///
    /// ```
    /// assert_eq!(fuzzysvm_kernels::weighted_sum(&[1.0, 0.5], &[2.0, -4.0]), 0.0);
    /// ```
    pub fn weighted_sum(values: &[f64], coef: &[f64]) -> f64 = weighted_sum_on;
}

#[inline(always)]
fn weighted_sum_on(values: &[f64], coef: &[f64]) -> f64 {
    sum_with(values, coef, |v| v)
}

per_cpu! {
    /// As [`weighted_sum`] of values in single precision; the sum is in double precision.
    pub fn weighted_sum_f32(values: &[f32], coef: &[f64]) -> f64 = weighted_sum_f32_on;
}

#[inline(always)]
fn weighted_sum_f32_on(values: &[f32], coef: &[f64]) -> f64 {
    sum_with(values, coef, f64::from)
}

#[inline(always)]
fn sum_with<T: Copy>(values: &[T], coef: &[f64], wide: impl Fn(T) -> f64) -> f64 {
    let (vc, vr) = values.as_chunks::<LANES>();
    let (cc, cr) = coef.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (v, c) in vc.iter().zip(cc) {
        for l in 0..LANES {
            sums[l] += wide(v[l]) * c[l];
        }
    }
    fold(sums) + vr.iter().zip(cr).map(|(v, c)| wide(*v) * c).sum::<f64>()
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
