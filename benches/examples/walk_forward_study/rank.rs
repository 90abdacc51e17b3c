//! The candidates' scores of the loans of a quarter.

use fuzzysvm::core::{Matrix, MatrixBuf};
use fuzzysvm::experiments::walk_forward::{Decision, Scores, WalkForwardSettings, scores};
use fuzzysvm::portfolio::{
    Completed, FittedSurvival, LoanState, ObservedLoan, PortfolioError, RidgeReturn,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::machines::{KernelRidge, Svr, interactions};
use crate::{CANDIDATES, Candidate, Failure, LoanWeights, MAX_SVR_LOANS, REGRESSION};

/// Folds in which a penalty is chosen.
const FOLDS: usize = 5;

/// The loans of a quarter, scored.
pub struct Ranked {
    /// For each candidate a score per loan; higher is better.
    pub scores: Vec<Vec<f64>>,
    /// Decides between equal scores: the lower comes first.
    pub ties: Vec<f64>,
}

/// What all candidates of a quarter share.
struct Known<'a> {
    decision: &'a Decision,
    settings: &'a WalkForwardSettings,
    /// Columns of interest rate and sub-grade.
    price: [usize; 2],
    shipped: Scores,
    hazards: FittedSurvival,
    /// Outcomes of the offered loans as the hazards expect them.
    forecast: Vec<Completed>,
    /// Completed returns of the known loans.
    returns: Vec<f64>,
    /// The known loans in the order in which they are drawn.
    drawn: Vec<usize>,
}

/// Scores the loans of a quarter by every candidate. `price` are the columns of interest rate and sub-grade, `stream` numbers
/// the quarter.
pub fn rank(
    decision: &Decision,
    price: [usize; 2],
    settings: &WalkForwardSettings,
    stream: u64,
) -> Result<Ranked, Failure> {
    let (x, x_new) = (decision.known.x.view(), decision.offered.x.view());
    let shipped = scores(decision, settings, stream)?;
    let hazards = settings.completion.fit(&decision.known.loans, x)?;
    let forecast = hazards.forecast(&decision.offered.terms, x_new)?;
    let known = Known {
        decision,
        settings,
        price,
        returns: shipped.completed.expected_roi(),
        shipped,
        hazards,
        forecast,
        drawn: drawn(x.n_rows(), x_new.n_rows(), settings.seed, stream),
    };
    let mut all = Vec::with_capacity(CANDIDATES.len());
    for (title, candidate) in CANDIDATES {
        let scores = known
            .scores(candidate)
            .map_err(|e| format!("{title}: {e}"))?;
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(format!("{title}: a score is not finite").into());
        }
        all.push(scores);
    }
    Ok(Ranked {
        scores: all,
        ties: known.shipped.ties,
    })
}

/// The known loans by falling priority, as `lend` draws them for its SVMs: two numbers for every offered loan come before.
fn drawn(n_known: usize, n_new: usize, seed: u64, stream: u64) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    let mut by_chance = |n: usize| -> Vec<f64> { (0..n).map(|_| rng.random()).collect() };
    by_chance(2 * n_new);
    let numbers = by_chance(n_known);
    let mut order: Vec<usize> = (0..n_known).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    order
}

