//! Probabilities of default against outcomes.

use std::collections::BTreeMap;

use fuzzysvm_calibration::{Assessment, Binning, calibration_line};
use fuzzysvm_core::Label;
use fuzzysvm_estimator::EstimatorError;
use fuzzysvm_evaluation::{bootstrap_interval, corrected_resampled_t_test, score_groups};
use serde::{Deserialize, Serialize};

use super::results::{
    BrierParts, CalibrationBin, CalibrationFigures, CalibrationGrade, CalibrationInterval, Estimate,
};
use super::round::short;
use super::{LEVEL, N_DECILES, N_RESAMPLES};
use crate::lend::LendError;
use crate::lend::results::SplitSummary;

/// The test loans of a method in one trial.
pub(super) struct Calibrated<'a> {
    pub truth: &'a [Label],
    /// Of default.
    pub probability: &'a [f64],
    pub grade: &'a [Option<char>],
}

/// What one trial adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibrationShape {
    /// The safest first.
    bins: Vec<BinShape>,
    brier: BrierParts,
    ece: f64,
    slope: Option<f64>,
    intercept: Option<f64>,
    grades: BTreeMap<char, GradeSums>,
}

/// A tenth by probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BinShape {
    n: f64,
    mean: f64,
    observed: f64,
}

/// Loans of a grade added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GradeSums {
    n: usize,
    probability: f64,
    charged_off: usize,
}

/// Intervals from resamples of the test loans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibrationDetail {
    /// Of what was observed in each bin.
    bins: Vec<Option<[f64; 2]>>,
    slope: Option<[f64; 2]>,
    intercept: Option<[f64; 2]>,
}

impl Calibrated<'_> {
    fn outcome(&self, i: usize) -> f64 {
        f64::from(u8::from(self.truth[i].is_positive()))
    }

    /// Places and parts of the loans of every tenth, the safest first.
    fn tenths(&self) -> Result<Vec<Vec<(usize, f64)>>, LendError> {
        let groups = score_groups(self.probability, N_DECILES)?.into_iter().rev();
        let members = groups.map(|group| group.members);
        Ok(members.filter(|members| !members.is_empty()).collect())
    }

    pub fn shape(&self) -> Result<CalibrationShape, LendError> {
        let binning = Binning::EqualCount(N_DECILES);
        let found = Assessment::of(self.truth, self.probability, None, binning);
        let found = found.map_err(EstimatorError::from)?;
        let bins = self.tenths()?.into_iter().map(|members| {
            let sum = |of: &dyn Fn(usize) -> f64| -> f64 {
                members.iter().map(|&(i, part)| part * of(i)).sum()
            };
            let n = sum(&|_| 1.0);
            BinShape {
                n: short(n),
                mean: short(sum(&|i| self.probability[i]) / n),
                observed: short(sum(&|i| self.outcome(i)) / n),
            }
        });
        let mut grades: BTreeMap<char, GradeSums> = BTreeMap::new();
        for (i, grade) in self.grade.iter().enumerate() {
            if let Some(grade) = grade {
                let sums = grades.entry(*grade).or_default();
                sums.n += 1;
                sums.probability += self.probability[i];
                sums.charged_off += usize::from(self.truth[i].is_positive());
            }
        }
        Ok(CalibrationShape {
            bins: bins.collect(),
            brier: BrierParts {
                value: found.brier.value,
                reliability: found.brier.reliability,
                resolution: found.brier.resolution,
                uncertainty: found.brier.uncertainty,
                within_bins: found.brier.within_bins,
            },
            ece: found.ece,
            slope: found.slope,
            intercept: found.intercept,
            grades,
        })
    }

    /// Intervals where one trial alone is shown; `seed` is that of the resamples.
    pub fn detail(&self, seed: u64) -> Result<CalibrationDetail, LendError> {
        let bins = self.tenths()?.into_iter().map(|members| {
            let observed = |rows: &[usize]| {
                let drawn = || rows.iter().map(|&row| members[row]);
                let n: f64 = drawn().map(|(_, part)| part).sum();
                Some(drawn().map(|(i, part)| part * self.outcome(i)).sum::<f64>() / n)
            };
            let found = bootstrap_interval(members.len(), observed, N_RESAMPLES, LEVEL, seed);
            found
                .ok()
                .map(|interval| [short(interval.lower), short(interval.upper)])
        });
        let [slope, intercept] = self.line(seed);
        Ok(CalibrationDetail {
            bins: bins.collect(),
            slope,
            intercept,
        })
    }

    /// Intervals of slope and intercept, of the same resamples.
    fn line(&self, seed: u64) -> [Option<[f64; 2]>; 2] {
        let n = self.truth.len();
        let between = |statistic: &mut dyn FnMut(&[usize]) -> Option<f64>| {
            let found = bootstrap_interval(n, statistic, N_RESAMPLES, LEVEL, seed).ok();
            found.map(|interval| [short(interval.lower), short(interval.upper)])
        };
        let mut intercepts = Vec::with_capacity(N_RESAMPLES);
        let slope = between(&mut |rows| {
            let y: Vec<Label> = rows.iter().map(|&i| self.truth[i]).collect();
            let p: Vec<f64> = rows.iter().map(|&i| self.probability[i]).collect();
            let line = calibration_line(&y, &p, None).ok();
            intercepts.push(line.map(|line| line.intercept));
            line.map(|line| line.slope)
        });
        let mut intercepts = intercepts.into_iter();
        let intercept = between(&mut |_| intercepts.next().flatten());
        [slope, intercept]
    }
}

