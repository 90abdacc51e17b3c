//! Starts whose gradient is made up from that of another point.

use super::pairs::Work;
use super::real::Real;
use super::settings::Smo;
use crate::{DualProblem, DualSolution, SolveError};

/// A point whose gradient is known, near the start of another problem with the same Q, p and y.
///
/// The gradient of a start costs a row of Q for every variable above 0; from a known one it costs a row for every
/// variable in which the two points differ. Chains of problems with other bounds begin like that.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// α, one finite value per variable; it need not be feasible.
    pub alpha: &'a [f64],
    /// Qα + p, finite.
    pub gradient: &'a [f64],
}

impl Known<'_> {
    fn validate(&self, problem: &DualProblem<'_>) -> Result<(), SolveError> {
        for (what, values) in [
            ("known.alpha", self.alpha),
            ("known.gradient", self.gradient),
        ] {
            if values.len() != problem.n() {
                return Err(SolveError::LengthMismatch {
                    what,
                    expected: problem.n(),
                    found: values.len(),
                });
            }
            if let Some(row) = values.iter().position(|v| !v.is_finite()) {
                return Err(SolveError::InvalidEntry {
                    what,
                    row,
                    value: values[row],
                    rule: "must be finite",
                });
            }
        }
        Ok(())
    }
}

impl Smo {
    /// As [`QpSolver::solve`](crate::QpSolver::solve), from `start` and a point near it whose gradient is known. The gradient
    /// is taken as given: what is found is as right as it is.
    ///
    /// ```
    /// use fuzzysvm_qp::{DenseQ, DualProblem, Known, QpSolver, Smo};
    ///
    /// let q = DenseQ::new(vec![1.0, -0.5, -0.5, 1.0], 2)?;
    /// let (p, y) = ([-1.0; 2], [1.0, -1.0]);
    /// let of = |upper| DualProblem { q: &q, p: &p, y: &y, delta: 0.0, upper };
    /// let first = Smo::default().solve(&of(&[0.5, 0.5]), None)?;
    /// let known = Known { alpha: &first.alpha, gradient: &first.gradient };
    /// let second = Smo::default().solve_near(&of(&[1.0, 1.0]), &first.alpha, known)?;
    /// assert_eq!(second.alpha, [1.0, 1.0]);
    /// # Ok::<(), fuzzysvm_qp::SolveError>(())
    /// ```
    ///
    /// # Errors
    /// As [`QpSolver::solve`](crate::QpSolver::solve), and where `known` has other lengths or is not finite.
    pub fn solve_near(
        &self,
        problem: &DualProblem<'_>,
        start: &[f64],
        known: Known<'_>,
    ) -> Result<DualSolution, SolveError> {
        self.solve_from(problem, Some(start), Some(known))
    }

    pub(super) fn check_known(
        problem: &DualProblem<'_>,
        known: Option<Known<'_>>,
    ) -> Result<(), SolveError> {
        known.map_or(Ok(()), |known| known.validate(problem))
    }
}

impl<T: Real> Work<T> {
    /// The work at α, and what its gradient is still to be moved by: the difference to the known point, or α itself where
    /// that takes fewer rows.
    pub(super) fn near(
        problem: &DualProblem<'_>,
        alpha: Vec<f64>,
        known: Option<Known<'_>>,
    ) -> (Self, Vec<f64>) {
        let mut work = Self::new(problem, alpha);
        let rows = |change: &[f64]| change.iter().filter(|d| **d != 0.0).count();
        let from = |known: &Known<'_>| -> Vec<f64> {
            let pairs = work.alpha.iter().zip(known.alpha);
            pairs.map(|(a, k)| a - k).collect()
        };
        let change = work.alpha.clone();
        match known.map(|known| (known, from(&known))) {
            Some((known, difference)) if rows(&difference) < rows(&change) => {
                for ((f, y), g) in work.state.f.iter_mut().zip(problem.y).zip(known.gradient) {
                    *f = -y * g;
                }
                (work, difference)
            }
            _ => (work, change),
        }
    }
}
