//! Metrics of hard labels, under scikit-learn's and imbalanced-learn's names.

use fuzzysvm_core::Label;

use super::ConfusionMatrix;
use crate::EvaluationError;

/// Share predicted right. See [`ConfusionMatrix::accuracy`].
///
/// # Errors
/// Where the lists are empty or not equally long.
pub fn accuracy_score(truth: &[Label], predicted: &[Label]) -> Result<f64, EvaluationError> {
    Ok(ConfusionMatrix::of(truth, predicted)?.accuracy())
}

/// (recall₊ + recall₋)/2, published as "AUC" (Cho, Chang & Song 2019). See
/// [`ConfusionMatrix::balanced_accuracy`].
///
/// # Errors
/// Where the lists are empty or not equally long, or a class has no sample (scikit-learn leaves that
/// class out with a warning; a mean over one class is another quantity, so it is refused here).
pub fn balanced_accuracy_score(
    truth: &[Label],
    predicted: &[Label],
) -> Result<f64, EvaluationError> {
    ConfusionMatrix::of(truth, predicted)?.balanced_accuracy()
}

/// √(recall₊ · recall₋), imbalanced-learn's G-mean. See [`ConfusionMatrix::geometric_mean`].
///
/// # Errors
/// As [`balanced_accuracy_score`].
pub fn geometric_mean_score(truth: &[Label], predicted: &[Label]) -> Result<f64, EvaluationError> {
    ConfusionMatrix::of(truth, predicted)?.geometric_mean()
}

/// Share of the samples predicted `class` that are of it. Of [`Label::Negative`] this is the published
/// "Precision" (Cho, Chang & Song 2019): the share truly paid among the loans predicted paid.
///
/// # Errors
/// Where the lists are empty or not equally long, or no sample is predicted `class` (scikit-learn
/// warns and returns 0).
pub fn precision_score(
    truth: &[Label],
    predicted: &[Label],
    class: Label,
) -> Result<f64, EvaluationError> {
    ConfusionMatrix::of(truth, predicted)?.precision(class)
}

/// Share of the samples of `class` that are predicted so: sensitivity for the positive class,
/// specificity for the negative one.
///
/// # Errors
/// Where the lists are empty or not equally long, or no sample is of `class`.
pub fn recall_score(
    truth: &[Label],
    predicted: &[Label],
    class: Label,
) -> Result<f64, EvaluationError> {
    ConfusionMatrix::of(truth, predicted)?.recall(class)
}

/// Harmonic mean of precision and recall of `class`; 0 where the class is neither there nor predicted.
///
/// # Errors
/// Where the lists are empty or not equally long.
pub fn f1_score(
    truth: &[Label],
    predicted: &[Label],
    class: Label,
) -> Result<f64, EvaluationError> {
    Ok(ConfusionMatrix::of(truth, predicted)?.f1(class))
}

/// Matthews' correlation coefficient; 0 where truth or prediction is constant.
///
/// # Errors
/// Where the lists are empty or not equally long.
pub fn matthews_corrcoef(truth: &[Label], predicted: &[Label]) -> Result<f64, EvaluationError> {
    Ok(ConfusionMatrix::of(truth, predicted)?.matthews_corrcoef())
}

/// The share of loans predicted to default: of the samples predicted *positive*. The name is the one published
/// (Cho, Chang & Song 2019).
///
/// # Errors
/// Where the list is empty.
pub fn predicted_negative_condition_rate(predicted: &[Label]) -> Result<f64, EvaluationError> {
    // The true labels do not matter: any will do.
    Ok(ConfusionMatrix::of(predicted, predicted)?.predicted_negative_condition_rate())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    const TRUTH: [Label; 12] = [P, P, P, P, N, N, N, N, N, N, N, N];
    const PREDICTED: [Label; 12] = [P, P, P, N, P, P, N, N, N, N, N, N];

    // scikit-learn 1.9.1 and imbalanced-learn:
    // t = [1]*4 + [0]*8; p = [1,1,1,0,1,1,0,0,0,0,0,0]
    // accuracy_score(t, p), balanced_accuracy_score(t, p), geometric_mean_score(t, p),
    // precision_score(t, p, pos_label=0), precision_score(t, p), f1_score(t, p),
    // f1_score(t, p, pos_label=0), matthews_corrcoef(t, p)
    #[test]
    fn values_are_scikit_learns() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-15, "{a} {b}");
        close(accuracy_score(&TRUTH, &PREDICTED).unwrap(), 0.75);
        close(balanced_accuracy_score(&TRUTH, &PREDICTED).unwrap(), 0.75);
        close(geometric_mean_score(&TRUTH, &PREDICTED).unwrap(), 0.75);
        close(
            precision_score(&TRUTH, &PREDICTED, N).unwrap(),
            0.8571428571428571,
        );
        close(precision_score(&TRUTH, &PREDICTED, P).unwrap(), 0.6);
        close(f1_score(&TRUTH, &PREDICTED, P).unwrap(), 0.6666666666666666);
        close(f1_score(&TRUTH, &PREDICTED, N).unwrap(), 0.8);
        close(
            matthews_corrcoef(&TRUTH, &PREDICTED).unwrap(),
            0.47809144373375745,
        );
        close(
            predicted_negative_condition_rate(&PREDICTED).unwrap(),
            5.0 / 12.0,
        );
    }

    #[test]
    fn the_undefined_is_named_not_guessed() {
        use EvaluationError as E;
        assert!(matches!(
            precision_score(&[P, N], &[P, P], N),
            Err(E::NeverPredicted { class: N })
        ));
        assert!(matches!(
            balanced_accuracy_score(&[N, N], &[P, N]),
            Err(E::MissingClass { missing: P, .. })
        ));
        assert!(matches!(
            geometric_mean_score(&[P, P], &[P, N]),
            Err(E::MissingClass { missing: N, .. })
        ));
        assert!(matches!(
            recall_score(&[P], &[P], N),
            Err(E::MissingClass { missing: N, .. })
        ));
        assert!(matches!(accuracy_score(&[], &[]), Err(E::Empty { .. })));
        assert!(matches!(
            accuracy_score(&[P, N], &[P]),
            Err(E::LengthMismatch {
                expected: 2,
                found: 1,
                ..
            })
        ));
        assert_eq!(f1_score(&[N, N], &[N, N], P).unwrap(), 0.0);
        assert_eq!(matthews_corrcoef(&[P, N], &[P, P]).unwrap(), 0.0);
    }
}
