//! The two-by-two table from which all metrics of hard labels are computed.

use fuzzysvm_core::Label;

use super::check_lengths;
use crate::EvaluationError;

/// Counts of true against predicted labels.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// use fuzzysvm_evaluation::ConfusionMatrix;
/// let m = ConfusionMatrix::of(&[P, P, N, N, N], &[P, N, N, N, P])?;
/// assert_eq!((m.true_positive, m.false_negative, m.false_positive, m.true_negative), (1, 1, 1, 2));
/// assert_eq!(m.precision(N)?, 2.0 / 3.0);
/// assert_eq!(m.predicted_negative_condition_rate(), 0.4);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConfusionMatrix {
    /// Positive samples predicted positive.
    pub true_positive: usize,
    /// Positive samples predicted negative.
    pub false_negative: usize,
    /// Negative samples predicted positive.
    pub false_positive: usize,
    /// Negative samples predicted negative.
    pub true_negative: usize,
}

impl ConfusionMatrix {
    /// Counts `predicted` against `truth`.
    ///
    /// # Errors
    /// Where the lists are empty or not equally long.
    pub fn of(truth: &[Label], predicted: &[Label]) -> Result<Self, EvaluationError> {
        check_lengths(truth, "predicted labels", predicted.len())?;
        let mut m = Self {
            true_positive: 0,
            false_negative: 0,
            false_positive: 0,
            true_negative: 0,
        };
        for pair in truth.iter().zip(predicted) {
            match pair {
                (Label::Positive, Label::Positive) => m.true_positive += 1,
                (Label::Positive, Label::Negative) => m.false_negative += 1,
                (Label::Negative, Label::Positive) => m.false_positive += 1,
                (Label::Negative, Label::Negative) => m.true_negative += 1,
            }
        }
        Ok(m)
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.true_positive + self.false_negative + self.false_positive + self.true_negative
    }

    /// Samples of `class` that were predicted so.
    pub fn correct(&self, class: Label) -> usize {
        match class {
            Label::Positive => self.true_positive,
            Label::Negative => self.true_negative,
        }
    }

    /// Samples that are of `class`.
    pub fn support(&self, class: Label) -> usize {
        match class {
            Label::Positive => self.true_positive + self.false_negative,
            Label::Negative => self.true_negative + self.false_positive,
        }
    }

    /// Samples that are predicted to be of `class`.
    pub fn predicted(&self, class: Label) -> usize {
        match class {
            Label::Positive => self.true_positive + self.false_positive,
            Label::Negative => self.true_negative + self.false_negative,
        }
    }

    /// Share of the samples of `class` that are predicted so.
    ///
    /// # Errors
    /// [`EvaluationError::MissingClass`] where no sample is of that class.
    pub fn recall(&self, class: Label) -> Result<f64, EvaluationError> {
        self.recall_for(class, "recall")
    }

    /// Share of the samples predicted to be of `class` that are.
    ///
    /// # Errors
    /// [`EvaluationError::NeverPredicted`] where no sample is predicted so.
    pub fn precision(&self, class: Label) -> Result<f64, EvaluationError> {
        match self.predicted(class) {
            0 => Err(EvaluationError::NeverPredicted { class }),
            n => Ok(self.correct(class) as f64 / n as f64),
        }
    }

    /// Share predicted right; 0 for the empty table that only hand-made counts can give.
    pub fn accuracy(&self) -> f64 {
        share(self.true_positive + self.true_negative, self.n_samples())
    }

    /// (recall₊ + recall₋)/2, the one-point AUC.
    ///
    /// # Errors
    /// [`EvaluationError::MissingClass`] where a class has no sample.
    pub fn balanced_accuracy(&self) -> Result<f64, EvaluationError> {
        let metric = "balanced accuracy";
        Ok((self.recall_for(Label::Positive, metric)?
            + self.recall_for(Label::Negative, metric)?)
            / 2.0)
    }

    /// √(recall₊ · recall₋).
    ///
    /// # Errors
    /// [`EvaluationError::MissingClass`] where a class has no sample.
    pub fn geometric_mean(&self) -> Result<f64, EvaluationError> {
        let metric = "the geometric mean";
        Ok((self.recall_for(Label::Positive, metric)?
            * self.recall_for(Label::Negative, metric)?)
        .sqrt())
    }

    /// 2 · correct / (support + predicted) of `class`; 0 where the class is neither there nor
    /// predicted, as in scikit-learn.
    pub fn f1(&self, class: Label) -> f64 {
        share(
            2 * self.correct(class),
            self.support(class) + self.predicted(class),
        )
    }

    /// Matthews' correlation of true and predicted labels, in [−1, 1]; 0 where either is constant, as
    /// in scikit-learn.
    pub fn matthews_corrcoef(&self) -> f64 {
        let c = |class| self.correct(class) as f64;
        let product = [Label::Positive, Label::Negative]
            .map(|class| self.support(class) as f64 * self.predicted(class) as f64);
        let wrong = self.false_positive as f64 * self.false_negative as f64;
        let denominator = product[0].sqrt() * product[1].sqrt();
        if denominator == 0.0 {
            return 0.0;
        }
        let value = (c(Label::Positive) * c(Label::Negative) - wrong) / denominator;
        value.clamp(-1.0, 1.0)
    }

    /// The share of loans predicted to default and therefore not bought: of the samples predicted *positive*. The name is
    /// the one published (Cho, Chang & Song 2019), where a defaulted loan is called negative.
    pub fn predicted_negative_condition_rate(&self) -> f64 {
        share(self.predicted(Label::Positive), self.n_samples())
    }

    fn recall_for(&self, class: Label, metric: &'static str) -> Result<f64, EvaluationError> {
        match self.support(class) {
            0 => Err(EvaluationError::MissingClass {
                missing: class,
                metric,
            }),
            n => Ok(self.correct(class) as f64 / n as f64),
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
