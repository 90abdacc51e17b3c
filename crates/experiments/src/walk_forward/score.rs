//! The decision: a score for every offered loan.

use fuzzysvm_core::Matrix;
use fuzzysvm_portfolio::{
    CompletedLoans, FittedReturn, LoanState, LoansToForecast, LoansToLearn, PortfolioError,
    ReturnModel as _, RidgeReturn,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::stake_svm::StakeSvms;
use super::{ChosenSvm, Decision, Strategy, WalkForwardSettings, published};
use crate::lend::LendError;

/// What a decision says about the offered loans.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Scores {
    /// For each strategy of the settings a score per offered loan; higher is better.
    pub of_strategies: Vec<Vec<f64>>,
    /// For each strategy C and γ, where they were chosen inside the decision; see
    /// [`tune_stakes`](WalkForwardSettings::tune_stakes).
    pub chosen: Vec<Option<ChosenSvm>>,
    /// A number by chance per offered loan, which decides between equal scores: the lower comes first.
    pub ties: Vec<f64>,
    /// The known loans, completed.
    pub completed: CompletedLoans,
}

/// Scores the offered loans. `stream` numbers the decision, so that each draws numbers of its own.
///
/// # Errors
/// Where a setting is out of range, lists do not fit, or the known loans do not allow a fit.
pub fn scores(
    decision: &Decision,
    settings: &WalkForwardSettings,
    stream: u64,
) -> Result<Scores, LendError> {
    settings.validate()?;
    let Decision { known, offered } = decision;
    let (x, x_new) = (known.x.view(), offered.x.view());
    let mut rng = ChaCha8Rng::seed_from_u64(settings.seed);
    rng.set_stream(stream);
    let mut by_chance = |n: usize| -> Vec<f64> { (0..n).map(|_| rng.random()).collect() };
    let n_new = offered.terms.len();
    let (ties, random) = (by_chance(n_new), by_chance(n_new));
    // The same loans for both machines.
    let draws = by_chance(known.loans.len());

    let hazards = settings.completion.fit(&known.loans, x)?;
    let completed = hazards.complete(&known.loans, x)?;
    let svms = StakeSvms::new(known, &completed, &draws, settings);
    let new = LoansToForecast::new(x_new).with_terms(&offered.terms)?;
    let regression = |alpha, x: Matrix<'_>, returns: &[f64]| {
        let known = LoansToLearn::new(x, returns)?;
        RidgeReturn { alpha }.fit(known)?.forecast(new)
    };
    let mut of_paid = None;
    let mut paid_forecast = || -> Result<Vec<f64>, LendError> {
        if let Some(forecast) = &of_paid {
            return Ok(Vec::clone(forecast));
        }
        let all = known.loans.iter().enumerate();
        let (rows, returns): (Vec<usize>, Vec<f64>) = all
            .filter_map(|(i, loan)| match loan.state {
                LoanState::Paid { roi, .. } => Some((i, roi)),
                _ => None,
            })
            .unzip();
        let x = x.select_rows(&rows);
        let forecast = regression(settings.paid_alpha, x.view(), &returns)?;
        Ok(of_paid.insert(forecast).clone())
    };
    let mut of_methods = published::decisions(decision, settings, &draws, stream)?.into_iter();
    let mut of_strategies = Vec::with_capacity(settings.strategies.len());
    let mut chosen = Vec::with_capacity(settings.strategies.len());
    for strategy in &settings.strategies {
        if let Some(stake) = strategy.stake() {
            let target = stake.with_hurdle(settings.hurdle);
            let (scores, of_svm) = svms.scores(&target, offered)?;
            of_strategies.push(scores);
            chosen.push(of_svm);
            continue;
        }
        of_strategies.push(match strategy {
            // The hazards by which open loans are completed, as a return model.
            Strategy::HazardForecast => FittedReturn::forecast(&hazards, new)?,
            Strategy::CompletedRegression => {
                regression(settings.completed_alpha, x, &completed.expected_roi())?
            }
            Strategy::PaidRegression => paid_forecast()?,
            Strategy::HighestRate => offered.terms.iter().map(|t| t.annual_rate).collect(),
            Strategy::Random => random.clone(),
            Strategy::Method(_) => {
                // One list of decisions per method, in their order.
                let decisions = of_methods.next().unwrap_or_default();
                settings.rank.scores(&decisions, &paid_forecast()?)
            }
        });
        chosen.push(None);
    }
    for scores in &of_strategies {
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(PortfolioError::NotFinite.into());
        }
    }
    Ok(Scores {
        of_strategies,
        chosen,
        ties,
        completed,
    })
}

/// Which of the numbers are among the `n` lowest.
pub(super) fn lowest(numbers: &[f64], n: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
    let mut chosen = vec![false; numbers.len()];
    for i in order.into_iter().take(n) {
        chosen[i] = true;
    }
    chosen
}
