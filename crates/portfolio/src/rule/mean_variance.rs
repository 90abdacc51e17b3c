//! Forecast return against the variance of the portfolio.

use fuzzysvm_core::ParamError;
use fuzzysvm_qp::{DualProblem, Precision, QMatrix, QpSolver, Smo, Status};

use super::{Candidates, PortfolioRule, check_budget};
use crate::PortfolioError;

/// Mean–variance weights of independent loans, as in instance-based portfolios (Guo et al. 2016,
/// doi:10.1016/j.ejor.2015.05.050): the shares w of the budget maximise
///
/// ```text
/// Σ w_i forecast_i − ½ λ Σ w_i² variance_i,   Σ w_i = 1,   0 ≤ w_i ≤ cap_i/budget
/// ```
///
/// (Σ w_i = Σ cap_i/budget where the caps together hold less than the budget). The candidates must have
/// variances. Loans are taken to be independent, so recessions are not modeled. A large λ comes near the
/// portfolio of least variance, w_i ∝ 1/variance_i; λ = 0 fills the best forecasts up to their caps.
///
/// ```
/// use fuzzysvm_portfolio::{Candidates, MeanVariance, PortfolioRule};
/// let candidates = Candidates::new(&[0.10, 0.08])?.with_variance(&[0.04, 0.02])?;
/// let amounts = MeanVariance { risk_aversion: 1.0 }.allocate(candidates, 300.0)?;
/// // 0.10 − 0.04 w = 0.08 − 0.02 (1 − w) at w = 2/3
/// assert!((amounts[0] - 200.0).abs() < 1e-4 && (amounts[1] - 100.0).abs() < 1e-4);
/// # Ok::<(), fuzzysvm_portfolio::PortfolioError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
pub struct MeanVariance {
    /// λ, finite and ≥ 0. Default 50: of 2000 loans whose forecasts deviate by 2.5 points and whose
    /// variances lie around 0.05 it buys some two hundred.
    pub risk_aversion: f64,
}

impl Default for MeanVariance {
    fn default() -> Self {
        Self {
            risk_aversion: 50.0,
        }
    }
}

impl MeanVariance {
    /// Checks λ.
    ///
    /// # Errors
    /// Where it is negative or not finite.
    pub fn validate(&self) -> Result<(), ParamError> {
        ParamError::check(
            self.risk_aversion.is_finite() && self.risk_aversion >= 0.0,
            "risk_aversion",
            self.risk_aversion,
            "must be finite and >= 0",
        )
    }
}

/// λ · variance on the diagonal, 0 elsewhere.
struct Diagonal(Vec<f64>);

impl QMatrix for Diagonal {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn diagonal(&self) -> &[f64] {
        &self.0
    }
    fn fill_rows(&self, rows: &[u32], out: &mut [f64]) {
        for (&r, row) in rows.iter().zip(out.chunks_exact_mut(self.0.len().max(1))) {
            row.fill(0.0);
            row[r as usize] = self.0[r as usize];
        }
    }
}

impl MeanVariance {
    fn allocate_with(
        &self,
        solver: &Smo,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        self.validate()?;
        check_budget(budget)?;
        let variance = candidates.variance().ok_or(PortfolioError::NeedsVariance)?;
        let n = candidates.n_candidates();
        // Shares of the budget, so that the tolerance does not depend on its unit.
        let upper: Vec<f64> = (0..n)
            .map(|i| (candidates.cap(i) / budget).min(1.0))
            .collect();
        let room: f64 = upper.iter().sum();
        if room <= 1.0 {
            return Ok((0..n).map(|i| candidates.cap(i).min(budget)).collect());
        }
        let q = Diagonal(variance.iter().map(|v| self.risk_aversion * v).collect());
        let p: Vec<f64> = candidates.forecast().iter().map(|f| -f).collect();
        let y = vec![1.0; n];
        let problem = DualProblem::new(&q, &p, &y, 1.0, &upper)?;
        let solution = solver.solve(&problem, None)?;
        // A stall means that rounding allows no further progress.
        if !matches!(solution.info.status, Status::Converged | Status::Stalled) {
            return Err(PortfolioError::NotConverged {
                iterations: solution.info.iterations,
                gap: solution.info.kkt_gap,
            });
        }
        let spent: f64 = solution.alpha.iter().sum();
        Ok((0..n)
            // The sum is 1 up to rounding; dividing keeps it from exceeding the budget.
            .map(|i| {
                (solution.alpha[i] / spent.max(1.0) * budget)
                    .min(candidates.cap(i))
                    .max(0.0)
            })
            .collect())
    }
}

