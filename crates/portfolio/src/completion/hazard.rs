//! The hazard of one cause: penalised logistic regression on person-periods, by Newton's method.

use fuzzysvm_core::{Matrix, math};
use nalgebra::{Cholesky, DMatrix, DVector};

use super::person_periods::{AgeBins, Cause, Observed, Period, PersonPeriods};
use crate::PortfolioError;

/// The chances of a loan, alive at the start of a month, to end in it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MonthlyHazard {
    /// Chance of default.
    pub default: f64,
    /// Chance of repayment of the whole balance. In the last month of the term, all that does not default is
    /// repaid, whatever this says.
    pub prepayment: f64,
}

/// The dummy of an age bin is 3 instead of 1, so that the penalty hardly binds the effects of age.
const AGE_SCALE: f64 = 3.0;
/// Stops where the gradient is so small against that of all coefficients 0.
const TOLERANCE: f64 = 1e-8;
/// Newton's method takes about ten.
const MAX_ITERATIONS: usize = 100;
/// Halvings of one step before it counts as no progress.
const MAX_HALVINGS: usize = 60;

/// log(q / (1 − q)) = intercept + coefficients · x + age effect of the bin, q the chance to end in the bin.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CauseHazard {
    intercept: f64,
    coefficients: Vec<f64>,
    age_effects: Vec<f64>,
}

impl CauseHazard {
    /// Minimises Σ w (log(1 + e^z) − y z) + (‖coefficients‖² + ‖age effects‖²/9) / (2 c) over all person-periods.
    ///
    /// scikit-learn's `LogisticRegression(C=c)` with dummies of 3 for the bins is the same problem.
    pub(super) fn fit(
        periods: &PersonPeriods,
        x: Matrix<'_>,
        cause: Cause,
        c: f64,
    ) -> Result<Self, PortfolioError> {
        let problem = Problem {
            periods,
            x,
            cause,
            ridge: 1.0 / c,
        };
        let mut at = Self {
            intercept: 0.0,
            coefficients: vec![0.0; x.n_cols()],
            age_effects: vec![0.0; periods.bins.len()],
        };
        let mut objective = problem.objective(&at);
        let mut target = None;
        for iteration in 1..=MAX_ITERATIONS {
            let (gradient, hessian) = problem.derivatives(&at);
            let size = gradient.amax();
            let target = *target.get_or_insert(TOLERANCE * size);
            if size <= target {
                return Ok(at);
            }
            // Not positive definite in finite arithmetic: features of very different size, or not finite.
            let step = Cholesky::new(hessian)
                .ok_or(PortfolioError::NotFinite)?
                .solve(&gradient);
            // Twice the decrease that the quadratic model promises.
            let promised = gradient.dot(&step);
            if !promised.is_finite() {
                return Err(PortfolioError::NotFinite);
            }
            let mut length = 1.0;
            let mut better = None;
            for _ in 0..MAX_HALVINGS {
                let next = at.minus(&step, length);
                let value = problem.objective(&next);
                // Strictly less: where rounding hides what a short step gains, it would be taken again and again.
                if value < objective && value <= objective - 1e-4 * length * promised {
                    better = Some((next, value));
                    break;
                }
                length *= 0.5;
            }
            match better {
                Some((next, value)) => (at, objective) = (next, value),
                // What is left to gain is below the rounding of the objective: one last full step, whose error is
                // that of the gradient alone.
                None if promised <= 1e-10 * objective.abs() => return Ok(at.minus(&step, 1.0)),
                None => {
                    return Err(PortfolioError::HazardNotConverged {
                        iterations: iteration,
                    });
                }
            }
        }
        Err(PortfolioError::HazardNotConverged {
            iterations: MAX_ITERATIONS,
        })
    }

    /// The chance to end in each month of the term, for one loan.
    pub(super) fn monthly(&self, bins: &AgeBins, row: &[f64]) -> impl Iterator<Item = f64> {
        let base = self.of_features(row);
        bins.widths_in_term()
            .zip(&self.age_effects)
            .flat_map(move |(width, effect)| {
                // (1 − q)^(1/width) survive a month, and −log(1 − q) = log(1 + e^z).
                let monthly = -math::exp_m1(-softplus(base + effect) / f64::from(width));
                std::iter::repeat_n(monthly, width as usize)
            })
    }

