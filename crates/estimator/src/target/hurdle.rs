//! What a loan should return.

use std::collections::BTreeMap;

use fuzzysvm_core::param_choice;

use super::Outcomes;
use crate::EstimatorError;

/// The return that divides loans worth buying from the others. All are estimated from the returns, known or expected,
/// of the same loans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Hurdle {
    /// The mean return of all loans: what an investor earns without choosing.
    #[default]
    Mean,
    /// The mean return of the loans of the same grade.
    Grade,
    /// The mean return at the same interest rate: the parabola in the rate that fits the returns best.
    Rate,
}

param_choice! { Hurdle { Mean = "mean", Grade = "grade", Rate = "rate" } }

/// What a target says of its hurdle: what it may be, and what it is.
pub(super) const HURDLE: (&str, &str) = ("mean, grade or rate", "What a loan should return");

impl Hurdle {
    /// The hurdle of every loan; `returns` are the completed ones.
    pub(super) fn of(
        self,
        outcomes: &Outcomes<'_>,
        returns: &[f64],
    ) -> Result<Vec<f64>, EstimatorError> {
        let needs = |what: &str| {
            let found = format!("loans without {what}");
            EstimatorError::unexpected(found, format!("{what} of the loans, for this hurdle"))
        };
        let hurdle = match self {
            Hurdle::Mean => {
                let mean = returns.iter().sum::<f64>() / returns.len() as f64;
                vec![mean; returns.len()]
            }
            Hurdle::Grade => {
                mean_by_grade(outcomes.grades().ok_or_else(|| needs("grades"))?, returns)
            }
            Hurdle::Rate => by_rate(outcomes.rates().ok_or_else(|| needs("rates"))?, returns),
        };
        if hurdle.iter().all(|h| h.is_finite()) {
            Ok(hurdle)
        } else {
            Err(EstimatorError::unexpected(
                "returns or rates so large that their mean overflows",
                "returns as fractions",
            ))
        }
    }
}

/// For each loan the mean return of the loans of its grade. Loans beyond the shorter list are left out.
///
/// ```
/// use fuzzysvm_estimator::target::mean_by_grade;
/// assert_eq!(mean_by_grade(&[1, 2, 1], &[0.25, 0.5, 0.75]), [0.5, 0.5, 0.5]);
/// ```
pub fn mean_by_grade(grades: &[u8], returns: &[f64]) -> Vec<f64> {
    let mut sums: BTreeMap<u8, (f64, usize)> = BTreeMap::new();
    for (grade, y) in grades.iter().zip(returns) {
        let (sum, n) = sums.entry(*grade).or_default();
        *sum += y;
        *n += 1;
    }
    let mean = |grade: &u8| sums.get(grade).map_or(f64::NAN, |&(sum, n)| sum / n as f64);
    grades
        .iter()
        .zip(returns)
        .map(|(grade, _)| mean(grade))
        .collect()
}

/// Least squares on 1, x, x² by polynomials that are orthogonal over the rates. Where fewer than three rates
/// differ, the parabola has a lower degree.
fn by_rate(rates: &[f64], returns: &[f64]) -> Vec<f64> {
    let n = rates.len();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mean = |v: &[f64]| v.iter().sum::<f64>() / n as f64;
    let center = mean(rates);
    // Between −1 and 1, so that the unit of the rates does not matter.
    let widest = rates.iter().map(|r| (r - center).abs()).fold(0.0, f64::max);
    let mut hurdle = vec![mean(returns); n];
    if widest <= 1e-12 * center.abs() {
        return hurdle;
    }
    let line: Vec<f64> = rates.iter().map(|r| (r - center) / widest).collect();
    let slope = dot(&line, &line);
    // The square, without what the constant and the line explain.
    let squares: Vec<f64> = line.iter().map(|v| v * v).collect();
    let (level, tilt) = (mean(&squares), dot(&squares, &line) / slope);
    let both = squares.iter().zip(&line);
    let bend: Vec<f64> = both.map(|(s, v)| s - level - tilt * v).collect();
    for shape in [line, bend] {
        let size = dot(&shape, &shape);
        if size > 1e-12 * n as f64 {
            let by = dot(returns, &shape) / size;
            hurdle
                .iter_mut()
                .zip(&shape)
                .for_each(|(h, v)| *h += by * v);
        }
    }
    hurdle
}