impl PortfolioRule for MeanVariance {
    fn allocate(
        &self,
        candidates: Candidates<'_>,
        budget: f64,
    ) -> Result<Vec<f64>, PortfolioError> {
        let solver = Smo {
            tol: 1e-9,
            precision: Precision::Double,
            // Few rows are ever touched, and each is cheap to make.
            cache_size: 64.0,
            ..Smo::default()
        };
        self.allocate_with(&solver, candidates, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The conditions of optimality solved by bisection on the multiplier: w_i = clamp((f_i − ν)/(λ v_i)).
    fn by_bisection(forecast: &[f64], variance: &[f64], upper: &[f64], risk: f64) -> Vec<f64> {
        let weights = |nu: f64| -> Vec<f64> {
            (0..forecast.len())
                .map(|i| ((forecast[i] - nu) / (risk * variance[i])).clamp(0.0, upper[i]))
                .collect()
        };
        let (mut low, mut high) = (-1e4, 1e4);
        for _ in 0..200 {
            let nu = 0.5 * (low + high);
            if weights(nu).iter().sum::<f64>() > 1.0 {
                low = nu;
            } else {
                high = nu;
            }
        }
        weights(high)
    }

    #[test]
    fn least_variance_and_best_forecast_are_the_ends() {
        let candidates = Candidates::new(&[0.1, 0.2, 0.3])
            .unwrap()
            .with_variance(&[0.01, 0.02, 0.04])
            .unwrap();
        let run = |risk_aversion| {
            MeanVariance { risk_aversion }
                .allocate(candidates, 7.0)
                .unwrap()
        };
        // 1/v: 100, 50, 25 of 175.
        for (a, b) in run(1e6).iter().zip([4.0, 2.0, 1.0]) {
            assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
        assert_eq!(run(0.0), [0.0, 0.0, 7.0]);
    }

    #[test]
    fn hostile_input() {
        let plain = Candidates::new(&[0.1, 0.2]).unwrap();
        let rule = MeanVariance::default();
        assert_eq!(
            rule.allocate(plain, 1.0),
            Err(PortfolioError::NeedsVariance)
        );
        assert!(plain.with_variance(&[1.0]).is_err());
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(plain.with_variance(&[0.1, bad]).is_err());
        }
        let candidates = plain.with_variance(&[0.1, 0.0]).unwrap();
        assert!(rule.allocate(candidates, f64::NAN).is_err());
        for risk_aversion in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(
                MeanVariance { risk_aversion }
                    .allocate(candidates, 1.0)
                    .is_err()
            );
        }
        let hasty = Smo {
            max_iter: Some(1),
            tol: 1e-9,
            ..Smo::default()
        };
        let five = Candidates::new(&[0.1, 0.2, 0.15, 0.3, 0.0]).unwrap();
        let five = five.with_variance(&[0.1, 0.2, 0.3, 0.4, 0.05]).unwrap();
        assert!(matches!(
            rule.allocate_with(&hasty, five, 1.0),
            Err(PortfolioError::NotConverged { iterations: 1, gap }) if gap > 1e-9
        ));
        // Caps below the budget are filled.
        let capped = candidates.with_cap(&[2.0, 3.0]).unwrap();
        assert_eq!(rule.allocate(capped, 10.0).unwrap(), [2.0, 3.0]);
    }

    proptest! {
        #[test]
        fn weights_are_those_of_the_closed_form(
            loans in proptest::collection::vec((-0.5f64..0.5, 0.01f64..0.3, 0.05f64..2.0), 1..30),
            risk in 0.5f64..100.0,
        ) {
            let forecast: Vec<f64> = loans.iter().map(|l| l.0).collect();
            let variance: Vec<f64> = loans.iter().map(|l| l.1).collect();
            let cap: Vec<f64> = loans.iter().map(|l| l.2).collect();
            prop_assume!(cap.iter().sum::<f64>() > 1.0);
            let candidates = Candidates::new(&forecast).unwrap()
                .with_variance(&variance).unwrap().with_cap(&cap).unwrap();
            let found = MeanVariance { risk_aversion: risk }.allocate(candidates, 1.0).unwrap();
            let expected = by_bisection(&forecast, &variance, &cap, risk);
            for (a, b) in found.iter().zip(expected) {
                // A gap of 1e-9 in the multiplier moves a weight by 1e-9/(λ v) at most.
                prop_assert!((a - b).abs() < 1e-6, "{a} {b}");
            }
        }
    }
}
