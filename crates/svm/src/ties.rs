//! Decision values that are ties but for rounding: [`decision_or_zero`] for sums over kernel values.
//!
//! The magnitudes of the terms of a decision are added up only where it may be a tie. A bound of them, which costs one
//! number per model and at most one kernel value per row, tells: hardly ever.

use fuzzysvm_core::{decision_or_zero, per_cpu};
use fuzzysvm_kernels::{Kernel, PreparedKernel};

/// Decisions above this share of the bound are no ties, whatever the number of terms (see [`decision_or_zero`]), and
/// where the bound is somewhat too small, as for a kernel that is not positive semidefinite.
const CLEARLY: f64 = 1e-9;

/// The sums that one model makes.
pub(crate) struct Ties<'a> {
    coef: &'a [f64],
    intercept: f64,
    /// Σ_j |coef_j| times the largest |φ_j|, or its part that does not depend on the row.
    size: f64,
}

impl<'a> Ties<'a> {
    /// Of Σ_j coef_j φ_j(x) + `intercept`, where no |φ_j(x)| exceeds `largest(j)` times what
    /// [`Ties::settle`] is told of the row.
    pub fn new(coef: &'a [f64], intercept: f64, largest: impl Fn(usize) -> f64) -> Self {
        let terms = coef.iter().enumerate().map(|(j, c)| c.abs() * largest(j));
        Self {
            coef,
            intercept,
            size: terms.sum(),
        }
    }

    /// Of a sum over the points of a kernel. A kernel without a [bound](Kernel::bound) has |K(x, z)| ≤ √K(x, x)·√K(z, z).
    pub fn of_kernel<K: Kernel + ?Sized>(
        kernel: &K,
        points: &dyn PreparedKernel,
        coef: &'a [f64],
        intercept: f64,
    ) -> Self {
        match kernel.bound() {
            Some(bound) => Self::new(coef, intercept, |_| bound),
            None => {
                let diagonal = points.diagonal();
                Self::new(coef, intercept, |j| diagonal[j].abs().sqrt())
            }
        }
    }

    /// The factor of a row in the bound of [`Ties::of_kernel`].
    pub fn row_factor<K: Kernel + ?Sized>(kernel: &K, x: &[f64]) -> f64 {
        match kernel.bound() {
            Some(_) => 1.0,
            None => kernel.eval(x, x).abs().sqrt(),
        }
    }

    /// Whether the part of the bound that does not depend on the row is a number.
    pub fn is_bounded(&self) -> bool {
        self.size.is_finite()
    }

    /// The decision of a row: 0 where `value` is a tie. `of_row` is the factor of the row in the bound, `magnitude` the
    /// sum of |coef_j φ_j(x)|, asked for in case of doubt.
    pub fn settle(
        &self,
        value: f64,
        of_row: impl FnOnce() -> f64,
        magnitude: impl FnOnce(&[f64]) -> f64,
    ) -> f64 {
        let bound = self.size * of_row() + self.intercept.abs();
        // A bound that is not a number decides nothing.
        if value.abs() > CLEARLY * bound {
            return value;
        }
        let magnitude = magnitude(self.coef) + self.intercept.abs();
        decision_or_zero(value, magnitude, self.coef.len() + 1)
    }
}

per_cpu! {
    /// Σ |a_j b_j|.
    pub(crate) fn magnitude(a: &[f64], b: &[f64]) -> f64 = magnitude_on;
}

#[inline(always)]
fn magnitude_on(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a * b).abs()).sum()
}

per_cpu! {
    /// As [`magnitude`] with `a` in single precision.
    pub(crate) fn magnitude_f32(a: &[f32], b: &[f64]) -> f64 = magnitude_f32_on;
}

#[inline(always)]
fn magnitude_f32_on(a: &[f32], b: &[f64]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(&a, b)| (f64::from(a) * b).abs())
        .sum()
}
