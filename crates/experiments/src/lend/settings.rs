//! The settings of a lending run, with their defaults.

use fuzzysvm_core::{ParamError, param_choice};
use fuzzysvm_datasets::lending_club::{LoanBook, Month, Need, Selection, Snapshot};
use fuzzysvm_estimator::Method;
use fuzzysvm_estimator::method::find;
use serde::Serialize;

use super::{Buy, Forecast};
use crate::{MethodTuning, Rank};

/// The results of all trials are held in memory.
const MAX_TRIALS: usize = 100_000;
/// The fewest training loans of a trial.
pub(super) const MIN_TRAIN: usize = 20;
/// The fewest test loans of a trial.
pub(super) const MIN_TEST: usize = 10;

/// How training and test loans are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Split {
    /// Stratified draws from all kept loans.
    Random,
    /// Test loans are issued from a month on; training loans are those whose outcome was known
    /// before that month. `None` chooses the month, see the page *Lending* of the book.
    OutOfTime {
        /// First month of the test loans, `YYYY-MM`.
        test_from: Option<String>,
    },
}

/// Which training loans the regression of return on the features is fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RegressionRows {
    /// The fully paid ones (default).
    Paid,
    /// All of them.
    All,
}

param_choice! { RegressionRows { Paid = "paid", All = "all" } }

impl RegressionRows {
    /// What a forecast fitted on these loans is: one that learned from repaid loans alone says what a loan returns if it
    /// is paid, which is more than it is expected to return.
    pub const fn forecast(self) -> &'static str {
        match self {
            RegressionRows::Paid => "forecast if paid",
            RegressionRows::All => "forecast",
        }
    }
}

/// Settings of `lend`, defaults as in the design.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct LendSettings {
    /// Number of trials, 30.
    pub trials: usize,
    /// Training loans per trial, 2000.
    pub train: usize,
    /// Test loans per trial, 2000.
    pub test: usize,
    /// How they are drawn, `Random`.
    pub split: Split,
    /// How a return is measured: `roi`, `annualised`, `annualised-life`, `irr` or `nar`.
    pub returns: fuzzysvm_portfolio::ReturnKind,
    /// What the regression is fitted on, `Paid`.
    pub regression: RegressionRows,
    /// What forecasts returns, `Linear`.
    pub forecast: Forecast,
    /// What decides which loans a method buys, `filter`.
    pub rank: Rank,
    /// The methods, in the order of the tables.
    pub methods: Vec<Method>,
    /// What they are tuned over.
    #[serde(flatten)]
    pub tuning: MethodTuning,
    /// What is bought of the candidates, `top-fraction`.
    pub rule: Buy,
    /// Share of the candidates that is bought, 0.10.
    pub top_fraction: f64,
    /// Amount to invest per trial and method, 10 000.
    pub budget: f64,
    /// Seed of all draws, 1.
    pub seed: u64,
    /// Whether the scores of all test loans are kept, `false`. Absent in files where they are not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub keep_scores: bool,
}

impl Default for LendSettings {
    fn default() -> Self {
        Self {
            trials: 30,
            train: 2000,
            test: 2000,
            split: Split::Random,
            returns: fuzzysvm_portfolio::ReturnKind::Roi,
            regression: RegressionRows::Paid,
            forecast: Forecast::Linear,
            rank: Rank::Filter,
            methods: default_methods(),
            tuning: MethodTuning::default(),
            rule: Buy::TopFraction,
            top_fraction: 0.10,
            budget: 10_000.0,
            seed: 1,
            keep_scores: false,
        }
    }
}

