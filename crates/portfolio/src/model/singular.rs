//! Singular values and right singular vectors to full precision.

use fuzzysvm_core::math;
use nalgebra::{DMatrix, DVector};

/// Sweeps over all pairs of columns; a dozen is more than any matrix here needs.
const MAX_SWEEPS: usize = 60;

/// The singular value decomposition A V = W with orthogonal columns w of length σ, by Jacobi's rotations of columns. (The
/// one that nalgebra has can lose half of the digits where columns are collinear.)
pub(super) struct SingularValues {
    /// A V.
    w: DMatrix<f64>,
    /// V, orthogonal.
    pub(super) v: DMatrix<f64>,
    /// σ of every column, in no order.
    pub(super) values: Vec<f64>,
}

impl SingularValues {
    pub(super) fn of(a: &DMatrix<f64>) -> Self {
        let d = a.ncols();
        let (mut w, mut v) = (a.clone(), DMatrix::identity(d, d));
        // Columns below this are rounding: they have no direction.
        let nothing = f64::EPSILON * f64::EPSILON * a.norm_squared();
        for _ in 0..MAX_SWEEPS {
            let mut rotated = false;
            for p in 0..d {
                for q in p + 1..d {
                    let (a, b) = (w.column(p).norm_squared(), w.column(q).norm_squared());
                    let c = w.column(p).dot(&w.column(q));
                    if a <= nothing || b <= nothing || c.abs() <= f64::EPSILON * (a * b).sqrt() {
                        continue;
                    }
                    rotated = true;
                    // The smaller root of t² + 2ζt − 1, the tangent of the angle.
                    let zeta = (b - a) / (2.0 * c);
                    let t = zeta.signum() / (zeta.abs() + math::hypot(zeta, 1.0));
                    let cos = 1.0 / math::hypot(t, 1.0);
                    rotate(&mut w, p, q, cos, cos * t);
                    rotate(&mut v, p, q, cos, cos * t);
                }
            }
            if !rotated {
                break;
            }
        }
        let values = w.column_iter().map(|column| column.norm()).collect();
        Self { w, v, values }
    }

    /// The largest.
    pub(super) fn largest(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }

    /// The shortest x that minimises ‖Ax − b‖, with singular values up to `cutoff` taken as 0.
    pub(super) fn solve(&self, b: &DVector<f64>, cutoff: f64) -> DVector<f64> {
        let mut x = DVector::zeros(self.v.nrows());
        for (k, &value) in self.values.iter().enumerate() {
            if value > cutoff {
                let along = self.w.column(k).dot(b) / value / value;
                x.axpy(along, &self.v.column(k), 1.0);
            }
        }
        x
    }
}

/// Columns p and q turned against each other.
fn rotate(matrix: &mut DMatrix<f64>, p: usize, q: usize, cos: f64, sin: f64) {
    for row in 0..matrix.nrows() {
        let (a, b) = (matrix[(row, p)], matrix[(row, q)]);
        matrix[(row, p)] = cos * a - sin * b;
        matrix[(row, q)] = sin * a + cos * b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// numpy.linalg.svd([[1, 2], [3, 4], [5, 6]], compute_uv=False)
    #[test]
    fn singular_values_are_numpys() {
        let a = DMatrix::from_row_slice(3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let mut values = SingularValues::of(&a).values;
        values.sort_by(f64::total_cmp);
        for (found, expected) in values
            .iter()
            .zip([0.514_300_580_658_644_5, 9.525_518_091_565_107])
        {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
        assert_eq!(SingularValues::of(&DMatrix::zeros(2, 2)).largest(), 0.0);
    }

    proptest! {
        /// V is orthogonal, W = A V has orthogonal columns, with columns that repeat and more columns than rows too.
        #[test]
        fn factors_are_orthogonal(data in proptest::collection::vec(-5.0f64..5.0, 1..40), rows in 1usize..8) {
            let d = data.len().div_ceil(rows);
            // The last column is the sum of the others.
            let at = |i: usize, j: usize| data.get(i * d + j).copied().unwrap_or(0.0);
            let a = DMatrix::from_fn(rows, d + 1, |i, j| match j < d {
                true => at(i, j),
                false => (0..d).map(|j| at(i, j)).sum(),
            });
            let s = SingularValues::of(&a);
            let unit = 1e-14 * (d + 1) as f64;
            prop_assert!((s.v.tr_mul(&s.v) - DMatrix::identity(d + 1, d + 1)).amax() < unit);
            prop_assert!((&a * &s.v - &s.w).amax() < unit * a.norm().max(1.0));
            let gram = s.w.tr_mul(&s.w);
            let scale = a.norm_squared().max(1.0);
            for p in 0..=d {
                for q in 0..p {
                    prop_assert!(gram[(p, q)].abs() < unit * scale, "{gram}");
                }
            }
        }
    }
}
