//! Bootstrap bands of the curves of a score.

use fuzzysvm_core::{Label, ParamError};

use super::bootstrap::draw;
use super::check_level;
use super::quantile::of_sorted;
use crate::EvaluationError;
use crate::metrics::{
    DescendingTies, descending_groups, precision_at, rates, shares, totals, tpr_at,
};

/// Lower and upper end.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Band {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// Percentile bootstrap bands of the ROC and precision–recall curves, point by point, and of the figures that sum them up.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CurveBands {
    /// Of the true positive rate at each false positive rate of the grid.
    pub tpr: Vec<Band>,
    /// Of the precision at each recall of the grid.
    pub precision: Vec<Band>,
    /// Of [`roc_auc_score`](crate::roc_auc_score).
    pub roc_auc: Band,
    /// Of [`average_precision_score`](crate::average_precision_score).
    pub average_precision: Band,
    /// Of [`ks_statistic`](crate::ks_statistic).
    pub ks: Band,
    /// Resamples with both classes, on which the bands rest.
    pub n_defined: usize,
}

/// Bands of the curves at a grid of rates, from resamples of the samples: those of
/// [`bootstrap_interval`](crate::bootstrap_interval) with the same seed. Vertical averaging of Fawcett (2006), Pattern Recognition
/// Letters 27, doi:10.1016/j.patrec.2005.10.010, with the percentiles of the resamples. The scores are sorted once.
///
/// ```
/// use fuzzysvm_core::Label::{Negative as N, Positive as P};
/// let (truth, scores) = ([P, P, N, P, N, N], [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
/// let bands = fuzzysvm_evaluation::curve_bands(&truth, &scores, &[0.0, 0.5, 1.0], 200, 0.95, 1)?;
/// assert!(bands.tpr[1].lower < bands.tpr[1].upper);
/// assert_eq!((bands.tpr[2].lower, bands.roc_auc.upper), (1.0, 1.0));
/// # Ok::<(), fuzzysvm_evaluation::EvaluationError>(())
/// ```
///
/// # Errors
/// As [`roc_auc_score`](crate::roc_auc_score); where `n_resamples` is 0, `level` is not strictly between 0 and 1, or no
/// resample has both classes.
pub fn curve_bands(
    truth: &[Label],
    scores: &[f64],
    grid: &[f64],
    n_resamples: usize,
    level: f64,
    seed: u64,
) -> Result<CurveBands, EvaluationError> {
    check_level(level)?;
    ParamError::check(
        n_resamples > 0,
        "n_resamples",
        n_resamples as f64,
        "must be at least 1",
    )?;
    totals(&descending_groups(truth, scores)?, "the ROC curve", true)?;
    let n = truth.len();
    // Where a sample is counted: the positive and the negative ones of every group of equal scores.
    let mut count_of = vec![0; n];
    let mut n_groups = 0;
    for group in DescendingTies::of(scores).groups() {
        for &i in group {
            count_of[i] = 2 * n_groups + usize::from(truth[i] == Label::Negative);
        }
        n_groups += 1;
    }
    let mut values: Vec<Vec<f64>> = vec![Vec::with_capacity(n_resamples); 2 * grid.len() + 3];
    let mut rows = vec![0; n];
    let mut counts = vec![0; 2 * n_groups];
    for resample in 0..n_resamples {
        draw(&mut rows, seed, resample);
        counts.fill(0);
        for &i in &rows {
            counts[count_of[i]] += 1;
        }
        let pairs = counts.chunks_exact(2);
        let groups: Vec<(usize, usize)> = pairs.map(|pair| (pair[0], pair[1])).collect();
        let Ok((p, n)) = totals(&groups, "the ROC curve", true) else {
            continue;
        };
        let there = || groups.iter().copied().filter(|&(gp, gn)| gp + gn > 0);
        let roc = rates(there(), p, n);
        let pr = shares(there(), p);
        let area: f64 = roc
            .windows(2)
            .map(|w| (w[1].0 - w[0].0) * (w[1].1 + w[0].1) / 2.0)
            .sum();
        let before = std::iter::once(0.0).chain(pr.iter().map(|point| point.0));
        let average: f64 = pr.iter().zip(before).map(|(at, r)| (at.0 - r) * at.1).sum();
        let gap = roc.iter().map(|at| (at.1 - at.0).abs()).fold(0.0, f64::max);
        let curves = grid.iter().map(|&x| tpr_at(&roc, x));
        let curves = curves.chain(grid.iter().map(|&x| precision_at(&pr, x)));
        for (all, value) in values.iter_mut().zip(curves.chain([area, average, gap])) {
            all.push(value);
        }
    }
    let n_defined = values.last().map_or(0, Vec::len);
    if n_defined == 0 {
        return Err(EvaluationError::TooLittleData {
            test: "the bootstrap",
            what: "resamples with both classes",
            needed: 1,
            found: 0,
        });
    }
    let mut bands = values.into_iter().map(|mut values| {
        values.sort_by(f64::total_cmp);
        Band {
            lower: of_sorted(&values, (1.0 - level) / 2.0),
            upper: of_sorted(&values, (1.0 + level) / 2.0),
        }
    });
    let tpr = bands.by_ref().take(grid.len()).collect();
    let precision = bands.by_ref().take(grid.len()).collect();
    let mut next = || {
        bands.next().unwrap_or(Band {
            lower: f64::NAN,
            upper: f64::NAN,
        })
    };
    Ok(CurveBands {
        tpr,
        precision,
        roc_auc: next(),
        average_precision: next(),
        ks: next(),
        n_defined,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        average_precision_score, bootstrap_interval, ks_statistic, precision_recall_curve,
        roc_auc_score, roc_curve,
    };
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    fn example() -> (Vec<Label>, Vec<f64>) {
        let truth = (0..60).map(|i| if i % 4 == 0 { P } else { N });
        let scores = (0..60).map(|i| f64::from((i * 37) % 11) + if i % 4 == 0 { 3.0 } else { 0.0 });
        (truth.collect(), scores.collect())
    }

    /// Every figure on resampled rows, computed by the functions for whole samples.
    #[test]
    fn bands_are_those_of_the_bootstrap() {
        let (truth, scores) = example();
        let grid = [0.0, 0.13, 0.5, 0.9, 1.0];
        let bands = curve_bands(&truth, &scores, &grid, 300, 0.9, 7).unwrap();
        let check = |found: Band, of: &dyn Fn(&[Label], &[f64]) -> f64| {
            let statistic = |rows: &[usize]| {
                let y: Vec<Label> = rows.iter().map(|&i| truth[i]).collect();
                let s: Vec<f64> = rows.iter().map(|&i| scores[i]).collect();
                roc_auc_score(&y, &s).ok().map(|_| of(&y, &s))
            };
            match bootstrap_interval(60, statistic, 300, 0.9, 7) {
                Ok(expected) => {
                    assert!((found.lower - expected.lower).abs() < 1e-12, "{found:?}");
                    assert!((found.upper - expected.upper).abs() < 1e-12, "{found:?}");
                    assert_eq!(bands.n_defined, expected.n_defined);
                }
                // All resamples agree, as at a false positive rate of 1.
                Err(EvaluationError::NoVariance { .. }) => assert_eq!(found.lower, found.upper),
                Err(e) => panic!("{e}"),
            }
        };
        check(bands.roc_auc, &|y, s| roc_auc_score(y, s).unwrap());
        check(bands.average_precision, &|y, s| {
            average_precision_score(y, s).unwrap()
        });
        check(bands.ks, &|y, s| ks_statistic(y, s).unwrap());
        for (at, &x) in grid.iter().enumerate() {
            check(bands.tpr[at], &|y, s| roc_curve(y, s).unwrap().tpr_at(x));
            check(bands.precision[at], &|y, s| {
                precision_recall_curve(y, s).unwrap().precision_at(x)
            });
        }
        assert_eq!(
            bands.tpr[4],
            Band {
                lower: 1.0,
                upper: 1.0
            }
        );
    }

    #[test]
    fn hostile_input() {
        let (truth, scores) = example();
        assert!(curve_bands(&truth, &scores, &[0.5], 0, 0.95, 1).is_err());
        assert!(curve_bands(&truth, &scores, &[0.5], 10, 1.0, 1).is_err());
        assert!(curve_bands(&truth[1..4], &scores[1..4], &[0.5], 10, 0.95, 1).is_err());
        assert!(curve_bands(&truth, &scores[1..], &[0.5], 10, 0.95, 1).is_err());
        let none = curve_bands(&[P, N], &[1.0, 0.0], &[], 1000, 0.95, 1).unwrap();
        // Half of the resamples of two hold both.
        assert!(none.n_defined > 400 && none.n_defined < 600);
    }
}
