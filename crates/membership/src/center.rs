//! Distances to a mean, whatever the size of the numbers.

use fuzzysvm_core::Matrix;

/// Beyond this size squares may overflow; lengths are then measured in a larger unit.
const HUGE: f64 = 1e100;

/// The unit in which lengths are measured: 1, or a power of two (which is exact) that keeps squares of
/// huge coordinates finite. A length of x times `unit` is the length in it.
pub(crate) fn unit_of(x: Matrix<'_>) -> f64 {
    if x.as_slice().iter().any(|v| v.abs() > HUGE) {
        2f64.powi(-600)
    } else {
        1.0
    }
}

/// ‖x_i − x̄‖ for the rows given, in their order, x̄ their mean; in `unit`.
pub(crate) fn distances_to_mean(x: Matrix<'_>, rows: &[usize], unit: f64) -> Vec<f64> {
    let mut center = vec![0.0; x.n_cols()];
    for &i in rows {
        for (c, &v) in center.iter_mut().zip(x.row(i)) {
            *c += v * unit;
        }
    }
    for c in &mut center {
        *c /= rows.len() as f64;
    }
    rows.iter()
        .map(|&i| {
            x.row(i)
                .iter()
                .zip(&center)
                .map(|(&v, &c)| (v * unit - c).powi(2))
                .sum::<f64>()
                .sqrt()
        })
        .collect()
}

/// 1 − d/(most + δ) for 0 ≤ d ≤ most, written so that the farthest sample keeps δ/(most + δ) where `most`
/// is large and the difference would round to 0.
pub(crate) fn linear_decay(d: f64, most: f64, delta: f64) -> f64 {
    (most - d + delta) / (most + delta)
}
