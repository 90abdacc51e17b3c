//! Out-of-fold decision values of any learner.

use std::sync::Arc;

use fuzzysvm_core::{Classifier, Learner, Samples};

use crate::{EvaluationError, Fold};

/// Fits `learner` on the training part of each fold and scores its test part: the decision values of
/// each fold in the order of its `test` rows. The folds may overlap (repeated draws).
///
/// # Errors
/// Where a fold names a row that is not there or tests on a row that it trains on, or a fit or a
/// prediction fails; each names the fold.
pub fn fold_decisions<L: Learner>(
    learner: &L,
    samples: Samples<'_>,
    sample_weight: Option<&[f64]>,
    folds: &[Fold],
) -> Result<Vec<Vec<f64>>, EvaluationError> {
    let n = samples.n_samples();
    if let Some(weights) = sample_weight {
        crate::metrics::check_lengths(samples.y(), "weights", weights.len())?;
    }
    let mut all = Vec::with_capacity(folds.len());
    for (fold, parts) in folds.iter().enumerate() {
        if let Some(&row) = parts.train.iter().chain(&parts.test).find(|&&row| row >= n) {
            return Err(EvaluationError::NoSuchRow { fold, row, n });
        }
        let mut trained = vec![false; n];
        parts.train.iter().for_each(|&row| trained[row] = true);
        if let Some(&row) = parts.test.iter().find(|&&row| trained[row]) {
            return Err(EvaluationError::TrainedOnTestRow { fold, row });
        }
        let x = samples.x().select_rows(&parts.train);
        let y: Vec<_> = parts.train.iter().map(|&i| samples.y()[i]).collect();
        let weights: Option<Vec<f64>> =
            sample_weight.map(|w| parts.train.iter().map(|&i| w[i]).collect());
        let model = learner
            .fit(Samples::new(x.view(), &y)?, weights.as_deref())
            .map_err(|e| EvaluationError::Fit {
                fold,
                source: Arc::new(e),
            })?;
        let test = samples.x().select_rows(&parts.test);
        all.push(
            model
                .decision_function(test.view())
                .map_err(|source| EvaluationError::Predict { fold, source })?,
        );
    }
    Ok(all)
}

