//! The SVMs on stakes: fitted with C and γ as given, or as chosen inside the decision.

use fuzzysvm_core::{Classifier as _, Label, Learner as _, MatrixBuf, ParamError, Samples};
use fuzzysvm_estimator::target::{Outcomes, Target, TargetRow};
use fuzzysvm_estimator::{EstimatorError, KernelSpec, SvmModel, SvmSpec};
use fuzzysvm_portfolio::{Completed, CompletedLoans};
use rayon::prelude::*;
use serde::Serialize;

use super::judged::{mean, n_bought, places};
use super::score::lowest;
use super::{KnownLoans, OfferedLoans, WalkForwardSettings};
use crate::lend::LendError;

/// C and γ of an SVM on stakes as chosen inside a decision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChosenSvm {
    /// C.
    pub c: f64,
    /// γ.
    pub gamma: f64,
    /// What they were chosen by: the mean over folds and budgets of the return, completed, of what the SVM would have
    /// bought of a fold above that of all its loans.
    pub cv_curve: f64,
}

/// What the SVMs of a decision share.
pub(super) struct StakeSvms<'a> {
    known: &'a KnownLoans,
    completed: &'a [Completed],
    /// A number by chance per known loan.
    draws: &'a [f64],
    settings: &'a WalkForwardSettings,
}

/// Rows of training.
struct Rows {
    x: MatrixBuf,
    y: Vec<Label>,
    weights: Vec<f64>,
}

/// A part of the known loans to choose by, and what is learnt from the others.
struct Fold {
    train: Rows,
    x: MatrixBuf,
    returns: Vec<f64>,
    draws: Vec<f64>,
}

impl<'a> StakeSvms<'a> {
    pub fn new(
        known: &'a KnownLoans,
        completed: &'a CompletedLoans,
        draws: &'a [f64],
        settings: &'a WalkForwardSettings,
    ) -> Self {
        Self {
            known,
            completed: &completed.loans,
            draws,
            settings,
        }
    }

    /// A score per offered loan, the decision value negated, and C and γ where they were chosen.
    pub fn scores(
        &self,
        target: &dyn Target,
        offered: &OfferedLoans,
    ) -> Result<(Vec<f64>, Option<ChosenSvm>), LendError> {
        let chosen = match self.settings.tune_stakes {
            true => Some(self.choose(target)?),
            false => None,
        };
        let (c, gamma) = chosen.map_or((self.settings.c, self.settings.gamma), |chosen| {
            (chosen.c, chosen.gamma)
        });
        // Hurdles and scale are those of all loans; the machine alone is trained on fewer.
        let all: Vec<usize> = (0..self.known.loans.len()).collect();
        let drawn = lowest(self.draws, self.settings.max_svm_loans);
        let mut rows = self.target_rows(target, &all)?;
        rows.retain(|row| drawn[row.loan]);
        let model = self.fit(&self.rows(&rows), c, gamma)?;
        Ok((negated(&model, &offered.x)?, chosen))
    }

    /// The C and γ of the grid whose mean curve over the folds is highest; of equally good ones the first, γ outermost.
    /// Folds are drawn from at most as many loans as methods are tuned on; hurdle, scale and weights of each are those
    /// of its training part.
    fn choose(&self, target: &dyn Target) -> Result<ChosenSvm, LendError> {
        let WalkForwardSettings {
            tuning,
            max_method_loans,
            budgets,
            ..
        } = self.settings;
        let mut order: Vec<usize> = (0..self.draws.len()).collect();
        order.sort_by(|&a, &b| self.draws[a].total_cmp(&self.draws[b]));
        order.truncate(*max_method_loans);
        // With one loan in a fold there is nothing to choose from.
        let most = order.len() / 2;
        let rule = format!("must be at most {most} with {} loans known", order.len());
        ParamError::check(tuning.folds <= most, "folds", tuning.folds, rule)?;
        let folds: Vec<Fold> = (0..tuning.folds)
            .map(|number| self.fold(target, &order, number))
            .collect::<Result<_, _>>()?;
        let points: Vec<(f64, f64)> = tuning
            .gamma
            .iter()
            .flat_map(|&gamma| tuning.c.iter().map(move |&c| (gamma, c)))
            .collect();
        let jobs: Vec<(f64, f64, &Fold)> = points
            .iter()
            .flat_map(|&(gamma, c)| folds.iter().map(move |fold| (gamma, c, fold)))
            .collect();
        let curves: Vec<f64> = jobs
            .into_par_iter()
            .map(|(gamma, c, fold)| {
                let model = self.fit(&fold.train, c, gamma)?;
                let places = places(&negated(&model, &fold.x)?, &fold.draws);
                Ok(curve(&places, &fold.returns, budgets))
            })
            .collect::<Result<_, EstimatorError>>()?;
        let of_points = points.iter().zip(curves.chunks(tuning.folds));
        let tried = of_points.map(|(&(gamma, c), curves)| ChosenSvm {
            c,
            gamma,
            cv_curve: mean(curves),
        });
        tried
            .reduce(|best, one| match one.cv_curve > best.cv_curve {
                true => one,
                false => best,
            })
            .ok_or_else(|| ParamError::empty("c", "must have at least one value").into())
    }

