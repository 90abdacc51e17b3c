//! A dense solver by an unrelated method, for small problems and as an oracle.

use crate::smo::feasible_start;
use crate::{DualProblem, DualSolution, QpSolver, SolveError, SolveInfo, Status};
use fuzzysvm_core::ParamError;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Primal-dual interior point with one Cholesky factorisation per step: O(n³) time per step, O(n²) memory.
///
/// It shares nothing with [`crate::Smo`] but the problem, so that one can be checked against the other.
/// Q must be positive semidefinite. The start is ignored: interior points cannot use one.
///
/// ```
/// use fuzzysvm_qp::{DenseQ, DenseReference, DualProblem, QpSolver};
/// let q = DenseQ::new(vec![2.0, 0.0, 0.0, 2.0], 2)?;
/// let (p, y, upper) = ([-1.0, -3.0], [1.0, 1.0], [5.0, 5.0]);
/// // min a² + b² - a - 3b with a + b = 1: a = 0, b = 1.
/// let problem = DualProblem::new(&q, &p, &y, 1.0, &upper)?;
/// let solution = DenseReference::default().solve(&problem, None)?;
/// assert!((solution.info.objective + 2.0).abs() < 1e-8);
/// # Ok::<(), fuzzysvm_qp::SolveError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DenseReference {
    /// Relative duality gap to reach, finite and > 0; default 1e-12.
    pub tol: f64,
    /// Most steps; default 200.
    pub max_iter: u64,
    /// Most variables; default 2000, beyond which [`SolveError::TooLarge`] is returned.
    pub max_variables: usize,
}

impl Default for DenseReference {
    fn default() -> Self {
        Self {
            tol: 1e-12,
            max_iter: 200,
            max_variables: 2000,
        }
    }
}

impl DenseReference {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`ParamError`] for the first one outside its documented range.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.tol.is_finite() && self.tol > 0.0,
            "tol",
            self.tol,
            "must be finite and > 0",
        )
    }
}

impl QpSolver for DenseReference {
    fn solve(
        &self,
        problem: &DualProblem<'_>,
        _start: Option<&[f64]>,
    ) -> Result<DualSolution, SolveError> {
        self.validate()?;
        problem.validate()?;
        let n = problem.n();
        if n > self.max_variables {
            return Err(SolveError::TooLarge {
                n,
                limit: self.max_variables,
            });
        }
        let all: Vec<u32> = (0..n as u32).collect();
        let mut data = vec![0.0; n * n];
        problem.signed_rows(&all, &mut data);
        if let Some(k) = data.iter().position(|v| !v.is_finite()) {
            return Err(SolveError::NotFinite { row: k / n });
        }
        let q = DMatrix::from_row_slice(n, n, &data);
        let inside: Vec<usize> = (0..n).filter(|&i| problem.upper[i] > 0.0).collect();
        let mut alpha = vec![0.0; n];
        let mut iterations = 0;
        let mut status = Status::Converged;
        if let Some(corner) = corner(problem) {
            alpha = corner;
        } else if !inside.is_empty() {
            let mut point = Interior::new(problem, &q, &inside);
            status = point.run(self.tol, self.max_iter, &mut iterations)?;
            for (k, &i) in inside.iter().enumerate() {
                alpha[i] = point.rounded(k);
            }
            alpha = feasible_start(problem, Some(&alpha))?;
        }
        let gradient = (&q * DVector::from_column_slice(&alpha))
            .as_slice()
            .to_vec();
        let gradient = gradient.iter().zip(problem.p).map(|(g, p)| g + p).collect();
        let mut info = SolveInfo::new(status);
        info.iterations = iterations;
        info.rows_computed = n as u64;
        DualSolution::new(problem, alpha, gradient, info)
    }
}

/// The only feasible point, where Δ requires every variable to be at the bound that favours it.
fn corner(problem: &DualProblem<'_>) -> Option<Vec<f64>> {
    let at = |sign: f64| -> Vec<f64> {
        let pick = |(&y, &c): (&f64, &f64)| if y == sign { c } else { 0.0 };
        problem.y.iter().zip(problem.upper).map(pick).collect()
    };
    let total = |a: &[f64]| -> f64 { a.iter().zip(problem.y).map(|(a, y)| a * y).sum() };
    [at(1.0), at(-1.0)]
        .into_iter()
        .find(|a| total(a) == problem.delta)
}

/// A strictly interior point of the variables with room, and its multipliers.
struct Interior {
    q: DMatrix<f64>,
    p: DVector<f64>,
    y: DVector<f64>,
    delta: f64,
    c: Vec<f64>,
    x: DVector<f64>,
    /// c − x; infinite where c is.
    s: DVector<f64>,
    z_low: DVector<f64>,
    z_up: DVector<f64>,
    nu: f64,
}

