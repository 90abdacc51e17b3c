//! The table that credit scoring calls gains or lift: groups of equal size by score.

use fuzzysvm_core::{Label, ParamError};

use super::{DescendingTies, check_lengths};
use crate::EvaluationError;
use crate::error::check_finite;

/// Samples of neighboring scores, each with the part of it that lies in the group: below 1 for samples that tie across the
/// edge of a group.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreGroup {
    /// Number of the sample and its part, the highest score first.
    pub members: Vec<(usize, f64)>,
}

impl ScoreGroup {
    /// The parts summed up: how many samples.
    pub fn n(&self) -> f64 {
        self.sum(|_| 1.0)
    }

    /// The sum of a quantity.
    pub fn sum(&self, of: impl Fn(usize) -> f64) -> f64 {
        self.members.iter().map(|&(i, part)| part * of(i)).sum()
    }

    /// The mean of a quantity; not a number in a group without a sample.
    pub fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        self.sum(of) / self.n()
    }
}

/// Cuts the samples into groups of equal size by score, the highest first: group g of G holds the places ⌊gn/G⌋ to
/// ⌊(g + 1)n/G⌋. Samples whose scores tie share their places evenly, so that their order does not matter.
///
/// ```
/// let groups = fuzzysvm_evaluation::score_groups(&[0.1, 0.9, 0.5, 0.5], 2)?;
/// assert_eq!(groups[0].members, [(1, 1.0), (2, 0.5), (3, 0.5)]);
/// assert_eq!(groups[1].members, [(2, 0.5), (3, 0.5), (0, 1.0)]);
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// Where `n_groups` is 0, there is no score, or one is not finite.
pub fn score_groups(scores: &[f64], n_groups: usize) -> Result<Vec<ScoreGroup>, EvaluationError> {
    ParamError::check(
        n_groups > 0,
        "n_groups",
        n_groups as f64,
        "must be at least 1",
    )?;
    if scores.is_empty() {
        return Err(EvaluationError::Empty {
            what: "the list of scores",
        });
    }
    check_finite("score", scores)?;
    let edge = |g: usize| (g as u128 * scores.len() as u128 / n_groups as u128) as usize;
    let mut groups = vec![
        ScoreGroup {
            members: Vec::new()
        };
        n_groups
    ];
    let (mut group, mut start) = (0, 0);
    for tie in DescendingTies::of(scores).groups() {
        let end = start + tie.len();
        let mut members = tie.to_vec();
        members.sort_unstable();
        loop {
            let (from, to) = (start.max(edge(group)), end.min(edge(group + 1)));
            if to > from {
                let part = (to - from) as f64 / tie.len() as f64;
                let shared = members.iter().map(|&i| (i, part));
                groups[group].members.extend(shared);
            }
            if end <= edge(group + 1) {
                break;
            }
            group += 1;
        }
        start = end;
    }
    Ok(groups)
}

/// A row of a [`gains_table`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct GainsRow {
    /// Samples.
    pub n: f64,
    /// Their lowest score.
    pub score_low: f64,
    /// Their highest score.
    pub score_high: f64,
    /// Share of positives among them.
    pub positive_rate: f64,
    /// That over the share of positives among all.
    pub lift: f64,
    /// Share of all positives that are in this group or an earlier one.
    pub cum_positive: f64,
    /// Share of all negatives that are.
    pub cum_negative: f64,
    /// cum_positive − cum_negative.
    pub ks: f64,
}

