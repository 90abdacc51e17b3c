//! An interval for any metric.

use fuzzysvm_core::Label;

use super::{Interval, bootstrap_interval, roc_auc_interval};
use crate::{EvaluationError, Metric};

/// A confidence interval of a metric of decision values: DeLong's for [`Metric::RocAuc`], which needs no resamples (it
/// reports 0), and a percentile bootstrap over the samples for the others.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// use fuzzysvm_evaluation::{Metric, metric_interval};
/// let (truth, decision) = ([P, P, P, N, N, N], [2.0, 0.5, -1.0, 1.0, -1.0, -2.0]);
/// let area = metric_interval(Metric::RocAuc, &truth, &decision, None, 200, 0.95, 0)?;
/// assert!(area.n_defined == 0 && area.lower < 0.8 && area.upper == 1.0);
/// let mcc = metric_interval(Metric::Mcc, &truth, &decision, None, 200, 0.95, 0)?;
/// assert!(mcc.n_defined == 200 && mcc.lower < 1.0 / 3.0 && mcc.upper > 1.0 / 3.0);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`Metric::compute`], [`roc_auc_interval`](crate::roc_auc_interval) and
/// [`bootstrap_interval`](crate::bootstrap_interval).
pub fn metric_interval(
    metric: Metric,
    truth: &[Label],
    decision: &[f64],
    probability: Option<&[f64]>,
    n_resamples: usize,
    level: f64,
    seed: u64,
) -> Result<Interval, EvaluationError> {
    // Checked on all samples first: within resamples an error would pass for "undefined".
    metric.compute(truth, decision, probability)?;
    if metric == Metric::RocAuc {
        let interval = roc_auc_interval(truth, decision, level)?;
        return Ok(Interval {
            lower: interval.lower,
            upper: interval.upper,
            level,
            n_defined: 0,
        });
    }
    let pick = |values: &[f64], rows: &[usize]| rows.iter().map(|&i| values[i]).collect::<Vec<_>>();
    let statistic = |rows: &[usize]| {
        let truth: Vec<Label> = rows.iter().map(|&i| truth[i]).collect();
        let probability = probability.map(|p| pick(p, rows));
        metric
            .compute(&truth, &pick(decision, rows), probability.as_deref())
            .ok()
    };
    bootstrap_interval(truth.len(), statistic, n_resamples, level, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    #[test]
    fn every_metric_has_an_interval_around_its_value() {
        let truth: Vec<Label> = (0..80).map(|i| if i % 4 == 0 { P } else { N }).collect();
        let decision: Vec<f64> = (0..80)
            .map(|i| f64::from(i * 29 % 80) / 40.0 - 1.0 + if i % 4 == 0 { 0.8 } else { 0.0 })
            .collect();
        let probability: Vec<f64> = decision.iter().map(|d| 1.0 / (1.0 + (-d).exp())).collect();
        for &metric in Metric::ALL {
            let p = Some(probability.as_slice());
            let value = metric.compute(&truth, &decision, p).unwrap();
            let i = metric_interval(metric, &truth, &decision, p, 300, 0.95, 1).unwrap();
            assert!(i.lower <= value && value <= i.upper, "{metric}");
            assert!(i.lower < i.upper && i.upper - i.lower < 0.6, "{metric}");
            assert_eq!(i.n_defined > 0, metric != Metric::RocAuc);
        }
        assert!(matches!(
            metric_interval(Metric::Brier, &truth, &decision, None, 300, 0.95, 1),
            Err(EvaluationError::NeedsProbability { .. })
        ));
        assert!(matches!(
            metric_interval(Metric::Ks, &[P, P], &[0.0, 1.0], None, 300, 0.95, 1),
            Err(EvaluationError::MissingClass { .. })
        ));
        assert!(metric_interval(Metric::RocAuc, &[P, N, N], &[0.0; 3], None, 9, 0.95, 1).is_err());
    }
}