/// Below this, relative to what it is a residual of, the equations count as nearly satisfied.
const NEARLY: f64 = 1e-3;

struct Direction {
    x: DVector<f64>,
    z_low: DVector<f64>,
    z_up: DVector<f64>,
    nu: f64,
}

impl Interior {
    fn new(problem: &DualProblem<'_>, q: &DMatrix<f64>, inside: &[usize]) -> Self {
        let m = inside.len();
        let pick = |v: &[f64]| DVector::from_iterator(m, inside.iter().map(|&i| v[i]));
        let c: Vec<f64> = inside.iter().map(|&i| problem.upper[i]).collect();
        let x = DVector::from_iterator(m, c.iter().map(|c| 0.5 * c.min(2.0 + problem.delta.abs())));
        let s = DVector::from_iterator(m, c.iter().zip(&x).map(|(c, x)| c - x));
        let q = DMatrix::from_fn(m, m, |a, b| q[(inside[a], inside[b])]);
        let z_up = DVector::from_iterator(m, c.iter().map(|c| f64::from(u8::from(c.is_finite()))));
        Self {
            p: pick(problem.p),
            y: pick(problem.y),
            delta: problem.delta,
            z_low: DVector::from_element(m, 1.0),
            z_up,
            nu: 0.0,
            q,
            c,
            x,
            s,
        }
    }

    /// Mean complementarity.
    fn mu(&self) -> f64 {
        self.mean(|k| self.x[k] * self.z_low[k], |k| self.s[k] * self.z_up[k])
    }

    /// Mean complementarity after a step of this length.
    fn mu_after(&self, d: &Direction, reach: f64) -> f64 {
        self.mean(
            |k| (self.x[k] + reach * d.x[k]) * (self.z_low[k] + reach * d.z_low[k]),
            |k| (self.s[k] - reach * d.x[k]) * (self.z_up[k] + reach * d.z_up[k]),
        )
    }

    /// The mean over the lower bounds and the finite upper bounds.
    fn mean(&self, low: impl Fn(usize) -> f64, up: impl Fn(usize) -> f64) -> f64 {
        let n = self.x.len();
        let bounded = || (0..n).filter(|&k| self.c[k].is_finite());
        let sum = (0..n).map(low).sum::<f64>() + bounded().map(up).sum::<f64>();
        sum / (n + bounded().count()) as f64
    }

    fn run(&mut self, tol: f64, max_iter: u64, steps: &mut u64) -> Result<Status, SolveError> {
        let m = self.x.len();
        loop {
            let gradient = &self.q * &self.x + &self.p;
            let dual = -(&gradient - self.nu * &self.y - &self.z_low + &self.z_up);
            let primal = self.delta - self.y.dot(&self.x);
            let mu = self.mu();
            let scale = 1.0 + (0.5 * self.x.dot(&(&gradient + &self.p))).abs();
            let small = |v: f64, unit: f64| v.abs() <= tol.max(1e-13) * unit * 100.0;
            if mu * m as f64 <= tol * scale
                && small(dual.amax(), 1.0 + gradient.amax())
                && small(primal, 1.0 + self.x.amax())
            {
                return Ok(Status::Converged);
            }
            if *steps >= max_iter {
                return Ok(Status::MaxIterations);
            }
            let mut matrix = self.q.clone();
            for k in 0..m {
                matrix[(k, k)] += self.z_low[k] / self.x[k] + self.z_up[k] / self.s[k];
            }
            let Some(factor) = Cholesky::new(matrix) else {
                // Close to the solution the barrier terms can swamp Q: the point reached is returned.
                return if mu * m as f64 <= 1e-8 * scale {
                    Ok(Status::Stalled)
                } else {
                    Err(SolveError::Factorisation {
                        step: *steps as usize,
                    })
                };
            };
            let zero = DVector::zeros(m);
            let affine = self.direction(&factor, &dual, primal, 0.0, (&zero, &zero));
            let ahead = self.mu_after(&affine, self.reach(&affine, 1.0));
            let sigma = (ahead / mu).powi(3).clamp(0.0, 1.0);
            let low = affine.x.component_mul(&affine.z_low);
            let up = -affine.x.component_mul(&affine.z_up);
            let mut d = self.direction(&factor, &dual, primal, sigma * mu, (&low, &up));
            let mut reach = self.reach(&d, 0.995);
            // Towards a feasible point complementarity may have to grow; from there on it must fall.
            let feasible = dual.amax() <= NEARLY * (1.0 + gradient.amax())
                && primal.abs() <= NEARLY * (1.0 + self.x.amax());
            let falls = |d: &Direction, reach: f64| {
                !feasible || self.mu_after(d, reach) <= (1.0 - 0.01 * reach) * mu
            };
            if reach < 0.5 || !falls(&d, reach) {
                // The second-order correction can run in circles: back to the middle instead, as far as
                // complementarity falls on the way. At first it does, since the direction aims at half of it.
                d = self.direction(&factor, &dual, primal, 0.5 * mu, (&zero, &zero));
                reach = self.reach(&d, 0.9);
                let mut shorter = (0..30).map(|k| reach * 0.5f64.powi(k));
                reach = shorter.find(|&r| falls(&d, r)).unwrap_or(reach);
            }
            self.x += reach * &d.x;
            self.z_low += reach * &d.z_low;
            self.z_up += reach * &d.z_up;
            self.nu += reach * d.nu;
            for k in 0..m {
                self.s[k] -= reach * d.x[k];
            }
            *steps += 1;
            if !self.x.iter().all(|v| v.is_finite()) {
                return Err(SolveError::Factorisation {
                    step: *steps as usize,
                });
            }
        }
    }