/// The calibration over the trials that have one; `detail` where one trial alone is shown.
pub(super) fn together(
    shapes: &[&CalibrationShape],
    detail: Option<&CalibrationDetail>,
    split: &SplitSummary,
) -> Option<CalibrationFigures> {
    let n_bins = shapes.iter().map(|s| s.bins.len()).min()?;
    let mean = |of: &dyn Fn(&CalibrationShape) -> f64| {
        shapes.iter().map(|s| of(s)).sum::<f64>() / shapes.len() as f64
    };
    let over_trials = |values: &[f64]| {
        let t = corrected_resampled_t_test(values, split.train, split.test).ok()?;
        Some([t.lower, t.upper])
    };
    let ends = |values: &[f64], of_first: Option<[f64; 2]>| match detail {
        Some(_) => of_first,
        None => over_trials(values),
    };
    let share = |v: f64| short(v.clamp(0.0, 1.0));
    let bins = (0..n_bins).map(|b| {
        let observed: Vec<f64> = shapes.iter().map(|s| s.bins[b].observed).collect();
        let of_first = detail.and_then(|d| d.bins.get(b).copied().flatten());
        let ends = ends(&observed, of_first);
        CalibrationBin {
            mean: short(mean(&|s| s.bins[b].mean)),
            observed: short(mean(&|s| s.bins[b].observed)),
            low: ends.map(|e| share(e[0])),
            high: ends.map(|e| share(e[1])),
            n: short(mean(&|s| s.bins[b].n)),
        }
    });
    let estimate = |of: fn(&CalibrationShape) -> Option<f64>, of_first: Option<[f64; 2]>| {
        let values: Vec<f64> = shapes.iter().filter_map(|s| of(s)).collect();
        let ends = ends(&values, of_first);
        (!values.is_empty()).then(|| Estimate {
            value: short(values.iter().sum::<f64>() / values.len() as f64),
            low: ends.map(|e| short(e[0])),
            high: ends.map(|e| short(e[1])),
        })
    };
    let mut grades: BTreeMap<char, GradeSums> = BTreeMap::new();
    for (grade, sums) in shapes.iter().flat_map(|s| &s.grades) {
        let all = grades.entry(*grade).or_default();
        all.n += sums.n;
        all.probability += sums.probability;
        all.charged_off += sums.charged_off;
    }
    let grades = grades.into_iter().map(|(grade, sums)| CalibrationGrade {
        grade: grade.to_string(),
        n: sums.n as f64 / shapes.len() as f64,
        expected: short(sums.probability / sums.n as f64),
        observed: short(sums.charged_off as f64 / sums.n as f64),
    });
    Some(CalibrationFigures {
        interval: match detail {
            Some(_) => CalibrationInterval::Bootstrap,
            None => CalibrationInterval::CorrectedT,
        },
        trials: shapes.len(),
        bins: bins.collect(),
        brier: BrierParts {
            value: short(mean(&|s| s.brier.value)),
            reliability: short(mean(&|s| s.brier.reliability)),
            resolution: short(mean(&|s| s.brier.resolution)),
            uncertainty: short(mean(&|s| s.brier.uncertainty)),
            within_bins: short(mean(&|s| s.brier.within_bins)),
        },
        ece: short(mean(&|s| s.ece)),
        slope: estimate(|s| s.slope, detail.and_then(|d| d.slope)),
        intercept: estimate(|s| s.intercept, detail.and_then(|d| d.intercept)),
        grades: grades.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    fn shape(observed: f64, slope: Option<f64>, charged_off: usize) -> CalibrationShape {
        CalibrationShape {
            bins: vec![BinShape {
                n: 10.0,
                mean: 0.2,
                observed,
            }],
            brier: BrierParts {
                value: 0.2,
                reliability: 0.01,
                resolution: 0.02,
                uncertainty: 0.21,
                within_bins: 0.0,
            },
            ece: 0.1,
            slope,
            intercept: None,
            grades: [(
                'A',
                GradeSums {
                    n: 10,
                    probability: 2.0,
                    charged_off,
                },
            )]
            .into(),
        }
    }

    fn split() -> SplitSummary {
        SplitSummary {
            kind: "random".to_owned(),
            test_from: None,
            train_pool: 100,
            test_pool: 100,
            train: 40,
            test: 20,
            known_only: None,
        }
    }

    /// Observed 0.1, 0.2, 0.3: mean 0.2, sd 0.1, √(1/3 + 20/40) = 0.912871, scipy.stats.t.ppf(.975, 2) = 4.302653; cut at 0.
    #[test]
    fn the_interval_is_that_of_trials_that_share_loans() {
        let shapes = [
            shape(0.1, Some(0.8), 1),
            shape(0.2, None, 2),
            shape(0.3, Some(1.0), 3),
        ];
        let shapes: Vec<&CalibrationShape> = shapes.iter().collect();
        let found = together(&shapes, None, &split()).unwrap();
        assert_eq!(found.interval, CalibrationInterval::CorrectedT);
        let bin = found.bins[0];
        assert_eq!((bin.observed, bin.low, bin.n), (0.2, Some(0.0), 10.0));
        let high = 0.2 + 4.302_653 * 0.1 * (1.0f64 / 3.0 + 0.5).sqrt();
        assert!((bin.high.unwrap() - high).abs() < 1e-4, "{bin:?}");
        assert_eq!(found.slope.unwrap().value, 0.9);
        assert!(found.intercept.is_none());
        let grade = &found.grades[0];
        assert_eq!((grade.n, grade.expected, grade.observed), (10.0, 0.2, 0.2));
        assert!(together(&[], None, &split()).is_none());
    }

    #[test]
    fn a_trial_counts_its_loans() {
        let truth: Vec<Label> = (0..40).map(|i| if i % 4 == 0 { P } else { N }).collect();
        let probability: Vec<f64> = (0..40)
            .map(|i| if i % 4 == 0 { 0.4 } else { 0.2 })
            .collect();
        let grade: Vec<Option<char>> = (0..40).map(|i| (i > 0).then_some('B')).collect();
        let calibrated = Calibrated {
            truth: &truth,
            probability: &probability,
            grade: &grade,
        };
        let shape = calibrated.shape().unwrap();
        assert_eq!(shape.bins.len(), 10);
        // Three tenths of the loans of 0.2 lie in one of their bins; of 0.4 nothing is left there.
        assert_eq!((shape.bins[0].mean, shape.bins[0].observed), (0.2, 0.0));
        assert_eq!((shape.bins[9].mean, shape.bins[9].observed), (0.4, 1.0));
        let brier = shape.brier;
        let parts = brier.reliability - brier.resolution + brier.uncertainty + brier.within_bins;
        // ¼ · 0.6² + ¾ · 0.2².
        assert!((brier.value - 0.12).abs() < 1e-12 && (parts - 0.12).abs() < 1e-12);
        let b = &shape.grades[&'B'];
        assert_eq!((b.n, b.charged_off), (39, 9));
        assert!((b.probability - (9.0 * 0.4 + 30.0 * 0.2)).abs() < 1e-12);
        let detail = calibrated.detail(1).unwrap();
        let found = together(&[&shape], Some(&detail), &split()).unwrap();
        assert_eq!(found.interval, CalibrationInterval::Bootstrap);
        // All loans of a bin are alike: an interval without width would promise what no sample can.
        assert_eq!((found.bins[0].low, found.bins[0].high), (None, None));
    }
}
