//! An interval for any metric.

use fuzzysvm_core::Label;

use super::recalls::{matthews, of_geometric_mean, of_recalls};
use super::{Interval, bootstrap_interval, proportion_interval, roc_auc_interval};
use crate::{ConfusionMatrix, EvaluationError, Metric};

/// A confidence interval of a metric of decision values, never narrower than the number of samples allows: five
/// hits of five are no proof that there are no misses.
///
/// | metric | interval |
/// | --- | --- |
/// | sensitivity, specificity, accuracy, both precisions, predicted rate | exact ([`proportion_interval`]) |
/// | F1 | 2J/(1 + J) at the ends of the exact interval of J = TP/(TP + FP + FN), the share of those found among all that are or are predicted positive: F1 grows with J |
/// | balanced accuracy, G-mean (its logarithm), MCC | from the exact intervals of the two recalls, by MOVER (Zou & Donner 2008), the sizes of the classes taken as given |
/// | ROC area | DeLong's ([`roc_auc_interval`]) |
/// | average precision, KS, Brier, log loss | percentile bootstrap over the samples ([`bootstrap_interval`]); resamples on which the metric is undefined are left out and counted ([`Interval::n_defined`]) |
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// use fuzzysvm_evaluation::{EvaluationError, Metric, metric_interval};
/// let (truth, decision) = ([P, P, P, N, N, N], [2.0, 0.5, -1.0, 1.0, -1.0, -2.0]);
/// let area = metric_interval(Metric::RocAuc, &truth, &decision, None, 200, 0.95, 0)?;
/// assert!(area.n_defined == 0 && area.lower < 0.8 && area.upper == 1.0);
/// let ks = metric_interval(Metric::Ks, &truth, &decision, None, 200, 0.95, 0)?;
/// assert!(ks.n_defined > 150 && ks.n_defined < 200);
/// // One positive sample, found: the sensitivity may still be little, and nothing is known of how scores of positives vary.
/// let (truth, decision) = ([P, N, N, N], [1.0, -1.0, -1.0, -1.0]);
/// let found = metric_interval(Metric::Sensitivity, &truth, &decision, None, 200, 0.95, 0)?;
/// assert!((found.lower - 0.025).abs() < 1e-12);
/// let ks = metric_interval(Metric::Ks, &truth, &decision, None, 200, 0.95, 0);
/// assert!(matches!(ks, Err(EvaluationError::TooLittleData { found: 1, .. })));
/// # Ok::<(), EvaluationError>(())
/// ```
///
/// # Errors
/// As [`Metric::compute`] and the functions named above. Of DeLong's and the bootstrap's intervals, [`EvaluationError::TooLittleData`]
/// where a class that is there has a single sample, and [`EvaluationError::NoVariance`] where nothing varies.
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
    let predicted: Vec<Label> = decision.iter().map(|&d| Label::from_sign(d)).collect();
    let counts = ConfusionMatrix::of(truth, &predicted)?;
    let (n, correct) = (counts.n_samples(), |class| counts.correct(class));
    let (positive, negative) = (Label::Positive, Label::Negative);
    let of = |part, whole| proportion_interval(part, whole, level);
    match metric {
        Metric::Sensitivity => of(correct(positive), counts.support(positive)),
        Metric::Specificity => of(correct(negative), counts.support(negative)),
        Metric::Accuracy => of(correct(positive) + correct(negative), n),
        Metric::Precision => of(correct(positive), counts.predicted(positive)),
        Metric::PrecisionPaid => of(correct(negative), counts.predicted(negative)),
        Metric::PredictedNegativeRate => of(counts.predicted(positive), n),
        Metric::F1 => of_f1(&counts, level),
        Metric::BalancedAccuracy => of_recalls(&counts, |s, t| (s + t) / 2.0, level),
        Metric::GMean => of_geometric_mean(&counts, level),
        Metric::Mcc => {
            let share = counts.support(positive) as f64 / n as f64;
            of_recalls(&counts, |s, t| matthews(s, t, share), level)
        }
        Metric::RocAuc => {
            let interval = roc_auc_interval(truth, decision, level)?;
            Ok(Interval {
                lower: interval.lower,
                upper: interval.upper,
                level,
                n_defined: 0,
            })
        }
        Metric::AveragePrecision | Metric::Ks | Metric::Brier | Metric::LogLoss => {
            for class in [positive, negative] {
                if counts.support(class) == 1 {
                    return Err(EvaluationError::TooLittleData {
                        test: "the bootstrap",
                        what: "samples of each class",
                        needed: 2,
                        found: 1,
                    });
                }
            }
            let pick = |values: &[f64], rows: &[usize]| {
                rows.iter().map(|&i| values[i]).collect::<Vec<_>>()
            };
            let statistic = |rows: &[usize]| {
                let truth: Vec<Label> = rows.iter().map(|&i| truth[i]).collect();
                let probability = probability.map(|p| pick(p, rows));
                metric
                    .compute(&truth, &pick(decision, rows), probability.as_deref())
                    .ok()
            };
            bootstrap_interval(n, statistic, n_resamples, level, seed)
        }
    }
}

