//! Logistic regression on one variable, with weights and targets in [0, 1].
//!
//! Newton's method with step halving, as Lin, Lin & Weng (2007) have it for Platt scaling
//! ([10.1007/s10994-007-5018-6](https://doi.org/10.1007/s10994-007-5018-6), Algorithm 1). Not argmin's: of 2,000 random
//! problems its L-BFGS (0.11) left 105 by more than 1e-8 off the minimum, and where asked for more its line search did not
//! end; its Newton-CG fails at the minimum itself. A weight of 2 is to be the row twice to 1e-10.

use crate::CalibrationError;
use fuzzysvm_core::math;

/// A variable, the target and the weight of a sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub x: f64,
    pub target: f64,
    pub weight: f64,
}

/// log(p / (1 − p)) = slope · x + intercept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub slope: f64,
    pub intercept: f64,
}

/// Newton's method takes about ten.
const MAX_ITERATIONS: usize = 100;
/// Halvings of one step before it counts as no progress.
const MAX_HALVINGS: usize = 60;
/// Twice the gain of a step below which Newton's method converges quadratically and the loss is too coarse to judge by.
const NEAR: f64 = 1e-9;
/// The same, below which nothing is left to gain.
const DONE: f64 = 1e-25;

/// log(p / (1 − p)).
pub(crate) fn logit(p: f64) -> f64 {
    math::ln(p) - math::ln_1p(-p)
}

/// 1 / (1 + e^−z), which never falls as z rises, not even by rounding.
pub(crate) fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + math::exp(-z))
}

/// Where weights or values overflow there is none.
fn checked(line: Line) -> Result<Line, CalibrationError> {
    for (what, value) in [("slope", line.slope), ("intercept", line.intercept)] {
        if !value.is_finite() {
            let rule = "";
            return Err(CalibrationError::Line { what, value, rule });
        }
    }
    Ok(line)
}

/// The line that minimises Σ w (log(1 + e^z) − t z) over z = slope · x + intercept. Where all x are equal the slope is 0.
///
/// The minimum must exist: the targets lie within (0, 1), or are 0 and 1 and no threshold on x separates them.
pub(crate) fn fit(points: &[Point]) -> Result<Line, CalibrationError> {
    let total: f64 = points.iter().map(|p| p.weight).sum();
    let mean =
        |of: &dyn Fn(&Point) -> f64| points.iter().map(|p| p.weight / total * of(p)).sum::<f64>();
    let flat = Line {
        slope: 0.0,
        intercept: logit(mean(&|p| p.target)),
    };
    let Some(first) = points.first() else {
        return Err(CalibrationError::Empty);
    };
    // Mean 0 and standard deviation 1, by way of [−1, 1], as squares overflow.
    let unit = points.iter().fold(0.0, |m: f64, p| m.max(p.x.abs()));
    let center = mean(&|p| p.x / unit);
    let width = mean(&|p| (p.x / unit - center).powi(2)).sqrt();
    if points.iter().all(|p| p.x == first.x) || width == 0.0 {
        return checked(flat);
    }
    let standard: Vec<Point> = points
        .iter()
        .map(|p| Point {
            x: (p.x / unit - center) / width,
            weight: p.weight / total,
            ..*p
        })
        .collect();
    let at = minimum(&standard, checked(flat)?)?;
    checked(Line {
        slope: at.slope / width / unit,
        intercept: at.intercept - at.slope * center / width,
    })
}

/// The minimum for points of mean 0 and standard deviation 1 whose weights sum to 1.
fn minimum(points: &[Point], start: Line) -> Result<Line, CalibrationError> {
    let mut at = start;
    let mut value = loss(points, at);
    let mut before = f64::INFINITY;
    for iteration in 1..=MAX_ITERATIONS {
        let not_converged = || CalibrationError::NotConverged {
            iterations: iteration,
        };
        let step = Step::at(points, at);
        // NaN where the arithmetic gives no step.
        if !step.promised.is_finite() {
            return Err(not_converged());
        }
        if step.promised <= NEAR {
            at = at.minus(&step, 1.0);
            if step.promised <= DONE || step.promised >= before / 4.0 {
                return Ok(at);
            }
            before = step.promised;
            value = loss(points, at);
            continue;
        }
        let mut length = 1.0;
        let better = (0..MAX_HALVINGS).find_map(|_| {
            let next = at.minus(&step, length);
            let next_value = loss(points, next);
            let enough = next_value <= value - 1e-4 * length * step.promised;
            length *= 0.5;
            enough.then_some((next, next_value))
        });
        (at, value) = better.ok_or_else(not_converged)?;
    }
    Err(CalibrationError::NotConverged {
        iterations: MAX_ITERATIONS,
    })
}