/// One out-of-fold decision value a sample: each is scored by the model that did not see it.
///
/// ```
/// use fuzzysvm_core::{Classifier, Label, Learner, Matrix, PredictError, Samples, SamplesError};
/// use fuzzysvm_evaluation::{cross_validate, roc_auc_score, stratified_k_fold};
///
/// /// Scores by the distance from the mean of the negative class in the one feature.
/// struct Centre;
/// struct Fitted(f64);
/// impl Classifier for Fitted {
///     fn n_features(&self) -> usize { 1 }
///     fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
///         Ok(x.rows().map(|r| r[0] - self.0).collect())
///     }
/// }
/// impl Learner for Centre {
///     type Model = Fitted;
///     type Error = SamplesError;
///     fn fit(&self, train: Samples<'_>, _: Option<&[f64]>) -> Result<Fitted, SamplesError> {
///         let n = train.require_both_classes()?.negative as f64;
///         let sum: f64 = train.x().rows().zip(train.y()).filter(|(_, y)| !y.is_positive()).map(|(r, _)| r[0]).sum();
///         Ok(Fitted(sum / n))
///     }
/// }
///
/// let data: Vec<f64> = (0..12).map(f64::from).collect();
/// let y: Vec<_> = (0..12).map(|i| if i >= 9 { Label::Positive } else { Label::Negative }).collect();
/// let samples = Samples::new(Matrix::new(&data, 1)?, &y)?;
/// let folds = stratified_k_fold(&y, 3, 0)?;
/// let decision = cross_validate(&Centre, samples, &folds)?;
/// assert!(roc_auc_score(&y, &decision)? > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`fold_decisions`], and where the test parts do not hold every row exactly once.
pub fn cross_validate<L: Learner>(
    learner: &L,
    samples: Samples<'_>,
    folds: &[Fold],
) -> Result<Vec<f64>, EvaluationError> {
    let n = samples.n_samples();
    let mut times = vec![0usize; n];
    for (fold, parts) in folds.iter().enumerate() {
        for &row in &parts.test {
            *times
                .get_mut(row)
                .ok_or(EvaluationError::NoSuchRow { fold, row, n })? += 1;
        }
    }
    if let Some(row) = times.iter().position(|&t| t != 1) {
        return Err(EvaluationError::NotAPartition {
            row,
            times: times[row],
        });
    }
    let mut decision = vec![0.0; n];
    let values = fold_decisions(learner, samples, None, folds)?;
    for (parts, values) in folds.iter().zip(values) {
        for (&row, value) in parts.test.iter().zip(values) {
            decision[row] = value;
        }
    }
    Ok(decision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{self, Negative as N, Positive as P};
    use fuzzysvm_core::{Matrix, PredictError, SamplesError};

    /// Remembers the sum of its weighted training values; scores a row by value + sum.
    struct SumOfTraining;
    struct Sum(f64);
    impl Classifier for Sum {
        fn n_features(&self) -> usize {
            1
        }
        fn decision_function(&self, x: Matrix<'_>) -> Result<Vec<f64>, PredictError> {
            Ok(x.rows().map(|r| r[0] + self.0).collect())
        }
    }
    impl Learner for SumOfTraining {
        type Model = Sum;
        type Error = SamplesError;
        fn fit(&self, train: Samples<'_>, w: Option<&[f64]>) -> Result<Sum, SamplesError> {
            train.require_both_classes()?;
            Ok(Sum(train
                .x()
                .rows()
                .enumerate()
                .map(|(i, r)| r[0] * w.map_or(1.0, |w| w[i]))
                .sum()))
        }
    }

    const X: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];
    const Y: [Label; 4] = [P, N, P, N];

    fn folds() -> Vec<Fold> {
        vec![
            Fold {
                train: vec![2, 3],
                test: vec![0, 1],
            },
            Fold {
                train: vec![0, 1],
                test: vec![2, 3],
            },
        ]
    }

    #[test]
    fn a_row_is_scored_by_the_model_that_did_not_see_it() {
        let samples = Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap();
        assert_eq!(
            cross_validate(&SumOfTraining, samples, &folds()).unwrap(),
            [1101.0, 1110.0, 111.0, 1011.0]
        );
        assert_eq!(
            fold_decisions(
                &SumOfTraining,
                samples,
                Some(&[2.0, 1.0, 3.0, 0.5]),
                &folds()
            )
            .unwrap(),
            [vec![801.0, 810.0], vec![112.0, 1012.0]]
        );
    }

    #[test]
    fn folds_that_do_not_fit_and_fits_that_fail_are_located() {
        use EvaluationError as E;
        let samples = Samples::new(Matrix::new(&X, 1).unwrap(), &Y).unwrap();
        let run = |folds: &[Fold]| cross_validate(&SumOfTraining, samples, folds);
        let mut f = folds();
        f[1].test[1] = 4;
        assert!(matches!(
            run(&f),
            Err(E::NoSuchRow {
                fold: 1,
                row: 4,
                n: 4
            })
        ));
        f[1].test[1] = 0;
        assert!(matches!(
            run(&f),
            Err(E::NotAPartition { row: 0, times: 2 })
        ));
        let mut f = folds();
        f[0].train[0] = 9;
        assert!(matches!(
            run(&f),
            Err(E::NoSuchRow {
                fold: 0,
                row: 9,
                ..
            })
        ));
        let mut f = folds();
        f[1].train.push(3);
        assert!(matches!(
            run(&f),
            Err(E::TrainedOnTestRow { fold: 1, row: 3 })
        ));
        let mut f = folds();
        f[1].train = vec![1];
        assert!(matches!(run(&f), Err(E::Fit { fold: 1, .. })));
        f[1].train = vec![];
        assert!(matches!(run(&f), Err(E::Samples(SamplesError::Empty))));
        assert!(matches!(
            fold_decisions(&SumOfTraining, samples, Some(&[1.0]), &folds()),
            Err(E::LengthMismatch {
                what: "weights",
                ..
            })
        ));
    }
}
