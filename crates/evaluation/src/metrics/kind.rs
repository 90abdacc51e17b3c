//! The metrics by name, as in command lines and files.

use std::fmt;
use std::str::FromStr;

use fuzzysvm_core::Label;

use super::{ConfusionMatrix, ranking};
use super::{brier_score_loss, log_loss};
use crate::EvaluationError;

/// A metric by its name. `Display` and `FromStr` use the names of [`Metric::name`].
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// use fuzzysvm_evaluation::Metric;
/// let metric: Metric = "g-mean".parse()?;
/// assert_eq!(metric.key(), "g_mean");
/// assert_eq!(metric.compute(&[P, N, N], &[1.0, -1.0, 1.0], None)?, 0.5f64.sqrt());
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Metric {
    /// `balanced-accuracy`: (recall₊ + recall₋)/2, published as "AUC" (Cho, Chang & Song 2019).
    BalancedAccuracy,
    /// `accuracy`: share predicted right.
    Accuracy,
    /// `g-mean`: √(recall₊ · recall₋).
    GMean,
    /// `precision`: of the positive class, as in scikit-learn.
    Precision,
    /// `precision-paid`, of loans: of the negative class, the share truly paid among those predicted paid.
    PrecisionPaid,
    /// `predicted-negative-rate`, of loans: the share predicted to default, which is the positive class here; the name is
    /// the one published (Cho, Chang & Song 2019).
    PredictedNegativeRate,
    /// `sensitivity`: recall of the positive class.
    Sensitivity,
    /// `specificity`: recall of the negative class.
    Specificity,
    /// `f1`: of the positive class.
    F1,
    /// `mcc`: Matthews' correlation.
    Mcc,
    /// `roc-auc`: area under the ROC curve.
    RocAuc,
    /// `average-precision`: area under the precision–recall curve of the positive class.
    AveragePrecision,
    /// `ks`: Kolmogorov–Smirnov distance of the scores of the two classes.
    Ks,
    /// `brier`: mean squared error of the probability, lower is better.
    Brier,
    /// `log-loss`: mean negative log likelihood, lower is better.
    LogLoss,
}

impl Metric {
    /// Every metric, in the order of reports.
    pub const ALL: &'static [Metric] = &[
        Metric::BalancedAccuracy,
        Metric::Accuracy,
        Metric::GMean,
        Metric::Precision,
        Metric::PrecisionPaid,
        Metric::PredictedNegativeRate,
        Metric::Sensitivity,
        Metric::Specificity,
        Metric::F1,
        Metric::Mcc,
        Metric::RocAuc,
        Metric::AveragePrecision,
        Metric::Ks,
        Metric::Brier,
        Metric::LogLoss,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Metric::BalancedAccuracy => "balanced-accuracy",
            Metric::Accuracy => "accuracy",
            Metric::GMean => "g-mean",
            Metric::Precision => "precision",
            Metric::PrecisionPaid => "precision-paid",
            Metric::PredictedNegativeRate => "predicted-negative-rate",
            Metric::Sensitivity => "sensitivity",
            Metric::Specificity => "specificity",
            Metric::F1 => "f1",
            Metric::Mcc => "mcc",
            Metric::RocAuc => "roc-auc",
            Metric::AveragePrecision => "average-precision",
            Metric::Ks => "ks",
            Metric::Brier => "brier",
            Metric::LogLoss => "log-loss",
        }
    }

    /// The name in JSON: [`Metric::name`] with underscores.
    pub fn key(self) -> String {
        self.name().replace('-', "_")
    }

    /// Whether a larger value is better.
    pub const fn higher_is_better(self) -> bool {
        !matches!(self, Metric::Brier | Metric::LogLoss)
    }

    /// Whether the name speaks of loans.
    pub const fn of_loans(self) -> bool {
        matches!(self, Metric::PrecisionPaid | Metric::PredictedNegativeRate)
    }

    /// Whether probabilities are needed, which decision values are not.
    pub const fn needs_probability(self) -> bool {
        matches!(self, Metric::Brier | Metric::LogLoss)
    }

    /// The metric of decision values: their sign is the predicted label, their order the ranking.
    ///
    /// # Errors
    /// Where the lists do not fit, a value is not finite, the metric is undefined, or it needs a
    /// probability and none is given.
    pub fn compute(
        self,
        truth: &[Label],
        decision: &[f64],
        probability: Option<&[f64]>,
    ) -> Result<f64, EvaluationError> {
        let table = || {
            crate::error::check_finite("decision value", decision)?;
            let predicted: Vec<Label> = decision.iter().map(|&d| Label::from_sign(d)).collect();
            ConfusionMatrix::of(truth, &predicted)
        };
        let probability = || {
            probability.ok_or(EvaluationError::NeedsProbability {
                metric: self.name(),
            })
        };
        match self {
            Metric::BalancedAccuracy => table()?.balanced_accuracy(),
            Metric::Accuracy => Ok(table()?.accuracy()),
            Metric::GMean => table()?.geometric_mean(),
            Metric::Precision => table()?.precision(Label::Positive),
            Metric::PrecisionPaid => table()?.precision(Label::Negative),
            Metric::PredictedNegativeRate => Ok(table()?.predicted_negative_condition_rate()),
            Metric::Sensitivity => table()?.recall(Label::Positive),
            Metric::Specificity => table()?.recall(Label::Negative),
            Metric::F1 => Ok(table()?.f1(Label::Positive)),
            Metric::Mcc => Ok(table()?.matthews_corrcoef()),
            Metric::RocAuc => ranking::roc_auc_score(truth, decision),
            Metric::AveragePrecision => ranking::average_precision_score(truth, decision),
            Metric::Ks => ranking::ks_statistic(truth, decision),
            Metric::Brier => brier_score_loss(truth, probability()?),
            Metric::LogLoss => log_loss(truth, probability()?),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Metric {
    type Err = EvaluationError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        by_name("metric", s, Metric::ALL, Metric::name)
    }
}

/// What tuning maximises: metrics of hard labels, so that a grid of decisions can be scored by counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Score {
    /// `balanced-accuracy` (default): tuned this way a classifier cannot win by ignoring the minority.
    #[default]
    BalancedAccuracy,
    /// `accuracy`: 1 − misclassification.
    Accuracy,
    /// `g-mean`: 0 as soon as one class is missed altogether.
    GMean,
}

