//! Where the score distributions of the classes are furthest apart.

use fuzzysvm_core::Label;

use super::{DescendingTies, descending_groups, totals};
use crate::EvaluationError;

/// The widest gap between the score distributions of the two classes.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct KsPoint {
    /// The gap: [`ks_statistic`](crate::ks_statistic).
    pub value: f64,
    /// The score at which it is that wide: the highest score that is counted.
    pub at: f64,
    /// Share of the positives that score at most that.
    pub positive: f64,
    /// Share of the negatives that do.
    pub negative: f64,
}

/// The Kolmogorov–Smirnov statistic with the score at which the distributions differ most; of equally wide gaps the one at
/// the highest score. Scores that are all equal have a gap of 0, at their value.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let point = fuzzysvm_evaluation::ks_point(&[P, P, N, P, N], &[4.0, 3.0, 2.0, 1.0, 0.0])?;
/// // At most 2 score both negatives and one of the three positives.
/// assert_eq!((point.at, point.negative, point.positive), (2.0, 1.0, 1.0 / 3.0));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`ks_statistic`](crate::ks_statistic).
pub fn ks_point(truth: &[Label], scores: &[f64]) -> Result<KsPoint, EvaluationError> {
    let groups = descending_groups(truth, scores)?;
    let (p, n) = totals(&groups, "the KS statistic", true)?;
    let ties = DescendingTies::of(scores);
    let firsts: Vec<f64> = ties.groups().map(|group| scores[group[0]]).collect();
    let mut point = KsPoint {
        value: 0.0,
        at: firsts[0],
        positive: 1.0,
        negative: 1.0,
    };
    let (mut positives, mut negatives) = (0usize, 0usize);
    let (all_p, all_n) = (p as u128, n as u128);
    // The gap times p·n, a whole number: equal gaps are equal.
    let mut widest = 0;
    // The cut is below a group; below the last one there is nothing.
    for ((gp, gn), &below) in groups.iter().zip(&firsts[1..]) {
        positives += gp;
        negatives += gn;
        let (above_p, above_n) = (positives as f64 / p, negatives as f64 / n);
        let gap = (positives as u128 * all_n).abs_diff(negatives as u128 * all_p);
        if gap > widest {
            widest = gap;
            point = KsPoint {
                value: (above_p - above_n).abs(),
                at: below,
                positive: (p - positives as f64) / p,
                negative: (n - negatives as f64) / n,
            };
        }
    }
    Ok(point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ks_statistic;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    // scipy: ks_2samp([4, 3, 1], [2, 0, 0.5]): statistic 2/3, statistic_location 2.0
    #[test]
    fn the_place_is_scipys() {
        let point = ks_point(&[P, P, N, P, N, N], &[4.0, 3.0, 2.0, 1.0, 0.0, 0.5]).unwrap();
        assert!((point.value - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(point.at, 2.0);
    }

    #[test]
    fn equal_scores_have_no_gap() {
        let point = ks_point(&[P, N, N], &[1.5; 3]).unwrap();
        assert_eq!((point.value, point.at), (0.0, 1.5));
        assert!(ks_point(&[P, P], &[0.0, 1.0]).is_err());
    }

    proptest! {
        #[test]
        fn the_gap_is_the_statistic_and_lies_at_the_score(
            v in proptest::collection::vec((any::<bool>(), -9i8..9), 2..60),
        ) {
            let truth: Vec<Label> = v.iter().map(|s| if s.0 { P } else { N }).collect();
            let scores: Vec<f64> = v.iter().map(|s| f64::from(s.1)).collect();
            if let Ok(point) = ks_point(&truth, &scores) {
                prop_assert!((point.value - ks_statistic(&truth, &scores).unwrap()).abs() < 1e-15);
                let share = |class: bool| {
                    let of: Vec<f64> = v.iter().filter(|s| s.0 == class).map(|s| f64::from(s.1)).collect();
                    of.iter().filter(|&&s| s <= point.at).count() as f64 / of.len() as f64
                };
                prop_assert!((share(true) - point.positive).abs() < 1e-12);
                prop_assert!((share(false) - point.negative).abs() < 1e-12);
            }
        }
    }
}
