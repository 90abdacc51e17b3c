//! Metrics of scores: how well they rank the positive class above the negative one.
//!
//! Scores that are equal but for rounding ([`tied`]) are one score in all of them, and in DeLong's intervals and tests.

use fuzzysvm_core::Label;

use super::check_lengths;
use crate::error::check_finite;
use crate::{EvaluationError, tied};

/// The numbers of the samples by score from the highest down, in groups that tie.
pub(crate) struct DescendingTies {
    order: Vec<usize>,
    /// Where in the order each group ends.
    ends: Vec<usize>,
}

impl DescendingTies {
    /// A group holds what ties with its **first** score. Ties with a neighbor would join any number of scores into one
    /// group, however far apart its ends.
    pub fn of(scores: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let mut ends = Vec::new();
        let mut first = 0;
        for at in 0..order.len() {
            if !tied(scores[order[first]], scores[order[at]]) {
                ends.push(at);
                first = at;
            }
        }
        ends.extend((!order.is_empty()).then_some(order.len()));
        Self { order, ends }
    }

    /// The numbers of the samples of each group, the highest scores first.
    pub fn groups(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.order[start..end])
    }
}

/// The groups of tied scores from the highest down, as (positives, negatives) in each.
pub(crate) fn descending_groups(
    truth: &[Label],
    scores: &[f64],
) -> Result<Vec<(usize, usize)>, EvaluationError> {
    check_lengths(truth, "scores", scores.len())?;
    check_finite("score", scores)?;
    let count = |group: &[usize]| {
        let positive = group.iter().filter(|&&i| truth[i].is_positive()).count();
        (positive, group.len() - positive)
    };
    Ok(DescendingTies::of(scores).groups().map(count).collect())
}

/// Positives and negatives of all groups, where the metric is defined.
pub(crate) fn totals(
    groups: &[(usize, usize)],
    metric: &'static str,
    needs_negative: bool,
) -> Result<(f64, f64), EvaluationError> {
    let (p, n) = groups
        .iter()
        .fold((0, 0), |(p, n), &(gp, gn)| (p + gp, n + gn));
    for (count, needed, missing) in [
        (p, true, Label::Positive),
        (n, needs_negative, Label::Negative),
    ] {
        if needed && count == 0 {
            return Err(EvaluationError::MissingClass { missing, metric });
        }
    }
    Ok((p as f64, n as f64))
}

/// The scores of the positive and of the negative samples, checked: both classes, finite values. Scores that tie are made
/// equal: each is the first of its group.
pub(crate) fn split_scores(
    truth: &[Label],
    scores: &[f64],
    metric: &'static str,
) -> Result<(Vec<f64>, Vec<f64>), EvaluationError> {
    totals(&descending_groups(truth, scores)?, metric, true)?;
    let mut merged = scores.to_vec();
    for group in DescendingTies::of(scores).groups() {
        for &i in group {
            merged[i] = scores[group[0]];
        }
    }
    let of = |class| {
        truth
            .iter()
            .zip(&merged)
            .filter(move |(l, _)| **l == class)
            .map(|(_, &s)| s)
            .collect()
    };
    Ok((of(Label::Positive), of(Label::Negative)))
}

/// Area under the ROC curve: the probability that a positive sample scores above a negative one, ties
/// counting ½ (Mann–Whitney). Higher scores mean more positive. Counted in whole numbers, so exact up
/// to one division. Scores that are equal but for rounding tie ([`tied`](crate::tied)).
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// assert_eq!(fuzzysvm_evaluation::roc_auc_score(&[P, N], &[0.1 + 0.2, 0.3])?, 0.5);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where the lists are empty or not equally long, a score is not finite, or a class is missing.
pub fn roc_auc_score(truth: &[Label], scores: &[f64]) -> Result<f64, EvaluationError> {
    let groups = descending_groups(truth, scores)?;
    let (p, n) = totals(&groups, "the ROC area", true)?;
    let mut above = 0u128;
    // Twice the number of pairs in the right order, so that a tie is the whole number 1.
    let mut twice = 0u128;
    for (gp, gn) in groups {
        twice += 2 * above * gn as u128 + gp as u128 * gn as u128;
        above += gp as u128;
    }
    Ok(twice as f64 / (2.0 * p * n))
}

