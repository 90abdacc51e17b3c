//! The scores of one method in one trial.

use fuzzysvm_core::Label;
use fuzzysvm_evaluation::{
    KsPoint, bootstrap_interval, curve_bands, gains_table, ks_point, precision_recall_curve,
    roc_curve, score_groups,
};
use serde::{Deserialize, Serialize};

use super::calibration::{CalibrationDetail, CalibrationShape};
use super::results::{Histogram, ScoreDecile};
use super::round::{all_short, short};
use super::{LEVEL, N_DECILES, N_RESAMPLES, grid};
use crate::lend::LendError;

/// Bins of a histogram.
const N_BINS: usize = 40;

/// Curves and tables of a method in a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MethodShape {
    /// True positive rates at the grid.
    pub tpr: Vec<f64>,
    /// Precisions at the grid.
    pub precision: Vec<f64>,
    pub score_deciles: Vec<ScoreDecile>,
    /// `null` for tenths without a loan.
    pub forecast_deciles: Vec<Option<ForecastShape>>,
    /// Where there are probabilities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationShape>,
}

/// A tenth by forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForecastShape {
    pub n: f64,
    pub forecast: f64,
    pub realised: f64,
    pub charged_off: f64,
}

/// What is shown of the first trial alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MethodDetail {
    pub histogram: Histogram,
    pub ks: KsPoint,
    pub tpr_low: Vec<f64>,
    pub tpr_high: Vec<f64>,
    pub precision_low: Vec<f64>,
    pub precision_high: Vec<f64>,
    pub roc_auc: [f64; 2],
    pub average_precision: [f64; 2],
    pub ks_value: [f64; 2],
    /// Of the realised return of each tenth by forecast.
    pub forecast_deciles: Vec<Option<[f64; 2]>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationDetail>,
}

/// A method's test loans.
pub(super) struct Scored<'a> {
    pub truth: &'a [Label],
    pub scores: &'a [f64],
    pub forecast: &'a [f64],
    pub realised: &'a [f64],
    /// Places of the loans that the method chooses among.
    pub candidates: &'a [usize],
}

