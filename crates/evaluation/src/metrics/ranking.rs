//! Metrics of scores: how well they rank the positive class above the negative one.

use fuzzysvm_core::Label;

use super::check_lengths;
use crate::EvaluationError;
use crate::error::check_finite;

/// The groups of equal scores from the highest down, as (positives, negatives) in each.
fn descending_groups(
    truth: &[Label],
    scores: &[f64],
) -> Result<Vec<(usize, usize)>, EvaluationError> {
    check_lengths(truth, "scores", scores.len())?;
    check_finite("score", scores)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut last = None;
    for i in order {
        // `==`, not the order's own comparison: −0 and 0 are one score.
        if last != Some(scores[i]) {
            groups.push((0, 0));
            last = Some(scores[i]);
        }
        if let Some(group) = groups.last_mut() {
            match truth[i] {
                Label::Positive => group.0 += 1,
                Label::Negative => group.1 += 1,
            }
        }
    }
    Ok(groups)
}

fn totals(
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

/// The scores of the positive and of the negative samples, checked: both classes, finite values.
pub(crate) fn split_scores(
    truth: &[Label],
    scores: &[f64],
    metric: &'static str,
) -> Result<(Vec<f64>, Vec<f64>), EvaluationError> {
    totals(&descending_groups(truth, scores)?, metric, true)?;
    let of = |class| {
        truth
            .iter()
            .zip(scores)
            .filter(move |(l, _)| **l == class)
            .map(|(_, &s)| s)
            .collect()
    };
    Ok((of(Label::Positive), of(Label::Negative)))
}

/// Area under the ROC curve: the probability that a positive sample scores above a negative one, ties
/// counting ½ (Mann–Whitney). Higher scores mean more positive. Counted in whole numbers, so exact up
/// to one division.
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
/// interpolation: scikit-learn's summary of the precision–recall curve of the positive class.
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
/// scorecard industry's measure of separation.
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