    /// The Newton direction towards complementarity `target`, with second-order corrections.
    fn direction(
        &self,
        factor: &Cholesky<f64, Dyn>,
        dual: &DVector<f64>,
        primal: f64,
        target: f64,
        (low, up): (&DVector<f64>, &DVector<f64>),
    ) -> Direction {
        let m = self.x.len();
        let of_low = |k: usize| (target - low[k]) / self.x[k] - self.z_low[k];
        let of_up = |k: usize| {
            if self.c[k].is_finite() {
                (target - up[k]) / self.s[k] - self.z_up[k]
            } else {
                0.0
            }
        };
        let right = DVector::from_fn(m, |k, _| dual[k] + of_low(k) - of_up(k));
        let a = factor.solve(&right);
        let b = factor.solve(&self.y);
        let nu = (primal - self.y.dot(&a)) / self.y.dot(&b);
        let x = a + nu * b;
        let z_low = DVector::from_fn(m, |k, _| of_low(k) - self.z_low[k] / self.x[k] * x[k]);
        let z_up = DVector::from_fn(m, |k, _| of_up(k) + self.z_up[k] / self.s[k] * x[k]);
        Direction { x, z_low, z_up, nu }
    }

    /// The longest step, at most 1, that keeps everything positive with a margin.
    fn reach(&self, d: &Direction, margin: f64) -> f64 {
        let mut reach: f64 = 1.0;
        let mut limit = |value: f64, change: f64| {
            if change < 0.0 {
                reach = reach.min(-margin * value / change);
            }
        };
        for k in 0..self.x.len() {
            limit(self.x[k], d.x[k]);
            limit(self.z_low[k], d.z_low[k]);
            if self.c[k].is_finite() {
                limit(self.s[k], -d.x[k]);
                limit(self.z_up[k], d.z_up[k]);
            }
        }
        reach
    }

    /// Variable k, exactly at a bound where its multiplier says so.
    fn rounded(&self, k: usize) -> f64 {
        let (x, s, c) = (self.x[k], self.s[k], self.c[k]);
        let unit = 1e-6 * if c.is_finite() { c } else { 1.0 };
        if x < unit && x < self.z_low[k] {
            0.0
        } else if c.is_finite() && s < unit && s < self.z_up[k] {
            c
        } else {
            x.clamp(0.0, c)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DenseQ;

    #[test]
    fn mean_complementarity_is_that_of_the_point() {
        let q = DenseQ::new(vec![2.0, 0.5, 0.5, 1.0], 2).unwrap();
        // One variable has an upper bound: three products.
        let upper = [3.0, f64::INFINITY];
        let problem = DualProblem::new(&q, &[-1.0; 2], &[1.0; 2], 1.0, &upper).unwrap();
        let q = DMatrix::from_row_slice(2, 2, &[2.0, 0.5, 0.5, 1.0]);
        let mut point = Interior::new(&problem, &q, &[0, 1]);
        point.x = DVector::from_column_slice(&[1.0, 2.0]);
        point.s = DVector::from_column_slice(&[2.0, f64::INFINITY]);
        point.z_low = DVector::from_column_slice(&[4.0, 1.0]);
        point.z_up = DVector::from_column_slice(&[3.0, 0.0]);
        // 1 * 4 + 2 * 1 + 2 * 3 over three.
        assert_eq!(point.mu(), 4.0);
        let d = Direction {
            x: DVector::from_column_slice(&[1.0, -2.0]),
            z_low: DVector::from_column_slice(&[-4.0, 2.0]),
            z_up: DVector::from_column_slice(&[1.0, 0.0]),
            nu: 7.0,
        };
        // Half the way: x = 1.5 and 1, what is left to the bound 1.5, multipliers 2, 2 and 3.5.
        assert_eq!(point.mu_after(&d, 0.5), (3.0 + 2.0 + 5.25) / 3.0);
    }
}
