//! Stratified draws of a training and a test part.

use fuzzysvm_core::{ClassCounts, Label, ParamError};

use super::{Fold, generator, shuffled_classes};
use crate::EvaluationError;

/// How many positive samples go into the training and into the test part.
///
/// Together they hold round(n₊ (n_train + n_test)/n) of them, halves up, at least 2 of each class; of
/// these the training part gets its share, rounded the same way, at least 1 of each class. So each part
/// keeps the proportion to within one sample and a half.
fn positives(counts: ClassCounts, n_train: usize, n_test: usize) -> (usize, usize) {
    let n = counts.positive + counts.negative;
    let total = n_train + n_test;
    // round-half-up of a/b in whole numbers
    let round = |a: u128, b: u128| ((2 * a + b) / (2 * b)) as usize;
    let both = round(counts.positive as u128 * total as u128, n as u128).clamp(2, total - 2);
    let train = round(both as u128 * n_train as u128, total as u128);
    // At least one of each class on each side, and no more than the side holds.
    let least = 1.max((both + 1).saturating_sub(n_test));
    let most = (n_train - 1).min(both - 1);
    let train = train.clamp(least, most);
    (train, both - train)
}

/// Draws `n_train` rows to train on and `n_test` others to test on, without replacement, both with the
/// class proportions of `y` (to within one sample and a half, and never without a class).
/// `stream` numbers the trial: equal seeds and streams give equal draws, other streams others.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// use fuzzysvm_evaluation::stratified_draw;
/// let y: Vec<_> = (0..100).map(|i| if i < 12 { P } else { N }).collect();
/// let trial = stratified_draw(&y, 50, 25, 1, 0)?;
/// assert_eq!((trial.train.len(), trial.test.len()), (50, 25));
/// assert_eq!(trial.train.iter().filter(|&&i| y[i] == P).count(), 6);
/// assert_eq!(trial.test.iter().filter(|&&i| y[i] == P).count(), 3);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where a part is smaller than 2, the parts together are larger than `y`, or a class has fewer than 2
/// samples.
pub fn stratified_draw(
    y: &[Label],
    n_train: usize,
    n_test: usize,
    seed: u64,
    stream: u64,
) -> Result<Fold, EvaluationError> {
    for (name, value) in [("n_train", n_train), ("n_test", n_test)] {
        ParamError::check(value >= 2, name, value as f64, "must be at least 2")?;
    }
    if n_train
        .checked_add(n_test)
        .is_none_or(|asked| asked > y.len())
    {
        return Err(EvaluationError::TooFewSamples {
            n: y.len(),
            asked: n_train.saturating_add(n_test),
        });
    }
    let counts = ClassCounts::of(y);
    for (class, count) in [
        (Label::Positive, counts.positive),
        (Label::Negative, counts.negative),
    ] {
        if count < 2 {
            return Err(EvaluationError::ClassTooSmall {
                class,
                count,
                needed: 2,
            });
        }
    }
    let (train_positive, test_positive) = positives(counts, n_train, n_test);
    let take = [
        (train_positive, test_positive),
        (n_train - train_positive, n_test - test_positive),
    ];
    let (mut train, mut test) = (Vec::with_capacity(n_train), Vec::with_capacity(n_test));
    let classes = shuffled_classes(y, &mut generator(seed, stream));
    for ((_, rows), (a, b)) in classes.iter().zip(take) {
        train.extend_from_slice(&rows[..a]);
        test.extend_from_slice(&rows[a..a + b]);
    }
    train.sort_unstable();
    test.sort_unstable();
    Ok(Fold { train, test })
}

/// `n_trials` draws, trial t from stream t.
///
/// # Errors
/// As [`stratified_draw`], and where `n_trials` is 0.
pub fn stratified_draws(
    y: &[Label],
    n_train: usize,
    n_test: usize,
    n_trials: usize,
    seed: u64,
) -> Result<Vec<Fold>, EvaluationError> {
    ParamError::check(
        n_trials > 0,
        "n_trials",
        n_trials as f64,
        "must be at least 1",
    )?;
    (0..n_trials)
        .map(|trial| stratified_draw(y, n_train, n_test, seed, trial as u64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_drawn_is_named() {
        use EvaluationError as E;
        let y = [P, P, N, N, N];
        assert!(matches!(stratified_draw(&y, 1, 2, 0, 0), Err(E::Param(p)) if p.name == "n_train"));
        assert!(matches!(stratified_draw(&y, 2, 0, 0, 0), Err(E::Param(p)) if p.name == "n_test"));
        assert!(matches!(
            stratified_draw(&y, 3, 3, 0, 0),
            Err(E::TooFewSamples { n: 5, asked: 6 })
        ));
        assert!(stratified_draw(&y, usize::MAX, 2, 0, 0).is_err());
        assert!(matches!(
            stratified_draw(&[P, N, N, N], 2, 2, 0, 0),
            Err(E::ClassTooSmall {
                class: P,
                count: 1,
                needed: 2
            })
        ));
    }

    #[test]
    fn trials_do_not_depend_on_their_number() {
        let y: Vec<Label> = (0..200).map(|i| if i % 8 == 0 { P } else { N }).collect();
        let thirty = stratified_draws(&y, 80, 40, 30, 3).unwrap();
        assert_eq!(
            thirty[..10],
            stratified_draws(&y, 80, 40, 10, 3).unwrap()[..]
        );
        assert_ne!(thirty[0], thirty[1]);
    }

    proptest! {
        #[test]
        fn parts_are_disjoint_sized_and_proportional(
            positive in 2usize..60,
            negative in 2usize..60,
            n_train in 2usize..60,
            n_test in 2usize..60,
            seed in any::<u64>(),
        ) {
            let n = positive + negative;
            prop_assume!(n_train + n_test <= n);
            let y: Vec<Label> = (0..n).map(|i| if i < positive { P } else { N }).collect();
            let fold = stratified_draw(&y, n_train, n_test, seed, 5).unwrap();
            prop_assert_eq!(fold.train.len(), n_train);
            prop_assert_eq!(fold.test.len(), n_test);
            let mut all = [fold.train.clone(), fold.test.clone()].concat();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), n_train + n_test);
            for part in [&fold.train, &fold.test] {
                let got = part.iter().filter(|&&i| y[i] == P).count();
                prop_assert!(got > 0 && got < part.len());
                let want = part.len() as f64 * positive as f64 / n as f64;
                // The floor of one of each class may lift a tiny share further than the rounding does.
                let floor = want < 1.0 || part.len() as f64 - want < 1.0;
                prop_assert!(floor || (got as f64 - want).abs() <= 1.5, "{} of {}", got, want);
            }
        }
    }
}