    /// Every `folds`-th loan of the order is in the fold, the others train.
    fn fold(
        &self,
        target: &dyn Target,
        order: &[usize],
        number: usize,
    ) -> Result<Fold, EstimatorError> {
        let folds = self.settings.tuning.folds;
        let part = |inside: bool| -> Vec<usize> {
            let all = order.iter().enumerate();
            all.filter(|(place, _)| (place % folds == number) == inside)
                .map(|(_, &loan)| loan)
                .collect()
        };
        let valid = part(true);
        Ok(Fold {
            train: self.rows(&self.target_rows(target, &part(false))?),
            x: self.known.x.view().select_rows(&valid),
            returns: valid
                .iter()
                .map(|&loan| self.completed[loan].expected_roi())
                .collect(),
            draws: valid.iter().map(|&loan| self.draws[loan]).collect(),
        })
    }

    /// The rows of a target made of these loans, which they name by their place among all known ones.
    fn target_rows(
        &self,
        target: &dyn Target,
        loans: &[usize],
    ) -> Result<Vec<TargetRow>, EstimatorError> {
        let list = |of: fn(&Completed) -> f64| -> Vec<f64> {
            loans.iter().map(|&i| of(&self.completed[i])).collect()
        };
        let (p_bad, roi_bad, roi_paid) =
            (list(|l| l.p_bad), list(|l| l.roi_bad), list(|l| l.roi_paid));
        let rates: Vec<f64> = loans
            .iter()
            .map(|&i| self.known.loans[i].terms.annual_rate)
            .collect();
        let grades: Option<Vec<u8>> = self
            .known
            .grades
            .as_ref()
            .map(|grades| loans.iter().map(|&i| grades[i]).collect());
        let mut outcomes = Outcomes::new(&p_bad, &roi_bad, &roi_paid)?.with_rates(&rates)?;
        if let Some(grades) = &grades {
            outcomes = outcomes.with_grades(grades)?;
        }
        let mut rows = target.rows(&outcomes)?;
        for row in &mut rows {
            row.loan = loans[row.loan];
        }
        Ok(rows)
    }

    fn rows(&self, rows: &[TargetRow]) -> Rows {
        let loans: Vec<usize> = rows.iter().map(|row| row.loan).collect();
        Rows {
            x: self.known.x.view().select_rows(&loans),
            y: rows.iter().map(|row| row.label).collect(),
            weights: rows.iter().map(|row| row.weight).collect(),
        }
    }

    fn fit(&self, rows: &Rows, c: f64, gamma: f64) -> Result<SvmModel, EstimatorError> {
        let spec = SvmSpec {
            c,
            kernel: KernelSpec::rbf(gamma),
            ..SvmSpec::default()
        };
        let learner = spec.learner(rows.x.view(), self.settings.seed)?;
        let train = Samples::new(rows.x.view(), &rows.y)?;
        Ok(learner.fit(train, Some(&rows.weights))?)
    }
}

/// The decision values, negated: the positive class is the one to avoid.
fn negated(model: &SvmModel, x: &MatrixBuf) -> Result<Vec<f64>, EstimatorError> {
    let values = model.decision_function(x.view())?;
    Ok(values.into_iter().map(|value| -value).collect())
}

/// The mean over the budgets of the return of the loans bought above that of all.
fn curve(places: &[usize], returns: &[f64], budgets: &[f64]) -> f64 {
    let market = mean(returns);
    let excess = |budget: &f64| {
        let count = n_bought(*budget, returns.len());
        let bought = places.iter().zip(returns).filter(|(p, _)| **p < count);
        bought.map(|(_, y)| y - market).sum::<f64>() / count as f64
    };
    mean(&budgets.iter().map(excess).collect::<Vec<f64>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_by_hand() {
        // The market is 0.1; the first returns 0.2 above it, the first two 0.05.
        let (places, returns) = ([1, 0, 3, 2], [0.0, 0.3, 0.1, 0.0]);
        let of = |budgets: &[f64]| curve(&places, &returns, budgets);
        assert!((of(&[0.25]) - 0.2).abs() < 1e-15);
        assert!((of(&[0.5]) - 0.05).abs() < 1e-15);
        assert!((of(&[0.25, 0.5]) - 0.125).abs() < 1e-15);
        // All of them are the market.
        assert!(of(&[1.0]).abs() < 1e-15);
    }
}