impl Score {
    /// Every score.
    pub const ALL: &'static [Score] = &[Score::BalancedAccuracy, Score::Accuracy, Score::GMean];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        self.metric().name()
    }

    /// The same as a [`Metric`].
    pub const fn metric(self) -> Metric {
        match self {
            Score::BalancedAccuracy => Metric::BalancedAccuracy,
            Score::Accuracy => Metric::Accuracy,
            Score::GMean => Metric::GMean,
        }
    }

    /// The score of predicted labels, in [0, 1], higher is better.
    ///
    /// # Errors
    /// Where the lists do not fit or the score is undefined for want of a class.
    pub fn of(self, truth: &[Label], predicted: &[Label]) -> Result<f64, EvaluationError> {
        self.of_counts(&ConfusionMatrix::of(truth, predicted)?)
    }

    /// The score of a table of counts.
    ///
    /// # Errors
    /// Where the score is undefined for want of a class.
    pub fn of_counts(self, counts: &ConfusionMatrix) -> Result<f64, EvaluationError> {
        match self {
            Score::BalancedAccuracy => counts.balanced_accuracy(),
            Score::Accuracy => Ok(counts.accuracy()),
            Score::GMean => counts.geometric_mean(),
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Score {
    type Err = EvaluationError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        by_name("score", s, Score::ALL, Score::name)
    }
}

fn by_name<T: Copy>(
    what: &'static str,
    found: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, EvaluationError> {
    all.iter()
        .copied()
        .find(|&t| name(t) == found)
        .ok_or_else(|| EvaluationError::UnknownName {
            what,
            found: found.to_owned(),
            expected: all.iter().map(|&t| name(t)).collect::<Vec<_>>().join(", "),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    #[test]
    fn names_go_there_and_back() {
        for &metric in Metric::ALL {
            assert_eq!(metric.to_string().parse::<Metric>().unwrap(), metric);
        }
        for &score in Score::ALL {
            assert_eq!(score.to_string().parse::<Score>().unwrap(), score);
        }
        let message = "auc".parse::<Score>().unwrap_err().to_string();
        assert_eq!(
            message,
            "`auc` is no score: expected one of balanced-accuracy, accuracy, g-mean"
        );
    }

    #[test]
    fn every_metric_of_a_small_table() {
        let truth = [P, P, N, N, N, N, N, N];
        let decision = [1.0, -1.0, 2.0, -1.0, -2.0, -3.0, -4.0, -5.0];
        let probability = [0.5; 8];
        let expected = [
            (1.0 / 2.0 + 5.0 / 6.0) / 2.0,
            6.0 / 8.0,
            (5.0f64 / 12.0).sqrt(),
            0.5,
            5.0 / 6.0,
            0.25,
            0.5,
            5.0 / 6.0,
            0.5,
            // (1·5 − 1·1)/√(2·2·6·6)
            1.0 / 3.0,
            // Pairs won: 5 by the first positive, 4 and a half by the second, of 12.
            9.5 / 12.0,
            // Recall grows by ½ at precision ½ (2nd place), and by ½ at ½ (4th, after the tie).
            0.5 * 0.5 + 0.5 * 0.5,
            // At the threshold −1: 1 against 2/6.
            2.0 / 3.0,
            0.25,
            2f64.ln(),
        ];
        for (metric, expected) in Metric::ALL.iter().copied().zip(expected) {
            let found = metric
                .compute(&truth, &decision, Some(&probability))
                .unwrap();
            assert!((found - expected).abs() < 1e-15, "{metric}: {found}");
        }
        assert!(matches!(
            Metric::Brier.compute(&truth, &decision, None),
            Err(EvaluationError::NeedsProbability { metric: "brier" })
        ));
        assert!(matches!(
            Metric::Accuracy.compute(&[P], &[f64::NAN], None),
            Err(EvaluationError::NotFinite { index: 0, .. })
        ));
    }
}