/// The gains table of scores of which higher ones mean more positive: a row for each of [`score_groups`] that has a sample.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let rows = fuzzysvm_evaluation::gains_table(&[P, P, N, N, P, N, N, N], &[8., 7., 6., 5., 4., 3., 2., 1.], 2)?;
/// assert_eq!((rows[0].positive_rate, rows[0].lift), (0.5, 0.5 / 0.375));
/// assert_eq!((rows[0].cum_positive, rows[0].cum_negative), (2.0 / 3.0, 0.4));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`score_groups`], and where a class is missing.
pub fn gains_table(
    truth: &[Label],
    scores: &[f64],
    n_groups: usize,
) -> Result<Vec<GainsRow>, EvaluationError> {
    check_lengths(truth, "scores", scores.len())?;
    let positive = |i: usize| f64::from(u8::from(truth[i].is_positive()));
    let p = truth.iter().filter(|l| l.is_positive()).count();
    for (count, missing) in [(p, Label::Positive), (truth.len() - p, Label::Negative)] {
        if count == 0 {
            let metric = "the gains table";
            return Err(EvaluationError::MissingClass { missing, metric });
        }
    }
    let base = p as f64 / truth.len() as f64;
    let negatives = (truth.len() - p) as f64;
    let (mut cum_p, mut cum_n) = (0.0, 0.0);
    let groups = score_groups(scores, n_groups)?;
    let rows = groups
        .iter()
        .filter(|g| !g.members.is_empty())
        .map(|group| {
            let (n, positives) = (group.n(), group.sum(positive));
            cum_p += positives;
            cum_n += n - positives;
            let of_group = group.members.iter().map(|&(i, _)| scores[i]);
            let (cum_positive, cum_negative) = (cum_p / p as f64, cum_n / negatives);
            GainsRow {
                n,
                score_low: of_group.clone().fold(f64::INFINITY, f64::min),
                score_high: of_group.fold(f64::NEG_INFINITY, f64::max),
                positive_rate: positives / n,
                lift: positives / n / base,
                cum_positive,
                cum_negative,
                ks: cum_positive - cum_negative,
            }
        });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};
    use proptest::prelude::*;

    // By hand: 10 samples, 4 positive, in 5 groups; the third and fourth scores tie, and so do the sixth and seventh.
    #[test]
    fn a_hand_worked_table() {
        let truth = [P, N, P, N, N, P, N, N, P, N];
        let scores = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2, 0.1, -0.3];
        let rows = gains_table(&truth, &scores, 5).unwrap();
        let column = |of: fn(&GainsRow) -> f64| rows.iter().map(of).collect::<Vec<_>>();
        assert_eq!(column(|r| r.n), [2.0; 5]);
        // Of the third group's places one goes to 0.5, one to half of each of the 0.4s.
        assert_eq!(column(|r| r.positive_rate), [0.5, 0.5, 0.25, 0.25, 0.5]);
        assert_eq!(column(|r| r.score_high), [0.9, 0.7, 0.5, 0.4, 0.1]);
        assert_eq!(column(|r| r.score_low), [0.8, 0.7, 0.4, 0.2, -0.3]);
        assert_eq!(column(|r| r.cum_positive), [0.25, 0.5, 0.625, 0.75, 1.0]);
        for (found, expected) in column(|r| r.ks).iter().zip([
            0.25 - 1.0 / 6.0,
            0.5 - 2.0 / 6.0,
            0.625 - 3.5 / 6.0,
            0.75 - 5.0 / 6.0,
            0.0,
        ]) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
        assert_eq!(rows[0].lift, 0.5 / 0.4);
    }

    #[test]
    fn hostile_input() {
        assert!(gains_table(&[P, P], &[1.0, 2.0], 2).is_err());
        assert!(gains_table(&[P], &[1.0, 2.0], 2).is_err());
        assert!(score_groups(&[1.0], 0).is_err());
        assert!(score_groups(&[], 2).is_err());
        assert!(score_groups(&[f64::NAN], 2).is_err());
        // Fewer samples than groups: one of three has none.
        let few = gains_table(&[P, N], &[1.0, 2.0], 3).unwrap();
        assert_eq!(few.len(), 2);
    }

    proptest! {
        #[test]
        fn every_sample_lies_in_the_groups_once_and_their_order_does_not_matter(
            scores in proptest::collection::vec((-5i8..5).prop_map(f64::from), 1..50), n_groups in 1usize..12,
        ) {
            let groups = score_groups(&scores, n_groups).unwrap();
            let mut parts = vec![0.0; scores.len()];
            for (g, group) in groups.iter().enumerate() {
                let n = (g + 1) * scores.len() / n_groups - g * scores.len() / n_groups;
                prop_assert!((group.n() - n as f64).abs() < 1e-9);
                for &(i, part) in &group.members {
                    parts[i] += part;
                }
            }
            prop_assert!(parts.iter().all(|p| (p - 1.0).abs() < 1e-9));
            let turned: Vec<f64> = scores.iter().rev().copied().collect();
            let again = score_groups(&turned, n_groups).unwrap();
            for (a, b) in groups.iter().zip(&again) {
                let (a, b) = (a.sum(|i| scores[i]), b.sum(|i| turned[i]));
                prop_assert!((a - b).abs() < 1e-9);
            }
        }
    }
}