    fn of_features(&self, row: &[f64]) -> f64 {
        self.intercept + dot(&self.coefficients, row)
    }

    fn minus(&self, step: &DVector<f64>, length: f64) -> Self {
        let d = self.coefficients.len();
        let step = step.as_slice();
        let moved = |from: &[f64], step: &[f64]| {
            let pairs = from.iter().zip(step);
            pairs.map(|(v, s)| v - length * s).collect()
        };
        Self {
            coefficients: moved(&self.coefficients, &step[..d]),
            intercept: self.intercept - length * step[d],
            age_effects: moved(&self.age_effects, &step[d + 1..]),
        }
    }
}

/// log(1 + e^z) without overflow.
fn softplus(z: f64) -> f64 {
    z.max(0.0) + math::ln_1p(math::exp(-z.abs()))
}

/// 1/(1 + e^−z).
fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + math::exp(-z))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

struct Problem<'a> {
    periods: &'a PersonPeriods,
    x: Matrix<'a>,
    cause: Cause,
    ridge: f64,
}

impl Problem<'_> {
    /// The periods of a loan, with 1 where it ends by the cause and 0 where it does not.
    fn rows<'b>(&'b self, loan: &Observed) -> impl Iterator<Item = (Period, f64)> + 'b {
        self.periods.of(loan).map(|period| {
            let y = f64::from(u8::from(period.end == Some(self.cause)));
            (period, y)
        })
    }

    fn objective(&self, at: &CauseHazard) -> f64 {
        let mut loss = 0.0;
        for loan in &self.periods.loans {
            let base = at.of_features(self.x.row(loan.row));
            for (period, y) in self.rows(loan) {
                let z = base + at.age_effects[period.bin];
                loss += period.weight * (softplus(z) - y * z);
            }
        }
        let squares = dot(&at.coefficients, &at.coefficients)
            + dot(&at.age_effects, &at.age_effects) / (AGE_SCALE * AGE_SCALE);
        loss + 0.5 * self.ridge * squares
    }

    /// Gradient, and the lower triangle of the Hessian, in the order coefficients, intercept, age effects.
    ///
    /// The bins of a loan share its features, so a loan enters the block of the features once, with the summed
    /// curvature of its bins, and the blocks of the bins hold one number per bin.
    fn derivatives(&self, at: &CauseHazard) -> (DVector<f64>, DMatrix<f64>) {
        let d = self.x.n_cols();
        let first_bin = d + 1;
        let size = first_bin + at.age_effects.len();
        let mut gradient = DVector::zeros(size);
        let mut hessian = DMatrix::zeros(size, size);
        for loan in &self.periods.loans {
            let row = self.x.row(loan.row);
            let base = at.of_features(row);
            let (mut slope, mut curvature) = (0.0, 0.0);
            for (period, y) in self.rows(loan) {
                let q = sigmoid(base + at.age_effects[period.bin]);
                let (g, h) = (period.weight * (q - y), period.weight * q * (1.0 - q));
                let bin = first_bin + period.bin;
                gradient[bin] += g;
                hessian[(bin, bin)] += h;
                hessian[(bin, d)] += h;
                for (j, v) in row.iter().enumerate() {
                    hessian[(bin, j)] += h * v;
                }
                slope += g;
                curvature += h;
            }
            gradient[d] += slope;
            hessian[(d, d)] += curvature;
            for (j, v) in row.iter().enumerate() {
                gradient[j] += slope * v;
                let scaled = curvature * v;
                let mut column = hessian.view_range_mut(j..=d, j);
                let column = column.as_mut_slice();
                for (to, v) in column.iter_mut().zip(&row[j..]) {
                    *to += scaled * v;
                }
                column[d - j] += scaled;
            }
        }
        for (j, v) in at.coefficients.iter().enumerate() {
            gradient[j] += self.ridge * v;
            hessian[(j, j)] += self.ridge;
        }
        let ridge = self.ridge / (AGE_SCALE * AGE_SCALE);
        for (b, v) in at.age_effects.iter().enumerate() {
            gradient[first_bin + b] += ridge * v;
            hessian[(first_bin + b, first_bin + b)] += ridge;
        }
        (gradient, hessian)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loans of 6 months with two features, some of every end.
    fn book() -> (PersonPeriods, Vec<f64>) {
        let mut x = Vec::new();
        let loans = (0..60)
            .map(|row| {
                let v = row as f64 * 0.7;
                x.extend([v.sin(), (1.3 * v).cos()]);
                let end = match row % 4 {
                    0 => Some(Cause::Default),
                    1 => Some(Cause::Repayment),
                    _ => None,
                };
                Observed {
                    row,
                    months: 1 + (row as u32 * 5) % 8,
                    end,
                }
            })
            .collect();
        let bins = AgeBins::new(6, 3);
        (PersonPeriods { bins, loans }, x)
    }

    #[test]
    fn derivatives_are_those_of_the_objective() {
        let (periods, x) = book();
        let problem = Problem {
            periods: &periods,
            x: Matrix::new(&x, 2).unwrap(),
            cause: Cause::Default,
            ridge: 10.0,
        };
        let at = CauseHazard {
            intercept: -0.4,
            coefficients: vec![0.3, -0.2],
            age_effects: vec![0.1, -0.5, 0.7],
        };
        let (gradient, hessian) = problem.derivatives(&at);
        let h = 1e-5;
        for j in 0..6 {
            let unit = DVector::from_fn(6, |k, _| f64::from(u8::from(k == j)));
            let (up, down) = (at.minus(&unit, -h), at.minus(&unit, h));
            let slope = (problem.objective(&up) - problem.objective(&down)) / (2.0 * h);
            assert!((slope - gradient[j]).abs() < 1e-7, "{j}");
            let curve = (problem.derivatives(&up).0 - problem.derivatives(&down).0) / (2.0 * h);
            for k in j..6 {
                assert!((curve[k] - hessian[(k, j)]).abs() < 1e-7, "{j} {k}");
            }
        }
    }

    #[test]
    fn the_gradient_vanishes_at_the_fit() {
        let (periods, x) = book();
        let x = Matrix::new(&x, 2).unwrap();
        for cause in [Cause::Default, Cause::Repayment] {
            for c in [1e-6, 0.1, 1e6] {
                let fit = CauseHazard::fit(&periods, x, cause, c).unwrap();
                let problem = Problem {
                    periods: &periods,
                    x,
                    cause,
                    ridge: 1.0 / c,
                };
                assert!(problem.derivatives(&fit).0.amax() < 1e-6);
            }
        }
    }

    #[test]
    fn features_that_overflow_are_an_error() {
        let (periods, x) = book();
        let x: Vec<f64> = x.iter().map(|v| v * 1e300).collect();
        let x = Matrix::new(&x, 2).unwrap();
        assert_eq!(
            CauseHazard::fit(&periods, x, Cause::Default, 0.1),
            Err(PortfolioError::NotFinite)
        );
    }

    #[test]
    fn months_of_a_bin_share_its_hazard() {
        let hazard = CauseHazard {
            intercept: -1.0,
            coefficients: vec![0.5],
            age_effects: vec![0.25, -0.5, 3.0],
        };
        // Bins of 4 and 1 months, and the one after the term.
        let bins = AgeBins::new(5, 4);
        let monthly: Vec<f64> = hazard.monthly(&bins, &[2.0]).collect();
        assert_eq!(monthly.len(), 5);
        let survived: f64 = monthly[..4].iter().map(|h| 1.0 - h).product();
        assert!((1.0 - survived - sigmoid(0.25)).abs() < 1e-15);
        assert!((monthly[4] - sigmoid(-0.5)).abs() < 1e-15);
        for z in [-800.0, 800.0] {
            let far: Vec<f64> = hazard.monthly(&bins, &[z]).collect();
            assert!(far.iter().all(|h| (0.0..=1.0).contains(h)));
        }
    }
}
