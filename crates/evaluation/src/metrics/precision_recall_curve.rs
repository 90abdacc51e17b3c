//! The precision–recall curve.

use fuzzysvm_core::Label;

use super::{DescendingTies, descending_groups, totals};
use crate::EvaluationError;

/// The points of a precision–recall curve of the positive class, from the highest score down.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PrecisionRecallCurve {
    /// Share of the positives that score at least the threshold, ascending to 1.
    pub recall: Vec<f64>,
    /// Share of positives among what scores at least the threshold.
    pub precision: Vec<f64>,
    /// The distinct scores, descending.
    pub thresholds: Vec<f64>,
}

/// The precision–recall curve of scores of which higher ones mean more positive: a point for every distinct score, as
/// scikit-learn's `precision_recall_curve` read from its end, without the point (0, 1) that is appended there.
///
/// Between two points there is no straight line (Davis & Goadrich 2006, doi:10.1145/1143844.1143874): the curve has
/// steps, and the area under them is [`average_precision_score`](crate::average_precision_score).
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let curve = fuzzysvm_evaluation::precision_recall_curve(&[P, N, P, N], &[0.9, 0.7, 0.6, 0.1])?;
/// assert_eq!(curve.recall, [0.5, 0.5, 1.0, 1.0]);
/// assert_eq!(curve.precision, [1.0, 0.5, 2.0 / 3.0, 0.5]);
/// assert_eq!(curve.precision_at(0.6), 2.0 / 3.0);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`average_precision_score`](crate::average_precision_score).
pub fn precision_recall_curve(
    truth: &[Label],
    scores: &[f64],
) -> Result<PrecisionRecallCurve, EvaluationError> {
    let groups = descending_groups(truth, scores)?;
    let (p, _) = totals(&groups, "the precision–recall curve", false)?;
    let ties = DescendingTies::of(scores);
    let points = shares(groups.iter().copied(), p);
    Ok(PrecisionRecallCurve {
        thresholds: ties.groups().map(|group| scores[group[0]]).collect(),
        recall: points.iter().map(|point| point.0).collect(),
        precision: points.iter().map(|point| point.1).collect(),
    })
}

/// (recall, precision) after each group of (positives, negatives); groups without a sample have no point.
pub(crate) fn shares(groups: impl Iterator<Item = (usize, usize)>, p: f64) -> Vec<(f64, f64)> {
    let (mut positives, mut all) = (0, 0);
    groups
        .filter(|&(gp, gn)| gp + gn > 0)
        .map(|(gp, gn)| {
            positives += gp;
            all += gp + gn;
            (positives as f64 / p, positives as f64 / all as f64)
        })
        .collect()
}

/// The precision at the first of the points whose recall is at least so great, and above 0.
pub(crate) fn precision_at(points: &[(f64, f64)], recall: f64) -> f64 {
    let at = points.partition_point(|point| point.0 < recall || point.0 == 0.0);
    points.get(at).or(points.last()).map_or(0.0, |p| p.1)
}

impl PrecisionRecallCurve {
    /// The precision at the highest threshold whose recall is at least so great, and above 0: what scores above all
    /// positives has no precision to speak of.
    pub fn precision_at(&self, recall: f64) -> f64 {
        let points = self.recall.iter().copied();
        let points: Vec<_> = points.zip(self.precision.iter().copied()).collect();
        precision_at(&points, recall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::average_precision_score;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    // t = [1,0,1,0,0,1,0,0,1,0]; s = [.9,.8,.7,.7,.5,.4,.4,.2,.1,-.3]; scikit-learn 1.9.1:
    // precision_recall_curve(t, s), reversed, without its last point (1, 0)
    #[test]
    fn points_are_scikit_learns() {
        let truth = [P, N, P, N, N, P, N, N, P, N];
        let scores = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2, 0.1, -0.3];
        let curve = precision_recall_curve(&truth, &scores).unwrap();
        assert_eq!(curve.recall, [0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1.0, 1.0]);
        let precision = [1.0, 0.5, 0.5, 0.4, 3.0 / 7.0, 0.375, 4.0 / 9.0, 0.4];
        assert_eq!(curve.precision, precision);
        assert_eq!(curve.thresholds, [0.9, 0.8, 0.7, 0.5, 0.4, 0.2, 0.1, -0.3]);
        for (recall, expected) in [
            (0.0, 1.0),
            (0.25, 1.0),
            (0.26, 0.5),
            (0.75, 3.0 / 7.0),
            (1.0, 4.0 / 9.0),
        ] {
            assert_eq!(curve.precision_at(recall), expected, "{recall}");
        }
    }

    #[test]
    fn at_no_recall_it_is_that_of_the_first_positive() {
        let curve = precision_recall_curve(&[N, N, P, N, P], &[5.0, 4.0, 3.0, 2.0, 1.0]).unwrap();
        assert_eq!(curve.precision[0], 0.0);
        assert_eq!(curve.precision_at(0.0), 1.0 / 3.0);
    }

    #[test]
    fn without_a_positive_there_is_no_curve() {
        assert!(precision_recall_curve(&[N, N], &[0.0, 1.0]).is_err());
        let all = precision_recall_curve(&[P, P], &[0.0, 1.0]).unwrap();
        assert_eq!(all.precision, [1.0, 1.0]);
    }

    proptest! {
        #[test]
        fn the_area_under_the_steps_is_the_average_precision(
            v in proptest::collection::vec((any::<bool>(), -9i8..9), 1..60),
        ) {
            let truth: Vec<Label> = v.iter().map(|s| if s.0 { P } else { N }).collect();
            let scores: Vec<f64> = v.iter().map(|s| f64::from(s.1)).collect();
            if let Ok(curve) = precision_recall_curve(&truth, &scores) {
                let before = std::iter::once(0.0).chain(curve.recall.iter().copied());
                let area: f64 = curve.recall.iter().zip(before).zip(&curve.precision).map(|((r, b), p)| (r - b) * p).sum();
                prop_assert!((area - average_precision_score(&truth, &scores).unwrap()).abs() < 1e-12);
            }
        }
    }
}
