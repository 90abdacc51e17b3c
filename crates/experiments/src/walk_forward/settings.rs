//! Settings of the walk-forward experiment.

use fuzzysvm_core::ParamError;
use fuzzysvm_estimator::Method;
use fuzzysvm_estimator::target::Hurdle;
use fuzzysvm_portfolio::{RidgeReturn, SurvivalCompletion};
use serde::Serialize;

use super::Strategy;
use crate::{MethodTuning, Rank};

/// Settings of [`run`](super::run). The defaults were fixed on loans of 2007 to 2010 and not looked at again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WalkForwardSettings {
    /// The rankings, the first being what the others are compared with; default [`Strategy::all`].
    pub strategies: Vec<Strategy>,
    /// How open loans are completed.
    pub completion: SurvivalCompletion,
    /// What a loan should return, for both SVMs; default the mean completed return.
    pub hurdle: Hurdle,
    /// Price of a violated margin of both SVMs, above 0; default 1. Not looked at with `tune_stakes`.
    pub c: f64,
    /// Width γ of their RBF kernel, above 0; default 0.01. Not looked at with `tune_stakes`.
    pub gamma: f64,
    /// Whether C and γ of both SVMs are chosen in every quarter instead: from the grids of `tuning`, by cross-validation
    /// over its folds on at most `max_method_loans` of the loans known, whatever has become of them. The highest curve
    /// wins: the mean over `budgets` of the return, completed, of what the SVM would have bought of a fold above that of
    /// all its loans. Default false.
    pub tune_stakes: bool,
    /// Most loans that an SVM is trained on; of more, so many are drawn. At least 2, default 6000.
    pub max_svm_loans: usize,
    /// Penalty of the regression on completed returns, above 0; default 20.
    pub completed_alpha: f64,
    /// Penalty of the regression on repaid loans, above 0; default 5.
    pub paid_alpha: f64,
    /// What the published methods among the strategies are tuned over.
    pub tuning: MethodTuning,
    /// Most loans that these methods are tuned and trained on, and that both SVMs are tuned on; of more, so many are drawn. At least 20, default 2000, as
    /// in the published experiment.
    pub max_method_loans: usize,
    /// How these methods rank loans.
    pub rank: Rank,
    /// Share of a quarter's loans that is bought for the figures of the top, in (0, 1]; default 0.1.
    pub top_fraction: f64,
    /// The budgets of the curve, as shares of a quarter's loans, each in (0, 1]; default 5, 10, … 50 %.
    pub budgets: Vec<f64>,
    /// Bootstrap resamples per interval, at least 1; default 1000.
    pub n_resamples: usize,
    /// Seed of all draws; default 1.
    pub seed: u64,
}

impl Default for WalkForwardSettings {
    fn default() -> Self {
        Self {
            strategies: Strategy::all(),
            completion: SurvivalCompletion::default(),
            hurdle: Hurdle::Mean,
            c: 1.0,
            gamma: 0.01,
            tune_stakes: false,
            max_svm_loans: 6000,
            completed_alpha: 20.0,
            paid_alpha: 5.0,
            tuning: MethodTuning::default(),
            max_method_loans: 2000,
            rank: Rank::default(),
            top_fraction: 0.1,
            budgets: (1..=10).map(|i| f64::from(5 * i) / 100.0).collect(),
            n_resamples: 1000,
            seed: 1,
        }
    }
}

impl WalkForwardSettings {
    /// Checks every setting.
    ///
    /// # Errors
    /// The first one out of its range.
    pub fn validate(&self) -> Result<(), ParamError> {
        if self.strategies.is_empty() {
            return Err(ParamError::empty("strategies", "must name at least one"));
        }
        for (i, strategy) in self.strategies.iter().enumerate() {
            let again = self.strategies[..i].contains(strategy);
            ParamError::check(!again, "strategies", strategy, "must name each once")?;
        }
        let methods = self.methods();
        if !methods.is_empty() {
            self.tuning.validate(&methods)?;
        }
        if self.tune_stakes {
            self.tuning.validate_grid()?;
        }
        self.completion.validate()?;
        for (name, value) in [("c", self.c), ("gamma", self.gamma)] {
            let ok = value.is_finite() && value > 0.0;
            ParamError::check(ok, name, value, "must be finite and > 0")?;
        }
        for alpha in [self.completed_alpha, self.paid_alpha] {
            RidgeReturn { alpha }.validate()?;
        }
        for (name, value, least) in [
            ("max_svm_loans", self.max_svm_loans, 2),
            ("max_method_loans", self.max_method_loans, 20),
            ("n_resamples", self.n_resamples, 1),
        ] {
            ParamError::check(
                value >= least,
                name,
                value,
                format!("must be at least {least}"),
            )?;
        }
        if self.budgets.is_empty() {
            return Err(ParamError::empty("budgets", "must have at least one value"));
        }
        let top = [("top_fraction", self.top_fraction)];
        let budgets = self.budgets.iter().map(|&share| ("budgets", share));
        for (name, share) in top.into_iter().chain(budgets) {
            let ok = share > 0.0 && share <= 1.0;
            ParamError::check(ok, name, share, "must be in (0, 1]")?;
        }
        Ok(())
    }

    /// The methods among the strategies that are used as published, in their order.
    pub fn methods(&self) -> Vec<Method> {
        let published = self.strategies.iter().filter_map(Strategy::published);
        published.cloned().collect()
    }
}