impl LendSettings {
    /// Checks every number.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ParamError> {
        let rule = "must be from 1 to 100000";
        let in_range = (1..=MAX_TRIALS).contains(&self.trials);
        ParamError::check(in_range, "trials", self.trials as f64, rule)?;
        ParamError::check(
            self.train >= MIN_TRAIN,
            "train",
            self.train as f64,
            "must be at least 20",
        )?;
        ParamError::check(
            self.test >= MIN_TEST,
            "test",
            self.test as f64,
            "must be at least 10",
        )?;
        if let Split::OutOfTime {
            test_from: Some(month),
        } = &self.split
        {
            let rule = "must be a month, YYYY-MM, as in 2009-07";
            ParamError::check(month.parse::<Month>().is_ok(), "test_from", month, rule)?;
        }
        self.tuning.validate(&self.methods)?;
        self.rule.validate(self.rank)?;
        self.forecast.validate(self.regression, self.rank)?;
        let f = self.top_fraction;
        ParamError::check(f > 0.0 && f <= 1.0, "top_fraction", f, "must lie in (0, 1]")?;
        let b = self.budget;
        ParamError::check(
            b.is_finite() && b > 0.0,
            "budget",
            b,
            "must be finite and > 0",
        )
    }

    /// The columns that a run with these settings needs, beside those that every file of finished loans must have:
    /// for [`ReadOptions::needs`](fuzzysvm_datasets::lending_club::ReadOptions::needs).
    pub fn needs(&self) -> Vec<Need> {
        use fuzzysvm_portfolio::ReturnKind as R;
        let mut needs = Vec::new();
        let (by, columns): (_, &[&str]) = match self.returns {
            R::Irr => ("the return irr", &["last_pymnt_d", "recoveries"]),
            R::Nar => ("the return nar", &["last_pymnt_d", "recoveries"]),
            R::AnnualisedLife => ("the return annualised-life", &["last_pymnt_d"]),
            _ => ("", &[]),
        };
        needs.extend(columns.iter().map(|&column| Need::new(column, by)));
        if matches!(self.split, Split::OutOfTime { .. }) {
            let by = "an out-of-time split, which asks when an outcome was known";
            needs.push(Need::new("last_pymnt_d", by));
        }
        needs
    }

    /// The selection for these settings: with the month of the snapshot by which loans must have run their term.
    /// `None` takes [`LendSettings::snapshot`].
    pub fn selection(
        &self,
        selection: Selection,
        snapshot: Option<Snapshot>,
        book: &LoanBook,
    ) -> Selection {
        Selection {
            seasoned_by: snapshot.unwrap_or(self.snapshot()).month(book),
            ..selection
        }
    }

    /// The snapshot by default: [`Snapshot::Auto`] for an out-of-time split, where young loans would bias the test,
    /// [`Snapshot::Off`] for random ones.
    pub fn snapshot(&self) -> Snapshot {
        match self.split {
            Split::Random => Snapshot::Off,
            Split::OutOfTime { .. } => Snapshot::Auto,
        }
    }

    /// The seed of whatever is drawn inside a trial. Any number will do that differs between trials and is the same on
    /// every machine.
    pub(super) fn seed_of(&self, trial: usize) -> u64 {
        self.seed.wrapping_mul(1_000_003).wrapping_add(trial as u64)
    }
}

/// The eight published methods, and beside them the SVM, its class costs and other readings of the published two.
const DEFAULT_METHODS: &[&str] = &[
    "cs-adaboost",
    "cs-rf",
    "easy-ensemble",
    "rusboost",
    "w-elm",
    "cs-xgboost",
    "svm",
    "class-cost",
    "fsvm",
    "efsvm-binned",
    "efsvm",
    "iefsvm",
    "iefsvm-std-over-mean",
];

fn default_methods() -> Vec<Method> {
    let found = DEFAULT_METHODS.iter().filter_map(|name| find(name).ok());
    found.map(Method::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lend::published;

    #[test]
    fn the_published_methods_are_among_the_default_ones_and_all_are_known() {
        let methods = default_methods();
        assert_eq!(methods.len(), DEFAULT_METHODS.len());
        for &row in published::ROWS {
            assert!(methods.iter().any(|m| m.id() == row.id), "{}", row.id);
        }
    }
}