impl Scored<'_> {
    pub fn shape(&self) -> Result<MethodShape, LendError> {
        let (truth, scores) = (self.truth, self.scores);
        let roc = roc_curve(truth, scores)?;
        let pr = precision_recall_curve(truth, scores)?;
        let groups = score_groups(scores, N_DECILES)?;
        let groups = groups.iter().filter(|group| !group.members.is_empty());
        let rows = gains_table(truth, scores, N_DECILES)?.into_iter();
        let deciles = rows.zip(groups).map(|(row, group)| ScoreDecile {
            n: short(row.n),
            score_low: short(row.score_low),
            score_high: short(row.score_high),
            charged_off: short(row.positive_rate),
            lift: short(row.lift),
            cum_bad: short(row.cum_positive),
            cum_good: short(row.cum_negative),
            ks: short(row.ks),
            realised: short(group.mean(|i| self.realised[i])),
        });
        Ok(MethodShape {
            tpr: all_short(grid().into_iter().map(|x| roc.tpr_at(x))),
            precision: all_short(grid().into_iter().map(|x| pr.precision_at(x))),
            score_deciles: deciles.collect(),
            forecast_deciles: self
                .by_forecast()?
                .iter()
                .map(|members| self.forecast_shape(members))
                .collect(),
            calibration: None,
        })
    }

    fn forecast_shape(&self, members: &[(usize, f64)]) -> Option<ForecastShape> {
        let sum =
            |of: &dyn Fn(usize) -> f64| members.iter().map(|&(i, part)| part * of(i)).sum::<f64>();
        let n = sum(&|_| 1.0);
        (n > 0.0).then(|| ForecastShape {
            n: short(n),
            forecast: short(sum(&|i| self.forecast[i]) / n),
            realised: short(sum(&|i| self.realised[i]) / n),
            charged_off: short(sum(&|i| f64::from(u8::from(self.truth[i].is_positive()))) / n),
        })
    }

    /// Tenths of the candidates: places and parts of them.
    fn by_forecast(&self) -> Result<Vec<Vec<(usize, f64)>>, LendError> {
        if self.candidates.is_empty() {
            return Ok(Vec::new());
        }
        let forecast: Vec<f64> = self.candidates.iter().map(|&i| self.forecast[i]).collect();
        let groups = score_groups(&forecast, N_DECILES)?.into_iter();
        let places = groups.map(|group| {
            let members = group.members.into_iter();
            members
                .map(|(i, part)| (self.candidates[i], part))
                .collect()
        });
        Ok(places.collect())
    }

    /// What is shown of the first trial alone; `seed` is that of the resamples.
    pub fn detail(&self, seed: u64) -> Result<MethodDetail, LendError> {
        let bands = curve_bands(self.truth, self.scores, &grid(), N_RESAMPLES, LEVEL, seed)?;
        let ks = ks_point(self.truth, self.scores)?;
        let deciles = self.by_forecast()?.into_iter().map(|members| {
            let mean = |rows: &[usize]| {
                let drawn = || rows.iter().map(|&row| members[row]);
                let n: f64 = drawn().map(|(_, part)| part).sum();
                Some(
                    drawn()
                        .map(|(i, part)| part * self.realised[i])
                        .sum::<f64>()
                        / n,
                )
            };
            let interval =
                bootstrap_interval(members.len(), mean, N_RESAMPLES, LEVEL, seed).ok()?;
            Some([short(interval.lower), short(interval.upper)])
        });
        Ok(MethodDetail {
            histogram: self.histogram(),
            ks,
            tpr_low: all_short(bands.tpr.iter().map(|b| b.lower)),
            tpr_high: all_short(bands.tpr.iter().map(|b| b.upper)),
            precision_low: all_short(bands.precision.iter().map(|b| b.lower)),
            precision_high: all_short(bands.precision.iter().map(|b| b.upper)),
            roc_auc: [short(bands.roc_auc.lower), short(bands.roc_auc.upper)],
            average_precision: [
                short(bands.average_precision.lower),
                short(bands.average_precision.upper),
            ],
            ks_value: [short(bands.ks.lower), short(bands.ks.upper)],
            forecast_deciles: deciles.collect(),
            calibration: None,
        })
    }

    fn histogram(&self) -> Histogram {
        let low = self.scores.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self
            .scores
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        // Scores that are all equal stand in the middle of one bin of a width that can be drawn.
        let (low, high) = match high > low {
            true => (low, high),
            false => (low - 0.5, high + 0.5),
        };
        let step = (high - low) / N_BINS as f64;
        let mut counts = [vec![0.0; N_BINS], vec![0.0; N_BINS]];
        for (&score, label) in self.scores.iter().zip(self.truth) {
            let bin = (((score - low) / step) as usize).min(N_BINS - 1);
            counts[usize::from(label.is_positive())][bin] += 1.0;
        }
        let [paid, charged_off] = counts.map(|counts| {
            let n: f64 = counts.iter().sum();
            all_short(counts.iter().map(|count| count / n))
        });
        Histogram {
            edges: all_short((0..=N_BINS).map(|i| low + step * i as f64)),
            paid,
            charged_off,
            threshold: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::Label::{Negative as N, Positive as P};

    const TRUTH: [Label; 10] = [P, N, P, N, N, P, N, N, P, N];
    const SCORES: [f64; 10] = [0.9, 0.8, 0.7, 0.7, 0.5, 0.4, 0.4, 0.2, 0.1, -0.3];
    const FORECAST: [f64; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
    const REALISED: [f64; 10] = [-0.5, 0.1, -0.4, 0.1, 0.2, -0.3, 0.1, 0.1, -0.2, 0.1];

    fn scored(candidates: &[usize]) -> Scored<'_> {
        Scored {
            truth: &TRUTH,
            scores: &SCORES,
            forecast: &FORECAST,
            realised: &REALISED,
            candidates,
        }
    }

    /// As in the tests of the curves, which are scikit-learn's.
    #[test]
    fn the_curves_are_on_the_grid() {
        let shape = scored(&[]).shape().unwrap();
        assert_eq!((shape.tpr.len(), shape.precision.len()), (101, 101));
        assert_eq!(
            (shape.tpr[0], shape.tpr[25], shape.tpr[100]),
            (0.25, 0.375, 1.0)
        );
        assert_eq!(
            (
                shape.precision[25],
                shape.precision[26],
                shape.precision[100]
            ),
            (1.0, 0.5, 0.444_44)
        );
        assert!(shape.forecast_deciles.is_empty());
        // One loan in each tenth, but the two that tie are in both of theirs by half.
        let realised: Vec<f64> = shape.score_deciles.iter().map(|d| d.realised).collect();
        assert_eq!(
            realised,
            [-0.5, 0.1, -0.15, -0.15, 0.2, -0.1, -0.1, 0.1, -0.2, 0.1]
        );
    }

    #[test]
    fn forecasts_are_those_of_the_candidates() {
        let shape = scored(&[1, 5, 9]).shape().unwrap();
        let there: Vec<_> = shape.forecast_deciles.iter().flatten().collect();
        assert_eq!(there.len(), 3);
        let column =
            |of: fn(&ForecastShape) -> f64| there.iter().map(|d| of(d)).collect::<Vec<_>>();
        assert_eq!(column(|d| d.forecast), [1.0, 0.6, 0.2]);
        assert_eq!(column(|d| d.realised), [0.1, -0.3, 0.1]);
        assert_eq!(column(|d| d.charged_off), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn each_class_of_the_histogram_adds_up() {
        let histogram = scored(&[]).histogram();
        assert_eq!((histogram.edges[0], histogram.edges[40]), (-0.3, 0.9));
        for shares in [&histogram.paid, &histogram.charged_off] {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-4);
        }
        assert_eq!(
            (histogram.paid[0], histogram.charged_off[39]),
            (0.166_67, 0.25)
        );
        let same = Scored {
            scores: &[2.0; 10],
            ..scored(&[])
        };
        assert_eq!(same.histogram().edges[0], 1.5);
        assert_eq!(same.histogram().paid[20], 1.0);
    }
}
