//! How a method's loans are ranked.

use fuzzysvm_core::param_choice;
use serde::Serialize;

/// What decides which loans a classifier of default buys, beside a forecast of their returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rank {
    /// The highest forecasts among the loans that the classifier predicts paid, as published.
    #[default]
    Filter,
    /// The lowest decision values: the loans that are surest to be paid.
    Score,
    /// The highest forecasts, whatever the classifier says.
    Forecast,
}

param_choice! { Rank { Filter = "filter", Score = "score", Forecast = "forecast" } }

impl Rank {
    /// A score per loan by which all of them can be ranked, higher is better: under [`Rank::Filter`] every loan that is
    /// predicted paid stands before the others.
    pub(crate) fn scores(self, decisions: &[f64], forecast: &[f64]) -> Vec<f64> {
        let both = decisions.iter().zip(forecast);
        match self {
            Rank::Score => decisions.iter().map(|d| -d).collect(),
            Rank::Forecast => forecast.to_vec(),
            Rank::Filter => {
                let bounds = |pick: fn(f64, f64) -> f64| {
                    forecast.iter().copied().reduce(pick).unwrap_or(0.0)
                };
                let step = bounds(f64::max) - bounds(f64::min) + 1.0;
                both.map(|(&d, &f)| if d > 0.0 { f - step } else { f })
                    .collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_predicted_paid_comes_first() {
        let (decisions, forecast) = ([0.5, -0.1, -2.0, 0.0], [0.9, -0.3, 0.1, 0.2]);
        let order = |rank: Rank| {
            let scores = rank.scores(&decisions, &forecast);
            let mut order = [0, 1, 2, 3];
            order.sort_by(|&a: &usize, &b| scores[b].total_cmp(&scores[a]));
            order
        };
        assert_eq!(order(Rank::Filter), [3, 2, 1, 0]);
        assert_eq!(order(Rank::Score), [2, 1, 3, 0]);
        assert_eq!(order(Rank::Forecast), [0, 3, 2, 1]);
    }
}