impl Known<'_> {
    fn scores(&self, candidate: &Candidate) -> Result<Vec<f64>, Failure> {
        let Decision { known, offered } = self.decision;
        let (x, x_new) = (known.x.view(), offered.x.view());
        let alpha = self.settings.completed_alpha;
        match candidate {
            Candidate::Shipped(strategy) => Ok(self.shipped(strategy)?.to_vec()),
            Candidate::KernelRidge { gamma, alpha } => {
                let (x, returns) = self.first(self.settings.max_svm_loans);
                KernelRidge::fit(x, &returns, *gamma, *alpha)?.forecast(x_new)
            }
            Candidate::Svr {
                c,
                epsilon,
                gamma,
                weights,
            } => {
                let (x, returns) = self.first(MAX_SVR_LOANS);
                let weights = self.weights(*weights)?;
                let bounds: Vec<f64> = self.rows(MAX_SVR_LOANS).map(|i| c * weights[i]).collect();
                Svr::fit(x, &returns, &bounds, *epsilon, *gamma)?.forecast(x_new)
            }
            Candidate::MeanRank(strategies) => {
                let mut mean = vec![0.0; x_new.n_rows()];
                for strategy in *strategies {
                    let ranks = ranks(self.shipped(strategy)?, &self.shipped.ties);
                    let share = 1.0 / strategies.len() as f64;
                    mean.iter_mut()
                        .zip(ranks)
                        .for_each(|(m, r)| *m += share * r);
                }
                Ok(mean)
            }
            Candidate::PerYear => {
                let loans = known.loans.iter().zip(x.rows());
                let targets = loans.zip(&self.returns).map(|((loan, row), roi)| {
                    let months = self.months_of(loan, row)?;
                    Ok(roi / (months / 12.0))
                });
                let targets = targets.collect::<Result<Vec<f64>, Failure>>()?;
                Ok(regression(alpha, x, &targets, x_new)?)
            }
            Candidate::OverLife => {
                let loans = offered.terms.iter().zip(x_new.rows());
                let forecast = self.shipped(REGRESSION)?;
                let over = loans.zip(forecast).map(|((terms, row), forecast)| {
                    Ok(forecast / (self.expected_months(terms.term_months, 0, row)? / 12.0))
                });
                over.collect()
            }
            Candidate::AgainstRisk { lambda } => {
                let forecast = self.shipped(REGRESSION)?;
                let less = |(f, loan): (&f64, &Completed)| f - lambda * variance(loan).sqrt();
                Ok(forecast.iter().zip(&self.forecast).map(less).collect())
            }
            Candidate::Interactions { alphas } => {
                let (x, x_new) = interactions(x, x_new, self.price)?;
                let alpha = self.least_error(x.view(), alphas)?;
                Ok(regression(alpha, x.view(), &self.returns, x_new.view())?)
            }
        }
    }

    fn shipped(&self, name: &str) -> Result<&[f64], Failure> {
        let mut strategies = self.settings.strategies.iter();
        let place = strategies.position(|strategy| strategy.name() == name);
        let place = place.ok_or_else(|| format!("{name} is not among those that ran"))?;
        Ok(&self.shipped.of_strategies[place])
    }

    /// The first loans drawn.
    fn rows(&self, n: usize) -> impl Iterator<Item = usize> {
        self.drawn.iter().copied().take(n)
    }

    /// Their features and completed returns.
    fn first(&self, n: usize) -> (MatrixBuf, Vec<f64>) {
        let rows: Vec<usize> = self.rows(n).collect();
        let x = self.decision.known.x.view().select_rows(&rows);
        (x, rows.iter().map(|&i| self.returns[i]).collect())
    }

    /// Months that a loan is expected to live, `age` of them over.
    fn expected_months(&self, term_months: u32, age: u32, row: &[f64]) -> Result<f64, Failure> {
        let row = Matrix::new(row, row.len())?;
        let hazards = self.hazards.monthly_hazards(term_months, row)?;
        let (mut months, mut alive) = (f64::from(age), 1.0);
        for hazard in hazards.iter().flatten().skip(age as usize) {
            months += alive;
            alive *= (1.0 - hazard.default - hazard.prepayment).max(0.0);
        }
        Ok(months)
    }

    /// Months that a known loan lived, or is expected to.
    fn months_of(&self, loan: &ObservedLoan, row: &[f64]) -> Result<f64, Failure> {
        match loan.state {
            LoanState::Paid { after_months, .. } | LoanState::ChargedOff { after_months, .. } => {
                Ok(f64::from(after_months))
            }
            LoanState::Open { age_months } => {
                self.expected_months(loan.terms.term_months, age_months, row)
            }
            _ => Err("a loan in an unknown state".into()),
        }
    }

    /// What every known loan counts.
    fn weights(&self, weights: LoanWeights) -> Result<Vec<f64>, Failure> {
        let known = &self.decision.known;
        if let LoanWeights::Uniform = weights {
            return Ok(vec![1.0; known.loans.len()]);
        }
        let terms: Vec<_> = known.loans.iter().map(|loan| loan.terms).collect();
        let at_issue = self.hazards.forecast(&terms, known.x.view())?;
        // A chance of default of 0 has no logarithm.
        let logs: Vec<f64> = at_issue
            .iter()
            .map(|loan| variance(loan).max(1e-4).ln())
            .collect();
        let n = terms.len() as f64;
        let mean_rate = terms.iter().map(|t| t.annual_rate).sum::<f64>() / n;
        let mean_log = logs.iter().sum::<f64>() / n;
        let (mut products, mut squares) = (0.0, 0.0);
        for (terms, log) in terms.iter().zip(&logs) {
            let rate = terms.annual_rate - mean_rate;
            products += rate * (log - mean_log);
            squares += rate * rate;
        }
        let slope = if squares > 0.0 {
            products / squares
        } else {
            0.0
        };
        let inverse = terms
            .iter()
            .map(|t| (-slope * (t.annual_rate - mean_rate)).exp());
        let inverse: Vec<f64> = inverse.collect();
        let mean = inverse.iter().sum::<f64>() / n;
        Ok(inverse.into_iter().map(|w| w / mean).collect())
    }

    /// The penalty with the least squared error on folds of the known loans.
    fn least_error(&self, x: Matrix<'_>, alphas: &[f64]) -> Result<f64, Failure> {
        let mut best = (f64::INFINITY, *alphas.first().ok_or("no penalty")?);
        if alphas.len() == 1 {
            return Ok(best.1);
        }
        let mut errors = vec![0.0; alphas.len()];
        for fold in 0..FOLDS {
            let part = |held_out: bool| -> Vec<usize> {
                let all = self.drawn.iter().enumerate();
                let of_part = all.filter(|(place, _)| (place % FOLDS == fold) == held_out);
                of_part.map(|(_, &i)| i).collect()
            };
            let (train, test) = (part(false), part(true));
            let returns: Vec<f64> = train.iter().map(|&i| self.returns[i]).collect();
            let (x_train, x_test) = (x.select_rows(&train), x.select_rows(&test));
            for (error, &alpha) in errors.iter_mut().zip(alphas) {
                let forecast = regression(alpha, x_train.view(), &returns, x_test.view())?;
                let squares = test.iter().zip(forecast);
                *error += squares
                    .map(|(&i, f)| (self.returns[i] - f).powi(2))
                    .sum::<f64>();
            }
        }
        for (error, &alpha) in errors.into_iter().zip(alphas) {
            if error < best.0 {
                best = (error, alpha);
            }
        }
        eprintln!("interactions: alpha {}", best.1);
        Ok(best.1)
    }
}

fn regression(
    alpha: f64,
    x: Matrix<'_>,
    returns: &[f64],
    x_new: Matrix<'_>,
) -> Result<Vec<f64>, PortfolioError> {
    RidgeReturn { alpha }
        .fit_linear(x, returns)?
        .forecast(x_new)
}

/// Of the return of a loan that either defaults or is repaid.
fn variance(loan: &Completed) -> f64 {
    loan.p_bad * (1.0 - loan.p_bad) * (loan.roi_paid - loan.roi_bad).powi(2)
}

/// 0 for the lowest score, n − 1 for the highest.
fn ranks(scores: &[f64], ties: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| {
        let by_score = scores[a].total_cmp(&scores[b]);
        by_score.then(ties[b].total_cmp(&ties[a]))
    });
    let mut ranks = vec![0.0; scores.len()];
    for (rank, i) in order.into_iter().enumerate() {
        ranks[i] = rank as f64;
    }
    ranks
}
