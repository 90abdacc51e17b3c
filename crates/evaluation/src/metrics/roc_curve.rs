//! The ROC curve.

use fuzzysvm_core::Label;

use super::{DescendingTies, descending_groups, totals};
use crate::EvaluationError;

/// The points of a ROC curve, from (0, 0) to (1, 1).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RocCurve {
    /// False positive rates, ascending.
    pub fpr: Vec<f64>,
    /// True positive rates, ascending.
    pub tpr: Vec<f64>,
    /// The score from which on samples count as positive; ∞ at the first point, where none does.
    pub thresholds: Vec<f64>,
}

/// The ROC curve of scores of which higher ones mean more positive: a point for every distinct score, as scikit-learn's
/// `roc_curve` with `drop_intermediate=False`. The area under its straight lines is [`roc_auc_score`](crate::roc_auc_score).
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let curve = fuzzysvm_evaluation::roc_curve(&[P, N, P, N], &[0.9, 0.7, 0.7, 0.1])?;
/// assert_eq!((curve.fpr.as_slice(), curve.tpr.as_slice()), (&[0.0, 0.0, 0.5, 1.0][..], &[0.0, 0.5, 1.0, 1.0][..]));
/// assert_eq!(curve.tpr_at(0.25), 0.75);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`roc_auc_score`](crate::roc_auc_score).
pub fn roc_curve(truth: &[Label], scores: &[f64]) -> Result<RocCurve, EvaluationError> {
    let groups = descending_groups(truth, scores)?;
    let (p, n) = totals(&groups, "the ROC curve", true)?;
    let ties = DescendingTies::of(scores);
    let firsts = ties.groups().map(|group| scores[group[0]]);
    let points = rates(groups.iter().copied(), p, n);
    Ok(RocCurve {
        thresholds: std::iter::once(f64::INFINITY).chain(firsts).collect(),
        fpr: points.iter().map(|point| point.0).collect(),
        tpr: points.iter().map(|point| point.1).collect(),
    })
}

/// (false, true) positive rates after each group of (positives, negatives), from (0, 0) on.
pub(crate) fn rates(
    groups: impl Iterator<Item = (usize, usize)>,
    p: f64,
    n: f64,
) -> Vec<(f64, f64)> {
    let (mut positives, mut negatives) = (0, 0);
    let mut points = vec![(0.0, 0.0)];
    points.extend(groups.map(|(gp, gn)| {
        positives += gp;
        negatives += gn;
        (negatives as f64 / n, positives as f64 / p)
    }));
    points
}

/// The true positive rate at a false positive rate; `points` begin at 0 and end at 1.
pub(crate) fn tpr_at(points: &[(f64, f64)], fpr: f64) -> f64 {
    let after = points.partition_point(|point| point.0 <= fpr);
    match (
        points[..after].last(),
        points.get(after).filter(|_| after > 0),
    ) {
        (Some(&(x, y)), Some(&(x1, y1))) => y + (fpr - x) / (x1 - x) * (y1 - y),
        (Some(&(_, y)), None) => y,
        (None, _) => 0.0,
    }
}

impl RocCurve {
    /// The true positive rate at a false positive rate: on the straight line between the points, and where the curve
    /// rises straight up the upper end.
    pub fn tpr_at(&self, fpr: f64) -> f64 {
        let points: Vec<_> = self
            .fpr
            .iter()
            .copied()
            .zip(self.tpr.iter().copied())
            .collect();
        tpr_at(&points, fpr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roc_auc_score;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    // t = [1,0,1,0,0,1,0,0,1,0]; s = [.9,.8,.7,.7,.5,.4,.4,.2,.1,-.3]; scikit-learn 1.9.1:
    // roc_curve(t, s, drop_intermediate=False)
    #[test]
    fn points_are_scikit_learns() {
        let truth = [P, N, P, N, N, P, N, N, P, N];
        let scores = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2, 0.1, -0.3];
        let curve = roc_curve(&truth, &scores).unwrap();
        let (sixth, third) = (1.0 / 6.0, 1.0 / 3.0);
        let fpr = [
            0.0,
            0.0,
            sixth,
            third,
            0.5,
            4.0 / 6.0,
            5.0 / 6.0,
            5.0 / 6.0,
            1.0,
        ];
        assert_eq!(curve.fpr, fpr);
        assert_eq!(curve.tpr, [0.0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0]);
        let thresholds = [f64::INFINITY, 0.9, 0.8, 0.7, 0.5, 0.4, 0.2, 0.1, -0.3];
        assert_eq!(curve.thresholds, thresholds);
        // The upper end of a rise, and half way along a slope.
        assert_eq!(
            (
                curve.tpr_at(0.0),
                curve.tpr_at(5.0 / 6.0),
                curve.tpr_at(1.0)
            ),
            (0.25, 1.0, 1.0)
        );
        assert!((curve.tpr_at(0.25) - 0.375).abs() < 1e-15);
    }

    #[test]
    fn a_missing_class_has_no_curve() {
        assert!(roc_curve(&[P, P], &[0.0, 1.0]).is_err());
        assert!(roc_curve(&[P, N], &[0.0, f64::NAN]).is_err());
    }

    proptest! {
        #[test]
        fn the_area_under_the_points_is_the_area(
            v in proptest::collection::vec((any::<bool>(), -9i8..9), 2..60),
        ) {
            let truth: Vec<Label> = v.iter().map(|s| if s.0 { P } else { N }).collect();
            let scores: Vec<f64> = v.iter().map(|s| f64::from(s.1)).collect();
            if let Ok(curve) = roc_curve(&truth, &scores) {
                let area: f64 = (1..curve.fpr.len())
                    .map(|i| (curve.fpr[i] - curve.fpr[i - 1]) * (curve.tpr[i] + curve.tpr[i - 1]) / 2.0)
                    .sum();
                prop_assert!((area - roc_auc_score(&truth, &scores).unwrap()).abs() < 1e-12);
                let grid: Vec<f64> = (0..=20).map(|i| curve.tpr_at(f64::from(i) / 20.0)).collect();
                prop_assert!(grid.windows(2).all(|w| w[0] <= w[1]));
                prop_assert!(grid[20] == 1.0);
            }
        }
    }
}