/// F1 = 2J/(1 + J) with J = TP/(TP + FP + FN). Given how many samples are or are predicted positive, TP is binomial.
fn of_f1(counts: &ConfusionMatrix, level: f64) -> Result<Interval, EvaluationError> {
    let concerned = counts.n_samples() - counts.true_negative;
    if concerned == 0 {
        return Err(EvaluationError::TooLittleData {
            test: "the interval of F1",
            what: "samples that are or are predicted positive",
            needed: 1,
            found: 0,
        });
    }
    let ends = proportion_interval(counts.true_positive, concerned, level)?;
    let f1 = |j: f64| 2.0 * j / (1.0 + j);
    Ok(Interval {
        lower: f1(ends.lower),
        upper: f1(ends.upper),
        ..ends
    })
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
            let resampled = matches!(
                metric,
                Metric::AveragePrecision | Metric::Ks | Metric::Brier | Metric::LogLoss
            );
            assert_eq!(i.n_defined > 0, resampled, "{metric}");
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

    /// Truth and decisions ±1 with these counts.
    fn samples(tp: usize, fne: usize, fp: usize, tn: usize) -> (Vec<Label>, Vec<f64>) {
        let of = |label, sign: f64, n| std::iter::repeat_n((label, sign), n);
        of(P, 1.0, tp)
            .chain(of(P, -1.0, fne))
            .chain(of(N, 1.0, fp))
            .chain(of(N, -1.0, tn))
            .unzip()
    }

    fn interval(
        metric: Metric,
        (truth, decision): &(Vec<Label>, Vec<f64>),
    ) -> Result<Interval, EvaluationError> {
        metric_interval(metric, truth, decision, None, 300, 0.95, 1)
    }

    #[test]
    fn a_perfect_score_of_few_samples_is_not_certain() {
        for (p, n) in [(1, 1), (1, 29), (2, 28), (10, 10)] {
            let all = samples(p, 0, 0, n);
            for &metric in Metric::ALL {
                if metric.needs_probability() {
                    continue;
                }
                match interval(metric, &all) {
                    Ok(i) => assert!(
                        i.lower < 0.98 && i.upper - i.lower > 0.01,
                        "{metric}: {i:?}"
                    ),
                    Err(e) => assert!(
                        matches!(
                            e,
                            EvaluationError::NoVariance { .. }
                                | EvaluationError::TooLittleData { .. }
                        ),
                        "{metric}: {e}"
                    ),
                }
            }
        }
        let one_of_thirty = samples(1, 0, 0, 29);
        for (metric, lower) in [
            (Metric::Sensitivity, 0.025),
            // 0.025^(1/29)
            (Metric::Specificity, 0.8805550),
            // 0.025^(1/30)
            (Metric::Accuracy, 0.8842967),
            (Metric::Precision, 0.025),
            (Metric::F1, 2.0 * 0.025 / 1.025),
            // 1 − √(0.975² + 0.119445²)/2
            (Metric::BalancedAccuracy, 0.5088556),
        ] {
            let i = interval(metric, &one_of_thirty).unwrap();
            assert!((i.lower - lower).abs() < 1e-6, "{metric}: {}", i.lower);
            assert_eq!(i.upper, 1.0, "{metric}");
        }
    }

    /// All outcomes of small classes, weighed by their chance: how often the interval holds the true value.
    #[test]
    fn the_level_is_kept_for_what_is_made_of_recalls() {
        let chance = |n: usize, k: usize, p: f64| {
            let orders = statrs::function::factorial::binomial(n as u64, k as u64);
            orders * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
        };
        for (p, n) in [(1, 29), (5, 20), (15, 15)] {
            for metric in [Metric::BalancedAccuracy, Metric::GMean, Metric::Mcc] {
                let share = p as f64 / (p + n) as f64;
                let value = |s: f64, t: f64| match metric {
                    Metric::BalancedAccuracy => (s + t) / 2.0,
                    Metric::GMean => (s * t).sqrt(),
                    _ => matthews(s, t, share),
                };
                let outcomes = (0..=p).flat_map(|tp| (0..=n).map(move |tn| (tp, tn)));
                let ends: Vec<_> = outcomes
                    .map(|(tp, tn)| {
                        let all = samples(tp, p - tp, n - tn, tn);
                        (tp, tn, interval(metric, &all).unwrap())
                    })
                    .collect();
                for s in [0.02, 0.1, 0.5, 0.8, 0.95] {
                    for t in [0.02, 0.3, 0.7, 0.9, 0.99] {
                        let truth = value(s, t);
                        let covered: f64 = ends
                            .iter()
                            .filter(|(_, _, i)| i.lower <= truth && truth <= i.upper)
                            .map(|(tp, tn, _)| chance(p, *tp, s) * chance(n, *tn, t))
                            .sum();
                        assert!(covered >= 0.92, "{metric} {p} {n} at {s} {t}: {covered}");
                    }
                }
            }
        }
    }

    #[test]
    fn matthews_by_recalls_is_matthews_by_counts() {
        for (tp, fne, fp, tn) in [(3, 1, 2, 14), (0, 4, 1, 5), (2, 0, 0, 9), (0, 3, 0, 3)] {
            let (truth, decision) = samples(tp, fne, fp, tn);
            let value = Metric::Mcc.compute(&truth, &decision, None).unwrap();
            let (p, n) = ((tp + fne) as f64, (fp + tn) as f64);
            let ours = matthews(tp as f64 / p, tn as f64 / n, p / (p + n));
            assert!((ours - value).abs() < 1e-14, "{ours} {value}");
        }
    }

    #[test]
    fn what_has_no_interval_says_so() {
        use EvaluationError as E;
        // Nobody is or is predicted positive.
        assert!(matches!(
            interval(Metric::F1, &samples(0, 0, 0, 5)),
            Err(E::TooLittleData { .. })
        ));
        // Separated: nothing varies.
        for metric in [Metric::Ks, Metric::AveragePrecision, Metric::RocAuc] {
            let found = interval(metric, &samples(8, 0, 0, 8));
            assert!(matches!(found, Err(E::NoVariance { .. })), "{metric}");
        }
    }
}
