//! How training loans ended that had forecasts like a loan's.

use fuzzysvm_evaluation::{EvaluationError, quantile};
use serde::{Deserialize, Serialize};

/// Training loans that count as alike.
const NEAREST: usize = 200;
/// Forecasts at which they are looked up.
const MOST_POINTS: usize = 201;

/// What became of the training loans whose forecasts are closest to one: the 200 nearest in the order of forecasts, all
/// where there are fewer. The forecasts are by models that did not see the loans.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LoansAlike {
    /// Their mean forecast.
    pub forecast: f64,
    /// Their mean return.
    pub mean: f64,
    /// The standard deviation of their returns.
    pub sd: f64,
    /// The return that 5 % of them stay below.
    pub low: f64,
    /// The return that 5 % of them exceed.
    pub high: f64,
}

/// [`LoansAlike`] at forecasts from the lowest to the highest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Alike(Vec<LoansAlike>);

impl Alike {
    /// Of training loans with these forecasts and returns.
    pub fn of(forecast: &[f64], returns: &[f64]) -> Result<Self, EvaluationError> {
        let mut order: Vec<usize> = (0..forecast.len()).collect();
        order.sort_by(|&a, &b| forecast[a].total_cmp(&forecast[b]));
        let n = order.len();
        let wide = n.min(NEAREST);
        let points = n.min(MOST_POINTS);
        let at = |point: usize| -> Result<LoansAlike, EvaluationError> {
            // The middles of the windows run over all places at even steps.
            let place = point * n.saturating_sub(1) / points.saturating_sub(1).max(1);
            let first = place.saturating_sub(wide / 2).min(n - wide);
            let window = &order[first..first + wide];
            let of_window =
                |values: &[f64]| -> Vec<f64> { window.iter().map(|&i| values[i]).collect() };
            let (forecasts, returns) = (of_window(forecast), of_window(returns));
            let (mean, sd) = mean_and_sd(&returns);
            Ok(LoansAlike {
                forecast: mean_and_sd(&forecasts).0,
                mean,
                sd,
                low: quantile(&returns, 0.05)?,
                high: quantile(&returns, 0.95)?,
            })
        };
        let mut found = (0..points).map(at).collect::<Result<Vec<_>, _>>()?;
        found.dedup_by(|a, b| a.forecast == b.forecast);
        Ok(Self(found))
    }

    /// Those alike at this forecast; `None` where there are none at all.
    pub fn at(&self, forecast: f64) -> Option<LoansAlike> {
        let after = self.0.partition_point(|alike| alike.forecast < forecast);
        let near = after.saturating_sub(1)..(after + 1).min(self.0.len());
        let distance = |alike: &&LoansAlike| (alike.forecast - forecast).abs();
        let nearest = self.0[near]
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.copied()
    }

    /// Whether a fit can have made them.
    pub fn is_sound(&self) -> bool {
        let finite = |a: &LoansAlike| {
            [a.forecast, a.mean, a.sd, a.low, a.high]
                .iter()
                .all(|v| v.is_finite())
                && a.sd >= 0.0
        };
        !self.0.is_empty()
            && self.0.iter().all(finite)
            && self
                .0
                .windows(2)
                .all(|pair| pair[0].forecast < pair[1].forecast)
    }
}

/// Mean and population standard deviation.
fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    (mean, square.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 401 loans of forecasts 0, 1, … 400 thousandths that return what was forecast.
    #[test]
    fn loans_alike_are_around_the_forecast() {
        let forecast: Vec<f64> = (0..401).map(|i| f64::from(i) / 1000.0).collect();
        let alike = Alike::of(&forecast, &forecast).unwrap();
        assert!(alike.is_sound());
        let middle = alike.at(0.2).unwrap();
        // The window is places 100 to 299.
        assert!((middle.mean - 0.1995).abs() < 1e-12, "{middle:?}");
        // numpy.quantile(numpy.arange(100, 300) / 1000, [.05, .95])
        assert!((middle.low - 0.10995).abs() < 1e-12 && (middle.high - 0.28905).abs() < 1e-12);
        // (n² − 1)/12 of a discrete uniform distribution.
        assert!((middle.sd - ((200.0f64.powi(2) - 1.0) / 12.0).sqrt() / 1000.0).abs() < 1e-12);
        // At the ends the windows are the first and the last 200 loans.
        assert!((alike.at(-9.0).unwrap().mean - 0.0995).abs() < 1e-12);
        assert!((alike.at(9.0).unwrap().mean - 0.3005).abs() < 1e-12);
    }

    #[test]
    fn few_loans_and_equal_forecasts() {
        let one = Alike::of(&[0.1], &[-0.5]).unwrap();
        assert_eq!(one.at(7.0).unwrap().mean, -0.5);
        let equal = Alike::of(&[0.1; 500], &[0.2; 500]).unwrap();
        assert!(equal.is_sound());
        assert_eq!(equal.0.len(), 1);
        assert_eq!(Alike::of(&[], &[]).unwrap().at(0.0), None);
        assert!(!Alike(Vec::new()).is_sound());
    }
}