/// Average precision Σ (R_k − R_{k−1}) P_k over the distinct scores from the highest down, without
/// interpolation: scikit-learn's summary of the precision–recall curve of the positive class. Scores that are equal but for
/// rounding are one score.
///
/// # Errors
/// As [`roc_auc_score`], but the negative class may be missing (the value is then 1).
pub fn average_precision_score(truth: &[Label], scores: &[f64]) -> Result<f64, EvaluationError> {
    let groups = descending_groups(truth, scores)?;
    let (p, _) = totals(&groups, "the average precision", false)?;
    let (mut positives, mut all, mut sum) = (0usize, 0usize, 0.0);
    for (gp, gn) in groups {
        positives += gp;
        all += gp + gn;
        sum += gp as f64 / p * (positives as f64 / all as f64);
    }
    Ok(sum.clamp(0.0, 1.0))
}

/// Kolmogorov–Smirnov distance max_t |F₊(t) − F₋(t)| between the scores of the two classes, the
/// scorecard industry's measure of separation. Scores that are equal but for rounding are one score.
///
/// # Errors
/// As [`roc_auc_score`].
pub fn ks_statistic(truth: &[Label], scores: &[f64]) -> Result<f64, EvaluationError> {
    let groups = descending_groups(truth, scores)?;
    let (p, n) = totals(&groups, "the KS statistic", true)?;
    let (mut positives, mut negatives, mut widest) = (0usize, 0usize, 0.0f64);
    for (gp, gn) in groups {
        positives += gp;
        negatives += gn;
        widest = widest.max((positives as f64 / p - negatives as f64 / n).abs());
    }
    Ok(widest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    const TRUTH: [Label; 10] = [P, N, P, N, N, P, N, N, P, N];
    const SCORES: [f64; 10] = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2, 0.1, -0.3];

    // t = [1,0,1,0,0,1,0,0,1,0]; s = [.9,.8,.7,.7,.5,.4,.4,.2,.1,-.3]; scikit-learn 1.9.1:
    // roc_auc_score(t, s), average_precision_score(t, s);
    // scipy: ks_2samp(s[t == 1], s[t == 0]).statistic
    #[test]
    fn values_are_scikit_learns_and_scipys() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-15, "{a} {b}");
        close(roc_auc_score(&TRUTH, &SCORES).unwrap(), 0.5833333333333333);
        close(
            average_precision_score(&TRUTH, &SCORES).unwrap(),
            0.5932539682539683,
        );
        close(ks_statistic(&TRUTH, &SCORES).unwrap(), 0.25);
    }

    #[test]
    fn all_scores_equal_is_chance() {
        let truth = [P, N, N, N];
        assert_eq!(roc_auc_score(&truth, &[0.0, -0.0, 0.0, 0.0]).unwrap(), 0.5);
        assert_eq!(ks_statistic(&truth, &[1.0; 4]).unwrap(), 0.0);
        assert_eq!(average_precision_score(&truth, &[1.0; 4]).unwrap(), 0.25);
    }

    #[test]
    fn perfect_and_reversed_orders_are_the_ends() {
        let truth = [P, P, N];
        assert_eq!(roc_auc_score(&truth, &[3.0, 2.0, 1.0]).unwrap(), 1.0);
        assert_eq!(roc_auc_score(&truth, &[1.0, 2.0, 3.0]).unwrap(), 0.0);
        assert_eq!(ks_statistic(&truth, &[1.0, 2.0, 3.0]).unwrap(), 1.0);
    }

    #[test]
    fn what_rounding_sets_apart_ties() {
        let truth = [P, N, N, N];
        for scores in [
            [-1.0, -1.0 + 4e-16, -1.0 - 4e-16, -1.0],
            [0.3, 0.1 + 0.2, 0.3, 0.9 / 3.0],
            [1e300 * 0.3, 1e300 * (0.1 + 0.2), 3e299, 3e299],
        ] {
            assert_eq!(roc_auc_score(&truth, &scores).unwrap(), 0.5);
            assert_eq!(ks_statistic(&truth, &scores).unwrap(), 0.0);
            assert_eq!(average_precision_score(&truth, &scores).unwrap(), 0.25);
        }
        for apart in [
            [1.0, 1.0 - 1e-14, 0.5, 0.2],
            [1e-17, -1e-17, -2e-17, -3e-17],
            [1e-320, 0.0, -1e-320, -1.0],
        ] {
            assert_eq!(roc_auc_score(&truth, &apart).unwrap(), 1.0);
        }
    }

    #[test]
    fn a_chain_of_ties_is_not_one_tie() {
        // 2,000 neighbors a unit in the last place apart: the first and the last differ by 4e-13.
        let mut score = 1.0f64;
        let scores: Vec<f64> = (0..2000)
            .map(|_| {
                score = score.next_down();
                score
            })
            .collect();
        let truth: Vec<Label> = (0..2000).map(|i| if i < 1000 { P } else { N }).collect();
        assert!(roc_auc_score(&truth, &scores).unwrap() > 0.999);
        let ties = DescendingTies::of(&scores);
        for group in ties.groups() {
            let (first, last) = (group[0], group[group.len() - 1]);
            assert!(tied(scores[first], scores[last]));
        }
        assert!(ties.ends.len() > 50 && ties.ends.len() < 1000);
    }

    proptest! {
        /// Hundredths are well apart: by their numbers or by values moved by a few units in the last place, one result.
        #[test]
        fn crumbs_do_not_matter(
            v in proptest::collection::vec((any::<bool>(), -30i8..30, -3i8..=3), 2..60),
        ) {
            let truth: Vec<Label> = v.iter().map(|s| if s.0 { P } else { N }).collect();
            let whole: Vec<f64> = v.iter().map(|s| f64::from(s.1)).collect();
            let crumbs: Vec<f64> = v
                .iter()
                .map(|s| f64::from(s.1) / 100.0 * (1.0 + f64::from(s.2) * f64::EPSILON))
                .collect();
            for metric in [roc_auc_score, average_precision_score, ks_statistic] {
                prop_assert_eq!(metric(&truth, &whole).ok(), metric(&truth, &crumbs).ok());
            }
        }

        /// Scores well apart: the area is that of the definition, pair by pair.
        #[test]
        fn the_area_counts_pairs(
            v in proptest::collection::vec((any::<bool>(), -1e3f64..1e3), 2..40),
        ) {
            let of = |class: bool| v.iter().filter(move |s| s.0 == class).map(|s| s.1);
            let (p, n) = (of(true).count(), of(false).count());
            let won: f64 = of(true)
                .flat_map(|a| of(false).map(move |b| if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 }))
                .sum();
            let truth: Vec<Label> = v.iter().map(|s| if s.0 { P } else { N }).collect();
            let scores: Vec<f64> = v.iter().map(|s| s.1).collect();
            if p > 0 && n > 0 {
                let area = roc_auc_score(&truth, &scores).unwrap();
                prop_assert!((area - won / (p * n) as f64).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn hostile_scores_are_refused_where_they_stand() {
        use EvaluationError as E;
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(
                roc_auc_score(&[P, N], &[0.0, bad]),
                Err(E::NotFinite { index: 1, .. })
            ));
        }
        assert!(matches!(
            roc_auc_score(&[N, N], &[0.0, 1.0]),
            Err(E::MissingClass { missing: P, .. })
        ));
        assert!(matches!(
            ks_statistic(&[P, P], &[0.0, 1.0]),
            Err(E::MissingClass { missing: N, .. })
        ));
        assert!(matches!(
            average_precision_score(&[N], &[0.0]),
            Err(E::MissingClass { missing: P, .. })
        ));
        assert_eq!(average_precision_score(&[P], &[0.0]).unwrap(), 1.0);
        assert!(matches!(roc_auc_score(&[], &[]), Err(E::Empty { .. })));
        assert!(matches!(
            roc_auc_score(&[P], &[]),
            Err(E::LengthMismatch { .. })
        ));
        assert_eq!(roc_auc_score(&[P, N], &[1e308, -1e308]).unwrap(), 1.0);
    }
}