impl Line {
    fn at(self, x: f64) -> f64 {
        self.slope * x + self.intercept
    }

    fn minus(self, step: &Step, length: f64) -> Self {
        Self {
            slope: self.slope - length * step.slope,
            intercept: self.intercept - length * step.intercept,
        }
    }
}

/// log(1 + e^z) − t z, summed, without overflow.
fn loss(points: &[Point], line: Line) -> f64 {
    let of = |p: &Point| {
        let z = line.at(p.x);
        p.weight * (z.max(0.0) + math::ln_1p(math::exp(-z.abs())) - p.target * z)
    };
    points.iter().map(of).sum()
}

/// Newton's step, and twice the gain that the quadratic model promises.
struct Step {
    slope: f64,
    intercept: f64,
    promised: f64,
}

impl Step {
    fn at(points: &[Point], line: Line) -> Self {
        // p − t and p (1 − p) of every point; 1 − p is the sigmoid of −z, as p near 1 has lost it.
        let derivatives = |p: &Point| {
            let z = line.at(p.x);
            let (one, other) = (sigmoid(z), sigmoid(-z));
            (p.weight * (one - p.target), p.weight * one * other)
        };
        let derivatives: Vec<(f64, f64)> = points.iter().map(derivatives).collect();
        let (mut gradient, mut curvature, mut moment) = (0.0, 0.0, 0.0);
        for (p, (g, h)) in points.iter().zip(&derivatives) {
            gradient += g;
            curvature += h;
            moment += h * p.x;
        }
        // About the center of the curvature slope and intercept do not mix.
        let center = moment / curvature;
        let (mut slope_gradient, mut slope_curvature) = (0.0, 0.0);
        for (p, (g, h)) in points.iter().zip(&derivatives) {
            slope_gradient += g * (p.x - center);
            slope_curvature += h * (p.x - center).powi(2);
        }
        let slope = slope_gradient / slope_curvature;
        Self {
            slope,
            intercept: gradient / curvature - center * slope,
            promised: slope_gradient * slope + gradient * gradient / curvature,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_values_are_fitted_exactly() {
        // A line through two points meets the mean target of each.
        let point = |x, target, weight| Point { x, target, weight };
        let points = [
            point(-2.0, 0.25, 3.0),
            point(-2.0, 0.05, 1.0),
            point(4.0, 0.9, 2.0),
        ];
        let line = fit(&points).unwrap();
        assert!((sigmoid(line.at(-2.0)) - 0.2).abs() < 1e-14);
        assert!((sigmoid(line.at(4.0)) - 0.9).abs() < 1e-14);
    }

    #[test]
    fn scores_of_any_size_are_fitted() {
        let of = |scale: f64, shift: f64| {
            let points: Vec<Point> = (0..40)
                .map(|i| Point {
                    x: scale * (f64::from(i) * 1.7).sin() + shift,
                    target: if i % 3 == 0 { 0.9 } else { 0.1 },
                    weight: 1.0,
                })
                .collect();
            let line = fit(&points).unwrap();
            points
                .iter()
                .map(|p| sigmoid(line.at(p.x)))
                .collect::<Vec<_>>()
        };
        let plain = of(1.0, 0.0);
        for (scale, shift, tolerance) in [
            (1e300, 0.0, 1e-12),
            (1e-300, 0.0, 1e-12),
            (1e307, 1e307, 1e-12),
            // The scores themselves have lost six digits.
            (1.0, 1e6, 1e-9),
        ] {
            for (a, b) in plain.iter().zip(of(scale, shift)) {
                assert!((a - b).abs() < tolerance, "{scale} {shift}: {a} {b}");
            }
        }
    }

    #[test]
    fn the_sigmoid_takes_any_number() {
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(-1e308), 0.0);
        assert_eq!(sigmoid(1e308), 1.0);
        assert!((logit(sigmoid(-30.0)) + 30.0).abs() < 1e-12);
    }
}
