//! The scores of all test loans, from which every figure can be computed again.

use fuzzysvm_core::Label;
use serde::{Deserialize, Serialize};

use super::results::TrialOutcome;
use super::trial::{Context, name_of};
use super::{LendError, LendSettings};

/// Scores and forecasts of the test loans of one trial, in the order of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrialScores {
    /// Decision values by method, in the order of the settings.
    pub methods: Vec<Vec<f64>>,
    /// Forecast returns, of Benchmark 1 where methods have their own.
    pub forecast: Vec<f64>,
    /// Forecast returns of every method, in the order of the settings, where each has its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub method_forecasts: Vec<Vec<f64>>,
}

/// The test loans of all trials: what `scores.csv.gz` holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LoanScores {
    /// The methods, in the order of [`ScoredLoan::scores`].
    pub methods: Vec<String>,
    /// By trial and place in the file.
    pub loans: Vec<ScoredLoan>,
}

impl LoanScores {
    /// The name of the column of a method's own forecasts, where methods have some.
    pub fn forecast_column(method: &str) -> String {
        format!("{method}_forecast")
    }
}

/// A test loan in one trial.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoredLoan {
    /// Number of the trial.
    pub trial: usize,
    /// The loan, as the file names it.
    pub loan: String,
    /// Month of issue.
    pub issued: String,
    /// Sub-grade from A1 = 1 to G5 = 35, where the file has one.
    pub sub_grade: Option<u8>,
    /// Months of its term.
    pub term: u32,
    /// Interest rate per year.
    pub rate: f64,
    /// Amount funded.
    pub funded: f64,
    /// Whether it was charged off.
    pub charged_off: bool,
    /// Realised return.
    pub realised: f64,
    /// Forecast return, of Benchmark 1 where methods have their own.
    pub forecast: f64,
    /// That of every method, where each has its own; else empty.
    pub method_forecasts: Vec<f64>,
    /// Decision value of every method; negative or 0 means predicted paid.
    pub scores: Vec<f64>,
}

/// Joins the scores of all trials with their loans, which are drawn again.
pub(super) fn join(
    context: &Context<'_>,
    outcomes: &[TrialOutcome],
) -> Result<Option<LoanScores>, LendError> {
    let settings: &LendSettings = context.settings;
    if !settings.keep_scores {
        return Ok(None);
    }
    let mut all = LoanScores {
        methods: settings.methods.iter().map(|m| m.id().to_owned()).collect(),
        loans: Vec::new(),
    };
    for outcome in outcomes {
        let Some(of_trial) = &outcome.scores else {
            continue;
        };
        let samples = context.pools.draw(settings, outcome.trial)?.test;
        for (place, &sample) in samples.iter().enumerate() {
            let data = context.loans;
            let loan = data.book().loan(data.selected().rows[sample]);
            all.loans.push(ScoredLoan {
                trial: outcome.trial,
                loan: name_of(&loan),
                issued: loan.issue_month().to_string(),
                sub_grade: loan.sub_grade(),
                term: loan.term(),
                rate: loan.int_rate(),
                funded: loan.funded_amnt(),
                charged_off: data.y()[sample] == Label::Positive,
                realised: context.returns[sample],
                forecast: of_trial.forecast[place],
                method_forecasts: of_trial.method_forecasts.iter().map(|m| m[place]).collect(),
                scores: of_trial.methods.iter().map(|m| m[place]).collect(),
            });
        }
    }
    Ok(Some(all))
}
