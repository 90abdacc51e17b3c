//! Stratified k-fold.

use fuzzysvm_core::{Label, ParamError};

use super::{Fold, generator, shuffled_classes};
use crate::EvaluationError;

/// Deals the rows of each class, shuffled, into `n_folds` test parts like cards: first the positive
/// class, then the negative one from where the positive one ended. So the test parts differ by at most
/// one row in size and by at most one row of each class.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// use fuzzysvm_evaluation::stratified_k_fold;
/// let y = [P, N, N, P, N, N, N, N];
/// let folds = stratified_k_fold(&y, 2, 1)?;
/// assert!(folds.iter().all(|f| f.test.len() == 4 && f.test.iter().filter(|&&i| y[i] == P).count() == 1));
/// let error = stratified_k_fold(&y, 3, 1).unwrap_err();
/// assert_eq!(error.to_string(), "the positive class has 2 samples, but the split needs at least 3");
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where there are fewer than two folds, or a class has fewer samples than there are folds: some test
/// part would lack it.
pub fn stratified_k_fold(
    y: &[Label],
    n_folds: usize,
    seed: u64,
) -> Result<Vec<Fold>, EvaluationError> {
    one(y, n_folds, seed, 0)
}

/// [`stratified_k_fold`] repeated `n_repeats` times, each with its own shuffle; the folds of the first
/// repetition come first and are those of [`stratified_k_fold`].
///
/// # Errors
/// As [`stratified_k_fold`], and where `n_repeats` is 0.
pub fn repeated_stratified_k_fold(
    y: &[Label],
    n_folds: usize,
    n_repeats: usize,
    seed: u64,
) -> Result<Vec<Fold>, EvaluationError> {
    ParamError::check(
        n_repeats > 0,
        "n_repeats",
        n_repeats as f64,
        "must be at least 1",
    )?;
    let mut all = Vec::new();
    for repeat in 0..n_repeats {
        all.extend(one(y, n_folds, seed, repeat as u64)?);
    }
    Ok(all)
}

fn one(y: &[Label], n_folds: usize, seed: u64, stream: u64) -> Result<Vec<Fold>, EvaluationError> {
    ParamError::check(
        n_folds >= 2,
        "n_folds",
        n_folds as f64,
        "must be at least 2",
    )?;
    let classes = shuffled_classes(y, &mut generator(seed, stream));
    for (class, rows) in &classes {
        if rows.len() < n_folds {
            return Err(EvaluationError::ClassTooSmall {
                class: *class,
                count: rows.len(),
                needed: n_folds,
            });
        }
    }
    let mut fold_of = vec![0usize; y.len()];
    for (card, &row) in classes.iter().flat_map(|(_, rows)| rows).enumerate() {
        fold_of[row] = card % n_folds;
    }
    Ok((0..n_folds)
        .map(|fold| {
            let (test, train) = (0..y.len()).partition(|&row| fold_of[row] == fold);
            Fold { train, test }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EvaluationError as E;
    use fuzzysvm_core::ClassCounts;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    #[test]
    fn too_few_folds_or_samples_are_named() {
        assert!(matches!(
            stratified_k_fold(&[P, P, N, N], 1, 0),
            Err(E::Param(ParamError { name, .. })) if name == "n_folds"
        ));
        assert!(matches!(
            stratified_k_fold(&[P, P, P, N], 2, 0),
            Err(E::ClassTooSmall {
                class: N,
                count: 1,
                needed: 2
            })
        ));
        assert!(matches!(
            stratified_k_fold(&[], 2, 0),
            Err(E::ClassTooSmall {
                class: P,
                count: 0,
                needed: 2
            })
        ));
        assert!(repeated_stratified_k_fold(&[P, P, N, N], 2, 0, 0).is_err());
    }

    #[test]
    fn repetitions_differ_and_the_first_is_the_plain_one() {
        let y: Vec<Label> = (0..60).map(|i| if i % 4 == 0 { P } else { N }).collect();
        let all = repeated_stratified_k_fold(&y, 5, 3, 7).unwrap();
        assert_eq!(all.len(), 15);
        assert_eq!(all[..5], stratified_k_fold(&y, 5, 7).unwrap()[..]);
        assert_ne!(all[..5], all[5..10]);
        assert_ne!(stratified_k_fold(&y, 5, 8).unwrap()[..], all[..5]);
    }

    proptest! {
        #[test]
        fn every_row_is_tested_once_and_classes_are_even(
            y in proptest::collection::vec(any::<bool>(), 4..120),
            n_folds in 2usize..7,
            seed in any::<u64>(),
        ) {
            let y: Vec<Label> = y.into_iter().map(|p| if p { P } else { N }).collect();
            let counts = ClassCounts::of(&y);
            let folds = match stratified_k_fold(&y, n_folds, seed) {
                Ok(folds) => folds,
                Err(_) => {
                    prop_assert!(counts.positive < n_folds || counts.negative < n_folds);
                    return Ok(());
                }
            };
            let mut times = vec![0; y.len()];
            for fold in &folds {
                fold.test.iter().for_each(|&i| times[i] += 1);
                let mut both = [fold.train.clone(), fold.test.clone()].concat();
                both.sort_unstable();
                prop_assert!(both.iter().copied().eq(0..y.len()));
                let positive = fold.test.iter().filter(|&&i| y[i] == P).count();
                prop_assert!(positive == counts.positive / n_folds || positive == counts.positive.div_ceil(n_folds));
                prop_assert!(fold.test.len() == y.len() / n_folds || fold.test.len() == y.len().div_ceil(n_folds));
                prop_assert!(positive > 0 && positive < fold.test.len());
            }
            prop_assert!(times.iter().all(|&t| t == 1));
        }
    }
}
