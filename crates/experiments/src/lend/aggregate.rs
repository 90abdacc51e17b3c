//! From trials to tables: means, standard deviations, ranks and differences to IEFSVM.

use std::collections::BTreeMap;

use fuzzysvm_evaluation::{corrected_resampled_t_test, mean_std};

use super::LendSettings;
use super::results::{
    Difference, MeanStd, MethodResult, MethodTrial, MetricResult, SplitSummary, SpreadRank,
    ValueRank,
};

/// A metric of a trial: its name in `metrics` and where it stands.
type Metric = (&'static str, fn(&MethodTrial) -> Option<f64>);

/// Every metric that is summarised over the trials. Higher is better in all of them but the rate of
/// default among the bought loans, which is ranked the other way round.
const METRICS: [Metric; 14] = [
    ("balanced_accuracy", |t| Some(t.balanced_accuracy)),
    ("precision_paid", |t| t.precision_paid),
    ("predicted_negative_rate", |t| {
        Some(t.predicted_negative_rate)
    }),
    ("accuracy", |t| Some(t.accuracy)),
    ("g_mean", |t| Some(t.g_mean)),
    ("roc_auc", |t| Some(t.roc_auc)),
    ("pr_auc", |t| Some(t.pr_auc)),
    ("ks", |t| Some(t.ks)),
    ("mcc", |t| Some(t.mcc)),
    ("return_top", |t| t.return_top),
    ("return_top_capital_weighted", |t| {
        t.return_top_capital_weighted
    }),
    (LOWER_IS_BETTER, |t| t.default_rate_top),
    ("return_predicted_paid", |t| t.return_predicted_paid),
    ("n_support", |t| t.n_support.map(|n| n as f64)),
];

/// The method that the others are compared with.
pub(super) const IEFSVM: &str = "iefsvm";

const LOWER_IS_BETTER: &str = "default_rate_top";

/// Summarises the trials of all methods; `trials[m]` belongs to `settings.methods[m]`.
pub(super) fn summarise(
    settings: &LendSettings,
    trials: Vec<Vec<MethodTrial>>,
    split: &SplitSummary,
) -> Vec<MethodResult> {
    let mut methods: Vec<MethodResult> = settings
        .methods
        .iter()
        .zip(trials)
        .map(|(method, trials)| MethodResult {
            name: method.title().to_owned(),
            id: method.id().to_owned(),
            metrics: BTreeMap::new(),
            versus_iefsvm: BTreeMap::new(),
            trials,
        })
        .collect();
    for (name, get) in METRICS {
        let spreads: Vec<_> = methods
            .iter()
            .map(|m| spread(m.trials.iter().map(get)))
            .collect();
        let means: Vec<_> = spreads.iter().map(|s| s.0.mean).collect();
        let ranks = ranks(&means, name != LOWER_IS_BETTER);
        for ((method, (s, trials)), rank) in methods.iter_mut().zip(spreads).zip(ranks) {
            let spread = SpreadRank {
                mean: s.mean,
                std: s.std,
                rank,
                trials,
            };
            method
                .metrics
                .insert(name.to_owned(), MetricResult::Spread(spread));
        }
    }
    let ratios: Vec<_> = methods
        .iter()
        .map(|m| ratio(spread(m.trials.iter().map(|t| t.return_top)).0))
        .collect();
    for ((method, &value), rank) in methods.iter_mut().zip(&ratios).zip(ranks(&ratios, true)) {
        let entry = MetricResult::Value(ValueRank { value, rank });
        method.metrics.insert("return_over_std".to_owned(), entry);
    }
    compare_with_iefsvm(&mut methods, split);
    methods
}

fn compare_with_iefsvm(methods: &mut [MethodResult], split: &SplitSummary) {
    let id = IEFSVM;
    let Some(control) = methods
        .iter()
        .find(|m| m.id == id)
        .map(|m| m.trials.clone())
    else {
        return;
    };
    for method in methods.iter_mut().filter(|m| m.id != id) {
        for (name, get) in METRICS {
            let pairs = method.trials.iter().zip(&control);
            let differences: Vec<f64> =
                pairs.filter_map(|(a, b)| Some(get(a)? - get(b)?)).collect();
            if let Some(d) = difference(&differences, split) {
                method.versus_iefsvm.insert(name.to_owned(), d);
            }
        }
    }
}

fn difference(differences: &[f64], split: &SplitSummary) -> Option<Difference> {
    let (n_train, n_test) = (split.train, split.test);
    let t = corrected_resampled_t_test(differences, n_train, n_test).ok()?;
    Some(Difference {
        mean: t.mean,
        low: t.lower,
        high: t.upper,
        p_value: t.p_value,
    })
}

/// Mean and sample standard deviation of the values that are there, and how many they are.
pub(super) fn spread(values: impl Iterator<Item = Option<f64>>) -> (MeanStd, usize) {
    let values: Vec<f64> = values.flatten().collect();
    let summary = mean_std(&values).ok();
    // One value has a mean and no deviation: 0 would look like certainty.
    let std = summary.filter(|s| s.n > 1).map(|s| s.std);
    (
        MeanStd {
            mean: summary.map(|s| s.mean),
            std,
        },
        values.len(),
    )
}

/// Mean over standard deviation, where that is defined.
pub(super) fn ratio(s: MeanStd) -> Option<f64> {
    s.std
        .filter(|&sd| sd > 0.0)
        .and_then(|sd| Some(s.mean? / sd))
}

/// Rank 1 for the best of the values that are there, ties averaged.
fn ranks(values: &[Option<f64>], higher_is_better: bool) -> Vec<Option<f64>> {
    let sign = if higher_is_better { 1.0 } else { -1.0 };
    let there: Vec<f64> = values.iter().flatten().map(|v| sign * v).collect();
    let mut ranked = fuzzysvm_evaluation::ranks(&there)
        .unwrap_or_default()
        .into_iter();
    values
        .iter()
        .map(|v| v.and_then(|_| ranked.next()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_average_ties_and_leave_the_missing_out() {
        let v = [Some(0.5), None, Some(0.7), Some(0.5)];
        assert_eq!(ranks(&v, true), [Some(2.5), None, Some(1.0), Some(2.5)]);
        assert_eq!(ranks(&v, false), [Some(1.5), None, Some(3.0), Some(1.5)]);
    }

    #[test]
    fn spread_is_the_sample_standard_deviation_of_what_is_there() {
        let (s, n) = spread([Some(1.0), None, Some(3.0)].into_iter());
        assert_eq!((s.mean, n), (Some(2.0), 2));
        assert!((s.std.unwrap() - 2f64.sqrt()).abs() < 1e-15);
        assert_eq!(ratio(s), s.std.map(|sd| 2.0 / sd));
        assert_eq!(spread([Some(1.0)].into_iter()).0.std, None);
        assert_eq!(
            ratio(MeanStd {
                mean: Some(1.0),
                std: Some(0.0)
            }),
            None
        );
    }
}
